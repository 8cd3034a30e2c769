"""The challenger's choice as plain data: what ``glacis game --json`` writes of a scenario."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.assess.origin import head_of
from glacis.campaign.statistics import statistics
from glacis.crisis.equilibrium import STATUSES, distinct
from glacis.crisis.layout import layout_of
from glacis.scenario.game import ANSWERS

if TYPE_CHECKING:
    from glacis.assess.choice import CrisisStudy


def record_of(study: CrisisStudy) -> dict[str, Any]:
    """The result as plain data."""
    played, seed = study.played, study.worlds.seed
    return {
        **head_of(study.scenario, worlds=study.n, seed=seed, posture=study.posture),
        "players": list(played.game.players),
        "precision": float(np.median(played.games.precisions)),
        "precisions": statistics(played.games.precisions),
        "p_attack": statistics(study.p_attack),
        "p_attack_5y": statistics(study.p_attack_5y),
        "p_attack_buildup": statistics(study.p_attack_buildup),
        "p_attack_blind": study.p_attack_blind,
        "today": _against_today(study),
        "options": {act: statistics(value) for act, value in study.acts().items()},
        "options_by_type": {
            temper: {act: statistics(value) for act, value in study.acts(temper).items()}
            for temper in study.tempers()
        },
        "attacks": {
            name: statistics(value)
            for name, value in study.options().items()
            if name in played.bound.acts
        },
        **_reasons(study),
        "infosets": _sets(study),
        "status": STATUSES[int(played.solved.status.max())],
        "statuses": study.statuses(),
        "residual": float(played.solved.residual.max()),
        "regret": float(played.solved.regret.max()),
        "regrets": statistics(played.solved.regret),
        "last_move_loss": statistics(played.solved.last_loss),
    }


def _against_today(study: CrisisStudy) -> dict[str, Any] | None:
    """What the posture changes from today's; None if it is today's."""
    if study.today is None:
        return None
    moved = study.displacement()
    return {
        "posture": study.today.posture,
        "p_attack": statistics(study.today.p_attack),
        "change": statistics(study.p_attack - study.today.p_attack),
        "displacement": None if math.isnan(moved) else moved,
        "alone": {name: statistics(one) for name, one in study.channels().items()},
    }


def _reasons(study: CrisisStudy) -> dict[str, Any]:
    """What Red goes by, as far as its game hangs on it."""
    bound = study.played.bound
    answers = bound.events & set(ANSWERS)
    felt = any(one.measure == "threat" for one in study.crisis.attributes.values())
    told = {
        "belief_full": statistics(study.belief) if answers else None,
        "response": {
            name: _response(study, name)
            for name in study.scenario.options
            if answers and name in bound.acts
        },
        "share_insecure": statistics(study.insecure) if "insecure" in bound.events else None,
        "threat": statistics(study.threat) if felt else None,
    }
    return {name: one for name, one in told.items() if one}


def _response(study: CrisisStudy, option: str) -> dict[str, Any]:
    """Probability of a full answer to an option: as it is, and as Red takes it."""
    return {
        "full": statistics(study.prospects.actual[option].full),
        "full_as_red_sees_it": statistics(study.seen_by_red[option].full),
    }


def _sets(study: CrisisStudy) -> list[dict[str, Any]]:
    """The information sets of players, with means over worlds."""
    game, share = study.played.game, study.played.solved.share
    first = layout_of(game).first
    return [
        {
            "player": game.players[one.player],
            "number": one.number,
            "label": one.label,
            "actions": {
                action: float(share[:, first[h] + a].mean())
                for a, action in enumerate(distinct(one.actions))
            },
            "beliefs": study.played.solved.belief[:, list(game.members(k))].mean(axis=0).tolist(),
        }
        for h, (k, one) in enumerate((k, game.sets[k]) for k in game.decisions)
    ]
