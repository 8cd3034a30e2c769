"""What campaigns give: the record of every world, the days of a chunk, and the film of one run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.state import NEVER, Table, table
from glacis.kernels import Floats

#: What is kept of each world, with its unit; hours are NEVER where a thing did not happen (but that
#: of the last contact is 0: what follows the fighting follows at once).
SUMMARY_UNITS = {
    "first_crossing": "h",
    "civilians": "people",
    "forward_destroyed": "people",  # people
    "forward_withdrawn": "people",
    "forward_intact": "people",
    "called": "battalions",  # reinforcing battalions that set out
    "in_place": "battalions",  # and arrived where they were to be
    "people_lost": "share",  # share of Blue's people on Red-held ground at the end
    "contact_hours": "place-hours",  # place-hours of fighting
    "last_contact": "h",  # at the end of the last step in which anything was fought over
    "seen_forward_casualties": "people",  # what the council sees when it decides
    "seen_blue_casualties": "people",
    "seen_red_casualties": "people",
    "seen_civilians": "people",
    "seen_people_lost": "share",
    "seen_places_lost": "places",
    "red_power": "battalions",  # of Red's battalions that are ready before the council answers
    "forward_power": "battalions",  # of the guarantors' forward force
    "blue_power": "battalions",  # of all Blue's battalions that are there from the start
    "aircraft_lost_blue": "aircraft",
    "aircraft_lost_red": "aircraft",
    "air_kills_blue": "battalions",  # battalion-equivalents destroyed by Blue's air force
    "air_kills_red": "battalions",
    "air_control_hour": "h",  # hour at which half of Blue's sorties get through
    "missiles_arrived": "missiles",  # on Blue's bases, ports and railheads
    "bases_closed_days": "airfield-days",  # airfield-days with more than half out of use
    "munitions_spent": "share",  # of Blue's at H-hour, gone at the end; the mean of its classes
    "corridor_passed": "battalions",  # reinforcing battalions through it
    "shipped": "battalions",  # reinforcing battalions landed from the sea
    "flown": "battalions",  # and flown in
    "offensive": "1",  # stage that the counter-offensive came to
    "launched_hour": "h",
    "retaken_hour": "h",  # nothing of Blue's is Red's any more
    "offensive_casualties": "people",  # Blue's since it was launched
    "exposed_use_or_lose": "1",  # exposure to nuclear use, by cause
    "exposed_collapse": "1",
    "exposed_annexed": "1",
    "exposed_fighting": "1",
    "nuclear_hour": "h",
}
SUMMARY = np.dtype([(name, "f8") for name in SUMMARY_UNITS], align=True)

FRAME_FORCE = np.dtype(
    [
        ("node", "i2"),
        ("road", "i2"),
        ("left", "f4"),
        ("strength", "f4"),
        ("status", "i1"),
        ("stuck", "i1"),  # what keeps a reinforcement, `lift.REASONS`
    ]
)
FRAME_PLACE = np.dtype(
    [
        ("holder", "i1"),
        ("contact", "i1"),
        ("odds", "f4"),
        ("damage", "f4"),
        ("mines", "f4"),
        ("swept", "i1"),
    ]
)
FRAME_SCENE = np.dtype(
    [
        ("control", "f4", (2,)),
        ("sam", "f4", (2,)),
        ("aircraft", "f4", (2,)),
        ("kills", "f4", (2,)),
        ("support", "f4", (2,)),
        ("corridor_passed", "f4"),
        ("offensive", "i1"),
        ("exposure", "f4"),
    ]
)

#: What is kept of each day while a chunk lives: what cohesion and the crisis look at.
DAY = np.dtype(
    [
        ("blue_casualties", "f4"),
        ("guarantor_casualties", "f4"),
        ("red_casualties", "f4"),
        ("people_lost", "f4"),  # share of Blue's people on Red-held ground
        ("stocks", "f4"),  # least effect left among Blue's classes of munitions
        ("control", "f4"),  # Blue's, of the air
        ("offensive", "i1"),
        ("exposure", "f4"),  # to nuclear use so far
        ("civilians", "f4"),  # killed and wounded so far
        ("munitions_spent", "f4"),  # of Blue's at H-hour, as in the summary
    ]
)


class Record(NamedTuple):
    """What campaigns give, one row a world. A chunk writes its rows of a whole study's arrays."""

    summary: Table  # (W,) SUMMARY
    reached: Floats  # (W, V) hours after H-hour
    falls: Floats  # (W, V)
    holder: NDArray[np.int8]  # (W, V) at the end
    casualties: Floats  # (W, groups) people killed and wounded
    captured: Floats  # (W, groups)
    arrival: NDArray[np.float32]  # (W, reinforcements) hour at its post, NEVER if it did not come
    stuck: NDArray[np.int8]  # (W, reinforcements) what kept it, in the end
    stuck_at: NDArray[np.int16]  # (W, reinforcements) place where it was then
    mined_days: NDArray[np.float32]  # (W, ports) days a port not held by Red was closed by mines
    run_out: NDArray[np.float32]  # (W, classes) hour at which a class of munitions ran out
    days: Table  # (W, days + 1) DAY as each day begins and at the end; of no length if not wanted
    held: NDArray[np.int8]  # (W, days + 1, V) side that holds each place then

    def rows(self, start: int, stop: int) -> Record:
        """Views of the rows of some worlds."""
        return Record._make(array[start:stop] for array in self)


class Film(NamedTuple):
    """Every formation and place after every step; of no length when nothing is filmed."""

    hour: Floats  # (frames,)
    forces: Table  # (frames, F) FRAME_FORCE
    places: Table  # (frames, V) FRAME_PLACE
    scene: Table  # (frames,) FRAME_SCENE
    stocks: Floats  # (frames, K) rounds left


class Sizes(NamedTuple):
    """How many columns the results of a scenario and option have."""

    places: int
    groups: int
    reinforcements: int
    ports: int
    classes: int
    forces: int


def new_record(worlds: int, sizes: Sizes, *, days: int = 0) -> Record:
    """Empty results; of 0 `days`, no daily record is kept."""
    record = Record(
        summary=table(worlds, SUMMARY),
        reached=np.full((worlds, sizes.places), NEVER),
        falls=np.full((worlds, sizes.places), NEVER),
        holder=np.zeros((worlds, sizes.places), dtype=np.int8),
        casualties=np.zeros((worlds, sizes.groups)),
        captured=np.zeros((worlds, sizes.groups)),
        arrival=np.full((worlds, sizes.reinforcements), NEVER, dtype=np.float32),
        stuck=np.zeros((worlds, sizes.reinforcements), dtype=np.int8),
        stuck_at=np.zeros((worlds, sizes.reinforcements), dtype=np.int16),
        mined_days=np.zeros((worlds, sizes.ports), dtype=np.float32),
        run_out=np.full((worlds, sizes.classes), NEVER, dtype=np.float32),
        days=table((worlds, days), DAY),
        held=np.zeros((worlds, days, sizes.places), dtype=np.int8),
    )
    for hour in ("first_crossing", "air_control_hour", "launched_hour", "retaken_hour"):
        record.summary[hour] = NEVER
    record.summary["nuclear_hour"] = NEVER
    return record


def new_film(frames: int, sizes: Sizes) -> Film:
    """An empty film; of 0 frames, nothing is filmed."""
    return Film(
        hour=np.zeros(frames),
        forces=table((frames, sizes.forces), FRAME_FORCE),
        places=table((frames, sizes.places), FRAME_PLACE),
        scene=table(frames, FRAME_SCENE),
        stocks=np.zeros((frames, sizes.classes)),
    )
