"""The evidence behind one claim: how its margin is distributed, and the worlds for and against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from glacis.campaign.run import draw_worlds
from glacis.kernels import Floats
from glacis.scenario.claims import Reading
from glacis.study.claims import Entry, Ledger
from glacis.study.parts import PART_SHARE
from glacis.study.readings import Frame, read, unit_of
from glacis.study.weighing import finite_of, readings

BARS = 12
FIFTHS = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth")


class Read(NamedTuple):
    """What a test reads: medians over all worlds, those for the claim, those against."""

    read: str
    posture: str
    unit: str
    medians: tuple[float | None, float | None, float | None]


def distribution(entry: Entry) -> list[tuple[float, float, int, float]]:
    """Bars of the margin: from, to, how many worlds, and what share of the tallest bar's.

    Margins within the 1st and 99th percentile are drawn to scale; those outside stand in the
    outer bars. One edge is always at 0, where the claim turns.
    """
    margin = finite_of(entry.weighed.margin[~np.isnan(entry.weighed.margin)])
    if not len(margin):
        return []
    low, high = np.percentile(margin, [1, 99])
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return [(low, high, len(margin), 1.0)]
    below = round(BARS * -low / (high - low))
    below = min(max(below, 1 if low < 0 else 0), BARS - 1 if high > 0 else BARS)
    edges = np.concatenate(
        [np.linspace(low, 0, below + 1)[:-1], np.linspace(0, high, BARS - below + 1)]
    )
    counts, _ = np.histogram(np.clip(margin, low, high), edges)
    return [
        (float(a), float(b), int(count), float(count / counts.max()))
        for a, b, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def turning(ledger: Ledger, claim: str) -> list[tuple[str, float]]:
    """In how many worlds a claim holds, by fifths of the number that it hangs on most."""
    hangs, entry = ledger.hangs[claim], ledger.entries[claim][ledger.reds[0]]
    if hangs is None:
        return []
    red = ledger.reds[0]
    scenario = ledger.scenario.variant(red) if red else ledger.scenario
    worlds = draw_worlds(scenario, len(entry.weighed.score), ledger.seed)
    fifth = np.minimum((5 * worlds.probabilities(hangs.path)).astype(int), 4)
    found = []
    for k, name in enumerate(FIFTHS):
        own = entry.weighed.score[(fifth == k) & ~np.isnan(entry.weighed.score)]
        if len(own):
            found.append((name, float(own.mean())))
    return found


def read_in(ledger: Ledger, claim: str) -> list[Read]:
    """What a claim's test reads, in all worlds, in those for it and in those against."""
    entry = ledger.entries[claim][ledger.reds[0]]
    return [
        Read(_name(reading), _case(reading), unit, _medians(values, entry))
        for reading, values, unit in _values(ledger, claim)
    ]


def _values(ledger: Ledger, claim: str) -> Iterator[tuple[Reading, Floats, str]]:
    seen = set()
    cases, red = ledger.cases, ledger.reds[0]
    for reading in readings(ledger.claims[claim].test):
        key = repr(reading)
        if key in seen or reading.read == PART_SHARE:
            continue
        seen.add(key)
        study = cases.found[cases.where(reading, red)]
        frame = Frame(study, reading, cases.posture(reading)[0])
        yield reading, read(frame), unit_of(study, reading.read)


def _name(reading: Reading) -> str:
    labels = [
        "+".join(one) if isinstance(one, tuple) else f"{one:g}" if isinstance(one, float) else one
        for one in reading.at.values()
    ]
    return " ".join([reading.read, *labels])


def _case(reading: Reading) -> str:
    plus = [f"+ {line.quantity} {line.measure}" for line in reading.plus]
    less = [f"- {part}" for part in reading.less]
    changes = [f"{path} = {value}" for path, value in reading.set.items()]
    return ", ".join([" ".join([reading.posture, *plus, *less]), *reading.variants, *changes])


def _medians(values: Floats, entry: Entry) -> tuple[float | None, float | None, float | None]:
    n = min(len(values), len(entry.weighed.score))
    score = entry.weighed.score[:n]
    return (
        _median(values),
        _median(values[:n][score == 1]),
        _median(values[:n][score == 0]),
    )


def _median(values: Floats) -> float | None:
    kept = values[~np.isnan(values)]
    if not len(kept):
        return None
    found = float(np.median(kept))
    return found if np.isfinite(found) else None


__all__ = ["Read", "distribution", "read_in", "turning"]
