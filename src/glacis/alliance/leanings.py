"""How each member leans, term by term: what it is, and what it sees at the decision.

A leaning is the log odds of being for a full answer, before what the alliance shares by chance and
before what the others do. Each term is kept, so that an answer can be explained.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from glacis.kernels import Floats
from glacis.scenario.alliance import Alliance, Member, Public
from glacis.worlds import Worlds

TERMS = (
    "executive",
    "public",
    "odds",
    "exposure",
    "trust",
    "populism",
    "isolationism",
    "ties",
    "own_troops",
    "own_dead",
    "cost",
    "nuclear",
    "stakes",
)
"""What a leaning is made of, in the order of `Leanings.terms`."""

OWN = ("support", "executive", "exposure", "trust", "populism", "isolationism", "ties")
TENTH = 0.1
EVEN = 0.5
SUREST = 1 - 1e-6


class Seen(NamedTuple):
    """What the members see at the decision, in each of W worlds; n members that sit."""

    odds: Floats
    """(W,) probability of success from there on."""
    dead: Floats
    """(W,) allied troops dead so far, in the forward force."""
    own_dead: Floats
    """(W, n) each member's own."""
    own_troops: Floats
    """(W, n) its troops that stood there, in people."""
    casualties: Floats
    """(W,) allied casualties expected of going on, in people."""
    nuclear: Floats
    """(W,) probability of nuclear use expected of going on."""
    at_stake: Floats
    """(W,) share of the defended states' people whom the attack is about."""


class Leanings(NamedTuple):
    """How the members lean in each of W worlds."""

    members: tuple[str, ...]
    support: Floats
    """(W, n) share of each public for using force."""
    terms: Floats
    """(W, n, terms) log odds, in the order of `TERMS`."""

    @property
    def total(self) -> Floats:
        """(W, n) log odds of a full answer."""
        return np.asarray(self.terms.sum(axis=2))


def seated(alliance: Alliance) -> dict[str, Member]:
    """The members that sit on the council, by nation."""
    return {name: member for name, member in alliance.members.items() if member.sits}


def leanings(alliance: Alliance, worlds: Worlds, seen: Seen) -> Leanings:
    """How each member that sits leans, in each world.

    Parameters
    ----------
    worlds
        Sampled from the scenario of `alliance`.
    seen
        For the members of `seated`, in that order.
    """
    members = seated(alliance)
    own = {name: worlds.table([getattr(one, name) for one in members.values()]) for name in OWN}
    weights = worlds.record(alliance.government)
    support = public_support(alliance.public, worlds, polled=own["support"], seen=seen)
    wide = {name: value[:, None] for name, value in weights.items()}
    terms = {
        "executive": own["executive"],
        "public": wide["gain"] * logit(support),
        "odds": wide["odds"] * (seen.odds[:, None] - EVEN) / EVEN,
        "exposure": wide["exposure"] * own["exposure"],
        "trust": wide["trust"] * own["trust"],
        "populism": -wide["populism"] * own["populism"],
        "isolationism": -wide["isolationism"] * own["isolationism"],
        "ties": -wide["ties"] * own["ties"],
        "own_troops": wide["own_troops"] * (seen.own_troops > 0),
        "own_dead": wide["own_dead"] * felt(seen.own_dead, wide["own_dead_half"]),
        "cost": -wide["cost"] * felt(seen.casualties, weights["cost_half"])[:, None],
        "nuclear": -wide["nuclear"] * seen.nuclear[:, None] / TENTH,
        "stakes": -wide["stakes"] * (1 - felt(seen.at_stake, weights["stakes_half"]))[:, None],
    }
    stacked = np.empty((*support.shape, len(TERMS)))
    for k, name in enumerate(TERMS):
        stacked[:, :, k] = terms[name]
    return Leanings(tuple(members), support, stacked)


def public_support(public: Public, worlds: Worlds, *, polled: Floats, seen: Seen) -> Floats:
    """(W, n) share of each public for using force, from what it said in polls and what it sees.

    Effects were measured in points at one base; they act on the log odds, so that none leaves 0 to
    1. Source: musgrave-ward-2023, tomz-2023.
    """
    of = worlds.record(public)
    presence = points(of["base"], of["presence_gain"]) * np.any(seen.own_troops > 0, axis=1)
    deaths = points(of["base"], of["deaths_gain"]) * felt(seen.dead, of["deaths_half"])
    change = of["wording"] + presence + deaths - odds_loss(of, seen.odds)
    return np.asarray(special.expit(logit(polled) + change[:, None]))


def odds_loss(of: dict[str, Floats], odds: Floats) -> Floats:
    """(W,) log odds that a public loses by the odds: none at certainty, linear between the points.

    Below what it calls doubtful it loses no more.
    """
    even = -points(of["base"], -of["even_loss"])
    doubtful = -points(of["base"], -of["doubtful_loss"])
    toward_even = np.clip((1 - odds) / (1 - EVEN), 0, 1)
    beyond = np.clip((EVEN - odds) / (EVEN - np.minimum(of["doubtful_odds"], EVEN - TENTH)), 0, 1)
    return np.asarray(even * toward_even + (doubtful - even) * beyond)


def points(base: Floats, gain: Floats) -> Floats:
    """Points gained at a base, as log odds."""
    return np.asarray(logit(base + gain) - logit(base))


def felt(count: Floats, half: Floats) -> Floats:
    """How far a number of dead is felt, 0 to 1; a half at `half`."""
    return np.asarray(count / (count + np.maximum(half, 1e-9)))


def logit(share: Floats) -> Floats:
    """Log odds of a share, kept from 0 and 1."""
    return np.asarray(special.logit(np.clip(share, 1 - SUREST, SUREST)))
