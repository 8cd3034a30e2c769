"""The council: from the members' leanings to one answer.

The answer is full if every pivotal member is for it and either enough members are (a coalition of
the willing) or nobody blocks (consensus); a member that leans to nothing blocks unless it abstains.
Failing that it is limited if enough members are for at least that, and else none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from glacis.alliance.bandwagon import fixed_points
from glacis.alliance.leanings import Leanings, seated
from glacis.jit import load_kernels
from glacis.kernels import Floats, Ints
from glacis.quadrature import normal_points
from glacis.scenario.alliance import Alliance
from glacis.worlds import Worlds

NODES = 9
"""Points at which what all share by chance is taken: Gauss-Hermite."""


class Chances(NamedTuple):
    """Probabilities of the council's answer in each of W worlds, luck left open."""

    full: Floats
    limited: Floats
    none: Floats
    by_consensus: Floats
    """(W,) that nobody blocks and every pivotal member is for a full answer."""
    by_coalition: Floats
    """(W,) that a coalition of the willing is large enough, its pivotal members in it."""
    pivotal: Floats
    """(W,) that every pivotal member is for a full answer."""
    member_full: Floats
    """(W, n) that a member is for a full answer."""
    member_none: Floats
    """(W, n) that a member leans to nothing."""
    stands: Floats
    """(W, n) that a member is for a full answer, and that it is given."""
    several: Floats
    """(W,) how likely the bandwagon has two fixed points."""


def chances(alliance: Alliance, worlds: Worlds, lean: Leanings) -> Chances:
    """How likely each answer is, given what the members see, over what is left to luck.

    What all share by chance is integrated over, and where the bandwagon has two fixed points both
    count with their weights. Given that, members decide independently, so that counts of them are
    exact.
    """
    nodes, masses = normal_points(NODES)
    of, council = worlds.record(alliance.council), alliance.council
    kernel = load_kernels("glacis.alliance.council_kernel")
    leaning = lean.total
    rules = kernel.Rules(
        odds=np.exp(leaning),
        weights=carried(alliance, worlds),
        shock=of["shock"],
        gain=of["bandwagon"],
        step=worlds.values(alliance.government.step),
        abstain=of["abstain"],
        pivotal=np.array([int(name in council.pivotal) for name in lean.members]),
        coalition=np.array([council.coalition]),
    )
    alone, members = np.zeros((7, len(leaning))), np.zeros((3, *leaning.shape))
    told = Chances._make([*alone[:6], *members, alone[6]])
    kernel.answer_worlds(rules, nodes, masses, told)
    return told


def carried(alliance: Alliance, worlds: Worlds) -> Floats:
    """(W, n) what each member that sits carries, adding up to 1."""
    shares = worlds.table([one.capability for one in seated(alliance).values()])
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


class Answers(NamedTuple):
    """What the council does in each of W worlds, by their luck."""

    answer: Ints
    """(W,) index in `ANSWERS`."""
    stands: NDArray[np.bool_]
    """(W, n) who is for a full answer."""
    blocks: NDArray[np.bool_]
    """(W, n) who leans to nothing and says so."""


class Luck(NamedTuple):
    """What is left to chance in each world, uniform from 0 to 1."""

    shock: Floats
    """(W,) what all share."""
    member: Floats
    """(W, n) what each member adds."""
    abstention: Floats
    """(W, n) whether a member that leans to nothing lets the others go on."""
    expectation: Floats
    """(W,) which of two fixed points expectations come to."""


def answers(alliance: Alliance, worlds: Worlds, lean: Leanings, luck: Luck) -> Answers:
    """What the council does if chance falls so."""
    of = worlds.record(alliance.council)
    leaning = lean.total + (of["shock"] * ndtri(luck.shock))[:, None]
    points = fixed_points(leaning, carried(alliance, worlds), of["bandwagon"])
    m = np.where(luck.expectation < points.weight_high, points.high, points.low)
    pulled = leaning + (of["bandwagon"] * (2 * m - 1))[:, None]
    step = worlds.values(alliance.government.step)[:, None]
    full = luck.member < expit(pulled)
    some = luck.member < expit(pulled + step)
    blocks = ~some & (luck.abstention >= of["abstain"][:, None])
    is_pivotal = np.array([name in alliance.council.pivotal for name in lean.members])
    pivotal = np.all(full[:, is_pivotal], axis=1)
    enough = alliance.council.coalition
    nobody_blocks = ~np.any(blocks[:, ~is_pivotal], axis=1)
    for_full = pivotal & ((full.sum(axis=1) >= enough) | nobody_blocks)
    for_some = some.sum(axis=1) >= enough
    return Answers(np.where(for_full, 2, np.where(for_some, 1, 0)), full, blocks)


def delay_hours(alliance: Alliance, worlds: Worlds, found: Chances) -> Floats:
    """(W,) hours from H-hour to the council's answer: longer with every member that hesitates."""
    of = worlds.record(alliance.council)
    hesitant = (1 - found.member_full).sum(axis=1)
    return np.asarray(of["delay_days"] * 24.0 + of["hesitation_days"] * 24.0 * hesitant)
