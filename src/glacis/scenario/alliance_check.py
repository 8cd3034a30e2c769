"""What must hold of the alliance: members that are nations, pivotal members that sit."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.outline import Outline, items
from glacis.scenario.tree import Node

ROUNDING = 0.02


def check_alliance(outline: Outline) -> None:
    """Adds the problems of members and of the council's rule."""
    if outline.tree.get("alliance") is None:
        return
    members, nations = outline.members("alliance.members"), outline.members("nations")
    for name, member in members.items():
        if name not in nations:
            repair = outline.nearest(name, nations, "declare it among the nations")
            what = f"there is no nation {name[:64]!r}"
            outline.add("unknown-nation", (f"alliance.members.{name}", member.mark), what, repair)
    for where, node in items(
        outline.tree.get("alliance.council.pivotal"), "alliance.council.pivotal"
    ):
        if outline.refer("member", where, node, members) and not _sits(members[str(node.content)]):
            what, repair = "does not sit on the council", "let it sit, or name another"
            outline.add("not-allowed", (where, node.mark), what, repair)
    _check_seats(outline, members)
    _check_capability(outline, members)


def _sits(member: Node) -> bool:
    """Whether a member sits: tables and overrides write it as text."""
    node = member.child("sits")
    try:
        return node is None or TypeAdapter(bool).validate_python(node.content)
    except ValidationError:
        return True  # the field's own problem


def _check_seats(outline: Outline, members: dict[str, Node]) -> None:
    """A coalition cannot need more members than sit."""
    node = outline.tree.get("alliance.council.coalition")
    seats = sum(map(_sits, members.values()))
    try:
        wanted = TypeAdapter(int).validate_python(node.content) if node is not None else 0
    except ValidationError:
        return  # the field's own problem
    if node is not None and wanted > seats > 0:
        what = f"a coalition needs {wanted} members, and {seats} sit on the council"
        where = ("alliance.council.coalition", node.mark)
        outline.add("out-of-bounds", where, what, f"give at most {seats}")


def _check_capability(outline: Outline, members: dict[str, Node]) -> None:
    """Shares of what all spend add up to at most the whole."""
    total = sum(_least(member.child("capability")) for member in members.values() if _sits(member))
    section = outline.tree.get("alliance.members")
    if total > 1 + ROUNDING and section is not None:
        what = f"the shares of capability add up to {total:.3g}"
        where = ("alliance.members", section.mark)
        outline.add("share-sum", where, what, "give each its share of the whole")


def _least(node: Node | None) -> float:
    """The least that a share can be; nothing if it is none, which its field tells."""
    try:
        return 0.0 if node is None else read_quantity(node.plain(), "share").support[0]
    except QuantityError:
        return 0.0
