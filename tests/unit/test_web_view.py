"""What the page is told of a scenario beside its levers: hours in print, axes, price, sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from glacis.scenario.model import named
from glacis.scenario.read import bundled_names, read_scenario
from glacis.web.axes import axes_of
from glacis.web.library import Library
from glacis.web.live import REPLAYED, Desk
from glacis.web.marks import marks_of
from glacis.web.price import price_view
from glacis.web.requests import ClaimsParams, Replayed
from glacis.web.state import State
from glacis.web.view import meta_of, scenario_view

WORLDS = 16


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(Library(tmp_path_factory.mktemp("library")))


def test_the_hours_of_the_game_in_print_come_from_the_ledger() -> None:
    scenario = read_scenario("baltic")
    (mark,) = marks_of(scenario)
    assert (mark["low"], mark["high"], mark["unit"]) == (60.0, 60.0, "h")
    assert mark["goals"] == ["first_of_tallinn_riga", "tallinn", "riga"]
    assert "shlapak-johnson-2016" in mark["source"]
    assert mark["label"].startswith("Red reaches the outskirts of Tallinn or Riga")
    earlier = scenario.replace({"claims.ledger.overrun-60h.test.at_most": 48})
    assert marks_of(earlier)[0]["high"] == 48.0
    assert marks_of(scenario.replace({"claims": None})) == []


def test_targets_of_the_past_are_told_as_ranges() -> None:
    (mark,) = marks_of(read_scenario("baltic-2016"))
    assert (mark["low"], mark["high"]) == (36.0, 60.0)
    past = marks_of(read_scenario("kuwait-1990"))
    assert [mark["goals"] for mark in past] == [["kuwait-city"], ["nuwaisib"]]


@pytest.mark.parametrize("name", bundled_names())
def test_every_mark_stands_in_a_row_of_the_chart(name: str) -> None:
    scenario = read_scenario(name)
    rows = {*scenario.objectives.places, *scenario.objectives.groups}
    for mark in marks_of(scenario):
        assert mark["goals"]
        assert set(mark["goals"]) <= rows
        assert 0 < mark["low"] <= mark["high"]


@pytest.mark.parametrize("name", bundled_names())
def test_every_option_has_its_axes(name: str) -> None:
    scenario = read_scenario(name)
    for key, option in scenario.options.items():
        axes = axes_of(scenario, key)
        routes = [axis["route"] for axis in axes]
        assert all(list(thrust.route) in routes for thrust in option.thrusts.values())
        assert len({tuple(route) for route in routes}) == len(routes)
        assert all(set(axis["route"]) <= set(scenario.theatre.places) for axis in axes)
        assert all(axis["people"] > 0 for axis in axes)


def test_an_axis_is_as_strong_as_all_that_take_it() -> None:
    scenario = read_scenario("baltic")
    thrusts = scenario.options["assault"].thrusts
    axes = {tuple(axis["route"]): axis for axis in axes_of(scenario, "assault")}
    axis = axes["pskov", "riga"]
    assert axis["names"] == [thrusts["riga"].name, thrusts["second-north"].name]
    forces = named(scenario.forces.red, [*thrusts["riga"].forces, *thrusts["second-north"].forces])
    assert axis["people"] == sum(one.people.value for _, one in forces)
    assert axis["people"] == max(one["people"] for one in axes.values())


def test_a_replay_shows_the_axes_of_the_variant(desk: Desk) -> None:
    def routes(*variants: str) -> list[list[str]]:
        log = desk.replay(
            State(variants=variants), option="corridor", response="full", run=0, days=2.0
        )
        return [axis["route"] for axis in log["axes"]]

    kaliningrad, grodno = ["chernyakhovsk", "marijampole"], ["grodno", "alytus"]
    assert routes() == [kaliningrad, grodno]
    assert routes("belarus-closed") == [kaliningrad]


def test_the_price_is_what_the_loss_counts(desk: Desk) -> None:
    view = price_view(read_scenario("baltic"))
    assert view["unit"] == "beur"
    assert "5 years" in view["note"]
    base = desk.answer(State(posture="tripwire"), WORLDS)
    dear = desk.answer(State(posture="forward"), WORLDS)
    assert base["price"] == pytest.approx(0.0, abs=1e-12)
    figures = dear["figures"]
    told = figures["expected_loss"]["mean"] - figures["loss_without_posture"]["mean"]
    assert dear["price"] == pytest.approx(told)
    assert dear["price"] > 1.0


def test_without_a_loss_the_price_is_the_cost_a_year(desk: Desk) -> None:
    answer = desk.answer(State(scenario="kuwait-1990"), WORLDS)
    assert price_view(read_scenario("kuwait-1990"))["unit"] == "meur"
    assert answer["price"] == answer["annual_cost_meur"]


def test_sizes_of_requests_are_those_that_the_server_takes(tmp_path: Path) -> None:
    meta = meta_of(Library(tmp_path), upload_bytes=7)
    assert Replayed().days == meta["asks"]["replay_days"]
    assert ClaimsParams().worlds == meta["asks"]["claims_worlds"]
    assert Replayed(run=meta["limits"]["runs"] - 1).run == REPLAYED - 1
    with pytest.raises(ValueError, match="less than"):
        Replayed(run=meta["limits"]["runs"])


def test_the_gap_is_told_where_there_is_a_corridor() -> None:
    gap = scenario_view("baltic", read_scenario("baltic"))["gap"]
    assert gap["words"] == "about 65 km"
    assert len(gap["ends"]) == 2
    assert scenario_view("kuwait-1990", read_scenario("kuwait-1990"))["gap"] is None
