"""Credibility: what those who lean on a guarantor elsewhere make of what it did here.

Credibility is resolve times capability, for each guarantor by itself: a guarantor that would but
cannot counts for as little as one that could but would not, and the two multiply rather than add.
Source: blankenship-lin-greenberg-2022, quackenbush-2010.

Resolve falls with a promise broken, if past acts tell at all, which is contested: that they do not
is press-2005's reading, that backing down invites challenges weisiger-yarhi-milo-2015's. Capability
falls with what is tied down in peace and with munitions spent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glacis.kernels import Floats
from glacis.ripple.aftermath import FULL, LIMITED, Aftermath
from glacis.scenario.ripple import Ripple
from glacis.worlds import Worlds


class Credibility(NamedTuple):
    """Resolve and capability of G guarantors in each of W worlds: shares, (W, G) each."""

    resolve_before: Floats
    resolve_after: Floats
    capability_before: Floats
    capability_after: Floats
    lost: Floats
    """Share of the resolve before that is lost."""

    @property
    def before(self) -> Floats:
        """(W, G) credibility under the posture, before any war."""
        return self.resolve_before * self.capability_before

    @property
    def after(self) -> Floats:
        """(W, G) credibility once the fighting has ended."""
        return self.resolve_after * self.capability_after


def credibility(section: Ripple, worlds: Worlds, aftermath: Aftermath) -> Credibility:
    """How credible each guarantor is before and after what happened.

    A posture that shows resolve and capability makes good a share of the resolve that is lacking,
    from none on. Source: blankenship-lin-greenberg-2022, fuhrmann-sechser-2014, elicited.
    """
    of = worlds.record(section.reputation)
    added = of["reassured"] * aftermath.reassurance
    resolve = _each(section, worlds, "resolve")
    resolve = resolve + (1 - resolve) * added[:, None]
    able = _each(section, worlds, "capability") * (1 - aftermath.stationing)
    worn = worlds.values(section.effects.worn) * aftermath.munitions_spent * aftermath.attacked
    lost = resolve_lost(section, worlds, aftermath)
    return Credibility(resolve, resolve * (1 - lost), able, able * (1 - worn)[:, None], lost)


def resolve_lost(section: Ripple, worlds: Worlds, aftermath: Aftermath) -> Floats:
    """(W, G) share of its resolve that each guarantor has lost in the eyes of those elsewhere.

    What is left is the product of what a broken promise and a stalemate leave; nothing is lost
    where past acts tell nothing. Source: press-2005, weisiger-yarhi-milo-2015, elicited.
    """
    of = worlds.record(section.reputation)
    broken = _broken(of, aftermath)
    undecided = aftermath.stood * aftermath.ended("stalemate")[:, None]
    left = (1 - of["abandonment"][:, None] * broken) * (1 - of["stalemate"][:, None] * undecided)
    return np.asarray(of["reading"][:, None] * (1 - left))


def broken_promise(section: Ripple, worlds: Worlds, aftermath: Aftermath) -> Floats:
    """(W, G) how far each guarantor's promise counts as broken, 0 to 1.

    The share of it that stood aside counts in full. Where the answer was below full, the share that
    would have stood counts too, by how far being blocked is held against it; and all of that counts
    for less where the answer was at least a limited one. Source: elicited.
    """
    return _broken(worlds.record(section.reputation), aftermath)


def _broken(of: dict[str, Floats], aftermath: Aftermath) -> Floats:
    aside = 1 - aftermath.stood
    failed = aside + aftermath.stood * of["blocked"][:, None]
    weight = np.where(aftermath.answer == LIMITED, of["limited"], 1.0)[:, None]
    broken = np.where((aftermath.answer == FULL)[:, None], aside, failed * weight)
    return np.asarray(broken * aftermath.attacked[:, None])


def _each(section: Ripple, worlds: Worlds, name: str) -> Floats:
    """(W, G) one number of every guarantor."""
    return worlds.table([getattr(one, name) for one in section.guarantors.values()])
