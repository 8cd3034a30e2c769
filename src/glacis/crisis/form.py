"""A declared game unrolled into a tree: what players know follows from what they have seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from glacis.crisis.tree import CHANCE, Game, InformationSet, Node, Outcome
from glacis.errors import InputError
from glacis.scenario.game import CHANCE as DRAWS
from glacis.scenario.game import Case, Form, Move, Stage
from glacis.scenario.quantity import Quantity

MAX_NODES = 20_000

#: What a player has seen: stages and what was done there, in order.
View = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grown:
    """A declared game as a tree that pays nothing yet."""

    form: Form
    game: Game
    taken: tuple[Mapping[str, str], ...]
    """For every node, the stages that were come through and what was done there, in order."""
    drawn_at: tuple[str, ...]
    """The stage of every information set."""

    def move_to(self, node: int) -> Move:
        """What was done last on the way to a node that is not the root."""
        name, action = list(self.taken[node].items())[-1]
        return self.form.stages[name].actions[action]

    def bills(self, node: int) -> tuple[Mapping[str, Quantity], ...]:
        """What the last move on the way to a node pays, by what went before."""
        return tuple(one.pays for one in self._terms(node) if one.pays)

    def wins(self, node: int) -> tuple[Mapping[str, Quantity], ...]:
        """What it pays by the share of the aim that is kept."""
        return tuple(one.wins for one in self._terms(node) if one.wins)

    def _terms(self, node: int) -> tuple[Move | Case, ...]:
        """The last move on the way to a node, and its cases that fit."""
        if not self.taken[node]:
            return ()
        move = self.move_to(node)
        before = self.taken[self.game.nodes[node].parent]
        return (move, *(case for case in move.cases if fits(case.when, before)))


def unrolled(form: Form, *, title: str = "") -> Game:
    """The tree of a declared game whose moves pay players, with every number's central value.

    Raises
    ------
    InputError
        If the tree has too many nodes.
    """
    grown = grow(form, title=title)
    known: dict[tuple[object, ...], int] = {}
    outcomes: list[Outcome] = []
    nodes = []
    for number, node in enumerate(grown.game.nodes):
        bills = grown.bills(number)
        if not bills:
            nodes.append(node)
            continue
        name, action = list(grown.taken[number].items())[-1]
        key = (name, action, *map(id, bills))
        if key not in known:
            known[key] = len(outcomes)
            outcomes.append(_outcome(form, f"{spoken(name)}: {spoken(action)}", bills))
        nodes.append(replace(node, outcome=known[key]))
    return replace(grown.game, nodes=tuple(nodes), outcomes=_numbered(outcomes))


def _outcome(form: Form, label: str, bills: tuple[Mapping[str, Quantity], ...]) -> Outcome:
    payoffs = tuple(
        math.fsum(bill[player].value for bill in bills if player in bill) for player in form.players
    )
    return Outcome(payoffs, label)


def _numbered(outcomes: list[Outcome]) -> tuple[Outcome, ...]:
    """Outcomes of one move that differ by what went before, told apart by their numbers."""
    labels = [one.label for one in outcomes]
    return tuple(
        replace(one, label=f"{one.label} ({k + 1})") if one.label in labels[:k] else one
        for k, one in enumerate(outcomes)
    )


def grow(form: Form, *, title: str = "") -> Grown:
    """The tree of a declared game, with the central value of every probability.

    Nodes at which the same player, at the same stage, has seen the same are one information set.
    As it sees what it does itself, it forgets nothing.

    Raises
    ------
    InputError
        If the tree has too many nodes.
    """
    growing = _Growing(form)
    start = form.start or next(iter(form.stages))
    waiting = [_Waiting(-1, 0, start, {}, dict.fromkeys(form.players, ()))]
    while waiting:
        following = growing.add(waiting.pop())
        waiting += reversed(following)
    game = Game(tuple(form.players), tuple(growing.sets), tuple(growing.nodes), (), title)
    return Grown(form, game, tuple(growing.taken), tuple(growing.stages))


@dataclass(frozen=True)
class _Waiting:
    """A node that is yet to be added."""

    parent: int
    branch: int
    stage: str | None
    taken: Mapping[str, str]
    """Stages that were come through, and what was done there."""
    views: Mapping[str, View]


@dataclass
class _Growing:
    """The parts of a tree that grows."""

    form: Form
    sets: list[InformationSet] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    taken: list[Mapping[str, str]] = field(default_factory=list)
    known: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(self, one: _Waiting) -> list[_Waiting]:
        """One more node; what follows from it."""
        if len(self.nodes) >= MAX_NODES:
            raise InputError(
                f"the game has more than {MAX_NODES:,} nodes; merge stages, or let it end sooner"
            )
        here = len(self.nodes)
        self.taken.append(one.taken)
        if one.stage is None:
            self.nodes.append(Node(one.parent, one.branch, -1))
            return []
        stage = self.form.stages[one.stage]
        held = self.information_set(one.stage, stage, one.views)
        self.nodes.append(Node(one.parent, one.branch, held))
        return [
            _Waiting(
                here,
                branch,
                move.then,
                {**one.taken, one.stage: action},
                self.seen(one.stage, action, stage, one.views),
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
            self.stages.append(name)
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


def fits(when: Mapping[str, tuple[str, ...]], taken: Mapping[str, str]) -> bool:
    """Whether one of the named actions was taken at every named stage."""
    return all(taken.get(stage) in actions for stage, actions in when.items())


def shares_of(stage: Stage) -> tuple[float, ...]:
    """Central probabilities of a stage's draws; those that give none share the rest."""
    given = [move.probability for move in stage.actions.values()]
    rest = 1.0 - sum(one.value for one in given if one is not None)
    return tuple(rest / given.count(None) if one is None else one.value for one in given)


def spoken(name: str) -> str:
    """An id as words."""
    return name.replace("-", " ").replace("_", " ")
