"""What a posture sets off in the rest of the world, as the page tells it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from glacis.assess.variables import Variables, Whole, variables
from glacis.assess.years import Course, Risk, course_of
from glacis.campaign.statistics import statistics
from glacis.kernels import Floats
from glacis.ripple.aftermath import OUTCOMES
from glacis.scenario.game import ANSWERS
from glacis.scenario.ripple import Ripple

ANY = "any"
"""What stands for any of the theatres."""


def ripple_view(whole: Whole, section: Ripple) -> dict[str, Any]:
    """Other theatres year by year, credibility by answer, and programmes of allies' own."""
    found = variables(whole, with_channels=False)
    course = course_of(whole.study, whole.situation, whole.ended.tally)
    return {
        "posture": whole.study.posture,
        "years": section.years,
        "p_attack_5y": statistics(whole.study.p_attack_5y),
        "second_theatre": {
            "expected": statistics(found["p_second_theatre"].values),
            "attacked": statistics(found["p_second_theatre_attacked"].values),
            "quiet": statistics(found["p_second_theatre_quiet"].values),
        },
        "course": None if course is None else _course(course, section),
        "guarantors": _guarantors(section, found),
        "programmes": _programmes(section, whole, found),
    }


def _course(course: Course, section: Ripple) -> dict[str, Any]:
    """By theatre and year, chances in peace, after an attack, and after each answer to one."""
    guarantors = section.guarantors
    theatres = [
        {
            "id": name,
            "name": one.name,
            "guarantor": guarantors[one.guarantor].name,
            "note": one.description,
            **_told(course, partial(_in_theatre, number=k)),
        }
        for k, (name, one) in enumerate(section.theatres.items())
    ]
    any_of_them = {"id": ANY, "name": "Any of them", "guarantor": "", "note": ""}
    return {
        "years": list(course.years),
        "theatres": [*theatres, any_of_them | _told(course, lambda risk: risk.any)],
    }


def _told(course: Course, read: Callable[[Risk], Floats]) -> dict[str, Any]:
    quiet, attacked = read(course.quiet), read(course.attacked)
    return {
        "quiet": _by_year(quiet),
        "attacked": _by_year(attacked),
        "added": _by_year(attacked - quiet),
        "by_answer": {name: _by_year(read(one)) for name, one in course.by_answer.items()},
    }


def _in_theatre(risk: Risk, *, number: int) -> Floats:
    return risk.each[:, :, number]


def _by_year(values: Floats) -> list[dict[str, float | None]]:
    return [statistics(values[:, year]) for year in range(values.shape[1])]


def _guarantors(section: Ripple, found: Variables) -> list[dict[str, Any]]:
    """How credible each guarantor is before an attack, and after each answer to one."""
    return [
        {
            "id": name,
            "name": one.name,
            "before": statistics(found["credibility_before"].values[:, g]),
            "after": {
                answer: statistics(found["credibility_by_answer"].values[:, a, g])
                for a, answer in enumerate(ANSWERS)
            },
            "lost_blocked": statistics(found["resolve_lost_blocked"].values[:, g]),
            "lost_aside": statistics(found["resolve_lost_aside"].values[:, g]),
        }
        for g, (name, one) in enumerate(section.guarantors.items())
    ]


def _programmes(section: Ripple, whole: Whole, found: Variables) -> dict[str, Any] | None:
    """New nuclear programmes of protected states; None if no state could start one."""
    number = whole.situation.worlds.values(section.protectees.number)
    if not np.any(number > 0):
        return None
    by_outcome = found["new_programmes_by_outcome"].values
    return {
        "years": section.protectees.years,
        "states": statistics(number),
        "expected": statistics(found["new_programmes"].values),
        "by_outcome": [
            {"id": name, **statistics(by_outcome[:, k])} for k, name in enumerate(OUTCOMES)
        ],
    }


__all__ = ["ripple_view"]
