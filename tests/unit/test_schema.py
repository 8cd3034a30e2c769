from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import glacis
from glacis.scenario.read import bundled_names, scenarios_folder
from glacis.scenario.schema import schema_text
from glacis.scenario.text import read_yaml

FILES = [
    path
    for name in [*bundled_names(), "template"]
    for path in sorted((scenarios_folder() / name).glob("*.yaml"))
]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = glacis.scenario_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def errors(validator: Draft202012Validator, content: Any) -> list[str]:
    return [error.json_path for error in validator.iter_errors(content)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_bundled_file_fits(validator: Draft202012Validator, path: Path) -> None:
    content = read_yaml(path.read_text(encoding="utf-8"), path.name, []).bare()
    assert errors(validator, content) == []


def test_mini_fits(validator: Draft202012Validator, mini_folder: Path) -> None:
    for path in sorted(mini_folder.glob("*.yaml")):
        content = read_yaml(path.read_text(encoding="utf-8"), path.name, []).bare()
        assert errors(validator, content) == []


@pytest.mark.parametrize(
    "text, where",
    [
        ("nation: {}", "$"),
        ("format: 2", "$.format"),
        ("nations: {X: {}}", "$.nations"),
        ("nations: {XX: {name: X, side: green, role: guarantor}}", "$.nations.XX.side"),
        ("campaign: {movement: {unopposd: 1}}", "$.campaign.movement"),
        ("campaign: {movement: {unopposed: {low: 1, hi: 2}}}", "$.campaign.movement.unopposed"),
        ("campaign: {movement: {unopposed: fast}}", "$.campaign.movement.unopposed"),
        ("campaign: {movement: {unopposed: -5}}", "$.campaign.movement.unopposed"),
        (
            "campaign: {movement: {unopposed: {value: 1, unit: h}}}",
            "$.campaign.movement.unopposed",
        ),
        ("types: {source: 5}", "$.types.source"),
        ("types: {confidence: sure}", "$.types.confidence"),
        ("extends: 5", "$.extends"),
    ],
)
def test_what_an_editor_marks(validator: Draft202012Validator, text: str, where: str) -> None:
    content = read_yaml(text, "x", []).bare()
    assert where in errors(validator, content)


def test_parts_of_sections_are_in_order(validator: Draft202012Validator) -> None:
    text = "source: [a, b]\nnations: {source: c}\ncampaign: {movement: {unopposed: 60..130}}"
    assert errors(validator, read_yaml(text, "x", []).bare()) == []


def test_units_and_words_are_in_it() -> None:
    text = schema_text()
    assert "advance against nobody (km/day)" in text
    assert len(text) < 260_000
    assert "x-unit" not in text
