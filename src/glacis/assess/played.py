"""The games of a crisis, solved: what Red does, how they end, and each as it stands in files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from glacis.crisis.binding import Bound, End
from glacis.crisis.equilibrium import Games, solve_games
from glacis.crisis.form import spoken
from glacis.crisis.layout import layout_of
from glacis.crisis.tree import CHANCE, Game, Outcome
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.crisis import GREY_ZONE

if TYPE_CHECKING:
    from glacis.crisis.kernel import Solved

ACTS = ("refrain", "grey_zone", "limited", "assault")


@dataclass(frozen=True)
class Played:
    """A game in W worlds, and how it is played."""

    bound: Bound
    games: Games
    solved: Solved

    @property
    def game(self) -> Game:
        """Its form."""
        return self.bound.grown.game

    @cached_property
    def reached(self) -> Floats:
        """(W, ends) how likely each end is, as Red sees it."""
        return self.counted(self.games.chances)

    @cached_property
    def acts(self) -> dict[str, Floats]:
        """(W,) how likely Red does each of `ACTS`."""
        return self.acts_within(self.reached)

    def acts_within(self, reached: Floats) -> dict[str, Floats]:
        """The same if the ends are as likely as that."""
        does = [act_of(self.bound, end) for end in self.bound.ends]
        return {act: summed(reached, [one == act for one in does]) for act in ACTS}

    def counted(self, chances: Floats) -> Floats:
        """(W, ends) how likely each end is if chance falls with other probabilities."""
        return np.ascontiguousarray(self.walked(chances)[list(self.game.terminals)].T)

    def walked(self, chances: Floats) -> Floats:
        """(nodes, W) how likely the game comes to each node if chance falls with those."""
        layout = layout_of(self.game)
        ways = np.ascontiguousarray(np.concatenate([self.solved.share, chances], axis=1).T)
        found = np.ones((len(self.game.nodes), ways.shape[1]))
        for node in range(1, len(found)):
            np.multiply(found[layout.parent[node]], ways[layout.way[node]], out=found[node])
        return found


def play(bound: Bound, games: Games, runner: Runner | None = None) -> Played:
    """The games of a crisis, solved."""
    quiet = None if runner is None else runner.quiet()
    return Played(bound, games, solve_games(bound.grown.game, games, runner=quiet))


def of_temper(played: Played, temper: str | None) -> Floats:
    """(W, ends) how likely each end is, given one of Red's types if given; NaN if never drawn."""
    drawn = {one for end in played.bound.ends for one in end.tempers.values()}
    if temper is None or temper not in drawn:
        return played.reached  # the only type that its player has
    is_own = np.array([temper in end.tempers.values() for end in played.bound.ends])
    own = np.where(is_own, played.reached, 0.0)
    total = summed(own, is_own.tolist())[:, None]
    return np.asarray(own / np.where(total > 0, total, np.nan))


def acts_of(played: Played, temper: str | None = None) -> dict[str, Floats]:
    """How likely Red does each of `ACTS`, by world; of one of its types if given."""
    reached = of_temper(played, temper)
    return dict(played.acts) if reached is played.reached else played.acts_within(reached)


def summed(reached: Floats, chosen: Sequence[bool]) -> Floats:
    """(W,) the sum over chosen ends of (W, ends), one after the other.

    numpy's own sums round by the shape in memory, so that a world's would hang on its neighbours.
    """
    found = np.zeros(len(reached))
    for number in np.flatnonzero(chosen):
        found = found + reached[:, number]
    return found


def attacks(played: Played) -> Floats:
    """(W,) probability of a limited grab or a full assault."""
    found = acts_of(played)
    return found["limited"] + found["assault"]


def act_of(bound: Bound, end: End) -> str:
    """Which of `ACTS` an end comes of."""
    return "grey_zone" if end.act == GREY_ZONE else bound.options.get(end.act, end.act)


def game_of_world(played: Played, world: int) -> Game:
    """The game of one world with its numbers, as it stands in files and drawings."""
    game, bound = played.game, played.bound
    drawn, first = [], 0
    for one in game.sets:
        if one.player == CHANCE:
            stop = first + len(one.actions)
            chances = tuple(played.games.chances[world, first:stop].tolist())
            drawn.append(replace(one, probabilities=chances))
            first = stop
        else:
            drawn.append(one)
    nodes, outcomes = list(game.nodes), []
    for number, end in enumerate(bound.ends):
        nodes[end.node] = replace(nodes[end.node], outcome=number)
        payoffs = tuple(played.games.payoffs[world, end.node].tolist())
        outcomes.append(Outcome(payoffs, _words(bound, end)))
    return replace(game, sets=tuple(drawn), nodes=tuple(nodes), outcomes=tuple(outcomes))


def _words(bound: Bound, end: End) -> str:
    """How a game came to an end, in words: Red's type and what was done."""
    return ", ".join(map(spoken, bound.grown.taken[end.node].values()))
