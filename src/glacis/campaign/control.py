"""Who holds what: falls, supply lines, and the state that the council sees."""

from __future__ import annotations

from glacis.campaign.lift import what_keeps
from glacis.campaign.results import Record
from glacis.campaign.state import (
    BLUE,
    DESTROYED,
    FALLS_AFTER_HOURS,
    IN_PLACE,
    MOVING,
    NEVER,
    RED,
    Table,
    Ways,
)
from glacis.kernels import Ints, rule


@rule
def seize(place: Table, scene: Table, side: int, hour: float) -> None:
    """Give a place to `side` at `hour`."""
    place.holder = side
    place.held_since = hour
    place.contact = 0
    scene.changed = 1
    scene.seized = 1
    if side == RED and place.defended:
        place.reached = min(place.reached, hour)


@rule
def trace_supply(places: Table, roads: Table, ways: Ways, waiting: Ints) -> None:
    """Find the places each side can supply: joined to a source through places it holds."""
    for side in range(2):
        count = 0
        for v in range(len(places)):
            place = places[v]
            place.supplied[side] = 0
            if place.holder == side and place.source[side]:
                place.supplied[side] = 1
                waiting[count] = v
                count += 1
        while count > 0:
            count -= 1
            v = waiting[count]
            for slot in range(ways.out.shape[1]):
                if ways.out[v, slot] < 0:
                    break
                u = roads[ways.out[v, slot]].toward
                if places[u].holder == side and not places[u].supplied[side]:
                    places[u].supplied[side] = 1
                    waiting[count] = u
                    count += 1


@rule
def note_falls(places: Table, scene: Table, hour: float) -> None:
    """Note the places Red has held for twelve hours: its enemy has no organised force there."""
    for v in range(len(places)):
        place = places[v]
        if place.holder != RED or not place.defended or place.falls != NEVER:
            continue
        scene.stirs = 1  # the clock must run on until it has fallen
        if hour - place.held_since >= FALLS_AFTER_HOURS:
            place.falls = place.held_since + FALLS_AFTER_HOURS


@rule
def is_ground_lost(places: Table) -> bool:
    """Whether Red holds a place of Blue's."""
    for v in range(len(places)):  # noqa: SIM110 - numba compiles no generator here
        if places[v].defended and places[v].holder == RED:
            return True
    return False


@rule
def people_lost(places: Table) -> float:
    """Share of Blue's people who live in places that Red holds."""
    lost, total = 0.0, 0.0
    for v in range(len(places)):
        if places[v].defended:
            total += places[v].draw.population
            if places[v].holder == RED:
                lost += places[v].draw.population
    return lost / total if total > 0.0 else 0.0


@rule
def killed_and_wounded(force: Table, world: Table) -> float:
    """People of a formation killed or wounded so far."""
    lost = force.draw.people * (force.draw.whole - force.strength)
    if force.status == DESTROYED:
        lost += force.draw.people * force.strength * (1.0 - world.losses.captured)
    return lost


@rule
def all_casualties(forces: Table, world: Table, side: int) -> float:
    """People of a side killed or wounded so far."""
    lost = 0.0
    for f in range(len(forces)):
        if forces[f].side == side:
            lost += killed_and_wounded(forces[f], world)
    return lost


@rule
def note_decision(forces: Table, places: Table, world: Table, summary: Table) -> None:
    """Keep what is seen when the council decides: losses of all, ground and places lost."""
    for f in range(len(forces)):
        force = forces[f]
        lost = killed_and_wounded(force, world)
        if force.side == BLUE:
            summary.seen_blue_casualties += lost
            if force.forward:
                summary.seen_forward_casualties += lost
        else:
            summary.seen_red_casualties += lost
    for v in range(len(places)):
        if places[v].defended and places[v].holder == RED:
            summary.seen_places_lost += 1.0
    summary.seen_people_lost = people_lost(places)
    summary.seen_civilians = summary.civilians


@rule
def close_books(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    world: Table,
    scene: Table,
    record: Record,
    w: int,
) -> None:
    """Sum up one world: who holds what, who was lost, who came, what became of whom."""
    summary = record.summary[w]
    for v in range(len(places)):
        record.holder[w, v] = places[v].holder
        record.reached[w, v] = places[v].reached
        record.falls[w, v] = places[v].falls
    summary.people_lost = people_lost(places)
    blue = 0.0
    for f in range(len(forces)):
        force = forces[f]
        lost = killed_and_wounded(force, world)
        if force.side == BLUE:
            blue += lost
        record.casualties[w, force.group] += lost
        if force.status == DESTROYED:
            taken = force.draw.people * force.strength * world.losses.captured
            record.captured[w, force.group] += taken
        if force.forward:
            _note_fate(force, summary, lost)
        if force.arrival >= 0:
            _note_reinforcement(f, force, places, roads, ways, record, w)
    if summary.launched_hour < NEVER:
        summary.offensive_casualties = blue - scene.launched_loss


@rule
def _note_reinforcement(
    f: int, force: Table, places: Table, roads: Table, ways: Ways, record: Record, w: int
) -> None:
    """Keep when a reinforcement came to its post, or what kept it and where."""
    summary = record.summary[w]
    summary.called += force.set_out
    record.arrival[w, force.arrival] = force.arrived
    record.stuck[w, force.arrival] = what_keeps(force, roads, places, ways, f)
    record.stuck_at[w, force.arrival] = force.node
    if force.arrived < NEVER and force.status in (MOVING, IN_PLACE) and not force.withdrew:
        summary.in_place += 1.0


@rule
def _note_fate(force: Table, summary: Table, lost: float) -> None:
    start = force.draw.people * force.draw.whole
    gone = start if force.status == DESTROYED else lost
    summary.forward_destroyed += gone
    if force.withdrew:
        summary.forward_withdrawn += start - gone
    else:
        summary.forward_intact += start - gone
