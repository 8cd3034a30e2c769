"""Whole campaigns on the template's small war: determinism, bounds, branches, arithmetic."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from glacis.campaign.compile import clock, compile_option
from glacis.campaign.network import Network
from glacis.campaign.record import Campaign
from glacis.campaign.results import Record, new_record
from glacis.campaign.run import Unanswered, draw_worlds, run_both, run_campaign, run_chunk
from glacis.campaign.state import BLUE, RED
from glacis.errors import Cancelled, InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

RUNS = 300


@pytest.fixture(scope="module")
def merrow() -> Scenario:
    """The template's scenario."""
    return read_scenario("template")


@pytest.fixture(scope="module")
def usual(merrow: Scenario) -> Campaign:
    """Its assault under its default posture."""
    return run_campaign(merrow, runs=RUNS, seed=3)


def same(one: Campaign, other: Campaign) -> bool:
    """Whether two campaigns are the same bytes."""
    return all(
        one.dataset[name].to_numpy().tobytes() == other.dataset[name].to_numpy().tobytes()
        for name in one.dataset.data_vars
    )


@pytest.mark.parametrize("workers, chunk", [(1, 256), (2, 256), (2, 7), (1, 300)])
def test_same_bytes_whatever_the_threads_and_chunks(
    merrow: Scenario, usual: Campaign, workers: int, chunk: int
) -> None:
    runner = Runner(workers=workers, chunk=chunk)
    assert same(usual, run_campaign(merrow, runs=RUNS, seed=3, runner=runner))


def test_worlds_do_not_depend_on_how_many_there_are(merrow: Scenario, usual: Campaign) -> None:
    few = run_campaign(merrow, runs=50, seed=3).dataset
    assert np.array_equal(few["reached"], usual.dataset["reached"][:50])


def test_seeds_differ_and_zero_is_one(merrow: Scenario, usual: Campaign) -> None:
    assert not same(usual, run_campaign(merrow, runs=RUNS, seed=0))


def test_everything_stays_within_bounds(merrow: Scenario, usual: Campaign) -> None:
    figures = usual.dataset
    reached, falls = figures["reached"].to_numpy(), figures["falls"].to_numpy()
    assert (reached >= 0).all()
    assert (falls >= 12 - 1e-6).all()
    assert (reached <= falls).all()
    assert (np.isinf(reached) | (reached <= 24 * 30)).all()
    people = sum(force.people.support[1] for force in merrow.forces.blue.values())
    people += 3 * 800 * 10  # what a posture can add
    for side in ("blue", "red"):
        assert (usual.losses(side) >= 0).all()
    assert (usual.losses("blue") + usual.losses("blue", "captured") <= people).all()
    shares = [usual.forward_share(fate) for fate in ("destroyed", "withdrawn", "intact")]
    total = np.array(shares).sum(axis=0)
    assert np.allclose(total[~np.isnan(total)], 1)
    assert ((figures["people_lost"] >= 0) & (figures["people_lost"] <= 1)).all()


def test_what_falls_was_held_by_red_and_what_stands_is_blues(usual: Campaign) -> None:
    falls, holder = usual.dataset["falls"].to_numpy(), usual.dataset["holder"].to_numpy()
    reached = usual.dataset["reached"].to_numpy()
    never = np.isinf(reached)
    start = np.where(Network(usual.scenario).holder == BLUE, BLUE, RED)
    assert (holder[never & (start == BLUE)[None, :]] == BLUE).all()
    assert not (np.isfinite(falls) & never).any()


def test_reinforcements_come_only_with_a_full_answer(merrow: Scenario, usual: Campaign) -> None:
    alone = run_campaign(merrow, runs=RUNS, seed=3, response="none")
    limited = run_campaign(merrow, runs=RUNS, seed=3, response="limited")
    assert same(alone, limited)
    assert alone.values("called").sum() == 0
    assert usual.values("called").sum() > 0
    assert (usual.values("called") >= usual.values("in_place")).all()


def test_the_branches_are_one_until_the_decision(merrow: Scenario, usual: Campaign) -> None:
    alone = run_campaign(merrow, runs=RUNS, seed=3, response="none")
    for name in (
        "seen_forward_casualties",
        "seen_blue_casualties",
        "seen_people_lost",
        "seen_places_lost",
    ):
        assert np.array_equal(alone.values(name), usual.values(name))


def test_limited_option_by_kind_and_its_own_objectives(merrow: Scenario) -> None:
    campaign = run_campaign(merrow, runs=50, option="limited")
    assert "p_falls_if_limited" in campaign.figures()
    assert "highmoor" in campaign.figures()["hours_to"]


def test_a_force_that_is_not_there_does_not_stop_anybody(merrow: Scenario) -> None:
    empty = merrow.replace({"forces.blue.*.strength": 0})
    campaign = run_campaign(empty, "bare", runs=100, response="none")
    assert np.isfinite(campaign.hours_to("merrowport")).all()
    assert campaign.losses("red").sum() == 0


def test_records_are_plain_and_have_no_nan(usual: Campaign) -> None:
    import json

    text = json.dumps(usual.to_record(), allow_nan=False)
    assert json.loads(text)["worlds"] == RUNS


def test_cancel_stops_a_run(merrow: Scenario) -> None:
    event = threading.Event()
    event.set()
    with pytest.raises(Cancelled):
        run_campaign(merrow, runs=RUNS, runner=Runner(cancel=event))


@pytest.mark.parametrize(
    "wrong",
    [
        {"option": "nonsense"},
        {"posture": "nonsense"},
        {"response": "maybe"},
        {"runs": 0},
        {"runs": 10**9},
        {"days": 181},
        {"days": 0},
        {"seed": -1},
    ],
)
def test_wrong_arguments_are_told(merrow: Scenario, wrong: dict[str, object]) -> None:
    arguments = {"runs": 10} | wrong
    with pytest.raises(InputError):
        run_campaign(merrow, **arguments)  # type: ignore[arg-type]


def test_a_posture_is_given_by_name(merrow: Scenario) -> None:
    with pytest.raises(InputError, match="without a posture"):
        run_campaign(merrow.posture("bare"), "bare", runs=10)


@pytest.mark.parametrize("days", [0.05, 1.0, 2.0, 4.5, 30.0])
def test_clock_covers_the_days_in_steps_of_at_most_six_hours(days: float) -> None:
    edges = clock(days)
    assert edges[0] == 0
    assert edges[-1] == 24 * days
    assert (np.diff(edges) > 0).all()
    assert np.diff(edges).max() <= 6


def test_draws_are_certain_where_quantities_are(merrow: Scenario) -> None:
    from glacis.campaign.run import draw_worlds

    compiled = compile_option(merrow.posture("bare"), "assault")
    draws = compiled.draws(draw_worlds(merrow, 8, 0))
    density = merrow.campaign.combat.density
    assert (draws.worlds["combat"]["density"] == density.value).all()
    low, high = merrow.campaign.movement.unopposed.support
    drawn = draws.worlds["movement"]["unopposed"]
    assert ((drawn >= low) & (drawn <= high)).all()
    assert len(set(drawn)) == 8
    there, back = draws.roads["beyond_km"][:, 0::2], draws.roads["beyond_km"][:, 1::2]
    assert (there <= draws.roads["km"][:, 0::2] + 1e-9).all()
    assert (back >= 0).all()


def test_draws_have_one_layout_so_that_the_kernel_is_compiled_once(merrow: Scenario) -> None:
    from glacis.campaign.run import draw_worlds

    draws = compile_option(merrow.posture("bare"), "assault").draws(draw_worlds(merrow, 8, 0))
    for drawn in draws:
        assert drawn.flags.c_contiguous
        assert drawn[2:5].flags.c_contiguous


def test_shorter_steps_give_the_same_war(merrow: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> tuple[float, float]:
        campaign = run_campaign(merrow, "bare", runs=1_000, response="none", seed=1)
        hours = campaign.hours_to("merrowport", "falls")
        return float(np.isfinite(hours).mean()), float(np.percentile(hours, 20))

    share, early = outcome()
    monkeypatch.setattr(
        "glacis.campaign.compile.clock", lambda days: np.arange(0.0, 24.0 * days + 1)
    )
    # Steps decide which engagement draws which luck, so single worlds differ; the shares do not.
    assert outcome()[0] == pytest.approx(share, abs=0.03)
    assert outcome()[1] == pytest.approx(early, rel=0.15)


def test_the_council_may_answer_when_the_caller_says(merrow: Scenario) -> None:
    seen = {
        hour: run_campaign(merrow, runs=40, decision_hours=np.full(40, hour))
        for hour in (1.0, 240.0, 900.0)
    }
    called = {hour: campaign.values("called").mean() for hour, campaign in seen.items()}
    assert called[1.0] >= called[240.0] > called[900.0] == 0  # after the last day, nobody comes
    dead = [campaign.values("seen_blue_casualties").mean() for campaign in seen.values()]
    assert dead == sorted(dead)
    assert dead[0] < dead[1]
    with pytest.raises(InputError, match="one value for each"):
        run_campaign(merrow, runs=40, decision_hours=np.zeros(39))


def test_unknown_arguments_are_refused(merrow: Scenario) -> None:
    with pytest.raises(TypeError, match="no argument 'answer'"):
        run_campaign(merrow, runs=1, answer="full")  # type: ignore[call-arg]


def test_lasting_is_the_same_option_with_another_clock(merrow: Scenario) -> None:
    posed, worlds = merrow.posture("tripwire"), draw_worlds(merrow, 30, 5)
    long = compile_option(posed, "assault", days=180)
    long.draws(worlds)
    for days in (12.5, 30.0):
        one, other = compile_option(posed, "assault", days=days), long.lasting(days)
        assert other.days == days
        assert other.day_count == one.day_count
        assert alike(
            run_chunk(one, worlds, reinforced=True), run_chunk(other, worlds, reinforced=True)
        )
    assert long.days == 180


def test_two_answers_share_their_draws(merrow: Scenario) -> None:
    compiled, worlds = (
        compile_option(merrow.posture("tripwire"), "assault"),
        draw_worlds(merrow, 30, 5),
    )
    hours = np.linspace(12.0, 96.0, 30)
    draws = compiled.draws(worlds, hours)
    for reinforced in (False, True):
        shared = run_chunk(compiled, worlds, reinforced=reinforced, draws=draws)
        own = compiled.draws(worlds, hours)
        assert alike(shared, run_chunk(compiled, worlds, reinforced=reinforced, draws=own))
    first = run_chunk(compiled, worlds, reinforced=True, draws=draws)
    assert not alike(first, run_chunk(compiled, worlds, reinforced=True))


def test_options_share_what_hangs_on_none_of_them() -> None:
    baltic = read_scenario("baltic")
    posed, worlds = baltic.posture("tripwire"), draw_worlds(baltic, 12, 5)
    one, other = compile_option(posed, "assault"), compile_option(posed, "narva")
    assert one.ground is other.ground
    assert compile_option(baltic.posture("tripwire"), "narva").ground is not one.ground
    hours, shared = np.full(12, 30.0), one.ground.draws(worlds)
    for option in (one, other):
        for given in (None, hours):
            alone, beside = option.draws(worlds, given), option.draws(worlds, given, ground=shared)
            for mine, theirs in zip(alone, beside, strict=True):
                assert mine.tobytes() == theirs.tobytes()
    assert (one.draws(worlds, hours, ground=shared).worlds["decision_hours"] == 30.0).all()
    with pytest.raises(InputError, match="the same worlds"):
        other.draws(worlds.chunk(0, 6), ground=shared)
    with pytest.raises(InputError, match="one value for each of 12"):
        other.draws(worlds, np.zeros(3), ground=shared)


def alike(one: Record, other: Record) -> bool:
    """Whether two records are the same bytes."""
    return all(mine.tobytes() == theirs.tobytes() for mine, theirs in zip(one, other, strict=True))


@pytest.mark.parametrize("posture", ["tripwire", "forward"])
@pytest.mark.parametrize("option", ["assault", "border-town"])
def test_both_branches_at_once_are_what_each_is_by_itself(posture: str, option: str) -> None:
    baltic = read_scenario("baltic")
    answered = compile_option(baltic.posture(posture), option, days=90.0)
    alone = answered.lasting(30.0)
    worlds = draw_worlds(baltic, 24, 5)
    record, beside = (new_record(24, answered.sizes) for _ in range(2))
    unanswered = Unanswered(alone, beside)
    draws = answered.draws(worlds)
    run_both(answered, draws, seed=5, record=record, unanswered=unanswered)
    for own, found in (
        (run_chunk(answered, worlds, reinforced=True), record),
        (run_chunk(alone, worlds, reinforced=False), beside),
    ):
        for one, other in zip(own, found, strict=True):
            assert one.tobytes() == other.tobytes()
