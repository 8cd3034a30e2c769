"""A crisis bound to the war: its chances and the worth of its ends, by numbers worked out by hand.

The small crisis below is filled with certain numbers, so that every entry can be told beforehand;
what is measured of the war has a digit for each thing that it hangs on.
"""

from __future__ import annotations

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
    View,
    bind,
)
from glacis.crisis.equilibrium import Games
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.crisis import GREY_ZONE, REFRAIN, Crisis
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.scenario.read import read_scenario
from smallcrisis import (
    OPTIONS,
    REDS,
    STAGES,
    THREAT,
    TRUE,
    TYPES,
    WORLDS,
    at,
    bound_to,
    brought,
    certain,
    crisis,
    digits,
    measured,
    nested,
    prospect,
    same,
    tables,
    with_action,
    with_copy,
)


@pytest.fixture(scope="module")
def small() -> Bound:
    return bind(crisis(), OPTIONS)


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


def of_baltic(scenario: Scenario, changed: Crisis | None = None, **more: str) -> Bound:
    """The Baltic's crisis, or one changed from it, with further options."""
    assert scenario.crisis is not None
    kinds = {name: one.kind for name, one in scenario.options.items()}
    return bind(changed or scenario.crisis, kinds | more)


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
    dead = digits(0.45 / 0.47, REINFORCED, END, "blue-losses")
    assert found["blue-dead"][0] == pytest.approx(dead[0])


def test_prospects_of_the_first_worlds() -> None:
    whole = prospect((0.2, 0.6), more=0.1, aim=(0.25, 0.75))
    first = whole.first(1)
    assert (first.gained.tolist(), first.aim.tolist()) == ([0.2], [0.25])
    assert first.answer.shape == (2, 1, len(ANSWERS))
    assert np.array_equal(first.answer, whole.answer[:, :1])
    assert np.array_equal(first.measured, whole.measured[:, :, :, :1])
    assert first.full.tolist() == whole.full[:1].tolist()
    for again in (whole.first(WORLDS), whole.first(WORLDS + 1)):
        assert all(map(np.array_equal, again, whole))


def test_a_full_answer_over_what_was_gained() -> None:
    # 0.2 x 0.6 + 0.8 x 0.2 and 0.6 x 0.6 + 0.4 x 0.2; 0.9 x 0.5 + 0.1 x 0.2 and 0.5.
    assert REDS.prospects["big"].full == pytest.approx([0.28, 0.44])
    assert REDS.prospects["small"].full == pytest.approx([0.47, 0.5])


def test_the_forecast_of_a_full_answer_is_that_which_is_drawn(small: Bound) -> None:
    for view in (REDS, TRUE):
        drawn = tables(small, view)["answer", "wary", "small"][:, ANSWERS.index("full")]
        assert drawn == pytest.approx(view.prospects["small"].full)


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
    assert end == End(end.node, "big", tempers, Drawn(True, "full"), REINFORCED, DECISION)
    held = small.ends[at(small, "bold", "big", "held", "none")]
    none = Drawn(False, "none")
    assert held == End(held.node, "big", {"red": "bold"}, none, UNREINFORCED, END)
    grab = small.ends[at(small, "bold", "small", "limited")]
    assert (grab.drawn, grab.branch) == (Drawn(None, "limited"), UNREINFORCED)
    assert grab.until == DECISION
    rest = small.ends[at(small, "bold", "refrain")]
    nothing = Drawn(None, "")
    assert rest == End(rest.node, REFRAIN, {"red": "bold"}, nothing, UNREINFORCED, END)


def test_what_red_can_do_and_what_is_forecast(small: Bound, baltic: Scenario) -> None:
    assert small.acts == {REFRAIN, GREY_ZONE, "big", "small"}
    assert small.events == {"insecure", "gained", "limited", "full"}
    assert of_baltic(baltic).acts == {REFRAIN, GREY_ZONE, *baltic.options}
    move = {"player": "red", "actions": {"refrain": {}, "big": {"war": "end"}}}
    bare = bind(crisis(stages={"act": move}), OPTIONS)
    assert (bare.acts, bare.events) == ({REFRAIN, "big"}, frozenset())


def test_help_comes_by_a_full_answer_and_stays_if_it_is_not_called_off() -> None:
    bound = bound_to(**with_action("reply", "yield", war="abandoned"))
    for end in bound.ends:
        done = list(bound.grown.taken[end.node].values())
        assert (end.branch == REINFORCED) == (done[-1] == "fight")
        assert (end.drawn.answer == "full") == (done[-1] in ("fight", "yield"))
        assert (end.until == DECISION) == (done[-1] == "limited")


def test_ends_of_the_baltic(baltic: Scenario) -> None:
    bound = of_baltic(baltic)
    ends = bound.ends
    assert len(ends) == 196
    assert {end.act for end in ends} == {REFRAIN, GREY_ZONE, *baltic.options}
    assert all(set(end.tempers) >= {"red"} for end in ends)
    armed = [end for end in ends if end.act in baltic.options]
    assert all(end.drawn.gained is not None and end.drawn.answer in ANSWERS for end in armed)
    assert {end.drawn for end in ends if end not in armed} == {Drawn(None, "")}
    fought = [end for end in ends if "blue" in end.tempers]
    assert {end.drawn.answer for end in fought} == {"full"}
    helped = {end.drawn.answer for end in ends if end.branch == REINFORCED}
    assert helped == {"full"}
    gone_on = [end for end in fought if bound.grown.taken[end.node]["resolve"] == "press-on"]
    assert {(end.branch, end.until) for end in gone_on} == {(REINFORCED, END)}


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


#: Of the small grab, on which nobody draws it: whether it has gained, given the answer. Red takes
#: it for 0.9 x 0.2 of 0.9 x 0.2 + 0.1 x 0.5, and so on; in its second world all is gained. In the
#: other view it is even odds.
GIVEN = {
    "none": ((0.18 / 0.23, 1), (0.1 / 0.35,) * 2),
    "limited": ((0.27 / 0.3, 1), (0.5,) * 2),
    "full": ((0.45 / 0.47, 1), (0.25 / 0.35,) * 2),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answer_tells_what_was_gained_where_nobody_draws_it(small: Bound, answer: str) -> None:
    reply = ("weak", "fight") if answer == "full" else ()
    branch = REINFORCED if answer == "full" else UNREINFORCED
    until = DECISION if answer == "limited" else END
    for view, given_it in zip((REDS, TRUE), GIVEN[answer], strict=True):
        found = brought(small, "bold", "small", answer, *reply, view=view)
        for name, measure in zip(("red-dead", "blue-dead", "atom"), MEASURES[1:], strict=True):
            one, two = (
                digits(gained, branch, until, measure)[w] for w, gained in enumerate(given_it)
            )
            assert found[name] == pytest.approx([one, two], rel=1e-12), (answer, measure)


def of_small(**fields: Floats) -> View:
    """Red's view, in which something of the small grab's prospect is other."""
    changed = {"small": REDS.prospects["small"]._replace(**fields)}
    return View({**REDS.prospects, **changed}, REDS.insecure, is_reds=True)


@pytest.mark.parametrize(
    "held, won, expected",
    [
        (0.0, 0.0, 0.9),  # the answer that nobody can give tells nothing
        (0.0, 0.25, 1.0),
        (0.25, 0.0, 0.0),
        (0.25, 0.25, 0.9),  # nor does one that all give alike
        (0.75, 0.25, 0.75),  # 0.9 x 1 against 0.1 x 3
        (1.0, 1e-300, 0.0),
    ],
)
def test_an_answer_tells_as_much_as_it_hangs_on(
    small: Bound, held: float, won: float, expected: float
) -> None:
    rows = np.array([[1 - held, 0, held], [1 - won, 0, won]])
    view = of_small(gained=np.array([0.9, 0.9]), answer=np.stack([rows, rows], axis=1))
    found = brought(small, "wary", "small", "full", "firm", "fight", view=view)
    assert found["ground"] == pytest.approx(digits(expected, REINFORCED, END, "ground"))


def test_before_an_answer_nothing_is_told() -> None:
    act = {"refrain": {}, "small": {"war": "end"}}
    types = {"bold": TYPES["bold"], "firm": TYPES["firm"]}
    bound = bind(crisis(stages={"act": {"player": "red", "actions": act}}, types=types), OPTIONS)
    first, second = (digits(gained, UNREINFORCED, END, "ground") for gained in (0.9, 1))
    assert brought(bound, "small")["ground"] == pytest.approx([first[0], second[1]])


SHARES = st.floats(0, 1)


@given(SHARES, st.tuples(SHARES, SHARES), st.tuples(SHARES, SHARES))
def test_answers_tell_nothing_on_the_whole(
    gained: float, held: tuple[float, float], won: tuple[float, float]
) -> None:
    """By how likely each answer is, what it tells adds up to what was thought before."""
    bound = bind(crisis(), OPTIONS)
    rows = [((1 - a) * (1 - b), (1 - a) * b, a) for a, b in (held, won)]
    measured = np.empty_like(REDS.prospects["small"].measured)
    measured[:] = np.array([2.0, 3.0]).reshape(2, 1, 1, 1, 1)
    answer = np.tile(np.array(rows)[:, None], (1, WORLDS, 1))
    view = of_small(gained=np.full(WORLDS, gained), answer=answer, measured=measured)
    chance = tables(bound, view)["answer", "bold", "small"]
    ways = (("none",), ("limited",), ("full", "firm", "fight"))
    told = np.stack(
        [brought(bound, "bold", "small", *way, view=view)["red-dead"] for way in ways], axis=1
    )
    assert (chance * told).sum(axis=1) == pytest.approx(np.full(WORLDS, 2 + gained))


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


@pytest.mark.parametrize("gained", ["gained", "held"])
def test_help_that_is_called_off_leaves_the_war_as_without_it(gained: str) -> None:
    bound = bound_to(**with_action("reply", "yield", war="abandoned"))
    found = brought(bound, "bold", "big", gained, "full", "weak", "yield")
    paid_before = 0.25 + 0.0625 * (gained == "gained")
    told = measured(float(gained == "gained"), UNREINFORCED, END, kept=0.5)
    same(found, **told, promise=paid_before - 0.5 + 1)


def test_help_that_is_called_off_was_an_answer_all_the_same() -> None:
    """So that it tells what was gained: 0.45 / 0.47 where 0.18 / 0.23 is told by none."""
    bound = bound_to(**with_action("reply", "yield", war="abandoned"))
    found = brought(bound, "bold", "small", "full", "weak", "yield")
    assert found["red-dead"][0] == pytest.approx(
        digits(0.45 / 0.47, UNREINFORCED, END, "red-losses")[0]
    )


def test_who_was_not_helped_is_not_abandoned(small: Bound) -> None:
    bound = bound_to(**with_action("answer", "none", war="abandoned"))
    for way in (("big", "held", "none"), ("small", "none")):
        found, expected = (brought(one, "bold", *way) for one in (bound, small))
        same(found, **{name.replace("-", "_"): value for name, value in expected.items()})


def test_the_last_word_on_help_counts() -> None:
    """Called off at once, help comes after all where Blue says until when, and only there."""
    early = with_action("answer", "full", war="abandoned")
    reply = with_action("reply", "fight", war=None)
    for stages, branch, until in (
        (early, REINFORCED, END),
        (early | reply, UNREINFORCED, END),
        (early | with_action("reply", "fight", war="decision"), REINFORCED, DECISION),
    ):
        found = brought(bound_to(**stages), "bold", "big", "gained", "full", "firm", "fight")
        assert found["ground"] == pytest.approx(digits(1, branch, until, "ground"))


# ---- what is won ---------------------------------------------------------------------------------


def aiming(*aim: float, option: str = "big") -> View:
    """Red's view, with a quarter of what is measured, and what the attack aims at."""
    one = REDS.prospects[option]
    calm = one._replace(measured=one.measured / 4, aim=np.array(aim))
    return View({**REDS.prospects, option: calm}, REDS.insecure, is_reds=True)


def test_wins_are_paid_by_the_share_of_the_aim() -> None:
    """Of ground, 1.101 / 4 is 0.5505 of an aim of a half; in the other world it is twice all."""
    bound = bound_to(**with_action("answer", "none", wins={"promise": 2, "calm": -1}))
    found = brought(bound, "bold", "big", "gained", "none", view=aiming(0.5, 0.25))
    assert found["promise"] == pytest.approx([0.3125 + 1.101, 0.3125 + 2])
    assert found["calm"] == pytest.approx([-0.5505, -1])
    assert found["ground"] == pytest.approx([0.27525, 0.5505])  # as without
    held = brought(bound, "bold", "big", "held", "none", view=aiming(0.5, 1))
    assert held["promise"] == pytest.approx([0.25 + 1.001] * 2)  # 1.001 / 4 of a half; of all


def test_wins_are_not_paid_elsewhere(small: Bound) -> None:
    bound = bound_to(**with_action("answer", "none", wins={"promise": 2}))
    for way in (("refrain",), ("grey-zone",), ("big", "held", "full", "firm", "fight")):
        found, expected = (brought(one, "bold", *way) for one in (bound, small))
        same(found, **{name.replace("-", "_"): value for name, value in expected.items()})


@pytest.mark.parametrize(
    "ground, aim, share",
    [
        (0.2, 0.4, 0.5),
        (0.4, 0.4, 1),
        (0.6, 0.4, 1),
        (0, 0.4, 0),
        (-0.1, 0.4, 0),
        (0.1, 0, 1),
        (0, 0, 0),
    ],
)
def test_no_more_is_won_than_there_is(ground: float, aim: float, share: float) -> None:
    bound = bound_to(**with_action("answer", "none", wins={"calm": 3}))
    held = REDS.prospects["big"]._replace(
        measured=np.full_like(REDS.prospects["big"].measured, ground), aim=np.full(WORLDS, aim)
    )
    view = View({"big": held, "small": held}, REDS.insecure, is_reds=True)
    for way in (("big", "gained"), ("big", "held"), ("small",)):
        found = brought(bound, "bold", *way, "none", view=view)
        assert found.get("calm", np.zeros(WORLDS)) == pytest.approx([3 * share] * 2)


def test_what_is_given_back_is_not_won() -> None:
    """By the share that is kept in the end, whenever it was that it was to be won."""
    stages = with_action("act", "big", wins={"calm": 1}) | with_action(
        "reply", "yield", wins={"calm": 2}
    )
    bound, view = bound_to(**stages), aiming(0.5, 0.5)
    settled = brought(bound, "bold", "big", "gained", "full", "firm", "yield", view=view)
    share = np.array([1, 2]) * 1.11 / 4 * 0.5 / 0.5  # reinforced, up to the decision; half of it
    assert settled["calm"] == pytest.approx(3 * share)
    assert settled["ground"] == pytest.approx(share / 2)
    nothing = brought(bound, "bold", "big", "gained", "limited", view=view)
    assert "calm" not in nothing
    fought = brought(bound, "bold", "big", "gained", "none", view=view)
    assert fought["calm"] == pytest.approx([0.5505, 1])


def test_wins_add_up_with_the_cases_that_fit() -> None:
    """Of which the first pays nothing, and the second does both."""
    cases = [
        {"when": {"act": "big"}, "wins": {"promise": 4}},
        {"when": {"act": "big", "push": "held"}, "wins": {"promise": 8}, "pays": {"calm": 3}},
        {"when": {"act": "small"}, "wins": {"promise": 100}},
    ]
    bound = bound_to(**with_action("reply", "fight", wins={"promise": 2}, cases=cases))
    view = aiming(0.5, 1)  # of 1.111 / 4, and of twice as much: 0.5555
    gained = brought(bound, "bold", "big", "gained", "full", "firm", "fight", view=view)
    assert gained["promise"] == pytest.approx([0.3125 - 0.5 + 6 * 0.5555] * 2)
    assert "calm" not in gained
    held = brought(bound, "bold", "big", "held", "full", "firm", "fight", view=view)
    assert held["promise"] == pytest.approx([0.25 - 0.5 + 14 * 0.5055] * 2)  # of 1.011 / 4
    assert held["calm"] == pytest.approx([3, 3])


def test_what_is_won_is_a_mean_where_nobody_draws_it() -> None:
    """And of a war without the help that was called off."""
    bound = bound_to(**with_action("reply", "yield", war="abandoned", keeps=1, wins={"calm": 1}))
    view = aiming(0.5, 1, option="small")
    found = brought(bound, "bold", "small", "full", "weak", "yield", view=view)
    first, second = (digits(gained, UNREINFORCED, END, "ground") for gained in (0.45 / 0.47, 1))
    assert found["calm"] == pytest.approx([first[0] / 4 / 0.5, second[1] / 4])


def test_wins_that_are_drawn_are_of_each_world() -> None:
    bound = bound_to(**with_action("answer", "none", wins={"calm": 7}))

    def values(quantity: Quantity) -> Floats:
        return certain(quantity) * (np.array([1, 3]) if quantity.value == 7 else 1)

    names, found = bound.attributes(aiming(0.5, 1), values, threat=THREAT)
    won = found[:, at(bound, "bold", "big", "gained", "none"), names.index("calm")]
    assert won == pytest.approx([7 * 0.5505, 21 * 0.5505])


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
    calm = {
        name: one._replace(measured=one.measured / 40, aim=np.array([0.04, 0.06]))
        for name, one in prospects.items()
    }
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
