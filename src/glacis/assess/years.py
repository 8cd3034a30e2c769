"""Crises in other theatres, year by year: after an attack here, by its answer, and in peace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glacis.assess.choice import CrisisStudy
from glacis.assess.consequences import aftermaths, peace_under, told_alike, weighed
from glacis.assess.outcome import CLASSES, Tally
from glacis.assess.posed import Situation
from glacis.kernels import Floats
from glacis.ripple.aftermath import Aftermath, peace
from glacis.ripple.theatres import second_theatres
from glacis.scenario.game import ANSWERS
from glacis.scenario.ripple import Ripple


class Risk(NamedTuple):
    """How likely crises have come by the end of each of Y years, in each of W worlds."""

    each: Floats
    """(W, Y, K) in each of K theatres, in the section's order."""
    any: Floats
    """(W, Y) in at least one."""


@dataclass(frozen=True)
class Course:
    """What other theatres have to fear as years go by, from H-hour or from today on."""

    years: tuple[float, ...]
    """Whole ones, and the last in which crises are counted."""
    quiet: Risk
    """If no attack comes."""
    attacked: Risk
    """Given that one comes; NaN where none can."""
    by_answer: dict[str, Risk]
    """Given that one comes and is answered so; likewise."""


def course_of(study: CrisisStudy, situation: Situation, tally: Tally) -> Course | None:
    """What other theatres have to fear year by year; None where there are none.

    By the last year it is what `glacis.assess.consequences` tells.

    Parameters
    ----------
    tally
        How worlds end, of `glacis.assess.outcome.ended`.
    """
    section = situation.posed.scenario.ripple
    if section is None or not section.theatres:
        return None
    years = (*map(float, np.arange(1, np.ceil(section.years))), float(section.years))
    here = peace_under(study, situation, section)
    calm = peace(
        section, situation.worlds, stationing=here.stationing, reassurance=here.reassurance
    )
    told: dict[int, Risk] = {}
    groups = told_alike(tally)
    every = aftermaths(section, situation, tally, here, groups)
    for numbers, after in zip(groups, every, strict=True):
        told |= dict.fromkeys(numbers, _risk(section, situation, after, years))
    return Course(
        years=years,
        quiet=_risk(section, situation, calm, years),
        attacked=_over(told, tally.share, (len(years), len(section.theatres))),
        by_answer={
            answer: _over(
                {number: one for number, one in told.items() if CLASSES[number][1] == answer},
                tally.share,
                (len(years), len(section.theatres)),
            )
            for answer in ANSWERS
        },
    )


def _risk(
    section: Ripple, situation: Situation, aftermath: Aftermath, years: Sequence[float]
) -> Risk:
    """The same chain of crises, counted over each horizon in turn."""
    found = [
        second_theatres(section.model_copy(update={"years": one}), situation.worlds, aftermath)
        for one in years
    ]
    return Risk(
        np.stack([one.each for one in found], axis=1),
        np.stack([one.p_second_theatre for one in found], axis=1),
    )


def _over(told: dict[int, Risk], shares: Floats, shape: tuple[int, int]) -> Risk:
    """The mean over classes of endings, by how likely they are."""
    worlds, (years, theatres) = shares.shape[1], shape
    each = {number: one.each.reshape(worlds, -1) for number, one in told.items()}
    at_all = {number: one.any for number, one in told.items()}
    return Risk(
        weighed(each, shares, years * theatres).reshape(worlds, years, theatres),
        weighed(at_all, shares, years),
    )


__all__ = ["Course", "Risk", "course_of"]
