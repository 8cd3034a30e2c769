"""What kernels are made of: rules keep no count of who holds an array."""

from __future__ import annotations

from collections import namedtuple

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


def _code(decorated: object) -> str:
    (code,) = decorated.inspect_llvm().values()  # type: ignore[attr-defined]
    return str(code)


@compiled
def test_a_rule_counts_no_holders() -> None:
    pair, single = Pair(np.ones(2), np.arange(2.0)), np.ones(2)
    own = rule(_total)
    assert own(pair, single) == 3.0
    assert "NRT_incref" not in _code(own)


@compiled
def test_only_a_workshop_makes_arrays() -> None:
    def doubled(values: Floats) -> float:
        own = np.zeros(len(values))
        for k in range(len(values)):
            own[k] = 2.0 * values[k]
        return float(own.sum())

    assert workshop(doubled)(np.ones(3)) == 6.0
    with pytest.raises(numba.core.errors.NumbaError, match="array passed into the function"):
        rule(doubled)(np.ones(3))


def test_what_a_kernel_is_given_is_changed_in_place() -> None:
    values = np.ones(3)
    put(np.array([5.0, 7.0, 9.0]), values[1:])
    assert values.tolist() == [1.0, 5.0, 7.0]


def test_kernels_are_kept_on_disk() -> None:
    if numba.config.DISABLE_JIT:
        assert kernel(_total) is _total
    else:
        assert type(kernel(_total)._cache).__name__ == "FunctionCache"
