"""The way from indifference to equilibrium: logit quantal response at growing precision.

At precision 0 everybody chooses evenly. As precision grows, the equilibria connected with that
point form a curve, the principal branch, which is followed by predictor and corrector along its
length, so that it may turn back on the way. Source: turocy-2010, allgower-georg-1990.

Payoffs are taken as shares of their range here, and precision as that much larger, so that steps
mean the same in every game.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glacis.crisis.layout import Layout
from glacis.crisis.linear import eliminate
from glacis.crisis.values import Scratch, set_beliefs, set_shares, set_slopes
from glacis.kernels import Floats, put, rule, workshop

CONVERGED, STUCK, TOO_LONG = 0, 1, 2

FIRST_STEP = 0.5
SMALLEST_STEP = 1e-9
MOST_STEPS = 5_000
FARTHEST = 1e3  # goals of precision beyond which no curve is expected back
WIDE = 0.3  # a correction of log odds too large to be trusted
SHRINK = 0.4
TIGHT_STEP = 1e-4  # below it any turn is taken
CORRECTIONS = 6
POLISHING = 40
EXACT = 1e-13
SETTLED = 1e-4  # what corrections must be below where they shrink no more


class Pace(NamedTuple):
    """How boldly the curve is followed."""

    stray: float
    """How far a step may lead from the curve, in log odds; steps are made so long."""
    near: float
    """The correction after which a point counts as on the curve."""
    growth: float
    """How much longer the next step may be."""
    turn: float
    """Least cosine between the direction of a step and that of the next."""


BRISK = Pace(stray=0.05, near=0.05, growth=2.0, turn=0.98)
CAREFUL = Pace(stray=0.01, near=1e-7, growth=1.5, turn=0.98)
"""For curves on which the other got stuck: they pass close by another."""


class Trail(NamedTuple):
    """How the curve was followed."""

    status: int
    """`CONVERGED`, `STUCK` or `TOO_LONG`."""
    steps: int
    turns: int
    """How often precision began to fall, or to grow again."""
    forks: int
    """How often another curve was crossed."""


@rule
def look(layout: Layout, payoffs: Floats, point: Floats, scratch: Scratch) -> None:
    """Shares, beliefs, worths and their slopes at a point of the curve."""
    set_shares(layout, point, scratch)
    set_beliefs(layout, scratch)
    set_slopes(layout, payoffs, scratch)


@rule
def set_system(
    layout: Layout, lean: Floats, goal: float, point: Floats, row: Floats, scratch: Scratch
) -> None:
    """The system of a step: correction and direction of the curve, with `row` as last equation."""
    system, precision = scratch.system, point[-1]
    n = len(point) - 1
    for a in range(len(layout.column)):
        r = layout.column[a]
        if r < 0:
            continue
        base = layout.first[layout.holder[a]]
        gain = scratch.worth[a] - scratch.worth[base]
        for k in range(n):
            system[r, k] = -precision * (scratch.slope_worth[a, k] - scratch.slope_worth[base, k])
        system[r, r] += 1.0
        system[r, n] = lean[r] / goal - gain
        system[r, n + 1] = precision * gain + (1.0 - precision / goal) * lean[r] - point[r]
        system[r, n + 2] = 0.0
    put(row, system[n, : n + 1])
    system[n, n + 1] = 0.0
    system[n, n + 2] = 1.0


@rule
def solve_step(
    layout: Layout,
    payoffs: Floats,
    lean: Floats,
    goal: float,
    point: Floats,
    row: Floats,
    scratch: Scratch,
) -> int:
    """Correction and direction at a point, in the last columns; the sign, 0 if singular."""
    look(layout, payoffs, point, scratch)
    set_system(layout, lean, goal, point, row, scratch)
    return eliminate(scratch.system)


@rule
def largest(vector: Floats) -> float:
    """Largest size of an entry."""
    found = 0.0
    for entry in vector:
        found = max(found, abs(entry))
    return found


@rule
def set_direction(row: Floats, scratch: Scratch) -> None:
    """The direction of the curve, of length 1, from the last column of a solved system."""
    n = len(row) - 1
    size = 0.0
    for k in range(n + 1):
        size += scratch.system[k, n + 2] ** 2
    scale = 1.0 / np.sqrt(size)
    for k in range(n + 1):
        row[k] = scale * scratch.system[k, n + 2]


@rule
def cosine(one: Floats, other: Floats) -> float:
    """Of the angle between two directions of length 1."""
    total = 0.0
    for k in range(len(one)):
        total += one[k] * other[k]
    return total


@rule
def set_out(point: Floats, step: float, row: Floats, tried: Floats) -> None:
    """The point to which a step along the curve's direction would lead."""
    for k in range(len(point)):
        tried[k] = point[k] + step * row[k]


@rule
def strayed(point: Floats, step: float, row: Floats, found: Floats) -> float:
    """How far the curve has bent away from its direction over a step, in log odds."""
    most = 0.0
    for k in range(len(point) - 1):
        most = max(most, abs(found[k] - point[k] - step * row[k]))
    return most


@rule
def correct(
    layout: Layout,
    payoffs: Floats,
    lean: Floats,
    goal: float,
    near: float,
    point: Floats,
    row: Floats,
    scratch: Scratch,
) -> int:
    """Bring a predicted point near the curve, across `row`; 0 if it is too far from it.

    Else the sign that tells on which side of a fork the curve is. A point is near once a correction
    is at most `near`. The curve's direction is left in the last column of the system.
    """
    n = len(point) - 1
    before = WIDE
    for _ in range(CORRECTIONS):
        sign = solve_step(layout, payoffs, lean, goal, point, row, scratch)
        wanted = largest(scratch.system[:, n + 1])
        if sign == 0 or not wanted <= before:
            return 0
        for k in range(n + 1):
            point[k] += scratch.system[k, n + 1]
        if wanted <= near:
            return sign
        before = 0.5 * wanted
    return 0


@rule
def polish(
    layout: Layout,
    payoffs: Floats,
    lean: Floats,
    goal: float,
    point: Floats,
    row: Floats,
    scratch: Scratch,
) -> bool:
    """Bring a point at `goal` onto the curve, at that precision; false if it wanders off.

    Newton's steps, as long as they shrink. `row` is overwritten.
    """
    n = len(point) - 1
    row[:] = 0.0
    row[n] = 1.0
    before = WIDE
    for _ in range(POLISHING):
        if solve_step(layout, payoffs, lean, goal, point, row, scratch) == 0:
            return False
        wanted = largest(scratch.system[:n, n + 1])
        if not wanted <= before:  # as near as numbers allow, or lost
            return before <= SETTLED
        for k in range(n):
            point[k] += scratch.system[k, n + 1]
        if wanted <= EXACT * (1.0 + largest(point[:n])):
            return True
        before = 0.9 * wanted
    return True


@rule
def look_along(
    layout: Layout,
    payoffs: Floats,
    lean: Floats,
    goal: float,
    point: Floats,
    row: Floats,
    scratch: Scratch,
) -> int:
    """The direction in which precision grows at a point of the curve, in `row`; and its side."""
    n = len(point) - 1
    row[:] = 0.0
    row[n] = 1.0
    sign = solve_step(layout, payoffs, lean, goal, point, row, scratch)
    set_direction(row, scratch)
    return sign


@workshop
def trace(
    layout: Layout,
    payoffs: Floats,
    lean: Floats,
    goal: float,
    crossing: int,
    pace: Pace,
    point: Floats,
    scratch: Scratch,
) -> Trail:
    """Follow a curve from a point of it to where it crosses `goal`.

    Parameters
    ----------
    payoffs
        (N, players), in shares of their range.
    lean
        (n,) log odds at which everybody stands at precision 0; their pull fades out towards `goal`,
        and is turned round beyond. With none, the curve from indifference is the principal branch.
    goal
        Precision to reach, above 0.
    crossing
        Which crossing counts: beyond the first, the curve has been above `goal` and come back.
    point
        (n + 1,) where to start, below `goal`; becomes the log odds and the precision reached.
    """
    n = len(point) - 1
    row, tried, ahead = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1)
    side = look_along(layout, payoffs, lean, goal, point, row, scratch)
    step, turns, forks = FIRST_STEP, 0, 0
    for steps in range(1, MOST_STEPS + 1):
        if step < SMALLEST_STEP or point[n] > FARTHEST * goal:
            return Trail(STUCK, steps, turns, forks)
        set_out(point, step, row, tried)
        if crossing == 1 and (point[n] < goal) != (tried[n] < goal):
            step = (goal - point[n]) / row[n]
            set_out(point, step, row, tried)
            tried[n] = goal
            if polish(layout, payoffs, lean, goal, tried, ahead, scratch):
                point[:] = tried
                return Trail(CONVERGED, steps, turns, forks)
            step *= 0.5
            continue
        sign = correct(layout, payoffs, lean, goal, pace.near, tried, row, scratch)
        set_direction(ahead, scratch)
        is_abrupt = sign != side or cosine(ahead, row) < pace.turn
        if sign == 0 or (is_abrupt and step > TIGHT_STEP):
            step *= SHRINK
            continue
        if (point[n] < goal) != (tried[n] < goal):
            if crossing == 1:  # only the correction has carried it over: the next step is to land
                step *= 0.5 * (goal - point[n]) / (tried[n] - point[n])
                continue
            crossing -= 1
        turns += ahead[n] * row[n] < 0.0
        forks += sign != side
        off = strayed(point, step, row, tried)
        step *= min(pace.growth, max(SHRINK, np.sqrt(pace.stray / max(off, EXACT))))
        side = sign
        point[:] = tried
        row[:] = ahead
    return Trail(TOO_LONG, MOST_STEPS, turns, forks)
