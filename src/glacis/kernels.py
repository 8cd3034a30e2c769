"""What kernels are made of: the decorator of their rules, types of arrays, and arrays on loan.

numba counts the holders of every array, atomically, whenever a rule that is not inlined takes one,
or takes one out of a tuple. A kernel is called with its tables and gives none away, so the counts
mean nothing there; they cost more than most rules, and threads passed those of shared tables to
and fro.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numba import njit
from numba.core import types
from numba.extending import intrinsic, overload
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

rule = njit(nogil=True, error_model="numpy")
"""Decorator of rules: small functions that a kernel inlines."""

Held = TypeVar("Held")


def borrowed(held: Held) -> Held:
    """The same array, or tuple of arrays, uncounted: its owner must outlive every use."""
    return held  # without a compiler there is nothing to leave out


@overload(borrowed)
def _borrowed(held: Any) -> Any:
    def lend(held: Any) -> Any:
        return _uncounted(held)  # type: ignore[call-arg]  # numba hands in the first

    return lend if _is_borrowable(held) else None


def _is_borrowable(kind: Any) -> bool:
    if isinstance(kind, types.BaseTuple):
        return all(map(_is_borrowable, kind))  # type: ignore[call-overload]
    return isinstance(kind, types.Array)


@intrinsic
def _uncounted(typing: Any, held: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _without_count(context, builder, signature.args[0], values[0])

    return held(held), generate


def _without_count(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """The same array, or tuple of arrays, with nothing to count by."""
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        for owner in ("meminfo", "parent"):
            setattr(array, owner, getattr(array, owner).type(None))
        return array._getvalue()
    parts = [builder.extract_value(value, k) for k in range(len(kind))]
    held = [_without_count(context, builder, *part) for part in zip(kind, parts, strict=True)]
    return context.make_tuple(builder, kind, held)
