"""What a story of a run is told with: its events, names and places, and words for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.compile import Member
from glacis.campaign.filming import Run
from glacis.campaign.state import RED

Kind = Literal[
    "alert",
    "h-hour",
    "mined",
    "crossing",
    "decision",
    "air-won",
    "base-shut",
    "base-open",
    "port-open",
    "reached",
    "fell",
    "retaken",
    "under-way",
    "kept",
    "arrived",
    "corridor",
    "withdrew",
    "spent",
    "destroyed",
    "ran-out",
    "ordered",
    "launched",
    "halted",
    "called-off",
    "all-retaken",
    "nuclear",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # what Literal lists
"""In the order of a story: events of one hour are told in it."""

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


@dataclass(frozen=True)
class Book:
    """What a teller looks up: names, and where everyone was after each step."""

    run: Run

    @cached_property
    def hours(self) -> NDArray[np.float64]:
        """Hours of the frames."""
        return self.run.film.hour

    @cached_property
    def status(self) -> NDArray[np.int8]:
        """(frames, F) each formation's status."""
        return np.asarray(self.run.film.forces["status"])

    @cached_property
    def road(self) -> NDArray[np.int16]:
        """(frames, F) the road that it is on, -1 at a place."""
        return np.asarray(self.run.film.forces["road"])

    @cached_property
    def node(self) -> NDArray[np.int16]:
        """(frames, F) the place where it is, or that it left."""
        return np.asarray(self.run.film.forces["node"])

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The formations."""
        return self.run.compiled.members

    @cached_property
    def goals(self) -> set[str]:
        """The places that a short account names."""
        scenario, option = self.run.compiled.scenario, self.run.case.option
        return {*scenario.objectives.places, *scenario.options[option].objectives}

    def place_name(self, v: int) -> str:
        """A place's name."""
        places = self.run.compiled.scenario.theatre.places
        return places[self.run.compiled.network.places[v]].name

    def force_name(self, f: int) -> str:
        """A formation's name, or its id without one."""
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
        return f"{number_word(len(found))} {side} battalions"

    def ids(self, found: list[int]) -> tuple[str, ...]:
        """The formations' ids."""
        return tuple(self.members[f].id for f in found)


def number_word(count: int) -> str:
    """A number as a word, up to ten."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def plural(found: list[int], verb: str) -> str:
    """A verb of the third person for one subject, the plain form for several."""
    return f"{verb}s" if len(found) == 1 else verb


def listed(names: list[str]) -> str:
    """Names one after the other, the last after "and"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def reinforcing(book: Book, found: list[int]) -> str:
    """Reinforcing formations as the subject of a sentence."""
    if len(found) == 1:
        return book.force_name(found[0])
    return f"{number_word(len(found))} reinforcing battalions"


def grouped(
    book: Book, turned: NDArray[np.bool_], *, before: bool = False
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
