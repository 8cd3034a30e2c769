"""A crisis bound to the war: its chances and the worth of its ends, by numbers worked out by hand.

The small crisis below is filled with certain numbers, so that every entry can be told beforehand;
what is measured of the war has a digit for each thing that it hangs on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from glacis.assess.played import Played, attacks, play
from glacis.crisis.binding import (
    ANSWERS,
    DECISION,
    END,
    MEASURES,
    REINFORCED,
    UNREINFORCED,
    Bound,
    Drawn,
    End,
    Prospect,
    View,
    bind,
)
from glacis.crisis.equilibrium import Games
from glacis.crisis.tree import CHANCE
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.crisis import GREY_ZONE, REFRAIN, Crisis
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.scenario.read import read_scenario

WORLDS = 2
OPTIONS = {"big": "assault", "small": "limited"}

#: Red knows its type and goes far or not so far; whether the small grab has gained is not drawn.
STAGES: dict[str, Any] = {
    "nature": {
        "player": "chance",
        "seen_by": "red",
        "actions": {
            "wary": {"then": "act", "forecast": "insecure"},
            "bold": {"then": "act"},
        },
    },
    "act": {
        "player": "red",
        "actions": {
            "refrain": {"pays": {"calm": 1}},
            "grey-zone": {"pays": {"promise": 0.1}},
            "big": {"then": "push", "pays": {"promise": 0.25}},
            "small": {"then": "answer"},
        },
    },
    "push": {
        "player": "chance",
        "actions": {
            "gained": {"then": "answer", "forecast": "gained", "pays": {"promise": 0.0625}},
            "held": {"then": "answer"},
        },
    },
    "answer": {
        "player": "chance",
        "actions": {
            "none": {"war": "end"},
            "limited": {"war": "decision", "keeps": 0, "forecast": "limited"},
            "full": {"then": "nerve", "forecast": "full", "pays": {"promise": -0.5}},
        },
    },
    "nerve": {
        "player": "chance",
        "seen_by": "blue",
        "actions": {
            "firm": {"then": "reply", "probability": 0.7, "believed": 0.4},
            "weak": {"then": "reply"},
        },
    },
    "reply": {
        "player": "blue",
        "actions": {
            "yield": {"war": "decision", "keeps": 0.5, "pays": {"promise": 1}},
            "fight": {
                "war": "end",
                "cases": [
                    {"when": {"act": "big"}, "pays": {"promise": 2, "calm": 3}},
                    {"when": {"act": "big", "push": "held"}, "pays": {"promise": 4}},
                    {"when": {"push": "gained", "act": "small"}, "pays": {"promise": 100}},
                ],
            },
        },
    },
}

TYPES: dict[str, Any] = {
    "bold": {"player": "red", "weights": {"ground": 1, "promise": 0.5, "red-dead": -1}},
    "wary": {"player": "red", "weights": {"ground": 2, "fear": -1, "calm": 0.25}},
    "firm": {"player": "blue", "weights": {"ground": -4, "blue-dead": -2}},
    "weak": {"player": "blue", "weights": {"ground": -1, "promise": -1, "atom": -8}},
}

ATTRIBUTES = {
    "ground": "ground",
    "red-dead": "red-losses",
    "blue-dead": "blue-losses",
    "atom": "nuclear",
    "fear": "threat",
    "promise": None,
    "calm": None,
}


def crisis(
    *,
    stages: dict[str, Any] = STAGES,
    types: dict[str, Any] = TYPES,
    success: dict[str, float] | None = None,
) -> Crisis:
    """The small crisis, or one like it."""
    return Crisis.model_validate(
        {
            "players": ["red", "blue"],
            "challenger": "red",
            "precision": 5,
            "optimism": 1,
            "insight": 0,
            "occasions_per_year": 0.1,
            "provocation": {"above": "thin", "within_km": 300, "half": 2, "weights": {}},
            "attributes": {
                name: {"name": name, "measure": measure} for name, measure in ATTRIBUTES.items()
            },
            "types": {name: {"name": name, **one} for name, one in types.items()},
            "success": {"ground": 1, "promise": 1} if success is None else success,
            "stages": stages,
        }
    )


def certain(quantity: Quantity) -> Floats:
    """The same number in each of both worlds."""
    return np.full(WORLDS, quantity.value)


def digits(gained: float, branch: int, until: int, measure: str) -> Floats:
    """What is measured in both worlds: a digit for each thing; twice as much in the second."""
    place = MEASURES.index(measure)
    return (1 + 0.1 * gained + 0.01 * branch + 0.001 * until + 0.0001 * place) * np.array([1, 2])


def prospect(gained: tuple[float, float], *, more: float = 0.0) -> Prospect:
    """What might come of an option; with `more`, a full answer is the likelier."""
    held, won = (0.5, 0.3, 0.2), (0.2 - more, 0.3, 0.5 + more)
    answer = np.array([[held, held], [won, won]])
    shape = (2, 2, 2, len(MEASURES))
    measured = np.empty((*shape[:3], WORLDS, shape[3]))
    for g, b, u, m in np.ndindex(shape):
        measured[g, b, u, :, m] = digits(g, b, u, MEASURES[m])
    return Prospect(np.array(gained), answer, measured)


REDS = View(
    {"big": prospect((0.2, 0.6), more=0.1), "small": prospect((0.9, 1.0))},
    np.array([0.3, 0.0]),
    is_reds=True,
)
TRUE = View(
    {"big": prospect((0.0, 1.0)), "small": prospect((0.5, 0.5))}, REDS.insecure, is_reds=False
)
THREAT = np.array([0.25, 0.75])


@pytest.fixture(scope="module")
def small() -> Bound:
    return bind(crisis(), OPTIONS, title="Small")


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


def of_baltic(scenario: Scenario, changed: Crisis | None = None, **more: str) -> Bound:
    """The Baltic's crisis, or one changed from it, with further options."""
    assert scenario.crisis is not None
    kinds = {name: one.kind for name, one in scenario.options.items()}
    return bind(changed or scenario.crisis, kinds | more)


def tables(bound: Bound, view: View) -> dict[tuple[str, ...], Floats]:
    """(W, draws) of every draw, by its stage and what was done before."""
    chances, found, first = bound.chances(view, certain), {}, 0
    for number, one in enumerate(bound.grown.game.sets):
        if one.player == CHANCE:
            (node,) = bound.grown.game.members(number)
            before = bound.grown.taken[node].values()
            found[(bound.grown.drawn_at[number], *before)] = chances[
                :, first : first + len(one.actions)
            ]
            first += len(one.actions)
    assert first == chances.shape[1]
    return found


def at(bound: Bound, *way: str) -> int:
    """The number of the end to which a way leads."""
    ways = [tuple(bound.grown.taken[end.node].values()) for end in bound.ends]
    return ways.index(way)


def brought(bound: Bound, *way: str, view: View = REDS) -> dict[str, Floats]:
    """(W,) of each attribute at the end of a way; what is nothing left out."""
    names, found = bound.attributes(view, certain, threat=THREAT)
    of_end = found[:, at(bound, *way)]
    return {name: of_end[:, a] for a, name in enumerate(names) if of_end[:, a].any()}


def same(found: dict[str, Floats], **expected: Floats | float) -> None:
    """Both bring the same, and nothing else."""
    assert set(found) == {name.replace("_", "-") for name in expected}
    for name, value in expected.items():
        wanted = np.broadcast_to(np.asarray(value, dtype=float), WORLDS)
        assert found[name.replace("_", "-")] == pytest.approx(wanted, abs=1e-12), name


def measured(gained: float, branch: int, until: int, kept: float = 1.0) -> dict[str, Floats]:
    """What the war says of an end."""
    names = ("ground", "red_dead", "blue_dead", "atom")
    found = {
        name: digits(gained, branch, until, measure)
        for name, measure in zip(names, MEASURES, strict=True)
    }
    return found | {"ground": found["ground"] * kept}


# ---- chances -------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", [REDS, TRUE], ids=["Red's", "the other"])
def test_tables_add_up_to_one(small: Bound, view: View) -> None:
    found = tables(small, view)
    assert len(found) == 1 + 2 * (1 + 3 + 3)
    for table in found.values():
        assert table.sum(axis=1) == pytest.approx(np.ones(WORLDS), abs=1e-12)
        assert ((table >= 0) & (table <= 1)).all()


def test_the_share_of_insecure_types(small: Bound) -> None:
    assert tables(small, REDS)["nature",].tolist() == [[0.3, 0.7], [0.0, 1.0]]


@pytest.mark.parametrize("temper", ["wary", "bold"])
def test_what_is_gained_is_as_the_view_has_it(small: Bound, temper: str) -> None:
    seen, true = (tables(small, view)["push", temper, "big"] for view in (REDS, TRUE))
    assert seen == pytest.approx(np.array([[0.2, 0.8], [0.6, 0.4]]))
    assert true.tolist() == [[0, 1], [1, 0]]


def test_the_answer_hangs_on_what_was_gained(small: Bound) -> None:
    seen, true = tables(small, REDS), tables(small, TRUE)
    way = ("answer", "bold", "big")
    assert seen[*way, "gained"] == pytest.approx(np.tile([0.1, 0.3, 0.6], (2, 1)))
    assert true[*way, "gained"] == pytest.approx(np.tile([0.2, 0.3, 0.5], (2, 1)))
    assert seen[*way, "held"] == pytest.approx(np.tile([0.5, 0.3, 0.2], (2, 1)))


def test_where_nobody_draws_what_was_gained_the_mean_counts(small: Bound) -> None:
    seen = tables(small, REDS)["answer", "bold", "small"]
    # 0.9 x (0.2, 0.3, 0.5) + 0.1 x (0.5, 0.3, 0.2); in the second world all is gained.
    assert seen == pytest.approx(np.array([[0.23, 0.3, 0.47], [0.2, 0.3, 0.5]]))
    true = tables(small, TRUE)["answer", "bold", "small"]
    assert true == pytest.approx(np.tile([0.35, 0.3, 0.35], (2, 1)))


def test_red_errs_where_it_is_told_to(small: Bound) -> None:
    way = ("nerve", "bold", "small", "full")
    assert tables(small, REDS)[way] == pytest.approx(np.tile([0.4, 0.6], (2, 1)))
    assert tables(small, TRUE)[way] == pytest.approx(np.tile([0.7, 0.3], (2, 1)))


def test_a_belief_of_nothing_counts_too() -> None:
    firm = {"then": "reply", "probability": 0.7, "believed": 0}
    nerve = STAGES["nerve"] | {"actions": {"firm": firm, "weak": {"then": "reply"}}}
    bound = bind(crisis(stages=STAGES | {"nerve": nerve}), OPTIONS)
    way = ("nerve", "bold", "small", "full")
    assert tables(bound, REDS)[way].tolist() == [[0, 1], [0, 1]]
    assert tables(bound, TRUE)[way] == pytest.approx(np.tile([0.7, 0.3], (2, 1)))


def test_the_answer_that_takes_the_rest_may_be_any() -> None:
    actions = STAGES["answer"]["actions"]
    answer = {
        "none": actions["none"] | {"forecast": "none"},
        "limited": actions["limited"],
        "full": {"then": "nerve"},
    }
    stages = STAGES | {"answer": {"player": "chance", "actions": answer}}
    bound = bind(crisis(stages=stages), OPTIONS)
    assert tables(bound, REDS)["answer", "bold", "big", "gained"] == pytest.approx(
        np.tile([0.1, 0.3, 0.6], (2, 1))
    )
    found = brought(bound, "bold", "small", "full", "firm", "fight")
    assert found["blue-dead"][0] == pytest.approx(digits(0.9, REINFORCED, END, "blue-losses")[0])


def test_prospects_of_the_first_worlds() -> None:
    whole = REDS.prospects["big"]
    first = whole.first(1)
    assert (first.gained.shape, first.answer.shape) == ((1,), (2, 1, len(ANSWERS)))
    assert np.array_equal(first.measured, whole.measured[:, :, :, :1])


def test_a_crisis_in_which_chance_draws_nothing() -> None:
    """It can be played, with nothing to be drawn: by the log-odds that precision says."""
    act = {"refrain": {}, "grey-zone": {}, "big": {"war": "end"}}
    types = {"bold": TYPES["bold"], "firm": TYPES["firm"]}
    stages = {"act": {"player": "red", "actions": act}}
    bound = bind(crisis(stages=stages, types=types), OPTIONS)
    assert bound.chances(REDS, certain).shape == (WORLDS, 0)
    assert [end.tempers for end in bound.ends] == [{}] * 3
    view = REDS.prospects["big"]._replace(measured=REDS.prospects["big"].measured / 4)
    played = solved(bound, View({"big": view}, REDS.insecure, is_reds=True))
    assert (played.solved.status == 0).all()
    # Ground less Red's dead: -0.0001 / 4 x (1, 2), by the scale of 1.5.
    worth_of_it = -0.0001 / 4 * np.array([1, 2]) / 1.5
    odds = np.exp(PRECISIONS * worth_of_it)
    assert attacks(played) == pytest.approx(odds / (2 + odds), rel=1e-9)


# ---- ends ----------------------------------------------------------------------------------------


def test_ends_in_the_terms_of_the_scenario(small: Bound) -> None:
    assert len(small.ends) == 2 * (1 + 1 + 2 * 6 + 6)
    end = small.ends[at(small, "wary", "big", "gained", "full", "weak", "yield")]
    tempers = {"red": "wary", "blue": "weak"}
    assert end == End(end.node, "big", tempers, Drawn(True, "full"), DECISION)
    held = small.ends[at(small, "bold", "big", "held", "none")]
    assert held == End(held.node, "big", {"red": "bold"}, Drawn(False, "none"), END)
    grab = small.ends[at(small, "bold", "small", "limited")]
    assert (grab.drawn, grab.until) == (Drawn(None, "limited"), DECISION)
    rest = small.ends[at(small, "bold", "refrain")]
    assert rest == End(rest.node, REFRAIN, {"red": "bold"}, Drawn(None, ""), END)


def test_ends_of_the_baltic(baltic: Scenario) -> None:
    ends = of_baltic(baltic).ends
    assert len(ends) == 196
    assert {end.act for end in ends} == {REFRAIN, GREY_ZONE, *baltic.options}
    assert all(set(end.tempers) >= {"red"} for end in ends)
    armed = [end for end in ends if end.act in baltic.options]
    assert all(end.drawn.gained is not None and end.drawn.answer in ANSWERS for end in armed)
    assert {end.drawn for end in ends if end not in armed} == {Drawn(None, "")}
    fought = [end for end in ends if "blue" in end.tempers]
    assert {end.drawn.answer for end in fought} == {"full"}


# ---- what ends bring -----------------------------------------------------------------------------


def test_who_refrains_feels_the_threat_and_nothing_of_a_war(small: Bound) -> None:
    same(brought(small, "wary", "refrain"), fear=THREAT, calm=1)
    same(brought(small, "bold", "refrain"), fear=THREAT, calm=1)


def test_the_grey_zone_has_neither(small: Bound) -> None:
    same(brought(small, "wary", "grey-zone"), promise=0.1)


def test_without_an_answer_the_war_goes_on_unreinforced(small: Bound) -> None:
    found = brought(small, "bold", "big", "gained", "none")
    same(found, **measured(1, UNREINFORCED, END), promise=0.3125)
    held = brought(small, "bold", "big", "held", "none")
    same(held, **measured(0, UNREINFORCED, END), promise=0.25)


def test_a_limited_answer_reinforces_nobody(small: Bound) -> None:
    found = brought(small, "bold", "big", "gained", "limited")
    told = measured(1, UNREINFORCED, DECISION)
    told.pop("ground")  # it keeps nothing
    same(found, **told, promise=0.3125)


def test_a_settlement_gives_ground_back_and_no_losses(small: Bound) -> None:
    found = brought(small, "bold", "big", "held", "full", "firm", "yield")
    same(found, **measured(0, REINFORCED, DECISION, kept=0.5), promise=0.25 - 0.5 + 1)


def test_payments_add_up_with_the_cases_that_fit(small: Bound) -> None:
    gained = brought(small, "bold", "big", "gained", "full", "firm", "fight")
    same(gained, **measured(1, REINFORCED, END), promise=0.25 + 0.0625 - 0.5 + 2, calm=3)
    held = brought(small, "bold", "big", "held", "full", "firm", "fight")
    same(held, **measured(0, REINFORCED, END), promise=0.25 - 0.5 + 2 + 4, calm=3)
    grab = brought(small, "bold", "small", "full", "firm", "fight")
    assert grab["promise"] == pytest.approx([-0.5, -0.5])


def test_losses_are_a_mean_where_nobody_draws_what_was_gained(small: Bound) -> None:
    found = brought(small, "bold", "small", "full", "weak", "fight")
    for name, measure in (("ground", "ground"), ("red-dead", "red-losses"), ("atom", "nuclear")):
        first, second = (
            digits(0.9, REINFORCED, END, measure)[0],
            digits(1, REINFORCED, END, measure)[1],
        )
        assert found[name] == pytest.approx([first, second])
    true = brought(small, "bold", "small", "full", "weak", "fight", view=TRUE)
    assert true["ground"] == pytest.approx(digits(0.5, REINFORCED, END, "ground"))


def test_views_differ_by_their_prospects(small: Bound) -> None:
    fewer = REDS.prospects["big"]._replace(measured=REDS.prospects["big"].measured / 4)
    view = View({**REDS.prospects, "big": fewer}, REDS.insecure, is_reds=True)
    way = ("bold", "big", "gained", "none")
    assert brought(small, *way, view=view)["red-dead"] == pytest.approx(
        brought(small, *way)["red-dead"] / 4
    )
    way = ("bold", "small", "none")
    assert np.array_equal(brought(small, *way, view=view)["atom"], brought(small, *way)["atom"])


def test_the_last_word_on_the_war_counts() -> None:
    actions = STAGES["answer"]["actions"]
    early = actions["full"] | {"war": "decision", "keeps": 0.125}
    answer = STAGES["answer"] | {"actions": actions | {"full": early}}
    bound = bind(crisis(stages=STAGES | {"answer": answer}), OPTIONS)
    fight = brought(bound, "bold", "big", "gained", "full", "firm", "fight")
    assert fight["red-dead"] == pytest.approx(digits(1, REINFORCED, END, "red-losses"))
    assert fight["ground"] == pytest.approx(digits(1, REINFORCED, END, "ground") / 8)
    settled = brought(bound, "bold", "big", "gained", "full", "firm", "yield")
    assert settled["ground"] == pytest.approx(digits(1, REINFORCED, DECISION, "ground") / 2)


# ---- worth ---------------------------------------------------------------------------------------


def filled(bound: Bound, **values: float) -> tuple[tuple[str, ...], Floats]:
    """Names, and attributes that are the same at every end."""
    names = tuple(bound.crisis.attributes)
    row = [values.get(name.replace("-", "_"), 0.0) for name in names]
    return names, np.tile(row, (WORLDS, len(bound.ends), 1))


def worth(bound: Bound, temper: str, **values: float) -> Floats:
    """(W, ends) the worth to a type of ends that all bring the same."""
    return bound.worths(temper, *filled(bound, **values), certain)


@pytest.mark.parametrize("temper, goal", [("bold", 1), ("wary", 1), ("firm", -1), ("weak", -1)])
def test_success_and_the_status_quo_are_the_units(small: Bound, temper: str, goal: int) -> None:
    assert worth(small, temper, ground=1, promise=1) == pytest.approx(goal, abs=1e-15)
    assert not worth(small, temper).any()


def test_worths_are_sums_by_weights(small: Bound) -> None:
    # By the success: 1 + 0.5 to the bold, 2 to the wary, 4 to the firm, 1 + 1 to the weak.
    told = {"ground": 0.5, "promise": -2, "red_dead": 0.25, "blue_dead": 1, "atom": 0.5, "fear": 3}
    expected = {
        "bold": (0.5 - 1 - 0.25) / 1.5,
        "wary": (1 - 3) / 2,
        "firm": (-2 - 2) / 4,
        "weak": (-0.5 + 2 - 4) / 2,
    }
    for temper, value in expected.items():
        assert worth(small, temper, **told) == pytest.approx(value)


def test_the_scale_of_each_type(small: Bound) -> None:
    found = {temper: small.scale(temper, certain, WORLDS).tolist() for temper in TYPES}
    assert found == {"bold": [1.5] * 2, "wary": [2] * 2, "firm": [4] * 2, "weak": [2] * 2}


def payoffs(bound: Bound, view: View = REDS) -> Floats:
    """(W, nodes, players) of a view."""
    names, found = bound.attributes(view, certain, threat=THREAT)
    return bound.payoffs(names, found, certain)


def paid(bound: Bound, *way: str) -> Floats:
    """(W, players) at the end of a way."""
    return payoffs(bound)[:, bound.ends[at(bound, *way)].node]


def test_only_ends_pay(small: Bound) -> None:
    ends = {end.node for end in small.ends}
    between = [node for node in range(len(small.grown.game.nodes)) if node not in ends]
    assert not payoffs(small)[:, between].any()


def test_everybody_is_paid_by_the_type_that_was_drawn(small: Bound) -> None:
    wary, bold = paid(small, "wary", "refrain"), paid(small, "bold", "refrain")
    assert wary[:, 0] == pytest.approx((0.25 - THREAT) / 2)
    assert not bold.any()
    way = ("big", "held", "full", "firm", "fight")  # nothing gained in the end but 1.011 of ground
    ground = np.array([1.011, 2.022])
    assert paid(small, "wary", *way)[:, 0] == pytest.approx((2 * ground + 0.75) / 2)
    dead = np.array([1.0112, 2.0224])
    assert paid(small, "bold", *way)[:, 1] == pytest.approx((-4 * ground - 2 * dead) / 4)


def test_a_type_that_was_not_drawn_gets_the_mean(small: Bound) -> None:
    promise, way = 0.25 + 0.0625, ("bold", "big", "gained", "none")
    ground, dead, atom = (np.array([x, 2 * x]) for x in (1.101, 1.1012, 1.1013))
    firm, weak = (-4 * ground - 2 * dead) / 4, (-ground - promise - 8 * atom) / 2
    assert paid(small, *way)[:, 1] == pytest.approx((firm + weak) / 2)


def test_a_player_of_one_type_is_always_that() -> None:
    types = {name: one for name, one in TYPES.items() if name != "weak"}
    nerve = {"firm": {"then": "reply", "probability": 0.7}, "fog": {"then": "reply"}}
    stages = STAGES | {"nerve": {"player": "chance", "seen_by": "blue", "actions": nerve}}
    bound = bind(crisis(stages=stages, types=types), OPTIONS)
    way = ("bold", "big", "held", "full")
    assert np.array_equal(
        paid(bound, *way, "fog", "fight")[:, 1], paid(bound, *way, "firm", "fight")[:, 1]
    )


@pytest.mark.parametrize(
    "temper, weights",
    [
        ("bold", {"red-dead": -1}),
        ("bold", {"ground": 1, "promise": -1}),
        ("bold", {"ground": -1}),
        ("firm", {"ground": 1}),
        ("firm", {"blue-dead": -1}),
        ("weak", {"ground": -1e-4}),
    ],
)
def test_a_success_worth_nothing_is_refused(temper: str, weights: dict[str, float]) -> None:
    changed = TYPES | {temper: TYPES[temper] | {"weights": weights}}
    bound = bind(crisis(types=changed), OPTIONS)
    with pytest.raises(InputError, match=f"crisis.types.{temper}: an uncontested full success"):
        payoffs(bound)


@pytest.mark.parametrize("success", [{"ground": 0}, {"calm": 1}, {"ground": 1, "promise": -2}])
def test_a_success_that_is_nothing_is_refused(success: dict[str, float]) -> None:
    with pytest.raises(InputError, match="change its weights"):
        payoffs(bind(crisis(success=success), OPTIONS))


def test_a_success_of_no_attribute_is_told_by_its_field() -> None:
    with pytest.raises(ValidationError) as raised:
        crisis(success={})
    assert [(one["loc"], one["type"]) for one in raised.value.errors()] == [
        (("success",), "too_short")
    ]


def test_one_bad_world_is_enough(small: Bound) -> None:
    def values(quantity: Quantity) -> Floats:
        return np.array(
            [1.0, -1.0 if quantity.value == TYPES["wary"]["weights"]["ground"] else 1.0]
        )

    names, found = filled(small)
    with pytest.raises(InputError, match=r"got -1 in some world"):
        small.worths("wary", names, found, values)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 2))
def test_payoffs_are_linear_in_ground(one: float, other: float, mix: float) -> None:
    bound = bind(crisis(), OPTIONS)

    def of(ground: float) -> Floats:
        names, found = filled(bound, ground=ground, promise=0.5, red_dead=0.3, fear=0.1)
        return bound.payoffs(names, found, certain)

    expected = mix * of(one) + (1 - mix) * of(other)
    assert of(mix * one + (1 - mix) * other) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("factor", [0.01, 3.0, 1e6])
@pytest.mark.parametrize("temper", TYPES)
def test_the_unit_of_weights_does_not_matter(small: Bound, temper: str, factor: float) -> None:
    weights = {name: factor * weight for name, weight in TYPES[temper]["weights"].items()}
    changed = TYPES | {temper: TYPES[temper] | {"weights": weights}}
    bound = bind(crisis(types=changed), OPTIONS)
    assert payoffs(bound) == pytest.approx(payoffs(small), rel=1e-12, abs=1e-12)


# ---- splitting -----------------------------------------------------------------------------------

PRECISIONS = np.array([2.0, 25.0])


def solved(bound: Bound, view: View) -> Played:
    """The games of both worlds, as somebody sees them."""
    games = Games(payoffs(bound, view), bound.chances(view, certain), PRECISIONS)
    return play(bound, games)


def with_copy(view: View, option: str) -> View:
    """The same view, in which an option has a copy."""
    copies = {**view.prospects, f"{option}-copy": view.prospects[option]}
    return View(copies, view.insecure, view.is_reds)


def nested(stages: dict[str, Any], stage: str, option: str) -> dict[str, Any]:
    """The stages, in which an option is chosen by two copies one stage further on."""
    move, found = stages[stage]["actions"][option], dict(stages)
    actions = {
        ("kind-of" if name == option else name): ({"then": "copies"} if name == option else one)
        for name, one in stages[stage]["actions"].items()
    }
    found[stage] = stages[stage] | {"actions": actions}
    player = stages[stage]["player"]
    copies = {"player": player, "actions": {option: move, f"{option}-copy": move}}
    return found | {"copies": copies}


def test_splitting_an_option_leaves_the_attack_as_likely(small: Bound) -> None:
    split = bind(crisis(stages=nested(STAGES, "act", "small")), OPTIONS | {"small-copy": "limited"})
    assert len(split.ends) == len(small.ends) + 2 * 6
    before, after = solved(small, REDS), solved(split, with_copy(REDS, "small"))
    assert (before.solved.status == 0).all()
    assert attacks(after) == pytest.approx(attacks(before), rel=0, abs=1e-12)


def test_splitting_what_blue_does_not_see(small: Bound) -> None:
    """Blue cannot tell the big attack from the small one, so that the curve has to be followed."""
    unseen = STAGES | {name: STAGES[name] | {"seen_by": "red"} for name in ("act", "push")}
    whole = bind(crisis(stages=unseen), OPTIONS)
    split_stages = nested(unseen, "act", "small")
    split_stages["copies"] |= {"seen_by": "red"}
    split = bind(crisis(stages=split_stages), OPTIONS | {"small-copy": "limited"})
    assert len(split.grown.game.decisions) == len(whole.grown.game.decisions) + 2
    before, after = solved(whole, REDS), solved(split, with_copy(REDS, "small"))
    assert (before.solved.steps > 0).all()
    assert attacks(after) == pytest.approx(attacks(before), rel=0, abs=1e-12)


def test_copies_side_by_side_do_not(small: Bound) -> None:
    move = STAGES["act"]["actions"]["small"]
    act = STAGES["act"] | {"actions": STAGES["act"]["actions"] | {"small-copy": move}}
    flat = bind(crisis(stages=STAGES | {"act": act}), OPTIONS | {"small-copy": "limited"})
    before, after = solved(small, REDS), solved(flat, with_copy(REDS, "small"))
    assert (attacks(after) - attacks(before) > 1e-3).any()


@pytest.mark.parametrize("option", ["narva", "border-town"])
def test_splitting_a_variant_of_the_baltic(baltic: Scenario, option: str) -> None:
    section = baltic.document.tree.get("crisis")
    assert section is not None
    written, bound = section.bare(), of_baltic(baltic)
    stages = nested(written["stages"], "variant", option)
    changed = Crisis.model_validate(written | {"stages": stages})
    split = of_baltic(baltic, changed, **{f"{option}-copy": "limited"})
    gained = {"narva": (0.9, 0.6), "corridor": (0.5, 0.4), "border-town": (1, 0.8)}
    prospects = {name: prospect(gained.get(name, (0.3, 0.2))) for name in baltic.options}
    calm = {name: one._replace(measured=one.measured / 40) for name, one in prospects.items()}
    view = View(calm, REDS.insecure, is_reds=True)
    before, after = solved(bound, view), solved(split, with_copy(view, option))
    assert (before.solved.status == 0).all()
    assert (after.solved.status == 0).all()
    assert ((attacks(before) > 0.01) & (attacks(before) < 0.999)).all()
    assert attacks(after) == pytest.approx(attacks(before), rel=0, abs=1e-12)


def test_without_payoffs_the_form_of_the_tree_decides(small: Bound) -> None:
    """Every action is as likely: two of four acts are attacks."""
    games = Games(payoffs(small), small.chances(REDS, certain), np.zeros(WORLDS))
    assert attacks(play(small, games)) == pytest.approx([0.5, 0.5])
