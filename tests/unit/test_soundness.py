"""Checks across fields: each says which sections it looks at, and looks at no others."""

from __future__ import annotations

from collections.abc import ItemsView
from dataclasses import replace
from typing import Any

import pytest

from glacis.errors import ScenarioError
from glacis.scenario.outline import Outline
from glacis.scenario.read import bundled_names, read_scenario
from glacis.scenario.soundness import CHECKS, cross_problems


class Watched(dict[str, Any]):
    """The sections of a tree, and which of them were asked for."""

    def __init__(self, sections: dict[str, Any]) -> None:
        super().__init__(sections)
        self.seen: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)

    def items(self) -> ItemsView[str, Any]:
        self.seen.add("everything")
        return super().items()


@pytest.mark.parametrize("name", bundled_names())
def test_a_check_looks_only_at_the_sections_that_it_names(name: str) -> None:
    document = read_scenario(name).document
    for check in CHECKS:
        watched = Watched(document.tree.content)
        outline = Outline(replace(document.tree, content=watched))
        check.run(outline, document.bibliography)
        assert not outline.problems
        if check.looks_at:
            hangs_on = (*check.looks_at, *check.names)
            assert watched.seen <= {path.partition(".")[0] for path in hangs_on}


@pytest.mark.parametrize("name", bundled_names())
def test_a_check_looks_only_at_the_fields_that_it_names(name: str) -> None:
    document = read_scenario(name).document
    watching = [check for check in CHECKS if any(".*." in path for path in check.looks_at)]
    assert watching
    for check in watching:
        named = [path.partition(".*.") for path in check.looks_at if ".*." in path]
        for collection in {collection for collection, *_ in named}:
            section, _, key = collection.partition(".")
            records = document.tree.get(collection)
            assert records is not None
            own = {one: node for one, node in records.content.items() if node.is_mapping}
            seen = {one: Watched(node.content) for one, node in own.items()}
            content = {one: replace(node, content=seen[one]) for one, node in own.items()}
            above = document.tree.get(section)
            assert above is not None
            watched = above.with_child(key, replace(records, content=content))
            outline = Outline(document.tree.with_child(section, watched))
            assert seen
            check.run(outline, document.bibliography)
            assert not outline.problems
            fields = {field for other, _, field in named if other == collection}
            assert set().union(*(one.seen for one in seen.values())) <= fields


def test_what_an_override_leaves_alone_is_not_looked_at_again() -> None:
    document = read_scenario("baltic").document
    broken = document.tree.with_child("nations", document.tree.child("types"))
    whole = cross_problems(broken, document.bibliography)
    assert {"unknown-nation"} <= {problem.code for problem in whole}
    assert cross_problems(broken, document.bibliography, since=document.tree) == whole
    assert cross_problems(document.tree, document.bibliography, since=document.tree) == []


@pytest.mark.parametrize(
    "path, value",
    [
        ("crisis.challenger", "nobody"),
        ("alliance.council.pivotal", "XX"),
        ("options.narva.objectives", "nowhere"),
        ("loss.above", "nothing"),
    ],
)
def test_an_override_is_checked_where_it_falls(path: str, value: str) -> None:
    with pytest.raises(ScenarioError):
        read_scenario("baltic").replace({path: value})


def test_a_collection_that_has_grown_needs_no_second_look_at_what_names_it() -> None:
    tree = read_scenario("baltic").document.tree
    postures = tree.child("postures")
    assert postures is not None
    own = postures.child("tripwire")
    more = tree.with_child("postures", postures.with_child("another", own))
    fewer = tree.with_child("postures", postures.with_child("tripwire", None))
    changed = tree.with_child("postures", postures.with_child("tripwire", postures.child("none")))
    needed = {
        name: {check.looks_at[0] for check in CHECKS if check.looks_at and check.is_needed(outline)}
        for name, outline in {
            name: Outline(one, tree)
            for name, one in (("more", more), ("fewer", fewer), ("changed", changed))
        }.items()
    }
    assert needed["more"] == {"nations", "postures"}  # nations: what may not be empty
    assert needed["fewer"] == needed["changed"] >= {"crisis", "loss", "claims", "targets"}
    assert Outline(more, tree).new("postures", given=["nations"]).keys() == {"another"}
    assert (
        Outline(more, tree).new("postures", given=["postures"]).keys()
        == more.get("postures").content.keys()
    )  # type: ignore[union-attr]


def test_a_field_of_all_records_is_known_as_long_as_nobody_changes_it() -> None:
    baltic = read_scenario("baltic")
    tree = baltic.document.tree
    field, lanes = "theatre.legs.*.km", "theatre.lanes"

    def known(changes: dict[str, object]) -> tuple[bool, bool, bool]:
        outline = Outline(baltic.replace(changes).document.tree, tree)
        return outline.is_known(field), outline.is_known("theatre"), outline.is_known(field, lanes)

    assert known({"theatre.legs.*.lanes": 3}) == (True, False, True)
    assert known({"theatre.legs.*.km": 500}) == (False, False, False)
    assert known({"theatre.legs.riga-siauliai": None}) == (False, False, False)
    assert known({"title": "another"}) == (True, True, True)
    assert not Outline(tree).is_known(field)


@pytest.mark.parametrize(
    "path, value, code",
    [
        ("forces.blue.*.start", "nowhere", "unknown-place"),
        ("forces.blue.*.start", "pskov", "wrong-ground"),
        ("nations.EE.side", "red", "wrong-side"),
        ("theatre.legs.*.border_km", 9000, "impossible-range"),
        ("postures.forward.measures", [{"measure": "nothing"}], "unknown-measure"),
        ("theatre.places.tallinn.nation", "XX", "unknown-nation"),
    ],
)
def test_a_change_is_found_wherever_its_effect_is_felt(path: str, value: object, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario("baltic").replace({path: value})
    assert code in {problem.code for problem in caught.value.problems}
