"""Dangling references: every name that points at something else in the scenario."""

from __future__ import annotations

from collections.abc import Collection

from glacis.scenario.outline import Outline, items, members, text_of
from glacis.scenario.tree import Node

SIDES = ("red", "blue")

#: Collections that cannot be empty: path, what they hold, what to do.
NEEDED = (
    ("nations", "nation", "declare at least one on either side"),
    ("theatre.places", "place", "declare at least two"),
    ("theatre.legs", "leg", "declare the roads between the places"),
    ("types", "type", "declare what the formations are"),
    ("forces.red", "formation", "declare who attacks"),
    ("options", "option", "declare at least one armed move of Red"),
    ("postures", "posture", "declare at least one (it may do nothing)"),
)


def _refer_all(
    outline: Outline, kind: str, *, path: str, node: Node | None, known: Collection[str]
) -> None:
    for where, item in items(node, path):
        outline.refer(kind, where, item, known)


def _known(outline: Outline, path: str) -> dict[str, Node] | None:
    """Ids of a collection; None if it was never written, which the fields tell once."""
    return outline.members(path) if outline.is_there(path) else None


def _refer_fields(
    outline: Outline, path: str, record: Node, fields: tuple[tuple[str, str, str], ...]
) -> None:
    """Checks (field, kind, collection) for one record."""
    for name, kind, collection in fields:
        known = _known(outline, collection)
        if known is not None:
            if kind == "type":  # a battalion's type, or a system
                known = known | outline.members("systems")
            outline.refer(kind, f"{path}.{name}", record.child(name), known)


_NATION = ("nation", "nation", "nations")
_TYPE = ("type", "type", "types")
_START = ("start", "place", "theatre.places")
_DEFENDS = ("defends", "place", "theatre.places")
_OVERLAND = ("overland", "place", "theatre.places")


def _nations_sides(outline: Outline) -> None:
    """A formation fights for its nation's side; a neutral nation's may stand on either."""
    nations = outline.members("nations")
    for side, other in zip(SIDES, reversed(SIDES), strict=True):
        for name, formation in outline.new(f"forces.{side}", given=["nations"]).items():
            nation = text_of(formation.child("nation"))
            declared = nations.get(nation)
            if declared is not None and text_of(declared.child("side")) == other:
                path = f"forces.{side}.{name}.nation"
                outline.add(
                    "wrong-side",
                    (path, formation.nearest(["nation"]).mark),
                    f"{nation} is on the {other} side",
                    f"move the formation to forces.{other}, or correct its nation",
                )


def _empty_sections(outline: Outline) -> None:
    """What is written and holds nothing, where nothing can be done without it."""
    for path, what, repair in NEEDED:
        node = outline.tree.get(path)
        if node is not None and node.is_mapping and not outline.is_there(path):
            outline.add("empty-section", (path, node.mark), f"holds no {what}", repair)


def _formations(outline: Outline) -> None:
    named = ("nations", "types", "systems", "theatre.places")
    red = outline.members("forces.red")
    for side in SIDES:
        for name, formation in outline.new(f"forces.{side}", given=named).items():
            path = f"forces.{side}.{name}"
            _refer_fields(outline, path, formation, (_NATION, _TYPE, _START, _DEFENDS, _OVERLAND))
        for name, formation in outline.members(f"forces.{side}").items():
            if side != "red" and name in red:
                outline.add(
                    "duplicate-id",
                    (f"forces.{side}.{name}", formation.mark),
                    "a formation of the other side has the same id",
                    f"rename one (the other is at {red[name].mark})",
                )
    for name, place in outline.new("theatre.places", given=["nations"]).items():
        _refer_fields(outline, f"theatre.places.{name}", place, (_NATION,))


def forces_named(outline: Outline, side: str) -> dict[str, list[Node]] | None:
    """Formations by id and by parent, as plans name them; None if none can be asked for.

    A Blue side without formations is in order, and one of Red is told already.
    """
    section = outline.tree.get(f"forces.{side}")
    if section is None or not section.is_mapping:
        return None
    if side == "red" and not outline.is_there("forces.red"):
        return None
    named: dict[str, list[Node]] = {}
    for name, formation in outline.members(f"forces.{side}").items():
        named.setdefault(name, []).append(formation)
        parent = text_of(formation.child("parent"))
        if parent and parent != name:
            named.setdefault(parent, []).append(formation)
    return named


def _options(outline: Outline) -> None:
    places = _known(outline, "theatre.places")
    red, blue = forces_named(outline, "red"), forces_named(outline, "blue")
    options = outline.members("options")
    for name, option in options.items():
        path = f"options.{name}"
        if places is not None:
            objectives = option.child("objectives")
            _refer_all(outline, "place", path=f"{path}.objectives", node=objectives, known=places)
        if blue is not None:
            strikers = option.child("counter_attack")
            _refer_all(
                outline, "formation", path=f"{path}.counter_attack", node=strikers, known=blue
            )
        if red is not None:
            supports = option.child("supported_by")
            _refer_all(outline, "formation", path=f"{path}.supported_by", node=supports, known=red)
        for thrust_name, thrust in members(option.child("thrusts")).items():
            inner = f"{path}.thrusts.{thrust_name}"
            forces, route = thrust.child("forces"), thrust.child("route")
            if red is not None:
                _refer_all(outline, "formation", path=f"{inner}.forces", node=forces, known=red)
            if places is not None:
                _refer_all(outline, "place", path=f"{inner}.route", node=route, known=places)


def _empty(outline: Outline, path: str, what: str, repair: str) -> None:
    outline.add("empty-section", (path, outline.tree.nearest(path.split(".")).mark), what, repair)


def _objectives(outline: Outline) -> None:
    places = _known(outline, "theatre.places")
    named = outline.tree.get("objectives.places")
    if named is not None and named.content in ([], ""):
        _empty(outline, "objectives.places", "names no place", "name the places to report on")
    if places is not None:
        _refer_all(outline, "place", path="objectives.places", node=named, known=places)
    for group, listed in outline.members("objectives.groups").items():
        path = f"objectives.groups.{group}"
        if listed.content in ([], ""):
            _empty(outline, path, "names no place", "name its places, or remove the group")
        if places is not None:
            _refer_all(outline, "place", path=path, node=listed, known=places)
        if group in (places or {}):
            outline.add(
                "duplicate-id",
                (path, listed.mark),
                "a place has the same id, and results name both",
                "rename the group",
            )


def _measures(outline: Outline) -> None:
    for name, measure in outline.members("measures").items():
        for path, effect in items(measure.child("effects"), f"measures.{name}.effects"):
            added = effect.child("add")
            if added is not None:
                _refer_fields(outline, f"{path}.add", added, (_NATION, _TYPE, _START))


def _postures(outline: Outline) -> None:
    measures = outline.members("measures")
    for name, posture in outline.members("postures").items():
        for path, line in items(posture.child("measures"), f"postures.{name}.measures"):
            outline.refer("measure", f"{path}.measure", line.child("measure"), measures)
    postures = _known(outline, "postures")
    if postures is not None:
        default = outline.tree.child("default_posture")
        outline.refer("posture", "default_posture", default, postures)


def _targets(outline: Outline) -> None:
    groups = outline.members("objectives.groups")
    places = groups | outline.members("theatre.places")
    has_places = outline.is_there("theatre.places")
    for path, target in items(outline.tree.child("targets"), "targets"):
        for name, kind in (("posture", "posture"), ("option", "option")):
            known = _known(outline, f"{kind}s")
            if known is not None:
                outline.refer(kind, f"{path}.{name}", target.child(name), known)
        if has_places:
            outline.refer("place", f"{path}.place", target.child("place"), places)
        _refer_all(
            outline,
            "variant",
            path=f"{path}.variants",
            node=target.child("variants"),
            known=outline.members("variants"),
        )


#: Every check of references, the paths that it looks at, and collections that it finds names in.
REFERENCES = (
    (_empty_sections, ("nations", "theatre", "types", "forces", "options", "postures"), ()),
    (_nations_sides, ("nations", "forces"), ()),
    (_formations, ("forces", "nations", "types", "systems", "theatre.places"), ()),
    (_options, ("options", "theatre.places"), ("forces.red", "forces.blue")),
    (_objectives, ("objectives", "theatre.places"), ()),
    (_measures, ("measures", "nations", "types", "systems", "theatre.places"), ()),
    (_postures, ("postures", "measures", "default_posture"), ()),
    (
        _targets,
        ("targets", "objectives", "theatre.places", "options", "variants"),
        ("postures",),
    ),
)
