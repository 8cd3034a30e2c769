"""T8: four hundred generic crises, played by the crisis of a scenario without its campaign."""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib.resources import files
from io import StringIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from glacis.assess.played import attacks, play
from glacis.assess.posed import crisis_of
from glacis.crisis.belief import belief_of, moved
from glacis.crisis.binding import MEASURES, Bound, Prospect, View, bind
from glacis.crisis.equilibrium import Games
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.quantity import Quantity
from glacis.study.arena import Arena

FILE = "crises.csv"
TOGETHER = 20
"""Crises that are played at once: more would only take memory."""
AGAINST = 3.0
"""Attacker over defender, in the comparison with parity."""


class Crises(NamedTuple):
    """What sets one crisis apart from another, for K of them."""

    balance: Floats
    """(K,) forces on the spot, attacker over defender."""
    alliance: NDArray[np.bool_]
    ties: NDArray[np.bool_]
    past: NDArray[np.str_]
    """(K,) ``firm``, ``none`` or ``backed-down``: what the protector did in its last crisis."""

    def rows(self, chosen: NDArray[np.int64]) -> Crises:
        """Some of them, as often as they are named."""
        return Crises(
            self.balance[chosen], self.alliance[chosen], self.ties[chosen], self.past[chosen]
        )


def read_crises() -> Crises:
    """The crises that come with glacis."""
    text = (files("glacis.study") / FILE).read_text(encoding="utf-8")
    rows = list(csv.DictReader(StringIO(text)))
    return Crises(
        balance=np.array([float(row["balance"]) for row in rows]),
        alliance=np.array([row["alliance"] == "1" for row in rows]),
        ties=np.array([row["ties"] == "1" for row in rows]),
        past=np.array([row["past"] for row in rows]),
    )


def crisis_figures(arena: Arena, runner: Runner | None = None) -> dict[str, Any]:
    """How often deterrence succeeds, and what moves it."""
    crises = read_crises()
    number = len(crises.balance)

    def success(crises: Crises) -> Floats:
        return _success(arena, crises, runner)

    found = success(crises)
    against = success(crises._replace(balance=np.full(number, AGAINST)))
    even = success(crises._replace(balance=np.ones(number)))
    firm = success(crises._replace(past=np.full(number, "firm")))
    backed = success(crises._replace(past=np.full(number, "backed-down")))
    return {
        "crises": number,
        "worlds_each": min(arena.beds.crises.worlds, len(arena.worlds)),
        "median_success": float(np.median(found)),
        "mean_success": float(found.mean()),
        "p05_success": float(np.percentile(found, 5)),
        "p95_success": float(np.percentile(found, 95)),
        "success_three_to_one_against": float(against.mean()),
        "success_at_parity": float(even.mean()),
        "points_from_three_to_one_to_parity": 100 * float(even.mean() - against.mean()),
        "points_of_having_backed_down": 100 * float(backed.mean() - firm.mean()),
    }


def _success(arena: Arena, crises: Crises, runner: Runner | None) -> Floats:
    """(K,) probability that the challenger makes no armed attack, the mean of some worlds."""
    each = min(arena.beds.crises.worlds, len(arena.worlds))
    worlds = arena.worlds.chunk(0, each)
    kinds = {name: option.kind for name, option in arena.scenario.options.items()}
    bound = bind(crisis_of(arena.scenario), kinds)
    parts = []
    for start in range(0, len(crises.balance), TOGETHER):
        chosen = np.arange(start, min(start + TOGETHER, len(crises.balance)))
        count = len(chosen)

        def values(one: Quantity, count: int = count) -> Floats:
            return np.tile(worlds.values(one), count)

        games = _games(arena, bound, crises.rows(np.repeat(chosen, each)), values)
        calm = 1.0 - attacks(play(bound, games, runner))
        parts.append(calm.reshape(count, each).mean(axis=1))
    return np.concatenate(parts)


def _games(
    arena: Arena, bound: Bound, crises: Crises, values: Callable[[Quantity], Floats]
) -> Games:
    full = _belief(arena, crises, values)
    prospects = {
        name: _prospect(arena, crises, values, full=full, is_grab=kind == "limited")
        for name, kind in bound.options.items()
    }
    prior = belief_of(arena.scenario).insecure
    insecure = np.zeros(len(full)) if prior is None else values(prior)
    view = View(prospects, insecure, is_reds=True)
    names, attributes = bound.attributes(view, values, threat=np.zeros(len(full)))
    return Games(
        payoffs=bound.payoffs(names, attributes, values),
        chances=bound.chances(view, values),
        precisions=values(bound.crisis.precision),
    )


def _belief(arena: Arena, crises: Crises, values: Callable[[Quantity], Floats]) -> Floats:
    """The challenger's belief in a full answer: a base rate, moved by what it knows."""
    bed, belief = arena.beds.crises, belief_of(arena.scenario)
    weight = (
        crises.alliance * np.log(values(bed.alliance))
        + crises.ties * np.log(values(bed.ties))
        + (crises.past == "firm") * np.log(values(bed.firm))
        + (crises.past == "backed-down") * np.log(values(bed.backed_down))
    )
    return moved(values(belief.base), values(belief.independence) * weight)


def _prospect(
    arena: Arena,
    crises: Crises,
    values: Callable[[Quantity], Floats],
    *,
    full: Floats,
    is_grab: bool,
) -> Prospect:
    """What the challenger expects of an attack, by the balance of forces alone."""
    bed, combat = arena.beds.crises, arena.scenario.campaign.combat
    prepared, spread = values(combat.prepared), values(combat.dispersion)
    edge = np.log(crises.balance * values(crisis_of(arena.scenario).optimism))
    later = edge - np.log(values(bed.reinforced))

    def wins(balance: Floats) -> Floats:
        return np.asarray(ndtr((balance - np.log(prepared)) / spread))

    gained = wins(edge)
    prize = values(bed.grab) if is_grab else np.ones(len(full))
    lost = np.asarray(1.0 - ndtr((-later - np.log(prepared)) / spread))  # it defends what it took
    ground = np.zeros((2, 2, 2, len(full)))
    ground[1] = 1.0
    ground[0, 0, 1], ground[0, 1, 1], ground[1, 1, 1] = gained, wins(later), lost
    losses = np.zeros((2, 2, 2, len(full)))
    losses[:] = values(bed.quick_losses)
    losses[:, 1, 1] = values(bed.war_losses)
    share = np.where(is_grab, values(bed.grab), 1.0)
    measured = np.zeros((2, 2, 2, len(full), len(MEASURES)))
    measured[..., MEASURES.index("ground")] = ground * prize
    for name in ("red-losses", "blue-losses"):
        measured[..., MEASURES.index(name)] = losses * share
    below = 1.0 - full
    answer = np.stack([below * (1 - values(bed.limited)), below * values(bed.limited), full], 1)
    return Prospect(gained, np.stack([answer, answer]), measured, prize)
