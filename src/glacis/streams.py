"""Luck: every random number of the model, computed from its address rather than kept in a state.

A draw is a pure function of seed, world, stream, step, entity and draw number, so it is the same
whatever the posture, the order of the work, the number of threads or of worlds. The generator is
Philox4x32-10, the address laid out so::

    key      = low word of the seed, high word of the seed
    counter  = world, stream (8 bits) and step (24 bits), entity, draw

Philox is a bijection of the counter for each key, so two draws differ in their address or are the
same draw. The ``@njit`` functions run as plain Python too (``NUMBA_DISABLE_JIT=1``), with the same
results. Source: salmon-2011.
"""

from __future__ import annotations

import hashlib
import math
import operator
from collections.abc import Iterable
from enum import IntEnum, unique
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from glacis.errors import InputError

__all__ = [
    "Stream",
    "entity_hash",
    "entity_hashes",
    "normal",
    "normal_quantile",
    "philox4x32",
    "split_seed",
    "stream_word",
    "uniform",
]

Word: TypeAlias = int | np.integer
"""An integer of at least 0 of which the low 32 bits count."""

Block: TypeAlias = tuple[np.uint64, np.uint64, np.uint64, np.uint64]
"""The four 32-bit words of one Philox block, each held in 64 bits."""


@unique
class Stream(IntEnum):
    """The model's kinds of luck.

    Results depend on the numbers: add new ones at the end, reuse none.
    """

    ALERT = 1
    READINESS = 2
    QUALITY = 3
    ENGAGEMENT = 4
    OBSTACLE = 5
    TESTBED = 7
    CREWS = 8
    MINES = 9
    NUCLEAR = 10
    COUNCIL = 11
    MEMBER = 12
    ABSTENTION = 13
    COHESION = 14


# Everything below is uint64 holding 32-bit words: a product of two words then fits, so nothing ever
# wraps and plain Python (numpy scalars) raises no overflow warning. A bare int literal would turn
# numba's type to float64.
_MASK = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD251_1F53)
_MULTIPLIER_1 = np.uint64(0xCD9E_8D57)
_WEYL_0 = np.uint64(0x9E37_79B9)
_WEYL_1 = np.uint64(0xBB67_AE85)
_ROUNDS = 10

_STREAM_SHIFT = np.uint64(24)
_STREAM_MASK = np.uint64(0xFF)
_STEP_MASK = np.uint64(0xFF_FFFF)

# 52 bits: all 32 of one word, the upper 20 of the next.
_TO_HIGH_PART = np.uint64(20)
_TO_LOW_PART = np.uint64(12)
_GRAIN = 2.0**-52

_MAX_SEED = 2**64 - 1


# No cache=True here: these are compiled into the kernels that call them and cached there
# (`glacis.jit`), and numba would fix a cache folder at import, which must not fail where nothing is
# writable.
@njit(nogil=True)
def philox4x32(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> Block:
    """The Philox4x32-10 block of a counter and a key.

    Source: salmon-2011.

    Parameters
    ----------
    c0, c1, c2, c3
        The counter's words.
    k0, k1
        The key's words.

    Returns
    -------
    tuple of four uint64
        Random words, each below 2**32.
    """
    x0, x1 = np.uint64(c0) & _MASK, np.uint64(c1) & _MASK
    x2, x3 = np.uint64(c2) & _MASK, np.uint64(c3) & _MASK
    key0, key1 = np.uint64(k0) & _MASK, np.uint64(k1) & _MASK
    for _ in range(_ROUNDS):
        product0 = x0 * _MULTIPLIER_0
        product1 = x2 * _MULTIPLIER_1
        x0 = (product1 >> _HALF) ^ x1 ^ key0
        x1 = product1 & _MASK
        x2 = (product0 >> _HALF) ^ x3 ^ key1
        x3 = product0 & _MASK
        key0 = (key0 + _WEYL_0) & _MASK
        key1 = (key1 + _WEYL_1) & _MASK
    return x0, x1, x2, x3


@njit(nogil=True)
def stream_word(stream: Word, step: Word) -> np.uint64:
    """The counter's second word: stream in the high 8 bits, step in the low 24."""
    return ((np.uint64(stream) & _STREAM_MASK) << _STREAM_SHIFT) | (np.uint64(step) & _STEP_MASK)


@njit(nogil=True)
def uniform(
    k0: Word, k1: Word, world: Word, stream: Word, step: Word, entity: Word, draw: Word
) -> float:
    """A uniform number strictly between 0 and 1.

    Parameters
    ----------
    k0, k1
        The seed's words, from `split_seed`.
    world
        Number of the world, below 2**32.
    stream
        A `Stream`.
    step
        Step of the clock, below 2**24.
    entity
        What the luck befalls: an `entity_hash`.
    draw
        Number of the draw within that step and entity, below 2**32.

    Returns
    -------
    float
        An odd multiple of 2**-53: the 52 bits of two words, moved by half a grain. So 0 and 1
        cannot occur, no rounding takes place, and ``u`` is as likely as ``1 - u``.
    """
    word0, word1, _, _ = philox4x32(world, stream_word(stream, step), entity, draw, k0, k1)
    bits = (word0 << _TO_HIGH_PART) | (word1 >> _TO_LOW_PART)
    return (np.float64(bits) + 0.5) * _GRAIN


@njit(nogil=True)
def normal(
    k0: Word, k1: Word, world: Word, stream: Word, step: Word, entity: Word, draw: Word
) -> float:
    """A standard normal number; parameters as in `uniform`, of which it is the quantile.

    One address gives one number, monotone in its uniform, within 8.3 of 0.
    """
    return normal_quantile(uniform(k0, k1, world, stream, step, entity, draw))


@njit(nogil=True)
def normal_quantile(p: float) -> float:
    """The standard normal quantile of a probability strictly between 0 and 1.

    Algorithm AS 241, PPND16: relative accuracy about 1e-16. Source: wichura-1988.
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _central_ratio(0.180625 - q * q)
    tail = math.sqrt(-math.log(min(p, 1.0 - p)))
    quantile = _middle_ratio(tail - 1.6) if tail <= 5.0 else _far_ratio(tail - 5.0)
    return math.copysign(quantile, q)


@njit(nogil=True)
def _central_ratio(r: float) -> float:
    """AS 241's rational function for probabilities within 0.425 of a half. Source: wichura-1988."""
    above = 2.5090809287301226727e3
    above = above * r + 3.3430575583588128105e4
    above = above * r + 6.7265770927008700853e4
    above = above * r + 4.5921953931549871457e4
    above = above * r + 1.3731693765509461125e4
    above = above * r + 1.9715909503065514427e3
    above = above * r + 1.3314166789178437745e2
    above = above * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3
    below = below * r + 2.8729085735721942674e4
    below = below * r + 3.9307895800092710610e4
    below = below * r + 2.1213794301586595867e4
    below = below * r + 5.3941960214247511077e3
    below = below * r + 6.8718700749205790830e2
    below = below * r + 4.2313330701600911252e1
    return above / (below * r + 1.0)


@njit(nogil=True)
def _middle_ratio(r: float) -> float:
    """AS 241's rational function for the tails down to about 1e-11. Source: wichura-1988."""
    above = 7.74545014278341407640e-4
    above = above * r + 2.27238449892691845833e-2
    above = above * r + 2.41780725177450611770e-1
    above = above * r + 1.27045825245236838258e0
    above = above * r + 3.64784832476320460504e0
    above = above * r + 5.76949722146069140550e0
    above = above * r + 4.63033784615654529590e0
    above = above * r + 1.42343711074968357734e0
    below = 1.05075007164441684324e-9
    below = below * r + 5.47593808499534494600e-4
    below = below * r + 1.51986665636164571966e-2
    below = below * r + 1.48103976427480074590e-1
    below = below * r + 6.89767334985100004550e-1
    below = below * r + 1.67638483018380384940e0
    below = below * r + 2.05319162663775882187e0
    return above / (below * r + 1.0)


@njit(nogil=True)
def _far_ratio(r: float) -> float:
    """AS 241's rational function for the tails beyond about 1e-11. Source: wichura-1988."""
    above = 2.01033439929228813265e-7
    above = above * r + 2.71155556874348757815e-5
    above = above * r + 1.24266094738807843860e-3
    above = above * r + 2.65321895265761230930e-2
    above = above * r + 2.96560571828504891230e-1
    above = above * r + 1.78482653991729133580e0
    above = above * r + 5.46378491116411436990e0
    above = above * r + 6.65790464350110377720e0
    below = 2.04426310338993978564e-15
    below = below * r + 1.42151175831644588870e-7
    below = below * r + 1.84631831751005468180e-5
    below = below * r + 7.86869131145613259100e-4
    below = below * r + 1.48753612908506148525e-2
    below = below * r + 1.36929880922735805310e-1
    below = below * r + 5.99832206555887937690e-1
    return above / (below * r + 1.0)


def split_seed(seed: int) -> tuple[int, int]:
    """The key of a seed: its low and its high 32 bits.

    Raises
    ------
    InputError
        If `seed` is no whole number from 0 to 2**64 - 1.
    """
    try:
        whole = operator.index(seed)
    except TypeError:
        raise InputError(
            f"seed: must be a whole number (got {seed!r}); give one from 0 to 2**64 - 1"
        ) from None
    if not 0 <= whole <= _MAX_SEED:
        raise InputError(
            f"seed: must be from 0 to 2**64 - 1 (got {whole}); give a number in that range"
        )
    return whole & 0xFFFF_FFFF, whole >> 32


@lru_cache(maxsize=4096)
def entity_hash(text: str) -> int:
    """The entity word of an id: four bytes of BLAKE2b, the same on every machine and for ever."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=4).digest(), "little")


def entity_hashes(ids: Iterable[str]) -> NDArray[np.uint32]:
    """The entity words of several ids, in their order.

    Parameters
    ----------
    ids
        Ids of formations, places or legs that draw from the same streams.

    Returns
    -------
    numpy.ndarray
        One uint32 for each id.

    Raises
    ------
    InputError
        If two ids have the same word (or are the same): they would share their luck.
    """
    owners: dict[int, str] = {}
    for text in ids:
        word = entity_hash(text)
        if word in owners:
            raise InputError(
                f"ids {owners[word]!r} and {text!r}: must not have the same hash, "
                "they would share their luck; rename one of them"
            )
        owners[word] = text
    return np.fromiter(owners, dtype=np.uint32, count=len(owners))
