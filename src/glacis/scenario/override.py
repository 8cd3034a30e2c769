"""Change a scenario: overrides of the tree, validated again as if it had been written so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from glacis.errors import InputError, Mark, Problem, ScenarioError
from glacis.scenario.build import build
from glacis.scenario.quantity import ELICITED, PROVENANCE_KEYS, Provenance, Quantity
from glacis.scenario.text import CONTROL, control_character
from glacis.scenario.tree import Node

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario

HERE = Mark("override", 0, 0)
BY_HAND = Provenance(ELICITED, "low", "set by hand")


def replaced(scenario: Scenario, changes: Mapping[str, object]) -> Scenario:
    """The scenario with the value at each path (or path pattern) replaced.

    Raises
    ------
    ScenarioError
        If a path fits nothing, or a value does not suit its field.
    """
    document = scenario.document
    tree = document.tree
    problems: list[Problem] = []
    for pattern, value in changes.items():
        try:
            tree = put(tree, pattern, to_node(value))
        except ScenarioError as error:
            problems += [replace(one, path=one.path or pattern) for one in error.problems]
    if problems:
        raise ScenarioError(problems)
    done = (*document.overrides, *changes.items())
    return build(replace(document, tree=tree, overrides=done), scenario)


def varied(scenario: Scenario, names: Sequence[str]) -> Scenario:
    """The scenario under its variants, applied in the order given."""
    document = scenario.document
    tree = document.tree
    for name in names:
        if name not in scenario.variants:
            raise InputError(unknown_name(scenario, "variant", name))
        tree = variant_put(tree, name)
    return build(replace(document, tree=tree, variants=(*document.variants, *names)), scenario)


def variant_put(tree: Node, name: str) -> Node:
    """The tree with everything that a variant of it sets.

    Raises
    ------
    ScenarioError
        If a path of the variant fits nothing; the problem stands where the variant says so.
    """
    changes = tree.nearest(["variants", name, "set"])
    problems: list[Problem] = []
    for pattern, node in changes.content.items() if changes.is_mapping else ():
        try:
            tree = put(tree, pattern, node)
        except ScenarioError as error:
            path = f"variants.{name}.set.{pattern}"
            problems += [replace(told, mark=node.mark, path=path) for told in error.problems]
    if problems:
        raise ScenarioError(problems)
    return tree


def unknown_name(scenario: Scenario, kind: str, name: str) -> str:
    """The message for a variant or posture that a scenario does not have."""
    known = list(getattr(scenario, f"{kind}s"))
    near = get_close_matches(name[:64], known, n=1)
    listed = f"it has: {', '.join(known) or 'none'}"
    repair = f"{listed}; did you mean {near[0]}?" if near else listed
    return f"{scenario.name} has no {kind} {name[:64]!r}; {repair}"


def to_node(value: object) -> Node:
    """A Python value as a node of the tree, marked as set by hand unless it says its source."""
    if isinstance(value, Quantity):
        value = _as_written(value)
    if isinstance(value, Mapping):
        members = {str(key): to_node(child) for key, child in value.items()}
        node = Node(members, HERE, BY_HAND)
        return replace(node, provenance=node.own_provenance())
    if isinstance(value, list | tuple):
        return Node([to_node(item) for item in value], HERE, BY_HAND)
    if isinstance(value, str) and (found := CONTROL.search(value)):
        raise ScenarioError([control_character(value, found.start(), HERE.file)])
    # Text stays text: fields that want a number or true and false read it as in tables.
    if hasattr(value, "item") and not isinstance(value, bool | int | float | str):
        value = value.item()  # numpy's scalars
    return Node(value, HERE, BY_HAND)


def _as_written(quantity: Quantity) -> dict[str, object]:
    """A Quantity as the mapping that describes it."""
    provenance = {
        key: given for key in ("source", "confidence", "note") if (given := getattr(quantity, key))
    }
    return quantity.described() | provenance


def put(tree: Node, pattern: str, node: Node) -> Node:
    """The tree with `node` at every path that fits `pattern`, or at a new member there.

    A null takes away what is at the path.

    Raises
    ------
    ScenarioError
        If nothing fits and nothing can be added there.
    """
    if pattern.rpartition(".")[2] in PROVENANCE_KEYS:
        raise ScenarioError([_no_value(pattern)])
    paths = tree.match(pattern)
    if not paths:
        parent, _, name = pattern.rpartition(".")
        above = tree.get(parent)
        is_open = above is not None and above.is_mapping and not above.is_quantity
        if (
            not is_open
            or not all(pattern.split("."))
            or node.content is None
            or set("*?[") & set(name)
        ):
            raise ScenarioError([_nothing_there(tree, pattern)])
        paths = [pattern]
    # From the back, so that taking away an item of a list does not move those yet to go.
    for path in reversed(paths):
        tree = put_at(tree, path, None if node.content is None else node.relabelled(path))
    return tree


def put_at(tree: Node, path: str, node: Node | None) -> Node:
    """The tree with the node at one existing or new path replaced (None removes it)."""
    name, _, rest = path.partition(".")
    if rest:
        child = tree.child(name)
        assert child is not None
        return tree.with_child(name, put_at(child, rest, node))
    return tree.with_child(name, node)


def _no_value(pattern: str) -> Problem:
    """Sources hold for what was written; a number set anew has one of its own."""
    what = "says where numbers come from, and is no value"
    repair = "set the number, as a mapping with source, confidence and note"
    return Problem("not-allowed", HERE, pattern[:200], what, repair)


def _nothing_there(tree: Node, pattern: str) -> Problem:
    known = tree
    for part in pattern.split("."):
        child = known.child(part)
        if child is None:
            names = [name for name, _ in known.children() if "." not in name]
            near = get_close_matches(part[:64], names, n=3) or names[:5]
            repair = f"did you mean {', '.join(near)}?" if near else "nothing lies below it"
            break
        known = child
    else:
        repair = "name a value below it"
    return Problem("unknown-path", HERE, pattern[:200], "no value at this path", repair)
