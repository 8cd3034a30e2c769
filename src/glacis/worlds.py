"""Worlds: joint draws of a scenario's uncertain quantities.

Worlds are the points of a scrambled Sobol sequence, one dimension for each uncertain quantity in
the order of their paths. World *i* is point *i*: it depends on the seed and on the set of uncertain
paths, never on how many worlds are drawn, in which chunks, or on which thread.
Source: joe-kuo-2008, owen-1998.

A scenario that was changed keeps the dimensions that it had as read, so a change leaves the draws
of all else alone. What is uncertain only since the change has a dimension made from its own path:
its draws hang on the seed and on nothing else that was changed.

A point is a sum of directions without carry (exclusive or), one direction for each bit set in its
number. So a table of those directions gives any quantity in any range of worlds at once, and
nothing else is kept.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from glacis.directions import BITS, GRAIN, direction_table
from glacis.errors import InputError
from glacis.scenario.fields import Record
from glacis.scenario.quantity import Quantity

__all__ = ["Correlation", "Uncertain", "Worlds", "sample"]

Correlation: TypeAlias = tuple[str, str, float]
"""Two paths and their rank correlation."""

_MAX_WORLDS = 2**BITS
# ndtr rounds to 0 or 1 far out; quantile functions need the open interval.
_LEAST_U = 2.0**-53
# Below this the matrix is singular for practical purposes, and rounding decides the sign.
_LEAST_EIGENVALUE = 1e-10


class Uncertain(Protocol):
    """What sampling needs to know of a quantity (`glacis.scenario.quantity.Quantity`)."""

    @property
    def path(self) -> str:
        """Where the quantity was declared: its name in the sampling."""

    @property
    def is_certain(self) -> bool:
        """Whether it has one value only."""

    @property
    def value(self) -> float:
        """Its central value; the value if it is certain."""

    def quantile(self, u: NDArray[np.float64], /) -> NDArray[np.float64]:
        """Its values at probabilities `u`, all strictly between 0 and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class _Copula:
    """A Gaussian copula: its paths, the lower Cholesky factor of their normal correlations.

    `columns` says where each path's directions stand in the plan's table.
    """

    paths: tuple[str, ...]
    columns: tuple[int, ...]
    factor: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """All that determines every world of one sampling; shared by its chunks and never changed."""

    seed: int
    column: Mapping[str, int]
    directions: NDArray[np.uint32]
    copula: _Copula


@dataclass(frozen=True, eq=False)
class Worlds:
    """A range of worlds of one sampling: their numbers, and their values of any quantity.

    Made by `sample`. Immutable, so threads may share it; values are computed when asked for and not
    kept (only the bits of the worlds' numbers are).

    Attributes
    ----------
    start, stop
        Numbers of the first world and of the one after the last.
    """

    start: int
    stop: int
    _plan: _Plan

    @property
    def n(self) -> int:
        """How many worlds there are in this range."""
        return self.stop - self.start

    @property
    def seed(self) -> int:
        """The seed of the sampling, also the key of the worlds' luck."""
        return self._plan.seed

    @property
    def indices(self) -> NDArray[np.int64]:
        """The numbers of the worlds in this range."""
        return np.arange(self.start, self.stop, dtype=np.int64)

    @property
    def paths(self) -> tuple[str, ...]:
        """The uncertain quantities' paths, in the order of the dimensions."""
        return tuple(self._plan.column)

    def __len__(self) -> int:
        return self.n

    def chunk(self, start: int, stop: int) -> Worlds:
        """The worlds numbered from `start` up to, not including, `stop`.

        Raises
        ------
        InputError
            If the range is empty or not within this one.
        """
        if not self.start <= start < stop <= self.stop:
            raise InputError(
                f"worlds {start}:{stop}: must be a range within {self.start}:{self.stop}; "
                "give numbers of worlds drawn"
            )
        return Worlds(start, stop, self._plan)

    def probabilities(self, path: str) -> NDArray[np.float64]:
        """Each world's place in one quantity's distribution, strictly between 0 and 1.

        Raises
        ------
        InputError
            If no uncertain quantity of that path was sampled.
        """
        if self.is_correlated(path):
            return self._correlated(path)
        return self._independent(path)

    def values(self, quantity: Uncertain) -> NDArray[np.float64]:
        """The quantity's value in each world.

        Raises
        ------
        InputError
            If the quantity is uncertain and its path was not sampled.
        """
        if quantity.is_certain:
            return np.full(self.n, quantity.value, dtype=np.float64)
        values = np.asarray(quantity.quantile(self.probabilities(quantity.path)), dtype=np.float64)
        if values.shape != (self.n,):
            raise ValueError(
                f"{quantity.path}: quantile gave shape {values.shape} for {self.n} worlds"
            )
        return values

    def is_correlated(self, path: str) -> bool:
        """Whether a quantity's draws hang on another's."""
        return path in self._plan.copula.paths

    def directions(self, paths: Sequence[str]) -> NDArray[np.uint32]:
        """(1 + bits, paths) from which world *i* has its coordinates, before any correlation.

        Row 0, exclusive-or the rows 1 + b of the bits b set in *i*; in units of `GRAIN`, from the
        middle of the first.

        Raises
        ------
        InputError
            If one of the paths was not sampled.
        """
        return np.ascontiguousarray(self._plan.directions[:, [self._column(p) for p in paths]])

    def _column(self, path: str) -> int:
        try:
            return self._plan.column[path]
        except KeyError:
            raise InputError(
                f"{path}: was not among the quantities sampled; sample the scenario before a "
                "posture is applied, with all its quantities"
            ) from None

    def _independent(self, path: str) -> NDArray[np.float64]:
        """One coordinate of each world, before any correlation."""
        return self._coordinate(self._column(path))

    def _coordinate(self, column: int) -> NDArray[np.float64]:
        directions = self._plan.directions[:, column, np.newaxis]
        point = np.bitwise_xor.reduce(self._masks & directions, axis=0)
        # Half a grain keeps 0 out; both steps are exact.
        return np.asarray((point + 0.5) * GRAIN, dtype=np.float64)

    @cached_property
    def _masks(self) -> NDArray[np.uint32]:
        """(1 + bits, n): all ones for point 0 and where a bit of the number is set, else zero."""
        bits = np.arange(len(self._plan.directions) - 1, dtype=np.uint32)[:, np.newaxis]
        is_set = (self.indices.astype(np.uint32) >> bits) & np.uint32(1)
        every = np.concatenate([np.ones_like(is_set[:1], shape=(1, self.n)), is_set])
        return np.asarray(every * np.uint32(0xFFFF_FFFF), dtype=np.uint32)

    def _correlated(self, path: str) -> NDArray[np.float64]:
        """One coordinate of the Gaussian copula."""
        copula = self._plan.copula
        row = copula.factor[copula.paths.index(path)]
        score = np.zeros(self.n)
        # Term by term: a matrix product may round differently in chunks of different size.
        for column, weight in zip(copula.columns, row, strict=True):
            if weight != 0.0:
                score += weight * ndtri(self._coordinate(column))
        return np.asarray(np.clip(ndtr(score), _LEAST_U, 1.0 - _LEAST_U), dtype=np.float64)


def sample(
    quantities: Iterable[tuple[str, Uncertain]],
    n: int,
    seed: int,
    *,
    correlations: Sequence[Correlation] = (),
    reserved: Sequence[str] | None = None,
) -> Worlds:
    """Worlds 0 to n - 1 of a scenario: one joint draw of all its quantities for each.

    Give the quantities of the scenario as declared, before a posture or an option is applied: the
    set of uncertain paths fixes the dimensions, so that the same world has the same assumptions
    under every posture.

    Parameters
    ----------
    quantities
        Pairs (path in the scenario, quantity), in any order. A quantity is sampled under its own
        ``path``, so copies made by a measure share one draw; certain ones take no dimension.
    n
        Number of worlds, 1 to 2**32. The first worlds of a larger sampling are the same.
    seed
        0 to 2**64 - 1.
    correlations
        Triples (path, path, Spearman's rank correlation), imposed world by world by a Gaussian
        copula. Pairs not given are uncorrelated. One with a certain quantity has no effect.
    reserved
        Paths that have the dimensions of the Sobol sequence, in this order, whether or not they are
        uncertain: those of the scenario before it was changed. Every other uncertain one gets a
        dimension of its own. If left out, all that are uncertain, sorted.

    Raises
    ------
    InputError
        If `n` or `seed` is out of range, there are too many uncertain quantities, or the
        correlations name an unknown path, are malformed or contradict one another.
    """
    count = _whole("worlds", n, least=1, most=_MAX_WORLDS)
    key = _whole("seed", seed, least=0, most=2**64 - 1)
    certain: dict[str, bool] = {}
    for _, quantity in quantities:
        certain[quantity.path] = certain.get(quantity.path, True) and quantity.is_certain
    uncertain = sorted(path for path, is_certain in certain.items() if not is_certain)
    first = uncertain if reserved is None else list(reserved)
    own = sorted(set(uncertain).difference(first))
    place = {path: index for index, path in enumerate([*first, *own])}
    sampled = set(uncertain)
    plan = _Plan(
        seed=key,
        column={path: index for path, index in place.items() if path in sampled},
        directions=direction_table(len(first), own, count, key),
        copula=_copula(correlations, certain, place),
    )
    return Worlds(0, count, plan)


def _whole(name: str, number: int, *, least: int, most: int) -> int:
    """`number` as a plain int, if it is a whole number from `least` to `most`."""
    try:
        whole = operator.index(number)
    except TypeError:
        raise InputError(f"{name}: must be a whole number (got {number!r})") from None
    if not least <= whole <= most:
        raise InputError(
            f"{name}: must be from {least} to {most} (got {whole}); give a number in that range"
        )
    return whole


def _copula(
    correlations: Sequence[Correlation], certain: Mapping[str, bool], place: Mapping[str, int]
) -> _Copula:
    """The Gaussian copula that gives the rank correlations asked for."""
    checked = _checked_pairs(correlations, certain)
    # A certain path that keeps its dimension stays in, so that its partners keep their draws.
    pairs = {pair: rank for pair, rank in checked.items() if place.keys() >= set(pair)}
    paths = tuple(sorted({path for pair in pairs for path in pair}))
    matrix = np.eye(len(paths))
    for (a, b), rank in pairs.items():
        i, j = paths.index(a), paths.index(b)
        # Spearman's rho of a Gaussian pair is 6/pi asin(r/2).
        matrix[i, j] = matrix[j, i] = 2.0 * math.sin(math.pi * rank / 6.0)
    if not paths:
        return _Copula((), (), matrix)
    if np.linalg.eigvalsh(matrix)[0] < _LEAST_EIGENVALUE:
        named = ", ".join(f"({a}, {b}, {rank:g})" for (a, b), rank in pairs.items())
        raise InputError(
            f"correlations {named}: must not contradict one another; bring some of them nearer to 0"
        )
    columns = tuple(place[path] for path in paths)
    return _Copula(paths, columns, np.asarray(np.linalg.cholesky(matrix), dtype=np.float64))


def _checked_pairs(
    correlations: Sequence[Correlation], certain: Mapping[str, bool]
) -> dict[tuple[str, str], float]:
    """The rank correlation of each pair of quantities; all problems raised at once."""
    pairs: dict[tuple[str, str], float] = {}
    problems: list[str] = []
    for a, b, rank in correlations:
        pair = (a, b) if a < b else (b, a)
        what_is_wrong = _pair_problems(pair, rank, certain)
        problems += [f"correlation ({a}, {b}): {what}" for what in what_is_wrong]
        if pair in pairs:
            problems.append(f"correlation ({a}, {b}): must be given once; remove one")
        pairs[pair] = rank
    if problems:
        raise InputError("\n".join(problems))
    return pairs


def _pair_problems(
    pair: tuple[str, str], rank: float, certain: Mapping[str, bool]
) -> Iterable[str]:
    """What is wrong with one correlation."""
    for path in pair:
        if path not in certain:
            yield f"{path} is no quantity of the scenario; give a path that `check` lists"
    if pair[0] == pair[1]:
        yield "must be between two different quantities; remove it"
    if not -1.0 < rank < 1.0:
        yield f"must be between -1 and 1, both excluded (got {rank}); give a rank correlation"


def drawn(record: Record, worlds: Worlds) -> dict[str, NDArray[np.float64]]:
    """Every Quantity of a record in each world, by name: (W,) each."""
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    return {name: worlds.values(one) for name, one in fields.items() if isinstance(one, Quantity)}
