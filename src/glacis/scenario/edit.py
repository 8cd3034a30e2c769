"""Changes of a scenario written into its files in place: YAML values and CSV cells.

A value goes where the old one stands, and not a character beside it is touched. What is new, or
stands in a scenario that this one extends, goes into a file of its own, whose sections are joined
with the others when read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from glacis.scenario.declared import Declared, declared_at
from glacis.scenario.numeral import read_quantity
from glacis.scenario.quantity import PROVENANCE_KEYS, Provenance
from glacis.scenario.table import cells_of
from glacis.scenario.text import plain_value
from glacis.scenario.tree import Node

if TYPE_CHECKING:
    from glacis.scenario.build import Document

OVERLAY = "overrides"
PROVENANCE_ORDER = ("source", "confidence", "note")

_HEADING = "# Written by glacis: changes that have no place in the scenario's other files.\n"
_PLAIN = re.compile(r"[A-Za-z0-9_./-](?:[A-Za-z0-9_./ -]*[A-Za-z0-9_./-])?")

#: Sections by name, and what stands in them as text.
Overlay = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A value replaced (`new` and `old`), added (`new`) or taken away (`old`)."""

    path: tuple[str, ...]
    new: Node | None
    old: Node | None


def edit_files(folder: Path, changes: Sequence[Change], document: Document) -> None:
    """Write `changes` into the copies of a document's files in `folder`."""
    overlay: Overlay = {}
    labels = {f"{path.parent.name}/{path.name}": path for path in document.files}
    for label, path in labels.items():
        here = [one for one in changes if one.old is not None and one.old.mark.file == label]
        copy = folder / path.resolve().relative_to(document.folder)
        if here and path.suffix == ".csv":
            _edit_table(copy, here, overlay)
        elif here:
            _edit_yaml(copy, here, document.tree)
    for change in changes:
        if change.old is None or change.old.mark.file not in labels:
            _lay(overlay, change)
    if overlay:
        target, number = folder / f"{OVERLAY}.yaml", 2
        while target.exists():
            target, number = folder / f"{OVERLAY}-{number}.yaml", number + 1
        text = _HEADING + "".join(_block(overlay, 0))
        target.write_text(text, encoding="utf-8", newline="\n")


def _lay(overlay: Overlay, change: Change) -> None:
    """One change put into the overlay; what is taken from a base is taken by null."""
    here = overlay
    for part in change.path[:-1]:
        here = here.setdefault(part, {})
    here[change.path[-1]] = "null" if change.new is None else flow(plain(change.new, change.path))


def _block(overlay: Overlay, depth: int) -> Iterator[str]:
    for name, value in overlay.items():
        key = f"{'  ' * depth}{flow(name)}:"
        if isinstance(value, dict):
            yield f"{key}\n"
            yield from _block(value, depth + 1)
        else:
            yield f"{key} {value}\n"


def _edit_yaml(path: Path, changes: Sequence[Change], tree: Node) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    root = YAML(typ="safe", pure=True).compose(io.StringIO(text))
    edits = [_edit(text, root, change) for change in _lifted(root, changes, tree)]
    for start, end, written in sorted(edits, reverse=True):
        text = text[:start] + written + text[end:]
    path.write_bytes(text.encode())


def _lifted(root: Any, changes: Sequence[Change], tree: Node) -> list[Change]:
    """The changes, those that take something out of a line made changes of that whole line.

    So the commas of ``{a: 1, b: 2}`` need no care, nor does a section left with nothing.
    """
    whole: dict[tuple[str, ...], Change] = {}
    for change in changes:
        parent = _spot(root, change.path[:-1])[1]
        if change.new is None and (parent.flow_style or len(parent.value) == 1):
            path = change.path[:-1]
            whole[path] = Change(path, tree.nearest(path), change.old)
    lone = [
        change
        for change in changes
        if not any(change.path[:length] in whole for length in range(len(change.path) + 1))
    ]
    outer = [
        change
        for path, change in whole.items()
        if not any(path[:length] in whole for length in range(len(path)))
    ]
    return lone + outer


def _edit(text: str, root: Any, change: Change) -> tuple[int, int, str]:
    """Start and end in the text, and what is to stand there instead."""
    key, value = _spot(root, change.path)
    if change.new is not None:
        return value.start_mark.index, _end(value), flow(plain(change.new, change.path))
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    end = text.find("\n", _end(value))
    return start, len(text) if end < 0 else end + 1, ""


def _spot(root: Any, path: Sequence[str]) -> tuple[Any, Any]:
    """The nodes of key and value at a path."""
    key, value = None, root
    for part in path:
        key, value = _below(value, part)
    return key, value


def _below(node: Any, part: str) -> tuple[Any, Any]:
    if node.id == "sequence":
        return None, node.value[int(part)]
    return next((key, value) for key, value in node.value if key.value == part)


def _end(node: Any) -> int:
    """Where a node's own text ends; a block goes on over the comments that follow it."""
    if node.id == "scalar" or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if node.id == "mapping" else last)


def _edit_table(path: Path, changes: Sequence[Change], overlay: Overlay) -> None:
    """Cells replaced; what a cell cannot hold goes to the overlay, and the cell is emptied."""
    lines = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    rows = [at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")]
    table = {at: cells_of(lines[at]) for at in rows}
    before = {at: list(cells) for at, cells in table.items()}
    depth = len(path.stem.split("."))
    id_column = table[rows[0]].index("id")
    by_id = {table[at][id_column]: at for at in rows[1:]}
    for change in changes:
        at, below = by_id[change.path[depth]], change.path[depth + 1 :]
        if not below:
            del table[at]
            if change.new is not None:
                _lay(overlay, change)
            continue
        cells = _cells_for(change)
        if cells is None:
            _lay(overlay, change)
            cells = {below[0]: ""}
        _put_cells(table, rows[0], at, cells)
    kept = [
        line if table.get(at) == before.get(at) else _line(table[at])
        for at, line in enumerate(lines)
        if at in table or at not in before
    ]
    path.write_text("\n".join(kept), encoding="utf-8", newline="\n")


def _put_cells(table: dict[int, list[str]], top: int, row: int, cells: dict[str, str]) -> None:
    """Cells by column, columns added where the table has none of that name."""
    header = table[top]
    for name, text in cells.items():
        if name not in header and text:
            for at, others in table.items():
                others.append(name if at == top else "")
        if name in header:
            table[row][header.index(name)] = text


def _cells_for(change: Change) -> dict[str, str] | None:
    """The cells that hold a new value and where it comes from; None if no cells can."""
    column = change.path[-1]
    if change.new is None:
        return {column: "", **{f"{column}.{key}": "" for key in PROVENANCE_ORDER}}
    value = plain(change.new, change.path)
    if not isinstance(value, dict):
        return {column: str(value).lower() if isinstance(value, bool) else str(value)}
    keys = [key for key in ("value", "low", "mode", "high") if key in value]
    is_range = keys in (["value"], ["low", "high"], ["low", "mode", "high"])
    if not is_range or value.keys() - {*keys, *PROVENANCE_KEYS}:
        return None
    provenance = {f"{column}.{key}": str(value.get(key, "")) for key in PROVENANCE_ORDER}
    if any("\n" in text for text in provenance.values()):
        return None
    return {column: "..".join(f"{value[key]}" for key in keys), **provenance}


def _line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(cells)
    return stream.getvalue()


def plain(node: Node, path: Sequence[str]) -> Any:
    """A node as plain data to be written, each number with where it comes from."""
    return _plain(node, declared_at(path))


def _plain(node: Node, here: Declared) -> Any:
    if here.measured is not None:
        return _quantity(node)
    if node.is_mapping:
        return {
            name: child.bare() if name in PROVENANCE_KEYS else _plain(child, here.below(name))
            for name, child in node.content.items()
        }
    if isinstance(node.content, list):
        return [_plain(child, here.below(str(at))) for at, child in enumerate(node.content)]
    return node.content


def _quantity(node: Node) -> Any:
    written = node.bare()
    if not isinstance(written, dict):
        quantity = read_quantity(written, "1")
        kept = ("value", "low", "mode", "high")
        written = {key: _short(value) for key, value in quantity.described().items() if key in kept}
    return written | _provenance(node.provenance)


def _short(value: Any) -> Any:
    """A whole number without its point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _provenance(provenance: Provenance) -> dict[str, str]:
    return {key: text for key in PROVENANCE_ORDER if (text := getattr(provenance, key))}


def flow(value: Any) -> str:
    """Plain data as YAML on one line."""
    if isinstance(value, dict):
        return (
            f"{{{', '.join(f'{flow(str(key))}: {flow(child)}' for key, child in value.items())}}}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and plain_value(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
