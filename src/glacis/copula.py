"""Correlated draws: a Gaussian copula that gives the rank correlations asked for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from glacis.errors import InputError
from glacis.sequence import path_keys, places

__all__ = ["Copula", "Correlation", "checked_pairs", "copula_of"]

Correlation: TypeAlias = tuple[str, str, float]
"""Two paths and their rank correlation."""

# ndtr rounds to 0 or 1 far out; quantile functions need the open interval.
_LEAST_U = 2.0**-53
# Below this the matrix is singular for practical purposes, and rounding decides the sign.
_LEAST_EIGENVALUE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Copula:
    """A Gaussian copula: paths, their keys, Cholesky factor of their normal correlations."""

    paths: tuple[str, ...]
    keys: NDArray[np.uint32]
    factor: NDArray[np.float64]

    def probabilities(self, path: str, turned: NDArray[np.uint32]) -> NDArray[np.float64]:
        """One of its coordinates, strictly between 0 and 1, in worlds.

        Parameters
        ----------
        turned
            The numbers of the worlds, their bits reversed.
        """
        row = self.factor[self.paths.index(path)]
        score = np.zeros(len(turned))
        # Term by term: a matrix product may round differently in chunks of different size.
        for key, weight in zip(self.keys, row, strict=True):
            if weight != 0.0:
                score += weight * ndtri(places(turned, key))
        return np.asarray(np.clip(ndtr(score), _LEAST_U, 1.0 - _LEAST_U), dtype=np.float64)


def copula_of(pairs: Mapping[tuple[str, str], float], seed: int) -> Copula:
    """The Gaussian copula that gives the rank correlations asked for.

    Certain quantities have their place in it, so that their partners keep their draws.
    """
    paths = tuple(sorted({path for pair in pairs for path in pair}))
    matrix = np.eye(len(paths))
    for (a, b), rank in pairs.items():
        i, j = paths.index(a), paths.index(b)
        # Spearman's rho of a Gaussian pair is 6/pi asin(r/2).
        matrix[i, j] = matrix[j, i] = 2.0 * math.sin(math.pi * rank / 6.0)
    if not paths:
        return Copula((), path_keys(seed, ()), matrix)
    if np.linalg.eigvalsh(matrix)[0] < _LEAST_EIGENVALUE:
        named = ", ".join(f"({a}, {b}, {rank:g})" for (a, b), rank in pairs.items())
        raise InputError(
            f"correlations {named}: must not contradict one another; bring some of them nearer to 0"
        )
    factor = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    return Copula(paths, path_keys(seed, paths), factor)


def checked_pairs(
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
