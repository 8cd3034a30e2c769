"""PERT and uniform Quantities at their places in many worlds."""

from __future__ import annotations

from typing import Any

import numpy as np

from glacis.kernels import Floats, Ints, kernel, rule
from glacis.sequence import GRAIN, MULTIPLIERS

# All uint64 that hold 32-bit words: products and sums fit, so plain Python warns of no overflow.
_WORD = np.uint64(0xFFFF_FFFF)
_FIRST, _SECOND, _THIRD = (np.uint64(multiplier) for multiplier in MULTIPLIERS)
_ONE, _TWO, _FOUR, _EIGHT, _SIXTEEN = (np.uint64(1 << power) for power in range(5))
_SINGLES, _PAIRS = np.uint64(0x5555_5555), np.uint64(0x3333_3333)
_NIBBLES, _BYTES = np.uint64(0x0F0F_0F0F), np.uint64(0x00FF_00FF)


@rule
def reversed_bits(word: Any) -> Any:
    """A 32-bit word with its bits in the opposite order."""
    word = (word >> _ONE & _SINGLES) | (word & _SINGLES) << _ONE
    word = (word >> _TWO & _PAIRS) | (word & _PAIRS) << _TWO
    word = (word >> _FOUR & _NIBBLES) | (word & _NIBBLES) << _FOUR
    word = (word >> _EIGHT & _BYTES) | (word & _BYTES) << _EIGHT
    return word >> _SIXTEEN | word << _SIXTEEN & _WORD


@rule
def permuted(word: Any, key: Any) -> Any:
    """One round of `glacis.sequence`: each bit flipped or not by the key and the bits below it."""
    word ^= word * _FIRST & _WORD
    word = word + key & _WORD
    word = word * (key >> _SIXTEEN | _ONE) & _WORD
    word ^= word * _SECOND & _WORD
    word ^= word * _THIRD & _WORD
    return word


@rule
def fill_places(start: int, key: Any, row: Floats) -> None:
    """A path's place in each of as many worlds as there are, from number `start` on."""
    key0, key1 = np.uint64(key[0]), np.uint64(key[1])
    key2, key3 = np.uint64(key[2]), np.uint64(key[3])
    for w in range(len(row)):
        number = reversed_bits(np.uint64(start + w))
        number = reversed_bits(permuted(permuted(number, key0), key1))
        digits = reversed_bits(permuted(permuted(number, key2), key3))
        row[w] = (np.float64(digits) + 0.5) * GRAIN


@kernel
def draw_ranges(
    start: int,
    keys: Any,
    quantities: Ints,
    low: Floats,
    high: Floats,
    form: Ints,
    nodes: Floats,
    cumulative: Floats,
    guide: Ints,
    drawn: Floats,
) -> None:
    """Fill the rows of `drawn` that `quantities` names, for as many worlds as it has columns.

    Parameters
    ----------
    start
        Number of the first world.
    keys
        (Q, words) of `Worlds.keys`.
    low, high, form
        Bounds of every row of `drawn`, and the row of `cumulative` that has its form; -1 for a
        uniform one.
    nodes, cumulative
        Where on 0..1 each form reaches which probability.
    guide
        For even steps of probability, the last node at or below it.
    """
    cells = guide.shape[1]
    for k in range(len(quantities)):
        q = quantities[k]
        row, width = drawn[q], high[q] - low[q]
        fill_places(start, keys[k], row)
        if form[q] < 0:
            for w in range(len(row)):
                row[w] = min(max(low[q] + width * row[w], low[q]), high[q])
            continue
        reached, hint = cumulative[form[q]], guide[form[q]]
        for w in range(len(row)):
            u = row[w]
            node = hint[int(u * cells)]
            while reached[node + 1] <= u:
                node += 1
            slope = (nodes[node + 1] - nodes[node]) / (reached[node + 1] - reached[node])
            share = slope * (u - reached[node]) + nodes[node]
            row[w] = min(max(low[q] + width * share, low[q]), high[q])
