"""The road network and the plans on it: legs in order, places and objectives within reach."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import pairwise

from glacis.errors import Mark
from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.outline import Outline, items, members, text_of, texts_in
from glacis.scenario.references import forces_named
from glacis.scenario.tree import Node

Roads = dict[str, set[str]]
Named = Mapping[str, list[Node]]


def check_ground(outline: Outline) -> None:
    """Adds the problems of formations that stand where they cannot when the war begins."""
    if outline.is_there("theatre.places") and outline.is_there("theatre.legs"):
        for side in ("red", "blue"):
            _check_starts(outline, side)


def check_geography(outline: Outline) -> None:
    """Adds the problems of legs, of places off every road, and of plans that cannot be driven."""
    if not (outline.is_there("theatre.places") and outline.is_there("theatre.legs")):
        return
    roads = _roads(outline)
    for name, place in outline.members("theatre.places").items():
        if not roads[name]:
            outline.add(
                "unreachable-place",
                (f"theatre.places.{name}", place.mark),
                "no leg reaches it",
                "add a leg to it, or remove the place",
            )
    named = forces_named(outline, "red") or {}
    for name, option in outline.members("options").items():
        _check_option(outline, (roads, named), f"options.{name}", option)


def _check_starts(outline: Outline, side: str) -> None:
    """Nobody stands on the other side's ground, or Blue on a neutral's."""
    owned = ("nations", "theatre.places")
    for name, formation in outline.new(f"forces.{side}", given=owned).items():
        start = formation.child("start")
        owner = _side_of(outline, text_of(start))
        if start is not None and owner and owner != side and (side, owner) != ("red", "neutral"):
            outline.add(
                "wrong-ground",
                (f"forces.{side}.{name}.start", start.mark),
                f"{text_of(start)} is {owner} ground, and the formation is {side.capitalize()}'s",
                "let it start on ground of its own side",
            )


def _side_of(outline: Outline, place: str) -> str:
    """The side that holds a place before the war, or nothing if that is not known."""
    where = outline.members("theatre.places").get(place)
    name = text_of(where.child("nation")) if where is not None else ""
    nation = outline.members("nations").get(name)
    return text_of(nation.child("side")) if nation is not None else ""


def _check_crossing(outline: Outline, path: str, leg: Node) -> None:
    """A leg from one side's ground to the other's says where the border is."""
    ends = {_side_of(outline, text_of(leg.child(end))) for end in ("from", "to")}
    if "blue" in ends and len(ends) == 2 and "" not in ends and leg.child("border_km") is None:
        outline.add(
            "missing-key",
            (f"{path}.border_km", leg.mark),
            "is missing, and the leg leaves Blue's ground",
            "add the kilometre of the border, counted from its start",
        )


def _roads(outline: Outline) -> Roads:
    """Each place's neighbours; problems of single legs are told on the way."""
    roads: Roads = {name: set() for name in outline.members("theatre.places")}
    seen: dict[frozenset[str], str] = {}
    new = outline.new("theatre.legs", given=["nations", "theatre.places"])
    for name, leg in outline.members("theatre.legs").items():
        path = f"theatre.legs.{name}"
        start, end = text_of(leg.child("from")), text_of(leg.child("to"))
        start_known = outline.refer("place", f"{path}.from", leg.child("from"), roads)
        end_known = outline.refer("place", f"{path}.to", leg.child("to"), roads)
        if name in new:
            _check_border(outline, path, leg)
            _check_crossing(outline, path, leg)
        if not (start_known and end_known):
            continue
        pair = frozenset((start, end))
        if start == end:
            what, repair = f"leads from {start} to itself", "name its other end"
            outline.add("self-loop", (path, leg.mark), what, repair)
        elif pair in seen:
            what = f"joins {start} and {end} as {seen[pair]} does"
            repair = "remove one, or put a place on one of them"
            outline.add("duplicate-leg", (path, leg.mark), what, repair)
        else:
            seen[pair] = name
            roads[start].add(end)
            roads[end].add(start)
    return roads


def _check_border(outline: Outline, path: str, leg: Node) -> None:
    """The border lies on the leg, whatever value either takes."""
    border, length = _largest(leg.child("border_km")), _largest(leg.child("km"))
    if border is not None and length is not None and border > length:
        outline.add(
            "impossible-range",
            (f"{path}.border_km", leg.nearest(["border_km"]).mark),
            f"the border is at km {border:g} of a leg of {length:g} km",
            "give the kilometre counted from its start",
        )


def _largest(node: Node | None) -> float | None:
    """The largest value that a length may take; None if it is none (the fields tell that)."""
    try:
        return None if node is None else read_quantity(node.plain(), "km").support[1]
    except QuantityError:
        return None


def _check_option(outline: Outline, given: tuple[Roads, Named], path: str, option: Node) -> None:
    reached: set[str] = set()
    thrusts = option.child("thrusts")
    if thrusts is not None and thrusts.is_mapping and not members(thrusts):
        outline.add(
            "empty-section", (f"{path}.thrusts", thrusts.mark), "holds no thrust", "declare one"
        )
        return
    for name, thrust in members(thrusts).items():
        _check_thrust(outline, given, f"{path}.thrusts.{name}", thrust)
        reached.update(texts_in(thrust.child("route")))
    objectives = option.child("objectives")
    if objectives is not None and objectives.content in ([], ""):
        outline.add(
            "empty-section",
            (f"{path}.objectives", objectives.mark),
            "names no place",
            "name the places to take",
        )
    for where, objective in items(objectives, f"{path}.objectives"):
        name = text_of(objective)
        if name in given[0] and name not in reached:
            outline.add(
                "unreachable-objective",
                (where, objective.mark),
                f"no thrust of the option leads to {name}",
                "add it to a route, or take it off the objectives",
            )


def _check_thrust(outline: Outline, given: tuple[Roads, Named], path: str, thrust: Node) -> None:
    roads, _ = given
    steps = list(items(thrust.child("route"), f"{path}.route"))
    for name in ("route", "forces"):
        node = thrust.child(name)
        if node is not None and node.content in ([], ""):
            outline.add(
                "empty-section", (f"{path}.{name}", node.mark), "is empty", "name at least one"
            )
    for (_, one), (where, other) in pairwise(steps):
        here, there = text_of(one), text_of(other)
        if here in roads and there in roads and there not in roads[here]:
            outline.add(
                "unreachable-objective",
                (where, other.mark),
                f"no leg joins {here} and {there}",
                _detour(roads, here, there),
            )
    _check_open(outline, steps)
    if steps and text_of(steps[0][1]) in roads:
        _check_start(outline, given, thrust, steps[0])


def _check_open(outline: Outline, steps: list[tuple[str, Node]]) -> None:
    """Red's routes keep off states that are closed to it."""
    for path, node in steps:
        nation = _closed_by(outline, text_of(node))
        if nation:
            outline.add(
                "closed-ground",
                (path, node.mark),
                f"{text_of(node)} lies in {nation}, which is closed to Red",
                f"take another way, or set nations.{nation}.access to transit",
            )


def _closed_by(outline: Outline, place: str) -> str:
    """The neutral state that keeps Red out of a place, or nothing."""
    where = outline.members("theatre.places").get(place)
    name = text_of(where.child("nation")) if where is not None else ""
    nation = outline.members("nations").get(name)
    if nation is None or text_of(nation.child("side")) != "neutral":
        return ""
    return "" if text_of(nation.child("access")) in ("transit", "co-belligerent") else name


def _detour(roads: Roads, here: str, there: str) -> str:
    between = shortest(roads, here, there)[1:-1]
    if between:
        return f"go by {', '.join(between)}, or add the leg"
    return "add the leg, or another route"


def _check_start(
    outline: Outline, given: tuple[Roads, Named], thrust: Node, first: tuple[str, Node]
) -> None:
    """Every force of a thrust can drive from where it stands to the route's first place."""
    (roads, named), (path, node) = given, first
    goal = text_of(node)
    near = _connected(roads, goal)
    cut_off: dict[str, Mark] = {}
    shut_in: dict[str, Mark] = {}
    for _, force in items(thrust.child("forces"), ""):
        for formation in named.get(text_of(force), []):
            start = text_of(formation.child("start"))
            if start in roads and start not in near:
                cut_off.setdefault(start, force.mark)
            elif start != goal and _closed_by(outline, start):
                shut_in.setdefault(start, force.mark)
    for start, mark in cut_off.items():
        outline.add(
            "unreachable-objective",
            (path, mark),
            f"no road leads from {start}, where a force of the thrust stands, to {goal}",
            "join them by legs, or start the route elsewhere",
        )
    for start, mark in shut_in.items():
        outline.add(
            "closed-ground",
            (path, mark),
            f"a force of the thrust stands at {start}, which is closed to Red",
            "let it start elsewhere, or leave it out of the thrust",
        )


def _connected(roads: Roads, start: str) -> set[str]:
    reached, waiting = {start}, deque([start])
    while waiting:
        for place in roads[waiting.popleft()] - reached:
            reached.add(place)
            waiting.append(place)
    return reached


def shortest(roads: Roads, start: str, end: str) -> list[str]:
    """The places on a way of fewest legs, both ends included; empty if there is none."""
    came_from, waiting = {start: ""}, deque([start])
    while waiting and end not in came_from:
        here = waiting.popleft()
        for place in sorted(roads[here] - came_from.keys()):
            came_from[place] = here
            waiting.append(place)
    way, here = [], end if end in came_from else ""
    while here:
        way.append(here)
        here = came_from[here]
    return way[::-1]
