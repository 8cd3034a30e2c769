"""How members lean, what the bandwagon makes of it, and what the council answers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.special import expit

from glacis.alliance.bandwagon import fixed_points, willingness
from glacis.alliance.cohesion import CAUSES, Strain, cohesion
from glacis.alliance.council import (
    Luck,
    answers,
    carried,
    chances,
    delay_hours,
)
from glacis.alliance.leanings import TERMS, Seen, leanings, logit, seated
from glacis.campaign.run import draw_worlds
from glacis.errors import ScenarioError
from glacis.jit import load_kernels
from glacis.scenario.alliance import Alliance
from glacis.scenario.game import ANSWERS
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.worlds import Worlds

WORLDS = 64


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def worlds(baltic: Scenario) -> Worlds:
    return draw_worlds(baltic, WORLDS, 1)


def alliance_of(scenario: Scenario) -> Alliance:
    assert scenario.alliance is not None
    return scenario.alliance


def seen(scenario: Scenario, worlds: int = WORLDS, **given: float) -> Seen:
    """What a council sees of a lost battle, with some of it changed."""
    members = list(seated(alliance_of(scenario)))
    there = np.array([1_000.0 * (name in ("US", "GB", "CA", "DE")) for name in members])
    values = {
        "odds": 0.3,
        "dead": 1_500.0,
        "own_dead": 200.0,
        "casualties": 20_000.0,
        "nuclear": 0.05,
        **given,
    }
    return Seen(
        odds=np.full(worlds, values["odds"]),
        dead=np.full(worlds, values["dead"]),
        own_dead=np.tile(values["own_dead"] * (there > 0), (worlds, 1)),
        own_troops=np.tile(there * given.get("troops", 1.0), (worlds, 1)),
        casualties=np.full(worlds, values["casualties"]),
        nuclear=np.full(worlds, values["nuclear"]),
        at_stake=np.full(worlds, given.get("at_stake", 1.0)),
    )


def p_full(scenario: Scenario, worlds: Worlds, **given: float) -> np.ndarray:
    alliance = alliance_of(scenario)
    return chances(alliance, worlds, leanings(alliance, worlds, seen(scenario, **given))).full


def test_the_thirty_of_2022_sit(baltic: Scenario) -> None:
    alliance = alliance_of(baltic)
    assert len(alliance.members) == 32
    assert len(seated(alliance)) == 30
    assert {"FI", "SE"} == set(alliance.members) - set(seated(alliance))
    assert len(seated(alliance_of(baltic.variant("nordic-entry")))) == 32


def test_terms_add_up(baltic: Scenario, worlds: Worlds) -> None:
    alliance = alliance_of(baltic)
    lean = leanings(alliance, worlds, seen(baltic))
    assert lean.terms.shape == (WORLDS, 30, len(TERMS))
    assert lean.total == pytest.approx(lean.terms.sum(axis=2))
    us = list(seated(alliance)).index("US")
    gain = worlds.values(alliance.government.gain)
    assert lean.terms[:, us, TERMS.index("public")] == pytest.approx(
        gain * logit(lean.support[:, us])
    )


@pytest.mark.parametrize(
    "change, points, within",
    [
        ({"odds": 1.0}, 0.0, 0.0),
        ({"odds": 0.5}, -0.06, 1e-9),
        ({"odds": 0.25}, -0.15, 1e-9),
        ({"odds": 0.05}, -0.15, 1e-9),
        ({"odds": 1.0, "troops": 1.0}, 0.01, 1e-9),
        ({"odds": 1.0, "troops": 1.0, "dead": 1e9}, 0.03, 1e-3),
    ],
)
def test_publics_move_by_the_points_that_were_measured(
    baltic: Scenario, change: dict[str, float], points: float, within: float
) -> None:
    """At the base, with every range at its mode: that is where the experiments were."""
    modes = {
        f"alliance.public.{name}": quantity.value
        for name, quantity in (
            (name, getattr(alliance_of(baltic).public, name))
            for name in type(alliance_of(baltic).public).model_fields
        )
        if hasattr(quantity, "value")
    }
    modes |= {"alliance.public.wording": 0.0, "alliance.members.*.support": 0.74}
    scenario = baltic.replace(modes)
    one = draw_worlds(scenario, 1, 1)
    given = {"dead": 0.0, "troops": 0.0, **change}
    lean = leanings(alliance_of(scenario), one, seen(scenario, 1, **given))
    assert lean.support - 0.74 == pytest.approx(np.full((1, 30), points), abs=max(within, 1e-12))


@pytest.mark.parametrize(
    "change, sign",
    [
        ({"odds": 0.9}, 1),
        ({"odds": 0.05}, -1),
        ({"dead": 50_000.0}, 1),
        ({"own_dead": 5_000.0}, 1),
        ({"casualties": 90_000.0}, -1),
        ({"nuclear": 0.5}, -1),
        ({"at_stake": 0.01}, -1),
        ({"troops": 0.0}, -1),
    ],
)
def test_signs(baltic: Scenario, worlds: Worlds, change: dict[str, float], sign: int) -> None:
    moved = p_full(baltic, worlds, **change) - p_full(baltic, worlds)
    assert (sign * moved >= -1e-12).all()
    assert (sign * moved > 1e-6).mean() > 0.9


# ---- the bandwagon ------------------------------------------------------------------------------


def test_one_fixed_point_below_two() -> None:
    luck = np.random.Generator(np.random.Philox(1))
    leaning, gain = luck.normal(0, 2, (200, 12)), luck.uniform(0, 1.99, 200)
    weights = luck.dirichlet(np.ones(12))
    found = fixed_points(leaning, weights, gain)
    assert not found.is_several.any()
    assert (found.weight_high == 1).all()
    again = willingness(found.high, leaning, weights, gain)
    assert again == pytest.approx(found.high, abs=1e-9)


def test_two_fixed_points_and_their_weights() -> None:
    """Alike members with a gain of 4: m = logistic(4 (2 m - 1)) has 0.0206, 1/2 and 0.9794."""
    leaning, weights = np.zeros((1, 3)), np.full(3, 1 / 3)
    found = fixed_points(leaning, weights, np.array([4.0]))
    assert found.is_several.all()
    assert found.weight_high == pytest.approx([0.5], abs=1e-4)
    assert found.low + found.high == pytest.approx([1.0])
    for m in (found.low, found.high):
        assert willingness(m, leaning, weights, np.array([4.0])) == pytest.approx(m, abs=1e-6)
    willing = fixed_points(leaning + 0.5, weights, np.array([4.0]))
    assert willing.is_several.all()
    assert willing.weight_high > 0.6
    sure = fixed_points(leaning + 3.0, weights, np.array([4.0]))
    assert not sure.is_several.any()


@pytest.mark.parametrize("gain", [1.9999, 2.0])
def test_a_case_does_not_hang_on_its_neighbours(gain: float) -> None:
    """Thirty members at even odds have the one fixed point 1/2 up to a gain of 2."""
    weights = np.full(30, 1 / 30)
    for others in ([], [3.0], [1.0, 7.0]):
        gains = np.array([gain, *others])
        found = fixed_points(np.zeros((len(gains), 30)), weights, gains)
        assert found.low[0] == pytest.approx(0.5, abs=5e-3)
        assert found.high[0] == pytest.approx(0.5, abs=5e-3)
        assert gain == 2.0 or not found.is_several[0]


def test_any_part_of_a_batch_gives_the_same_bytes() -> None:
    luck = np.random.Generator(np.random.Philox(6))
    leaning, gain = luck.normal(0, 2, (60, 12)), luck.uniform(0, 5, 60)
    weights = np.full(12, 1 / 12)
    whole = fixed_points(leaning, weights, gain)
    for part in (slice(0, 7), slice(30, 31), slice(11, 60)):
        alone = fixed_points(leaning[part], weights, gain[part])
        assert all((one[part] == other).all() for one, other in zip(whole, alone, strict=True))


def test_several_fixed_points_are_reported(baltic: Scenario, worlds: Worlds) -> None:
    scenario = baltic.replace({"alliance.council.bandwagon": 6})
    alliance = alliance_of(scenario)
    lean = leanings(alliance, worlds, seen(scenario))
    found = chances(alliance, worlds, lean)
    assert found.several.max() > 0.05
    assert found.full + found.limited + found.none == pytest.approx(np.ones(WORLDS))
    plain = chances(alliance_of(baltic), worlds, lean)
    assert (plain.several == 0).all()


# ---- the council --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3, 5, 6])
def test_counts_are_exact(count: int) -> None:
    luck = np.random.Generator(np.random.Philox(2))
    yes = luck.random(5)
    no = (1 - yes) * luck.random(5)
    enumerated = sum(
        math.prod(yes[k] if does else no[k] for k, does in enumerate(case))
        for case in itertools.product((True, False), repeat=5)
        if sum(case) < count
    )
    kernel = load_kernels("glacis.alliance.council_kernel")
    # For at least a limited answer, or silent: as the last of the council's counts has it.
    members = kernel.Members(full=yes, some=yes, silent=no)
    pivotal = np.array([0, 1, 0, 0, 0, 0])  # who is does not count among the others
    beside = kernel.Members(*(np.insert(one, 1, 0.7) for one in members))
    for own, must in ((members, np.zeros(5, int)), (beside, pivotal)):
        for what in (kernel.SOME_OR_SILENT, kernel.FULL_OR_UNBLOCKED):
            counted = kernel.fewer(count, own, what, must, np.empty(8))
            assert counted == pytest.approx(enumerated)


def test_chances_are_those_of_enumerated_councils(baltic: Scenario, worlds: Worlds) -> None:
    # Without a bandwagon and a common shock members decide alone: every council can be listed.
    quiet = baltic.replace({"alliance.council.bandwagon": 0, "alliance.council.shock": 0})
    alliance = alliance_of(quiet)
    names = list(seated(alliance))
    kept = ["US", *[name for name in names if name != "US"][:5]]
    gone = {f"alliance.members.{name}.sits": False for name in names if name not in kept}
    few = alliance_of(quiet.replace({**gone, "alliance.council.coalition": 4}))
    drawn = draw_worlds(quiet, 8, 1)
    scene = seen(quiet, 8)
    order = [names.index(name) for name in seated(few)]
    own = scene._replace(own_dead=scene.own_dead[:, order], own_troops=scene.own_troops[:, order])
    lean = leanings(few, drawn, own)
    found = chances(few, drawn, lean)
    step = drawn.values(few.government.step)[:, None]
    full, some = expit(lean.total), expit(lean.total + step)
    silent = drawn.values(few.council.abstain)[:, None]
    parts = np.stack([full, some - full, (1 - some) * silent, (1 - some) * (1 - silent)])
    us = list(seated(few)).index("US")
    for_full, limited = np.zeros(8), np.zeros(8)
    for council in itertools.product(range(4), repeat=len(kept)):
        mass = np.prod([parts[does][:, k] for k, does in enumerate(council)], axis=0)
        others = [does for k, does in enumerate(council) if k != us]
        if council[us] == 0 and (council.count(0) >= 4 or 3 not in others):
            for_full += mass
        elif sum(does <= 1 for does in council) >= 4:
            limited += mass
    assert found.full == pytest.approx(for_full)
    assert found.limited == pytest.approx(limited)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"alliance.council.coalition": 30},
        {
            "alliance.council.coalition": 20,
            "alliance.council.abstain": 0.9,
            "alliance.government.step": 1,
        },
        {"alliance.council.coalition": 3, "alliance.council.shock": 2},
        {"alliance.council.bandwagon": 5},
        {"alliance.council.pivotal": ["US", "GB", "DE"]},
    ],
    ids=lambda change: ", ".join(f"{path[17:]} {value}" for path, value in change.items()),
)
def test_probabilities_are_those_of_many_councils(
    baltic: Scenario, worlds: Worlds, change: dict[str, object]
) -> None:
    alliance = alliance_of(baltic.replace(change))
    lean = leanings(alliance, worlds, seen(baltic))
    found = chances(alliance, worlds, lean)
    luck = np.random.Generator(np.random.Philox(3))
    rounds, size = 400, (WORLDS, 30)
    counts = np.zeros((3, WORLDS))
    for _ in range(rounds):
        drawn = Luck(luck.random(WORLDS), luck.random(size), luck.random(size), luck.random(WORLDS))
        held = answers(alliance, worlds, lean, drawn)
        for k in range(3):
            counts[k] += held.answer == k
    for k, name in enumerate(ANSWERS):
        share = getattr(found, name)
        error = np.sqrt(np.maximum(share * (1 - share), 1e-3) / rounds)
        assert (np.abs(counts[k] / rounds - share) < 5 * error + 0.01).all()
        bias = (counts[k] / rounds - share).mean()
        assert abs(bias) < 4 * error.mean() / np.sqrt(WORLDS) + 0.004


def test_consensus_coalition_and_the_pivotal_member(baltic: Scenario, worlds: Worlds) -> None:
    alliance = alliance_of(baltic)
    found = chances(alliance, worlds, leanings(alliance, worlds, seen(baltic)))
    assert (found.by_consensus <= found.pivotal + 1e-12).all()
    assert (found.by_coalition <= found.full + 1e-12).all()
    assert (found.full <= found.pivotal + 1e-12).all()
    alone = baltic.replace({"alliance.council.coalition": 1})
    only = chances(alliance_of(alone), worlds, leanings(alliance_of(alone), worlds, seen(alone)))
    assert only.full == pytest.approx(only.pivotal)
    everybody = baltic.replace({"alliance.council.coalition": 30, "alliance.council.abstain": 0})
    none_missing = chances(
        alliance_of(everybody), worlds, leanings(alliance_of(everybody), worlds, seen(everybody))
    )
    assert none_missing.full == pytest.approx(none_missing.by_consensus)


def test_who_stands_and_who_blocks(baltic: Scenario, worlds: Worlds) -> None:
    alliance = alliance_of(baltic)
    lean = leanings(alliance, worlds, seen(baltic))
    half = np.full((WORLDS, 30), 0.5)
    middle = np.full(WORLDS, 0.5)
    willing = answers(alliance, worlds, lean, Luck(middle, 0 * half, half, middle))
    assert (willing.answer == ANSWERS.index("full")).all()
    assert willing.stands.all()
    assert not willing.blocks.any()
    unwilling = answers(alliance, worlds, lean, Luck(middle, 2 * half, 2 * half, middle))
    assert (unwilling.answer == ANSWERS.index("none")).all()
    assert unwilling.blocks.all()
    abstaining = answers(alliance, worlds, lean, Luck(middle, 2 * half, 0 * half, middle))
    assert not abstaining.blocks.any()


def test_weights_of_the_members(baltic: Scenario, worlds: Worlds) -> None:
    alliance = alliance_of(baltic)
    weights = carried(alliance, worlds)
    assert weights.sum(axis=1) == pytest.approx(np.ones(WORLDS))
    assert weights[0, list(seated(alliance)).index("US")] == pytest.approx(0.69, abs=0.03)


def test_hesitation_delays(baltic: Scenario, worlds: Worlds) -> None:
    alliance = alliance_of(baltic)
    keen, slow = (
        delay_hours(
            alliance,
            worlds,
            chances(alliance, worlds, leanings(alliance, worlds, seen(baltic, odds=odds))),
        )
        for odds in (0.95, 0.1)
    )
    assert (slow >= keen).all()
    assert np.median(slow) - np.median(keen) > 6


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"alliance.council.pivotal": ["FI"]}, "does not sit on the council"),
        ({"alliance.members.US.sits": "false"}, "does not sit on the council"),
        ({"alliance.council.pivotal": ["XX"]}, "there is no member 'XX'"),
        ({"alliance.council.coalition": 31}, "needs 31 members, and 30 sit"),
        ({"alliance.council.coalition": "31"}, "needs 31 members, and 30 sit"),
        ({"alliance.members.GB.capability": 0.9}, "the shares of capability add up to"),
        ({"alliance.council.shock": 5}, "must be <= 2"),
        ({"alliance.public.doubtful_odds": 0.45}, "must be <= 0.4"),
        ({"alliance.public.presence_gain": 0.5}, "must be <= 0.24"),
    ],
)
def test_what_cannot_be_is_refused(
    baltic: Scenario, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        baltic.replace(changes)


# ---- cohesion -----------------------------------------------------------------------------------


def war(days: int, dead: float, empty: float) -> Strain:
    """A war that kills evenly from its first day on."""
    return Strain(np.tile(np.linspace(0, dead, days), (WORLDS, 1)), np.full((WORLDS, days), empty))


def test_cohesion_is_what_the_numbers_say(baltic: Scenario) -> None:
    certain = {
        "alliance.cohesion.felt_from": 1_000,
        "alliance.cohesion.losses": 0.5,
        "alliance.cohesion.months": 0.2,
        "alliance.cohesion.empty": 0.4,
        "alliance.cohesion.reserve": 2.0,
        "alliance.cohesion.spread": 0.5,
    }
    scenario = baltic.replace(certain)
    worlds = draw_worlds(scenario, WORLDS, 1)
    numbers = alliance_of(scenario).cohesion
    middle = np.full(WORLDS, 0.5)
    quiet = cohesion(numbers, worlds, war(181, 0, 0), luck=middle)
    assert np.isinf(quiet.day).all()
    assert quiet.left == pytest.approx(np.full(WORLDS, 2.0 - 0.2 * 180 / 30.4375))
    bloody = Strain(np.full((WORLDS, 181), 32_000.0), np.zeros((WORLDS, 181)))
    assert (cohesion(numbers, worlds, bloody, luck=middle).day == 0).all()  # five doublings: 2.5
    worn = Strain(np.full((WORLDS, 181), 4_000.0), np.ones((WORLDS, 181)))
    found = cohesion(numbers, worlds, worn, luck=middle)  # 2 - 1 - 0.4 = 0.6 is three months
    assert (found.day == 92).all()
    assert [CAUSES[k] for k in set(found.cause.tolist())] == ["losses"]
    lucky = cohesion(numbers, worlds, worn, luck=np.full(WORLDS, 0.9))
    assert (lucky.day > found.day).all()


def test_more_dead_or_emptier_stocks_never_lengthen_it(baltic: Scenario, worlds: Worlds) -> None:
    numbers = alliance_of(baltic).cohesion
    luck = np.random.Generator(np.random.Philox(4)).random(WORLDS)
    plain = cohesion(numbers, worlds, war(181, 8_000, 0), luck=luck).day
    assert (cohesion(numbers, worlds, war(181, 40_000, 0), luck=luck).day <= plain).all()
    assert (cohesion(numbers, worlds, war(181, 8_000, 3), luck=luck).day <= plain).all()


def test_log_odds_and_back() -> None:
    shares = np.array([1e-5, 0.2, 0.5, 0.999])
    assert expit(logit(shares)) == pytest.approx(shares)
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()
