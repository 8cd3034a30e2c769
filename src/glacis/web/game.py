"""The crisis game of a posture, as the page tells it: its tree, Red's reasons, what it believes."""

from __future__ import annotations

from typing import Any

import numpy as np

from glacis.assess.choice import CrisisStudy
from glacis.assess.played import act_of, summed
from glacis.assess.variables import Whole
from glacis.campaign.statistics import half_width, statistics
from glacis.crisis.belief import belief_timeline
from glacis.crisis.form import spoken
from glacis.crisis.tree import CHANCE, Game, Node
from glacis.figures.belief import ways
from glacis.kernels import Floats
from glacis.scenario.crisis import GREY_ZONE, REFRAIN
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds

FOLDS = (0.05, 0.02, 0.01, 0.0)
"""Shares below which branches of the tree may be folded on the page."""
FOLD = 0.02
"""That at which they are, until another is chosen."""
DRAWN = "chance"
"""Who moves where lots are drawn."""
WAYS = {1: "for", -1: "against", 0: "either way"}


def game_view(whole: Whole) -> dict[str, Any]:
    """The game as Red plays it and as it comes about, probabilities averaged over worlds."""
    study = whole.study
    record = study.to_record()
    posed = whole.situation.posed.scenario
    half = half_width(study.p_attack)
    return {
        "posture": study.posture,
        "p_attack": record["p_attack"] | {"half_width": half if np.isfinite(half) else None},
        "p_attack_blind": record["p_attack_blind"],
        "precision": record["precisions"],
        "statuses": record["statuses"],
        "today": record["today"],
        "belief_full": record.get("belief_full"),
        "threat": record.get("threat"),
        "types": _types(study),
        "choices": _choices(study),
        "expects": _expects(study),
        "tree": tree_view(study),
        "timeline": timeline_view(posed, whole.situation.worlds),
    }


def tree_view(study: CrisisStudy) -> dict[str, Any]:
    """The nodes in preorder, each with how likely it is come to: as Red sees it, and in truth.

    At an end stands what each player gets there, as Red sees it, weighed by how likely each world
    comes there; an uncontested full success is worth 1 to Red.
    """
    played, game = study.played, study.played.game
    expected = played.walked(played.games.chances)
    true = played.walked(study.true_chances()).mean(axis=1)
    acts = {end.node: act_of(played.bound, end) for end in played.bound.ends}
    found = []
    for number, node in enumerate(game.nodes):
        found.append(
            {
                "parent": node.parent,
                "action": _action(study, number),
                "moves": _mover(game, node),
                "stage": "" if node.set < 0 else _stage(study, node.set),
                "expected": float(expected[number].mean()),
                "true": float(true[number]),
                "act": acts.get(number),
                "worth": _worth(study, number, expected[number]) if number in acts else None,
            }
        )
    return {"players": list(game.players), "folds": list(FOLDS), "fold": FOLD, "nodes": found}


def _mover(game: Game, node: Node) -> str | None:
    """Who moves at a node; None at an end."""
    if node.set < 0:
        return None
    player = game.sets[node.set].player
    return DRAWN if player == CHANCE else game.players[player]


def _action(study: CrisisStudy, number: int) -> str:
    """What was done last on the way to a node, in words; nothing at the root."""
    grown, options = study.played.bound.grown, study.scenario.options
    if not grown.taken[number]:
        return ""
    action = list(grown.taken[number].values())[-1]
    if action in options:
        return options[action].name
    return spoken(action)


def _stage(study: CrisisStudy, number: int) -> str:
    """What is decided or drawn in a set, in words."""
    grown = study.played.bound.grown
    name = grown.drawn_at[number]
    return grown.form.stages[name].name or spoken(name)


def _worth(study: CrisisStudy, node: int, reached: Floats) -> dict[str, float | None]:
    """By player, what an end is worth where the game ends there."""
    total = float(reached.sum())
    paid = study.played.games.payoffs[:, node]
    return {
        player: float((reached * paid[:, k]).sum() / total) if total > 0 else None
        for k, player in enumerate(study.played.game.players)
    }


def _types(study: CrisisStudy) -> list[dict[str, Any]]:
    """Red's types, and how likely it is of each."""
    reached, ends = study.played.reached, study.played.bound.ends
    is_drawn = {one for end in ends for one in end.tempers.values()}
    return [
        {
            "id": temper,
            "name": study.crisis.types[temper].name,
            "share": float(summed(reached, [temper in end.tempers.values() for end in ends]).mean())
            if temper in is_drawn
            else 1.0,
        }
        for temper in study.tempers()
    ]


def _choices(study: CrisisStudy) -> list[dict[str, Any]]:
    """What Red can do, how likely it does that, and what it takes it to be worth, by type."""
    shares = {None: _shares(study, None)} | {one: _shares(study, one) for one in study.tempers()}
    found = []
    for act, kind, stage in _acts(study):
        option = study.scenario.options.get(act)
        found.append(
            {
                "id": act,
                "name": spoken(act) if option is None else option.name,
                "kind": kind,
                "share": statistics(shares[None][act]),
                "by_type": {
                    temper: {
                        "share": statistics(shares[temper][act])["mean"],
                        "worth": statistics(study.worth(stage, act, temper)),
                    }
                    for temper in study.tempers()
                },
            }
        )
    return found


def _acts(study: CrisisStudy) -> list[tuple[str, str, str]]:
    """Each of Red's acts, of which kind it is, and the stage at which it is chosen."""
    bound, crisis = study.played.bound, study.crisis
    found = {
        act: (act, bound.options.get(act, act.replace("-", "_")), name)
        for name, stage in crisis.stages.items()
        if stage.player == crisis.challenger
        for act in stage.actions
        if act in bound.acts
    }
    order = [REFRAIN, GREY_ZONE, *study.attackable()]
    return [found[act] for act in order if act in found]


def _shares(study: CrisisStudy, temper: str | None) -> dict[str, Floats]:
    """(W,) how likely each act is; of one of Red's types if given."""
    acts = study.acts(temper)
    return study.options(temper) | {REFRAIN: acts["refrain"], GREY_ZONE: acts["grey_zone"]}


def _expects(study: CrisisStudy) -> list[dict[str, Any]]:
    """By option, how likely Red takes a full answer to be, and how likely the members give one."""
    return [
        {
            "id": name,
            "name": study.scenario.options[name].name,
            "expected": statistics(study.seen_by_red[name].full),
            "true": statistics(study.prospects.actual[name].full),
            "gap": statistics(study.seen_by_red[name].full - study.prospects.actual[name].full),
        }
        for name in study.attackable()
        if name in study.prospects.actual
    ]


def timeline_view(scenario: Scenario, worlds: Worlds) -> dict[str, Any] | None:
    """Dated signals, and Red's belief in a full answer after each; None without any.

    Parameters
    ----------
    scenario
        Under the posture.
    """
    timeline = belief_timeline(scenario, worlds)
    if not timeline.sizes["signal"]:
        return None
    days = timeline["date"].to_numpy().astype("datetime64[D]")
    told = timeline["day"].to_numpy().astype("datetime64[D]")
    likelihood = timeline["likelihood"].to_numpy()
    return {
        "base": statistics(timeline["base"].to_numpy()),
        "days": [
            {"date": str(day), **statistics(values)}
            for day, values in zip(days, timeline["belief"].to_numpy(), strict=True)
        ],
        "signals": [
            {
                "id": str(name),
                "name": str(timeline["name"].to_numpy()[k]),
                "date": str(told[k]),
                "low": float(timeline["low"][k]),
                "high": float(timeline["high"][k]),
                "median": float(np.median(likelihood[k])),
                "speaks": WAYS[way],
            }
            for k, (name, way) in enumerate(
                zip(timeline["signal"].to_numpy(), ways(timeline), strict=True)
            )
        ],
    }


__all__ = ["FOLDS", "game_view", "timeline_view", "tree_view"]
