"""The ids that a scenario declares, read from its tree, however broken the rest of it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from glacis.errors import Mark, Problem
from glacis.scenario.declared import keys_at
from glacis.scenario.fields import split_names
from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.quantity import PROVENANCE_KEYS
from glacis.scenario.tree import Node

#: Close matches cost time for every name known; past this many a hostile file would cost minutes.
MAX_SUGGESTIONS = 40
MAX_NAMES = 2_000


@dataclass
class Outline:
    """What is declared where, and the problems found on the way."""

    tree: Node
    since: Node | None = None
    """A sound tree that this one was made from by overrides."""
    problems: list[Problem] = field(default_factory=list)
    suggestions: int = 0
    found: dict[str, dict[str, Node]] = field(default_factory=dict)

    def members(self, path: str) -> dict[str, Node]:
        """Ids and records of a collection; none if it is missing or no mapping."""
        if path not in self.found:
            self.found[path] = members(self.tree.get(path))
        return self.found[path]

    def is_there(self, path: str) -> bool:
        """Whether the collection holds anything; if not, that is told once, not by who refers."""
        return bool(self.members(path))

    def is_missing(self, path: str) -> bool:
        """Whether a path leads into a section that the format has and the scenario lacks."""
        section = path.partition(".")[0]
        return section in keys_at(()) and self.tree.child(section) is None

    def is_known(self, *paths: str) -> bool:
        """Whether what stands at these paths is what has been found sound.

        A path such as ``theatre.legs.*.km`` is one field of all records of a collection.
        """
        return self.since is not None and all(self._is_as_before(path) for path in paths)

    def _is_as_before(self, path: str) -> bool:
        assert self.since is not None, "something has been found sound"
        collection, _, name = path.partition(".*.")
        found, before = self.tree.get(collection), self.since.get(collection)
        if found is before or not name:
            return found is before
        old = members(before)
        return self.has_same_ids(collection) and all(
            record is old[key] or record.child(name) is old[key].child(name)
            for key, record in self.members(collection).items()
        )

    def has_grown(self, *paths: str) -> bool:
        """Whether collections have all that was found sound in them, and perhaps more."""
        return self.since is not None and all(
            self.members(path).get(name) is node
            for path in paths
            for name, node in members(self.since.get(path)).items()
        )

    def has_same_ids(self, path: str) -> bool:
        """Whether a collection names what it named when it was found sound, whatever that holds."""
        since = self.since
        return since is not None and members(since.get(path)).keys() == self.members(path).keys()

    def new(self, path: str, *, given: Collection[str]) -> dict[str, Node]:
        """The records of a collection that have not been found sound.

        Parameters
        ----------
        given
            Paths that a record is looked at by: if something has changed there, all are new.
        """
        if self.since is None or not self.is_known(*given):
            return self.members(path)
        before = members(self.since.get(path))
        found = self.members(path).items()
        return {name: node for name, node in found if before.get(name) is not node}

    def add(self, code: str, where: tuple[str, Mark], what: str, repair: str) -> None:
        """One more problem, at (path, place)."""
        self.problems.append(Problem(code, where[1], where[0], what, repair))

    def refer(self, kind: str, path: str, node: Node | None, known: Collection[str]) -> bool:
        """Whether a reference leads somewhere; a problem ``unknown-KIND`` if not.

        What is no text, or not given, is a matter for the fields.
        """
        name = text_of(node)
        if node is None or not name or name in known:
            return bool(name)
        self.add(
            f"unknown-{kind}",
            (path, node.mark),
            f"there is no {kind} {name[:64]!r}",
            self.nearest(name, known, f"declare it, or name a {kind} that exists"),
        )
        return False

    def nearest(self, name: str, known: Collection[str], otherwise: str) -> str:
        """The repair for a name that is not known: the names most like it."""
        self.suggestions += 1
        if self.suggestions > MAX_SUGGESTIONS or len(known) > MAX_NAMES or len(name) > 64:
            return otherwise
        near = get_close_matches(name, known, n=3) or get_close_matches(
            name.lower(), known, n=3, cutoff=0.5
        )
        if near:
            return f"did you mean {' or '.join(near)}?"
        return f"use one of: {', '.join(known)}" if 0 < len(known) <= 8 else otherwise


def check_no_effect(
    outline: Outline, path: str, node: Node | None, *, measured: tuple[str, float], words: str
) -> None:
    """Whoever is not certain of a contested effect must admit that there may be none.

    Parameters
    ----------
    measured
        Its unit, and the value at which there is no effect.
    words
        What is so at that value.
    """
    unit, none = measured
    if node is None:
        return
    try:
        quantity = read_quantity(node.plain(), unit)
    except QuantityError:
        return  # a matter for the fields
    low, high = quantity.support
    if not quantity.is_certain and not low <= none <= high:
        what = f"its range, {low:g} to {high:g}, leaves out {none:g}, at which {words}"
        outline.add("excludes-no-effect", (path, node.mark), what, f"widen it to include {none:g}")


def members(node: Node | None) -> dict[str, Node]:
    """Ids and records of a collection, its own source, confidence and note left out."""
    if node is None or not node.is_mapping:
        return {}
    return {name: child for name, child in node.content.items() if name not in PROVENANCE_KEYS}


def items(node: Node | None, path: str) -> Iterator[tuple[str, Node]]:
    """Path and node of each item of a list; a text stands for the names in it."""
    if node is None:
        return
    if isinstance(node.content, str):
        yield from ((path, replace(node, content=name)) for name in split_names(node.content))
    elif isinstance(node.content, list):
        yield from ((f"{path}.{index}", item) for index, item in enumerate(node.content))


def text_of(node: Node | None) -> str:
    """The node's text; empty if it is anything else."""
    return node.content if node is not None and isinstance(node.content, str) else ""


def texts_in(node: Node | None) -> list[str]:
    """The texts of a list, or of a single text."""
    return [text_of(item) for _, item in items(node, "") if text_of(item)]
