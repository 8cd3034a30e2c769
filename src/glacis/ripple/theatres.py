"""Other theatres: how likely a crisis elsewhere is in the years after, a second and a third too.

Each theatre has a yearly hazard. It is multiplied while the guarantor that it leans on is
distracted, as long as munitions are short, by what is tied down in peace, and by resolve lost. A
crisis elsewhere distracts in its turn. Nobody has published how often rivals seize such moments:
every factor is elicited, from no effect on. Source: elicited.

Capability lost acts through distraction, munitions and stationing only, and resolve lost through
credibility only, so that nothing counts twice.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from glacis.kernels import Floats
from glacis.ripple.aftermath import DAYS_A_YEAR, FULL, MONTHS_A_YEAR, Aftermath
from glacis.ripple.cascade import MAX_HAZARD, Chain, each, numbers, spread, total
from glacis.ripple.credibility import resolve_lost
from glacis.scenario.ripple import Ripple
from glacis.worlds import Worlds


class Crises(NamedTuple):
    """Crises in K other theatres within the years that are counted, in each of W worlds."""

    p_second_theatre: Floats
    """(W,) probability of at least one."""
    expected: Floats
    """(W,) how many theatres have one."""
    number: Floats
    """(W, K + 1) probability that exactly 0 to K have one."""
    each: Floats
    """(W, K) probability of one in each theatre, in the section's order."""


def second_theatres(section: Ripple, worlds: Worlds, aftermath: Aftermath) -> Crises:
    """Crises in the other theatres after what happened here; after `peace`, without a war."""
    chain = crisis_chain(section, worlds, aftermath)
    found = spread(chain)
    theatres = len(section.theatres)
    by_theatre, number = each(found, theatres), numbers(found, theatres)
    gathered = (chain.hazards * chain.years[:, :, None]).reshape(worlds.n, -1)
    at_least_one = -np.expm1(-total(gathered))
    return Crises(at_least_one, total(by_theatre), number, by_theatre)


def crisis_chain(section: Ripple, worlds: Worlds, aftermath: Aftermath) -> Chain:
    """The crises to come as a chain whose hazards change with distraction and from year to year.

    h x distraction^engaged x munitions^short x overstretch^stationed x credibility^lost, in crises
    a year; engaged is 0 once the guarantor's hands are free again. Source: elicited.
    """
    of = worlds.record(section.effects)
    leans = _leaning(section)
    edges, free = _edges(section, of, aftermath)
    years = np.diff(edges, axis=1)
    is_engaged = (edges[:, :-1] + edges[:, 1:]) / 2 < free[:, None]
    distraction = _power(of["distraction"], engaged(of, aftermath))
    stretched = _power(of["overstretch"], aftermath.stationing)
    doubted = _power(of["credibility"], resolve_lost(section, worlds, aftermath))
    hazards = (
        _hazards(section, worlds)[:, None, :]
        * np.where(is_engaged[:, :, None], distraction[:, None, leans], 1.0)
        * _short(of, aftermath, edges)[:, :, None]
        * (stretched * doubted)[:, None, leans]
    )
    ending = MONTHS_A_YEAR / of["crisis_months"]
    hazards = np.minimum(hazards, MAX_HAZARD)
    return Chain(hazards, years, of["cascade"], ending, tuple(leans))


def engaged(of: dict[str, Floats], aftermath: Aftermath) -> Floats:
    """(W, G) how far each guarantor is distracted, 0 to 1, from H-hour until its hands are free.

    What fights is distracted altogether; what does not, by the attention that a war draws.
    """
    fights = aftermath.stood * (aftermath.answer == FULL)[:, None]
    drawn_in = fights + (1 - fights) * of["attention"][:, None]
    return np.asarray(drawn_in * aftermath.attacked[:, None])


def munitions_years(of: dict[str, Floats], aftermath: Aftermath, until: Floats) -> Floats:
    """(W, E) the integral over (W, E) years from H-hour of the factor of munitions spent.

    All that was spent lacks until the fighting ends; from then on it is made again evenly.
    """
    spent = (aftermath.munitions_spent * aftermath.attacked)[:, None]
    fighting = (aftermath.fighting_days * aftermath.attacked)[:, None] / DAYS_A_YEAR
    refill = of["refill_years"][:, None]
    slope = spent * np.log(of["munitions"])[:, None]
    most = np.exp(slope)
    making = np.clip(until - fighting, 0.0, refill)
    decay = slope * making / refill
    # (1 - exp(-x)) / x, and 1 at 0.
    mean = np.where(decay > 0, -np.expm1(-decay) / np.where(decay > 0, decay, 1.0), 1.0)
    again = np.maximum(until - fighting - refill, 0.0)
    return np.asarray(most * np.minimum(until, fighting) + most * making * mean + again)


def _short(of: dict[str, Floats], aftermath: Aftermath, edges: Floats) -> Floats:
    """(W, P) mean factor of munitions spent in each piece, so that its hazard is exact in sum."""
    lengths = np.diff(edges, axis=1)
    taken = np.diff(munitions_years(of, aftermath, edges), axis=1)
    return np.where(lengths > 0, taken / np.where(lengths > 0, lengths, 1.0), 1.0)


def _edges(section: Ripple, of: dict[str, Floats], aftermath: Aftermath) -> tuple[Floats, Floats]:
    """(W, P + 1) ends of the pieces in years from H-hour, and (W,) when hands are free again."""
    busy = aftermath.fighting_days / DAYS_A_YEAR + of["lingers_months"] / MONTHS_A_YEAR
    free = np.minimum(busy, section.years) * aftermath.attacked
    whole = np.append(np.arange(math.ceil(section.years)), section.years)
    fixed = np.broadcast_to(whole, (len(free), len(whole)))
    return np.sort(np.column_stack([fixed, free]), axis=1), free


def _hazards(section: Ripple, worlds: Worlds) -> Floats:
    """(W, K) yearly hazards as long as nothing happens here."""
    found = [worlds.values(theatre.hazard) for theatre in section.theatres.values()]
    return np.stack(found, axis=1) if found else np.zeros((worlds.n, 0))


def _leaning(section: Ripple) -> list[int]:
    """(K,) index of the guarantor that each theatre leans on."""
    order = list(section.guarantors)
    return [order.index(theatre.guarantor) for theatre in section.theatres.values()]


def _power(factor: Floats, share: Floats) -> Floats:
    """(W, G) a factor to the power of a share: 1 at none of it, all of the factor at 1."""
    return np.asarray(factor[:, None] ** share)
