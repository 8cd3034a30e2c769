"""Arsenals: munitions by class, used as the war uses them, made as industry makes them."""

from __future__ import annotations

from glacis.campaign.assets import AIR_STRIKES, INTERCEPTORS
from glacis.campaign.results import Record
from glacis.campaign.state import BLUE, NEVER, Table
from glacis.kernels import rule

_DAYS_A_MONTH = 365.25 / 12.0


@rule
def fill(stocks: Table, scene: Table) -> None:
    """Before H-hour: what is left of each class after what was delivered to others."""
    for side in range(2):
        for feed in range(scene.stocked.shape[1]):
            scene.stocked[side, feed] = 1.0
    for k in range(len(stocks)):
        stock = stocks[k]
        stock.whole = max(0.0, stock.draw.stock - stock.draw.given * stock.draw.delivered)
        stock.left = stock.whole
        stock.ran_out = NEVER


@rule
def made_a_day(stock: Table, day: float) -> float:
    """Rounds made in a day: at the recent rate until production has grown, then at the surge."""
    grown = stock.draw.surge if day >= _DAYS_A_MONTH * stock.draw.surge_months else 1.0
    return stock.draw.production / _DAYS_A_MONTH * grown


@rule
def intensity(stock: Table, scene: Table) -> float:
    """Share of a class's full use that a day asked for."""
    side, enemy = stock.side, 1 - stock.side
    if stock.feeds == AIR_STRIKES:
        # Of what the whole fleet could drop: as much as gets through, and has something to hit,
        # be it dug in.
        through = scene.strikes[side] * scene.control[side] * scene.targets[side]
        return through / scene.fleet[side] if scene.fleet[side] > 0.0 else 0.0
    if stock.feeds == INTERCEPTORS:
        raids = scene.strikes[enemy] * scene.control[enemy] + scene.engaged_missiles[side]
        return min(1.0, raids / scene.capacity[side]) if scene.capacity[side] > 0.0 else 0.0
    return scene.engaged[side]


@rule
def draw_down(stocks: Table, scene: Table, record: Record, w: int) -> None:
    """A day's use and production; the effect left to what has nothing more to fire.

    A class that has run out is fired as it is made: the effect of what it feeds is that of doing
    without it, plus what the day's production allows.
    """
    for side in range(2):
        for feed in range(scene.stocked.shape[1]):
            scene.stocked[side, feed] = 1.0
    for k in range(len(stocks)):
        stock = stocks[k]
        made = made_a_day(stock, float(scene.day))
        wanted = stock.draw.use * intensity(stock, scene)
        stock.left += made - wanted
        share = 1.0
        if stock.left <= 0.0:
            stock.left = 0.0
            share = min(1.0, made / wanted) if wanted > 0.0 else 1.0
            if stock.ran_out == NEVER and share < 1.0:
                stock.ran_out = 24.0 * (scene.day + 1.0)
                record.run_out[w, k] = stock.ran_out
        without = stock.draw.without
        scene.stocked[stock.side, stock.feeds] *= without + (1.0 - without) * share


@rule
def spent_share(stocks: Table) -> float:
    """Share of Blue's munitions at H-hour that is gone: the mean of its classes, 0 without any.

    What was made since makes up for what was used; a class that grew, or had nothing, counts as 0.
    """
    gone, classes = 0.0, 0
    for k in range(len(stocks)):
        stock = stocks[k]
        if stock.side != BLUE:
            continue
        classes += 1
        if stock.left < stock.whole:
            gone += 1.0 - stock.left / stock.whole
    return gone / classes if classes > 0 else 0.0


@rule
def least_stocked(scene: Table) -> float:
    """The least effect left among what Blue's arsenals feed."""
    least = 1.0
    for feed in range(scene.stocked.shape[1]):
        least = min(least, scene.stocked[BLUE, feed])
    return least
