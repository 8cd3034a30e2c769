"""A run told, the arms' part: air, bases and ports, arrivals kept, munitions, the way back.

The arms act at the beginning of each day: what they did in a frame happened when its step began.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from glacis.campaign.events import Book, Event, Kind, listed, number_word, reinforcing
from glacis.campaign.lift import (
    AIR_UNSAFE,
    AIRFIELD_LOST,
    AIRFIELD_SHUT,
    GATHERED,
    PORT_LOST,
    PORT_MINED,
    PORT_SHUT,
    ROAD_FULL,
    SEA_UNSAFE,
    WAY_LOST,
)
from glacis.campaign.state import (
    BY_SEA,
    CALLED_OFF,
    HALTED,
    LAUNCHED,
    MOVING,
    NOT_ORDERED,
    ORDERED,
    RED,
    WAITING,
)

SHUT = 0.5
"""Share of a base's facilities out of use above which it is shut."""

KEPT_HOURS = 24.0
"""A shorter wait is not told."""

#: What keeps reinforcements where they wait, in words; what is missing here keeps nobody.
KEEPERS = {
    AIRFIELD_LOST: "the airfield of {} is in Red hands",
    AIRFIELD_SHUT: "the airfield of {} is full or damaged",
    AIR_UNSAFE: "the air is not safe enough to fly to {}",
    PORT_LOST: "the port of {} is in Red hands",
    PORT_MINED: "the port of {} is mined",
    PORT_SHUT: "the port of {} is full or damaged",
    SEA_UNSAFE: "the sea off {} is not safe enough",
    ROAD_FULL: "road and railway from {} are full",
    WAY_LOST: "the way on from {} is in Red hands",
}


def _air(book: Book) -> Iterator[Event]:
    hour = float(book.run.record.summary["air_control_hour"][0])
    if math.isfinite(hour):
        verb = "holds" if hour == 0.0 else "wins"
        caption = f"Blue {verb} the air: half of its sorties and more get through"
        yield Event(hour, "air-won", caption, is_major=True)


def _bases(book: Book) -> Iterator[Event]:
    """Airfields, ports and railheads of which missiles put more than half out of use."""
    shut = book.run.film.places["damage"] > SHUT
    for v in np.flatnonzero(shut.any(axis=0)):
        place, what = book.run.compiled.network.places[v], _facilities(book, int(v))
        name = book.place_name(int(v))
        turned = np.flatnonzero(np.diff(shut[:, v].astype(np.int8), prepend=0))
        for t in turned:
            hour = _begun(book, int(t))
            if shut[t, v]:
                caption = f"Missiles shut the {what} of {name}: more than half is out of use"
                yield Event(hour, "base-shut", caption, place, is_major=True)
            else:
                caption = f"The {what} of {name} is repaired: more than half works again"
                yield Event(hour, "base-open", caption, place)


def _facilities(book: Book, v: int) -> str:
    """What there is at a place for missiles to hit."""
    place = book.run.compiled.scenario.theatre.places[book.run.compiled.network.places[v]]
    own = {"airfield": place.airfield, "port": place.port, "railhead": place.railhead or None}
    return listed([name for name, number in own.items() if number is not None]) or "base"


def _begun(book: Book, frame: int) -> float:
    """Hour at which the step before a frame began, when that day's arms did what it shows."""
    return float(book.hours[max(frame - 1, 0)])


def _ports(book: Book) -> Iterator[Event]:
    """Ports closed by mines, and swept."""
    ports, network = book.run.compiled.reach.ports, book.run.compiled.network
    swept = book.run.film.places["swept"] == 1
    mined = [int(v) for v in ports if not swept[0, v]]
    if mined:
        word = "port" if len(mined) == 1 else "ports"
        caption = f"Mines close the {word} of {listed([book.place_name(v) for v in mined])}"
        place = network.places[mined[0]] if len(mined) == 1 else None
        yield Event(0.0, "mined", caption, place, is_major=True)
    for v in mined:
        if swept[-1, v]:
            hour = _begun(book, int(np.argmax(swept[:, v])))
            caption = f"The port of {book.place_name(v)} is swept: ships may come"
            yield Event(hour, "port-open", caption, network.places[v], is_major=True)


def _kept(book: Book) -> Iterator[Event]:
    """Reinforcements kept waiting for a day and more, together by day, reason and place.

    The first wait for each reason is major.
    """
    found: dict[tuple[int, int, int], list[tuple[float, int]]] = {}
    for hour, reason, v, f in _waits(book):
        found.setdefault((int(hour // 24.0), reason, v), []).append((hour, f))
    told: set[int] = set()
    for (_, reason, v), waits in sorted(found.items(), key=lambda item: min(item[1])):
        forces = [f for _, f in sorted(waits)]
        where = book.place_name(v) if v >= 0 else "every lane"
        are = "is" if len(forces) == 1 else "are"
        caption = f"{reinforcing(book, forces)} {are} kept waiting: {KEEPERS[reason].format(where)}"
        yield Event(
            min(waits)[0],
            "kept",
            caption,
            book.run.compiled.network.places[v] if v >= 0 else None,
            book.ids(forces),
            is_major=reason not in told,
        )
        told.add(reason)


def _waits(book: Book) -> Iterator[tuple[float, int, int, int]]:
    """Hour, reason, place (-1 if none) and formation of the first wait of each for each reason."""
    stuck, hours = book.run.film.forces["stuck"], book.hours
    halted = (book.status == WAITING) | ((book.status == MOVING) & (book.road < 0))
    for f, member in enumerate(book.members):
        if not member.reinforces:
            continue
        reasons = np.where(halted[:, f], stuck[:, f], 0)
        starts = np.flatnonzero(np.diff(reasons, prepend=-1))
        told: set[int] = set()
        for start, end in zip(starts, [*starts[1:], len(hours) - 1], strict=True):
            reason = int(reasons[start])
            if reason not in KEEPERS or reason in told or hours[end] - hours[start] < KEPT_HOURS:
                continue
            told.add(reason)
            yield float(hours[start]), reason, _waits_for(book, int(start), f), f


def _waits_for(book: Book, frame: int, f: int) -> int:
    """The place that a formation waits for: its first port if it is to be shipped, else its own."""
    force = book.run.compiled.forces[f]
    if force["mode"] == BY_SEA and book.status[frame, f] == WAITING:
        return int(book.run.compiled.reach.lanes[f, 0])
    return int(book.node[frame, f])


def _corridor(book: Book) -> Iterator[Event]:
    passed = book.run.film.scene["corridor_passed"]
    if passed[-1] > 0.0:
        frame = int(np.argmax(passed > 0.0))
        count = round(float(passed[frame]))
        several = f"{number_word(count).lower()} " if count > 1 else ""
        words = "battalion comes" if count == 1 else "battalions come"
        caption = f"The first {several}reinforcing {words} through the corridor"
        yield Event(float(book.hours[frame]), "corridor", caption, is_major=True)


def _munitions(book: Book) -> Iterator[Event]:
    for k, (side, _, stock) in enumerate(book.run.compiled.inventory.classes):
        hour = float(book.run.record.run_out[0, k])
        if math.isfinite(hour):
            who = "Red" if side == RED else "Blue"
            caption = f"{who} has used up a class of munitions: {stock.name}"
            yield Event(hour, "ran-out", caption, is_major=True)


def _way_back(book: Book) -> Iterator[Event]:
    """The counter-offensive's stages."""
    stage = book.run.film.scene["offensive"]
    for t in np.flatnonzero(np.diff(stage)) + 1:
        before, after = int(stage[t - 1]), int(stage[t])
        kind: Kind
        if after == NOT_ORDERED:
            if before != LAUNCHED:
                continue
            kind, caption = "all-retaken", "Everything that was lost is Blue's again"
        elif after == LAUNCHED:
            sent = int((book.run.film.forces["stuck"][t] == GATHERED).sum())
            kind = "launched"
            caption = f"Blue launches its counter-offensive: {number_word(sent).lower()} battalions"
        else:
            kind, caption = _ORDERS[after]
        yield Event(_begun(book, int(t)), kind, caption, is_major=True)


_ORDERS: dict[int, tuple[Kind, str]] = {
    ORDERED: ("ordered", "Blue orders a counter-offensive: enough power is gathered"),
    HALTED: ("halted", "The counter-offensive is halted: its losses are too high"),
    CALLED_OFF: ("called-off", "No counter-offensive: too few have come, and no more are coming"),
}


def _nuclear(book: Book) -> Iterator[Event]:
    hour = float(book.run.record.summary["nuclear_hour"][0])
    if math.isfinite(hour):
        caption = "A nuclear weapon is used, as nobody had planned; the log goes on without it"
        yield Event(hour, "nuclear", caption, is_major=True)


ARMS_CHAPTERS: tuple[Callable[[Book], Iterator[Event]], ...] = (
    _air,
    _bases,
    _ports,
    _kept,
    _corridor,
    _munitions,
    _way_back,
    _nuclear,
)
