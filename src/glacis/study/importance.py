"""Importance: how much of a result's spread over worlds each uncertain Quantity explains.

The share of a Quantity is the variance of the result's mean given that Quantity alone, over the
result's variance: what would go, on average, if the Quantity were known. It is read off worlds
already run. They are put into classes of equal mass by the Quantity's place in its distribution;
the share is the variance between classes, less what classes of so few worlds differ by anyway.

Only the order of the places matters, so any unit or rising transform gives the same share, and a
Quantity with few values has a class for each. Four limits. What acts only together with another
Quantity, or by luck, is in nobody's share, so shares sum to less than one; one of near nothing
does not show that a Quantity does not matter. Quantities whose places go together, by a stated
correlation or because the worlds are few, each get what is due to one of them: `in_turn` takes the
largest out before it looks for the next. What changes within a class is missed: in 24 classes a
straight line loses 0.2 % of its share, one wave over the range 0.6 %, a step 4 % in the middle of
the range and more towards its ends. And the largest of a thousand shares of pure chance is not
small: compare with `Importance.noise`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

from glacis.errors import InputError
from glacis.kernels import Floats

__all__ = ["ClassMeans", "Importance", "conditional_means", "importance", "in_turn", "most"]

CLASSES = (24, 12, 6, 3, 2)
"""How many classes there may be: halves, thirds and quarters have edges in the larger ones."""
WORLDS_EACH = 20
"""Worlds that a class needs."""
TELLING_EACH = 8
"""Of these, such as tell something: few do where few worlds make the variance."""
PAIRED = 1.6
"""How much larger shares by chance are than of independent draws: worlds are stratified in pairs,
which makes correlations by chance larger by a quarter, and their squares by this."""
ALARMS = 0.05
"""Chance that a result of pure luck has any Quantity above the level of noise: about double
where few worlds make the variance."""
BLOCK = 64
"""Quantities looked at together: their tables fit a processor's cache."""
LEAST = 0.01
"""Share of the whole below which `in_turn` stops: what classes missed of those before is left."""
KURTOSIS = 3.0
"""Of a normal distribution; where that of a result is higher, its worlds tell less."""


class Importance(NamedTuple):
    """What each Quantity explains of one result."""

    share: Floats
    """(q,) of the variance, 0 to 1."""
    error: Floats
    """(q,) standard errors of the shares; too large by up to a half where a share is near 0."""
    noise: float
    """Share up to which the largest of q is chance."""


class ClassMeans(NamedTuple):
    """A result by class of one Quantity, from the lowest values to the highest."""

    place: Floats
    """(classes,) mean place of the worlds of a class, 0 to 1."""
    mean: Floats
    """(classes,) of the result, in its unit."""
    error: Floats
    """(classes,) standard errors of the means; infinite in a class of one world."""


class _Sums(NamedTuple):
    """Sums over the worlds of each class, (q, codes) each; the result in standard deviations."""

    worlds: Floats
    first: Floats
    second: Floats
    third: Floats


def importance(places: Floats, output: Floats) -> Importance:
    """The share of a result's variance that each Quantity explains by itself.

    One less the mean square within classes over that of all worlds: the correlation ratio, freed
    of its bias, and 0 where that would be negative. Where the result varies in few worlds only,
    classes are fewer. A result that does not vary is explained by nothing.

    Parameters
    ----------
    places
        (W, q) of each world in each Quantity's distribution, 0 to 1, or anything of that order.
    output
        (W,) result; worlds where it is not finite are left out. 0 and 1 may stand for no and yes.

    Raises
    ------
    InputError
        If the shapes do not match, or a place is not finite.

    Notes
    -----
    Source: kelley-1935, plischke-borgonovo-smith-2013.
    """
    places, output = _told(places, output)
    q, n = places.shape[1], len(output)
    spread = output.std() if n else 0.0
    # A constant's spread is what its mean was rounded by.
    if n < 2 * CLASSES[-1] or spread <= 1e-12 * np.abs(output).max():
        return Importance(np.zeros(q), np.zeros(q), 1.0)
    scaled = _scaled(output)
    classes = _classes(scaled)
    blocks = (places[:, first : first + BLOCK] for first in range(0, q, BLOCK))
    found = [_explained(block, scaled, classes) for block in blocks]
    share, error = np.hstack([np.zeros((2, 0)), *found])
    return Importance(share, error, _noise(n, classes, q))


def most(found: Importance) -> int | None:
    """Number of the Quantity that explains most; none if that may be chance."""
    if not len(found.share):
        return None
    best = int(found.share.argmax())
    return best if found.share[best] > found.noise else None


def in_turn(places: Floats, output: Floats, *, at_most: int = 5) -> list[tuple[int, float]]:
    """The Quantities that explain most, each of what those before it left unexplained.

    Parameters
    ----------
    places, output
        As for `importance`.
    at_most
        How many; fewer where the next may be chance, or explains less than 1 % of the whole.

    Returns
    -------
    list
        Pairs (number of the Quantity, share of the variance of the whole result).
    """
    places, left = _told(places, output)
    found: list[tuple[int, float]] = []
    whole = left.var() if len(left) else 0.0
    while len(found) < at_most:
        explained = importance(places, left)
        if (best := most(explained)) is None:
            break
        share = float(explained.share[best] * left.var() / whole)
        if share < LEAST:
            break
        found.append((best, share))
        left = left - _expected(places[:, [best]], left)
    return found


def conditional_means(place: Floats, output: Floats, *, classes: int = 12) -> ClassMeans:
    """How a result's mean runs over the range of one Quantity.

    Parameters
    ----------
    place
        (W,) of each world in the Quantity's distribution; equal ones stay in one class.
    output
        (W,) result; worlds where it is not finite are left out.
    classes
        How many, at most; there are fewer where the Quantity has few values, or worlds are few.

    Raises
    ------
    InputError
        If the shapes do not match, a place is not finite, or there is no class.
    """
    if classes < 1:
        raise InputError(f"classes: must be at least 1 (got {classes}); give how many you want")
    places, output = _told(np.asarray(place, dtype=np.float64)[:, np.newaxis], output)
    codes = _codes(places, max(1, min(classes, len(output))))[0]
    _, codes, count = np.unique(codes, return_inverse=True, return_counts=True)
    at, mean = (np.bincount(codes, one) / count for one in (places[:, 0], output))
    square = np.bincount(codes, (output - mean[codes]) ** 2)
    freedom = count * (count - 1.0)
    error = np.sqrt(np.divide(square, freedom, out=np.full(len(count), np.inf), where=freedom > 0))
    return ClassMeans(at, mean, error)


def _told(places: Floats, output: Floats) -> tuple[Floats, Floats]:
    """Places and results of the worlds in which there is a result."""
    places, output = np.asarray(places, dtype=np.float64), np.asarray(output, dtype=np.float64)
    if places.ndim != 2 or output.shape != places.shape[:1]:
        raise InputError(
            f"places {places.shape} and output {output.shape}: must be (W, q) and (W,); "
            "give one row of places, and one result, for each world"
        )
    if not np.isfinite(places).all():
        raise InputError("places: must be finite (some are not); leave those Quantities out")
    told = np.isfinite(output)
    return (places, output) if told.all() else (places[told], output[told])


def _scaled(output: Floats) -> Floats:
    """The result from its mean, in its standard deviations."""
    return np.asarray((output - output.mean()) / output.std())


def _expected(place: Floats, output: Floats) -> Floats:
    """(n,) mean result in each world's class of one Quantity, whose places are (n, 1)."""
    codes = _codes(place, _classes(_scaled(output)))[0]
    means = np.bincount(codes, output) / np.maximum(np.bincount(codes), 1)
    return np.asarray(means[codes])


def _classes(scaled: Floats) -> int:
    """How many classes the worlds are enough for.

    Parameters
    ----------
    scaled
        (n,) result with mean 0 and variance 1. Its kurtosis is about n / k if k worlds differ from
        all the others.
    """
    n = len(scaled)
    telling = n * KURTOSIS / max(KURTOSIS, float(np.mean(scaled**4)))
    most_classes = min(n / WORLDS_EACH, telling / TELLING_EACH)
    return next((k for k in CLASSES if k <= most_classes), CLASSES[-1])


def _codes(places: Floats, classes: int) -> NDArray[np.uint8]:
    """(q, n) class of each world for each Quantity, by order alone.

    Even codes are the classes between edges. A value that so many worlds share that an edge falls
    within it has an odd code, and so a class, of its own.
    """
    across = np.ascontiguousarray(places.T)
    n = across.shape[1]
    cut = np.arange(1, classes) * n // classes
    edges = np.sort(across, axis=1)
    edges = 0.5 * (edges[:, cut - 1] + edges[:, cut])
    codes = np.zeros(across.shape, dtype=np.uint8)
    for edge in edges.T:
        codes += across > edge[:, np.newaxis]
        codes += across >= edge[:, np.newaxis]
    return codes


def _explained(places: Floats, scaled: Floats, classes: int) -> Floats:
    """(2, q) shares and their errors of a few Quantities."""
    sums = _sums(_codes(places, classes), scaled, 2 * classes - 1)
    means = sums.first / np.maximum(sums.worlds, 1.0)
    n = len(scaled)
    share = np.clip(1.0 - _within(sums, means) * (n - 1) / n, 0.0, 1.0)
    return np.stack([share, _error(sums, means, share, scaled)])


def _sums(codes: NDArray[np.uint8], scaled: Floats, n_codes: int) -> _Sums:
    """Sums of the result's powers by class, all Quantities at once."""
    q = len(codes)
    cell = (codes + n_codes * np.arange(q)[:, np.newaxis]).ravel()
    powers = (np.broadcast_to(scaled**power, codes.shape).ravel() for power in (0.0, 1.0, 2.0, 3.0))
    sums = (np.bincount(cell, one, q * n_codes).reshape(q, n_codes) for one in powers)
    return _Sums(*(np.asarray(one, dtype=np.float64) for one in sums))


def _within(sums: _Sums, means: Floats) -> Floats:
    """(q,) mean square within classes."""
    count = sums.worlds.sum(axis=1)
    square = sums.second.sum(axis=1) - (sums.worlds * means**2).sum(axis=1)
    return np.asarray(square / (count - (sums.worlds > 0).sum(axis=1)))


def _error(sums: _Sums, means: Floats, share: Floats, scaled: Floats) -> Floats:
    """(q,) standard errors: the spread of what each world adds to the share.

    A world with the result y in a class with the mean m adds ``2 m y - m**2 - share y**2`` (the
    influence function of a ratio of variances); here is the sum of its squares.
    """
    s = share[:, np.newaxis]
    square = (4 + 2 * s) * means**2 * sums.second - 3 * sums.worlds * means**4
    square = (square - 4 * s * means * sums.third).sum(axis=1) + share**2 * (scaled**4).sum()
    return np.asarray(np.sqrt(np.maximum(square, 0.0)) / len(scaled))


def _noise(n: int, classes: int, q: int) -> float:
    """The share that the largest of q exceeds by chance with probability `ALARMS` at most."""
    within = n - classes
    ratio = float(fdtri(classes - 1, within, 1.0 - ALARMS / max(q, 1)))
    return min(PAIRED * float(1.0 - (n - 1) / (within + (classes - 1) * ratio)), 1.0)
