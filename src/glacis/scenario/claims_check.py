"""What must hold of the claims ledger: names that lead somewhere, tests of one form."""

from __future__ import annotations

from collections.abc import Iterator

from glacis.scenario.claims import FORMS, NEEDS_OF, READABLE
from glacis.scenario.outline import Outline, items, text_of
from glacis.scenario.tree import Node

MAX_DEPTH = 8
"""Tests within tests: none needs more."""


def check_claims(outline: Outline) -> None:
    """Adds the problems of Reds, of parts, and of every claim's tests."""
    if outline.tree.get("claims") is None:
        return
    for path, red in items(outline.tree.get("claims.reds"), "claims.reds"):
        outline.refer("variant", path, red, outline.members("variants"))
    for posture, parts in outline.members("claims.parts").items():
        where = (f"claims.parts.{posture}", parts.mark)
        if posture not in outline.members("postures"):
            near = outline.nearest(posture, outline.members("postures"), "name one that exists")
            outline.add("unknown-posture", where, f"there is no posture {posture[:64]!r}", near)
        for part, measures in outline.members(f"claims.parts.{posture}").items():
            for path, one in items(measures, f"claims.parts.{posture}.{part}"):
                outline.refer("measure", path, one, outline.members("measures"))
    for name, claim in outline.members("claims.ledger").items():
        path = f"claims.ledger.{name}"
        _check_test(outline, f"{path}.test", claim.child("test"))
        for label, test in outline.members(f"{path}.beside").items():
            _check_test(outline, f"{path}.beside.{label}", test)


def _check_test(outline: Outline, path: str, test: Node | None, depth: int = 0) -> None:
    if test is None or not test.is_mapping or depth > MAX_DEPTH:
        return
    given = [form for form in FORMS if test.child(form) is not None]
    if len(given) != 1:
        told = "has no form" if not given else f"has several forms ({', '.join(given)})"
        outline.add("unclear-test", (path, test.mark), told, f"give one of {', '.join(FORMS)}")
    else:
        _check_form(outline, path, test, given[0])
    for where, reading in _readings(path, test):
        _check_reading(outline, where, reading)
    for where, inner in _inner(path, test):
        _check_test(outline, where, inner, depth + 1)


def _check_form(outline: Outline, path: str, test: Node, form: str) -> None:
    joins = form in ("every", "some")
    if not joins and test.child("reading") is None:
        repair = "give `reading`: what is tested"
        outline.add("unclear-test", (path, test.mark), f"`{form}` tests nothing", repair)
    if (form in NEEDS_OF) != (test.child("of") is not None):
        told = f"`{form}` is compared with nothing" if form in NEEDS_OF else "`of` has no use"
        repair = "give `of`: what it is compared with" if form in NEEDS_OF else "leave `of` out"
        outline.add("unclear-test", (path, test.mark), told, repair)


def _readings(path: str, test: Node) -> Iterator[tuple[str, Node]]:
    for key in ("reading", "above", "below", "of"):
        node = test.child(key)
        if node is not None and node.is_mapping:
            yield f"{path}.{key}", node


def _inner(path: str, test: Node) -> Iterator[tuple[str, Node]]:
    given = test.child("given")
    if given is not None:
        yield f"{path}.given", given
    for key in ("every", "some"):
        yield from items(test.child(key), f"{path}.{key}")


def _check_reading(outline: Outline, path: str, reading: Node) -> None:
    name = reading.child("read")
    if name is not None and text_of(name) and text_of(name) not in READABLE:
        told = text_of(name)
        near = outline.nearest(told, READABLE, "see the reference for all that can be read")
        at = (f"{path}.read", name.mark)
        outline.add("unknown-reading", at, f"nothing is called {told[:64]!r}", near)
    for key in ("posture", "base"):
        outline.refer("posture", f"{path}.{key}", reading.child(key), outline.members("postures"))
    for where, variant in items(reading.child("variants"), f"{path}.variants"):
        outline.refer("variant", where, variant, outline.members("variants"))
    for where, line in items(reading.child("plus"), f"{path}.plus"):
        known = outline.members("measures")
        outline.refer("measure", f"{where}.measure", line.child("measure"), known)
    parts = outline.members(f"claims.parts.{text_of(reading.child('posture'))}")
    for where, part in items(reading.child("less"), f"{path}.less"):
        outline.refer("part", where, part, parts)
