"""Directions: what makes a world's number a point, whatever the number of worlds.

A point is the exclusive or of a first point and of one direction for each bit set in its number.
Most dimensions are those of a scrambled Sobol sequence. One may also be made from a path alone, so
that it is the same whatever other dimensions there are.
Source: joe-kuo-2008, owen-1998.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from glacis.errors import InputError

__all__ = ["BITS", "GRAIN", "direction_table"]

# 32 bits number as many worlds as a stream's counter can, and are the most that Sobol.fast_forward
# handles.
BITS = 32
GRAIN = 2.0**-BITS
"""The unit of a point's coordinates, which are whole numbers of it."""


def direction_table(
    dimensions: int, own: Sequence[str], worlds: int, seed: int
) -> NDArray[np.uint32]:
    """The directions of every dimension, enough for so many worlds.

    Parameters
    ----------
    dimensions
        How many dimensions of the Sobol sequence; they come first.
    own
        Paths that have a dimension each, made from the path and the seed alone.

    Returns
    -------
    numpy.ndarray
        (1 + bits, dimensions + own): row 0 is point 0; row 1 + b is what bit b of a world's number
        adds to it.

    Raises
    ------
    InputError
        If there are too many dimensions.
    """
    count = dimensions + len(own)
    if count > qmc.Sobol.MAXDIM:
        raise InputError(
            f"{count} uncertain quantities: must be at most {qmc.Sobol.MAXDIM}; "
            "make some of them certain"
        )
    bits = (worlds - 1).bit_length()
    table = np.hstack([_sobol(dimensions, bits, seed), _from_paths(own, bits, seed)])
    table.flags.writeable = False
    return table


def _engine(dimensions: int, seed: int) -> qmc.Sobol:
    # The generator is named, not numpy's default, which may change.
    generator = np.random.Generator(np.random.PCG64(seed))
    return qmc.Sobol(dimensions, scramble=True, bits=BITS, rng=generator)


def _sobol(dimensions: int, bits: int, seed: int) -> NDArray[np.uint32]:
    """The scrambled Sobol points that generate all others below number 2**bits.

    Returns
    -------
    numpy.ndarray
        Row 0 is point 0; row 1 + b is point 2**b exclusive-or point 0. Point i is row 0
        exclusive-or the rows 1 + b of the bits b set in i, because a point is linear in its Gray
        code and that in i. Source: joe-kuo-2008.
    """
    if dimensions == 0:
        return np.zeros((1 + bits, 0), dtype=np.uint32)
    # Built in a thread of its own: an interrupt that fell into scipy's loading of its direction
    # numbers would be swallowed there and leave them wrong. Only the main thread gets interrupts.
    with ThreadPoolExecutor(1) as aside:
        engine = aside.submit(_engine, dimensions, seed).result()
    rows = [engine.random(1)]
    for bit in range(bits):
        ahead = 2**bit - engine.num_generated
        if ahead > 0:
            engine.fast_forward(ahead)
        rows.append(engine.random(1))
    points = (np.concatenate(rows) / GRAIN).astype(np.uint32)
    points[1:] ^= points[0]
    return points


def _from_paths(paths: Sequence[str], bits: int, seed: int) -> NDArray[np.uint32]:
    """Directions that hang on the seed and on each path alone, as `_sobol` gives them.

    scipy's scramble of any dimension hangs on how many there are, so a longer Sobol sequence would
    draw all others anew. These are the columns of a random lower triangular matrix of bits times a
    random upper one, and point 0 is random. As no leading minor is 0, each 2**m-th part of the
    range gets one of any 2**m worlds from a multiple of 2**m on, as in a Sobol sequence.
    """
    words = np.array([_words(path, seed) for path in paths], dtype=np.uint64)
    words = words.reshape(len(paths), 1 + BITS).T
    # Bit 31 - r of a column is its row r.
    rows = np.arange(BITS, dtype=np.uint32)[::-1, np.newaxis]
    diagonal = np.uint32(1) << rows
    upper = (words[1:] & np.uint64(0xFFFF_FFFF)).astype(np.uint32)
    lower = (words[1:] >> np.uint64(32)).astype(np.uint32) & (diagonal - np.uint32(1)) | diagonal
    table = [words[0].astype(np.uint32)]
    for bit in range(bits):
        chosen = (upper[bit] >> rows[:bit]) & np.uint32(1)
        table.append(lower[bit] ^ np.bitwise_xor.reduce(chosen * lower[:bit], axis=0))
    return np.array(table, dtype=np.uint32)


def _words(path: str, seed: int) -> NDArray[np.uint64]:
    """Random words for one path: the same whatever else is drawn, and however many worlds."""
    named = int.from_bytes(hashlib.blake2b(path.encode("utf-8"), digest_size=16).digest(), "little")
    generator = np.random.PCG64(np.random.SeedSequence([seed, named]))
    return np.asarray(generator.random_raw(1 + BITS), dtype=np.uint64)
