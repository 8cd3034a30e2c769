"""Equilibria of games: how everybody plays at a precision of choice, or in the limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glacis.crisis.layout import Layout, chance_logs, layout_of, payoffs_of
from glacis.crisis.tree import CHANCE, MAX_PAYOFF, SUM_TOLERANCE, Game
from glacis.errors import InputError
from glacis.executor import Runner, run_chunks
from glacis.jit import load_kernels
from glacis.kernels import Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

    from glacis.crisis.kernel import Solved

__all__ = ["Equilibrium", "Games", "branches", "solve", "solve_games"]

STATUSES = ("converged", "stuck", "too long")
MOST_PRECISE = 1e12
"""Beyond that only the limit is left: choice no longer errs by any number that can be told."""
MAX_UNKNOWNS = 1_500
MAX_SLOPES = 20_000_000
LEANING = 0.5
"""Standard deviation, in ranges of payoffs, of the leanings by which others are looked for."""
CROSSINGS = 3
"""How often a curve may pass the precision and still be followed, in that search."""
SAME = 1e-6
"""Equilibria nearer than this in every probability are one."""

_KERNEL = "glacis.crisis.kernel"


class Games(NamedTuple):
    """One form of game in W worlds, each with its own numbers."""

    payoffs: Floats
    """(W, N, players) what each player gets at each node."""
    chances: Floats
    """(W, C) probabilities of chance, set after set in the order of the game's sets."""
    precisions: Floats
    """(W,) precision of choice by the unit of payoffs; infinite for the limit."""


class Starts(NamedTuple):
    """Where the curve to an equilibrium begins, in each of W worlds."""

    leans: Floats
    """(W, n) what draws everybody to each action at first, in ranges of payoffs."""
    crossings: Ints
    """(W,) which crossing of the precision counts; 1 for the first."""


@dataclass(frozen=True, repr=False)
class Equilibrium:
    """How everybody plays one game, what they believe, and how far that is from equilibrium."""

    game: Game
    precision: float
    """By the unit of payoffs; infinite for the limit."""
    shares: tuple[tuple[float, ...], ...]
    """Probability of each action, for each of ``game.decisions``."""
    worths: tuple[tuple[float, ...], ...]
    """What each action is worth to its mover: payoffs expected in all, by ``game.decisions``."""
    beliefs: tuple[tuple[float, ...], ...]
    """How likely each node of the set is once it is reached, or would be."""
    status: str
    residual: float
    """Largest difference between how everybody plays and the logit answer to it."""
    regret: float
    """The most that any player would gain by another strategy, in payoffs."""
    loss: float
    """The most that a player gives up by how it plays at any set, believing what it does."""
    last_loss: float
    """The most that a player gives up by a last move, in payoffs."""
    last_place: int
    """Where in ``game.decisions`` it does; -1 if no set stands last."""
    steps: int
    turns: int
    """How often the curve that leads here turned back."""
    forks: int
    """How often it crossed another."""

    @property
    def is_converged(self) -> bool:
        """Whether its certificate holds."""
        return self.status == STATUSES[0]

    def share(self, number: int, action: str) -> float:
        """Probability of an action at an information set of ``game.sets``."""
        at = self.game.sets[number].actions.index(action)
        return self.shares[self.game.decisions.index(number)][at]

    def ways(self) -> tuple[float, ...]:
        """Probability of the way that leads to each node, once the node above is reached."""
        place = {k: h for h, k in enumerate(self.game.decisions)}
        found = [1.0]
        for node in self.game.nodes[1:]:
            above = self.game.nodes[node.parent].set
            is_played = above in place
            ways = self.shares[place[above]] if is_played else self.game.sets[above].probabilities
            found.append(ways[node.branch])
        return tuple(found)

    def reached(self) -> tuple[float, ...]:
        """Probability that the game comes to each node."""
        found: list[float] = []
        for node, way in zip(self.game.nodes, self.ways(), strict=True):
            found.append(way * found[node.parent] if node.parent >= 0 else 1.0)
        return tuple(found)

    def came_by(self, node: int) -> str:
        """The actions that lead to a node, as words."""
        return ", ".join(self.game.sets[k].actions[a] for k, a in self.game.way_to(node))

    def summary(self) -> pd.DataFrame:
        """A row for each action: player, information set, probability and worth."""
        import pandas as pd

        rows = [
            (self.game.players[one.player], one.number, one.label, action, share, worth)
            for h, one in enumerate(self.game.sets[k] for k in self.game.decisions)
            for action, share, worth in zip(
                distinct(one.actions), self.shares[h], self.worths[h], strict=True
            )
        ]
        columns = ["player", "set", "label", "action", "share", "worth"]
        return pd.DataFrame(rows, columns=columns).set_index(["player", "set", "action"])

    def __repr__(self) -> str:
        at = "in the limit" if math.isinf(self.precision) else f"at precision {self.precision:g}"
        return f"<Equilibrium of {self.game.title!r} {at}, {self.status}>"

    def to_record(self) -> dict[str, Any]:
        """The stable JSON of ``glacis game``."""
        sets = []
        for h, k in enumerate(self.game.decisions):
            one = self.game.sets[k]
            actions = dict(zip(distinct(one.actions), self.shares[h], strict=True))
            sets.append(
                {
                    "player": self.game.players[one.player],
                    "number": one.number,
                    "label": one.label,
                    "actions": actions,
                    "worths": list(self.worths[h]),
                    "beliefs": list(self.beliefs[h]),
                    "nodes": [self.came_by(node) for node in self.game.members(k)],
                }
            )
        return {
            "title": self.game.title,
            "players": list(self.game.players),
            "precision": None if math.isinf(self.precision) else self.precision,
            "infosets": sets,
            "status": self.status,
            "residual": self.residual,
            "regret": self.regret,
            "loss": self.loss,
            "last_move_loss": self.last_loss,
            "steps": self.steps,
            "turns": self.turns,
            "forks": self.forks,
        }


def distinct(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels of a set's actions; a repeated one gets its number, as ``stay#2``."""
    seen: dict[str, int] = {}
    told = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        told.append(label if seen[label] == 1 else f"{label}#{seen[label]}")
    return tuple(told)


def solve(game: Game, *, precision: float = math.inf, runner: Runner | None = None) -> Equilibrium:
    """The agent logit quantal-response equilibrium on the principal branch of `game`.

    Parameters
    ----------
    precision
        Of choice, by the unit of payoffs; at 0 all choose evenly. Infinite gives the limit, a
        sequential equilibrium.

    Raises
    ------
    InputError
        If the precision is negative or no number, or the game is too large.

    Notes
    -----
    Source: mckelvey-palfrey-1998.
    """
    start = Starts(np.zeros((1, layout_of(game).unknowns)), np.ones(1, dtype=np.int64))
    (found,) = _from_starts(game, precision, start, runner)
    return found


def branches(
    game: Game,
    *,
    precision: float = math.inf,
    starts: int = 20,
    seed: int = 1,
    runner: Runner | None = None,
) -> tuple[Equilibrium, ...]:
    """Distinct equilibria found from several starts, that of the principal branch first.

    Each start leans to some actions at random; the lean fades out as precision grows. Where that
    curve goes on beyond `precision` and comes back, it leads to others. There may be equilibria
    that no start leads to, and those that do not converge are left out.

    Parameters
    ----------
    starts
        How many leanings to try beside none.
    seed
        Of the leanings.

    Raises
    ------
    InputError
        As for `solve`, or if `starts` or `seed` is negative.
    """
    layout = layout_of(game)
    if starts < 0 or seed < 0:
        raise InputError(f"starts {starts}, seed {seed}: must be >= 0; give larger numbers")
    luck = np.random.Generator(np.random.Philox(seed))
    leans = LEANING * luck.normal(size=(starts + 1, layout.unknowns))
    leans[0] = 0.0
    crossings = np.repeat(np.arange(1, CROSSINGS + 1), starts + 1)
    tried = _from_starts(game, precision, Starts(np.tile(leans, (CROSSINGS, 1)), crossings), runner)
    found = [tried[0]]
    for other in tried[1:]:
        if other.is_converged and all(_distance(other, one) > SAME for one in found):
            found.append(other)
    return tuple(found)


def _distance(one: Equilibrium, other: Equilibrium) -> float:
    pairs = zip(one.shares, other.shares, strict=True)
    return max((abs(a - b) for two in pairs for a, b in zip(*two, strict=True)), default=0.0)


def _from_starts(
    game: Game, precision: float, start: Starts, runner: Runner | None
) -> tuple[Equilibrium, ...]:
    """The equilibrium to which each of several starts leads."""
    starts = len(start.crossings)
    games = Games(
        payoffs=np.repeat(payoffs_of(game)[None], starts, axis=0),
        chances=np.repeat(np.exp(chance_logs(game))[None], starts, axis=0),
        precisions=np.full(starts, float(precision)),
    )
    solved = solve_games(game, games, starts=start, runner=runner)
    spans, members = _spans(layout_of(game)), [game.members(k) for k in game.decisions]
    return tuple(
        Equilibrium(
            game=game,
            precision=precision,
            shares=tuple(tuple(solved.share[w, part].tolist()) for part in spans),
            worths=tuple(tuple(solved.worth[w, part].tolist()) for part in spans),
            beliefs=tuple(tuple(solved.belief[w, list(own)].tolist()) for own in members),
            status=STATUSES[solved.status[w]],
            residual=float(solved.residual[w]),
            regret=float(solved.regret[w]),
            loss=float(solved.loss[w]),
            last_loss=float(solved.last_loss[w]),
            last_place=int(solved.last_place[w]),
            steps=int(solved.steps[w]),
            turns=int(solved.turns[w]),
            forks=int(solved.forks[w]),
        )
        for w in range(starts)
    )


def _spans(layout: Layout) -> list[slice]:
    """Where the actions of each set stand."""
    return [slice(*pair) for pair in zip(layout.first[:-1], layout.first[1:], strict=True)]


def solve_games(
    game: Game,
    games: Games,
    *,
    starts: Starts | None = None,
    runner: Runner | None = None,
) -> Solved:
    """The equilibria of one form of game in many worlds; nothing in them depends on the runner.

    Parameters
    ----------
    game
        Gives the form; its own numbers are not looked at.
    games
        The numbers of every world.
    starts
        Where to begin in each world; at indifference, on the principal branch, if left out.

    Raises
    ------
    InputError
        If numbers do not fit the form, a precision is negative or no number, or the game is too
        large.
    Cancelled
        If the runner's cancel event is set.
    """
    runner = runner or Runner()
    layout = layout_of(game)
    refuse_large(layout)
    _refuse_odd(game, layout, games)
    if starts is None:
        worlds = len(games.precisions)
        starts = Starts(np.zeros((worlds, layout.unknowns)), np.ones(worlds, dtype=np.int64))
    leans, crossings = starts
    kernel = load_kernels(_KERNEL, announce=runner.announce)
    logs = np.log(np.maximum(games.chances, np.finfo(float).tiny))

    def task(start: int, stop: int) -> Solved:
        from glacis.crisis.values import new_scratch

        part = slice(start, stop)
        solved = _new_solved(kernel, layout, stop - start)
        scratch = new_scratch(layout, logs.shape[1])
        kernel.solve_games(
            layout,
            np.ascontiguousarray(games.payoffs[part]),
            logs[part],
            games.precisions[part],
            leans[part],
            crossings[part],
            scratch,
            solved,
        )
        return solved

    parts = list(
        run_chunks(
            task,
            len(games.precisions),
            runner,
        )
    )
    if not parts:
        return _new_solved(kernel, layout, 0)
    joined: Solved = kernel.Solved(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    return joined


def refuse_large(layout: Layout) -> None:
    """Refuses a game whose system of equations would not fit.

    Raises
    ------
    InputError
        If it has too many actions, or too many nodes for them.
    """
    n, nodes = layout.unknowns, len(layout.parent)
    if n > MAX_UNKNOWNS or n * nodes > MAX_SLOPES:
        raise InputError(
            f"the game is too large to solve: {nodes:,} nodes and {n:,} free actions; at most "
            f"{MAX_UNKNOWNS:,} free actions, and {MAX_SLOPES:,} for nodes times free actions; "
            "merge or prune branches"
        )


def _refuse_odd(game: Game, layout: Layout, games: Games) -> None:
    worlds = len(games.precisions)
    draws = sum(len(one.actions) for one in game.sets if one.player == CHANCE)
    wanted = {
        "payoffs": (games.payoffs.shape, (worlds, len(layout.parent), len(game.players))),
        "chances": (games.chances.shape, (worlds, draws)),
    }
    for name, (given, needed) in wanted.items():
        if given != needed:
            raise InputError(f"{name}: must be of shape {needed} (got {given}) to fit the game")
    if not np.all(games.precisions >= 0):
        odd = games.precisions[~(games.precisions >= 0)][0]
        raise InputError(f"precision: must be >= 0 (got {odd:g}); give a larger number, or inf")
    finite = games.precisions[np.isfinite(games.precisions)]
    if np.any(finite > MOST_PRECISE):
        what = f"precision: must be at most {MOST_PRECISE:g} (got {finite.max():g})"
        raise InputError(f"{what}; ask for the limit instead")
    if not np.all(np.abs(games.payoffs) <= MAX_PAYOFF):
        raise InputError(f"payoffs: must be numbers within {MAX_PAYOFF:g}; use a larger unit")
    sets = [len(one.actions) for one in game.sets if one.player == CHANCE]
    sums = np.add.reduceat(games.chances, np.cumsum([0, *sets[:-1]]), axis=1) if sets else 1.0
    if not (np.all(games.chances >= 0) and np.all(np.abs(sums - 1) <= SUM_TOLERANCE)):
        raise InputError("chances: must be probabilities that add up to 1 in each set")


def _new_solved(kernel: Any, layout: Layout, worlds: int) -> Solved:
    actions, nodes = len(layout.column), len(layout.parent)

    def whole() -> Ints:
        return np.zeros(worlds, dtype=np.int64)

    solved: Solved = kernel.Solved(
        share=np.zeros((worlds, actions)),
        belief=np.zeros((worlds, nodes)),
        worth=np.zeros((worlds, actions)),
        residual=np.zeros(worlds),
        regret=np.zeros(worlds),
        loss=np.zeros(worlds),
        last_loss=np.zeros(worlds),
        last_place=whole(),
        status=whole(),
        steps=whole(),
        turns=whole(),
        forks=whole(),
    )
    return solved
