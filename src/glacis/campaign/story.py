"""A run told: what happened when, in one line each."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.events import (
    KINDS,
    Book,
    Event,
    Kind,
    grouped,
    listed,
    plural,
    reinforcing,
)
from glacis.campaign.filming import Run
from glacis.campaign.state import BLUE, DESTROYED, IN_PLACE, MOVING, RED, SPENT, WAITING
from glacis.campaign.story_arms import ARMS_CHAPTERS

__all__ = ["KINDS", "Event", "Kind", "tell"]

_ANSWERS = {
    "none": "The council gives no answer",
    "limited": "The council answers with limited means: nobody is sent",
    "full": "The council answers in full: the reinforcements are called",
}


def tell(run: Run) -> tuple[Event, ...]:
    """All events of a run, in the order in which they happened."""
    events = [event for chapter in _CHAPTERS for event in chapter(Book(run))]
    return tuple(sorted(events, key=lambda e: (e.hour, KINDS.index(e.kind), e.place or "")))


def _opening(book: Book) -> Iterator[Event]:
    alert = float(book.run.scene[0]["alert"])
    if alert < 0:
        days = -alert / 24
        caption = f"Alert: the warning is acted on, {days:.1f} days before H-hour"
    else:
        caption = "No alert before H-hour: the warning was not acted on"
    yield Event(alert, "alert", caption, is_major=True)
    option = book.run.compiled.scenario.options[book.run.case.option]
    yield Event(0.0, "h-hour", f"H-hour: {option.name}", is_major=True)


def _crossing(book: Book) -> Iterator[Event]:
    hour = float(book.run.record.summary["first_crossing"][0])
    if not math.isfinite(hour):
        return
    roads = book.run.compiled.roads
    defended = book.run.compiled.places["defended"]
    into = (defended[roads["toward"]] == 1) & (defended[roads["origin"]] == 0)
    red = np.array([member.side == RED for member in book.members])
    left = book.run.film.forces["left"]
    beyond = book.run.draws.roads["beyond_km"][0]
    over = red & (book.road >= 0) & into[book.road] & (left <= beyond[book.road] + 1e-3)
    frame = int(np.argmax(over.any(axis=1))) if over.any() else 0
    over_now = [int(f) for f in np.flatnonzero(over[frame])]
    toward = sorted({book.place_name(int(roads["toward"][book.road[frame, f]])) for f in over_now})
    on_roads = f" on the roads to {listed(toward)}" if toward else ""
    caption = f"Red crosses the border{on_roads}"
    yield Event(hour, "crossing", caption, formations=book.ids(over_now), is_major=True)


def _decision(book: Book) -> Iterator[Event]:
    hour = float(book.run.draws.worlds["decision_hours"][0])
    if hour <= book.hours[-1]:
        yield Event(hour, "decision", _ANSWERS[book.run.case.response], is_major=True)


def _ground(book: Book) -> Iterator[Event]:
    """Places reached, fallen and taken back."""
    record, network = book.run.record, book.run.compiled.network
    defended = book.run.compiled.places["defended"] == 1
    holder = book.run.film.places["holder"]
    for v, place in enumerate(network.places):
        name, is_goal = book.place_name(v), place in book.goals
        if math.isfinite(record.reached[0, v]):
            caption = f"Red is within 10 km of {name}"
            yield Event(float(record.reached[0, v]), "reached", caption, place, is_major=is_goal)
        if math.isfinite(record.falls[0, v]):
            caption = f"{name} falls: Red has held it for 12 hours"
            yield Event(float(record.falls[0, v]), "fell", caption, place, is_major=is_goal)
        back = (holder[1:, v] == BLUE) & (holder[:-1, v] == RED) & defended[v]
        for t in np.flatnonzero(back) + 1:
            caption = f"Blue takes {name} back"
            yield Event(float(book.hours[t]), "retaken", caption, place, is_major=True)


def _losses(book: Book) -> Iterator[Event]:
    """Formations destroyed or spent."""
    for after, kind in ((DESTROYED, "destroyed"), (SPENT, "spent")):
        turned = (book.status[1:] == after) & (book.status[:-1] != after)
        for t, place, words, found in grouped(book, turned):
            subject = book.subject(found)
            if after == DESTROYED:
                caption = f"{subject} {'is' if len(found) == 1 else 'are'} destroyed {words}"
            else:
                its = "its" if len(found) == 1 else "their"
                caption = f"{subject} {plural(found, 'call')} off {its} attack {words}"
            is_major = after == DESTROYED and (len(found) > 2 or place in book.goals)
            yield Event(
                float(book.hours[t]),
                "destroyed" if kind == "destroyed" else "spent",
                caption,
                place,
                book.ids(found),
                is_major,
            )


def _withdrawals(book: Book) -> Iterator[Event]:
    """Formations that left a place under attack by the way out, not by the way to their goal."""
    ever = book.run.forces["withdrew"] == 1
    at_place = book.road[:-1] < 0
    moved = at_place & ((book.road[1:] >= 0) | (book.node[1:] != book.node[:-1]))
    moved &= book.status[1:] != DESTROYED
    moved &= ever & ((book.status[:-1] == IN_PLACE) | ~_is_forward(book))
    for t, place, words, found in grouped(book, moved, before=True):
        caption = f"{book.subject(found)} {plural(found, 'withdraw')} from {words[3:]}"
        yield Event(float(book.hours[t]), "withdrew", caption, place, book.ids(found))


def _is_forward(book: Book) -> NDArray[np.bool_]:
    """(frames - 1, F): whether a formation took the road from its place towards its goal."""
    ways = book.run.compiled.ways
    goal = ways.route[:, 0]
    side = np.array([member.side for member in book.members])
    onward = ways.hop[side, book.node[:-1], goal]
    return np.asarray(book.road[1:] == onward)


def _reinforcements(book: Book) -> Iterator[Event]:
    late = np.array([member.formation.joins == "reinforced" for member in book.members])
    status = book.status
    afoot = late & (status[:-1] == WAITING) & ((status[1:] == MOVING) | (status[1:] == IN_PLACE))
    for frame in np.flatnonzero(afoot.any(axis=1)):
        found = [int(f) for f in np.flatnonzero(afoot[frame])]
        caption = f"{reinforcing(book, found)} {plural(found, 'set')} out"
        yield Event(float(book.hours[frame + 1]), "under-way", caption, None, book.ids(found))
    there = late & (status[:-1] != IN_PLACE) & (status[1:] == IN_PLACE)
    there &= np.cumsum(status[1:] == IN_PLACE, axis=0) == 1  # the first time
    for t, place, words, found in grouped(book, there):
        arrive = plural(found, "arrive")
        caption = f"{reinforcing(book, found)} {arrive} {words}"
        yield Event(float(book.hours[t]), "arrived", caption, place, book.ids(found))


_CHAPTERS = (
    _opening,
    _crossing,
    _decision,
    _ground,
    _losses,
    _withdrawals,
    _reinforcements,
    *ARMS_CHAPTERS,
)
