"""Where numbers come from: sources that exist, and none missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from glacis.errors import Mark
from glacis.scenario.declared import quantity_nodes
from glacis.scenario.outline import Outline
from glacis.scenario.quantity import (
    CONFIDENCES,
    ELICITED,
    FROM_MEMORY,
    Provenance,
    split_sources,
)
from glacis.scenario.tree import Node

BIBLIOGRAPHY = "references.bib"
_ENTRY = re.compile(r"^\s*@(?!comment|string|preamble)\w+\s*\{\s*([^\s,{}]+)\s*,", re.M | re.I)


def keys_in(text: str) -> frozenset[str]:
    """The keys of a BibTeX text (read by pattern: a parser would cost more than the scenario)."""
    return frozenset(_ENTRY.findall(text))


@cache
def bundled_keys() -> frozenset[str]:
    """The keys of glacis's own bibliography."""
    return keys_in((files("glacis") / BIBLIOGRAPHY).read_text(encoding="utf-8"))


def check_sources(
    outline: Outline, bibliography: frozenset[str], *, since: Node | None = None
) -> None:
    """Adds the problem of every number whose provenance is missing, incomplete or unknown."""
    numbers = list(quantity_nodes(outline.tree, since=since))
    lacks = (
        ("missing-source", _has_no_source, "source", "a bibliography key, elicited or from-memory"),
        ("missing-confidence", _has_no_confidence, "confidence", "high, medium or low"),
        ("missing-note", _has_no_note, "note", "the judgement's ground; what is elicited says why"),
    )
    for code, is_lacking, name, wanted in lacks:
        if not any(is_lacking(node.provenance) for _, node in numbers):
            continue
        for path, mark, count in _lacking(outline.tree, numbers, is_lacking):
            subject = "the number has" if count == 1 else f"its {count} numbers have"
            repair = f"write `{name}:` on it or above it: {wanted}"
            outline.add(code, (path, mark), f"{subject} no {name}", repair)
    _unknown(outline, numbers, bibliography)


def _has_no_source(provenance: Provenance) -> bool:
    return not split_sources(provenance.source)


def _has_no_confidence(provenance: Provenance) -> bool:
    return not _has_no_source(provenance) and not provenance.confidence


def _has_no_note(provenance: Provenance) -> bool:
    return ELICITED in split_sources(provenance.source) and not provenance.note.strip()


@dataclass
class _Tally:
    """How many numbers stand below a path, and how many of them lack something."""

    numbers: int = 0
    lacking: int = 0
    below: dict[str, _Tally] = field(default_factory=dict)


def _lacking(
    tree: Node, numbers: Iterable[tuple[str, Node]], is_lacking: Callable[[Provenance], bool]
) -> Iterator[tuple[str, Mark, int]]:
    """Path, place and count of the largest parts in which every number lacks something.

    A section without a source is one problem, not one for each of its numbers.
    """
    root = _Tally()
    for path, node in numbers:
        lacks = is_lacking(node.provenance)
        here = root
        for part in ("", *path.split(".")):
            here = here.below.setdefault(part, _Tally()) if part else here
            here.numbers += 1
            here.lacking += lacks
    waiting = [("", root)] if root.lacking else []
    while waiting:
        path, here = waiting.pop()
        if here.lacking == here.numbers and path and (here.numbers > 1 or not here.below):
            node = tree.nearest(path.split("."))
            yield path, node.mark, here.numbers
        else:
            waiting += [
                (f"{path}.{part}" if path else part, below)
                for part, below in here.below.items()
                if below.lacking
            ]


def _unknown(outline: Outline, numbers: Iterable[tuple[str, Node]], known: frozenset[str]) -> None:
    """Keys that no bibliography has, and confidences that are none: once where each is written."""
    told: set[tuple[Mark, str]] = set()
    for path, node in numbers:
        provenance = node.provenance
        place = provenance.place or node.mark
        for key in split_sources(provenance.source):
            if key in known or key in (ELICITED, FROM_MEMORY) or (place, key) in told:
                continue
            told.add((place, key))
            add = f"add it to {BIBLIOGRAPHY} in the scenario's folder"
            near = outline.nearest(key, known, "")
            what = f"{key[:64]!r} is in no bibliography"
            outline.add("unknown-source", (path, place), what, f"{near} Or {add}" if near else add)
        confidence = provenance.confidence
        if confidence and confidence not in CONFIDENCES and (place, confidence) not in told:
            told.add((place, confidence))
            outline.add(
                "not-allowed",
                (path, place),
                f"its confidence is {confidence[:64]!r}",
                f"use {', '.join(CONFIDENCES)}",
            )
