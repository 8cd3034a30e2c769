"""The council's chances in a chunk of worlds (`glacis.alliance.council`).

Given what all share by chance and what they expect of each other, members decide independently, so
that counts of them are exact.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from glacis.alliance.bandwagon import APART
from glacis.alliance.bandwagon_kernel import meet
from glacis.alliance.council import Chances
from glacis.kernels import Floats, Ints, kernel, rule


class Rules(NamedTuple):
    """What the council's answer hangs on, in each of W worlds."""

    odds: Floats
    """(W, n) exponential of each member's leaning."""
    weights: Floats
    """(W, n) what each carries, adding up to 1."""
    shock: Floats
    """(W,) standard deviation of what all share."""
    gain: Floats
    """(W,) of the bandwagon."""
    step: Floats
    """(W,) from a full to a limited answer, in log odds."""
    abstain: Floats
    """(W,) probability that a member that leans to nothing does not block."""
    pivotal: Ints
    """(n,) 1 for members without whom there is no full answer."""
    coalition: Ints
    """(1,) members that are enough for a coalition of the willing."""


class Members(NamedTuple):
    """(n,) each member's probabilities, given what is shared and expected."""

    full: Floats
    some: Floats
    """Of at least a limited answer."""
    silent: Floats
    """Of leaning to nothing, and letting the others go on."""


@kernel
def answer_worlds(rules: Rules, nodes: Floats, masses: Floats, told: Chances) -> None:
    """Add up the chances of every world over what all share, and over both fixed points.

    Parameters
    ----------
    nodes, masses
        (K,) what all share, in standard deviations, and how much each counts.
    told
        Zeros, to be filled.
    """
    count = rules.odds.shape[1]
    members = Members(np.empty(count), np.empty(count), np.empty(count))
    buffer = np.empty(int(rules.coalition[0]) + 1)
    for w in range(len(rules.odds)):
        odds, weights, gain = rules.odds[w], rules.weights[w], rules.gain[w]
        for k in range(len(nodes)):
            shared = math.exp(rules.shock[w] * nodes[k])
            low, high, likely = meet(odds, weights, shared, gain)
            if high - low > APART:
                told.several[w] += masses[k]
            lift = shared * math.exp(gain * (2.0 * high - 1.0))
            decide(w, masses[k] * likely, lift, rules, members, buffer, told)
            if likely < 1.0:
                lift = shared * math.exp(gain * (2.0 * low - 1.0))
                decide(w, masses[k] * (1.0 - likely), lift, rules, members, buffer, told)


@rule
def decide(
    w: int, mass: float, lift: float, rules: Rules, members: Members, buffer: Floats, told: Chances
) -> None:
    """Add what a world's council does if all members' odds are lifted so."""
    set_members(w, lift, rules, members)
    pivotal, nobody_blocks, must = 1.0, 1.0, 0
    for i in range(len(members.full)):
        if rules.pivotal[i]:
            pivotal *= members.full[i]
            must += 1
        else:
            nobody_blocks *= members.some[i] + members.silent[i]
    enough = int(rules.coalition[0])
    coalition = pivotal * (1.0 - fewer(enough - must, members, FULL_OR_NOT, rules.pivotal, buffer))
    full = coalition + pivotal * fewer(
        enough - must, members, FULL_OR_UNBLOCKED, rules.pivotal, buffer
    )
    some = 1.0 - fewer(enough, members, SOME_OR_NOT, rules.pivotal, buffer)
    # Too few for anything, and yet full by consensus: the rest abstain.
    some += pivotal * fewer(enough - must, members, SOME_OR_SILENT, rules.pivotal, buffer)
    limited = max(some - full, 0.0)
    told.full[w] += mass * full
    told.limited[w] += mass * limited
    told.none[w] += mass * (1.0 - full - limited)
    told.by_consensus[w] += mass * pivotal * nobody_blocks
    told.by_coalition[w] += mass * coalition
    told.pivotal[w] += mass * pivotal
    for i in range(len(members.full)):
        told.member_full[w, i] += mass * members.full[i]
        told.member_none[w, i] += mass * (1.0 - members.some[i])
        # Of the others, who stands hangs little on what one of them does; the pivotal must.
        told.stands[w, i] += mass * full * (1.0 if rules.pivotal[i] else members.full[i])


@rule
def set_members(w: int, lift: float, rules: Rules, members: Members) -> None:
    """Each member's probabilities, if its odds are lifted so."""
    beyond = math.exp(rules.step[w])
    for i in range(len(members.full)):
        lifted = rules.odds[w, i] * lift
        members.full[i] = lifted / (1.0 + lifted)
        members.some[i] = lifted * beyond / (1.0 + lifted * beyond)
        members.silent[i] = (1.0 - members.some[i]) * rules.abstain[w]


FULL_OR_NOT, FULL_OR_UNBLOCKED, SOME_OR_SILENT, SOME_OR_NOT = range(4)
"""What members do that is counted, or else do; the last of all members, not of the others only."""


@rule
def fewer(count: int, members: Members, what: int, pivotal: Ints, buffer: Floats) -> float:
    """Mass of fewer than so many doing one thing, and all the rest the other."""
    if count <= 0:
        return 0.0
    buffer[0] = 1.0
    for c in range(1, count):
        buffer[c] = 0.0
    told = 0
    for i in range(len(members.full)):
        if pivotal[i] and what != SOME_OR_NOT:
            continue
        yes, no = members.full[i], 1.0 - members.full[i]
        if what == FULL_OR_UNBLOCKED:
            no = members.some[i] - members.full[i] + members.silent[i]
        elif what == SOME_OR_NOT:
            yes, no = members.some[i], 1.0 - members.some[i]
        elif what == SOME_OR_SILENT:
            yes, no = members.some[i], members.silent[i]
        told += 1
        add(buffer, min(told + 1, count), yes, no)
    total = 0.0
    for c in range(count):
        total += buffer[c]
    return total


@rule
def add(mass: Floats, count: int, yes: float, no: float) -> None:
    """Let one more member do the one thing or the other; `mass` is by how many did the one."""
    one_less = 0.0
    for c in range(count):
        own = mass[c]
        mass[c] = own * no + one_less * yes
        one_less = own
