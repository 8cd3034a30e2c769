"""What the engine works on: tables of formations, places and roads, and the words for them.

Each table is one structured array, so that a rule reads like what it says
(``force.strength``, ``place.odds``) and compiles to plain memory access. Its fields come in
three parts: what is fixed for a scenario and option, what is drawn for each world, and the
state that the steps change. A road is one direction of a leg: leg ``g`` gives roads ``2 g``
(from its start to its end) and ``2 g + 1`` (back), so ``road ^ 1`` is the way back.
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from glacis.kernels import Floats, Ints, rule
from glacis.scenario.arms import Air, ArmName, Counter, Escalation, Fires, Lift, Sea, Supply
from glacis.scenario.engine import Combat, Losses, Movement, Obstacles, WarningTime
from glacis.scenario.fields import Record as Section
from glacis.scenario.quantity import PROVENANCE_KEYS

Table = Any
"""A structured array (`numpy.recarray`); numba and attribute access leave no better type."""

BLUE, RED = 0, 1

# How a formation comes to its start.
BY_ROAD, BY_AIR, BY_SEA = 0, 1, 2

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
    "air": Air,
    "fires": Fires,
    "sea": Sea,
    "lift": Lift,
    "supply": Supply,
    "counter": Counter,
    "escalation": Escalation,
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

#: What is drawn for a kind of battalion.
TYPE_DRAW = np.dtype([("power", "f8"), ("close_terrain", "f8"), ("mobility_kmh", "f8")], align=True)
#: What is drawn for a formation.
FORCE_DRAW = np.dtype(
    [
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
        ("can", TYPE_DRAW),
        ("draw", FORCE_DRAW),
        ("formed", "f8"),  # strength when it last formed up: breakpoints count from here
        ("ready", "f8"),  # hour
        ("fresh", "f8"),  # hours of march pace left
        ("stage", "i8"),  # position in its route
        ("goal", "i8"),  # place that the counter-offensive sends it to, -1 if none
        ("set_out", "i8"),  # it became ready and left, or stood to
        ("arrived", "f8"),  # hour at which a reinforcement came to its post
        ("reinforces", "i8"),  # comes only when the council answers in full
        ("withdrew", "i8"),
        ("fed", "f8"),  # share of its need that reached it last
        ("awaits", "i8"),  # it is still to be flown in or shipped
        ("stuck", "i8"),  # why it waits
        ("kept_days", "f8"),  # for how long, ready to come
        ("passed", "i8"),  # it came through the corridor
        ("sent", "f8"),  # strength with which the counter-offensive sent it, 0 if it did not
        ("spent_at", "f8"),  # hour at which it was spent
        # Fixed for the scenario and option.
        ("entity", "i8"),  # name for luck
        ("start", "i8"),
        ("stages", "i8"),  # places on its route
        ("delays", "i8"),  # ordered to trade ground for time
        ("assembled", "i8"),  # stands at the border at H-hour
        ("forward", "i8"),  # of the guarantors' force on a protégé's ground
        ("group", "i8"),  # nation-and-type group of its losses
        ("type", "i8"),
        ("mode", "i8"),  # how it comes to its start
        ("overland", "i8"),  # place from which it goes by road if kept too long, -1 if none
        ("guarantor", "i8"),  # of a nation that promised help
        ("strikes", "i8"),  # ordered to strike back at once
        ("arrival", "i8"),  # its column in the record of arrivals, -1 if it has none
    ],
    align=True,
)

PLACE_DRAW = np.dtype(
    [
        ("population", "f8"),
        ("fortification", "f8"),
        ("ground", "f8"),  # terrain's factor on the defender's power
        ("airfield", "f8"),  # squadrons that it serves
        ("port", "f8"),  # battalions a day that it lands
        ("channel_nm", "f8"),
    ],
    align=True,
)
PLACE = np.dtype(
    [
        # What every step sums anew comes first, so that it shares cache lines.
        ("holder", "i8"),
        ("garrison", "i8"),  # formations of its holder in it, kept current
        ("threatened", "i8"),  # attackers are in contact with it
        ("contact", "i8"),
        ("depth", "f8"),  # km of its approaches that its garrison covers
        ("closest", "f8"),  # km to the nearest attacker in contact, NEVER without one
        ("attack", "f8"),  # attackers' power with room to fight
        ("defence", "f8"),  # defenders' power with room to fight, their preparation counted
        ("mass", "f8"),  # all the defenders' power, without it
        ("pace", "f8"),  # fastest attacker's mobility, km/h
        ("carried", "i8"),  # attackers have got through to it
        ("odds", "f8"),  # effective, attacker over defender
        ("push", "f8"),  # the same for the rate of advance, with less dispersion
        ("room", "f8"),  # share of the defenders that has room to fight
        # Fixed, and drawn.
        ("entity", "i8"),
        ("owner", "i8"),  # side that holds it before the war
        ("close", "i8"),  # close terrain
        ("defended", "i8"),  # on Blue's ground
        ("source", "i8", (2,)),  # whether each side is supplied from there while it holds it
        ("rail_km", "f8"),  # from Red's nearest railhead
        ("source_km", "f8"),  # from Blue's nearest source of supply
        ("railhead", "i8"),
        ("protege", "i8"),  # on a defended state's ground
        ("depth_km", "f8", (2,)),  # by road from the enemy's ground, for each side
        ("draw", PLACE_DRAW),
        ("held_since", "f8"),
        ("reached", "f8"),  # hour at which Red first came within 10 km
        ("falls", "f8"),
        ("supplied", "i8", (2,)),
        ("luck", "f8"),  # of the engagement: factor in the attacker's favour
        ("engagements", "i8"),
        ("contact_hours", "f8"),
        ("attacker_rate", "f8"),  # share of strength lost in this step, with room to fight
        ("defender_keeps", "f8"),  # share of strength kept in this step
        # State of the arms.
        ("dug", "f8"),  # level of fortification that Red has dug where it holds Blue's ground
        ("fed", "f8", (2,)),  # share of a force's need that reaches it there, for each side
        ("damage", "f8"),  # share of its facilities out of use
        ("cover", "f8", (2,)),  # missiles that each side's air defence engages there in a day
        ("incoming", "f8"),  # missiles of this day
        ("squadrons", "f8"),  # based there
        ("threat", "f8"),  # of coastal missiles to its approach, 0 to 1
        ("mines", "f8"),  # left in its approach
        ("laid", "f8"),  # in all
        ("share", "f8"),  # of all mines that are laid there
        ("unsearched", "f8"),  # square miles of its channel
        ("swept", "f8"),  # hour at which its channel was clear, NEVER if it is not
        ("berths", "f8"),  # battalions that it could land now
        ("landings", "f8"),  # battalions that its airfield could take now
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
        ("trains", "f8"),
        ("exposed", "f8"),
    ],
    align=True,
)
ROAD = np.dtype(
    [
        ("toward", "i8"),
        ("on", "i8", (2,)),  # formations on it, by side
        ("attack", "f8"),  # power of the attackers in contact along it
        ("room", "f8"),  # share of them that has room to fight
        ("keeps", "f8"),  # share of strength they keep in this step
        ("opposed", "f8"),  # km a day against the defence of its end, before modifiers
        ("entity", "i8"),
        ("origin", "i8"),
        ("passable", "i8", (2,)),
        ("gauge_fits", "i8"),  # its railway has the gauge of Blue's trains
        ("corridor", "i8"),  # its flow is reported
        ("draw", ROAD_DRAW),
        ("flow", "f8"),  # battalions it passes in an hour beyond the first brigade
        ("own_flow", "f8"),  # the same for Blue's reinforcements, by road and rail
        ("flow_day", "i8"),  # day for which that was worked out
        ("rail_share", "f8"),  # share of it that Red has so far from a railhead
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

#: The arms that a scenario may have, in the order of a day.
ARMS = get_args(ArmName)

# Stages of the counter-offensive.
NOT_ORDERED, ORDERED, LAUNCHED, HALTED, CALLED_OFF = 0, 1, 2, 3, 4

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
        ("seized", "i8"),  # and the arms have not taken note of it yet
        ("next_there", "f8"),  # hour at which the next of the arms is ready
        ("prepared", "f8"),  # share of demolitions ready, as last handed to the roads
        ("used", "i8"),  # how many roads stand on the list of those driven on
        ("afield", "i8"),  # how many formations stand on the roll of those afield
        ("stirs", "i8"),  # something moves or fights
        ("carried", "i8"),  # a place is being taken in this step
        ("next_ready", "f8"),  # hour at which the next formation that waits is ready
        ("reinforced", "i8"),  # the council's answer calls the reinforcements
        ("decided", "i8"),  # it has been given
        ("answered", "i8"),  # and in full
        # Which arms there are.
        *((name, "i8") for name in ARMS),
        # What the arms have made of the day, by side.
        ("day", "i8"),  # the next to be played
        ("crews", "f8", (2,)),  # quality of the air forces, this world
        ("control", "f8", (2,)),  # share of a side's sorties that get through
        ("sam", "f8", (2,)),  # share of its air defence that is not suppressed
        ("aircraft", "f8", (2,)),  # of those that are there
        ("sorties", "f8", (2,)),  # worth of its sorties in the air
        ("strikes", "f8", (2,)),  # and against the ground
        ("hunters", "f8", (2,)),  # and against air defence
        ("defended", "f8", (2,)),  # worth of its air defence in the air
        ("batteries", "f8", (2,)),
        ("pressed", "f8", (2,)),  # share of its sorties that it flies
        ("downed", "f8", (2,)),  # share of its aircraft lost that day
        ("exposed", "f8", (2,)),  # battalions that aircraft find
        ("kills", "f8", (2,)),  # battalion-equivalents that its aircraft can destroy that day
        ("destroyed", "f8", (2,)),  # and do
        ("drag", "f8", (2,)),  # factor on its time on the march
        ("close", "f8", (2,)),  # factor on its odds from close support
        ("support", "f8", (2,)),  # factor on its odds from fires and close support
        ("hindrance", "f8", (2,)),  # share of full interdiction that it suffers
        ("stocked", "f8", (2, 5)),  # effect left, by what the arsenals feed
        ("strength", "f8", (2,)),  # and what is left of them
        ("engaged", "f8", (2,)),  # share of that in contact
        ("engaged_missiles", "f8", (2,)),  # that its air defence shot at, last day
        ("safe", "f8"),  # share of transports that fly
        ("fleet", "f8", (2,)),  # worth against the ground of all its aircraft's sorties
        ("capacity", "f8", (2,)),  # targets a day that its air defence could engage
        ("targets", "f8", (2,)),  # share of a full effort for which it has something to hit
        # The census of the day.
        ("sent", "f8", (2,)),  # battalions that went to war
        ("left", "f8", (2,)),  # and what is left of them, spent ones too
        ("gathered", "f8"),  # power of the reinforcements afield
        ("opposing", "f8"),  # and of Red's battalions on Blue's ground
        ("coming", "i8"),  # reinforcements that will still come
        ("to_supply", "f8"),  # battalions supplied through the corridor
        ("corridors", "i8"),  # roads that it has
        ("dual", "f8"),  # brigades of dual-capable launchers left
        # The counter-offensive.
        ("offensive", "i8"),
        ("ordered_at", "f8"),  # hour at which it was ordered
        ("launched_loss", "f8"),  # people lost before it
        ("ratio", "f8"),  # power gathered over Red's before it
        # Escalation.
        ("threshold", "f8"),  # exposure at which this world's luck runs out
    ],
    align=True,
)


class Ways(NamedTuple):
    """The network's tables that no world changes."""

    clock: Floats  # edges of the steps, hours after H-hour
    hop: Ints  # (2, V, V) road for a side from a place towards another, -1 if none
    route: Ints  # (F, stages) places to go to in turn, -1 padded
    out: Ints  # (V, most) roads out of a place, -1 padded


class Reach(NamedTuple):
    """What the arms need of the map that no world changes.

    Apart from `Ways`, because handing on a tuple costs by the number of its arrays.
    """

    apart: Floats  # (V, V) km between places as missiles fly
    blue_km: Floats  # (V, V) by Blue's roads
    arms: Ints  # (kinds + 1,) where each kind of system begins among the assets
    ports: Ints  # places with a port of Blue's, the largest first
    lanes: Ints  # (F, most) port where each lane that a formation may take ends, -1 padded
    crossing: Floats  # (F, most) nautical miles of that lane, in km


class Rolls(NamedTuple):
    """Indices of formations, so that a step passes over no others; made anew where they change."""

    afield: Ints  # who was ready at the last call, `scene.afield` of them
    engaged: Ints  # who fights in this step
    found: Ints  # whom aircraft can find this day
    used: Ints  # roads with formations on them, `scene.used` of them
    reached: Ints  # places that supply has reached, and from which it is not yet traced on


class Stage(NamedTuple):
    """All that changes in a war: what a kernel works on, one world after the other.

    The fixed fields of its tables are filled in; their state is reset for every world.
    """

    forces: Table
    places: Table
    roads: Table
    arms: Table
    """Squadrons, batteries and ship groups."""
    stocks: Table
    scene: Table
    """One row: the seed's words, which arms there are, whether the answer calls reinforcements."""
    rolls: Rolls


class Draws(NamedTuple):
    """The Quantities in a chunk of worlds, one row a world."""

    worlds: Table  # (W,) WORLD
    forces: Table  # (W, F) FORCE_DRAW
    places: Table  # (W, V) PLACE_DRAW
    roads: Table  # (W, 2 G) ROAD_DRAW
    types: Table  # (W, T) TYPE_DRAW
    assets: Table  # (W, A) ASSET_DRAW
    systems: Table  # (W, S) SYSTEM_DRAW
    stocks: Table  # (W, K) STOCK_DRAW


def table(shape: int | tuple[int, ...], dtype: np.dtype[np.void]) -> Table:
    """An empty table of `dtype`."""
    return np.zeros(shape, dtype=dtype).view(np.recarray)


def plain(filled: Table) -> NDArray[np.void]:
    """The same table, whose fields are found sooner than those of a record array."""
    return np.asarray(filled)


@rule
def is_afield(force: Table) -> bool:
    """Whether a formation moves and fights: ready, whole enough, not spent."""
    return force.status in (MOVING, IN_PLACE)


@rule
def note_arrival(force: Table, goal: int, hour: float) -> None:
    """Keep the hour at which a reinforcement came to its post."""
    if force.reinforces and force.arrived == NEVER and force.node == goal and not force.withdrew:
        force.arrived = hour


@rule
def turn_back(force: Table, road: Table) -> None:
    """Let a formation on a road go back to where it came from."""
    force.left = road.draw.km - force.left
    force.road ^= 1
    force.node = road.toward


@rule
def copy_stage(source: Stage, target: Stage) -> None:
    """Make a stage the same as another of its scenario and option."""
    for f in range(len(source.forces)):
        target.forces[f] = source.forces[f]
    for v in range(len(source.places)):
        target.places[v] = source.places[v]
    for r in range(len(source.roads)):
        target.roads[r] = source.roads[r]
    for a in range(len(source.arms)):
        target.arms[a] = source.arms[a]
    for k in range(len(source.stocks)):
        target.stocks[k] = source.stocks[k]
    target.scene[0] = source.scene[0]
    for k in range(source.scene[0].afield):
        target.rolls.afield[k] = source.rolls.afield[k]
    for k in range(source.scene[0].used):
        target.rolls.used[k] = source.rolls.used[k]
