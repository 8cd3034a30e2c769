"""The claims ledger: propositions of an argument, each with the test it stands or falls by.

A test reads variables of assessments. What it reads them of is a case: a posture, perhaps with
measures more or fewer, under variants and replaced numbers.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from glacis.scenario.fields import Collection, Id, Ids, Record, Text

FORMS = ("at_least", "at_most", "above", "below", "times", "share", "falls", "every", "some")
"""A test has one of these."""
NEEDS_OF = ("times", "share", "falls")
"""Forms that compare with `ClaimTest.of`."""
VARIABLES = (
    "acts",
    "annual_cost",
    "answered_blue_casualties",
    "answered_falls_any",
    "answered_hours_to",
    "answered_nuclear",
    "answered_run_out",
    "arrived",
    "axis_power_ratio",
    "belief_full",
    "best_attack_gain",
    "blue_casualties",
    "channel_answer",
    "channel_threat",
    "channel_war",
    "civilian_casualties",
    "cohesion_days",
    "counter_nuclear",
    "credibility_after",
    "credibility_before",
    "credibility_by_answer",
    "decision_hours",
    "endings",
    "expected_loss",
    "exposure",
    "falls",
    "falls_any",
    "forward_destroyed",
    "full_as_red_sees_it",
    "ground_held",
    "area_held",
    "hours_to",
    "insecure",
    "loss",
    "loss_by_outcome",
    "loss_given_attack",
    "loss_without_posture",
    "mined_days",
    "new_programmes",
    "new_programmes_by_outcome",
    "one_off_cost",
    "outcomes",
    "p_attack",
    "p_attack_5y",
    "p_attack_buildup",
    "p_falls",
    "p_option",
    "p_second_theatre",
    "p_second_theatre_attacked",
    "p_second_theatre_quiet",
    "precision",
    "red_casualties",
    "resolve_lost_aside",
    "resolve_lost_blocked",
    "response",
    "retaken_days",
    "run_out",
    "threat",
)
"""Variables of a comparison, which can be read as they stand."""
MADE = (
    "attack_fall",
    "below_full",
    "cheapest_cost",
    "denial_fall",
    "longest_mined",
    "loss_share",
    "outcome_given_attack",
    "part_share",
    "provocation_rise",
    "second_theatre_by_stationing",
    "second_theatre_by_war",
)
"""Figures made of several of them (`glacis.study.readings`)."""
READABLE = (*VARIABLES, *MADE)


class PostureLine(Record):
    """So many units of a measure, at a place or leg where the measure needs one."""

    measure: Id
    at: str | None = None
    quantity: Annotated[int, Field(ge=0, le=2000)] = 1


class Reading(Record):
    """One figure, as each world gives it."""

    read: Id = Field(description="what is read; the reference lists all that there is")
    posture: Id = Field(description="under which posture")
    base: Id | None = Field(
        None, description="the posture that it is compared with, where what is read needs one"
    )
    at: dict[str, str | float | tuple[str, ...]] = Field(
        default_factory=dict, description="labels of what is read, such as an objective"
    )
    variants: Ids = Field((), description="under which variants, besides the ledger's own")
    set: dict[str, Any] = Field(default_factory=dict, description="numbers that are replaced")
    plus: tuple[PostureLine, ...] = Field((), description="what the posture holds besides")
    less: Ids = Field((), description="its parts that are left out")


class ClaimTest(Record):
    """What must hold in a world; of the forms below exactly one."""

    reading: Reading | None = Field(None, description="what is tested")
    at_least: float | None = Field(None, description="bar on it")
    at_most: float | None = Field(None, description="bar on it")
    above: Reading | None = Field(
        None, description="it is higher than this, by the ledger's margin: a tenth and a point"
    )
    below: Reading | None = Field(None, description="it is lower than this, by that margin")
    times: Annotated[float, Field(gt=0)] | None = Field(
        None, description="it is at least so many times `of`"
    )
    share: Annotated[float, Field(gt=0)] | None = Field(
        None, description="it is at most this share of `of`"
    )
    falls: Annotated[float, Field(ge=0)] | None = Field(
        None, description="it is lower than `of` by at least so much"
    )
    of: Reading | None = Field(None, description="what `times`, `share` and `falls` are of")
    every: tuple[ClaimTest, ...] = Field((), description="all of these hold")
    some: tuple[ClaimTest, ...] = Field((), description="at least `count` of these hold")
    count: Annotated[int, Field(ge=1)] = 1
    given: ClaimTest | None = Field(
        None, description="worlds in which this does not hold are left out"
    )


class Claim(Record):
    """One proposition of the argument."""

    statement: Text
    kind: Literal["fact", "mechanism", "policy"]
    test: ClaimTest
    beside: dict[str, ClaimTest] = Field(
        default_factory=dict, description="other tests that are told beside it, by their name"
    )
    rests_on: Ids = Field((), description="paths of numbers that name what is tested")
    notes: tuple[Text, ...] = Field((), description="where facts in print disagree")


class Claims(Record):
    """The ledger, and what its tests share."""

    reds: Ids = Field(description="variants under each of which every claim is tested")
    parts: dict[Id, dict[Id, Ids]] = Field(
        default_factory=dict,
        description="posture to its named parts, and the measures of each",
    )
    ledger: Annotated[dict[Id, Claim], Collection]


__all__ = [
    "FORMS",
    "MADE",
    "NEEDS_OF",
    "READABLE",
    "VARIABLES",
    "Claim",
    "ClaimTest",
    "Claims",
    "PostureLine",
    "Reading",
]
