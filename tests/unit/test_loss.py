"""What a war costs: closed forms, discounting, what may not matter, and the Baltic's prices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glacis.assess.loss import (
    POSTURE,
    TERMS,
    Ending,
    annuity,
    at_low_nuclear_end,
    expected_loss,
    loss_of,
    loss_terms,
    no_attack,
    posture_cost_beur,
    posture_money,
)
from glacis.campaign.run import draw_worlds
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.loss import Loss
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.scenario.summary import posture_costs
from glacis.worlds import Worlds, sample

NONE, LIMITED, FULL = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)

PRICES: dict[str, Any] = {
    "above": "base",
    "life": 4,
    "wounded": 0.1,
    "civilians_dead": 0.4,
    "gdp": {"AA": 40, "BB": 60},
    "idle": 0.5,
    "occupied_years": 2,
    "war": {"none": 50, "limited": 100, "full": 800},
    "munitions": 30,
    "world": {"output": 90_000, "lost": 0.01, "unanswered": 0.5, "fought": 1.5},
    "nuclear": {"low": 500, "high": 20_000, "shape": "loguniform"},
    "second_theatre": 100,
    "programme": 20,
    "discount": 0.03,
}


def section(**changes: Any) -> Loss:
    certain = {"nuclear": 2000} | changes
    return Loss.model_validate(PRICES | certain)


def certain(worlds: int = 3) -> Worlds:
    return sample([], worlds, 0)


#: What each field of an ending is where it is not nothing.
SOMETHING: dict[str, Any] = {
    "answer": FULL,
    "dead": 1000.0,
    "wounded": 3000.0,
    "civilians": 2000.0,
    "occupied": (0.5, 0.25),
    "fighting_days": 60.0,
    "munitions_spent": 0.4,
    "nuclear_use": 0.02,
    "second_theatres": 0.1,
    "programmes": 0.05,
}

#: Which terms each field acts on.
CAUSES = {
    "dead": {"dead"},
    "wounded": {"wounded"},
    "civilians": {"civilians"},
    "occupied": {"occupied"},
    "fighting_days": {"war"},
    "munitions_spent": {"munitions"},
    "nuclear_use": {"nuclear"},
    "second_theatres": {"second_theatres"},
    "programmes": {"programmes"},
}


def ending(worlds: int = 3, **given: Any) -> Ending:
    values = {name: given.get(name, np.multiply(one, 0.0)) for name, one in SOMETHING.items()}
    if "answer" not in given:
        values["answer"] = FULL
    return Ending(
        **{name: np.tile(np.asarray(one, dtype=float), (worlds, *[1] * np.ndim(one)))
           if np.ndim(one) else np.full(worlds, float(one)) for name, one in values.items()}
    )  # fmt: skip


def summed(terms: dict[str, Floats]) -> Floats:
    return np.sum(list(terms.values()), axis=0)


# ---- discounting --------------------------------------------------------------------------------


def test_annuity_by_hand() -> None:
    assert annuity(np.array([0.0]), 5.0) == pytest.approx([5.0])
    assert annuity(np.array([0.03]), 5.0) == pytest.approx([(1 - 1.03**-5) / math.log(1.03)])
    assert annuity(np.array([0.03]), 5.0)[0] == pytest.approx(4.6481, abs=1e-4)
    assert annuity(np.array([0.03]), 0.0) == pytest.approx([0.0])
    assert annuity(np.array([1e-12]), 5.0) == pytest.approx([5.0])


@given(rate=st.floats(0, 1), years=st.floats(0, 50))
@settings(max_examples=50, deadline=None)
def test_annuity_is_what_months_add_up_to(rate: float, years: float) -> None:
    middles = (np.arange(2000) + 0.5) / 2000 * years
    by_hand = np.sum((1 + rate) ** -middles) * years / 2000
    assert annuity(np.array([rate]), years)[0] == pytest.approx(by_hand, rel=1e-3, abs=1e-12)


# ---- terms --------------------------------------------------------------------------------------


def test_every_term_by_hand() -> None:
    terms = loss_terms(section(), certain(), ending(**SOMETHING))
    log = math.log(1.03)
    first, two, five = ((1 - 1.03**-years) / log for years in (1, 2, 5))
    by_hand = {
        "dead": 1000 * 0.004,
        "wounded": 3000 * 0.0004,
        "civilians": 2000 * (0.4 * 0.004 + 0.6 * 0.0004),
        "occupied": (40 * 0.5 + 60 * 0.25) * 0.5 * two,
        "war": 60 * 0.8,
        "munitions": 0.4 * 30,
        "world_shock": 90_000 * 0.01 * 1.5 * first,
        "nuclear": 0.02 * 2000,
        "second_theatres": 0.1 * 100 * five / 5,
        "programmes": 0.05 * 20 * five / 5,
    }
    assert tuple(terms) == TERMS == tuple(by_hand)
    for name, one in terms.items():
        assert one == pytest.approx(np.full(3, by_hand[name])), name


@pytest.mark.parametrize("answer, a_day, factor", [(NONE, 50, 0.5), (LIMITED, 100, 1.0)])
def test_other_answers_have_other_prices(
    answer: tuple[float, ...], a_day: float, factor: float
) -> None:
    terms = loss_terms(section(discount=0), certain(), ending(answer=answer, fighting_days=10))
    assert terms["war"] == pytest.approx(np.full(3, 10 * a_day / 1000))
    assert terms["world_shock"] == pytest.approx(np.full(3, 900 * factor))


def test_an_answer_that_is_a_chance_costs_the_mean() -> None:
    even = ending(answer=(0.5, 0.0, 0.5), fighting_days=10)
    found = loss_terms(section(), certain(), even)
    pure = [loss_terms(section(), certain(), ending(answer=one, fighting_days=10))
            for one in (NONE, FULL)]  # fmt: skip
    for name in ("war", "world_shock"):
        assert found[name] == pytest.approx((pure[0][name] + pure[1][name]) / 2)


def test_no_more_than_all_output_is_lost() -> None:
    world = PRICES["world"] | {"lost": 0.9, "fought": 10}
    terms = loss_terms(section(world=world, discount=0), certain(), ending())
    assert terms["world_shock"] == pytest.approx(np.full(3, 90_000.0))


def test_occupation_counts_to_the_horizon_and_no_further() -> None:
    def of(years: float) -> float:
        terms = loss_terms(section(occupied_years=years), certain(1), ending(1, occupied=(1, 1)))
        return float(terms["occupied"][0])

    assert of(0) == 0
    assert of(1) < of(4.9) < of(5)
    assert of(5) == of(50)
    longer = loss_terms(
        section(occupied_years=50, years=10), certain(1), ending(1, occupied=(1, 1))
    )
    assert longer["occupied"][0] > of(50)


@pytest.mark.parametrize("cause", CAUSES)
def test_each_term_rises_with_its_cause_and_no_other_moves(cause: str) -> None:
    none = loss_terms(section(), certain(1), ending(1))
    some = loss_terms(section(), certain(1), ending(1, **{cause: SOMETHING[cause]}))
    half = np.multiply(SOMETHING[cause], 0.5)
    less = loss_terms(section(), certain(1), ending(1, **{cause: half}))
    for name in TERMS:
        if name in CAUSES[cause]:
            assert 0 == none[name][0] < less[name][0] < some[name][0]
            assert some[name] == pytest.approx(2 * less[name])
        else:
            assert none[name] == some[name]


def test_every_cause_has_a_test() -> None:
    assert set(CAUSES) | {"answer"} == set(Ending._fields) == set(SOMETHING)
    assert set.union(*CAUSES.values()) | {"world_shock"} == set(TERMS)


def test_fewer_crises_elsewhere_are_a_gain() -> None:
    terms = loss_terms(section(), certain(1), ending(1, second_theatres=-0.1, programmes=-0.2))
    assert terms["second_theatres"][0] < 0
    assert terms["programmes"][0] < 0


def test_if_no_attack_comes_only_what_happens_elsewhere_counts() -> None:
    quiet = loss_terms(section(), certain(), no_attack(section(), certain()))
    assert all((one == 0).all() for one in quiet.values())
    stretched = no_attack(section(), certain(), second_theatres=0.1, programmes=np.full(3, 0.05))
    found = loss_terms(section(), certain(), stretched)
    assert {name for name, one in found.items() if (one != 0).any()} == {
        "second_theatres", "programmes",
    }  # fmt: skip


@given(scale=st.floats(0, 1), index=st.integers(0, len(CAUSES) - 1))
@settings(max_examples=60, deadline=None)
def test_a_worse_war_never_costs_less(scale: float, index: int) -> None:
    name = list(CAUSES)[index]
    milder = SOMETHING | {name: np.multiply(SOMETHING[name], scale)}
    assert (
        summed(loss_terms(section(), certain(1), ending(1, **milder)))[0]
        <= summed(loss_terms(section(), certain(1), ending(1, **SOMETHING)))[0] + 1e-12
    )


# ---- wrong input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"dead": np.zeros(2)}, r"ending.dead: must have the shape \(3,\)"),
        ({"dead": np.zeros((3, 1))}, r"got \(3, 1\)"),
        ({"occupied": np.zeros((3, 3))}, r"ending.occupied: must have the shape \(3, 2\)"),
        ({"answer": np.zeros(3)}, r"ending.answer: must have the shape \(3, 3\)"),
        ({"answer": np.ones((3, 3))}, "must add up to at most 1"),
        ({"dead": np.full(3, -1.0)}, "ending.dead: must be a finite number of at least 0"),
        ({"civilians": np.array([0, np.nan, 0])}, "ending.civilians"),
        ({"occupied": np.full((3, 2), 1.1)}, "ending.occupied: must be from 0 to 1"),
        ({"nuclear_use": np.full(3, 1.5)}, "ending.nuclear_use: must be from 0 to 1"),
        ({"munitions_spent": np.full(3, -0.1)}, "ending.munitions_spent"),
        ({"programmes": np.full(3, np.inf)}, "ending.programmes: must be a finite number"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Floats], message: str) -> None:
    with pytest.raises(InputError, match=message):
        loss_terms(section(), certain(), ending()._replace(**changes))


@pytest.mark.parametrize("p", [-0.1, 1.1, np.nan])
def test_what_is_no_probability_is_refused(p: float) -> None:
    terms = loss_terms(section(), certain(), ending())
    with pytest.raises(InputError, match="p_attacked"):
        expected_loss(terms, np.array([0.1, p, 0.1]), posture_cost=np.zeros(3))


# ---- expected loss ------------------------------------------------------------------------------


def test_without_a_war_only_the_posture_costs() -> None:
    terms = loss_terms(section(), certain(), ending(**SOMETHING))
    cost = np.array([1.0, 2.0, -3.0])
    found = expected_loss(terms, np.zeros(3), posture_cost=cost)
    assert (found.total == cost).all()
    assert (found.without_posture == 0).all()
    assert tuple(found.terms) == (POSTURE, *TERMS)


def test_a_war_counts_by_its_probability() -> None:
    terms = loss_terms(section(), certain(), ending(**SOMETHING))
    p = np.array([0.0, 0.25, 1.0])
    found = expected_loss(terms, p, posture_cost=np.full(3, 7.0))
    assert found.total == pytest.approx(7 + p * summed(terms))
    assert found.without_posture == pytest.approx(p * summed(terms))
    assert summed(found.terms) == pytest.approx(found.total)


def test_peace_has_its_price_elsewhere() -> None:
    one = section()
    terms = loss_terms(one, certain(), ending(**SOMETHING))
    peace = loss_terms(one, certain(), no_attack(one, certain(), second_theatres=0.02))
    p = np.array([0.0, 0.25, 1.0])
    found = expected_loss(terms, p, posture_cost=np.zeros(3), peace=peace)
    assert found.total == pytest.approx(p * summed(terms) + (1 - p) * summed(peace))


def test_the_low_end_of_nuclear_use_changes_nothing_else() -> None:
    wide = Loss.model_validate(PRICES)
    low = at_low_nuclear_end(wide)
    assert low.nuclear.is_certain
    assert low.nuclear.value == pytest.approx(500)
    assert low.model_copy(update={"nuclear": wide.nuclear}) == wide
    terms = loss_terms(low, certain(), ending(**SOMETHING))
    assert terms["nuclear"] == pytest.approx(np.full(3, 0.02 * 500))


def test_credibility_and_red_have_no_price() -> None:
    names = {*Loss.model_fields, *Ending._fields, *TERMS}
    assert not [name for name in names if "red" in name.split("_") or "credib" in name]


# ---- postures and the Baltic --------------------------------------------------------------------


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def worlds(baltic: Scenario) -> Worlds:
    return draw_worlds(baltic, 256, 1)


def test_costs_of_postures_are_within_those_of_the_command(
    baltic: Scenario, worlds: Worlds
) -> None:
    for told in posture_costs(baltic):
        found = posture_money(baltic, told.posture, worlds)
        for drawn, bounds in ((found.one_off, told.one_off_meur), (found.annual, told.annual_meur)):
            assert bounds.low - 1e-6 <= drawn.min()
            assert drawn.max() <= bounds.high + 1e-6


def test_a_posture_costs_what_it_has_above_the_base(baltic: Scenario, worlds: Worlds) -> None:
    assert (posture_cost_beur(baltic, "tripwire", worlds) == 0).all()
    forward, base = (posture_money(baltic, name, worlds) for name in ("forward", "tripwire"))
    years = (1 - 1.03**-5) / math.log(1.03)
    by_hand = forward.one_off - base.one_off + (forward.annual - base.annual) * years
    assert posture_cost_beur(baltic, "forward", worlds) == pytest.approx(by_hand / 1000)
    assert (posture_cost_beur(baltic, "none", worlds) < 0).all()


def test_the_base_is_the_scenarios(baltic: Scenario, worlds: Worlds) -> None:
    changed = baltic.replace({"loss.above": "none"})
    assert (posture_cost_beur(changed, "none", worlds) == 0).all()
    assert (posture_cost_beur(changed, "tripwire", worlds) > 0).all()


def test_what_a_scenario_lacks_is_told(mini: Scenario, baltic: Scenario, worlds: Worlds) -> None:
    with pytest.raises(InputError, match="has no loss, so nothing has a price"):
        loss_of(mini)
    with pytest.raises(InputError, match=r"has no posture 'forwards'; .* did you mean forward"):
        posture_cost_beur(baltic, "forwards", worlds)


def test_worlds_do_not_hang_on_their_neighbours(baltic: Scenario, worlds: Worlds) -> None:
    one = loss_of(baltic)
    occupied = np.tile([0.5, 0.6, 0.1], (256, 1))
    whole = ending(256, **SOMETHING)._replace(occupied=occupied)
    part = Ending(*(values[64:128] for values in whole))
    chunk = worlds.chunk(64, 128)
    everything, some = loss_terms(one, worlds, whole), loss_terms(one, chunk, part)
    assert all((everything[name][64:128] == some[name]).all() for name in TERMS)
    assert (
        posture_cost_beur(baltic, "forward", worlds)[64:128]
        == posture_cost_beur(baltic, "forward", chunk)
    ).all()


def test_the_low_end_costs_no_more_in_any_world(baltic: Scenario, worlds: Worlds) -> None:
    one = loss_of(baltic)
    told = ending(256, **SOMETHING)._replace(occupied=np.zeros((256, 3)))
    wide, low = (loss_terms(price, worlds, told) for price in (one, at_low_nuclear_end(one)))
    assert (low["nuclear"] <= wide["nuclear"]).all()
    assert low["nuclear"] == pytest.approx(np.full(256, 0.02 * 500))
    assert (wide["nuclear"].max(), wide["nuclear"].min()) == pytest.approx((400, 10), rel=0.05)
