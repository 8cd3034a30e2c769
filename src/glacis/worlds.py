"""Worlds: joint draws of a scenario's uncertain quantities.

A quantity's place in its distribution in world *i* hangs on the seed, the quantity's path and *i*
alone (`glacis.sequence`): never on how many worlds are drawn, in which chunks or on which thread,
nor on what else is uncertain. So a changed scenario has the draws of the old one in all that the
change does not name. Only a quantity that is correlated with others hangs on their places too.

Nothing but a key for each path is kept; `Worlds.kept` remembers what was drawn.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glacis.copula import Copula, Correlation, checked_pairs, copula_of
from glacis.errors import InputError
from glacis.scenario.fields import Record
from glacis.scenario.quantity import Quantity
from glacis.sequence import BITS, path_keys, places, reversed_bits

__all__ = ["Uncertain", "Worlds", "sample"]

_MAX_WORLDS = 2**BITS


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
class _Plan:
    """All that determines every world of one sampling; shared by its chunks and never changed."""

    seed: int
    rows: Mapping[str, int]
    """Of each uncertain path, its row in `keys`."""
    keys: NDArray[np.uint32]
    """(paths, words)"""
    copula: Copula


@dataclass(frozen=True, eq=False)
class Worlds:
    """A range of worlds of one sampling: their numbers, and their values of any quantity.

    Made by `sample`. Immutable, so threads may share it; values are computed whenever they are
    asked for, unless the worlds are `kept`.

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
        """The uncertain quantities' paths, sorted."""
        return tuple(self._plan.rows)

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

    def with_luck(self, seed: int) -> Worlds:
        """The same assumptions with the luck of another seed."""
        return Worlds(self.start, self.stop, replace(self._plan, seed=seed))

    def kept(self) -> Worlds:
        """The same worlds, which remember what they have drawn as long as they live; read-only.

        For one who asks for the same quantities again and again. Their chunks are parts of what
        they remember.
        """
        return _KeptWorlds(self.start, self.stop, self._plan)

    def apart(self) -> Worlds:
        """The same worlds, which take what these remember, and remember all else by themselves.

        For one of many who ask the same worlds, each for something of its own too.
        """
        return self.kept()

    def times(self, count: int) -> Worlds:
        """The same worlds so many times over, one after the other; they remember what they draw.

        For what is asked of each world in several states: all of them are asked at once. Of a world
        it is the numbers that are repeated; its luck hangs on its place in the range, and is not.
        """
        return _Repeated(self.start, self.stop, self._plan, self.kept(), count)

    def probabilities(self, path: str) -> NDArray[np.float64]:
        """Each world's place in one quantity's distribution, strictly between 0 and 1.

        Raises
        ------
        InputError
            If no uncertain quantity of that path was sampled.
        """
        row = self._row(path)
        if self.is_correlated(path):
            return self._plan.copula.probabilities(path, self._turned)
        return places(self._turned, self._plan.keys[row])

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

    def table(self, quantities: Iterable[Uncertain]) -> NDArray[np.float64]:
        """(n, quantities) the values of several quantities side by side.

        Raises
        ------
        InputError
            As `values`.
        """
        return np.stack([self.values(one) for one in quantities], axis=1)

    def record(self, record: Record) -> dict[str, NDArray[np.float64]]:
        """Every Quantity of a record in each world, by name: (W,) each; not to be changed.

        Raises
        ------
        InputError
            As `values`.
        """
        fields = vars(record).items()
        return {name: self.values(one) for name, one in fields if isinstance(one, Quantity)}

    def is_correlated(self, path: str) -> bool:
        """Whether a quantity's draws hang on another's."""
        return path in self._plan.copula.paths

    def keys(self, paths: Iterable[str]) -> NDArray[np.uint32]:
        """(paths, words) from which each path has its places (`glacis.sequence`), uncorrelated.

        Raises
        ------
        InputError
            If one of the paths was not sampled.
        """
        return self._plan.keys[[self._row(path) for path in paths]]

    def _row(self, path: str) -> int:
        try:
            return self._plan.rows[path]
        except KeyError:
            raise InputError(
                f"{path}: was not among the quantities sampled; sample the scenario before a "
                "posture is applied, with all its quantities"
            ) from None

    @cached_property
    def _turned(self) -> NDArray[np.uint32]:
        """The numbers of the worlds, their bits reversed."""
        return reversed_bits(self.indices.astype(np.uint32))


@dataclass(frozen=True, eq=False)
class _KeptWorlds(Worlds):
    """Worlds that remember what they have drawn."""

    _places: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)
    # By identity: equal quantities may have different paths. Held, so that no id is used again.
    _drawn: dict[int | tuple[int, ...], tuple[object, Any]] = field(
        default_factory=dict, repr=False
    )
    _certain: dict[float, NDArray[np.float64]] = field(default_factory=dict, repr=False)
    """By value: most numbers of a scenario are certain, and many are alike."""
    _below: _KeptWorlds | None = field(default=None, repr=False)
    """The same worlds, in which somebody has drawn before; nothing is added to them."""

    def kept(self) -> Worlds:
        return self

    def apart(self) -> Worlds:
        return _KeptWorlds(self.start, self.stop, self._plan, _below=self)

    def chunk(self, start: int, stop: int) -> Worlds:
        part = super().chunk(start, stop)
        return _Part(part.start, part.stop, self._plan, self)

    def probabilities(self, path: str) -> NDArray[np.float64]:
        found = self._placed(path)
        if found is None:
            found = self._places[path] = _read_only(super().probabilities(path))
        return found

    def values(self, quantity: Uncertain) -> NDArray[np.float64]:
        if quantity.is_certain:
            return self._always(quantity)
        found: NDArray[np.float64] | None = self._recalled(id(quantity))
        if found is None:
            found = _read_only(super().values(quantity))
            self._drawn[id(quantity)] = quantity, found
        return found

    def _always(self, quantity: Uncertain) -> NDArray[np.float64]:
        found = self._alike(quantity.value)
        if found is None:
            found = self._certain[quantity.value] = _read_only(super().values(quantity))
        return found

    def _alike(self, value: float) -> NDArray[np.float64] | None:
        found = self._certain.get(value)
        return self._below._alike(value) if found is None and self._below is not None else found

    def table(self, quantities: Iterable[Uncertain]) -> NDArray[np.float64]:
        asked = tuple(quantities)
        key = tuple(map(id, asked))
        found: NDArray[np.float64] | None = self._recalled(key)
        if found is None:
            found = _read_only(super().table(asked))
            self._drawn[key] = asked, found
        return found

    def record(self, record: Record) -> dict[str, NDArray[np.float64]]:
        found: dict[str, NDArray[np.float64]] | None = self._recalled(id(record))
        if found is None:
            found = super().record(record)
            self._drawn[id(record)] = record, found
        return found

    def _placed(self, path: str) -> NDArray[np.float64] | None:
        found = self._places.get(path)
        return self._below._placed(path) if found is None and self._below is not None else found

    def _recalled(self, key: int | tuple[int, ...]) -> Any:
        found = self._drawn.get(key)
        if found is not None:
            return found[1]
        return None if self._below is None else self._below._recalled(key)


@dataclass(frozen=True, eq=False)
class _Part(Worlds):
    """Some of worlds that remember what they have drawn."""

    _whole: _KeptWorlds = field(repr=False)

    def kept(self) -> Worlds:
        return self

    def apart(self) -> Worlds:
        return self._whole.apart().chunk(self.start, self.stop)

    def chunk(self, start: int, stop: int) -> Worlds:
        part = super().chunk(start, stop)
        return self._whole.chunk(part.start, part.stop)

    def probabilities(self, path: str) -> NDArray[np.float64]:
        return self._whole.probabilities(path)[self._own]

    def values(self, quantity: Uncertain) -> NDArray[np.float64]:
        return self._whole.values(quantity)[self._own]

    def table(self, quantities: Iterable[Uncertain]) -> NDArray[np.float64]:
        return self._whole.table(quantities)[self._own]

    def record(self, record: Record) -> dict[str, NDArray[np.float64]]:
        return {name: one[self._own] for name, one in self._whole.record(record).items()}

    @property
    def _own(self) -> slice:
        first = self._whole.start
        return slice(self.start - first, self.stop - first)


@dataclass(frozen=True, eq=False)
class _Repeated(Worlds):
    """Worlds so many times over."""

    _once: Worlds = field(repr=False)
    _count: int
    # By identity, and held, as by worlds that are kept.
    _drawn: dict[int, tuple[object, NDArray[np.float64]]] = field(default_factory=dict, repr=False)

    @property
    def n(self) -> int:
        return self._count * len(self._once)

    @property
    def indices(self) -> NDArray[np.int64]:
        return np.tile(self._once.indices, self._count)

    def kept(self) -> Worlds:
        return self

    def apart(self) -> Worlds:
        return self._once.apart().times(self._count)

    def chunk(self, start: int, stop: int) -> Worlds:
        return self._once.chunk(start, stop).times(self._count)

    def probabilities(self, path: str) -> NDArray[np.float64]:
        return np.concatenate([self._once.probabilities(path)] * self._count)

    def values(self, quantity: Uncertain) -> NDArray[np.float64]:
        found = self._drawn.get(id(quantity))
        if found is None:
            repeated = _read_only(np.concatenate([self._once.values(quantity)] * self._count))
            found = self._drawn[id(quantity)] = quantity, repeated
        return found[1]

    def table(self, quantities: Iterable[Uncertain]) -> NDArray[np.float64]:
        return np.concatenate([self._once.table(quantities)] * self._count)


def _read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    array.flags.writeable = False
    return array


def sample(
    quantities: Iterable[tuple[str, Uncertain]],
    n: int,
    seed: int,
    *,
    correlations: Sequence[Correlation] = (),
) -> Worlds:
    """Worlds 0 to n - 1 of a scenario: one joint draw of all its quantities for each.

    Give the quantities of the scenario as declared, before a posture or an option is applied, so
    that a quantity which only some of them use is known to all.

    Parameters
    ----------
    quantities
        Pairs (path in the scenario, quantity), in any order. A quantity is sampled under its own
        ``path``, so copies made by a measure share one draw.
    n
        Number of worlds, 1 to 2**32. The first worlds of a larger sampling are the same.
    seed
        0 to 2**64 - 1.
    correlations
        Triples (path, path, Spearman's rank correlation), imposed world by world by a Gaussian
        copula. Pairs not given are uncorrelated. A quantity has the same draws whether its partner
        is certain or not.

    Raises
    ------
    InputError
        If `n` or `seed` is out of range, or the correlations name an unknown path, are malformed or
        contradict one another.
    """
    count = _whole("worlds", n, least=1, most=_MAX_WORLDS)
    key = _whole("seed", seed, least=0, most=2**64 - 1)
    certain: dict[str, bool] = {}
    for _, quantity in quantities:
        certain[quantity.path] = certain.get(quantity.path, True) and quantity.is_certain
    uncertain = sorted(path for path, is_certain in certain.items() if not is_certain)
    rows = {path: row for row, path in enumerate(uncertain)}
    copula = copula_of(checked_pairs(correlations, certain), key)
    plan = _Plan(seed=key, rows=rows, keys=path_keys(key, uncertain), copula=copula)
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
