"""A run told: what happened when, in one line each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.compile import Member
from glacis.campaign.filming import Run
from glacis.campaign.state import BLUE, DESTROYED, IN_PLACE, MOVING, RED, SPENT, WAITING

Kind = Literal[
    "alert",
    "h-hour",
    "crossing",
    "decision",
    "reached",
    "fell",
    "retaken",
    "under-way",
    "arrived",
    "withdrew",
    "spent",
    "destroyed",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # what Literal lists
"""In the order of a story: events of one hour are told in it."""

_ANSWERS = {
    "none": "The council gives no answer",
    "limited": "The council answers with limited means: nobody is sent",
    "full": "The council answers in full: the reinforcements are called",
}
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes
    ----------
    hour
        After H-hour; what shows only in the state after a step bears the step's end.
    caption
        One line.
    place
        Id of the place, or of the leg, where it happened.
    formations
        Ids of those it happened to.
    is_major
        Whether a short account would tell it.
    """

    hour: float
    kind: Kind
    caption: str
    place: str | None = None
    formations: tuple[str, ...] = ()
    is_major: bool = False

    def record(self) -> dict[str, Any]:
        """The event as plain data; what does not apply is left out."""
        told: dict[str, Any] = {"hour": round(self.hour, 2), "kind": self.kind}
        if self.place is not None:
            told["place"] = self.place
        if self.formations:
            told["formations"] = list(self.formations)
        return told | {"major": self.is_major, "caption": self.caption}


def tell(run: Run) -> tuple[Event, ...]:
    """All events of a run, in the order in which they happened."""
    events = [event for chapter in _CHAPTERS for event in chapter(_Book(run))]
    return tuple(sorted(events, key=lambda e: (e.hour, KINDS.index(e.kind), e.place or "")))


@dataclass(frozen=True)
class _Book:
    """What a teller looks up: names, and where everyone was after each step."""

    run: Run

    @cached_property
    def hours(self) -> NDArray[np.float64]:
        return self.run.film.hour

    @cached_property
    def status(self) -> NDArray[np.int8]:
        return np.asarray(self.run.film.forces["status"])

    @cached_property
    def road(self) -> NDArray[np.int16]:
        return np.asarray(self.run.film.forces["road"])

    @cached_property
    def node(self) -> NDArray[np.int16]:
        return np.asarray(self.run.film.forces["node"])

    @cached_property
    def members(self) -> tuple[Member, ...]:
        return self.run.compiled.members

    @cached_property
    def goals(self) -> set[str]:
        """The places that a short account names."""
        scenario, option = self.run.compiled.scenario, self.run.case.option
        return {*scenario.objectives.places, *scenario.options[option].objectives}

    def place_name(self, v: int) -> str:
        places = self.run.compiled.scenario.theatre.places
        return places[self.run.compiled.network.places[v]].name

    def force_name(self, f: int) -> str:
        return self.members[f].formation.name or self.members[f].id

    def where(self, t: int, f: int) -> tuple[str, str]:
        """Id and words for where a formation is in frame `t`."""
        network, road = self.run.compiled.network, int(self.road[t, f])
        if road < 0:
            v = int(self.node[t, f])
            return network.places[v], f"at {self.place_name(v)}"
        way = self.run.compiled.roads[road]
        ends = self.place_name(int(way["origin"])), self.place_name(int(way["toward"]))
        return network.legs[road // 2], f"between {ends[0]} and {ends[1]}"

    def subject(self, found: list[int]) -> str:
        """The formations as the subject of a sentence: a name, or how many of which side."""
        if len(found) == 1:
            return self.force_name(found[0])
        side = "Red" if self.members[found[0]].side == RED else "Blue"
        return f"{_number(len(found))} {side} battalions"

    def ids(self, found: list[int]) -> tuple[str, ...]:
        return tuple(self.members[f].id for f in found)


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _plural(found: list[int], verb: str) -> str:
    """A verb of the third person for one subject, the plain form for several."""
    return f"{verb}s" if len(found) == 1 else verb


def _opening(book: _Book) -> Iterator[Event]:
    alert = float(book.run.scene[0]["alert"])
    if alert < 0:
        days = -alert / 24
        caption = f"Alert: the warning is acted on, {days:.1f} days before H-hour"
    else:
        caption = "No alert before H-hour: the warning was not acted on"
    yield Event(alert, "alert", caption, is_major=True)
    option = book.run.compiled.scenario.options[book.run.case.option]
    yield Event(0.0, "h-hour", f"H-hour: {option.name}", is_major=True)


def _crossing(book: _Book) -> Iterator[Event]:
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
    on_roads = f" on the roads to {_listed(toward)}" if toward else ""
    caption = f"Red crosses the border{on_roads}"
    yield Event(hour, "crossing", caption, formations=book.ids(over_now), is_major=True)


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _decision(book: _Book) -> Iterator[Event]:
    hour = float(book.run.draws.worlds["decision_hours"][0])
    if hour <= book.hours[-1]:
        yield Event(hour, "decision", _ANSWERS[book.run.case.response], is_major=True)


def _ground(book: _Book) -> Iterator[Event]:
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


def _losses(book: _Book) -> Iterator[Event]:
    """Formations destroyed or spent."""
    for after, kind in ((DESTROYED, "destroyed"), (SPENT, "spent")):
        turned = (book.status[1:] == after) & (book.status[:-1] != after)
        for t, place, words, found in _grouped(book, turned):
            subject = book.subject(found)
            if after == DESTROYED:
                caption = f"{subject} {'is' if len(found) == 1 else 'are'} destroyed {words}"
            else:
                its = "its" if len(found) == 1 else "their"
                caption = f"{subject} {_plural(found, 'call')} off {its} attack {words}"
            is_major = after == DESTROYED and (len(found) > 2 or place in book.goals)
            yield Event(
                float(book.hours[t]),
                "destroyed" if kind == "destroyed" else "spent",
                caption,
                place,
                book.ids(found),
                is_major,
            )


def _withdrawals(book: _Book) -> Iterator[Event]:
    """Formations that left a place under attack by the way out, not by the way to their goal."""
    ever = book.run.forces["withdrew"] == 1
    at_place = book.road[:-1] < 0
    moved = at_place & ((book.road[1:] >= 0) | (book.node[1:] != book.node[:-1]))
    moved &= book.status[1:] != DESTROYED
    moved &= ever & ((book.status[:-1] == IN_PLACE) | ~_is_forward(book))
    for t, place, words, found in _grouped(book, moved, before=True):
        caption = f"{book.subject(found)} {_plural(found, 'withdraw')} from {words[3:]}"
        yield Event(float(book.hours[t]), "withdrew", caption, place, book.ids(found))


def _is_forward(book: _Book) -> NDArray[np.bool_]:
    """(frames - 1, F): whether a formation took the road from its place towards its goal."""
    ways = book.run.compiled.ways
    goal = ways.route[:, 0]
    side = np.array([member.side for member in book.members])
    onward = ways.hop[side, book.node[:-1], goal]
    return np.asarray(book.road[1:] == onward)


def _reinforcements(book: _Book) -> Iterator[Event]:
    late = np.array([member.formation.joins == "reinforced" for member in book.members])
    status = book.status
    afoot = late & (status[:-1] == WAITING) & ((status[1:] == MOVING) | (status[1:] == IN_PLACE))
    for frame in np.flatnonzero(afoot.any(axis=1)):
        found = [int(f) for f in np.flatnonzero(afoot[frame])]
        caption = f"{_reinforcing(book, found)} {_plural(found, 'set')} out"
        yield Event(float(book.hours[frame + 1]), "under-way", caption, None, book.ids(found))
    there = late & (status[:-1] != IN_PLACE) & (status[1:] == IN_PLACE)
    there &= np.cumsum(status[1:] == IN_PLACE, axis=0) == 1  # the first time
    for t, place, words, found in _grouped(book, there):
        arrive = _plural(found, "arrive")
        caption = f"{_reinforcing(book, found)} {arrive} {words}"
        yield Event(float(book.hours[t]), "arrived", caption, place, book.ids(found))


def _reinforcing(book: _Book, found: list[int]) -> str:
    if len(found) == 1:
        return book.force_name(found[0])
    return f"{_number(len(found))} reinforcing battalions"


def _grouped(
    book: _Book, turned: NDArray[np.bool_], *, before: bool = False
) -> Iterator[tuple[int, str, str, list[int]]]:
    """Frame, place (after the step or before it), words for it, and formations of each event.

    `turned` marks the formations to which something happened between a frame and the next.
    Both sides never share one.
    """
    for t in np.flatnonzero(turned.any(axis=1)):
        groups: dict[tuple[str, str, int], list[int]] = {}
        for f in np.flatnonzero(turned[t]):
            place, words = book.where(int(t) if before else int(t) + 1, int(f))
            groups.setdefault((place, words, book.members[f].side), []).append(int(f))
        for (place, words, _), found in groups.items():
            yield int(t) + 1, place, words, found


_CHAPTERS = (_opening, _crossing, _decision, _ground, _losses, _withdrawals, _reinforcements)
