"""Forecasts: what anyone in the model can know of a result to come.

Nobody knows the dice. A forecast is what follows from a world's Quantities and from what has been
seen, learnt on other worlds: each world is foretold by a model that was not fitted on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from glacis.jit import load_kernels
from glacis.kernels import Floats, Ints

FOLDS = 5
SCREENED = 32
"""How many of the candidates a model looks at, at most: those most correlated with the result."""
SIGNIFICANT = 4.4
"""Standard errors of independent draws that a correlation must have.

Worlds are stratified in pairs, so that correlations by chance are a quarter larger: these are 3.5
of theirs, which one in two thousand candidates has.
"""
PILOT = 1_024
"""Worlds, from the first on, that forecasts are learnt on, if there are so many."""
WORLDS_EACH = 50
"""Worlds that a model needs for each candidate that it looks at."""
ENOUGH = 1_000
"""Worlds below which forecasts are coarse: they know little of what matters."""
RIDGE = 12.0
"""Penalty on squared weights of standardised columns: the prior's precision."""
STEPS = 50
TOLERANCE = 1e-8

Chosen: TypeAlias = NDArray[np.int64]
"""Numbers of candidates."""


@dataclass(frozen=True)
class Candidates:
    """What forecasts look at if it matters: the places of Quantities in their distributions."""

    count: int
    read: Callable[[int], Floats]
    """Gives (W,) one of them, by its number."""
    kept: dict[int, Floats] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, table: Floats) -> Candidates:
        """Those of a (W, q) table."""
        return cls(table.shape[1], lambda number: table[:, number])

    def columns(self, numbers: Iterable[int]) -> list[Floats]:
        """(W,) each of some, read once."""
        found = []
        for number in numbers:
            if number not in self.kept:
                self.kept[number] = self.read(number)
            found.append(self.kept[number])
        return found

    @cached_property
    def table(self) -> Floats:
        """(W, q) all of them."""
        return np.column_stack([self.read(number) for number in range(self.count)])

    @cached_property
    def spreads(self) -> Floats:
        """(folds + 1, q) standard deviations over all worlds but those of each fold, and of all."""
        fold = np.arange(len(self.table)) % FOLDS
        rest = (self.table[fold != k] for k in range(FOLDS + 1))
        return np.stack([np.zeros(self.count) if not len(t) else t.std(0) for t in rest])


class Columns(NamedTuple):
    """What a forecast may look at, one row a world."""

    known: Floats
    """(W, k) always looked at."""
    candidates: Candidates


@dataclass(frozen=True)
class Learnt:
    """What the pilot's worlds have told of a result: a model for each fold, and one of them all.

    The model of a fold has not seen that fold's worlds; worlds beyond the pilot are foretold by
    that which has seen all.
    """

    pilot: int
    """How many worlds it was learnt on, from the first on."""
    is_share: bool
    known: int
    chosen: tuple[int, ...]
    """Candidates that any of the models looks at."""
    centre: Floats
    """(folds + 1, known + chosen) as are the others; neutral for what a model does not look at."""
    spread: Floats
    weights: Floats
    base: Floats
    """(folds + 1,) what is foretold, as log odds of a share, where all else is at its centre."""

    def told(self, columns: Columns, worlds: Ints, *, at: Floats | None = None) -> Floats:
        """(W,) the forecast of each world; with `at`, (states, W) in other states of what is known.

        Each world's forecast hangs on its own row only.

        Parameters
        ----------
        columns
            Of the worlds that are to be foretold, in the form of those that were learnt on.
        worlds
            (W,) their numbers.
        at
            (states, W, known) other states of what is known.
        """
        return np.asarray(told_together([self], columns, worlds, at=at)[0])

    def line(self, columns: Columns, known: Floats, model: Ints) -> Floats:
        """(..., W) what the models say, as log odds of a share.

        Parameters
        ----------
        known
            (..., W, known) what is known.
        model
            (W,) which of the models is asked.
        """
        slope, centre = (self.weights / self.spread)[model], self.centre[model]
        rest = self.base[model]
        if self.chosen:
            table = np.column_stack(columns.candidates.columns(self.chosen))
            # By rows and not as a matrix product, which may round by how many rows there are.
            away = (table - centre[:, self.known :]) * slope[:, self.known :]
            rest = rest + away.sum(axis=1)
        away = (known - centre[:, : self.known]) * slope[:, : self.known]
        return np.asarray(rest + away.sum(axis=-1))


def told_together(
    learnt: Sequence[Learnt], columns: Columns, worlds: Ints, *, at: Floats | None = None
) -> Floats:
    """(results, W) forecasts of several results; with `at`, (results, states, W).

    Parameters
    ----------
    learnt
        On the same worlds, as much known of each.
    columns, worlds, at
        As for `Learnt.told`.
    """
    pilot, known = learnt[0].pilot, columns.known if at is None else at
    model = np.where(worlds < pilot, worlds % FOLDS, FOLDS)
    found = np.stack([one.line(columns, known, model) for one in learnt])
    is_share, least = np.array([one.is_share for one in learnt]), _leasts(pilot)[model]
    found[is_share] = np.clip(expit(found[is_share]), least, 1 - least)
    return found


class Task(NamedTuple):
    """A result to be learnt on the pilot's worlds, from the first on."""

    result: Floats
    """(W,) what happened, as 1 or 0 or a probability, or how large it was."""
    known: Floats
    """(W, k) always looked at."""
    is_share: bool


def learn(tasks: Sequence[Task], candidates: Candidates) -> list[Learnt]:
    """What the pilot tells of some results: a ridge logit of shares, ridge regression of others.

    However much the worlds agree on a share, its forecast is no surer than `least_share` allows.

    Notes
    -----
    Source: hoerl-kennard-1970.
    """
    chosen = _screened(tasks, candidates)
    return [_learn(task, candidates, chosen[t]) for t, task in enumerate(tasks)]


def chance(happened: Floats, columns: Columns) -> Floats:
    """(W,) probability of what happened or did not, each world foretold by the others."""
    task = Task(happened, columns.known, is_share=True)
    (learnt,) = learn([task], columns.candidates)
    return learnt.told(columns, np.arange(len(happened)))


def mean(result: Floats, columns: Columns) -> Floats:
    """(W,) what a result is expected to be, each world foretold by the others."""
    task = Task(result, columns.known, is_share=False)
    (learnt,) = learn([task], columns.candidates)
    return learnt.told(columns, np.arange(len(result)))


def _learn(task: Task, candidates: Candidates, matters: Sequence[Chosen]) -> Learnt:
    known = task.known.shape[1]
    chosen = sorted({int(number) for one in matters for number in one})
    table = task.known
    if chosen:
        table = np.column_stack([table, *candidates.columns(chosen)])
    looks = np.zeros((FOLDS + 1, table.shape[1]), dtype=np.bool_)
    looks[:, :known] = True
    for k, one in enumerate(matters if chosen else ()):
        looks[k, known + np.searchsorted(chosen, one)] = True
    lines = np.zeros((FOLDS + 1, 3, table.shape[1] + 1))
    lines[:, 1] = 1.0
    load_kernels("glacis.forecast_kernel").fit(table, task.result, task.is_share, looks, lines)
    centre, spread, weights = (np.ascontiguousarray(lines[:, row, 1:]) for row in range(3))
    return Learnt(
        pilot=len(task.result),
        is_share=task.is_share,
        known=known,
        chosen=tuple(chosen),
        centre=centre,
        spread=spread,
        weights=weights,
        base=lines[:, 2, 0].copy(),
    )


@lru_cache(maxsize=16)
def _leasts(worlds: int) -> Floats:
    """(folds + 1,) `least_share` of each fold's model, and of that of them all."""
    return np.array([least_share(int(number)) for number in learnt_on(worlds)])


def least_share(worlds: int) -> float:
    """The least that can be foretold by so many worlds; the most is one less that.

    The rule of succession. Source: zabell-1989.
    """
    return 1.0 / (worlds + 2.0)


def learnt_on(worlds: int) -> Ints:
    """(folds + 1,) of how many worlds each fold's model is learnt, and that of them all."""
    return worlds - np.bincount(np.arange(worlds) % FOLDS, minlength=FOLDS + 1)


def _screened(tasks: Sequence[Task], candidates: Candidates) -> list[list[Chosen]]:
    """For each task and fold, the candidates most correlated with the result, in their order."""
    worlds = len(tasks[0].result)
    fold = np.arange(worlds) % FOLDS
    most = [min(SCREENED, int(number) // WORLDS_EACH) for number in learnt_on(worlds)]
    if not any(most):
        return [[np.empty(0, dtype=np.int64) for _ in most] for _ in tasks]
    results = np.column_stack([task.result for task in tasks])
    results = results - results.mean(axis=0)
    # A kernel and not a matrix product, whose threads would wait for those of the wars.
    shared = np.zeros((FOLDS + 1, len(tasks), candidates.count))
    sums = np.zeros((FOLDS + 1, candidates.count))
    load_kernels("glacis.forecast_kernel").share(results, candidates.table, shared, sums)
    found: list[list[Chosen]] = [[] for _ in tasks]
    for k in range(FOLDS + 1):
        others = fold != k
        centre = results[others].mean(axis=0)
        scale = np.linalg.norm(results[others] - centre, axis=0)[:, None] * candidates.spreads[k]
        centred = shared[k] - np.outer(centre, sums[k])
        score = np.abs(centred) / np.where(scale > 0, scale, np.inf)  # correlation, in its errors
        for t, own in enumerate(found):
            telling = np.flatnonzero(score[t] >= SIGNIFICANT)
            best = np.argsort(-score[t, telling], kind="stable")[: most[k]]
            own.append(np.sort(telling[best]))
    return found
