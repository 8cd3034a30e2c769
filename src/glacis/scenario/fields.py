"""Field types of the scenario model: numbers with a unit and bounds, ids, collections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.quantity import (
    CONFIDENCES,
    PROVENANCE_KEYS,
    UNITS,
    Quantity,
)

#: What may stand on any record, section, file or number.
PROVENANCE_SCHEMA: dict[str, Any] = {
    "source": {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "description": "bibliography key or keys, elicited or from-memory",
    },
    "confidence": {"enum": [*CONFIDENCES]},
    "note": {"type": "string"},
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Declares a Quantity field: its unit and the bounds every possible value must keep."""

    unit: str
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None

    def read(self, raw: Any) -> Quantity:
        """The Quantity written as `raw`; a `Quantity` passes as it is, through its bounds again."""
        is_read = isinstance(raw, Quantity)
        try:
            quantity = raw if is_read else read_quantity(raw, self.unit)
            self._check_bounds(quantity)
        except QuantityError as error:
            raise PydanticCustomError(
                "quantity",
                "{what}",
                {"code": error.code, "what": error.what, "repair": error.repair},
            ) from None
        return quantity if is_read else _with_provenance(quantity, raw)

    def _check_bounds(self, quantity: Quantity) -> None:
        low, high = quantity.support
        unit = "" if self.unit == "1" else f" {self.unit}"
        if self.at_least is not None and low < self.at_least:
            raise QuantityError(
                "out-of-bounds",
                f"must be >= {self.at_least:g}{unit} (got {low:g})",
                self._range_hint(),
            )
        if self.above is not None and low <= self.above:
            raise QuantityError(
                "out-of-bounds", f"must be > {self.above:g}{unit} (got {low:g})", self._range_hint()
            )
        if self.at_most is not None and high > self.at_most:
            raise QuantityError(
                "out-of-bounds",
                f"must be <= {self.at_most:g}{unit} (got {high:g})",
                self._range_hint(),
            )

    def _range_hint(self) -> str:
        low = self.at_least if self.above is None else self.above
        names = {"share": "a share", "1": "a number"}
        name = names.get(self.unit, f"a value in {self.unit}")
        if low is not None and self.at_most is not None:
            return f"give {name} between {low:g} and {self.at_most:g}"
        if low is not None:
            word = "above" if self.above is not None else "of at least"
            return f"give {name} {word} {low:g}"
        return f"give {name} of at most {self.at_most:g}"

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        number = {"type": "number"}
        numbers = {"type": "array", "items": number}
        keys: dict[str, Any] = {
            **dict.fromkeys(("value", "low", "mode", "high", "mean", "sd"), number),
            **dict.fromkeys(("values", "weights"), numbers),
            **PROVENANCE_SCHEMA,
        }
        keys["shape"] = {"enum": ["certain", "pert", "uniform", "loguniform", "normal", "discrete"]}
        dimension = UNITS[self.unit][0]
        keys["unit"] = {"enum": [unit for unit, (kind, _) in UNITS.items() if kind == dimension]}
        plain = {
            key: bound
            for key, bound in (
                ("minimum", self.at_least),
                ("maximum", self.at_most),
                ("exclusiveMinimum", self.above),
            )
            if bound is not None
        }
        mapping = {"type": "object", "properties": keys, "additionalProperties": False}
        text = {"type": "string", "pattern": r"^[-+.\deE]+(\.\.[-+.\deE]+){0,2}$"}
        return {"anyOf": [number | plain, mapping, text], "x-unit": self.unit}


def _with_provenance(quantity: Quantity, raw: Any) -> Quantity:
    """Fill in what the reader knew about the place of `raw` (see `glacis.scenario.read`)."""
    path = getattr(raw, "path", "")
    outer = getattr(raw, "provenance", None)
    source, confidence, note = quantity.source, quantity.confidence, quantity.note
    if outer is not None:
        source, confidence, note = outer.source, outer.confidence, outer.note
    elif isinstance(raw, dict):
        source, confidence, note = (
            str(raw.get(key) or "") for key in ("source", "confidence", "note")
        )
    parameters = {
        name: getattr(quantity, name)
        for name in ("low", "mode", "high", "mean", "sd", "values", "weights")
    }
    return Quantity(
        quantity.shape,
        quantity.unit,
        **parameters,
        source=source,
        confidence=confidence,
        note=note,
        path=path,
    )


class Collected:
    """Marks a mapping of ids to records, which may itself say source, confidence and note."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_without_provenance, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # Not by pattern: `source` is an id by its letters, and no record.
        ((pattern, record),) = handler(schema)["patternProperties"].items()
        return {
            "type": "object",
            "properties": PROVENANCE_SCHEMA,
            "additionalProperties": record,
            "propertyNames": {"anyOf": [{"pattern": pattern}, {"enum": sorted(PROVENANCE_KEYS)}]},
        }


def _without_provenance(raw: Any) -> Any:
    """A collection's own ``source``, ``confidence`` and ``note`` are no members of it."""
    if isinstance(raw, dict):
        return {key: value for key, value in raw.items() if key not in PROVENANCE_KEYS}
    return raw


def one_or_many(raw: Any) -> Any:
    """A list; a single text stands for what it names, several separated by ``;`` or a comma."""
    return tuple(split_names(raw)) if isinstance(raw, str) else raw


def split_names(text: str) -> list[str]:
    """The names in a text, such as a table's cell, separated by ``;`` or a comma."""
    return [name.strip() for name in text.replace(",", ";").split(";")]


def _joined_sources(raw: Any) -> Any:
    """A source may be one key or a list of them."""
    if isinstance(raw, list | tuple) and all(isinstance(key, str) for key in raw):
        return "; ".join(raw)
    return raw


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
# A measure's formations are named `measure/place/number`.
FormationId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_/-]{0,127}$")]
NationId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
SourceKeys = Annotated[
    str,
    BeforeValidator(_joined_sources, json_schema_input_type=str | list[str]),
    StringConstraints(max_length=1000),
]
Text = Annotated[str, StringConstraints(max_length=4000)]
Collection = Collected()
Ids = Annotated[
    tuple[str, ...], BeforeValidator(one_or_many, json_schema_input_type=str | tuple[str, ...])
]


class Record(BaseModel):
    """A frozen mapping of the scenario; its provenance holds for every number below it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True
    )

    source: SourceKeys = Field("", description="bibliography key or keys, elicited or from-memory")
    confidence: Literal["high", "medium", "low", ""] = ""
    note: Text = ""


Km = Annotated[Quantity, Measured("km", at_least=0)]
Hours = Annotated[Quantity, Measured("h", at_least=0)]
Days = Annotated[Quantity, Measured("days", at_least=0)]
Months = Annotated[Quantity, Measured("months", at_least=0)]
KmPerDay = Annotated[Quantity, Measured("km/day", above=0)]
KmPerHour = Annotated[Quantity, Measured("km/h", above=0)]
Share = Annotated[Quantity, Measured("share", at_least=0, at_most=1)]
Factor = Annotated[Quantity, Measured("1", above=0)]
NonNegative = Annotated[Quantity, Measured("1", at_least=0)]
Number = Annotated[Quantity, Measured("1")]
People = Annotated[Quantity, Measured("people", at_least=0)]
ShareADay = Annotated[Quantity, Measured("share/day", at_least=0, at_most=1)]
PerThousandADay = Annotated[Quantity, Measured("per 1000/day", at_least=0)]
Battalions = Annotated[Quantity, Measured("battalions", at_least=0)]
BattalionsPerDay = Annotated[Quantity, Measured("battalions/day", above=0)]
BattalionsPerKm = Annotated[Quantity, Measured("battalions/km", above=0)]
Squadrons = Annotated[Quantity, Measured("squadrons", at_least=0)]
Aircraft = Annotated[Quantity, Measured("aircraft", at_least=0)]
SortiesPerDay = Annotated[Quantity, Measured("sorties/day", at_least=0)]
Missiles = Annotated[Quantity, Measured("missiles", at_least=0)]
MissilesPerDay = Annotated[Quantity, Measured("missiles/day", at_least=0)]
Rounds = Annotated[Quantity, Measured("rounds", at_least=0)]
RoundsPerDay = Annotated[Quantity, Measured("rounds/day", at_least=0)]
RoundsPerMonth = Annotated[Quantity, Measured("rounds/month", at_least=0)]
Ships = Annotated[Quantity, Measured("ships", at_least=0)]
Mines = Annotated[Quantity, Measured("mines", at_least=0)]
MinesPerDay = Annotated[Quantity, Measured("mines/day", above=0)]
SearchPerDay = Annotated[Quantity, Measured("nm2/day", above=0)]
Trains = Annotated[Quantity, Measured("trains", above=0)]
TrainsPerDay = Annotated[Quantity, Measured("trains/day", at_least=0)]
Hazard = Annotated[Quantity, Measured("1/day", at_least=0)]
Growth = Annotated[Quantity, Measured("1", at_least=1)]
Meur = Annotated[Quantity, Measured("meur", at_least=0)]
Beur = Annotated[Quantity, Measured("beur", at_least=0)]
MeurPerYear = Annotated[Quantity, Measured("meur/year", at_least=0)]
MeurPerDay = Annotated[Quantity, Measured("meur/day", at_least=0)]
BeurPerYear = Annotated[Quantity, Measured("beur/year", at_least=0)]
Latitude = Annotated[Quantity, Measured("deg", at_least=-90, at_most=90)]
Longitude = Annotated[Quantity, Measured("deg", at_least=-180, at_most=180)]
Horizon = Annotated[float, Field(gt=0, le=50)]
