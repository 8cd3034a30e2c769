"""What the engine works on: tables of formations, places and roads, and the words for them.

Each table is one structured array, so that a rule reads like what it says
(``force.strength``, ``place.odds``) and compiles to plain memory access. Its fields come in
three parts: what is fixed for a scenario and option, what is drawn for each world, and the
state that the steps change. A road is one direction of a leg: leg ``g`` gives roads ``2 g``
(from its start to its end) and ``2 g + 1`` (back), so ``road ^ 1`` is the way back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from glacis.scenario.engine import Combat, Losses, Movement, Obstacles, WarningTime
from glacis.scenario.fields import Record as Section
from glacis.scenario.quantity import PROVENANCE_KEYS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = Any
"""A structured array (`numpy.recarray`); numba and attribute access leave no better type."""

rule = njit(nogil=True, error_model="numpy")
"""Decorator of the engine's rules: small functions that the kernel inlines."""

BLUE, RED = 0, 1

# A formation's status.
WAITING = 0  # not ready: neither moves nor fights
MOVING = 1  # under way to its goal
IN_PLACE = 2  # where it is to be
SPENT = 3  # an attacker that has reached its breakpoint: stays, and attacks no more
DESTROYED = 4  # overrun, or surrendered

NEVER = np.inf
REACHED_KM = 10.0  # "reached": within 10 km (the model's definition)
FALLS_AFTER_HOURS = 12.0  # "falls": held for 12 h without an organised defender


def section_dtype(section: type[Section]) -> np.dtype[np.void]:
    """One float for each Quantity field of a section of the scenario's engine numbers."""
    skipped = {*PROVENANCE_KEYS, "terrain"}
    names = [name for name in section.model_fields if name not in skipped]
    return np.dtype([(name, "f8") for name in names], align=True)


SECTIONS: dict[str, type[Section]] = {
    "movement": Movement,
    "combat": Combat,
    "warning": WarningTime,
    "obstacles": Obstacles,
    "losses": Losses,
}

#: One world's engine numbers, by section, as declared in `glacis.scenario.engine`.
WORLD = np.dtype(
    [
        *((name, section_dtype(section)) for name, section in SECTIONS.items()),
        ("decision_hours", "f8"),  # when the council answers
        ("number", "i8"),  # of the world, for its luck
    ],
    align=True,
)

FORCE_DRAW = np.dtype(
    [
        ("power", "f8"),
        ("close_terrain", "f8"),
        ("mobility_kmh", "f8"),
        ("people", "f8"),
        ("whole", "f8"),  # strength at the start
        ("notice_hours", "f8"),
        ("thrust_delay", "f8"),
    ],
    align=True,
)
FORCE = np.dtype(
    [
        # State that every step reads comes first, so that it shares cache lines.
        ("status", "i8"),
        ("side", "i8"),
        ("road", "i8"),  # -1 when at a place
        ("node", "i8"),  # place where it is, or that it left
        ("front", "i8"),  # place at which it fights or would fight, -1 on the open road
        ("left", "f8"),  # km to the road's end
        ("strength", "f8"),
        ("since", "f8"),  # hour since which it is in place
        ("hungry", "f8"),  # hours fought out of supply
        ("draw", FORCE_DRAW),
        ("formed", "f8"),  # strength when it last formed up: breakpoints count from here
        ("ready", "f8"),  # hour
        ("fresh", "f8"),  # hours of march pace left
        ("stage", "i8"),  # position in its route
        ("withdrew", "i8"),
        ("set_out", "i8"),  # it became ready and left, or stood to
        # Fixed for the scenario and option.
        ("entity", "i8"),  # name for luck
        ("start", "i8"),
        ("stages", "i8"),  # places on its route
        ("delays", "i8"),  # ordered to trade ground for time
        ("reinforces", "i8"),  # comes only when the council answers in full
        ("assembled", "i8"),  # stands at the border at H-hour
        ("forward", "i8"),  # of the guarantors' force on a protégé's ground
        ("group", "i8"),  # nation-and-type group of its losses
    ],
    align=True,
)

PLACE_DRAW = np.dtype(
    [
        ("population", "f8"),
        ("fortification", "f8"),
        ("ground", "f8"),  # terrain's factor on the defender's power
    ],
    align=True,
)
PLACE = np.dtype(
    [
        ("entity", "i8"),
        ("owner", "i8"),  # side that holds it before the war
        ("close", "i8"),  # close terrain
        ("defended", "i8"),  # on Blue's ground
        ("source", "i8", (2,)),  # whether each side is supplied from there while it holds it
        ("rail_km", "f8"),  # from Red's nearest railhead
        ("depth_km", "f8", (2,)),  # by road from the enemy's ground, for each side
        ("draw", PLACE_DRAW),
        ("holder", "i8"),
        ("held_since", "f8"),
        ("reached", "f8"),  # hour at which Red first came within 10 km
        ("falls", "f8"),
        ("supplied", "i8", (2,)),
        ("luck", "f8"),  # of the engagement: factor in the attacker's favour
        ("engagements", "i8"),
        ("contact", "i8"),
        ("contact_hours", "f8"),
        ("garrison", "i8"),  # formations of its holder in it, kept current
        ("threatened", "i8"),  # attackers are in contact with it
        ("attack", "f8"),  # attackers' power with room to fight
        ("defence", "f8"),  # defenders' power with room to fight, their preparation counted
        ("mass", "f8"),  # all the defenders' power, without it
        ("depth", "f8"),  # km of its approaches that its garrison covers
        ("odds", "f8"),  # effective, attacker over defender
        ("pace", "f8"),  # fastest attacker's mobility, km/h
        ("closest", "f8"),  # km to the nearest attacker in contact, NEVER without one
        ("room", "f8"),  # share of the defenders that has room to fight
        ("attacker_rate", "f8"),  # share of strength lost in this step, with room to fight
        ("defender_keeps", "f8"),  # share of strength kept in this step
        ("carried", "i8"),  # attackers have got through to it
    ],
    align=True,
)

ROAD_DRAW = np.dtype(
    [
        ("km", "f8"),
        ("beyond_km", "f8"),  # from the border crossing to the road's end; all if none
        ("lanes", "f8"),
        ("frontage_km", "f8"),
        ("demolition_hours", "f8"),
        ("fortified_km", "f8"),
    ],
    align=True,
)
ROAD = np.dtype(
    [
        ("entity", "i8"),
        ("origin", "i8"),
        ("toward", "i8"),
        ("passable", "i8", (2,)),
        ("draw", ROAD_DRAW),
        ("attack", "f8"),  # power of the attackers in contact along it
        ("keeps", "f8"),  # share of strength they keep in this step
        ("room", "f8"),  # share of them that has room to fight
        ("opposed", "f8"),  # km a day against the defence of its end, before modifiers
        ("flow", "f8"),  # battalions it passes in an hour beyond the first brigade
        ("rail_share", "f8"),  # share of it that Red has so far from a railhead
        ("on", "i8", (2,)),  # formations on it, by side
        ("token", "f8"),  # battalions that might enter at `token_hour`
        ("token_hour", "f8"),
        ("open_at", "f8"),  # hour from which it is open; NEVER until a column met its delay
        # Modifiers: arms write them, movement and combat read them.
        ("delay", "f8"),  # hours the first column loses
        ("full_delay", "f8"),  # hours if everything is prepared
        ("slow", "f8"),  # factor on the time to pass
        ("belt", "f8"),  # level of fortification met along it, 0 to 1
    ],
    align=True,
)

#: What holds for the whole map in one world.
SCENE = np.dtype(
    [
        ("k0", "u8"),  # the seed's words
        ("k1", "u8"),
        ("number", "i8"),  # of the world
        ("alert", "f8"),  # hour of the alert
        ("quality", "f8", (2,)),  # each side's, this world
        ("surprise", "f8"),  # Red's factor from it, this step
        ("changed", "i8"),  # a place changed hands
        ("prepared", "f8"),  # share of demolitions ready, as last handed to the roads
        ("afield", "i8"),  # how many formations stand on the roll of those afield
        ("stirs", "i8"),  # something moves or fights
        ("carried", "i8"),  # a place is being taken in this step
        ("next_ready", "f8"),  # hour at which the next formation that waits is ready
        ("reinforced", "i8"),  # the council's answer calls the reinforcements
    ],
    align=True,
)

#: What is kept of each world; hours are NEVER where a thing did not happen.
SUMMARY = np.dtype(
    [
        ("first_crossing", "f8"),
        ("civilians", "f8"),
        ("forward_destroyed", "f8"),  # people
        ("forward_withdrawn", "f8"),
        ("forward_intact", "f8"),
        ("called", "f8"),  # reinforcing battalions that set out
        ("in_place", "f8"),  # and arrived where they were to be
        ("people_lost", "f8"),  # share of Blue's people on Red-held ground at the end
        ("contact_hours", "f8"),  # place-hours of fighting
        ("seen_forward_casualties", "f8"),  # what the council sees when it decides
        ("seen_blue_casualties", "f8"),
        ("seen_people_lost", "f8"),
        ("seen_places_lost", "f8"),
    ],
    align=True,
)

FRAME_FORCE = np.dtype(
    [
        ("node", "i2"),
        ("road", "i2"),
        ("left", "f4"),
        ("strength", "f4"),
        ("status", "i1"),
    ]
)
FRAME_PLACE = np.dtype([("holder", "i1"), ("contact", "i1"), ("odds", "f4")])


class Ways(NamedTuple):
    """The network's tables that no world changes."""

    clock: Floats  # edges of the steps, hours after H-hour
    hop: Ints  # (2, V, V) road for a side from a place towards another, -1 if none
    route: Ints  # (F, stages) places to go to in turn, -1 padded
    out: Ints  # (V, most) roads out of a place, -1 padded


class Rolls(NamedTuple):
    """Indices of formations, so that a step passes over no others; made anew where they change."""

    afield: Ints  # who was ready at the last call, `scene.afield` of them
    engaged: Ints  # who fights in this step


class Draws(NamedTuple):
    """The Quantities in a chunk of worlds, one row a world."""

    worlds: Table  # (W,) WORLD
    forces: Table  # (W, F) FORCE_DRAW
    places: Table  # (W, V) PLACE_DRAW
    roads: Table  # (W, 2 G) ROAD_DRAW


class Record(NamedTuple):
    """What campaigns give, one row a world. A chunk writes its rows of a whole study's arrays."""

    summary: Table  # (W,) SUMMARY
    reached: Floats  # (W, V) hours after H-hour
    falls: Floats  # (W, V)
    holder: NDArray[np.int8]  # (W, V) at the end
    casualties: Floats  # (W, groups) people killed and wounded
    captured: Floats  # (W, groups)

    def rows(self, start: int, stop: int) -> Record:
        """Views of the rows of some worlds."""
        return Record._make(array[start:stop] for array in self)


class Film(NamedTuple):
    """Every formation and place after every step; of no length when nothing is filmed."""

    hour: Floats  # (frames,)
    forces: Table  # (frames, F) FRAME_FORCE
    places: Table  # (frames, V) FRAME_PLACE


def table(shape: int | tuple[int, ...], dtype: np.dtype[np.void]) -> Table:
    """An empty table of `dtype`."""
    return np.zeros(shape, dtype=dtype).view(np.recarray)


def new_record(worlds: int, places: int, groups: int) -> Record:
    """Empty results."""
    record = Record(
        summary=table(worlds, SUMMARY),
        reached=np.full((worlds, places), NEVER),
        falls=np.full((worlds, places), NEVER),
        holder=np.zeros((worlds, places), dtype=np.int8),
        casualties=np.zeros((worlds, groups)),
        captured=np.zeros((worlds, groups)),
    )
    record.summary["first_crossing"] = NEVER
    return record


def new_film(frames: int, forces: int, places: int) -> Film:
    """An empty film; of 0 frames, nothing is filmed."""
    return Film(
        hour=np.zeros(frames),
        forces=table((frames, forces), FRAME_FORCE),
        places=table((frames, places), FRAME_PLACE),
    )


@rule
def is_afield(force: Table) -> bool:
    """Whether a formation moves and fights: ready, whole enough, not spent."""
    return force.status in (MOVING, IN_PLACE)
