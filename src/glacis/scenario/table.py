"""CSV to tree: a table of records of one kind read into marked nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glacis.errors import Mark, Problem
from glacis.scenario.text import MAX_NODES, Refused, plain_value, refuse_unreadable
from glacis.scenario.tree import Node

MAX_CELL = 4_000
MAX_COLUMNS = 500

#: One cell and what ends it: quoted (its quotes doubled) or plain. Possessive, so that a hostile
#: line cannot make it try every split.
_CELL = re.compile(r'\s*+(?:"(?P<quoted>(?:[^"]|"")*+)"\s*+|(?P<plain>[^,"]*+))(?P<end>,|$)')

#: What a cell ``60..130`` stands for where a source or note is attached to it.
_RANGES = {1: ("value",), 2: ("low", "high"), 3: ("low", "mode", "high")}

Cell = tuple[str, Mark]


def read_csv(text: str, file: str, problems: list[Problem], *, path: str = "") -> Node:
    """The tree of a CSV table: column ``id`` names the record, other columns are its fields.

    An empty cell is a field left out. A column ``field.source`` (or ``confidence``, ``note``)
    belongs to that field's number. Lines that start with ``#`` are comments. Cells stay text:
    a name such as ``104`` is none the worse for being digits, and numbers are read where a
    field wants one.

    Parameters
    ----------
    path
        Where the table stands in the scenario, for messages.

    Raises
    ------
    Refused
        If no table can be made of the text.
    """
    refuse_unreadable(text, file)
    rows = _rows(text, file, problems)
    header_mark, header = next(rows, (Mark(file), []))
    names = [name for name, _ in header]
    if "id" not in names or len(set(names)) != len(names) or "" in names:
        raise Refused(
            Problem(
                "bad-table",
                header_mark,
                path,
                "the first line must name every column once, one of them id",
                "correct the header",
            )
        )
    records: dict[str, Node] = {}
    for number, (mark, cells) in enumerate(rows, start=1):
        if number * len(names) > MAX_NODES:
            raise Refused(
                Problem("too-large", mark, path, f"more than {MAX_NODES:,} cells", "split the file")
            )
        if not cells:
            continue
        if len(cells) != len(names):
            problems.append(
                Problem(
                    "bad-table",
                    mark,
                    path,
                    f"{len(cells)} cells where the header has {len(names)}",
                    "add or remove commas",
                )
            )
            continue
        key, record = _record(names, cells, mark)
        if key in records:
            problems.append(_second(path, key, mark, records[key].mark))
        records[key] = record
    return Node(records, Mark(file))


def _second(path: str, key: str, mark: Mark, first: Mark) -> Problem:
    return Problem(
        "duplicate-key",
        mark,
        f"{path}.{key}" if path else key,
        "stands here a second time",
        f"rename one (the other is at line {first.line})",
    )


def _record(names: list[str], cells: list[Cell], mark: Mark) -> tuple[str, Node]:
    key = ""
    members: dict[str, Node] = {}
    attached: list[tuple[str, str, Node]] = []
    for name, (text, place) in zip(names, cells, strict=True):
        if name == "id":
            key, mark = text, place
        elif text:
            node = Node(text, place)
            column, dot, part = name.partition(".")
            if dot:
                attached.append((column, part, node))
            else:
                members[name] = node
    for column, part, node in attached:
        if column in members:
            members[column] = _annotated(members[column], part, node)
    return key, Node(members, mark)


def _annotated(value: Node, part: str, node: Node) -> Node:
    """A cell's number as a mapping that carries its own source, confidence or note."""
    if value.is_mapping:
        return value.with_child(part, node)
    parts = [_number_or_text(text.strip()) for text in value.content.split("..")]
    keys = _RANGES.get(len(parts), ("value",))
    members = {name: Node(number, value.mark) for name, number in zip(keys, parts, strict=False)}
    return Node(members | {part: node}, value.mark)


def _number_or_text(text: str) -> object:
    """A numeral as a number; anything else as it is, to be refused where a number is wanted."""
    value = plain_value(text)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text


def _rows(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[Mark, list[Cell]]]:
    """Rows with the place of every cell, none if a row is broken; comments are passed over."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        mark = Mark(file, number)
        try:
            yield mark, list(_cells(line, mark))
        except Refused as refused:
            problems.append(refused.problem)
            yield mark, []


def _cells(line: str, mark: Mark) -> Iterator[Cell]:
    """The cells of one line."""
    at, count = 0, 0
    while True:
        found = _CELL.match(line, at)
        if found is None:
            raise Refused(
                Problem(
                    "bad-table",
                    Mark(mark.file, mark.line, at + 1),
                    "",
                    "not valid CSV: a quote stands where none can, or is not closed in this line",
                    'put the whole cell in quotes, and double ("") those within',
                )
            )
        quoted, plain = found["quoted"], found["plain"]
        cell = quoted.replace('""', '"') if quoted is not None else plain.strip()
        place = Mark(mark.file, mark.line, found.start("plain" if quoted is None else "quoted") + 1)
        count += 1
        if len(cell) > MAX_CELL or count > MAX_COLUMNS:
            much = f"a cell of more than {MAX_CELL:,} characters"
            many = f"more than {MAX_COLUMNS} cells in a line"
            what, repair = (much, "shorten it") if count <= MAX_COLUMNS else (many, "take some out")
            raise Refused(Problem("too-large", place, "", what, repair))
        yield cell, place
        if not found["end"]:
            return
        at = found.end()


def cells_of(line: str) -> list[str]:
    """The cells of one line of a table that has been read before."""
    return [cell for cell, _ in _cells(line, Mark(""))]
