"""YAML to tree: text read into marked nodes, hostile input refused quickly."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from glacis.errors import Mark, Problem
from glacis.scenario.numeral import NUMERAL
from glacis.scenario.tree import Node

MAX_CHARACTERS = 500_000
MAX_DEPTH = 24
MAX_NODES = 50_000

# YAML forbids most of these in the file, but lets escapes such as "\e" bring them in; in a
# terminal they can do harm. Tab and line feed stay.
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_INT = re.compile(r"[-+]?[0-9]{1,30}")
_TRUE, _FALSE, _NULL = {"true", "True"}, {"false", "False"}, {"", "~", "null", "Null"}


class Refused(Exception):
    """A text cannot be read; carries the one problem that stopped it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_yaml(text: str, file: str, problems: list[Problem]) -> Node:
    """The tree of a YAML text; duplicate keys are added to `problems`.

    Aliases, tags, several documents, deep nesting and large files are refused: a scenario
    needs none of them, and each is a way to harm the reader.

    Raises
    ------
    Refused
        If the text is not YAML, or is YAML of a kind that is not read.
    """
    refuse_unreadable(text, file)
    try:
        return _Composer(text, file, problems).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Mark(file, mark.line + 1, mark.column + 1) if mark else Mark(file)
        what = str(error.problem or error.context or "it breaks off")
    except (YAMLError, ValueError) as error:
        place, what = Mark(file), str(error)
    what = CONTROL.sub(" ", what.split("\n", 1)[0][:200])
    raise Refused(
        Problem(
            "yaml-syntax",
            place,
            "",
            f"not valid YAML: {what}",
            "correct the syntax here or just before (indentation, colons, quotes)",
        )
    )


def refuse_unreadable(text: str, file: str) -> None:
    """Refuses a text that is too large or holds control characters, before any parser sees it."""
    if len(text) > MAX_CHARACTERS:
        raise Refused(
            Problem(
                "too-large",
                Mark(file),
                "",
                f"the file has more than {MAX_CHARACTERS:,} characters",
                "split it into several files",
            )
        )
    if found := CONTROL.search(text):
        raise Refused(control_character(text, found.start(), file))


def control_character(text: str, at: int, file: str) -> Problem:
    """The problem of a control character at a position of a file's text."""
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return Problem(
        "control-character",
        Mark(file, line, column),
        "",
        f"holds the control character U+{ord(text[at]):04X}",
        "remove it",
    )


class _Composer:
    """Builds nodes from ruamel.yaml's event stream, watching depth and size."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.events: Iterator[Event] = YAML(typ="safe", pure=True).parse(io.StringIO(text))
        self.file, self.problems, self.count = file, problems, 0

    def document(self) -> Node:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refusal(
                        "several-documents", event, "the file holds several documents", "keep one"
                    )
            elif isinstance(event, NodeEvent):
                root = self.node(event, ())
        return root or Node(None, Mark(self.file))

    def refusal(self, code: str, event: Event, what: str, repair: str) -> Refused:
        return Refused(Problem(code, self.mark(event), "", what, repair))

    def mark(self, event: Event) -> Mark:
        return Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def admit(self, event: Event, depth: int) -> None:
        """Refuses what a scenario has no use for."""
        self.count += 1
        if isinstance(event, AliasEvent):
            raise self.refusal("alias", event, "YAML aliases are not read", "write the value out")
        if getattr(event, "anchor", None):
            raise self.refusal("alias", event, "YAML anchors are not read", "leave the anchor out")
        if getattr(event, "tag", None):
            raise self.refusal("tag", event, "YAML tags are not read", "leave the tag out")
        if depth > MAX_DEPTH:
            raise self.refusal(
                "too-deep", event, f"nested more than {MAX_DEPTH} deep", "flatten it"
            )
        if self.count > MAX_NODES:
            raise self.refusal(
                "too-large", event, f"more than {MAX_NODES:,} values", "split the file"
            )

    def node(self, event: Event, path: tuple[str, ...]) -> Node:
        self.admit(event, len(path))
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(event, path)
        assert isinstance(event, MappingStartEvent)
        return self.mapping(event, path)

    def scalar(self, event: ScalarEvent) -> Node:
        if CONTROL.search(event.value):
            raise self.refusal(
                "control-character",
                event,
                "the text holds a control character",
                "remove its escape",
            )
        if event.style in ('"', "'", "|", ">"):
            return Node(event.value, self.mark(event))
        return Node(plain_value(event.value), self.mark(event))

    def sequence(self, start: Event, path: tuple[str, ...]) -> Node:
        items: list[Node] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self.node(event, (*path, str(len(items)))))
        return Node(items, self.mark(start))

    def mapping(self, start: Event, path: tuple[str, ...]) -> Node:
        members: dict[str, Node] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            key = self.key(event, len(path))
            value = self.node(next(self.events), (*path, key))
            if key in members:
                self.problems.append(
                    Problem(
                        "duplicate-key",
                        self.mark(event),
                        ".".join((*path, key)),
                        "stands here a second time",
                        f"remove one (the other is at line {members[key].mark.line})",
                    )
                )
            members[key] = value
        return Node(members, self.mark(start))

    def key(self, event: Event, depth: int) -> str:
        self.admit(event, depth)
        if not isinstance(event, ScalarEvent):
            raise self.refusal("bad-key", event, "a key must be plain text", "name it")
        key = self.scalar(event).content
        return key if isinstance(key, str) else str(event.value)


def plain_value(text: str) -> str | int | float | bool | None:
    """An unquoted scalar by the YAML 1.2 core schema: so ``NO`` is Norway, not false."""
    if _INT.fullmatch(text):
        return int(text)
    if NUMERAL.fullmatch(text):
        return float(text)
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    return None if text in _NULL else text
