"""What must hold of systems, sea lanes and how formations come: their names and their numbers."""

from __future__ import annotations

from glacis.scenario.outline import Outline, items, text_of
from glacis.scenario.systems import NEEDS
from glacis.scenario.tree import Node

LIFTED = ("air", "sea")

#: The section of `campaign` that a system of each arm fights with.
SECTION_OF = {
    "air": "air",
    "missiles": "fires",
    "artillery": "fires",
    "helicopters": "fires",
    "coastal-missiles": "sea",
    "minehunters": "sea",
    "minelayers": "sea",
}


def check_arms(outline: Outline) -> None:
    """Adds the problems of systems without their numbers, lanes to nowhere, and lost ways."""
    for name, system in outline.new("systems", given=["types"]).items():
        _check_system(outline, f"systems.{name}", name, system)
    _check_lanes(outline)
    given = ["systems", "types", "theatre.places", "theatre.lanes"]
    if not outline.has_same_ids("campaign"):  # what matters is which sections there are
        given.append("campaign")
    for side, check_way in (("red", _check_red_way), ("blue", _check_way)):
        for name, formation in outline.new(f"forces.{side}", given=given).items():
            check_way(outline, f"forces.{side}.{name}", formation)
            _check_arm(outline, f"forces.{side}.{name}", formation)
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
    for name, lane in outline.new("theatre.lanes", given=["nations", "theatre.places"]).items():
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


def _check_arm(outline: Outline, path: str, formation: Node) -> None:
    """A squadron, battery or ship group fights with a section of `campaign`; so say if it lacks."""
    type_ = formation.child("type")
    system = outline.members("systems").get(text_of(type_))
    if type_ is None or system is None:
        return
    arm = text_of(system.child("arm"))
    section = SECTION_OF.get(arm, "")
    if section and outline.tree.get(f"campaign.{section}") is None:
        outline.add(
            "no-effect",
            (f"{path}.type", type_.mark),
            f"is of the arm {arm}, and there is no campaign.{section}: it does nothing",
            "add the section (baltic's arms.yaml has one; `glacis where` names its folder)",
        )
    if arm == "air":
        _check_airfield(outline, path, formation)


def _check_red_way(outline: Outline, path: str, formation: Node) -> None:
    """Red's formations stand in the theatre, or march into it."""
    comes = formation.child("comes_by")
    if comes is not None and text_of(comes) in LIFTED:
        outline.add(
            "not-allowed",
            (f"{path}.comes_by", comes.mark),
            "only Blue's reinforcements are flown in or shipped",
            "let it start where it lands, with the way in its notice",
        )


def _check_way(outline: Outline, path: str, formation: Node) -> None:
    """Who comes by sea names lanes that there are; who flies in has an airfield to land at."""
    lanes = outline.members("theatre.lanes")
    named = list(items(formation.child("lanes"), f"{path}.lanes"))
    for where, lane in named:
        outline.refer("lane", where, lane, lanes)
    comes = formation.child("comes_by")
    way = text_of(comes)
    if comes is not None and way in LIFTED and outline.tree.get("campaign.lift") is None:
        outline.add(
            "no-effect",
            (f"{path}.comes_by", comes.mark),
            "there is no campaign.lift, so it would come by road",
            "add the section, or leave comes_by out",
        )
    if way == "sea" and not named:
        outline.add(
            "missing-key",
            (f"{path}.lanes", formation.mark),
            "is missing, and the formation comes by sea",
            "name the lanes that it may take, the best first",
        )
    if way == "air":
        _check_airfield(outline, path, formation)


def _check_airfield(outline: Outline, path: str, formation: Node) -> None:
    start = formation.child("start")
    place = outline.members("theatre.places").get(text_of(start))
    if start is not None and place is not None and place.child("airfield") is None:
        outline.add(
            "no-airfield",
            (f"{path}.start", start.mark),
            f"{text_of(start)} has no airfield, and the formation flies from or to it",
            f"give theatre.places.{text_of(start)} an airfield, or name another place",
        )
