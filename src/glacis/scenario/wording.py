"""What a number of a scenario is, in words: whose it is, its field, and what that stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario

__all__ = ["words_of"]


def words_of(scenario: Scenario, path: str) -> str:
    """What the number at a path is, such as ``Taiwan Strait, hazard: of a crisis there``.

    First whose it is, by name, or else the record that it stands in; then the field and what the
    model declares of it. Of numbers by id, such as weights, what the id names stands for that.

    Parameters
    ----------
    path
        Of a Quantity of the scenario, as `Scenario.quantities` gives it.

    Raises
    ------
    KeyError
        If there is nothing at the path.
    """
    parts = path.split(".")
    here: Any = scenario
    owners: list[str] = []
    field = description = ""
    for part in parts:
        if isinstance(here, BaseModel):
            field, description = part, _description(type(here), part)
            here = getattr(here, part, None)
            continue
        here = _member(here, part)
        if not isinstance(here, BaseModel):
            description = _name(scenario, part)
        elif name := _own_name(here, part):
            owners.append(name)
    if not owners and len(parts) > 1:
        owners = [_plain(parts[parts.index(field) - 1])]
    told = ", ".join([*owners, _plain(field)]) + (f": {description}" if description else "")
    return told[:1].upper() + told[1:]


def _description(record: type[BaseModel], name: str) -> str:
    """A field's description, its first clause alone."""
    field = record.model_fields.get(name)
    if field is None:
        raise KeyError(name)
    return _clause(field.description or "")


def _member(collection: Any, key: str) -> Any:
    if isinstance(collection, Mapping):
        return collection[key]
    if isinstance(collection, tuple) and key.isdecimal() and int(key) < len(collection):
        return collection[int(key)]
    raise KeyError(key)


def _own_name(record: BaseModel, key: str) -> str:
    """A record's name; its id if it has none, and nothing for an item of a list."""
    return _clause(getattr(record, "name", "")) or ("" if key.isdecimal() else _plain(key))


def _name(scenario: Scenario, key: str) -> str:
    """What the id of a number names: an attribute or a kind of unit; else itself, read out."""
    attributes = {} if scenario.crisis is None else scenario.crisis.attributes
    named: tuple[Mapping[str, Any], ...] = (attributes, scenario.types, scenario.systems)
    return next((_clause(one[key].name) for one in named if key in one), _plain(key))


def _clause(text: str) -> str:
    return text.partition(";")[0]


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")
