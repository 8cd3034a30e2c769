"""The arms' rules one by one, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glacis.campaign import air, arsenals, census, counter, escalation, fires, lift, sea, supply
from glacis.campaign.assets import STOCK
from glacis.campaign.state import (
    BLUE,
    CALLED_OFF,
    FORCE,
    IN_PLACE,
    MOVING,
    NEVER,
    NOT_ORDERED,
    ORDERED,
    PLACE,
    RED,
    ROAD,
    SCENE,
    SPENT,
    WORLD,
    table,
)


@pytest.fixture
def scene() -> np.record:
    """A scene in which everything is at hand and nothing is happening."""
    found = table(1, SCENE)
    found["stocked"] = 1.0
    found["sam"] = 1.0
    found["drag"] = 1.0
    return found[0]


@pytest.fixture
def world() -> np.record:
    """A world whose numbers a test sets."""
    return table(1, WORLD)[0]


# ---- fires ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "incoming, engaged, intercept, through",
    [(10, 0, 0.8, 10), (10, 4, 0.5, 8), (10, 40, 0.5, 5), (0, 5, 1.0, 0), (10, 10, 1.0, 0)],
)
def test_leakers(incoming: float, engaged: float, intercept: float, through: float) -> None:
    assert fires.leakers(incoming, engaged, intercept) == pytest.approx(through)


def test_allied_ground_is_no_target_before_the_alliance_answers(
    world: np.record, scene: np.record
) -> None:
    world.fires.aim_airfields, world.fires.aim_ports, world.fires.aim_railways = 2.0, 1.0, 0.5
    place = table(1, PLACE)[0]
    place.owner = place.holder = BLUE
    place.draw.airfield, place.draw.port, place.railhead = 3.0, 1.0, 1
    assert fires.target_weight(place, RED, world, scene) == 0.0
    scene.answered = 1
    assert fires.target_weight(place, RED, world, scene) == 3.5
    scene.answered, place.protege = 0, 1
    assert fires.target_weight(place, RED, world, scene) == 3.5
    place.holder = RED  # taken: no longer worth a missile
    assert fires.target_weight(place, RED, world, scene) == 0.0


# ---- air --------------------------------------------------------------------------------------


def test_a_squadron_flies_less_from_a_damaged_crowded_or_lost_base() -> None:
    place = table(1, PLACE)[0]
    place.holder, place.draw.airfield, place.squadrons = BLUE, 2.0, 1.0
    assert air.base_factor(place, BLUE, 0.3) == 1.0
    place.damage = 0.5
    assert air.base_factor(place, BLUE, 0.3) == pytest.approx(0.5)
    place.squadrons = 4.0
    assert air.base_factor(place, BLUE, 0.1) == pytest.approx(0.25)
    place.damage = 0.99
    assert air.base_factor(place, BLUE, 0.3) == 0.3
    place.holder = RED
    assert air.base_factor(place, BLUE, 0.3) == 0.3


# ---- sea --------------------------------------------------------------------------------------


@pytest.mark.parametrize("threat, pace", [(0.0, 1.0), (1.0, 0.4), (0.5, 0.7)])
def test_ships_under_fire_work_slower(threat: float, pace: float) -> None:
    assert sea.sweeping_pace(threat, 0.4) == pytest.approx(pace)


def test_a_channel_opens_when_searched_and_nearly_clear() -> None:
    assert sea.is_open(0.0, 4.9, 50.0, 0.9)
    assert not sea.is_open(0.1, 4.9, 50.0, 0.9)
    assert not sea.is_open(0.0, 5.1, 50.0, 0.9)
    assert sea.is_open(0.0, 0.0, 0.0, 0.9)


@pytest.mark.parametrize("laying", [0.0, 1.0, 1.5, 2.0, 2.5, 7.3])
def test_every_mine_is_laid_once(laying: float) -> None:
    assert sum(sea.laid_on(float(day), laying) for day in range(10)) == pytest.approx(1.0)


# ---- lift -------------------------------------------------------------------------------------


def test_what_keeps_ships_from_a_port(world: np.record, scene: np.record) -> None:
    place = table(1, PLACE)[0]
    world.sea.crossing_loss, world.sea.risk_accepted = 0.2, 0.1
    scene.sea = 1
    place.holder, place.swept, place.berths = BLUE, 0.0, 1.0
    assert lift.lane_closed(place, world, scene) == lift.NOTHING
    place.berths = 0.5
    assert lift.lane_closed(place, world, scene) == lift.PORT_SHUT
    place.threat = 0.6
    assert lift.lane_closed(place, world, scene) == lift.SEA_UNSAFE
    place.swept = NEVER
    assert lift.lane_closed(place, world, scene) == lift.PORT_MINED
    place.holder = RED
    assert lift.lane_closed(place, world, scene) == lift.PORT_LOST
    scene.sea = 0
    place.holder, place.berths = BLUE, 1.0
    assert lift.lane_closed(place, world, scene) == lift.NOTHING


def test_a_railway_of_the_wrong_gauge_carries_what_can_change_trains(
    world: np.record, scene: np.record
) -> None:
    road, ends = table(1, ROAD)[0], table(2, PLACE)
    world.lift.trains_per_battalion, world.lift.transload = 8.0, 2.0
    world.fires.interdict, scene.fires = 0.5, 1
    road.flow, road.draw.trains, road.gauge_fits = 0.25, 16.0, 1
    flow = lambda: 24.0 * lift.own_flow(road, ends[0], ends[1], world, scene)  # noqa: E731
    assert flow() == pytest.approx(6.0 + 2.0)
    road.gauge_fits = 0
    assert flow() == pytest.approx(6.0 + 0.25)
    road.draw.exposed = 1.0
    assert flow() == pytest.approx(0.5 * 6.25)
    ends[1].damage = 1.0
    assert flow() == pytest.approx(3.0)
    road.corridor, scene.corridors, scene.to_supply, world.lift.supply_share = 1, 1, 20.0, 0.1
    assert flow() == pytest.approx(1.0)
    scene.to_supply, world.lift.kept_free = 1000.0, 0.2  # supply never takes all of it
    assert flow() == pytest.approx(0.2 * 3.0)


# ---- supply and arsenals ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "beyond, short, lost, fed",
    [(-50, 0.2, 0, 1.0), (100, 0.2, 0, 0.8), (100, 0.2, 0.5, 0.4), (900, 0.2, 0, 0.0)],
)
def test_fed_share(beyond: float, short: float, lost: float, fed: float) -> None:
    assert supply.fed_share(beyond, short, lost) == pytest.approx(fed)


def test_production_grows_when_the_surge_begins() -> None:
    stock = table(1, STOCK)[0]
    stock.draw.production, stock.draw.surge, stock.draw.surge_months = 365.25, 3.0, 12.0
    assert arsenals.made_a_day(stock, 100.0) == pytest.approx(12.0)
    assert arsenals.made_a_day(stock, 366.0) == pytest.approx(36.0)


def test_a_class_that_has_run_out_fires_what_the_day_brings(scene: np.record) -> None:
    from glacis.campaign.results import Sizes, new_record

    sizes = Sizes(places=1, groups=1, reinforcements=0, ports=0, classes=1, forces=0)
    record = new_record(1, sizes)
    stocks = table(1, STOCK)
    stock = stocks[0]
    stock.side, stock.feeds = BLUE, 0
    stock.draw.stock, stock.draw.given, stock.draw.delivered = 150.0, 100.0, 0.5
    stock.draw.use, stock.draw.production, stock.draw.surge = 60.0, 365.25, 1.0
    stock.draw.surge_months, stock.draw.without = 12.0, 0.4
    scene.engaged[BLUE] = 1.0
    arsenals.fill(stocks, scene)
    assert stock.left == 100.0
    arsenals.draw_down(stocks, scene, record, 0)
    assert stock.left == pytest.approx(52.0)
    assert scene.stocked[BLUE, 0] == 1.0
    scene.day = 1
    arsenals.draw_down(stocks, scene, record, 0)
    scene.day = 2
    arsenals.draw_down(stocks, scene, record, 0)
    assert stock.left == 0.0
    assert record.run_out[0, 0] == 72.0
    # Twelve of sixty rounds are made each day.
    assert scene.stocked[BLUE, 0] == pytest.approx(0.4 + 0.6 * 0.2)


def test_what_is_spent_of_blues_munitions() -> None:
    stocks = table(4, STOCK)
    stocks["side"] = [BLUE, BLUE, RED, BLUE]
    stocks["whole"] = [100.0, 50.0, 10.0, 0.0]
    stocks["left"] = [25.0, 80.0, 0.0, 5.0]
    assert arsenals.spent_share(stocks) == pytest.approx(0.75 / 3)
    assert arsenals.spent_share(stocks[2:3]) == 0.0
    assert arsenals.spent_share(table(0, STOCK)) == 0.0


# ---- the way back, and escalation -------------------------------------------------------------


@pytest.mark.parametrize(
    "ratio, more, waited, verdict",
    [
        (2.0, True, False, ORDERED),
        (1.2, True, False, NOT_ORDERED),
        (1.2, True, True, ORDERED),
        (1.2, False, False, ORDERED),
        (0.9, True, True, NOT_ORDERED),
        (0.9, False, True, CALLED_OFF),
    ],
)
def test_an_offensive_is_weighed(ratio: float, *, more: bool, waited: bool, verdict: int) -> None:
    assert counter.weighed(ratio, 1.6, 1.0, more, waited) == verdict


@pytest.mark.parametrize("loss, share", [(0.2, 0.0), (0.4, 0.0), (0.7, 0.5), (1.0, 1.0)])
def test_collapse(loss: float, share: float) -> None:
    assert escalation.collapsed(loss, 0.4) == pytest.approx(share)


def test_a_blue_battalion_does_not_drive_alone_into_a_lost_place() -> None:
    force, place = table(1, FORCE)[0], table(1, PLACE)[0]
    force.side, force.goal = BLUE, -1
    place.owner, place.holder = BLUE, RED
    assert counter.waits(force, place)
    force.goal = 3  # the counter-offensive sends it
    assert not counter.waits(force, place)
    force.goal, force.strikes = -1, 1  # the option's counter-attack does
    assert not counter.waits(force, place)
    force.strikes, place.holder = 0, BLUE
    assert not counter.waits(force, place)


def test_the_census_counts_whom_it_should(scene: np.record) -> None:
    forces, places = table(4, FORCE), table(2, PLACE)
    places[0].defended, places[0].contact = 1, 1
    rows = [
        # side, status, strength, reinforces, arrived, node, front
        (RED, IN_PLACE, 0.5, 0, NEVER, 0, 0),
        (RED, SPENT, 0.6, 0, NEVER, 1, -1),
        (BLUE, MOVING, 0.8, 1, NEVER, 1, -1),
        (BLUE, IN_PLACE, 1.0, 1, 24.0, 1, 1),
    ]
    for force, (side, status, strength, reinforces, arrived, node, front) in zip(
        forces, rows, strict=True
    ):
        force.side, force.status, force.strength, force.arrived = side, status, strength, arrived
        force.reinforces, force.node, force.front, force.set_out = reinforces, node, front, 1
        force.draw.whole, force.can.power, force.passed = 1.0, 0.5, int(arrived < NEVER)
    census.count(forces, places, scene)
    assert scene.strength[RED] == 0.5
    assert scene.engaged[RED] == 1.0
    assert scene.engaged[BLUE] == 0.0
    assert scene.sent[RED] == 2.0
    assert scene.left[RED] == pytest.approx(0.5 + 0.6)
    assert scene.gathered == pytest.approx(0.9)
    assert scene.opposing == pytest.approx(0.25)
    assert scene.to_supply == 1.0
    assert scene.ratio == pytest.approx(3.6)


def test_exposure_adds_up_by_cause() -> None:
    from glacis.campaign.results import SUMMARY

    summary = table(1, SUMMARY)[0]
    summary.exposed_use_or_lose, summary.exposed_collapse = 0.1, 0.2
    summary.exposed_annexed, summary.exposed_fighting = 0.3, 0.4
    assert escalation.exposure(summary) == pytest.approx(1.0)
    assert math.isclose(1 - math.exp(-escalation.exposure(summary)), 0.632, abs_tol=1e-3)
