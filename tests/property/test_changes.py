"""A change of a scenario keeps the draws of everything that it does not touch."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glacis.campaign.run import draw_worlds
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.scenario.read import read_scenario
from glacis.scenario.write import write_scenario

WORLDS = 64
MINI = read_scenario(Path(__file__).parents[1] / "scenarios" / "mini")
NUMBERS = {path: number for path, number in MINI.quantities() if not path.startswith("measures.")}

Draws = dict[str, NDArray[np.float64]]


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


def uncertain(scenario: Scenario) -> dict[str, Quantity]:
    return {one.path: one for _, one in scenario.quantities() if not one.is_certain}


def draws(scenario: Scenario) -> Draws:
    """Every uncertain number's values, by path."""
    worlds = draw_worlds(scenario, WORLDS, 3)
    assert set(worlds.paths) == set(uncertain(scenario))
    return {path: worlds.values(one) for path, one in uncertain(scenario).items()}


def assert_untouched(changed: Scenario, before: Scenario, touched: set[str]) -> None:
    """Every number but those touched has its values of before, to the last bit."""
    now, then = draws(changed), draws(before)
    assert now.keys() - touched == then.keys() - touched
    for path in now.keys() - touched:
        np.testing.assert_array_equal(now[path], then[path], err_msg=path, strict=True)


def differing(one: Scenario, other: Scenario) -> set[str]:
    """Paths of numbers that two scenarios do not both have, or do not have alike."""
    mine, theirs = dict(one.quantities()), dict(other.quantities())
    return {
        path for path in mine.keys() | theirs.keys() if not same(mine.get(path), theirs.get(path))
    }


def same(one: Quantity | None, other: Quantity | None) -> bool:
    return one is not None and other is not None and one.described() == other.described()


def scaled(number: Quantity, is_range: bool) -> object:
    """A value for an override: certain, or a range, always within the field's bounds."""
    middle = float(np.clip(number.value, *number.support))
    if not is_range or middle == 0:
        return {"value": middle, "unit": number.unit}
    return {"low": 0.9 * middle, "high": middle, "unit": number.unit}


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, object]:
    """Some of mini's numbers, certain ones too, made certain or given another range."""
    paths = draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=6, unique=True))
    return {path: scaled(NUMBERS[path], draw(st.booleans())) for path in paths}


@given(overrides(), overrides())
@settings(max_examples=60, deadline=None)
def test_what_is_not_overridden_keeps_its_draws(
    first: Mapping[str, object], second: Mapping[str, object]
) -> None:
    changed = MINI.replace(first)
    assert_untouched(changed, MINI, set(first))
    # A second change is no different, though the first one may have made new numbers uncertain.
    assert_untouched(changed.replace(second), changed, set(second))
    both = draws(MINI.replace({**first, **second}))
    for order in ((first, second), (second, {**first, **second})):
        again = draws(MINI.replace(order[0]).replace(order[1]))
        assert again.keys() == both.keys()
        for path, values in both.items():
            np.testing.assert_array_equal(again[path], values, err_msg=path)


@given(st.sampled_from(sorted(uncertain(MINI))))
@settings(max_examples=20, deadline=None)
def test_another_range_keeps_its_place_in_every_world(path: str) -> None:
    changed = MINI.replace({path: scaled(uncertain(MINI)[path], True)})
    if path in uncertain(changed):
        now, then = (draw_worlds(one, WORLDS, 3).probabilities(path) for one in (changed, MINI))
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize("path", ["campaign.warning.days", "campaign.warning.acted"])
@pytest.mark.parametrize("value", [0.5, "0.25..0.5"])
def test_one_number_set_leaves_all_others_of_the_baltic(
    baltic: Scenario, path: str, value: object
) -> None:
    assert_untouched(baltic.replace({path: value}), baltic, {path})


def test_variants_of_the_baltic_leave_what_they_do_not_name(baltic: Scenario) -> None:
    for name in baltic.variants:
        changed = baltic.variant(name)
        assert_untouched(changed, baltic, differing(changed, baltic))


def test_changes_together_leave_what_each_alone_would(baltic: Scenario) -> None:
    """New formations of one change are no more redrawn by another than old ones are."""
    alone = baltic.variant("reconstituted")
    assert uncertain(alone).keys() - uncertain(baltic).keys(), (
        "the variant has formations of its own"
    )
    for more in (alone.variant("late-2022"), alone.replace({"campaign.warning.days": 2})):
        assert_untouched(more, alone, differing(more, alone))


def test_the_order_of_changes_does_not_matter(baltic: Scenario) -> None:
    def changed(order: tuple[str, ...]) -> Scenario:
        one = baltic
        for name in order:
            one = one.replace({name: 2}) if "." in name else one.variant(name)
        return one

    names = ("reconstituted", "nordic-entry", "kaliningrad-fortified", "campaign.warning.days")
    first, *others = (changed(order) for order in permutations(names, 4))
    expected = draws(first)
    for other in others[::5]:
        found = draws(other)
        # A later variant's pattern may reach formations that an earlier one added.
        for path in (found.keys() & expected.keys()) - differing(first, other):
            np.testing.assert_array_equal(found[path], expected[path], err_msg=path)


def test_a_posture_applied_to_a_changed_scenario_draws_nothing(baltic: Scenario) -> None:
    changed = baltic.variant("reconstituted").replace({"campaign.warning.days": 2})
    worlds = draw_worlds(changed, WORLDS, 3)
    for name in changed.postures:
        for path, one in changed.posture(name).quantities():
            assert one.is_certain or one.path in worlds.paths, path


def test_partners_of_a_number_keep_their_draws_when_their_rank_correlation_does() -> None:
    read = read_scenario("template")
    (pair,) = read.correlations
    other = next(path for path in uncertain(read) if path not in pair.between)
    for path in (other, *pair.between):
        assert_untouched(read.replace({path: scaled(uncertain(read)[path], True)}), read, {path})


def test_what_is_written_and_read_back_has_the_same_worlds(
    tmp_path: Path, baltic: Scenario
) -> None:
    for number, name in enumerate(("reconstituted", "nordic-entry")):
        changed = baltic.variant(name).replace({"campaign.warning.days": 2})
        back = read_scenario(write_scenario(changed, tmp_path / str(number)))
        assert_untouched(back, changed, set())


@given(overrides())
@settings(max_examples=10, deadline=None)
def test_overrides_written_and_read_back_have_the_same_worlds(
    tmp_path_factory: pytest.TempPathFactory, changes: Mapping[str, object]
) -> None:
    changed = MINI.replace(changes)
    folder = tmp_path_factory.mktemp("written") / "mini"
    assert_untouched(read_scenario(write_scenario(changed, folder)), changed, set())
