from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.quantity import Provenance, Quantity

SHAPES: dict[str, object] = {
    "certain": 5,
    "pert": {"low": 1, "mode": 2, "high": 4},
    "uniform": "60..130",
    "loguniform": {"low": 0.01, "high": 10, "shape": "loguniform"},
    "normal": {"mean": 3, "sd": 1},
    "bounded": {"mean": 3, "sd": 1, "low": 2, "high": 3.5},
    "discrete": {"values": [1, 2, 5], "weights": [1, 0, 3]},
}


@pytest.mark.parametrize(
    "raw, shape, support",
    [
        (5, "certain", (5, 5)),
        ("5", "certain", (5, 5)),
        ({"value": 2.5}, "certain", (2.5, 2.5)),
        ("0.3..0.4..0.5", "pert", (0.3, 0.5)),
        ({"low": 1, "high": 1}, "certain", (1, 1)),
        ({"low": 1, "mode": 1, "high": 2}, "pert", (1, 2)),
        ({"mean": 0, "sd": 1}, "normal", (-6, 6)),
        ({"mean": 0, "sd": 1, "low": 0}, "normal", (0, 6)),
        ({"values": [3, 1]}, "discrete", (1, 3)),
    ],
)
def test_written_forms(raw: object, shape: str, support: tuple[float, float]) -> None:
    quantity = read_quantity(raw, "km")
    assert (quantity.shape, quantity.support) == (shape, support)


@pytest.mark.parametrize(
    "raw, code",
    [
        ("fast", "not-a-number"),
        ("1_000", "not-a-number"),
        ("nan", "not-a-number"),
        ("\u0665", "not-a-number"),
        ("1..2..3..4", "not-a-number"),
        (True, "not-a-number"),
        (None, "not-a-number"),
        ([1], "not-a-number"),
        ({"value": "x"}, "not-a-number"),
        (math.inf, "not-finite"),
        (1e16, "not-finite"),
        (10**400, "not-finite"),
        ({}, "incomplete-quantity"),
        ({"low": 1}, "incomplete-quantity"),
        ({"low": 1, "value": 2}, "incomplete-quantity"),
        ({"lo": 1, "high": 2}, "unknown-key"),
        ({"low": 2, "high": 1}, "impossible-range"),
        ({"low": 1, "mode": 9, "high": 2}, "impossible-range"),
        ({"low": 0, "high": 1, "shape": "loguniform"}, "impossible-range"),
        ({"mean": 1, "sd": 0}, "impossible-range"),
        ({"mean": 1, "sd": 1, "low": 2, "high": 2}, "impossible-range"),
        ({"mean": 0, "sd": 1, "low": 50, "high": 60}, "impossible-range"),
        ({"values": [1, 2], "weights": [0, 0]}, "impossible-range"),
        ({"values": [1, 2], "weights": [1]}, "wrong-length"),
        ({"values": []}, "not-a-list"),
        ({"low": 1, "high": 2, "shape": "normal"}, "wrong-shape"),
        ({"value": 1, "unit": "h"}, "wrong-unit"),
        ({"value": 1, "unit": "furlong"}, "unknown-unit"),
        ({"value": 1, "unit": ["km"]}, "unknown-unit"),
    ],
)
def test_what_is_no_quantity(raw: object, code: str) -> None:
    with pytest.raises(QuantityError) as caught:
        read_quantity(raw, "km")
    assert caught.value.code == code
    assert caught.value.what
    assert caught.value.repair


def test_units_are_converted() -> None:
    assert read_quantity({"value": 500, "unit": "m"}, "km").value == 0.5
    share = read_quantity({"low": 80, "high": 100, "unit": "%"}, "share")
    assert share == Quantity("uniform", "share", low=0.8, high=1.0)
    normal = read_quantity({"mean": 2, "sd": 1, "unit": "days"}, "h")
    assert (normal.mean, normal.sd) == (48, 24)
    assert normal == Quantity("normal", "h", mean=48, sd=24)


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
def test_described_reads_back(raw: object) -> None:
    quantity = read_quantity(raw, "km")
    assert read_quantity(quantity.described(), "km") == quantity


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
@settings(deadline=None)  # the first call imports scipy
@given(u=st.lists(st.floats(2.0**-53, 1 - 2.0**-53), min_size=2, max_size=20))
def test_quantiles_rise_within_the_support(raw: object, u: list[float]) -> None:
    quantity = read_quantity(raw, "km")
    values = quantity.quantile(np.sort(np.array(u)))
    low, high = quantity.support
    assert np.all(np.diff(values) >= -1e-12)
    assert values.min() >= low
    assert values.max() <= high


def test_pert_has_its_mean() -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    mean = read_quantity({"low": 1, "mode": 2, "high": 9}, "km").quantile(u).mean()
    assert mean == pytest.approx((1 + 4 * 2 + 9) / 6, abs=1e-3)


def test_a_wide_loguniform_does_not_overflow() -> None:
    quantity = read_quantity({"low": 1e-300, "high": 1e15, "shape": "loguniform"}, "km")
    assert np.all(np.isfinite(quantity.quantile(np.array([0.01, 0.99]))))


def test_discrete_never_draws_weight_nothing() -> None:
    quantity = read_quantity(SHAPES["discrete"], "km")
    drawn = quantity.quantile(np.array([1e-9, 0.2, 0.25, 0.26, 1 - 1e-12]))
    assert set(drawn) == {1.0, 5.0}


@pytest.mark.parametrize(
    "raw, shown",
    [(5, "5 km"), ("1..2", "1 to 2 km"), ("1..2..3", "1 to 3 (mode 2) km")],
)
def test_as_text(raw: object, shown: str) -> None:
    assert str(read_quantity(raw, "km")) == shown


def test_sources_are_split() -> None:
    assert Quantity("certain", source="a-1999; b-2000 ;").sources == ("a-1999", "b-2000")


def test_provenance_is_filled_from_outside_only_without_a_source() -> None:
    outer = Provenance("a", "high", "n")
    assert Provenance(note="own").over(outer) == Provenance("a", "high", "own")
    assert Provenance("b").over(outer) == Provenance("b")


def test_mappings_that_are_no_dicts_are_read() -> None:
    class Own(dict[str, float]):
        pass

    raw: Mapping[str, float] = Own(low=1, high=2)
    assert read_quantity(raw, "km").support == (1, 2)
