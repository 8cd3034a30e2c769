"""Programmes of allies' own: how many protected states start on nuclear weapons in what follows.

Only states that are strong, or whose ally fails them, acquire; guarantees hold back, and a broken
one lets go. Source: monteiro-debs-2014, bleek-lorber-2014.

What protected states make of a broken promise does not hang on the reading of reputation: that is
about what a rival infers, and an ally has more to go by, and more to lose.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glacis.kernels import Floats
from glacis.ripple.aftermath import Aftermath
from glacis.ripple.credibility import broken_promise
from glacis.scenario.ripple import Ripple
from glacis.worlds import Worlds


class Programmes(NamedTuple):
    """New programmes within the years that are counted, in each of W worlds."""

    expected: Floats
    """(W,) how many states start one."""
    p_any: Floats
    """(W,) probability that at least one does."""
    factor: Floats
    """(W,) on the hazard of one state, of what happened."""


def programmes(section: Ripple, worlds: Worlds, aftermath: Aftermath) -> Programmes:
    """How many of the protectees start a programme within the years that are counted."""
    factor = hazard_factor(section, worlds, aftermath)
    return within(section.protectees.years, section, worlds, factor)


def within(years: float, section: Ripple, worlds: Worlds, factor: Floats) -> Programmes:
    """How many start one within so many years, each by itself at a constant yearly hazard.

    One of n starts within T years with 1 - exp(-h T), and none of them does with exp(-n h T).
    Source: elicited.

    Parameters
    ----------
    factor
        Of `hazard_factor`.
    """
    number = worlds.values(section.protectees.number)
    mean = worlds.values(section.protectees.hazard) * factor * years
    return Programmes(number * -np.expm1(-mean), -np.expm1(-number * mean), factor)


def hazard_factor(section: Ripple, worlds: Worlds, aftermath: Aftermath) -> Floats:
    """(W,) by how much what happened multiplies the hazard of a programme.

    A promise broken in part raises by that power of what one broken in all would; guarantors count
    by how far protectees lean on them. What a posture reassures of counts while no attack has come:
    after one, what was done speaks. Source: elicited.
    """
    of = worlds.record(section.protectees)
    reliance = worlds.table([one.reliance for one in section.guarantors.values()])
    total = reliance.sum(axis=1)
    broken = (reliance * broken_promise(section, worlds, aftermath)).sum(axis=1)
    powers = {
        "abandoned": broken / np.where(total > 0, total, 1.0),
        "stalemate": aftermath.ended("stalemate"),
        "won": aftermath.ended("repelled", "retaken"),
        "deterred": aftermath.ended("deterred"),
        "nuclear_use": aftermath.ended("nuclear_use"),
        "reassured": aftermath.reassurance * ~aftermath.attacked,
    }
    logs = [np.log(of[name]) * power for name, power in powers.items()]
    return np.asarray(np.exp(np.sum(logs, axis=0)))
