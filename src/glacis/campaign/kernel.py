"""One chunk of worlds through the war on the map, step by step.

The order within a step is the model: arms write their modifiers, the two sides meet and are
weighed, losses are taken, forces break, columns move, places change hands.
"""

from __future__ import annotations

from numba import njit

from glacis.campaign import obstacles
from glacis.campaign.breaking import break_off, rouse
from glacis.campaign.combat import draw_quality, suffer
from glacis.campaign.contact import muster
from glacis.campaign.control import close_books, note_decision, note_falls, trace_supply
from glacis.campaign.movement import move, open_roads
from glacis.campaign.state import (
    DESTROYED,
    MOVING,
    NEVER,
    WAITING,
    Draws,
    Film,
    Floats,
    Record,
    Table,
    Ways,
)
from glacis.campaign.warning import march_before_war, set_ready, sound_alert, wake


@njit(nogil=True, cache=True)
def run_worlds(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    scene: Table,
    draws: Draws,
    record: Record,
    film: Film,
) -> None:
    """Fill `record` with one campaign for each world of the chunk.

    Parameters
    ----------
    forces, places, roads, scene
        Tables whose fixed fields are filled in; their state is reset for every world.
        `scene` holds one row, with the seed's words and whether the council's answer
        calls the reinforcements.
    film
        Filled with every step of the last world, if it has length.
    """
    for w in range(len(draws.worlds)):
        world = draws.worlds[w]
        scene[0].number = world.number
        _deal(w, forces, places, roads, draws)
        _begin(forces, places, roads, ways, world, scene[0])
        _fight(
            forces,
            places,
            roads,
            ways,
            world,
            scene[0],
            record.reached[w],
            record.falls[w],
            record.summary[w],
            film,
        )
        close_books(forces, places, world, record, w)


@njit(nogil=True)
def _deal(w: int, forces: Table, places: Table, roads: Table, draws: Draws) -> None:
    """Hand one world's draws to the tables."""
    for f in range(len(forces)):
        forces[f].draw = draws.forces[w, f]
    for v in range(len(places)):
        places[v].draw = draws.places[w, v]
    for r in range(len(roads)):
        roads[r].draw = draws.roads[w, r]


@njit(nogil=True)
def _begin(
    forces: Table, places: Table, roads: Table, ways: Ways, world: Table, scene: Table
) -> None:
    """Set the stage for one world, up to H-hour."""
    for f in range(len(forces)):
        force = forces[f]
        force.status = WAITING if force.draw.whole > 0.0 else DESTROYED
        force.node = force.start
        force.road = -1
        force.left = 0.0
        force.stage = 0
        force.strength = force.draw.whole
        force.base = force.draw.whole
        force.since = NEVER
        force.fresh = world.movement.fresh_hours
        force.hungry = 0.0
        force.withdrew = 0
    for v in range(len(places)):
        place = places[v]
        place.holder = place.owner
        place.held_since = -NEVER
        place.engagements = 0
        place.contact = 0
        place.contact_hours = 0.0
    for r in range(len(roads)):
        roads[r].token = max(1.0, world.movement.free_column)
        roads[r].open_at = NEVER
    scene.changed = 1
    scene.stirs = 1
    draw_quality(world, scene)
    sound_alert(world, scene)
    set_ready(forces, world, scene)
    obstacles.lay(roads, world, scene)
    wake(forces, places, ways, 0.0)
    march_before_war(forces, roads, ways, world)


@njit(nogil=True)
def _fight(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    world: Table,
    scene: Table,
    reached: Floats,
    falls: Floats,
    summary: Table,
    film: Film,
) -> None:
    """From H-hour to the clock's end."""
    decided = False
    for step in range(len(ways.clock) - 1):
        begin, end = ways.clock[step], ways.clock[step + 1]
        if not decided and begin >= world.decision_hours:
            note_decision(forces, places, world, summary)
            decided = True
        if len(film.hour) == 0 and not _stirs(forces, scene, end):
            continue
        _step(forces, places, roads, ways, world, scene, reached, falls, summary, begin, end)
        if step < len(film.hour):
            _expose(film, step, forces, places, end)
    if not decided:
        note_decision(forces, places, world, summary)


@njit(nogil=True)
def _stirs(forces: Table, scene: Table, end: float) -> bool:
    """Whether anything moves, fights, or becomes ready before `end`; else the step is skipped."""
    if scene.changed or scene.stirs:
        return True
    for f in range(len(forces)):
        status = forces[f].status
        if status == MOVING or (status == WAITING and forces[f].ready < end):
            return True
    return False


@njit(nogil=True)
def _step(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    world: Table,
    scene: Table,
    reached: Floats,
    falls: Floats,
    summary: Table,
    begin: float,
    end: float,
) -> None:
    hours = end - begin
    scene.stirs = 0
    wake(forces, places, ways, end)
    if scene.changed:
        trace_supply(places, roads)
        scene.changed = 0
    obstacles.prepare(roads, world, scene, begin)
    muster(forces, places, roads, ways, world, scene, begin)
    suffer(forces, places, roads, world, hours)
    _count_contact(places, world, summary, hours)
    break_off(forces, places, roads, ways, world)
    open_roads(places, roads, world, hours)
    for f in range(len(forces)):
        if forces[f].status == MOVING:
            start = max(begin, forces[f].ready)  # it may become ready within the step
            move(
                f, forces, places, roads, ways, world, scene, reached, summary, start, end
            )
    rouse(forces, places)
    note_falls(places, falls, scene, end)


@njit(nogil=True)
def _count_contact(places: Table, world: Table, summary: Table, hours: float) -> None:
    """Count hours of fighting, and the civilians it costs in places fought over."""
    for v in range(len(places)):
        place = places[v]
        if place.contact:
            place.contact_hours += hours
            summary.contact_hours += hours
            if place.defended and place.inside > 0:
                rate = world.losses.civilians * hours / 24.0
                summary.civilians += place.draw.population * rate / 1000.0


@njit(nogil=True)
def _expose(film: Film, frame: int, forces: Table, places: Table, hour: float) -> None:
    """Keep this step on film."""
    film.hour[frame] = hour
    for f in range(len(forces)):
        shot = film.forces[frame, f]
        shot.node = forces[f].node
        shot.road = forces[f].road
        shot.left = forces[f].left
        shot.strength = forces[f].strength
        shot.status = forces[f].status
    for v in range(len(places)):
        shot_place = film.places[frame, v]
        shot_place.holder = places[v].holder
        shot_place.contact = places[v].contact
        shot_place.odds = places[v].odds
