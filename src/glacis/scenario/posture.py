"""Apply a posture: its measures' effects become overrides of the tree."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from glacis.errors import InputError, Mark, Problem, ScenarioError
from glacis.scenario.build import build
from glacis.scenario.numeral import NUMERAL
from glacis.scenario.outline import items, text_of
from glacis.scenario.override import put_at, unknown_name
from glacis.scenario.quantity import VALUE_KEYS
from glacis.scenario.tree import Node

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario

FORMATION_KEYS = (
    "name",
    "nation",
    "type",
    "people",
    "strength",
    "notice_hours",
    "orders",
    "joins",
)
#: More than any alliance has; what a slip of the finger would ask for must not fill the memory.
MAX_ADDED = 2_000


def applied(scenario: Scenario, name: str) -> Scenario:
    """The scenario under posture `name`: formations added, Quantities changed.

    Raises
    ------
    InputError
        If there is no such posture, or one has been applied already.
    ScenarioError
        If a measure or a place that the posture names does not exist.
    """
    document = scenario.document
    if document.posture:
        raise InputError(f"posture {document.posture!r} has been applied; apply one to the base")
    if name not in scenario.postures:
        raise InputError(unknown_name(scenario, "posture", name))
    tree = posture_put(document.tree, name)
    return build(replace(document, tree=tree, posture=name), scenario)


def posture_put(tree: Node, name: str) -> Node:
    """The tree with everything done that a posture of it says.

    Raises
    ------
    ScenarioError
        With the problem of every line that cannot be done, where it is written.
    """
    problems: list[Problem] = []
    path = f"postures.{name}.measures"
    for where, line in items(tree.get(path), path):
        try:
            tree = _apply_line(tree, line, where)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return tree


def _apply_line(tree: Node, line: Node, path: str) -> Node:
    measure, at = text_of(line.child("measure")), text_of(line.child("at"))
    effects = tree.get(f"measures.{measure}.effects")
    if effects is None:
        # References to measures are checked where all references are.
        return tree
    quantity = _count(line.child("quantity"))
    if quantity == 0:
        return tree
    for _, effect in items(effects, ""):
        added, change = effect.child("add"), effect.child("change")
        if added is not None and added.is_mapping:
            tree = _add(tree, added, (path, line), measure, quantity)
        if change is not None and change.is_mapping:
            tree = _change(tree, change, (path, line), at, quantity)
    return tree


def _count(node: Node | None) -> int:
    """A whole number; 1 if it is none (the fields tell that)."""
    content = 1 if node is None else node.content
    if isinstance(content, str) and content.isascii() and content.isdigit() and len(content) < 9:
        return int(content)
    return content if isinstance(content, int) else 1


def _problem(code: str, where: tuple[str, Mark], what: str, repair: str) -> ScenarioError:
    return ScenarioError([Problem(code, where[1], where[0], what, repair)])


def _add(tree: Node, added: Node, line: tuple[str, Node], measure: str, quantity: int) -> Node:
    """Formations ``measure/place/number``; their numbers keep the measure's paths."""
    at, start = line[1].child("at"), added.child("start")
    place = at or start
    if place is None or not text_of(place):
        raise _problem(
            "missing-key",
            (f"{line[0]}.at", line[1].mark),
            f"{measure} adds formations, and nothing says where",
            "give `at: PLACE`",
        )
    count = quantity * _count(added.child("number"))
    if count > MAX_ADDED:
        where = (f"{line[0]}.quantity", line[1].nearest(["quantity"]).mark)
        raise _problem(
            "not-valid", where, f"adds {count:,} formations", f"stay within {MAX_ADDED:,}"
        )
    members = {key: node for key, node in added.content.items() if key in FORMATION_KEYS}
    members |= {"start": start or place, "defends": place}
    named = f"{measure}/{text_of(place)}"
    members["parent"] = Node(named, added.mark)
    formation = Node(members, added.mark, added.provenance, added.path)
    side = f"forces.{text_of(added.child('side')) or 'blue'}"
    force = tree.get(side)
    if force is None or not force.is_mapping:
        return tree
    first = next(n for n in itertools.count(1) if f"{named}/{n}" not in force.content)
    new = {f"{named}/{number}": formation for number in range(first, first + count)}
    return put_at(tree, side, replace(force, content=force.content | new))


def _change(tree: Node, change: Node, line: tuple[str, Node], at: str, quantity: int) -> Node:
    path = text_of(change.child("path")).replace("{at}", at)
    where = (f"{line[0]}.at", line[1].nearest(["at"]).mark)
    found = tree.match(path)
    if not found:
        raise _problem(
            "unknown-path",
            where,
            f"the measure changes {path[:120]}, and there is no such value",
            "give a place or leg that has it, or correct the measure's path",
        )
    for target_path in found:
        target = tree.get(target_path)
        if target is None or not _is_number(target):
            what, repair = f"{target_path} is no number", "correct the measure's path"
            raise _problem("not-a-number", where, what, repair)
        tree = put_at(tree, target_path, _changed(target, change, where, quantity))
    return tree


def _is_number(node: Node) -> bool:
    """Whether a change can be done to it: a number, a range in text, or a quantity's mapping."""
    if isinstance(node.content, str):
        return all(NUMERAL.fullmatch(part.strip()) for part in node.content.split(".."))
    if not node.is_mapping:
        return node.is_quantity
    given = VALUE_KEYS & node.content.keys()
    return bool(given) and all(_are_numbers(node.content[key]) for key in given)


def _are_numbers(node: Node) -> bool:
    if isinstance(node.content, list):
        return all(_are_numbers(item) for item in node.content)
    return isinstance(node.content, int | float) and not isinstance(node.content, bool)


def _changed(target: Node, change: Node, where: tuple[str, Mark], quantity: int) -> Node:
    to, by, times = (change.child(name) for name in ("to", "by", "times"))
    if to is not None:
        return to
    if by is not None:
        if target.is_mapping and "unit" in target.content:
            what = "the number to be moved is written in a unit of its own"
            repair = "write it in the field's unit (leave `unit` out)"
            raise _problem("wrong-unit", where, what, repair)
        step = _plain_number(by) * quantity
        return _mapped(target, lambda value: value + step, spread=1.0)
    if times is not None:
        factor = min(max(_plain_number(times), 0.0), 1e6) ** min(quantity, 50)
        return _mapped(target, lambda value: value * factor, spread=factor)
    return target


def _plain_number(node: Node) -> float:
    """The plain number of a change."""
    content = node.content
    if isinstance(content, dict) and "value" in content:
        content = content["value"].content
    if isinstance(content, str) and NUMERAL.fullmatch(content.strip()):
        content = float(content)
    if not isinstance(content, int | float) or isinstance(content, bool):
        raise _problem(
            "uncertain-change",
            (node.path, node.mark),
            "by and times need a plain number",
            "use `to` for an uncertain value",
        )
    return float(content)


def _mapped(target: Node, change: Callable[[float], float], *, spread: float) -> Node:
    """A number or quantity mapping with every value changed, its place and path kept."""
    if isinstance(target.content, dict):
        members = dict(target.content)
        for key in VALUE_KEYS & members.keys():
            if key not in ("weights", "sd"):
                members[key] = _mapped(members[key], change, spread=spread)
        if "sd" in members:
            members["sd"] = _mapped(members["sd"], lambda sd: sd * spread, spread=spread)
        return replace(target, content=members)
    if isinstance(target.content, list):
        items_ = [_mapped(item, change, spread=spread) for item in target.content]
        return replace(target, content=items_)
    if isinstance(target.content, str):
        parts = [change(float(part)) for part in target.content.split("..")]
        return replace(target, content="..".join(f"{part:.12g}" for part in parts))
    return replace(target, content=change(float(target.content)))
