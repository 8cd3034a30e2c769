"""Every bundled game: sound, cited, solved to what is known of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import glacis.crisis
from glacis.crisis.efg import read_efg, write_efg
from glacis.crisis.equilibrium import Equilibrium, branches, solve
from glacis.crisis.reading import catalogue_names, read_form, read_game
from glacis.crisis.tree import faults
from glacis.scenario.sources import bundled_keys

every_game = pytest.mark.parametrize("name", catalogue_names())


def shares(found: Equilibrium, label: str) -> dict[str, float]:
    """Probabilities of the actions at the information set of that label."""
    game = found.game
    (h,) = [h for h, k in enumerate(game.decisions) if game.sets[k].label == label]
    return dict(zip(game.sets[game.decisions[h]].actions, found.shares[h], strict=True))


def changed(name: str, old: str, new: str, folder: Path) -> Equilibrium:
    """The limit of a bundled game with one number changed."""
    text = (Path(glacis.crisis.__file__).parent / "catalogue" / f"{name}.yaml").read_text("utf-8")
    assert text.count(old) == 1
    path = folder / "changed.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return solve(read_game(path))


def test_the_catalogue() -> None:
    assert catalogue_names() == [
        "brinkmanship",
        "entry-deterrence",
        "extended-deterrence",
        "sunk-costs",
        "tied-hands",
        "tripwire",
        "unilateral-deterrence",
    ]


@every_game
def test_it_is_sound_and_cited(name: str) -> None:
    form, game = read_form(name), read_game(name)
    assert faults(game) == ()
    assert form.source in bundled_keys()
    assert form.description
    assert form.solution
    assert game.title == form.title


@every_game
def test_it_is_solved_at_every_precision(name: str) -> None:
    for precision in (0.0, 2.0, 20.0):
        found = solve(read_game(name), precision=precision)
        assert found.is_converged
        assert found.residual <= 1e-8
    limit = solve(read_game(name))
    assert limit.is_converged
    assert max(limit.regret, limit.loss) <= 1e-6


@every_game
def test_written_in_gambits_format_it_is_the_same_game(name: str) -> None:
    game = read_game(name)
    again = solve(read_efg(write_efg(game)), precision=4.0)
    found = solve(game, precision=4.0)
    for one, other in zip(found.shares, again.shares, strict=True):
        assert one == pytest.approx(other, abs=1e-12)


def test_entry_is_not_deterred() -> None:
    found = solve(read_game("entry-deterrence"))
    assert shares(found, "entry")["enter"] == pytest.approx(1.0)
    assert shares(found, "answer (enter)")["share"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "hard, attacks", [("0.7", 0.0), ("0.68", 0.0), ("0.65", 1.0), ("0.3", 1.0)]
)
def test_unilateral_deterrence_has_its_threshold(hard: str, attacks: float, tmp_path: Path) -> None:
    found = changed("unilateral-deterrence", "probability: 0.7", f"probability: {hard}", tmp_path)
    assert shares(found, "challenge")["defect"] == pytest.approx(attacks, abs=1e-5)


def test_extended_deterrence_hangs_on_the_lower_threat(tmp_path: Path) -> None:
    found = solve(read_game("extended-deterrence"))
    assert shares(found, "demand")["wait"] == pytest.approx(1.0)
    old = "pays: {challenger: 5, defender: 2}"
    soft = changed("extended-deterrence", old, "pays: {challenger: 5, defender: 3.5}", tmp_path)
    assert shares(soft, "demand")["demand"] == pytest.approx(1.0)
    assert shares(soft, "response (demand)")["concede"] == pytest.approx(1.0)


def test_tied_hands_are_a_bluff_at_times() -> None:
    """Both are indifferent: 3/14 makes the odds two to one, 2/7 makes 1 against -0.4 even."""
    found = solve(read_game("tied-hands"))
    assert shares(found, "signal (resolute)")["commit"] == pytest.approx(1.0)
    assert shares(found, "signal (irresolute)")["commit"] == pytest.approx(3 / 14, abs=1e-6)
    assert shares(found, "challenge (commit)")["refrain"] == pytest.approx(2 / 7, abs=1e-6)
    (h,) = [
        h
        for h, k in enumerate(found.game.decisions)
        if found.game.sets[k].label == "challenge (commit)"
    ]
    assert found.beliefs[h] == pytest.approx((2 / 3, 1 / 3), abs=1e-6)


def test_sunk_costs_tell_the_resolute_apart_or_nobody_spends() -> None:
    pooling, separating = branches(read_game("sunk-costs"), starts=40)
    for found, spends in ((pooling, 0.0), (separating, 1.0)):
        assert shares(found, "signal (resolute)")["spend"] == pytest.approx(spends, abs=1e-6)
        assert shares(found, "signal (irresolute)")["spend"] == pytest.approx(0.0, abs=1e-6)
        assert shares(found, "challenge (none)")["challenge"] == pytest.approx(1.0)
    assert shares(separating, "challenge (spend)")["refrain"] == pytest.approx(1.0)


def test_brinkmanship_is_won_by_who_would_go_last() -> None:
    found = solve(read_game("brinkmanship"))
    assert shares(found, "first step")["escalate"] == pytest.approx(1.0)
    assert shares(found, "second step (escalate, nothing)")["yield"] == pytest.approx(1.0)


def test_a_greater_last_risk_turns_brinkmanship_round(tmp_path: Path) -> None:
    found = changed("brinkmanship", "probability: 0.4", "probability: 0.7", tmp_path)
    label = "third step (escalate, nothing, escalate, nothing)"
    assert shares(found, label)["yield"] == pytest.approx(1.0)
    assert shares(found, "second step (escalate, nothing)")["escalate"] == pytest.approx(1.0)
    assert shares(found, "first step")["leave"] == pytest.approx(1.0)


@pytest.mark.parametrize("war, attacks", [("0.3", 0.0), ("0.21", 0.0), ("0.19", 1.0)])
def test_the_tripwire_has_its_threshold(war: str, attacks: float, tmp_path: Path) -> None:
    found = changed("tripwire", "probability: 0.3", f"probability: {war}", tmp_path)
    assert shares(found, "attack")["attack"] == pytest.approx(attacks, abs=1e-5)
    assert shares(found, "answer (attack, leave a choice)")["abandon"] == pytest.approx(1.0)


def test_no_name_is_a_source_marker_alone() -> None:
    for name in catalogue_names():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
