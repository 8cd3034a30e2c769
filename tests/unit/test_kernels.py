"""What kernels are made of: rules keep no count of who holds an array."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest

from glacis.kernels import Floats, kernel, put, rule, workshop

compiled = pytest.mark.skipif(
    numba.config.DISABLE_JIT, reason="there is no machine code without a compiler"
)
Pair = namedtuple("Pair", ["left", "right"])


def _total(pair: Pair, single: Floats) -> float:
    found = 0.0
    for k in range(len(single)):
        found += pair.left[k] * pair.right[k] + single[k]
    return found


def _product(pair: Pair, k: int) -> float:
    return float(pair.left[k] * pair.right[k])


def _counted(decorate: Callable[[Any], Any]) -> int:
    """How often the machine code of a function of that kind counts one more holder."""
    product = decorate(_product)

    def turned(pair: Pair, single: Floats) -> float:
        found = 0.0
        for k in range(len(single)):
            found += product(pair, k) + single[k]
            if found > 1e6:
                pair = Pair(pair.right, pair.left)
        return found

    own = decorate(turned)

    @numba.njit(error_model="numpy")
    def calling(pair: Pair, single: Floats) -> float:
        return float(own(pair, single))

    assert calling(Pair(np.ones(2), np.arange(2.0)), np.ones(2)) == 3.0
    (made,) = calling.overloads.values()
    (code,) = (one for one in made.library._linking_libraries if "turned" in one.name)
    return int(code.get_llvm_str().count("NRT_incref"))


@compiled
def test_a_rule_counts_no_holders() -> None:
    assert _counted(workshop) > 0
    assert _counted(rule) == 0


@compiled
def test_only_a_workshop_makes_arrays() -> None:
    def doubled(values: Floats) -> float:
        own = np.zeros(len(values))
        for k in range(len(values)):
            own[k] = 2.0 * values[k]
        return float(own.sum())

    def called(decorate: Callable[[Any], Any]) -> float:
        own = decorate(doubled)

        @numba.njit
        def calling(values: Floats) -> float:
            return float(own(values))

        return float(calling(np.ones(3)))

    assert called(workshop) == 6.0
    with pytest.raises(numba.core.errors.NumbaError, match="array"):
        called(rule)


def test_from_python_a_rule_is_plain_python() -> None:
    assert rule(_total)(Pair(np.ones(2), np.arange(2.0)), np.ones(2)) == 3.0
    assert not hasattr(rule(_total), "overloads")


def test_what_a_kernel_is_given_is_changed_in_place() -> None:
    values = np.ones(3)
    put(np.array([5.0, 7.0, 9.0]), values[1:])
    assert values.tolist() == [1.0, 5.0, 7.0]


def test_kernels_are_kept_on_disk() -> None:
    if numba.config.DISABLE_JIT:
        assert kernel(_total) is _total
    else:
        assert type(kernel(_total)._cache).__name__ == "FunctionCache"
