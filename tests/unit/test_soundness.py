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
    for check, sections in CHECKS:
        watched = Watched(document.tree.content)
        outline = Outline(replace(document.tree, content=watched))
        check(outline, document.bibliography)
        assert not outline.problems
        if sections:
            assert watched.seen <= set(sections)


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
