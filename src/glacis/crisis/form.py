"""A declared game unrolled into a tree: what players know follows from what they have seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from glacis.crisis.tree import CHANCE, Game, InformationSet, Node, Outcome
from glacis.errors import InputError
from glacis.scenario.game import CHANCE as DRAWS
from glacis.scenario.game import Form, Move, Stage

MAX_NODES = 20_000

#: What a player has seen: stages and what was done there, in order.
View = tuple[tuple[str, str], ...]


def unrolled(form: Form, *, title: str = "") -> Game:
    """The tree of a declared game, with the central value of every number.

    Nodes at which the same player, at the same stage, has seen the same are one information set.
    As it sees what it does itself, it forgets nothing.

    Raises
    ------
    InputError
        If the tree has too many nodes.
    """
    growing = _Growing(form)
    start = form.start or next(iter(form.stages))
    waiting = [_Waiting(-1, 0, start, {}, dict.fromkeys(form.players, ()), -1)]
    while waiting:
        following = growing.add(waiting.pop())
        waiting += reversed(following)
    return Game(
        tuple(form.players),
        tuple(growing.sets),
        tuple(growing.nodes),
        tuple(growing.outcomes),
        title,
    )


@dataclass(frozen=True)
class _Waiting:
    """A node that is yet to be added."""

    parent: int
    branch: int
    stage: str | None
    taken: Mapping[str, str]
    """Stages that were come through, and what was done there."""
    views: Mapping[str, View]
    outcome: int


@dataclass
class _Growing:
    """The parts of a tree that grows."""

    form: Form
    sets: list[InformationSet] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    known: dict[tuple[object, ...], int] = field(default_factory=dict)
    paid: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(self, one: _Waiting) -> list[_Waiting]:
        """One more node; what follows from it."""
        if len(self.nodes) >= MAX_NODES:
            raise InputError(
                f"the game has more than {MAX_NODES:,} nodes; merge stages, or let it end sooner"
            )
        here = len(self.nodes)
        if one.stage is None:
            self.nodes.append(Node(one.parent, one.branch, -1, one.outcome))
            return []
        stage = self.form.stages[one.stage]
        held = self.information_set(one.stage, stage, one.views)
        self.nodes.append(Node(one.parent, one.branch, held, one.outcome))
        return [
            _Waiting(
                here,
                branch,
                move.then,
                {**one.taken, one.stage: action},
                self.seen(one.stage, action, stage, one.views),
                self.outcome(one.stage, action, move, one.taken),
            )
            for branch, (action, move) in enumerate(stage.actions.items())
        ]

    def information_set(self, name: str, stage: Stage, views: Mapping[str, View]) -> int:
        """The set of a node: a new one where its player has not yet stood so."""
        is_draw = stage.player == DRAWS
        view = () if is_draw else views[stage.player]
        key = (name, len(self.nodes)) if is_draw else (name, view)
        if key not in self.known:
            self.known[key] = len(self.sets)
            player = CHANCE if is_draw else self.form.players.index(stage.player)
            number = 1 + sum(one.player == player for one in self.sets)
            label = stage.name or spoken(name)
            if view:
                label += f" ({', '.join(spoken(action) for _, action in view)})"
            chances = shares_of(stage) if is_draw else ()
            actions = tuple(map(spoken, stage.actions))
            self.sets.append(InformationSet(player, number, actions, label, chances))
        return self.known[key]

    def seen(
        self, name: str, action: str, stage: Stage, views: Mapping[str, View]
    ) -> Mapping[str, View]:
        """What everybody has seen once an action is taken."""
        told = self.form.players if stage.seen_by is None else stage.seen_by
        return {
            player: (*view, (name, action)) if player in told or player == stage.player else view
            for player, view in views.items()
        }

    def outcome(self, name: str, action: str, move: Move, taken: Mapping[str, str]) -> int:
        """What an action pays after what went before; -1 for nothing."""
        fitting = tuple(number for number, case in enumerate(move.cases) if fits(case.when, taken))
        bills = [move.pays, *(move.cases[number].pays for number in fitting)]
        if not any(bills):
            return -1
        key = (name, action, fitting)
        if key not in self.paid:
            self.paid[key] = len(self.outcomes)
            payoffs = tuple(
                math.fsum(bill[player].value for bill in bills if player in bill)
                for player in self.form.players
            )
            label = f"{spoken(name)}: {spoken(action)}"
            if fitting:
                label += f" ({len(self.outcomes) + 1})"
            self.outcomes.append(Outcome(payoffs, label))
        return self.paid[key]


def fits(when: Mapping[str, tuple[str, ...]], taken: Mapping[str, str]) -> bool:
    """Whether one of the named actions was taken at every named stage."""
    return all(taken.get(stage) in actions for stage, actions in when.items())


def shares_of(stage: Stage) -> tuple[float, ...]:
    """Probabilities of a stage's draws; that which gives none takes the rest."""
    given = [move.probability for move in stage.actions.values()]
    rest = 1.0 - sum(one.value for one in given if one is not None)
    return tuple(rest if one is None else one.value for one in given)


def spoken(name: str) -> str:
    """An id as words."""
    return name.replace("-", " ").replace("_", " ")
