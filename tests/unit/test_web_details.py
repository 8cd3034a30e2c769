"""The tabs below the page: they agree with the answer above them, and with the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glacis.assess.council import council
from glacis.assess.crisis import crisis_game
from glacis.assess.outcome import OUTCOMES
from glacis.campaign.run import draw_worlds
from glacis.crisis.belief import belief_timeline
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.game import ANSWERS
from glacis.scenario.read import read_scenario
from glacis.study.compare import compare
from glacis.web.alliance import TERM_NOTES
from glacis.web.details import PARTS, council_alone, lacking
from glacis.web.game import FOLD, FOLDS
from glacis.web.library import Library
from glacis.web.live import MOST_WORLDS, Desk
from glacis.web.state import State

WORLDS = 24
STATE = State(posture="forward", levers={"minehunter": 3}, seed=5)
EXACT = 1e-12


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(Library(tmp_path_factory.mktemp("library")))


@pytest.fixture(scope="module")
def answer(desk: Desk) -> dict[str, Any]:
    return desk.answer(STATE, WORLDS)


@pytest.fixture(scope="module")
def told(desk: Desk) -> dict[str, dict[str, Any]]:
    return {part: desk.detail(part, STATE, WORLDS) for part in PARTS}


def same(found: dict[str, Any], figure: dict[str, Any]) -> None:
    for name in ("mean", "p05", "p50", "p95"):
        assert found[name] == pytest.approx(figure[name], rel=EXACT, abs=EXACT)


def test_every_part_says_what_it_is_of(told: dict[str, dict[str, Any]]) -> None:
    for part in PARTS:
        head = {name: told[part][name] for name in ("posture", "seed", "worlds")}
        assert head == {"posture": "mine", "seed": 5, "worlds": WORLDS}


# ---- the game -----------------------------------------------------------------------------------


def test_the_tree_attacks_as_often_as_the_headline_says(
    told: dict[str, dict[str, Any]], answer: dict[str, Any]
) -> None:
    ends = [one for one in told["game"]["tree"]["nodes"] if one["act"] is not None]
    for view in ("expected", "true"):
        attack = sum(one[view] for one in ends if one["act"] in ("limited", "assault"))
        assert attack == pytest.approx(answer["figures"]["p_attack"]["mean"], abs=EXACT)
        assert sum(one[view] for one in ends) == pytest.approx(1, abs=EXACT)
    same(told["game"]["p_attack"], answer["figures"]["p_attack"])
    assert told["game"]["p_attack"]["half_width"] == answer["figures"]["p_attack"]["half_width"]
    same(told["game"]["belief_full"], answer["figures"]["belief_full"])


def test_ways_add_up_to_where_they_come_from(told: dict[str, dict[str, Any]]) -> None:
    nodes = told["game"]["tree"]["nodes"]
    assert nodes[0]["parent"] == -1
    assert (nodes[0]["expected"], nodes[0]["true"]) == (1.0, 1.0)
    for number, one in enumerate(nodes):
        below = [other for other in nodes if other["parent"] == number]
        assert bool(below) == (one["moves"] is not None) == (one["worth"] is None)
        for view in ("expected", "true") if below else ():
            assert sum(each[view] for each in below) == pytest.approx(one[view], abs=EXACT)
        assert one["parent"] < number
    assert {one["moves"] for one in nodes} == {"red", "blue", "chance", None}
    assert FOLD in FOLDS


def test_what_happens_may_differ_from_what_red_expects(told: dict[str, dict[str, Any]]) -> None:
    nodes = told["game"]["tree"]["nodes"]
    moved = [one for one in nodes if one["expected"] != pytest.approx(one["true"], abs=1e-6)]
    assert moved
    above = {one["parent"] for one in moved}
    assert any(nodes[number]["moves"] == "chance" for number in above)


def test_the_game_is_that_of_the_command(desk: Desk) -> None:
    state = State(posture="porcupine", seed=5)
    found, study = (
        desk.detail("game", state, WORLDS),
        crisis_game("baltic", "porcupine", runs=WORLDS, seed=5),
    )
    record = study.to_record()
    same(found["p_attack"], record["p_attack"])
    assert found["p_attack_blind"] == record["p_attack_blind"]
    for one in found["expects"]:
        same(one["true"], record["response"][one["id"]]["full"])
        same(one["expected"], record["response"][one["id"]]["full_as_red_sees_it"])
        gap = one["expected"]["mean"] - one["true"]["mean"]
        assert one["gap"]["mean"] == pytest.approx(gap)
    for name in ("war", "answer", "threat"):
        same(found["today"]["alone"][name], record["today"]["alone"][name])


def test_choices_add_up_and_are_worth_what_red_takes_them_for(
    told: dict[str, dict[str, Any]],
) -> None:
    found = told["game"]
    assert [one["kind"] for one in found["choices"]][:2] == ["refrain", "grey_zone"]
    assert sum(one["share"]["mean"] for one in found["choices"]) == pytest.approx(1)
    types = {one["id"]: one["share"] for one in found["types"]}
    assert sum(types.values()) == pytest.approx(1)
    for temper in types:
        own = [one["by_type"][temper] for one in found["choices"]]
        assert sum(one["share"] for one in own) == pytest.approx(1)
        assert all(one["worth"]["mean"] is not None for one in own)


def test_signals_lead_to_the_belief_that_the_game_is_played_with(
    told: dict[str, dict[str, Any]],
) -> None:
    timeline = told["game"]["timeline"]
    same(timeline["days"][-1], told["game"]["belief_full"])
    dates = [one["date"] for one in timeline["days"]]
    assert dates == sorted({one["date"] for one in timeline["signals"]})
    assert {one["speaks"] for one in timeline["signals"]} <= {"for", "against", "either way"}
    for one in timeline["signals"]:
        assert one["low"] <= one["median"] <= one["high"]
    scenario = read_scenario("baltic")
    course = belief_timeline(scenario, draw_worlds(scenario, WORLDS, 5))
    assert timeline["base"]["mean"] == pytest.approx(float(course["base"].mean()), rel=EXACT)


# ---- the alliance -------------------------------------------------------------------------------


def test_the_council_is_that_of_the_answer(
    told: dict[str, dict[str, Any]], answer: dict[str, Any]
) -> None:
    first = told["alliance"]["options"][0]
    assert first["id"] == "assault"
    for name in ANSWERS:
        mean = first["response"][name]["mean"]
        assert mean == pytest.approx(answer["response"][name], rel=EXACT)
    same(first["response"]["full"], answer["figures"]["full"])
    by_option = {one["id"]: one["response"]["full"] for one in told["alliance"]["options"]}
    for one in told["game"]["expects"]:
        same(one["true"], by_option[one["id"]])


def test_the_council_is_that_of_the_command(desk: Desk) -> None:
    found = desk.detail("alliance", State(posture="porcupine", seed=5), WORLDS)
    for one in found["options"]:
        study = council("baltic", "porcupine", option=one["id"], runs=WORLDS, seed=5)
        record = study.to_record()
        for name in ("by_consensus", "by_coalition", "by_pivotal_alone", "odds", "dead"):
            same(one[name], record[name])
        members = {member["member"]: member for member in record["members"]}
        for member in one["members"]:
            other = members[member["id"]]
            assert all(member[name] == other[name] for name in ("full", "limited", "most_for"))
        decided = {term["id"]: term["share"] for term in one["decided_by"]}
        assert decided == record["decided_by"]


def test_members_are_told_term_by_term(told: dict[str, dict[str, Any]]) -> None:
    found = told["alliance"]
    names = [one["id"] for one in found["terms"]]
    assert set(names) == set(TERM_NOTES)
    for member in found["options"][0]["members"]:
        assert len(member["terms"]) == len(names)
        assert names[int(np.argmax(member["terms"]))] == member["most_for"]
        assert names[int(np.argmin(member["terms"]))] == member["most_against"]
        assert 0 <= member["blocks"] <= member["none"] <= 1
    willing = [one["full"] for one in found["options"][0]["members"]]
    assert willing == sorted(willing, reverse=True)
    pivotal = [one["id"] for one in found["options"][0]["members"] if one["is_pivotal"]]
    assert pivotal == found["council"]["pivotal"]


def test_who_blocks_is_as_often_as_councils_are_blocked() -> None:
    study = council("baltic", "tripwire", runs=2_000, seed=3)
    blocks = study.p_blocks().mean(axis=0)
    assert blocks == pytest.approx(study.answers.blocks.mean(axis=0), abs=0.03)
    assert blocks.max() > 0.05


# ---- the rest of the world ----------------------------------------------------------------------


def test_the_last_year_is_what_the_answer_tells(
    told: dict[str, dict[str, Any]], answer: dict[str, Any]
) -> None:
    found = told["ripple"]
    same(found["second_theatre"]["expected"], answer["figures"]["p_second_theatre"])
    any_of_them = found["course"]["theatres"][-1]
    assert found["course"]["years"] == [1, 2, 3, 4, 5]
    for view in ("quiet", "attacked"):
        same(any_of_them[view][-1], found["second_theatre"][view])
    same(found["programmes"]["expected"], answer["figures"]["new_programmes"])


def test_years_add_chances_and_an_attack_does_too(told: dict[str, dict[str, Any]]) -> None:
    theatres = told["ripple"]["course"]["theatres"]
    for one in theatres:
        for course in (one["quiet"], one["attacked"], *one["by_answer"].values()):
            means = [year["mean"] for year in course if year["mean"] is not None]
            assert means == sorted(means)
        assert one["attacked"][-1]["mean"] > one["quiet"][-1]["mean"]
        added = one["attacked"][-1]["mean"] - one["quiet"][-1]["mean"]
        assert one["added"][-1]["mean"] == pytest.approx(added)
    each = [one["quiet"][-1]["mean"] for one in theatres]
    assert max(each[:-1]) < each[-1] < sum(each[:-1])


def test_credibility_and_programmes_are_those_of_a_comparison(desk: Desk) -> None:
    found = desk.detail("ripple", State(posture="porcupine", seed=5), WORLDS)
    study = compare("baltic", ["porcupine"], worlds=WORLDS, seed=5)
    for one in found["guarantors"]:
        before = study.values("credibility_before", "porcupine", guarantor=one["id"])
        assert one["before"]["mean"] == pytest.approx(float(before.mean()), rel=EXACT)
    by_outcome = study.values("new_programmes_by_outcome", "porcupine")
    for k, one in enumerate(found["programmes"]["by_outcome"]):
        assert one["id"] == OUTCOMES[k]
        own = by_outcome[:, k][np.isfinite(by_outcome[:, k])]
        assert one["mean"] == (pytest.approx(own.mean()) if len(own) else None)


# ---- what is kept, and what is refused ----------------------------------------------------------


def test_the_chain_runs_once_for_all_parts(
    desk: Desk, told: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(*_: object) -> None:
        raise AssertionError("it was there")

    monkeypatch.setattr(desk, "_whole", again)
    for part in PARTS:
        assert desk.detail(part, STATE, WORLDS) == told[part]


def test_what_a_scenario_lacks_is_told(desk: Desk, tmp_path: Path) -> None:
    for part in PARTS:
        with pytest.raises(InputError, match="kuwait-1990 has no alliance: there is no"):
            desk.detail(part, State(scenario="kuwait-1990"), WORLDS)
    with pytest.raises(InputError, match="worlds: must be 1 to"):
        desk.detail("game", State(), MOST_WORLDS + 1)


def test_the_council_answers_where_nobody_decides_to_attack() -> None:
    baltic = read_scenario("baltic")
    without = baltic.model_copy(update={"crisis": None, "ripple": None})
    assert [lacking(without, part) for part in PARTS] == ["crisis", None, "crisis"]
    assert lacking(baltic.model_copy(update={"ripple": None}), "ripple") == "ripple"
    found = council_alone(without, "tripwire", worlds=WORLDS, seed=5, runner=Runner())
    assert list(found) == ["alliance"]
    (option,) = found["alliance"]["options"]
    expected = council("baltic", "tripwire", runs=WORLDS, seed=5).to_record()
    same(option["response"]["full"], expected["response"]["full"])
