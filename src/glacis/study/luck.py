"""Luck of the test beds: uniform numbers by their address, many at once.

Load it by `glacis.jit.load_kernels`, which says where its machine code is kept.
"""

from __future__ import annotations

from numba import njit

from glacis.kernels import Floats
from glacis.streams import Stream, uniform

_TESTBED = int(Stream.TESTBED)


def _fill(k0: int, k1: int, entity: int, out: Floats) -> None:
    for world in range(out.shape[0]):
        for draw in range(out.shape[1]):
            out[world, draw] = uniform(k0, k1, world, _TESTBED, 0, entity, draw)


#: Fills a (worlds, draws) table for one entity: an engagement or a kind of them.
fill = njit(nogil=True, cache=True)(_fill)
