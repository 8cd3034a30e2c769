"""The JSON Schema of the scenario format, for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from glacis.scenario.fields import PROVENANCE_SCHEMA
from glacis.scenario.model import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_FILE = "scenario.schema.json"

_ABOUT = (
    "A glacis scenario, or the part of one that stands in one file. `glacis check` sees the whole "
    "folder and has the last word."
)
_EXTENDS = {
    "extends": {
        "type": "string",
        "description": "bundled scenario, or file or folder inside this one, that this is laid on",
    },
    "inherits": {
        "type": "array",
        "items": {"type": "string"},
        "description": "the sections taken from it; all if left out",
    },
}


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the scenario format, made from the models.

    It is for one file: a folder's sections, and even records, may be spread over several, and a
    scenario that extends another gives parts only. So a key is required in the records of lists
    alone, which are always given whole.
    """
    schema = Scenario.model_json_schema(by_alias=True, mode="validation")
    records = schema.pop("$defs")
    listed = set(_listed(schema | {"$defs": records}))
    for name, record in records.items():
        if name not in listed:
            record.pop("required", None)
            record["type"] = ["object", "null"]  # null takes away what is extended
    schema.pop("required", None)
    schema["properties"] = _EXTENDS | PROVENANCE_SCHEMA | schema["properties"]
    schema["description"] = _ABOUT
    shared: dict[str, Any] = {}
    schema = _slimmed(schema, shared)
    schema["$defs"] = _slimmed(records, shared) | shared
    return {"$schema": DIALECT, "title": "glacis scenario", **schema}


def schema_text() -> str:
    """The schema as it is written into files."""
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def _listed(schema: Any) -> Iterator[str]:
    """Names of the records that stand in lists, where each is given whole."""
    if isinstance(schema, dict):
        inner = schema.get("items")
        if isinstance(inner, dict) and "$ref" in inner:
            yield inner["$ref"].rpartition("/")[2]
        for child in schema.values():
            yield from _listed(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from _listed(child)


def _slimmed(schema: Any, shared: dict[str, Any]) -> Any:
    """The schema with pydantic's titles left out and each kind of Quantity told once."""
    if isinstance(schema, list):
        return [_slimmed(child, shared) for child in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _slimmed(child, shared)
        for key, child in schema.items()
        if not (key == "title" and isinstance(child, str))
    }
    unit = kept.pop("x-unit", None)
    if unit is None:
        return kept
    forms = {"anyOf": kept.pop("anyOf")}
    digest = sha256(json.dumps(forms, sort_keys=True).encode()).hexdigest()[:6]
    name = (
        f"quantity-{unit.replace('/', '-per-').replace(' ', '-').replace('%', 'percent')}-{digest}"
    )
    shared[name] = {"description": f"a Quantity in {unit}", **forms}
    if unit != "1" and "description" in kept:
        kept["description"] += f" ({unit})"
    return {"$ref": f"#/$defs/{name}", **kept}
