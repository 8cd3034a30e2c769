"""What Red believes of the alliance's will: a base rate, and the register of acts that moved it.

The rule that weighs them stands in `glacis.crisis.belief`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from glacis.scenario.fields import (
    Collection,
    Factor,
    Id,
    Measured,
    Record,
    Share,
    Text,
    one_or_many,
)
from glacis.scenario.quantity import Quantity

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Subject = Literal["will", "capability", "red"]


class Signal(Record):
    """A dated act of the past, and how telling Red finds it.

    Its own source says that the act happened; that of its likelihood, how it is weighed.
    """

    name: Text
    date: Text = Field(description="day on which it was known: YYYY-MM-DD")
    about: Annotated[
        tuple[Subject, ...],
        BeforeValidator(one_or_many, json_schema_input_type=str | tuple[Subject, ...]),
    ] = Field(
        ("will",),
        description="what it speaks of: the alliance's will, its capability, or red (Red's type)",
    )
    likelihood: Annotated[
        Factor,
        Field(
            description="times likelier if the alliance will answer in full than if it will not; "
            "about red: if Red is insecure than if it is an opportunist"
        ),
    ]
    description: Text = ""

    @property
    def moves(self) -> Literal["will", "red"]:
        """What the act is evidence of: that the alliance will answer, or that Red is insecure."""
        return "red" if "red" in self.about else "will"


class Belief(Record):
    """Red's belief in a full answer: where it starts, and what moves it."""

    base: Annotated[
        Share, Field(description="Red's base rate of allies that keep their word when it counts")
    ]
    insecure: Annotated[
        Share | None,
        Field(description="share of insecure types in Red before anything is known of it"),
    ] = None
    independence: Annotated[
        Quantity,
        Measured("share", above=0, at_most=1),
        Field(description="share of each act's weight that the others do not already tell"),
    ]
    signals: Annotated[dict[Id, Signal], Collection] = Field(default_factory=dict)


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written YYYY-MM-DD."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
