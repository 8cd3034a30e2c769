"""A game as arrays: what the kernels walk over.

Nodes stand in preorder, so one pass forward goes from the root down and one pass backward from the
leaves up. The unknowns of the equilibrium are log odds: for every information set, one for each
action but the first, against the first. Sets get their unknowns in the order of their first nodes,
which keeps those below a node close together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.crisis.tree import CHANCE, Game
from glacis.kernels import Floats, Ints

NOBODY = -2
"""Who moves at a leaf."""


class Layout(NamedTuple):
    """The form of a game with N nodes, H information sets of players, A actions, n unknowns."""

    parent: Ints
    """(N,) node above; -1 at the root."""
    after: Ints
    """(N,) the first node that is no longer at or below this one: its next sibling if it has one.
    Empty if sets stand above one another both ways, as then none can be settled before another."""
    way: Ints
    """(N,) which entry of the shares leads here: actions of players first, then those of chance."""
    mover: Ints
    """(N,) player who moves, `CHANCE` or `NOBODY`."""
    place: Ints
    """(N,) information set of a player's node, else -1."""
    first: Ints
    """(H + 1,) first action of each set."""
    owner: Ints
    """(H,) player of each set."""
    column: Ints
    """(A,) unknown of an action; -1 for the first of its set."""
    holder: Ints
    """(A,) set of an action."""
    below: Ints
    """(N, 2) first unknown, and one past the last, of sets at or below a node."""
    above: Ints
    """(N, 2) the same of sets above a node."""
    watched: NDArray[np.bool_]
    """(players, N) whether the player moves somewhere above the node."""
    hidden: NDArray[np.bool_]
    """(H,) whether the set has several nodes, so that beliefs matter."""
    leads_to_hidden: NDArray[np.bool_]
    """(N,) whether such a set stands at or below the node."""
    rank: Ints
    """(H,) how many moves of its player come before."""
    final: NDArray[np.bool_]
    """(H,) whether no player moves after it."""

    @property
    def unknowns(self) -> int:
        """How many log odds the equilibrium has."""
        return len(self.column) - len(self.owner)


@dataclass(frozen=True, eq=False)
class _Same:
    """A game as a key that is equal to itself only: its contents are long to compare."""

    game: Game

    def __hash__(self) -> int:
        return id(self.game)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.game is other.game


def layout_of(game: Game) -> Layout:
    """The form of `game` for the kernels; read-only, and shared by all who ask for it."""
    return _laid_out(_Same(game))


@lru_cache(maxsize=32)
def _laid_out(same: _Same) -> Layout:
    game = same.game
    moves = list(game.decisions)
    place_of = {k: h for h, k in enumerate(moves)}
    sizes = [len(game.sets[k].actions) for k in moves]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    parent = np.array([node.parent for node in game.nodes])
    sets = np.array([node.set for node in game.nodes])
    place = np.array([place_of.get(k, -1) for k in sets])
    mover = np.array([NOBODY if k < 0 else game.sets[k].player for k in sets])
    column = _columns(place, first)
    hidden = np.array([np.sum(place == h) > 1 for h in range(len(moves))], dtype=bool)
    return Layout(
        parent=parent,
        after=_after(parent) if _is_ordered(parent, place) else np.zeros(0, dtype=np.int64),
        way=_ways(game, first, place_of),
        mover=mover,
        place=place,
        first=first,
        owner=np.array([game.sets[k].player for k in moves], dtype=np.int64),
        column=column,
        holder=np.repeat(np.arange(len(moves)), sizes),
        below=_below(parent, place, first, column),
        above=_above(parent, place, first, column),
        watched=_watched(parent, mover, len(game.players)),
        hidden=hidden,
        leads_to_hidden=_leads(parent, hidden[place] & (place >= 0) if moves else place > 0),
        rank=_ranks(game, moves),
        final=_final(parent, place, len(moves)),
    )


def chance_logs(game: Game) -> Floats:
    """Logarithms of the probabilities of chance, set after set; one that never happens trembles.

    A probability of nothing is taken as the smallest that a number can hold, so that beliefs below
    it are those of a chance that could slip.
    """
    given = [p for one in game.sets if one.player == CHANCE for p in one.probabilities]
    return np.log(np.maximum(np.array(given, dtype=float), np.finfo(float).tiny))


def payoffs_of(game: Game) -> Floats:
    """(N, players) what each player gets at each node, in the units of the game."""
    outcomes = np.array([one.payoffs for one in game.outcomes], dtype=float)
    nothing = np.zeros((1, len(game.players)))
    every = np.concatenate([outcomes.reshape(-1, len(game.players)), nothing])
    return np.ascontiguousarray(every[[node.outcome for node in game.nodes]])


def _after(parent: Ints) -> Ints:
    after = np.arange(1, len(parent) + 1)
    for n in range(len(parent) - 1, 0, -1):
        after[parent[n]] = max(after[parent[n]], after[n])
    return after


def _is_ordered(parent: Ints, place: Ints) -> bool:
    """Whether the sets can be sorted so that each comes after all that stand below its nodes."""
    over = np.full(len(parent), -1)
    above: dict[int, set[int]] = {}
    for n in range(1, len(parent)):
        m = parent[n]
        over[n] = place[m] if place[m] >= 0 else over[m]
        if place[n] >= 0 and over[n] >= 0:
            above.setdefault(int(place[n]), set()).add(int(over[n]))
    try:
        TopologicalSorter(above).prepare()
    except CycleError:
        return False
    return True


def _ways(game: Game, first: Ints, place_of: dict[int, int]) -> Ints:
    chance, start = int(first[-1]), {}
    for k, one in enumerate(game.sets):
        if one.player == CHANCE:
            start[k] = chance
            chance += len(one.actions)
        else:
            start[k] = int(first[place_of[k]])
    ways = [start[game.nodes[n.parent].set] + n.branch if n.parent >= 0 else -1 for n in game.nodes]
    return np.array(ways)


def _columns(place: Ints, first: Ints) -> Ints:
    column = np.full(first[-1], -1, dtype=np.int64)
    following = 0
    for h in dict.fromkeys(int(h) for h in place if h >= 0):
        for a in range(first[h] + 1, first[h + 1]):
            column[a] = following
            following += 1
    return column


def _span(h: int, first: Ints, column: Ints) -> tuple[int, int] | None:
    own = column[first[h] + 1 : first[h + 1]]
    return (int(own[0]), int(own[-1]) + 1) if len(own) else None


def _below(parent: Ints, place: Ints, first: Ints, column: Ints) -> Ints:
    spans = _empty_spans(len(parent), len(column))
    for n in range(len(parent) - 1, -1, -1):
        if place[n] >= 0 and (own := _span(place[n], first, column)):
            _widen(spans[n], own)
        if n:
            _widen(spans[parent[n]], spans[n])
    return _closed(spans)


def _above(parent: Ints, place: Ints, first: Ints, column: Ints) -> Ints:
    spans = _empty_spans(len(parent), len(column))
    for n in range(1, len(parent)):
        _widen(spans[n], spans[parent[n]])
        if place[parent[n]] >= 0 and (own := _span(place[parent[n]], first, column)):
            _widen(spans[n], own)
    return _closed(spans)


def _empty_spans(n: int, end: int) -> Ints:
    return np.tile(np.array([end, 0], dtype=np.int64), (n, 1))


def _widen(span: Ints, other: Ints | tuple[int, int]) -> None:
    span[0], span[1] = min(span[0], other[0]), max(span[1], other[1])


def _closed(spans: Ints) -> Ints:
    spans[spans[:, 0] > spans[:, 1]] = 0
    return spans


def _watched(parent: Ints, mover: Ints, players: int) -> NDArray[np.bool_]:
    watched = np.zeros((players, len(parent)), dtype=bool)
    for n in range(1, len(parent)):
        watched[:, n] = watched[:, parent[n]]
        if mover[parent[n]] >= 0:
            watched[mover[parent[n]], n] = True
    return watched


def _leads(parent: Ints, marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    leads = marked.copy()
    for n in range(len(parent) - 1, 0, -1):
        leads[parent[n]] |= leads[n]
    return leads


def _ranks(game: Game, moves: list[int]) -> Ints:
    history = game.own_histories()
    found = {node.set: history[n].length for n, node in enumerate(game.nodes)}
    return np.array([found[k] for k in moves], dtype=np.int64)


def _final(parent: Ints, place: Ints, sets: int) -> NDArray[np.bool_]:
    follows = _leads(parent, place >= 0)
    final = np.ones(sets, dtype=bool)
    for n in range(1, len(parent)):
        if follows[n] and place[parent[n]] >= 0:
            final[place[parent[n]]] = False
    return final
