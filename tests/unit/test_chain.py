"""The whole chain: the same whatever chunks, threads and order; outcomes that add up."""

from __future__ import annotations

import numpy as np
import pytest

from glacis.assess.chain import Fights, Sparing, prepare, stream
from glacis.assess.outcome import CLASSES
from glacis.campaign.run import draw_worlds
from glacis.errors import Cancelled, InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.compare import STEP, Comparison, compare, compared, half_width

WORLDS = 72


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def both(baltic: Scenario) -> Comparison:
    return compare(baltic, ["tripwire", "forward"], worlds=WORLDS, seed=3)


def assert_same(one: Comparison, two: Comparison, posture: str) -> None:
    for name in one.dataset.data_vars:
        a, b = one.dataset[name].sel(posture=posture), two.dataset[name].sel(posture=posture)
        assert a.to_numpy().tobytes() == b.to_numpy().tobytes(), name


@pytest.mark.parametrize("workers, chunk", [(1, 72), (2, 1), (2, 7), (2, 50)])
def test_chunks_and_threads_change_no_byte(
    baltic: Scenario, both: Comparison, workers: int, chunk: int
) -> None:
    runner = Runner(workers=workers, chunk=chunk)
    again = compare(baltic, ["tripwire", "forward"], worlds=WORLDS, seed=3, runner=runner)
    for posture in both.postures:
        assert_same(both, again, posture)


def test_worlds_beyond_the_pilot_too(baltic: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glacis.assess.chain.PILOT", 40)
    found = [
        compare(baltic, ["tripwire"], worlds=WORLDS, seed=3, runner=Runner(workers=2, chunk=size))
        for size in (11, 64)
    ]
    assert_same(*found, "tripwire")
    shorter = compare(baltic, ["tripwire"], worlds=50, seed=3)
    assert shorter.values("p_attack", "tripwire").tobytes() == (
        found[0].values("p_attack", "tripwire")[:50].tobytes()
    )


def test_the_order_of_postures_changes_nothing(baltic: Scenario, both: Comparison) -> None:
    turned = compare(baltic, ["forward", "none", "tripwire"], worlds=WORLDS, seed=3)
    assert turned.postures == ["forward", "none", "tripwire"]
    for posture in both.postures:
        assert_same(both, turned, posture)


def test_outcomes_add_up(both: Comparison) -> None:
    for posture in both.postures:
        outcomes = both.values("outcomes", posture)
        assert outcomes.min() >= 0
        assert np.abs(outcomes.sum(axis=1) - 1).max() < 1e-9
        acts = both.values("acts", posture)
        assert outcomes[:, 1] == pytest.approx(acts[:, 0])
        assert outcomes[:, 2] == pytest.approx(acts[:, 1])
        armed = both.values("endings", posture).sum(axis=1)
        assert armed == pytest.approx(both.values("p_attack", posture))
        assert both.values("response", posture).sum(axis=2) == pytest.approx(np.ones((WORLDS, 4)))


def test_ground_is_told_by_people_and_by_land(baltic: Scenario, both: Comparison) -> None:
    for posture in both.postures:
        area = both.values("area_held", posture)
        assert (area >= 0).all()
        assert (area <= both.values("p_attack", posture) + 1e-12).all()
        assert not np.array_equal(area, both.values("ground_held", posture))
    places = baltic.theatre.places.items()
    crowds = {
        f"theatre.places.{name}.area_km2": place.population.value
        for name, place in places
        if place.area_km2 is not None
    }
    alike = compare(baltic.replace(crowds), ["tripwire"], worlds=8)
    assert alike.values("area_held", "tripwire") == pytest.approx(
        alike.values("ground_held", "tripwire")
    )
    without = compare(baltic.replace({"theatre.places.narva.area_km2": None}), ["none"], worlds=2)
    assert not without.has("area_held")
    assert without.to_record()["postures"]["none"]["area_held_share"] is None


def test_losses_are_those_of_the_outcomes(both: Comparison) -> None:
    for posture in both.postures:
        attacked = both.values("loss_given_attack", posture).sum(axis=1)
        p = both.values("p_attack_5y", posture)
        by_outcome = both.values("loss_by_outcome", posture)
        assert by_outcome.sum(axis=1) == pytest.approx(p * attacked)
        terms = both.values("loss", posture)
        assert both.values("expected_loss", posture) == pytest.approx(terms.sum(axis=1))
        assert (by_outcome[:, [1, 2]] == 0).all()


def test_losses_are_counted_over_the_years_of_the_prices(
    baltic: Scenario, both: Comparison
) -> None:
    longer = compare(baltic.replace({"loss.years": 10}), ["tripwire"], worlds=WORLDS, seed=3)
    five = both.values("p_attack_5y", "tripwire")
    assert longer.values("p_attack_5y", "tripwire") == pytest.approx(five)
    attacked = longer.values("loss_given_attack", "tripwire").sum(axis=1)
    weighed = longer.values("loss_by_outcome", "tripwire").sum(axis=1)
    assert weighed == pytest.approx((1 - (1 - five) ** 2) * attacked)


def test_what_is_set_off_is_between_war_and_peace(both: Comparison) -> None:
    for posture in both.postures:
        war = both.values("p_second_theatre_attacked", posture)
        peace = both.values("p_second_theatre_quiet", posture)
        told = both.values("p_second_theatre", posture)
        assert (war >= peace - 1e-12).all()
        assert ((told >= peace - 1e-12) & (told <= war + 1e-12)).all()
        after = both.values("credibility_by_answer", posture)
        before = both.values("credibility_before", posture)
        assert (np.nan_to_num(after) <= before[:, None, :] + 1e-12).all()


def test_blocking_ruins_less_than_standing_aside(both: Comparison) -> None:
    blocked = both.values("resolve_lost_blocked", "tripwire")
    aside = both.values("resolve_lost_aside", "tripwire")
    assert (blocked <= aside + 1e-12).all()
    assert aside.max() > 0


def test_more_denial_and_a_surer_answer(both: Comparison) -> None:
    assert both.difference("p_attack", "forward").mean() < -0.05
    assert both.difference("p_falls", "forward").mean() < -0.1
    assert 0 < both.displacement("forward") < 2
    assert (both.values("threat", "tripwire") == 0).all()
    assert both.values("loss", "forward", term="posture").min() > 0
    assert (both.values("loss", "tripwire", term="posture") == 0).all()


def test_wars_before_are_taken_where_nothing_changed(baltic: Scenario) -> None:
    fights = Fights(4)
    kwargs = {"worlds": 24, "seed": 5, "runner": Runner(), "sparing": Sparing(fights)}
    before = compared(baltic, ["tripwire"], **kwargs)  # type: ignore[arg-type]  # of several types
    assert len(fights) == 1
    calm = baltic.replace({"belief.signals.pledges-undelivered.likelihood": 1})
    after = compared(calm, ["tripwire"], **kwargs)  # type: ignore[arg-type]
    assert len(fights) == 1
    alone = compare(calm, ["tripwire"], worlds=24, seed=5)
    assert_same(after, alone, "tripwire")
    assert (
        before.values("belief_full", "tripwire") != after.values("belief_full", "tripwire")
    ).any()
    compared(baltic.variant("late-2022"), ["tripwire"], **kwargs)  # type: ignore[arg-type]
    assert len(fights) == 2


def test_one_world_is_asked_again_as_it_was(both: Comparison) -> None:
    world = both.typical_world("forward")
    whole = both.whole("forward", world)
    assert whole.study.p_attack[0] == both.values("p_attack", "forward")[world]
    assert whole.ended.outcome[0].tolist() == both.values("outcomes", "forward")[world].tolist()
    with pytest.raises(InputError, match="must be from 0 to 71"):
        both.whole("forward", WORLDS)


def test_leaves_stand_in_the_classes_of_their_answer(both: Comparison) -> None:
    tally = both.whole("tripwire", 0).ended.tally
    for number, (outcome, answer) in enumerate(CLASSES):
        if tally.share[number, 0] > 0:
            allowed = {"stalemate": ["full"], "sanctions_only": ["limited"], "inaction": ["none"]}
            assert answer in allowed.get(outcome, ["none", "limited", "full"])


def test_until_adds_worlds(baltic: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glacis.study.compare.STEP", 16)
    study = compare(baltic, ["tripwire"], worlds=16, until=0.09)
    assert study.n > 16
    assert study.n % 16 == 0
    assert study.half_width() <= 0.09
    assert STEP >= 256
    monkeypatch.setattr("glacis.study.compare.MOST", 32)
    with pytest.raises(InputError, match="not met after 32 worlds"):
        compare(baltic, ["tripwire"], worlds=16, until=0.001)


def test_half_widths() -> None:
    luck = np.random.Generator(np.random.Philox(2)).normal(size=10_000)
    assert half_width(luck) == pytest.approx(1.96 / 100, rel=0.05)
    assert half_width(np.ones(1)) == np.inf
    assert half_width(np.array([1.0, np.nan, 1.0])) == 0


def test_a_run_is_cancelled(baltic: Scenario) -> None:
    import threading

    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        compare(baltic, ["tripwire"], worlds=64, runner=Runner(cancel=cancel))


def test_progress_only_grows(baltic: Scenario) -> None:
    told: list[float] = []
    runner = Runner(progress=lambda done, n: told.append(done / n), chunk=8)
    compare(baltic, ["tripwire", "none"], worlds=16, runner=runner)
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"postures": ["nobody"]}, "no posture"),
        ({"worlds": 0}, "worlds must be"),
        ({"until": 0.0}, "must be a share"),
    ],
)
def test_bad_requests_are_refused(baltic: Scenario, bad: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        compare(baltic, **{"postures": ["tripwire"], "worlds": 8} | bad)  # type: ignore[arg-type]


def test_chunks_can_be_streamed_by_hand(baltic: Scenario) -> None:
    worlds = draw_worlds(baltic, 20, 1)
    chain = prepare(baltic, ["forward"], worlds)
    assert list(chain.prepared) == ["tripwire", "forward"]
    chunks = list(stream(chain, worlds.chunk(4, 12), runner=Runner(chunk=4)))
    whole = chain.chunk(worlds)
    joined = np.concatenate([chunk["forward"]["p_attack"].values for chunk in chunks])
    assert joined.tobytes() == whole["forward"]["p_attack"].values[4:12].tobytes()
