from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import glacis
from glacis.errors import GlacisError, InputError
from glacis.scenario.edit import flow
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.scenario.read import read_scenario
from glacis.scenario.text import read_yaml
from glacis.scenario.write import write_scenario, write_template

Broken = Callable[..., Path]


def assert_same(one: Scenario, other: Scenario) -> None:
    for name in Scenario.model_fields:
        assert getattr(one, name) == getattr(other, name)
    paths = sorted((path, number.path) for path, number in one.quantities())
    assert paths == sorted((path, number.path) for path, number in other.quantities())


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_an_unchanged_scenario_is_copied_to_the_letter(
    mini: Scenario, mini_folder: Path, tmp_path: Path
) -> None:
    written = write_scenario(mini, tmp_path / "deep" / "copy")
    assert texts(written) == texts(mini_folder)
    assert_same(read_scenario(written), mini)
    assert read_scenario(written).document.sha256 == mini.document.sha256


def test_only_what_changed_is_touched(mini: Scenario, mini_folder: Path, tmp_path: Path) -> None:
    changed = mini.variant("sudden").replace(
        {
            "theatre.legs.a-b.km": 120,
            "theatre.legs.a-b.demolition_hours": "1..2..3",
            "theatre.legs.b-c.terrain": "marsh",
            "forces.red.tanks-1.people": "300..400",
            "title": "NO: a #title",
        }
    )
    before, after = texts(mini_folder), texts(write_scenario(changed, tmp_path / "copy"))
    assert_same(read_scenario(tmp_path / "copy"), changed)
    scenario = after["scenario.yaml"].splitlines()
    assert "    # A comment that must survive." in scenario
    by_hand = "source: elicited, confidence: low, note: set by hand"
    assert f"      km: {{value: 120, {by_hand}}} # exactly" in scenario
    assert 'title: "NO: a #title"' in scenario
    differing = [
        number
        for number, pair in enumerate(
            zip(scenario, before["scenario.yaml"].splitlines(), strict=True), start=1
        )
        if pair[0] != pair[1]
    ]
    assert len(differing) == 4
    table = after["forces.red.csv"].splitlines()
    assert table[0] == "# Red's battalions; the comment stays."
    assert '"First ""Iron"", Tank Battalion"' in table[2]
    assert "300..400" in table[2]
    assert after["theatre.places.csv"] == before["theatre.places.csv"]


CHANGES: list[dict[str, object]] = [
    {"campaign.combat.hasty": {"mean": 1.5, "sd": 0.1, "low": 1}},
    {"campaign.combat.hasty": {"values": [1, 2], "weights": [1, 3], "note": "two, or: one"}},
    {"forces.red.tanks-1.people": {"low": 1, "high": 9, "shape": "loguniform"}},
    {"forces.red.tanks-1.people": {"value": 7, "note": "line\nbreak"}},
    {"forces.red.tanks-2": None},
    {"forces.red.tanks-2.type": "light", "forces.red.tanks-2.notice_hours": 3},
    {"theatre.places.alpha.railhead": False},
    {"theatre.places.alpha.railhead": None},
    {"theatre.legs.a-b.border_km": 41},
    {"theatre.legs.b-c.terrain": None, "theatre.legs.b-c.km": 61},
    {"options.grab": None},
    {"options.grab.counter_attack": ["garrison"]},
    {"default_posture": None, "correlations": []},
    {"objectives.groups": None, "targets": []},
    {"variants.sudden": None, "targets": []},
    {"forces.blue.new": {"nation": "GUA", "type": "light", "start": "delta", "people": 5,
                         "strength": {"value": 1, "source": "mini-survey", "confidence": "high"},
                         "notice_hours": 0}},
    {"forces.blue.garrison.orders": "delay"},
    {"types.light.name": "a \"name\": with {signs}, # and 'quotes'"},
    {"theatre.legs.c-d.road": "true"},
    {"measures.belt.effects.0.change.by": 2},
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: next(iter(changes)))
def test_what_is_written_reads_back(
    mini: Scenario, tmp_path: Path, changes: dict[str, object]
) -> None:
    changed = mini.replace(changes)
    assert_same(read_scenario(write_scenario(changed, tmp_path / "copy")), changed)


def quantities(low: float, high: float) -> st.SearchStrategy[object]:
    number = st.floats(low, high, allow_subnormal=False)
    ordered = st.tuples(number, number, number).map(sorted)
    return st.one_of(
        number,
        st.integers(int(low) + 1, int(high)),
        ordered.map(lambda three: {"low": three[0], "high": three[2]}),
        ordered.map(lambda three: dict(zip(("low", "mode", "high"), three, strict=True))),
        ordered.map(lambda three: f"{three[0]!r}..{three[2]!r}"),
        st.lists(number, min_size=1, max_size=4).map(lambda values: {"values": values}),
        st.tuples(number, st.text(max_size=20)).map(
            lambda pair: Quantity("certain", "km", mode=pair[0], note=pair[1])
        ),
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.dictionaries(
        st.sampled_from(
            [
                "theatre.legs.a-b.km",
                "theatre.legs.*.frontage_km",
                "theatre.legs.b-c.fortified_km",
                "campaign.movement.contact_depth",
                "campaign.movement.railhead_reach",
            ]
        ),
        quantities(40, 1e6),
        min_size=1,
    )
)
def test_any_number_reads_back(
    mini: Scenario, tmp_path_factory: pytest.TempPathFactory, changes: dict[str, object]
) -> None:
    try:
        changed = mini.replace(changes)
    except InputError:  # a note with control characters is no note
        return
    folder = tmp_path_factory.mktemp("written") / "copy"
    assert_same(read_scenario(write_scenario(changed, folder)), changed)


def test_what_is_extended_stays_extended(tmp_path: Path) -> None:
    (tmp_path / "laid").mkdir()
    (tmp_path / "laid" / "x.yaml").write_text("extends: baltic\ntitle: Laid\n", "utf-8")
    scenario = read_scenario(tmp_path / "laid").replace(
        {"campaign.warning.days": 1, "variants.kaliningrad-fortified.set": {}}
    )
    written = write_scenario(scenario, tmp_path / "copy")
    assert sorted(texts(written)) == ["overrides.yaml", "x.yaml"]
    assert "kaliningrad-fortified" in texts(written)["overrides.yaml"]
    assert_same(read_scenario(written), scenario)


def test_a_base_inside_the_folder_comes_along(tmp_path: Path, mini_folder: Path) -> None:
    shutil.copytree(mini_folder, tmp_path / "laid" / "base")
    (tmp_path / "laid" / "x.yaml").write_text("extends: base\ntitle: Laid\n", "utf-8")
    scenario = read_scenario(tmp_path / "laid").replace({"theatre.legs.a-b.km": 99})
    written = write_scenario(scenario, tmp_path / "copy")
    assert "km: {value: 99," in (written / "base" / "scenario.yaml").read_text("utf-8")
    assert_same(read_scenario(written), scenario)


def test_a_second_writing_keeps_the_first(mini: Scenario, tmp_path: Path) -> None:
    leg = {"from": "alpha", "to": "delta", "km": 9, "border_km": 4, "lanes": 2}
    leg |= {"frontage_km": 1, "demolition_hours": 0, "fortified_km": 0}
    once = write_scenario(mini.replace({"theatre.legs.a-d": leg}), tmp_path / "once")
    twice = read_scenario(once).replace({"theatre.legs.b-d": leg | {"from": "bravo"}})
    written = write_scenario(twice, tmp_path / "twice")
    assert {"overrides.yaml", "overrides-2.yaml"} <= set(texts(written))
    assert_same(read_scenario(written), twice)


def test_full_folders_are_left_alone(mini: Scenario, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", "utf-8")
    (tmp_path / "file").write_text("mine", "utf-8")
    for name in ("full", "file"):
        with pytest.raises(InputError, match="not empty"):
            write_scenario(mini, tmp_path / name)
    (tmp_path / "empty").mkdir()
    assert read_scenario(write_scenario(mini, tmp_path / "empty"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "full"]


@pytest.mark.skipif(os.name != "posix", reason="devices are named otherwise")
def test_where_nothing_can_be_written(mini: Scenario) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_scenario(mini, "/dev/null/x")


def test_nothing_half_written_is_left(
    mini: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glacis.scenario.write.edit_files", lambda *_: None)
    with pytest.raises(GlacisError, match="does not read back"):
        write_scenario(mini.replace({"theatre.legs.a-b.km": 99}), tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_a_posture_is_not_written_in(mini: Scenario, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without it"):
        write_scenario(mini.posture("thin"), tmp_path / "copy")


def test_files_changed_since_are_not_mixed_in(broken: Broken, tmp_path: Path) -> None:
    scenario = read_scenario(broken("scenario.yaml"))
    broken("scenario.yaml", "km: 60", "km: 61")
    with pytest.raises(InputError, match="read the scenario again"):
        write_scenario(scenario, tmp_path / "copy")


def test_the_template_is_sound(tmp_path: Path) -> None:
    written = write_template(tmp_path / "mine")
    assert glacis.check(written).problems == ()
    assert (written / "scenario.schema.json").is_file()
    with pytest.raises(InputError):
        write_template(tmp_path / "mine")


@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**9), 10**9)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text("abcno_-0123456789", max_size=5), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_flow_reads_back(value: object) -> None:
    assert read_yaml(f"x: {flow(value)}\n", "f", []).bare() == {"x": value}
