"""The council of a scenario: what it sees, what it answers, and how that is told."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from glacis.alliance.leanings import TERMS
from glacis.assess.council import CouncilStudy, council
from glacis.cli import main
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.figures.alliance import response_chart
from glacis.scenario.game import ANSWERS
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

WORLDS = 192


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def tripwire(baltic: Scenario) -> CouncilStudy:
    return council(baltic, "tripwire", runs=WORLDS)


def test_answers_add_up(tripwire: CouncilStudy) -> None:
    found = tripwire.chances
    assert found.full + found.limited + found.none == pytest.approx(np.ones(WORLDS))
    assert min(found.full.min(), found.limited.min(), found.none.min()) >= 0
    shares = [(tripwire.answers.answer == k).mean() for k in range(len(ANSWERS))]
    assert sum(shares) == pytest.approx(1)
    assert shares[2] == pytest.approx(found.full.mean(), abs=0.12)


def test_own_dead_are_those_of_nations_that_stand_there(tripwire: CouncilStudy) -> None:
    seen = tripwire.seen
    assert seen.own_dead.sum(axis=1) == pytest.approx(seen.dead)
    there = {
        name for k, name in enumerate(tripwire.lean.members) if (seen.own_troops[:, k] > 0).any()
    }
    assert there == {"GB", "CA", "DE", "ES"}


def test_a_stauncher_force_steadies_the_answer(baltic: Scenario, tripwire: CouncilStudy) -> None:
    forward = council(baltic, "forward", runs=WORLDS)
    assert np.median(forward.seen.odds) > np.median(tripwire.seen.odds)
    assert forward.chances.full.mean() > tripwire.chances.full.mean() + 0.05


def test_not_enough_blood_is_where_the_force_is_lost(tripwire: CouncilStudy) -> None:
    lost = tripwire.forward_destroyed >= 0.5
    assert 0 < lost.sum() < WORLDS
    assert tripwire.not_enough_blood() == pytest.approx(1 - tripwire.chances.full[lost])


def test_without_a_forward_force_there_is_no_blood(baltic: Scenario) -> None:
    study = council(baltic, "none", runs=32)
    assert len(study.not_enough_blood()) == 0
    assert study.to_record()["not_enough_blood"]["mean"] is None


def test_a_world_is_explained(tripwire: CouncilStudy) -> None:
    told = tripwire.explained(3)
    assert told["answer"] in ANSWERS
    assert told["decided_by"] in TERMS
    assert not set(told["stood"]) & set(told["blocked"])
    assert set(told["terms"]) == set(tripwire.lean.members)
    us = told["terms"]["US"]
    k = tripwire.lean.members.index("US")
    assert math.fsum(us.values()) == pytest.approx(tripwire.lean.total[3, k])
    with pytest.raises(InputError, match="must be from 0 to 191"):
        tripwire.explained(WORLDS)


def test_the_record_is_plain(tripwire: CouncilStudy) -> None:
    record = json.loads(json.dumps(tripwire.to_record(), allow_nan=False))
    assert record["posture"] == "tripwire"
    assert set(record["response"]) == set(ANSWERS)
    assert len(record["members"]) == 30
    assert sum(record["decided_by"].values()) == pytest.approx(1)
    assert list(tripwire.summary().columns)[:2] == ["name", "support"]


def test_threads_and_chunks_change_nothing(baltic: Scenario) -> None:
    one = council(baltic, "tripwire", runs=40, runner=Runner(workers=1))
    two = council(baltic, "tripwire", runs=40, runner=Runner(workers=2, chunk=7))
    assert (one.chances.full == two.chances.full).all()
    assert (one.answers.answer == two.answers.answer).all()


def test_finland_and_sweden_sit_once_they_are_in(baltic: Scenario) -> None:
    study = council(baltic.variant("nordic-entry"), "tripwire", runs=8)
    assert {"FI", "SE"} <= set(study.lean.members)


def test_a_scenario_without_an_alliance_is_refused() -> None:
    with pytest.raises(InputError, match="kuwait-1990 has no alliance, so nobody answers"):
        council(read_scenario("kuwait-1990"))


def test_the_chart_tells_every_member(tripwire: CouncilStudy) -> None:
    (ax,) = response_chart(tripwire).axes
    words = [text.get_text() for text in ax.texts]
    for name in ("Estonia", "Hungary", "T\u00fcrkiye", "The council"):
        assert name in words


# ---- the command --------------------------------------------------------------------------------


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path) -> None:  # type: ignore[no-untyped-def]
    svg = tmp_path / "answer.svg"
    given = ["alliance", "baltic", "--posture", "tripwire", "--worlds", "40", "--world", "3"]
    assert main([*given, "--svg", str(svg)]) == 0
    out = capsys.readouterr().out
    for words in (
        "full answer",
        "nobody would block",
        "United States for it",
        "a coalition of 8 with it",
        "Not enough blood",
        "40 worlds, seed 1",
    ):
        assert words in out
    assert "World 3: " in out
    assert "Blocked: " in out
    assert "<svg" in svg.read_text(encoding="utf-8")


def test_what_was_changed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--variant", "nordic-entry", "--set", "campaign.warning.days=2", "--worlds", "16"]
    assert main(["alliance", "baltic", *given]) == 0
    out = capsys.readouterr().out
    assert "Scenario baltic under nordic-entry, campaign.warning.days = 2, 16 worlds" in out


def test_a_name_will_do() -> None:
    study = council("baltic", "tripwire", runs=4)
    assert "baltic" in repr(study)
    assert len(repr(study)) < 200


def test_json_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alliance", "baltic", "--worlds", "16", "--world", "2", "--json", "-"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["worlds"] == 16
    assert record["explained"]["world"] == 2


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["kuwait-1990"], "has no alliance"),
        (["baltic", "--posture", "no-such"], "no-such"),
        (["baltic", "--option", "no-such"], "no option"),
        (["baltic", "--world", "9", "--worlds", "4"], "--world 9: must be from 0 to 3"),
        (["nowhere"], "no such scenario"),
    ],
)
def test_wrong_input(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alliance", *arguments]) == 2
    assert message in capsys.readouterr().err
