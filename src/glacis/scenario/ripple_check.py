"""What must hold of the rest of the world: guarantors of members, theatres that lean on one."""

from __future__ import annotations

from glacis.scenario.outline import Outline, check_no_effect, items
from glacis.scenario.tree import Node

MAX_THEATRES = 6
"""More would cost three times the time for each."""

#: What is contested, with its unit and the value at which there is no effect.
CONTESTED = {
    "effects.distraction": ("1", 1.0),
    "effects.munitions": ("1", 1.0),
    "effects.overstretch": ("1", 1.0),
    "effects.credibility": ("1", 1.0),
    "effects.cascade": ("1", 1.0),
    "reputation.reading": ("share", 0.0),
    "reputation.reassured": ("share", 0.0),
    "protectees.abandoned": ("1", 1.0),
    "protectees.stalemate": ("1", 1.0),
    "protectees.won": ("1", 1.0),
    "protectees.deterred": ("1", 1.0),
    "protectees.nuclear_use": ("1", 1.0),
    "protectees.reassured": ("1", 1.0),
}


def check_ripple(outline: Outline) -> None:
    """Adds the problems of guarantors, of theatres, and of effects that are taken for certain."""
    if outline.tree.get("ripple") is None:
        return
    guarantors = outline.members("ripple.guarantors")
    section = outline.tree.get("ripple.guarantors")
    if section is not None and section.is_mapping and not guarantors:
        where = ("ripple.guarantors", section.mark)
        outline.add(
            "empty-section", where, "holds no guarantor", "declare one, or leave ripple out"
        )
    _check_members(outline, guarantors)
    _check_theatres(outline, guarantors)
    for name, measured in CONTESTED.items():
        path = f"ripple.{name}"
        node = outline.tree.get(path)
        check_no_effect(outline, path, node, measured=measured, words="it has no effect")


def _check_members(outline: Outline, guarantors: dict[str, Node]) -> None:
    """Guarantors are of nations, of members where there is an alliance, and share none."""
    is_allied = outline.is_there("alliance.members")
    kind = "member" if is_allied else "nation"
    known = outline.members("alliance.members" if is_allied else "nations")
    counted: dict[str, str] = {}
    for name, guarantor in guarantors.items():
        for where, node in items(guarantor.child("members"), f"ripple.guarantors.{name}.members"):
            if not outline.refer(kind, where, node, known):
                continue
            first = counted.setdefault(str(node.content), name)
            if first != name:
                what = f"{str(node.content)[:64]} is in {first[:64]} already"
                outline.add("duplicate-id", (where, node.mark), what, "count it in one of them")


def _check_theatres(outline: Outline, guarantors: dict[str, Node]) -> None:
    theatres = outline.members("ripple.theatres")
    for name, theatre in theatres.items():
        if guarantors:
            path = f"ripple.theatres.{name}.guarantor"
            outline.refer("guarantor", path, theatre.child("guarantor"), guarantors)
    section = outline.tree.get("ripple.theatres")
    if len(theatres) > MAX_THEATRES and section is not None:
        what = f"holds {len(theatres)} theatres"
        repair = f"keep the {MAX_THEATRES} that matter most, or join neighbours"
        outline.add("too-large", ("ripple.theatres", section.mark), what, repair)
