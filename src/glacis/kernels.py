"""What kernels are made of: the decorators of their functions, and the types of arrays.

numba counts the holders of every array, atomically, whenever a function that is not inlined takes
one, or takes one out of a tuple. A kernel is called with its tables and gives none away, so the
counts mean nothing; they cost more than most rules, and threads passed those of shared tables to
and fro. So only what makes arrays of its own is compiled with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit
from numba.extending import register_jitable
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

Function = TypeVar("Function", bound=Callable[..., Any])

rule: Callable[[Function], Function] = register_jitable(
    nogil=True, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""Decorator of rules: small functions that a kernel inlines, and that make no arrays.

Called from Python they are plain Python: what compiled code would need to be called from there is
a quarter of all that is compiled.
"""
workshop = njit(nogil=True, error_model="numpy")
"""Decorator of rules that make arrays to work on."""
kernel = njit(nogil=True, cache=True, error_model="numpy")
"""Decorator of kernels, which Python calls; they may make arrays, which rules then work on."""


@rule
def put(values: Floats, into: Floats) -> None:
    """Copy values one by one; an assignment to a slice makes room for a copy in between."""
    for k in range(len(into)):
        into[k] = values[k]
