"""Luck outside the engine: uniform numbers by their address, many at once.

Load it by `glacis.jit.load_kernels`, which says where its machine code is kept.
"""

from __future__ import annotations

from glacis.kernels import Floats, kernel
from glacis.streams import uniform


@kernel
def fill(k0: int, k1: int, stream: int, entity: int, start: int, out: Floats) -> None:
    """Fill a (worlds, draws) table for one entity, the first row for world `start`."""
    for row in range(out.shape[0]):
        for draw in range(out.shape[1]):
            out[row, draw] = uniform(k0, k1, start + row, stream, 0, entity, draw)
