"""Finite games in extensive form: who moves where, knowing what, and what each leaf is worth.

A `Game` is made of tuples and never changes. Nodes stand in preorder: the root first, and every
node before what follows from it, branch after branch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

__all__ = ["CHANCE", "Fault", "Game", "InformationSet", "Node", "Outcome", "faults"]

CHANCE = -1
"""The player who draws lots."""

SUM_TOLERANCE = 1e-9

MAX_PAYOFF = 1e15
"""The largest payoff of a player in all, either way."""


@dataclass(frozen=True, slots=True)
class InformationSet:
    """Where a player moves without knowing at which of its nodes; or a draw of chance."""

    player: int
    number: int
    actions: tuple[str, ...]
    label: str = ""
    probabilities: tuple[float, ...] = ()
    """Of each action; chance's only."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What each player gets, in the units of the game."""

    payoffs: tuple[float, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A point of the game: what it follows from, who moves there, and what it pays."""

    parent: int
    """Node above; -1 at the root."""
    branch: int
    """Which action of the node above leads here."""
    set: int
    """Its information set; -1 at a leaf."""
    outcome: int = -1
    """What is paid when the game comes here; -1 for nothing. Payments on a way add up."""
    label: str = ""


class History(NamedTuple):
    """A player's earlier moves on the way to a node: the same number, the same moves."""

    number: int
    length: int


NOTHING = History(0, 0)


@dataclass(frozen=True)
class Game:
    """A finite game in extensive form.

    Check one made by hand with `faults`; the readers of files do.
    """

    players: tuple[str, ...]
    sets: tuple[InformationSet, ...]
    nodes: tuple[Node, ...]
    outcomes: tuple[Outcome, ...]
    title: str = ""

    @cached_property
    def terminals(self) -> tuple[int, ...]:
        """The leaves, in order."""
        return tuple(n for n, node in enumerate(self.nodes) if node.set < 0)

    @cached_property
    def decisions(self) -> tuple[int, ...]:
        """Information sets of players, by player and then by number."""
        owned = [k for k, one in enumerate(self.sets) if one.player != CHANCE]
        return tuple(sorted(owned, key=lambda k: (self.sets[k].player, self.sets[k].number)))

    def members(self, number: int) -> tuple[int, ...]:
        """The nodes of an information set, in order."""
        return self._members[number]

    @cached_property
    def _members(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.sets]
        for n, node in enumerate(self.nodes):
            if node.set >= 0:
                found[node.set].append(n)
        return tuple(map(tuple, found))

    def way_to(self, node: int) -> tuple[tuple[int, int], ...]:
        """Information sets and actions from the root to a node."""
        way: list[tuple[int, int]] = []
        while (here := self.nodes[node]).parent >= 0:
            way.append((self.nodes[here.parent].set, here.branch))
            node = here.parent
        return tuple(reversed(way))

    def own_histories(self) -> tuple[History, ...]:
        """For every node, what its mover did on the way there; nothing at leaves."""
        known: dict[tuple[int, int, int], History] = {}
        told: list[History] = []
        kept: list[Mapping[int, History]] = []
        for node in self.nodes:
            before: Mapping[int, History] = kept[node.parent] if node.parent >= 0 else {}
            above = self.nodes[node.parent].set if node.parent >= 0 else -1
            player = self.sets[above].player if above >= 0 else CHANCE
            if player != CHANCE:
                past = before.get(player, NOTHING)
                key = (past.number, above, node.branch)
                if key not in known:
                    known[key] = History(len(known) + 1, past.length + 1)
                before = {**before, player: known[key]}
            kept.append(before)
            own = self.sets[node.set].player if node.set >= 0 else CHANCE
            told.append(before.get(own, NOTHING))
        return tuple(told)

    def with_payoffs(self, payoffs: Mapping[int, tuple[float, ...]]) -> Game:
        """The same game with other payoffs for the outcomes named by number."""
        changed = tuple(
            replace(one, payoffs=payoffs.get(k, one.payoffs)) for k, one in enumerate(self.outcomes)
        )
        return replace(self, outcomes=changed)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a game, at which node, and what to do."""

    code: str
    node: int
    what: str
    repair: str


def faults(game: Game) -> tuple[Fault, ...]:
    """Everything that keeps `game` from being solved.

    Nobody to play it, probabilities that do not add up, payoffs that are no numbers, and
    information sets that forget: a player must remember where it was and what it did (perfect
    recall). Source: kuhn-1953.
    """
    if not game.players:
        return (Fault("player", 0, "the game has no players", "name one or more"),)
    return (*_odd_draws(game), *_odd_payoffs(game), *_forgetful(game))


def _odd_draws(game: Game) -> Iterator[Fault]:
    seen: set[int] = set()
    for n, node in enumerate(game.nodes):
        if node.set < 0 or node.set in seen or game.sets[node.set].player != CHANCE:
            continue
        seen.add(node.set)
        given = game.sets[node.set].probabilities
        if odd := [p for p in given if not 0 <= p <= 1]:
            yield Fault("probability", n, f"{odd[0]:g} is no probability", "give one from 0 to 1")
        elif abs(math.fsum(given) - 1) > SUM_TOLERANCE:
            total = f"the probabilities of chance add up to {math.fsum(given):.12g}"
            yield Fault("probability-sum", n, total, "make them add up to 1")


def _odd_payoffs(game: Game) -> Iterator[Fault]:
    totals: list[tuple[float, ...]] = []
    for n, node in enumerate(game.nodes):
        before = totals[node.parent] if node.parent >= 0 else (0.0,) * len(game.players)
        paid = game.outcomes[node.outcome].payoffs if node.outcome >= 0 else ()
        totals.append(tuple(map(sum, zip(before, paid, strict=True))) if paid else before)
        if paid and not all(map(math.isfinite, paid)):
            yield Fault("payoff", n, "a payoff is no finite number", "give a number")
        elif paid and not all(abs(total) <= MAX_PAYOFF for total in totals[n]):
            what = f"payoffs come to more than {MAX_PAYOFF:g} here"
            yield Fault("payoff", n, what, "use a larger unit")


def _forgetful(game: Game) -> Iterator[Fault]:
    """Sets whose nodes do not have the same moves of their player behind them."""
    told: dict[int, tuple[int, History]] = {}
    history = game.own_histories()
    for n, node in enumerate(game.nodes):
        if node.set < 0 or game.sets[node.set].player == CHANCE:
            continue
        at, before = told.setdefault(node.set, (n, history[n]))
        if before != history[n]:
            one = game.sets[node.set]
            what = (
                f"{game.players[one.player]} moves here and at node {at + 1} in one information "
                f"set ({one.number}), after different moves of its own"
            )
            yield Fault("recall", n, what, "give nodes with different own pasts different sets")
