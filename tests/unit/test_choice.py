"""The challenger's choice: shares, signs, the two views of one tree, and what is told of it."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from glacis.assess.choice import CrisisStudy
from glacis.assess.crisis import crisis_game
from glacis.assess.diagram import denied_by, diagram, gains
from glacis.assess.games import played_with
from glacis.assess.played import ACTS, Played, acts_of
from glacis.assess.threat import capability, threat
from glacis.campaign.run import draw_worlds
from glacis.cli import main
from glacis.crisis.efg import read_efg, write_efg
from glacis.crisis.equilibrium import solve
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

WORLDS = 256


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def forward(baltic: Scenario) -> CrisisStudy:
    return crisis_game(baltic, "forward", runs=WORLDS)


def armed(played: Played, temper: str) -> np.ndarray:
    found = acts_of(played, temper)
    return found["limited"] + found["assault"]


def test_shares_add_up(forward: CrisisStudy) -> None:
    for temper in (None, *forward.tempers()):
        total = np.sum([forward.acts(temper)[act] for act in ACTS], axis=0)
        assert total == pytest.approx(np.ones(WORLDS))
    both = forward.insecure * armed(forward.played, "insecure") + (1 - forward.insecure) * armed(
        forward.played, "opportunist"
    )
    assert both == pytest.approx(forward.p_attack)
    acts, options = forward.acts(), forward.options()
    assert options["assault"] == pytest.approx(acts["assault"])
    assert options["narva"] + options["corridor"] + options["border-town"] == pytest.approx(
        acts["limited"]
    )


def test_every_game_is_solved_and_certified(forward: CrisisStudy) -> None:
    assert forward.statuses() == {"converged": WORLDS, "stuck": 0, "too long": 0}
    assert forward.played.solved.residual.max() < 1e-12
    assert len(forward.played.bound.ends) >= 40


def test_the_form_of_the_tree_alone(forward: CrisisStudy) -> None:
    # One of two acts, and two of three ways to act are armed.
    assert forward.p_attack_blind == pytest.approx(1 / 3, abs=1e-12)


def test_a_tendency_becomes_a_probability_by_occasions(forward: CrisisStudy) -> None:
    rate = forward.worlds.values(forward.crisis.occasions_per_year)
    assert forward.p_attack_5y == pytest.approx(1 - np.exp(-5 * rate * forward.p_attack))
    assert (forward.p_attack_5y <= forward.p_attack * 5 * rate + 1e-12).all()


def test_more_will_believed_is_less_attack(forward: CrisisStudy) -> None:
    setting, found, belief = forward.setting, forward.prospects, forward.belief
    more = 1 / (1 + np.exp(-(np.log(belief / (1 - belief)) + 0.5)))
    change = armed(played_with(setting, found, more), "opportunist") - armed(
        forward.played, "opportunist"
    )
    assert change.mean() < -0.02
    # Where Red expects to win by threatening all who answer, an answer is no deterrent.
    rise = change > 1e-9
    assert rise.mean() <= 0.01
    assert change.max() < 0.03


def test_more_denial_never_makes_an_assault_worth_more(forward: CrisisStudy) -> None:
    """Apart from the answer: that hangs on what is seen, and is held to be the same here."""

    def expecting(share: float) -> CrisisStudy:
        red = {
            name: denied_by(one._replace(answer=np.stack([one.answer[1]] * 2)), share)
            for name, one in forward.prospects.red.items()
        }
        found = replace(forward.prospects, red=red)
        return replace(forward, played=played_with(forward.setting, found, forward.belief))

    before = expecting(0.0)
    for share in (0.1, 0.5, 1.0):
        denied = expecting(share)
        for temper in forward.tempers():
            change = denied.worth("option", "assault", temper) - before.worth(
                "option", "assault", temper
            )
            assert change.max() <= 1e-12
            assert change.mean() < -0.01 * share


def test_a_stauncher_presence_makes_an_assault_worth_less(forward: CrisisStudy) -> None:
    before = replace(forward, played=forward.today.played)
    for temper in forward.tempers():
        change = forward.worth("option", "assault", temper) - before.worth(
            "option", "assault", temper
        )
        assert (change > 0).mean() < 0.02
        assert change.mean() < -0.05


def test_provocation_alone_never_lowers_attack(forward: CrisisStudy) -> None:
    calm = replace(forward.setting, threat=np.zeros(WORLDS))
    unprovoked = played_with(calm, forward.prospects, forward.belief)
    change = armed(forward.played, "insecure") - armed(unprovoked, "insecure")
    assert change.min() >= 0
    assert change.mean() > 0.02
    assert armed(forward.played, "opportunist") == pytest.approx(
        armed(unprovoked, "opportunist"), abs=1e-12
    )


def test_what_is_being_built_up_provokes_before_it_defends(forward: CrisisStudy) -> None:
    assert forward.p_attack_buildup.mean() > forward.today.p_attack.mean()
    assert forward.p_attack.mean() < forward.today.p_attack.mean()
    assert 0 < forward.displacement() < 1.5


def test_today_is_not_built_up(baltic: Scenario) -> None:
    today = crisis_game(baltic, "tripwire", runs=32)
    assert (today.threat == 0).all()
    assert (today.p_attack == today.p_attack_buildup).all()
    assert math.isnan(today.displacement())


def test_diplomacy_moves_the_insecure_only(baltic: Scenario, forward: CrisisStudy) -> None:
    path = "postures.forward.measures"
    lines = [line.model_dump(exclude_none=True) for line in baltic.postures["forward"].measures]
    plain = [
        {key: line[key] for key in ("measure", "at", "quantity") if key in line} for line in lines
    ]
    assured = crisis_game(
        baltic.replace({path: [*plain, {"measure": "diplomacy"}]}), "forward", runs=WORLDS
    )
    change = armed(assured.played, "insecure") - armed(forward.played, "insecure")
    assert change.max() <= 1e-9
    assert change.mean() < -0.005
    assert armed(assured.played, "opportunist") == pytest.approx(
        armed(forward.played, "opportunist"), abs=1e-12
    )


def test_two_views_of_one_tree(forward: CrisisStudy) -> None:
    counted = forward.counted()
    assert counted.sum(axis=1) == pytest.approx(np.ones(WORLDS))
    ends = forward.played.bound.ends
    for act in ("refrain", "grey-zone", "assault", "narva"):
        chosen = [end.act == act for end in ends]
        assert counted[:, chosen].sum(axis=1) == pytest.approx(
            forward.played.reached[:, chosen].sum(axis=1)
        )
    full = [end.act == "assault" and end.drawn.answer == "full" for end in ends]
    assert counted[:, full].sum() != pytest.approx(forward.played.reached[:, full].sum(), rel=0.05)


def test_red_sees_the_answer_by_its_belief(forward: CrisisStudy) -> None:
    seen = forward.seen_by_red["assault"].answer
    assert seen.sum(axis=2) == pytest.approx(np.ones((2, WORLDS)))
    blind = forward.scenario.replace({"crisis.insight": 0})
    study = crisis_game(blind, "forward", runs=32)
    full = study.seen_by_red["narva"].answer[:, :, 2]
    assert full == pytest.approx(np.tile(study.belief, (2, 1)))


def test_the_game_of_a_world_is_the_one_that_was_solved(
    forward: CrisisStudy, tmp_path: Path
) -> None:
    file = tmp_path / "world.efg"
    world = forward.typical_world()
    file.write_text(write_efg(forward.game(world)), encoding="utf-8")
    found = solve(read_efg(file), precision=float(forward.played.games.precisions[world]))
    shares = [share for one in found.shares for share in one]
    assert shares == pytest.approx(forward.played.solved.share[world].tolist(), abs=1e-9)
    with pytest.raises(InputError, match="must be from 0 to 255"):
        forward.game(WORLDS)


def test_threads_and_chunks_change_nothing(baltic: Scenario) -> None:
    one = crisis_game(baltic, "tripwire", runs=48, seed=3, runner=Runner(workers=1, chunk=48))
    two = crisis_game(baltic, "tripwire", runs=48, seed=3, runner=Runner(workers=2, chunk=7))
    assert (one.p_attack == two.p_attack).all()
    assert one.to_record() == two.to_record()


def test_threat_is_a_level(baltic: Scenario, forward: CrisisStudy) -> None:
    worlds, provocation = forward.worlds, forward.crisis.provocation
    levels = {
        name: capability(baltic.posture(name), provocation, worlds).mean()
        for name in ("none", "tripwire", "porcupine", "forward")
    }
    assert levels["none"] < levels["tripwire"] < levels["forward"]
    assert (threat(baltic.posture("none"), baltic.posture("tripwire"), worlds) == 0).all()
    felt = threat(baltic.posture("forward"), baltic.posture("tripwire"), worlds)
    assert ((felt > 0) & (felt < 1)).all()
    far = baltic.replace({"crisis.provocation.within_km": 1})
    assert (threat(far.posture("forward"), far.posture("tripwire"), worlds) == 0).all()


def test_belief_and_denial_both_deter(forward: CrisisStudy) -> None:
    found = diagram(forward, points=4, worlds=64)
    assert (np.diff(found.p_attack, axis=0) < 0).all()
    assert (np.diff(found.p_attack, axis=1) < 1e-9).all()
    assert 0 < gains(forward.prospects.red, "assault").mean() < 1
    with pytest.raises(InputError, match="at least 2 points"):
        diagram(forward, points=1)


def test_what_is_missing_is_told(baltic: Scenario, forward: CrisisStudy) -> None:
    with pytest.raises(InputError, match="has no crisis"):
        crisis_game("kuwait-1990")
    with pytest.raises(InputError, match="has no posture"):
        crisis_game(baltic, "nope")
    with pytest.raises(InputError, match="does not come to option"):
        forward.worth("option", "dance", "insecure")
    with pytest.raises(InputError, match="worth more than the status quo"):
        crisis_game(baltic.replace({"crisis.types.insecure.weights.territory": -5}), runs=8)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    efg, svg = tmp_path / "x.efg", tmp_path / "x.svg"
    files = ["--efg", str(efg), "--svg", str(svg), "--figure", str(tmp_path / "drawn")]
    assert main(["game", "baltic", "--posture", "forward", "--worlds", "48", *files]) == 0
    told = capsys.readouterr()
    assert "At a moment of decision" in told.out
    assert "Under tripwire" in told.out
    assert "forecasts learnt on fewer than 1,000 worlds are coarse" in told.err
    assert len(read_efg(efg).terminals) == 196
    drawn = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert drawn == ["belief.png", "choice.png", "diagram.png"]
    assert "refrain" in "".join(ET.parse(svg).getroot().itertext())


def test_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    changed = ["--set", "crisis.optimism=1", "--variant", "late-2022", "--precision", "5"]
    assert main(["game", "baltic", "--worlds", "32", *changed, "--json", "-"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["players"] == ["red", "blue"]
    assert record["precision"] == 5
    assert record["status"] == "converged"
    assert record["variants"] == ["late-2022"]
    assert record["overrides"]["crisis.optimism"] == "1"
    assert record["infosets"][0]["player"] == "red"
    assert set(record["options"]) == set(ACTS)
    for one in record["infosets"]:
        assert sum(one["actions"].values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["baltic", "--limit"], "baltic is a scenario: --limit and --starts are for one game"),
        (["baltic", "--world", "2000"], "--world 2000: must be from 0 to 1999"),
        (["baltic", "--precision", "0"], "--precision 0: must be a number above 0"),
        (["tripwire", "--posture", "none"], "tripwire is a game by itself"),
        (["tripwire", "--set", "a=1"], "tripwire is a game by itself"),
        (["kuwait-1990"], "kuwait-1990 has no crisis"),
        (["baltic", "--posture", "nope"], "baltic has no posture 'nope'"),
        (["a" * 5_000], "no such game or scenario"),
        (["\0"], "no such game or scenario"),
    ],
)
def test_wrong_input(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["game", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_red_knows_quality_no_better_than_the_war_draws_it(baltic: Scenario) -> None:
    """Forecasts learn from quality by its address: the same that the kernel draws it from."""
    from glacis.assess.posed import pose, situation_of
    from glacis.campaign.combat import draw_quality
    from glacis.campaign.state import BLUE, RED, SCENE, WORLD, table
    from glacis.streams import split_seed

    worlds = draw_worlds(baltic, 5, 7)
    told = situation_of(pose(baltic, baltic.posture("tripwire")), worlds).quality
    scene, world = table(1, SCENE), table(1, WORLD)
    scene["k0"], scene["k1"] = split_seed(7)
    combat = baltic.campaign.combat
    for number in range(5):
        scene["number"] = number
        for name in ("dispersion", "luck_share"):
            world["combat"][name] = worlds.values(getattr(combat, name))[number]
        draw_quality(world[0], scene[0])
        quality = scene[0]["quality"]
        assert np.log(quality[RED] / quality[BLUE]) == pytest.approx(told[number], abs=1e-12)
