"""How one world's number came about: from the forces that met to what Red chose."""

from __future__ import annotations

from typing import Any

import numpy as np

from glacis.alliance.leanings import seated
from glacis.assess.expected import headline
from glacis.assess.variables import Whole
from glacis.campaign.joint_record import axis_power_ratio
from glacis.campaign.record import Campaign
from glacis.ripple.aftermath import OUTCOMES
from glacis.scenario.game import ANSWERS


def explained(whole: Whole) -> dict[str, Any]:
    """A trace of one world, as plain data: forces, hours, answer, belief, worth, choice, ending."""
    study, situation = whole.study, whole.situation
    (world,) = situation.worlds.indices.tolist()
    return {
        "world": int(world),
        "posture": study.posture,
        "p_attack": _one(study.p_attack),
        "forces": _forces(whole),
        "war": _war(whole),
        "council": _council(whole),
        "belief": _belief(whole),
        "worth": _worth(whole),
        "choice": {name: _one(value) for name, value in (study.acts() | study.options()).items()},
        "p_attack_blind": study.p_attack_blind,
        "ending": dict(zip(OUTCOMES, whole.ended.outcome[0].tolist(), strict=True)),
    }


def _one(values: Any) -> float:
    return float(np.asarray(values, dtype=float).reshape(-1)[0])


def _told(whole: Whole) -> Campaign:
    option = headline(whole.situation.posed.scenario)
    return whole.wars[option if option in whole.wars else next(iter(whole.wars))].helped


def _forces(whole: Whole) -> dict[str, Any]:
    war = _told(whole)
    return {
        "option": war.option,
        "red_power": _one(war.values("red_power")),
        "forward_power": _one(war.values("forward_power")),
        "blue_power": _one(war.values("blue_power")),
        "ratio_on_the_axes": _one(axis_power_ratio(war)),
        "red_quality_over_blue": float(np.exp(whole.situation.quality[0])),
    }


def _war(whole: Whole) -> dict[str, Any]:
    war = _told(whole)
    fought = whole.wars[war.option]
    close = fought.helped_close
    return {
        "decision_hours": _one(whole.situation.delay),
        "hours_to": {name: _finite(war.hours_to(name)) for name in war.objectives},
        "falls_hours": {name: _finite(war.hours_to(name, "falls")) for name in war.objectives},
        "forward_destroyed": _one(war.forward_share("destroyed")),
        "retaken_hours": _finite(war.values("retaken_hour")),
        "cohesion_gave_out_day": _finite(close.gave_out),
        "blue_casualties": _one(close.blue_casualties),
        "red_casualties": _one(close.red_casualties),
        "nuclear_chance": _one(close.nuclear),
    }


def _finite(values: Any) -> float | None:
    value = _one(values)
    return value if np.isfinite(value) else None


def _council(whole: Whole) -> dict[str, Any]:
    study = whole.study
    members = list(seated(whole.situation.posed.alliance))
    found = {}
    for name, chances in study.prospects.council.items():
        willing = chances.member_full[0]
        order = np.argsort(willing, kind="stable")
        found[name] = {
            **{answer: _one(getattr(chances, answer)) for answer in ANSWERS},
            "most_willing": [members[k] for k in order[::-1][:3]],
            "least_willing": [members[k] for k in order[:3]],
            "willing": float((willing >= 0.5).sum()),
            "members": len(members),
        }
    return found


def _belief(whole: Whole) -> dict[str, Any]:
    study = whole.study
    return {
        "full": _one(study.belief),
        "full_by_option": {name: _one(one.full) for name, one in study.seen_by_red.items()},
        "gains_by_option": {name: _one(one.gained) for name, one in study.seen_by_red.items()},
        "threat": _one(study.threat),
        "share_insecure": _one(study.insecure),
    }


def _worth(whole: Whole) -> dict[str, Any]:
    study = whole.study
    return {
        "precision": _one(study.played.games.precisions),
        "best_attack_over_refraining": _one(study.best_attack()),
        "by_type": {temper: _worth_of(whole, temper) for temper in study.tempers()},
    }


def _worth_of(whole: Whole, temper: str) -> dict[str, float]:
    study = whole.study
    found = {}
    for name, stage in study.crisis.stages.items():
        if stage.player == study.crisis.challenger:
            for act in stage.actions:
                if act in study.played.bound.acts:
                    found[act] = _one(study.worth(name, act, temper))
    return found


__all__ = ["explained"]
