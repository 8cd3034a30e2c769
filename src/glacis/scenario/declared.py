"""What the models declare, read as data: which keys stand where, and which hold Quantities.

A broken scenario has a tree but no models; with this its numbers and keys are found all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from glacis.scenario.fields import Measured
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import PROVENANCE_KEYS
from glacis.scenario.tree import Node


@dataclass(frozen=True, slots=True)
class Declared:
    """What a place in the tree is declared to hold: a Quantity, a record, or members of a kind."""

    measured: Measured | None = None
    record: type[BaseModel] | None = None
    members: Declared | None = None

    def below(self, name: str) -> Declared:
        """What is declared for one key, id or item."""
        if self.record is not None:
            return fields_of(self.record).get(name, NOTHING)
        return self.members or NOTHING


NOTHING = Declared()


def declared(annotation: Any, marks: Sequence[Any] = ()) -> Declared:
    """What a field's annotation declares."""
    for mark in reversed(marks):
        if isinstance(mark, Measured):
            return Declared(measured=mark)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return declared(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        found = (declared(part) for part in arguments if part is not NoneType)
        return next((part for part in found if part != NOTHING), NOTHING)
    if origin is dict:
        return Declared(members=declared(arguments[1]))
    if origin is tuple:
        return Declared(members=declared(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Declared(record=annotation)
    return NOTHING


@cache
def fields_of(record: type[BaseModel]) -> dict[str, Declared]:
    """The keys of a record as they are written, and what each holds."""
    return {
        field.alias or name: declared(field.annotation, field.metadata)
        for name, field in record.model_fields.items()
    }


def declared_at(parts: Sequence[str]) -> Declared:
    """What is declared at a path of a scenario."""
    here = Declared(record=Scenario)
    for part in parts:
        here = here.below(part)
    return here


def keys_at(parts: Sequence[str]) -> list[str]:
    """The keys that may be written in the record at a path; none where ids are free."""
    here = declared_at(parts)
    return list(fields_of(here.record)) if here.record is not None else []


def quantity_nodes(tree: Node, *, since: Node | None = None) -> Iterator[tuple[str, Node]]:
    """Path and node of everything in the tree that stands where a Quantity is declared.

    Parameters
    ----------
    since
        A tree that this one was made from by overrides: only what is not in it comes.
    """
    waiting = [("", tree, since, Declared(record=Scenario))]
    while waiting:
        path, node, before, here = waiting.pop()
        if node is before:
            continue
        if here.measured is not None:
            if node.content is not None:
                yield path, node
            continue
        for name, child in reversed(list(node.children())):
            below = here.below(name)
            if below is not NOTHING and not (here.record is None and name in PROVENANCE_KEYS):
                old = before.child(name) if before is not None else None
                waiting.append((f"{path}.{name}" if path else name, child, old, below))
