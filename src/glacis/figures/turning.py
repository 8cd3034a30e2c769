"""What a run's losses turned on: decisions, falls of objectives, and its costliest fights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glacis.figures.timeline import TURNS

if TYPE_CHECKING:
    from glacis.campaign.replay import Replay

Floats = NDArray[np.float64]
Mark = tuple[float, str]
"""A day, and words for what happened."""

LEAST = 0.03  # of a side's losses: a smaller step needs no explanation
_CHOSEN = ("decision", "launched", "all-retaken")


def turning_points(run: Replay, *, jumps: int) -> list[Mark]:
    """Day and words of what a run turned on, in order.

    They are the council's decision, the counter-offensive, the falls of objectives, and what
    lay behind so many of the largest steps in either side's losses.
    """
    return sorted({*_turns(run), *_steps(run, jumps)})


def merged(marks: Iterable[Mark], *, within: float = 1.0) -> list[Mark]:
    """Marks with one day for all that lie within so many days of the first of them."""
    found: list[Mark] = []
    for day, words in marks:
        first = found[-1][0] if found else -np.inf
        found.append((first if day - first <= within else day, words))
    return found


def _turns(run: Replay) -> Iterator[Mark]:
    for event in run.events:
        if event.hour <= 0.0:
            continue
        if event.kind in _CHOSEN:
            yield event.hour / 24.0, TURNS[event.kind]
        elif event.kind == "fell" and event.place is not None and event.is_major:
            yield event.hour / 24.0, f"{_place(run, event.place)} falls"


def _steps(run: Replay, count: int) -> Iterator[Mark]:
    """The largest steps of both sides, each in a fight of its own."""
    found: list[tuple[float, float, str, str]] = []
    for side in ("blue", "red"):
        lost = run.losses(side)
        for t in np.flatnonzero(np.diff(lost) > LEAST * max(float(lost[-1]), 1.0)):
            step = float(lost[t + 1] - lost[t])
            day, where = float(run.hours[t + 1]) / 24.0, _where(run, side, int(t))
            found.append((step, day, f"{side.capitalize()} loses", where))
    told: list[tuple[float, str]] = []
    for step, day, who, where in sorted(found, reverse=True):
        is_new = all(where != other or abs(day - when) > 2.0 for when, other in told)
        if is_new and len(told) < count:
            told.append((day, where))
            yield day, f"{who} {10 * round(step / 10):,} {where}"


def _where(run: Replay, side: str, t: int) -> str:
    """Where a side lost most people in the step after a frame, in words."""
    one = run.dataset.sel(formation=run.dataset["side"] == side)
    lost = np.diff(one["casualties"][t : t + 2].to_numpy(), axis=0)[0]
    at = one["at"][t : t + 2].to_numpy()
    people: dict[str, float] = {}
    for before, after, dead in zip(*at, lost, strict=True):
        place = _fought(run, str(before), str(after), t)
        people[place] = people.get(place, 0.0) + float(dead)
    return max(people, key=people.__getitem__)


def _fought(run: Replay, before: str, after: str, t: int) -> str:
    """Words for where a formation fought: its place, the end of its road that is fought for."""
    theatre, contact = run.scenario.theatre, run.dataset["contact"][t : t + 2].any("hour")
    for at in (before, after):
        ends = (at,) if at in theatre.places else (theatre.legs[at].start, theatre.legs[at].end)
        for end in ends:
            if bool(contact.sel(place=end)):
                return f"at {_place(run, end)}"
    if before in theatre.places:
        return f"at {_place(run, before)}"
    leg = theatre.legs[before]
    return f"between {_place(run, leg.start)} and {_place(run, leg.end)}"


def _place(run: Replay, place: str) -> str:
    return run.scenario.theatre.places[place].name
