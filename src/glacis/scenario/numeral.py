"""What is written to a Quantity: numbers, ranges and mappings read, and refused with a repair."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from glacis.scenario.quantity import PROVENANCE_KEYS, UNITS, VALUE_KEYS, Quantity, Shape

QUANTITY_KEYS = VALUE_KEYS | PROVENANCE_KEYS | {"unit", "shape"}

#: A number as text; `float` alone would take ``1_000``, ``nan`` and digits of other scripts.
NUMERAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,4})?")


class QuantityError(ValueError):
    """A number is not what its field needs: what is wrong, and what to do."""

    def __init__(self, code: str, what: str, repair: str) -> None:
        super().__init__(what)
        self.code, self.what, self.repair = code, what, repair


def read_quantity(raw: object, unit: str) -> Quantity:
    """A Quantity in `unit` from what was written: a number, a range, or a mapping.

    Raises
    ------
    QuantityError
        With a stable code, what is wrong, and what to do.
    """
    if isinstance(raw, str):
        raw = _read_text(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float | Mapping):
        raise QuantityError(
            "not-a-number", f"must be a number (got {_shown(raw)})", _forms_hint(unit)
        )
    if not isinstance(raw, Mapping):
        return _checked(Quantity("certain", unit, mode=_finite(raw, "the number")))
    unknown = sorted(str(key) for key in raw if key not in QUANTITY_KEYS)
    if unknown:
        raise QuantityError(
            "unknown-key",
            f"a quantity has no key {unknown[0]!r}",
            f"use {', '.join(sorted(QUANTITY_KEYS))}",
        )
    quantity = _checked(_from_mapping(raw, unit))
    return _in_unit(quantity, raw.get("unit", unit), unit)


def _from_mapping(raw: Mapping[str, Any], unit: str) -> Quantity:
    given = {key for key in VALUE_KEYS if raw.get(key) is not None}
    shape = raw.get("shape")
    number: dict[str, Any] = {key: _finite(raw[key], key) for key in given - {"values", "weights"}}
    match given:
        case _ if given == {"value"}:
            quantity = Quantity("certain", unit, mode=number["value"])
        case _ if given == {"low", "mode", "high"}:
            quantity = Quantity("pert", unit, **number)
        case _ if given == {"low", "high"}:
            kind: Shape = "loguniform" if shape == "loguniform" else "uniform"
            quantity = Quantity(kind, unit, **number)
        case _ if {"mean", "sd"} <= given <= {"mean", "sd", "low", "high"}:
            quantity = Quantity("normal", unit, **number)
        case _ if given in ({"values"}, {"values", "weights"}):
            quantity = _discrete(raw, unit)
        case _:
            raise QuantityError(
                "incomplete-quantity",
                f"{{{', '.join(sorted(given))}}} describes no number",
                _forms_hint(unit),
            )
    if shape is not None and shape != quantity.shape:
        raise QuantityError(
            "wrong-shape",
            f"the keys given make it {quantity.shape}, but shape says {_shown(shape)}",
            "give the keys of that shape or leave shape out",
        )
    return quantity


def _discrete(raw: Mapping[str, Any], unit: str) -> Quantity:
    values, weights = raw["values"], raw.get("weights")
    if not isinstance(values, list | tuple) or not values:
        raise QuantityError("not-a-list", "values must be a list", "write values: [1, 2]")
    if weights is None:
        weights = [1.0] * len(values)
    if not isinstance(weights, list | tuple) or len(weights) != len(values):
        raise QuantityError(
            "wrong-length", "weights must be a list as long as values", "give one weight a value"
        )
    return Quantity(
        "discrete",
        unit,
        values=tuple(_finite(value, "each value") for value in values),
        weights=tuple(_finite(weight, "each weight") for weight in weights),
    )


def _checked(quantity: Quantity) -> Quantity:
    """The quantity, if its parameters are in order; a range of no width becomes certain."""
    low, mode, high = quantity.low, quantity.mode, quantity.high
    match quantity.shape:
        case "pert" if not low <= mode <= high:
            raise QuantityError(
                "impossible-range",
                f"low, mode, high must rise (got {low:g}, {mode:g}, {high:g})",
                "order them",
            )
        case "pert" | "uniform" | "loguniform" if low == high:
            return Quantity("certain", quantity.unit, mode=low)
        case "uniform" | "loguniform" if low > high:
            raise QuantityError(
                "impossible-range", f"low {low:g} is above high {high:g}", "swap them"
            )
        case "loguniform" if low <= 0:
            raise QuantityError(
                "impossible-range",
                f"a loguniform range must start above 0 (got {low:g})",
                "raise low, or use uniform",
            )
        case "normal" if quantity.sd <= 0:
            raise QuantityError(
                "impossible-range", f"sd must be above 0 (got {quantity.sd:g})", "give a spread"
            )
        case "normal" if low >= high:
            raise QuantityError(
                "impossible-range", f"bound low {low:g} is not below high {high:g}", "swap them"
            )
        case "normal" if low > quantity.mean + 6 * quantity.sd or high < quantity.mean - (
            6 * quantity.sd
        ):
            raise QuantityError(
                "impossible-range",
                "the bounds leave nothing of the distribution",
                "bring mean and bounds within 6 sd of each other",
            )
        case "discrete" if min(quantity.weights) < 0 or sum(quantity.weights) <= 0:
            raise QuantityError(
                "impossible-range", "weights must be at least 0, and one above 0", "correct them"
            )
    return quantity


def _in_unit(quantity: Quantity, written: object, declared: str) -> Quantity:
    if written == declared:
        return quantity
    if not isinstance(written, str) or written not in UNITS:
        raise QuantityError(
            "unknown-unit", f"unknown unit {_shown(written)}", f"write it in {declared}"
        )
    (have, size), (want, base) = UNITS[written], UNITS[declared]
    if have != want:
        raise QuantityError(
            "wrong-unit", f"{written} is a {have}, this is a {want}", f"write it in {declared}"
        )
    return quantity.mapped(lambda value: value * (size / base))


def _finite(raw: object, name: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise QuantityError(
            "not-a-number", f"{name} must be a number (got {_shown(raw)})", "write a plain number"
        )
    try:
        number = float(raw)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or abs(number) > 1e15:
        raise QuantityError(
            "not-finite", f"{name} must be finite and below 1e15", "write a plain number"
        )
    return number


def _read_text(text: str) -> object:
    """``60..130`` and ``0.3..0.4..0.5`` as ranges, other numerals as numbers (tables, --set)."""
    parts = [part.strip() for part in text.split("..")]
    if not all(NUMERAL.fullmatch(part) for part in parts):
        return text
    match [float(part) for part in parts]:
        case [value]:
            return value
        case [low, high]:
            return {"low": low, "high": high}
        case [low, mode, high]:
            return {"low": low, "mode": mode, "high": high}
        case _:
            return text


def _forms_hint(unit: str) -> str:
    number = "a plain number" if unit == "1" else f"a number in {unit}"
    return (
        f"write {number}, {{low, high}}, {{low, mode, high}}, {{mean, sd}} or {{values, weights}}"
    )


def _shown(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."
