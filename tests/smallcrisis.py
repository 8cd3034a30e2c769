"""A small crisis with certain numbers, and prospects of it that are known to the digit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glacis.crisis.binding import MEASURES, Bound, Prospect, View, bind
from glacis.crisis.tree import CHANCE
from glacis.kernels import Floats
from glacis.scenario.crisis import Crisis
from glacis.scenario.quantity import Quantity

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


def prospect(
    gained: tuple[float, float], *, more: float = 0.0, aim: tuple[float, float] = (1, 1)
) -> Prospect:
    """What might come of an option; with `more`, a full answer is the likelier."""
    held, won = (0.5, 0.3, 0.2), (0.2 - more, 0.3, 0.5 + more)
    answer = np.array([[held, held], [won, won]])
    shape = (2, 2, 2, len(MEASURES))
    measured = np.empty((*shape[:3], WORLDS, shape[3]))
    for g, b, u, m in np.ndindex(shape):
        measured[g, b, u, :, m] = digits(g, b, u, MEASURES[m])
    return Prospect(np.array(gained), answer, measured, np.array(aim, dtype=float))


REDS = View(
    {"big": prospect((0.2, 0.6), more=0.1), "small": prospect((0.9, 1.0))},
    np.array([0.3, 0.0]),
    is_reds=True,
)
TRUE = View(
    {"big": prospect((0.0, 1.0)), "small": prospect((0.5, 0.5))}, REDS.insecure, is_reds=False
)
THREAT = np.array([0.25, 0.75])


def bound_to(**stages: Any) -> Bound:
    """The small crisis, in which some stages are others."""
    return bind(crisis(stages=STAGES | stages), OPTIONS)


def with_action(stage: str, action: str, **fields: Any) -> dict[str, Any]:
    """The stages of the small crisis, in which an action of one is another, or has more to it."""
    actions = STAGES[stage]["actions"]
    return {stage: STAGES[stage] | {"actions": actions | {action: actions[action] | fields}}}


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
