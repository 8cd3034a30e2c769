"""The sequence of worlds: each path's place in every world, made from seed, path and number alone.

A path's places are a (0, 1)-sequence in base 2, the numbers' bits read backwards, of which both the
numbers and the digits are permuted. The permutations are nested: what becomes of a digit hangs on
those before it. So of any 2**m worlds from a multiple of 2**m on, each 2**m-th part of the range
gets one; and two paths are as unrelated as shuffles of their own can make them, however many paths
there are. Source: owen-1998, laine-karras-2011, burley-2020.

`glacis.campaign.lot_kernel` says the same for kernels, to the same last bit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["BITS", "GRAIN", "KEY_WORDS", "MULTIPLIERS", "path_keys", "places", "reversed_bits"]

BITS = 32
"""How many bits number a world, as many as a stream's counter has for it."""
GRAIN = 2.0**-BITS
"""The unit of a place; every place is in the middle of one."""
KEY_WORDS = 4
"""Words of a path's key: two rounds permute the numbers, two the digits.

With one round of either there are so few permutations that of a thousand paths some pairs have
nearly the same.
"""
MULTIPLIERS = (0x3D20_ADEA, 0x0552_6C56, 0x53A2_2864)
"""Even multipliers of a round. Source: vegdahl-2021."""

_FIRST, _SECOND, _THIRD = (np.uint32(multiplier) for multiplier in MULTIPLIERS)
_HALF_WORD, _ONE = np.uint32(16), np.uint32(1)
_REVERSED_BYTES = np.array([int(f"{byte:08b}"[::-1], 2) for byte in range(256)], dtype=np.uint8)


def path_keys(seed: int, paths: Iterable[str]) -> NDArray[np.uint32]:
    """(paths, `KEY_WORDS`) the key of each path: 16 bytes of BLAKE2b, itself keyed by the seed."""
    key = seed.to_bytes(8, "little")
    size = 4 * KEY_WORDS
    digests = (hashlib.blake2b(p.encode("utf-8"), digest_size=size, key=key) for p in paths)
    words = np.frombuffer(b"".join(one.digest() for one in digests), dtype="<u4")
    return words.astype(np.uint32).reshape(-1, KEY_WORDS)


def reversed_bits(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The words with their bits in the opposite order."""
    in_bytes = _REVERSED_BYTES.take(words.view(np.uint8))
    return in_bytes.view(np.uint32).byteswap(inplace=True)


def places(turned: NDArray[np.uint32], key: NDArray[np.uint32]) -> NDArray[np.float64]:
    """A path's place in its distribution in each world, strictly between 0 and 1.

    Parameters
    ----------
    turned
        The numbers of the worlds, their bits reversed.
    key
        (`KEY_WORDS`,) of the path.
    """
    numbers = reversed_bits(_permuted(_permuted(turned, key[0]), key[1]))
    digits = reversed_bits(_permuted(_permuted(numbers, key[2]), key[3]))
    # Half a grain keeps 0 out; both steps are exact.
    return np.asarray((digits + 0.5) * GRAIN, dtype=np.float64)


def _permuted(words: NDArray[np.uint32], key: np.uint32) -> NDArray[np.uint32]:
    """A permutation in which each bit is flipped or not by the key and the bits below it."""
    words = words ^ words * _FIRST
    words += key
    words *= key >> _HALF_WORD | _ONE
    words ^= words * _SECOND
    words ^= words * _THIRD
    return words
