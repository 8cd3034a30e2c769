from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError

from glacis.scenario.fields import Collection, Factor, Ids, Km, Measured, Record, Share
from glacis.scenario.quantity import Quantity


class Road(Record):
    km: Km
    share: Share = Quantity("certain", "share", mode=1.0)
    factor: Factor | None = None
    names: Ids = ()
    parts: Annotated[dict[str, Share], Collection] = Field(default_factory=dict)


def problem(**fields: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        Road(**{"km": 1} | fields)
    (error,) = caught.value.errors()
    return dict(error.get("ctx") or {}, type=error["type"], loc=error["loc"])


@pytest.mark.parametrize(
    "fields, what",
    [
        ({"km": -1}, "must be >= 0 km (got -1)"),
        ({"km": {"low": -1, "high": 5}}, "must be >= 0 km (got -1)"),
        ({"share": {"low": 0, "high": 1.5}}, "must be <= 1 share (got 1.5)"),
        ({"factor": 0}, "must be > 0 (got 0)"),
    ],
)
def test_bounds_hold_for_the_whole_range(fields: dict[str, Any], what: str) -> None:
    told = problem(**fields)
    assert told["code"] == "out-of-bounds"
    assert told["what"] == what
    assert told["repair"].startswith("give a ")


def test_provenance_of_a_mapping_is_its_own() -> None:
    km = Road(km={"value": 3, "source": "me", "confidence": "low", "note": "n"}).km
    assert (km.source, km.confidence, km.note) == ("me", "low", "n")


def test_one_name_is_a_list_of_one() -> None:
    assert Road(km=1, names="a").names == ("a",)
    assert Road(km=1, names=["a", "b"]).names == ("a", "b")


def test_a_collection_may_say_its_source() -> None:
    assert list(Road(km=1, parts={"source": "x", "a": 1}).parts) == ["a"]


def test_several_sources_are_joined() -> None:
    assert Road(km=1, source=["a", "b"]).source == "a; b"


def test_unknown_keys_are_refused() -> None:
    assert problem(kms=2)["type"] == "extra_forbidden"


def test_a_quantity_passes_its_bounds_again() -> None:
    assert problem(km=Quantity("certain", "km", mode=-1.0))["code"] == "out-of-bounds"


def test_the_hint_names_the_range() -> None:
    told = Measured("share", at_least=0, at_most=1)._range_hint()
    assert told == "give a share between 0 and 1"
