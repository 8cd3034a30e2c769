"""What must hold of systems, sea lanes and how formations come: their names and their numbers."""

from __future__ import annotations

from glacis.scenario.outline import Outline, items, text_of
from glacis.scenario.systems import NEEDS
from glacis.scenario.tree import Node

SIDES = ("red", "blue")


def check_arms(outline: Outline) -> None:
    """Adds the problems of systems without their numbers, lanes to nowhere, and lost ways."""
    for name, system in outline.members("systems").items():
        _check_system(outline, f"systems.{name}", name, system)
    _check_lanes(outline)
    for side in SIDES:
        for name, formation in outline.members(f"forces.{side}").items():
            _check_way(outline, f"forces.{side}.{name}", formation)
            comes = formation.child("comes_by")
            if side == "red" and text_of(comes) in ("air", "sea"):
                outline.add(
                    "not-allowed",
                    (f"forces.red.{name}.comes_by", formation.nearest(["comes_by"]).mark),
                    "only Blue's reinforcements are flown in or shipped",
                    "let it start where it lands, with the way in its notice",
                )
    legs = outline.members("theatre.legs")
    for path, leg in items(outline.tree.get("objectives.corridor"), "objectives.corridor"):
        outline.refer("leg", path, leg, legs)


def _check_system(outline: Outline, path: str, name: str, system: Node) -> None:
    if name in outline.members("types"):
        outline.add(
            "duplicate-id",
            (path, system.mark),
            "a battalion type has the same id, and formations name both",
            "rename one",
        )
    arm = text_of(system.child("arm"))
    for needed in NEEDS.get(arm, ()):
        if system.child(needed) is None:
            outline.add(
                "missing-key",
                (f"{path}.{needed}", system.mark),
                f"is missing, and a system of the arm {arm} needs it",
                "add it",
            )


def _check_lanes(outline: Outline) -> None:
    places, nations = outline.members("theatre.places"), outline.members("nations")
    for name, lane in outline.members("theatre.lanes").items():
        path = f"theatre.lanes.{name}"
        outline.refer("nation", f"{path}.nation", lane.child("nation"), nations)
        end = lane.child("to")
        if end is None or not outline.refer("place", f"{path}.to", end, places):
            continue
        place = places.get(text_of(end))
        if place is not None and place.child("port") is None:
            outline.add(
                "no-port",
                (f"{path}.to", end.mark),
                f"{text_of(end)} has no port",
                f"give theatre.places.{text_of(end)} a port, or let the lane end elsewhere",
            )


def _check_way(outline: Outline, path: str, formation: Node) -> None:
    """Who comes by sea names lanes that there are; who flies in has an airfield to land at."""
    lanes = outline.members("theatre.lanes")
    for where, lane in items(formation.child("lanes"), f"{path}.lanes"):
        outline.refer("lane", where, lane, lanes)
    by_sea = text_of(formation.child("comes_by")) == "sea"
    named = list(items(formation.child("lanes"), f"{path}.lanes"))
    if by_sea and not named:
        outline.add(
            "missing-key",
            (f"{path}.lanes", formation.mark),
            "is missing, and the formation comes by sea",
            "name the lanes that it may take, the best first",
        )
    if text_of(formation.child("comes_by")) == "air":
        _check_airfield(outline, path, formation)


def _check_airfield(outline: Outline, path: str, formation: Node) -> None:
    start = formation.child("start")
    place = outline.members("theatre.places").get(text_of(start))
    if start is not None and place is not None and place.child("airfield") is None:
        outline.add(
            "no-airfield",
            (f"{path}.start", start.mark),
            f"{text_of(start)} has no airfield, and the formation flies in",
            f"give theatre.places.{text_of(start)} an airfield, or let it land elsewhere",
        )
