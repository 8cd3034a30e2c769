"""Lines of a forecast: ridge regression, or a ridge logit by Newton's steps (`glacis.forecast`).

Sums run over rows in their order, so that a line hangs on its rows alone.
"""

from __future__ import annotations

import math

import numpy as np

from glacis.forecast import FOLDS, RIDGE, STEPS, TOLERANCE, least_share
from glacis.kernels import Flags, Floats, kernel, rule, workshop

rule(least_share)


@kernel
def fit(table: Floats, result: Floats, is_share: bool, looks: Flags, lines: Floats) -> None:
    """Fill a line for each fold, learnt on all worlds but its own, and one learnt on all.

    Worlds go to folds by their number. A line that no world tells of is left as it is.

    Parameters
    ----------
    table, result
        (W, k) and (W,), one world or more.
    is_share
        Whether the result is a share, and its log odds are told.
    looks
        (folds + 1, k) whether a line looks at a column.
    lines
        (folds + 1, 3, k + 1) centres, spreads and weights of the columns that a line looks at, to
        be filled; the first column holds 0, 1 and the weight of one.
    """
    for fold in range(len(looks)):
        columns, count = np.flatnonzero(looks[fold]), 0
        own, told = np.empty((len(table), len(columns))), np.empty(len(table))
        for w in range(len(table)):
            if w % FOLDS != fold:
                for i in range(len(columns)):
                    own[count, i] = table[w, columns[i]]
                told[count] = result[w]
                count += 1
        if count == 0:
            continue
        line = np.empty((3, len(columns) + 1))
        fit_line(own[:count], told[:count], is_share, line)
        for row in range(3):
            lines[fold, row, 0] = line[row, 0]
            for i in range(len(columns)):
                lines[fold, row, columns[i] + 1] = line[row, i + 1]


@workshop
def fit_line(table: Floats, result: Floats, is_share: bool, line: Floats) -> None:
    """Fill one line, which looks at all columns."""
    columns = table.shape[1]
    scaled = np.ones((len(table), columns + 1))
    scale(table, scaled, line)
    weights = line[2]
    if is_share:
        fit_logit(scaled, result, weights)
        return
    curve, slope = np.zeros((columns + 1, columns + 1)), np.zeros(columns + 1)
    for w in range(len(scaled)):
        gather(scaled[w], 1.0, result[w], curve, slope)
    for i in range(1, columns + 1):
        curve[i, i] += RIDGE
    solve(curve, slope, weights)


@rule
def scale(table: Floats, scaled: Floats, line: Floats) -> None:
    """Bring columns to their centres, in their spreads."""
    line[0, 0], line[1, 0] = 0.0, 1.0
    for i in range(table.shape[1]):
        total = 0.0
        for w in range(len(table)):
            total += table[w, i]
        centre, squares = total / len(table), 0.0
        for w in range(len(table)):
            squares += (table[w, i] - centre) ** 2
        spread = math.sqrt(squares / len(table))
        if not spread > 0.0:
            spread = 1.0
        line[0, i + 1], line[1, i + 1] = centre, spread
        for w in range(len(table)):
            scaled[w, i + 1] = (table[w, i] - centre) / spread


@rule
def gather(row: Floats, weight: float, pull: float, curve: Floats, slope: Floats) -> None:
    """Add a row to the lower half of the curve and to the slope."""
    for i in range(len(row)):
        own = weight * row[i]
        for j in range(i + 1):
            curve[i, j] += own * row[j]
        slope[i] += pull * row[i]


@rule
def solve(curve: Floats, slope: Floats, found: Floats) -> None:
    """Solve a symmetric, positive system by Cholesky's factor, which takes the curve's place."""
    for i in range(len(slope)):
        for j in range(i + 1):
            rest = curve[i, j]
            for k in range(j):
                rest -= curve[i, k] * curve[j, k]
            curve[i, j] = math.sqrt(rest) if i == j else rest / curve[j, j]
        rest = slope[i]
        for k in range(i):
            rest -= curve[i, k] * found[k]
        found[i] = rest / curve[i, i]
    for i in range(len(slope) - 1, -1, -1):
        rest = found[i]
        for k in range(i + 1, len(slope)):
            rest -= curve[k, i] * found[k]
        found[i] = rest / curve[i, i]


@workshop
def fit_logit(scaled: Floats, result: Floats, weights: Floats) -> None:
    """Weights of a penalised logit, by Newton's steps that are shortened until they gain."""
    size = len(weights)
    least = least_share(len(result))
    share = min(max(result.mean(), least), 1.0 - least)
    weights[:] = 0.0
    weights[0] = math.log(share / (1.0 - share))
    # A rare event tells little, and so must outweigh less.
    penalty = np.full(size, RIDGE * 4.0 * share * (1.0 - share))
    penalty[0] = 1e-6
    curve, slope, step = np.empty((size, size)), np.empty(size), np.empty(size)
    best = cost(weights, scaled, result, penalty)
    for _ in range(STEPS):
        curve[:] = 0.0
        slope[:] = 0.0
        for w in range(len(scaled)):
            told = 1.0 / (1.0 + math.exp(-log_odds(scaled[w], weights)))
            gather(scaled[w], told * (1.0 - told), result[w] - told, curve, slope)
        for i in range(size):
            curve[i, i] += penalty[i]
            slope[i] -= penalty[i] * weights[i]
        solve(curve, slope, step)
        after = cost(weights + step, scaled, result, penalty)
        while after > best + TOLERANCE:
            step *= 0.5
            after = cost(weights + step, scaled, result, penalty)
        weights += step
        best = after
        if np.abs(step).max() < TOLERANCE:
            break


@rule
def log_odds(row: Floats, weights: Floats) -> float:
    """What a line tells of a row."""
    total = 0.0
    for i in range(len(row)):
        total += row[i] * weights[i]
    return total


@rule
def cost(weights: Floats, scaled: Floats, result: Floats, penalty: Floats) -> float:
    """What the weights are to make small: surprise, and the penalty."""
    total = 0.0
    for w in range(len(scaled)):
        told = log_odds(scaled[w], weights)
        total += max(told, 0.0) + math.log1p(math.exp(-abs(told))) - result[w] * told
    for i in range(len(weights)):
        total += 0.5 * penalty[i] * weights[i] ** 2
    return total


@kernel
def share(results: Floats, table: Floats, shared: Floats, sums: Floats) -> None:
    """Add up products of results and candidates, over all worlds but those of each fold, and all.

    Parameters
    ----------
    results, table
        (W, t) and (W, q).
    shared
        (folds + 1, t, q) zeros, to be filled.
    sums
        (folds + 1, q) zeros, to be filled with the sums of candidates.
    """
    own, whole = np.zeros(shared.shape[1:]), np.zeros(sums.shape[1:])
    for fold in range(FOLDS):
        own[:], whole[:] = 0.0, 0.0
        for w in range(fold, len(table), FOLDS):
            for q in range(table.shape[1]):
                whole[q] += table[w, q]
            for t in range(results.shape[1]):
                result = results[w, t]
                for q in range(table.shape[1]):
                    own[t, q] += result * table[w, q]
        for line in range(FOLDS + 1):
            if line != fold:
                shared[line] += own
                sums[line] += whole
