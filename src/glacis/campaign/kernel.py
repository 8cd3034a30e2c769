"""One chunk of worlds through the war on the map, step by step.

The order within a step is the model: arms write their modifiers, the two sides meet and are
weighed, losses are taken, forces break, columns move, places change hands.
"""

from __future__ import annotations

from glacis.campaign import day, obstacles
from glacis.campaign.arsenals import spent_share
from glacis.campaign.assets import count_fleet, deal
from glacis.campaign.breaking import break_off, carry
from glacis.campaign.combat import draw_quality, suffer
from glacis.campaign.contact import covered_depth, muster
from glacis.campaign.control import (
    close_books,
    is_ground_lost,
    note_decision,
    note_falls,
    trace_supply,
)
from glacis.campaign.escalation import exposure
from glacis.campaign.lift import what_keeps
from glacis.campaign.movement import advance, rate_approaches, rate_roads
from glacis.campaign.results import Film, Record
from glacis.campaign.state import (
    BLUE,
    BY_ROAD,
    DESTROYED,
    MOVING,
    NEVER,
    REACHED_KM,
    RED,
    WAITING,
    Draws,
    Reach,
    Rolls,
    Stage,
    Table,
    Ways,
    copy_stage,
)
from glacis.campaign.warning import call_roll, march_before_war, set_ready, sound_alert, wake
from glacis.kernels import Floats, kernel, rule


@kernel
def run_worlds(
    stage: Stage,
    twin: Stage,
    ways: Ways,
    reach: Reach,
    draws: Draws,
    record: Record,
    other: Record,
    other_steps: int,
    film: Film,
) -> None:
    """Fill `record` with one campaign for each world of the chunk.

    Parameters
    ----------
    stage
        What is worked on; its scene says whether the council's answer calls the reinforcements.
    twin, other, other_steps
        If `other` has rows, they are filled with the same war for so many steps if the answer
        calls nobody: until it comes the two are one. `twin` is worked on for it.
    film
        Filled with every step of the last world, if it has length.
    """
    scene, steps = stage.scene[0], len(ways.clock) - 1
    for w in range(len(draws.worlds)):
        world, summary = draws.worlds[w], record.summary[w]
        scene.number = world.number
        _deal(w, stage.forces, stage.places, stage.roads, draws)
        deal(w, stage.arms, draws)
        for k in range(len(stage.stocks)):
            stage.stocks[k].draw = draws.stocks[w, k]
        _begin(stage.forces, stage.places, stage.roads, ways, world, scene)
        day.begin(stage.places, stage.arms, stage.stocks, reach, world, scene)
        _weigh_powers(stage.forces, world, summary)
        # What is left in the end is taken from it.
        summary.aircraft_lost_blue = count_fleet(stage.arms, reach, BLUE, scene.reinforced)
        summary.aircraft_lost_red = count_fleet(stage.arms, reach, RED, scene.reinforced)
        uncalled = count_fleet(stage.arms, reach, BLUE, 0)
        scene.used = 0
        call_roll(stage.forces, stage.rolls, scene)
        decision = _steps_before(world.decision_hours, ways.clock)
        _fight(stage, ways, reach, world, record, w, film, 0, decision)
        note_decision(stage.forces, stage.places, world, summary)
        if len(other.summary) > 0:
            copy_stage(stage, twin)
            _copy_rows(record, other, w)
            other.summary[w].aircraft_lost_blue = uncalled
            _forgo(twin)
            if decision < other_steps:
                twin.scene[0].decided = 1
                _fight(twin, ways, reach, world, other, w, film, decision, other_steps)
            _close(twin, ways, reach, world, other, w)
        if decision < steps:
            scene.decided = 1
            scene.answered = scene.reinforced
            _fight(stage, ways, reach, world, record, w, film, decision, steps)
        _close(stage, ways, reach, world, record, w)


@rule
def _steps_before(hour: float, clock: Floats) -> int:
    """How many steps begin before an hour."""
    for step in range(len(clock) - 1):
        if clock[step] >= hour:
            return step
    return len(clock) - 1


@rule
def _copy_rows(record: Record, other: Record, w: int) -> None:
    """Copy what a world's campaign has filled in so far."""
    other.summary[w] = record.summary[w]
    for k in range(record.mined_days.shape[1]):
        other.mined_days[w, k] = record.mined_days[w, k]
    for k in range(record.run_out.shape[1]):
        other.run_out[w, k] = record.run_out[w, k]


@rule
def _forgo(stage: Stage) -> None:
    """Nobody comes that only the answer calls."""
    scene = stage.scene[0]
    scene.reinforced, scene.next_ready = 0, NEVER
    for f in range(len(stage.forces)):
        force = stage.forces[f]
        if force.reinforces:
            force.ready = NEVER
        elif force.status == WAITING and not force.awaits:
            scene.next_ready = min(scene.next_ready, force.ready)
    for a in range(len(stage.arms)):
        if stage.arms[a].reinforces:
            stage.arms[a].ready = NEVER


@rule
def _close(stage: Stage, ways: Ways, reach: Reach, world: Table, record: Record, w: int) -> None:
    """Sum up one world when its war is over, or the clock has run out."""
    scene, summary = stage.scene[0], record.summary[w]
    day.note(stage.forces, stage.places, stage.stocks, world, scene, record, w)
    day.stay(scene, record, w)
    summary.aircraft_lost_blue -= count_fleet(stage.arms, reach, BLUE, scene.reinforced)
    summary.aircraft_lost_red -= count_fleet(stage.arms, reach, RED, scene.reinforced)
    summary.munitions_spent = spent_share(stage.stocks)
    close_books(stage.forces, stage.places, stage.roads, ways, world, scene, record, w)


@rule
def _deal(w: int, forces: Table, places: Table, roads: Table, draws: Draws) -> None:
    """Hand one world's draws to the tables."""
    for f in range(len(forces)):
        forces[f].draw = draws.forces[w, f]
        forces[f].can = draws.types[w, forces[f].type]
    for v in range(len(places)):
        places[v].draw = draws.places[w, v]
    for r in range(len(roads)):
        roads[r].draw = draws.roads[w, r]


@rule
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
        force.formed = force.draw.whole
        force.since = NEVER
        force.fresh = world.movement.fresh_hours
        force.hungry = 0.0
        force.withdrew = 0
        force.set_out = 0
        force.fed = 1.0
        force.stuck = 0
        force.kept_days = 0.0
        force.goal = -1
        force.passed = 0
        force.sent = 0.0
        force.front = -1
        force.arrived = NEVER
        force.awaits = 1 if force.mode != BY_ROAD and scene.lift else 0
    for v in range(len(places)):
        place = places[v]
        place.holder = place.owner
        place.held_since = -NEVER
        place.reached = NEVER
        place.falls = NEVER
        place.engagements = 0
        place.contact = 0
        place.contact_hours = 0.0
        place.depth = covered_depth(1, world.movement.contact_depth)
    rate_roads(places, roads, world)
    scene.changed = 1
    scene.stirs = 1
    scene.carried = 0
    draw_quality(world, scene)
    sound_alert(world, scene)
    set_ready(forces, world, scene)
    obstacles.lay(roads, world, scene)
    wake(forces, places, ways, scene, 0.0)
    march_before_war(forces, roads, ways, world)


@rule
def _weigh_powers(forces: Table, world: Table, summary: Table) -> None:
    """Keep what either side brings before the council answers: power by type and strength."""
    for f in range(len(forces)):
        force = forces[f]
        power = force.can.power * force.draw.whole
        if force.side == RED:
            if force.ready <= world.decision_hours:
                summary.red_power += power
        elif not force.reinforces:
            summary.blue_power += power
            if force.forward:
                summary.forward_power += power


@rule
def _fight(
    stage: Stage,
    ways: Ways,
    reach: Reach,
    world: Table,
    record: Record,
    w: int,
    film: Film,
    first: int,
    stop: int,
) -> None:
    """So many steps of a war, from one on, or until it is over."""
    forces, places, roads, rolls = stage.forces, stage.places, stage.roads, stage.rolls
    arms, stocks, scene, summary = stage.arms, stage.stocks, stage.scene[0], record.summary[w]
    for step in range(first, stop):
        begin, end = ways.clock[step], ways.clock[step + 1]
        if begin >= 24.0 * scene.day:
            if scene.decided and _is_over(forces, places, world, scene, summary, begin):
                stop = step
                break
            day.play(forces, places, roads, arms, stocks, reach, rolls, world, scene, record, w)
        if len(film.hour) == 0 and not _stirs(forces, scene, end):
            continue
        _step(forces, places, roads, ways, rolls, world, scene, summary, begin, end)
        _expose(film, step, forces, places, roads, ways, stocks, scene, summary)
    if scene.decided:
        for step in range(stop, len(film.hour)):
            _expose(film, step, forces, places, roads, ways, stocks, scene, summary)


@rule
def _is_over(
    forces: Table, places: Table, world: Table, scene: Table, summary: Table, hour: float
) -> bool:
    """Whether nothing has been fought over for so long that nothing will be.

    Not while an answered war has ground to win back, nor while Red is on the move or yet to come.
    """
    if hour < max(summary.last_contact, world.decision_hours) + 24.0 * world.combat.lull_days:
        return False
    for f in range(len(forces)):
        if forces[f].side == RED and forces[f].status in (WAITING, MOVING):
            return False
    return not (scene.answered and is_ground_lost(places))


@rule
def _stirs(forces: Table, scene: Table, end: float) -> bool:
    """Whether anything moves, fights, or becomes ready before `end`; else the step is skipped."""
    if scene.changed or scene.stirs or scene.next_ready < end:
        return True
    for f in range(len(forces)):  # noqa: SIM110 - numba compiles no generator here
        if forces[f].status == MOVING:
            return True
    return False


@rule
def _step(
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    rolls: Rolls,
    world: Table,
    scene: Table,
    summary: Table,
    begin: float,
    end: float,
) -> None:
    hours = end - begin
    scene.stirs = 0
    if scene.changed or scene.next_ready < end:
        wake(forces, places, ways, scene, end)
        call_roll(forces, rolls, scene)
    if scene.changed:
        trace_supply(places, roads, ways, rolls.reached)
        scene.changed = 0
    obstacles.prepare(roads, world, scene, begin)
    count = muster(forces, places, roads, ways, rolls, world, scene, begin)
    if count > 0:
        rate_approaches(places, roads, rolls, world, scene)
        suffer(forces, places, roads, rolls, count, world, scene, hours)
        _count_contact(places, world, summary, hours)
        summary.last_contact = end
        break_off(forces, places, roads, ways, rolls.engaged, count, world, end)
    advance(forces, places, roads, ways, rolls, world, scene, summary, begin, end)
    if scene.carried:
        carry(forces, places, roads, ways, world, scene, end)
        scene.carried = 0
    note_falls(places, scene, end)


@rule
def _count_contact(places: Table, world: Table, summary: Table, hours: float) -> None:
    """Count hours of fighting, and the civilians it costs in places fought over."""
    for v in range(len(places)):
        place = places[v]
        if place.contact:
            place.contact_hours += hours
            summary.contact_hours += hours
            if place.defended and place.closest <= REACHED_KM:
                rate = world.losses.civilians * hours / 24.0
                summary.civilians += place.draw.population * rate / 1000.0


@rule
def _expose(
    film: Film,
    frame: int,
    forces: Table,
    places: Table,
    roads: Table,
    ways: Ways,
    stocks: Table,
    scene: Table,
    summary: Table,
) -> None:
    """Keep this step on film, if there is one."""
    if frame >= len(film.hour):
        return
    film.hour[frame] = ways.clock[frame + 1]
    for f in range(len(forces)):
        shot = film.forces[frame, f]
        shot.node = forces[f].node
        shot.road = forces[f].road
        shot.left = forces[f].left
        shot.strength = forces[f].strength
        shot.status = forces[f].status
        shot.stuck = 0
        if forces[f].reinforces:
            shot.stuck = what_keeps(forces[f], roads, places, ways, f)
    for v in range(len(places)):
        shot_place = film.places[frame, v]
        shot_place.holder = places[v].holder
        shot_place.contact = places[v].contact
        shot_place.odds = places[v].odds
        shot_place.damage = places[v].damage
        shot_place.mines = places[v].mines
        shot_place.swept = places[v].swept < NEVER
    _expose_arms(film.scene[frame], scene, summary)
    for k in range(len(stocks)):
        film.stocks[frame, k] = stocks[k].left


@rule
def _expose_arms(shot: Table, scene: Table, summary: Table) -> None:
    """Keep the state of the arms."""
    for side in (BLUE, RED):
        shot.control[side] = scene.control[side]
        shot.sam[side] = scene.sam[side]
        shot.aircraft[side] = scene.aircraft[side]
        shot.kills[side] = scene.destroyed[side]
        shot.support[side] = scene.support[side]
    shot.corridor_passed = summary.corridor_passed
    shot.offensive = scene.offensive
    shot.exposure = exposure(summary)
