"""T7: what moves the public of each member, where experiments measured it."""

from __future__ import annotations

from typing import Any

import numpy as np

from glacis.alliance.leanings import Seen, public_support, seated
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.alliance import Alliance
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.study.beds import Support
from glacis.worlds import Worlds

PERCENTILES = {"p05": 5, "median": 50, "p95": 95}


def support_figures(scenario: Scenario, bed: Support, drawn: Worlds) -> dict[str, Any]:
    """How many points support moves with troops that died there, and with bad odds.

    Before any bandwagon, for a member whose public stands at the base; the same for every member,
    as the effects are.

    Parameters
    ----------
    drawn
        Worlds in which the scenario's Quantities were drawn.

    Raises
    ------
    InputError
        If the scenario has no alliance.
    """
    alliance = scenario.alliance
    if alliance is None:
        raise InputError(f"{scenario.name} has no alliance; write one, or name another scenario")
    base = _support(alliance, drawn, bed, dead=0.0, odds=1.0, is_present=False)
    died = _support(alliance, drawn, bed, dead=bed.dead.value, odds=1.0, is_present=True)
    doubted = _support(alliance, drawn, bed, dead=0.0, odds=bed.doubtful.value, is_present=False)
    return {
        "members": len(seated(alliance)),
        "base": bed.base.value,
        "presence_and_deaths": _told(died - base),
        "bad_odds": _told(doubted - base),
    }


def _support(
    alliance: Alliance, worlds: Worlds, bed: Support, *, dead: float, odds: float, is_present: bool
) -> Floats:
    """(W,) support of one member whose polled support, kindly worded, is the base."""
    n = len(worlds)
    seen = Seen(
        odds=np.full(n, odds),
        dead=np.full(n, dead),
        own_dead=np.zeros((n, 1)),
        own_troops=np.full((n, 1), float(is_present)),
        casualties=np.zeros(n),
        nuclear=np.zeros(n),
        at_stake=np.ones(n),
    )
    plain = alliance.public.model_copy(update={"wording": Quantity("certain", mode=0.0)})
    polled = np.full((n, 1), bed.base.value)
    return public_support(plain, worlds, polled=polled, seen=seen)[:, 0]


def _told(change: Floats) -> dict[str, float]:
    """Points of support by percentile of worlds."""
    return {
        f"{name}_points": 100 * float(np.percentile(change, share))
        for name, share in PERCENTILES.items()
    }
