"""The order of a day: what the arms do between one day's steps and the next's."""

from __future__ import annotations

from glacis.campaign import (
    air,
    arsenals,
    assets,
    census,
    counter,
    escalation,
    fires,
    lift,
    sea,
    supply,
)
from glacis.campaign.assets import ANTI_TANK
from glacis.campaign.breaking import dig_in, recover
from glacis.campaign.control import killed_and_wounded, people_lost
from glacis.campaign.results import Record
from glacis.campaign.state import BLUE, NOT_ORDERED, RED, Reach, Rolls, Table
from glacis.kernels import rule


@rule
def begin(
    places: Table,
    arms: Table,
    stocks: Table,
    reach: Reach,
    world: Table,
    scene: Table,
) -> None:
    """Before H-hour: the state of every arm in this world, as harmless as if it were not there."""
    scene.day = 0
    scene.decided = 0
    scene.answered = 0
    scene.offensive = NOT_ORDERED
    scene.launched_loss = 0.0
    scene.dual = 0.0
    for side in (BLUE, RED):
        scene.control[side] = 0.0
        scene.sam[side] = 1.0
        scene.kills[side] = 0.0
        scene.destroyed[side] = 0.0
        scene.drag[side] = 1.0
        scene.close[side] = 1.0
        scene.support[side] = 1.0
        scene.hindrance[side] = 0.0
        scene.engaged[side] = 0.0
        scene.engaged_missiles[side] = 0.0
        scene.strikes[side] = 0.0
        scene.capacity[side] = 0.0
        scene.targets[side] = 0.0
    for v in range(len(places)):
        place = places[v]
        place.dug = 0.0
        place.damage = 0.0
        place.threat = 0.0
        place.berths = 0.0
        place.landings = 0.0
        place.mines = 0.0
        place.laid = 0.0
        place.swept = 0.0
        place.cover[BLUE] = 0.0
        place.cover[RED] = 0.0
        place.fed[BLUE] = 1.0
        place.fed[RED] = 1.0
    arsenals.fill(stocks, scene)
    assets.set_up(arms, world, scene)
    if scene.air:
        air.man(world, scene)
        air.look_out(arms, places, reach)
        air.count_strikes(arms, reach, world, scene)
    if scene.sea:
        sea.lay(arms, places, reach, world, scene)
    if scene.escalation:
        escalation.tempt(scene)


@rule
def play(
    forces: Table,
    places: Table,
    roads: Table,
    arms: Table,
    stocks: Table,
    reach: Reach,
    rolls: Rolls,
    world: Table,
    scene: Table,
    record: Record,
    w: int,
) -> None:
    """One day of all the arms there are, at its beginning."""
    summary, hour = record.summary[w], 24.0 * scene.day
    recover(forces, places, roads, world, scene, hour)
    dig_in(places, world, hour)
    census.count(forces, places, scene)
    assets.turn_out(arms, places, reach, scene, hour)
    if scene.fires:
        fires.strike(arms, places, reach, world, scene, summary)
    if scene.air:
        air.contest(arms, places, reach, world, scene, summary)
        air.interdict(forces, places, rolls, world.air, scene, summary)
    if scene.fires:
        fires.hunt(arms, reach, world, scene)
    if scene.sea:
        sea.work(arms, places, reach, world, scene, record, w)
    _weigh_support(arms, stocks, reach, world, scene, record, w)
    if scene.supply:
        supply.deliver(places, world, scene)
    supply.feed(forces, places, rolls, scene)
    if scene.lift:
        lift.open_ways(places, world, scene)
        lift.bring(forces, places, reach, world, scene, summary, hour)
    if scene.counter and scene.answered and record.arrival.shape[1] > 0:
        counter.command(forces, places, reach, world, scene, summary, hour)
    if scene.escalation:
        escalation.expose(places, world, scene, summary, hour)
    note(forces, places, stocks, world, scene, record, w)
    scene.day += 1


@rule
def _weigh_support(
    arms: Table,
    stocks: Table,
    reach: Reach,
    world: Table,
    scene: Table,
    record: Record,
    w: int,
) -> None:
    """Set each side's factor on the odds, and what its arsenals have left for it."""
    if scene.arsenals:
        arsenals.draw_down(stocks, scene, record, w)
    for side in (BLUE, RED):
        scene.support[side] = scene.close[side] * scene.stocked[side, ANTI_TANK]
        if scene.fires:
            scene.support[side] *= fires.support(side, arms, reach, world, scene)


@rule
def note(
    forces: Table,
    places: Table,
    stocks: Table,
    world: Table,
    scene: Table,
    record: Record,
    w: int,
) -> None:
    """Keep what cohesion and the crisis look at, as it stands when a day begins."""
    if scene.day >= record.days.shape[1]:
        return
    day, summary = record.days[w, scene.day], record.summary[w]
    blue, red = 0.0, 0.0
    day.guarantor_casualties = 0.0
    for f in range(len(forces)):
        lost = killed_and_wounded(forces[f], world)
        if forces[f].side == BLUE:
            blue += lost
        else:
            red += lost
        if forces[f].guarantor:
            day.guarantor_casualties += lost
    day.blue_casualties = blue
    day.red_casualties = red
    day.civilians = summary.civilians
    day.people_lost = people_lost(places)
    day.stocks = arsenals.least_stocked(scene)
    day.munitions_spent = arsenals.spent_share(stocks)
    day.control = scene.control[BLUE]
    day.offensive = scene.offensive
    day.exposure = escalation.exposure(summary)
    for v in range(len(places)):
        record.held[w, scene.day, v] = places[v].holder


@rule
def stay(scene: Table, record: Record, w: int) -> None:
    """Keep the last day noted for all days after it, on which the war is over."""
    for later in range(scene.day + 1, record.days.shape[1]):
        record.days[w, later] = record.days[w, scene.day]
        for v in range(record.held.shape[2]):
            record.held[w, later, v] = record.held[w, scene.day, v]
