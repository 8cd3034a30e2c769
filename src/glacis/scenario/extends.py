"""A scenario laid on another: which it may extend, and what it takes from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from glacis.errors import Problem
from glacis.scenario.outline import items, text_of
from glacis.scenario.tree import Node, merged


def find_base(written: Node, folder: Path, bundled: Path, names: Sequence[str]) -> Path | Problem:
    """Folder or file of the scenario that ``extends`` names, or what is wrong with the name.

    A bundled scenario, or something inside the scenario's own folder: never anything else of
    the machine it is read on.
    """
    name = text_of(written)
    if name in names and (bundled / name).resolve() != folder.resolve():
        return bundled / name
    repair = f"name a bundled scenario: {', '.join(names)}"
    if near := get_close_matches(name[:64], names, n=1):
        repair = f"did you mean {near[0]}?"
    if not name or "\0" in name or len(name) > 200 or Path(name).is_absolute():
        return _unknown(written, "must name a scenario", repair)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        return _unknown(written, f"{name!r} leads out of the scenario's folder", repair)
    if path == folder.resolve() or not path.exists():
        return _unknown(written, f"there is no scenario {name!r}", repair)
    return path


def _unknown(written: Node, what: str, repair: str) -> Problem:
    return Problem("unknown-scenario", written.mark, "extends", what, repair)


def laid_on(base: Node, tree: Node, inherits: Node | None, problems: list[Problem]) -> Node:
    """`tree` laid on `base`, of which it takes the sections that ``inherits`` lists, or all."""
    wanted = list(base.content)
    if inherits is not None:
        listed = list(items(inherits, "inherits"))
        wanted = [text_of(item) for _, item in listed]
        problems += [
            _not_there(path, item, base)
            for path, item in listed
            if text_of(item) not in base.content
        ]
        if not listed:
            what, repair = "must be a list of sections", "write inherits: [types, campaign]"
            problems.append(Problem("wrong-type", inherits.mark, "inherits", what, repair))
    kept = {name: node for name, node in base.content.items() if name in wanted}
    return merged(replace(base, content=kept), tree.rooted())


def _not_there(path: str, item: Node, base: Node) -> Problem:
    known = ", ".join(base.content)
    what = f"the base has no section {text_of(item)[:64]!r}"
    return Problem("unknown-key", item.mark, path, what, f"use one of: {known}")
