"""References spelled out: from a key of a bibliography to what a reader can look for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from glacis.scenario.quantity import ELICITED, FROM_MEMORY
from glacis.scenario.sources import BIBLIOGRAPHY

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario

WHERE = ("journal", "booktitle", "institution", "publisher", "howpublished")


class Reference(NamedTuple):
    """One source, as it is listed."""

    key: str
    text: str


def references(scenario: Scenario, keys: Iterable[str]) -> list[Reference]:
    """The sources of some keys, in the order of the keys' names; judgement and memory apart."""
    entries = _entries(scenario)
    wanted = sorted(set(keys) - {ELICITED, FROM_MEMORY})
    return [
        Reference(key, _spelt(entries[key]) if key in entries else "not in a bibliography at hand")
        for key in wanted
    ]


def _entries(scenario: Scenario) -> dict[str, Any]:
    """Of glacis's own bibliography, and over it the scenario's."""
    from pybtex.database import parse_string

    texts = [(files("glacis") / BIBLIOGRAPHY).read_text(encoding="utf-8")]
    own = scenario.document.folder / BIBLIOGRAPHY
    if own.is_file():
        texts.append(own.read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for text in texts:
        found |= dict(parse_string(text, "bibtex").entries)
    return found


def _spelt(entry: Any) -> str:
    """Author, title, where it appeared, and when."""
    authors = [_person(one) for one in entry.persons.get("author", [])]
    where = next((entry.fields[name] for name in WHERE if name in entry.fields), "")
    number = ", ".join(entry.fields[name] for name in ("volume", "number") if name in entry.fields)
    year = entry.fields.get("year", "")
    place = " ".join(part for part in (where, number) if part)
    when = year if year and year not in where else ""
    parts = [
        _listed(authors),
        entry.fields.get("title", ""),
        ", ".join(filter(None, [place, when])),
    ]
    return ". ".join(_plain(part).rstrip(".") for part in parts if part) + "."


def _person(person: Any) -> str:
    given = [*person.first_names, *person.middle_names, *person.prelast_names]
    return " ".join([*given, *person.last_names, *person.lineage_names])


def _listed(names: list[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _plain(text: str) -> str:
    """BibTeX's text without its braces and accents."""
    from pybtex.richtext import Text

    return " ".join(str(Text.from_latex(text)).split())
