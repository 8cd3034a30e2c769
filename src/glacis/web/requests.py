"""What the page's server is asked, field by field: everything is checked, and capped."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from glacis.campaign.run import MAX_DAYS
from glacis.web.live import MOST_WORLDS, REPLAYED, REST
from glacis.web.state import Asked, Levers, Name, State, Where

MOST_STUDIED = 4_096
"""Worlds of a study."""
MOST_POINTS = 15
MOST_POSTURES = 4
REPLAY_DAYS = 30.0
"""Days of a replayed campaign, if it is not said how many."""
CLAIMS_WORLDS = 320
"""Worlds that the ledger is tested in, if it is not said how many."""

Studied = Annotated[int, Field(ge=1, le=MOST_STUDIED)]
Answered = Annotated[int, Field(ge=1, le=MOST_WORLDS)]
Points = Annotated[int, Field(ge=2, le=MOST_POINTS)]
Text = Annotated[str, Field(min_length=1, max_length=300)]


class Assessed(Asked):
    """One posture, at once."""

    state: State = State()
    worlds: Answered = REST


class Column(Levers):
    """One of several postures that are compared."""

    name: Name


class Compared(Where):
    """Several postures, at once."""

    postures: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_POSTURES)]
    worlds: Answered = REST


class Driven(Asked):
    """What drives one figure of a posture, from worlds that are run at once."""

    state: State = State()
    worlds: Answered = REST
    figure: Annotated[str, Field(max_length=120)] = ""
    """The headline if left out."""


class Spanned(Asked):
    """Two inputs, as ``lever:MEASURE`` or ``set:PATH``; those that show most if left out."""

    state: State = State()
    x: Text | None = None
    y: Text | None = None
    points: Points = 7


class Replayed(Asked):
    """One run of the campaign."""

    state: State = State()
    option: Annotated[str, Field(max_length=120)] = ""
    """The scenario's headline option if left out."""
    response: Literal["none", "limited", "full"] = "full"
    run: Literal["median", "worst-tenth"] | Annotated[int, Field(ge=0, lt=REPLAYED)] = "median"
    days: Annotated[float, Field(gt=0, le=MAX_DAYS)] = REPLAY_DAYS


class Reported(Asked):
    """A report on the posture of the page beside presets."""

    state: State = State()
    postures: Annotated[tuple[Name, ...], Field(max_length=MOST_POSTURES)] = ()
    worlds: Answered = REST


class ClaimsParams(Asked):
    """What the ledger is tested with."""

    worlds: Studied = CLAIMS_WORLDS
    reds: Annotated[tuple[Name, ...], Field(min_length=1, max_length=6)] | None = None


class GridParams(Asked):
    """Two inputs, as ``lever:MEASURE`` or ``set:PATH``."""

    x: Text
    y: Text
    points: Points = 7
    worlds: Answered = REST


class CompareParams(Asked):
    """Postures beside that of the page; all of the scenario's if none."""

    postures: Annotated[tuple[Name, ...], Field(max_length=12)] = ()
    worlds: Studied = 1_000


class SensitivityParams(Asked):
    """What drives a figure, from so many worlds that weaker drivers are seen."""

    figure: Annotated[str, Field(max_length=120)] = ""
    worlds: Studied = MOST_STUDIED


PARAMS: dict[str, type[Asked]] = {
    "claims": ClaimsParams,
    "grid": GridParams,
    "compare": CompareParams,
    "sensitivity": SensitivityParams,
}


class Studying(Asked):
    """A slow study, done by the worker."""

    kind: Literal["claims", "grid", "compare", "sensitivity"]
    state: State = State()
    params: dict[str, Any] = Field({}, max_length=16)


__all__ = [
    "CLAIMS_WORLDS",
    "MOST_POINTS",
    "MOST_POSTURES",
    "PARAMS",
    "REPLAY_DAYS",
    "Assessed",
    "ClaimsParams",
    "Column",
    "CompareParams",
    "Compared",
    "Driven",
    "GridParams",
    "Replayed",
    "Reported",
    "SensitivityParams",
    "Spanned",
    "Studying",
]
