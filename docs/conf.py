"""Sphinx: Markdown by MyST, with three directives of our own that read the package.

``{bibliography}`` lists references.bib; ``{records} CLASS`` shows the fields of scenario records;
``{readings}`` what claims can read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Any, ClassVar, Literal, get_args, get_origin

from docutils import nodes
from pybtex.database import parse_file
from pybtex.richtext import BaseMultipartText, BaseText, HRef, Tag
from pybtex.style.formatting.unsrt import Style
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from glacis.scenario.fields import Measured
from glacis.scenario.quantity import PROVENANCE_KEYS
from glacis.study.compare import compare
from glacis.study.readings import READERS

ROOT = Path(__file__).parents[1]
BIBLIOGRAPHY = ROOT / "src" / "glacis" / "references.bib"

project = "glacis"
author = "The glacis contributors"
copyright = f"2026, {author}"
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_title = f"glacis {release}"
html_copy_source = False


class Bibliography(SphinxDirective):
    """Lists every work of references.bib by key; ``{source}`KEY` `` elsewhere links to it."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(BIBLIOGRAPHY))
        listing = nodes.definition_list()
        for entry in Style(sorting_style="none").format_entries(
            sorted(parse_file(BIBLIOGRAPHY).entries.values(), key=lambda work: work.key)
        ):
            listing += self.item(entry.key, entry.text)
        return [listing]

    def item(self, key: str, text: BaseText) -> nodes.definition_list_item:
        item = nodes.definition_list_item()
        item += nodes.term("", "", nodes.literal(text=key), ids=[f"source-{key}"])
        item += nodes.definition("", nodes.paragraph("", "", *inline(text)))
        standard = self.env.domains.standard_domain
        standard.note_object("source", key, f"source-{key}", location=item)
        return item


def inline(text: BaseText) -> Iterator[nodes.Node]:
    """The rich text of pybtex as docutils nodes: emphasis and links kept, all else plain."""
    if isinstance(text, Tag):
        yield nodes.emphasis("", "", *parts(text))
    elif isinstance(text, HRef):
        yield nodes.reference("", "", *parts(text), refuri=str(text.url))
    elif isinstance(text, BaseMultipartText):
        yield from parts(text)
    else:
        yield nodes.Text(text.render_as("text"))


def parts(text: BaseMultipartText) -> Iterator[nodes.Node]:
    for part in text.parts:
        yield from inline(part)


class Records(SphinxDirective):
    """A section with a table of fields for each record found in a class, at any depth.

    ``:path:`` is where the class stands in a scenario, ``:except:`` names fields to leave out,
    ``:level:`` is the level of the headings.
    """

    required_arguments = 1
    option_spec: ClassVar = {"path": str, "except": str.split, "level": int}

    def run(self) -> list[nodes.Node]:
        module, _, name = self.arguments[0].rpartition(".")
        self.env.note_dependency(str(import_module(module).__file__))
        lines: list[str] = []
        left_out, hashes = self.options.get("except", []), "#" * self.options.get("level", 2)
        root = getattr(import_module(module), name)
        for path, record in records_in(root, self.options.get("path", "")):
            if path.split(".")[0] not in left_out:
                heading = f"`{path}`" if path else "Top level"
                lines += [f"{hashes} {heading}", "", (record.__doc__ or "").split("\n")[0], ""]
                lines += [*table(record), ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class Readings(SphinxDirective):
    """What claims can read: figures ``made`` of several variables, or the ``variables``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        lines = made() if self.arguments[0] == "made" else variables()
        return self.parse_text_to_nodes("\n".join(lines))


def made() -> Iterator[str]:
    yield from ("| name | unit | what it is |", "|---|---|---|")
    for name, one in READERS.items():
        yield f"| `{name}` | {one.unit} | {one.words} |"


def variables() -> Iterator[str]:
    study = compare("baltic", ["tripwire"], worlds=1)
    yield from ("| name | at | unit |", "|---|---|---|")
    for name, one in study.dataset.data_vars.items():
        dims = ", ".join(f"`{dim}`" for dim in one.dims[2:])
        yield f"| `{name}` | {dims} | {one.attrs['units']} |"


def fields_of(record: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Keys and fields that a record does not share with all others."""
    for name, field in record.model_fields.items():
        if name not in PROVENANCE_KEYS:
            yield field.alias or name, field


def records_in(record: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """Path and class of each record below a class; one seen before is not entered again."""
    waiting, seen = [(path, record)], set[type]()
    while waiting:
        here, current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        if any(not records_of(field.annotation) for _, field in fields_of(current)):
            yield here, current
        below = [
            (f"{here}.{key}{step}".lstrip("."), found)
            for key, field in fields_of(current)
            for step, found in records_of(field.annotation)
        ]
        waiting = below + waiting


def records_of(annotation: Any) -> list[tuple[str, type[BaseModel]]]:
    """Record classes in a field's annotation, with the step of the path that leads to one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [("", annotation)]
    step = {dict: ".ID", tuple: "[]"}.get(get_origin(annotation), "")
    found = [item for part in get_args(annotation) for item in records_of(part)]
    return [(step + further, record) for further, record in found]


def table(record: type[BaseModel]) -> list[str]:
    """The fields of a record as a Markdown table."""
    lines = ["| key | unit or kind | if left out | what it is |", "|---|---|---|---|"]
    for key, field in fields_of(record):
        words = [f"`{key}`", kind(field), default(field), field.description or ""]
        lines.append(f"| {' | '.join(words)} |")
    return lines


def kind(field: FieldInfo) -> str:
    """A field's unit, its choices, or the kind of thing it holds."""
    return unit_in(field.metadata) or kind_of(field.annotation)


def unit_in(marks: Iterable[Any]) -> str:
    units = [mark.unit for mark in marks if isinstance(mark, Measured)]
    if not units:
        return ""
    return "plain number" if units[-1] == "1" else units[-1]


def kind_of(annotation: Any) -> str:
    arguments = [part for part in get_args(annotation) if part not in (NoneType, Ellipsis)]
    match get_origin(annotation):
        case origin if origin is Literal:
            return ", ".join(f"`{value}`" for value in arguments)
        case origin if origin is dict:
            return f"by id: {kind_of(arguments[1])}"
        case origin if origin is tuple:
            return f"list: {', '.join(kind_of(part) for part in arguments)}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    if annotation in PLAIN:
        return PLAIN[annotation]
    return unit_in(arguments) or (kind_of(arguments[0]) if arguments else "as its path asks")


PLAIN = {str: "text", bool: "true or false", int: "whole number", float: "plain number"}


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "*must be given*"
    value = field.get_default(call_default_factory=True)
    return "" if value in (None, "", (), {}) else f"`{str(value).lower()}`"


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_crossref_type("source", "source", ref_nodeclass=nodes.literal)
    app.add_directive("bibliography", Bibliography)
    app.add_directive("records", Records)
    app.add_directive("readings", Readings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
