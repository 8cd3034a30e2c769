"""A single engagement to its end, by the campaign's own rules of combat.

The test beds of `glacis.study.testbed` fight thousands of these and compare them with history.
"""

from __future__ import annotations

import math

from glacis.campaign.combat import intensity, loss_rates, tempo
from glacis.campaign.state import Table
from glacis.kernels import Floats, kernel, rule

ATTACKER_WINS, UNDECIDED, DEFENDER_WINS = 1, 0, -1
_STEP_HOURS = 6.0
_NOTHING = 1e-6  # a side of less than this is gone


@rule
def fight(
    ratio: float,
    days: float,
    combat: Table,
    attacker_breaks: float,
    defender_breaks: float,
) -> tuple[int, float, float]:
    """Fight one engagement.

    Parameters
    ----------
    ratio
        Effective power of the attacker over the defender at the start.
    days
        Most days it can last; undecided then.
    combat
        One world's combat numbers.
    attacker_breaks, defender_breaks
        Share of loss at which each gives up; above 1, never.

    Returns
    -------
    tuple
        Who won, and the shares that attacker and defender kept.
    """
    attacker, defender = 1.0, 1.0
    hour = 0.0
    while hour < 24.0 * days and min(attacker, defender) > _NOTHING:
        odds = ratio * attacker / defender
        share = tempo(hour / 24.0, combat.surge_days, combat.sustained_tempo)
        pressed = intensity(odds, combat.press_at, share) * _STEP_HOURS / 24.0
        attacker_rate, defender_rate = loss_rates(
            odds, combat.attacker_loss, combat.defender_loss, combat.exponent
        )
        attacker *= math.exp(-attacker_rate * pressed)
        defender *= math.exp(-defender_rate * pressed)
        hour += _STEP_HOURS
        attacker_used = (1.0 - attacker) / attacker_breaks
        defender_used = (1.0 - defender) / defender_breaks
        if max(attacker_used, defender_used) >= 1.0:
            won = ATTACKER_WINS if defender_used > attacker_used else DEFENDER_WINS
            return won, attacker, defender
    return UNDECIDED, attacker, defender


@kernel
def fight_all(
    ratio: Floats,
    days: Floats,
    worlds: Table,
    breaks: bool,
    outcome: Floats,
    attacker_kept: Floats,
    defender_kept: Floats,
) -> None:
    """Fight engagement ``k`` by the numbers of world ``k``, for all; fills the last three arrays.

    Parameters
    ----------
    breaks
        Whether sides give up at their breakpoints, or fight all the days.
    """
    for k in range(len(ratio)):
        combat = worlds[k].combat
        attacker_breaks = combat.breakpoint_red if breaks else 2.0
        defender_breaks = combat.breakpoint_blue if breaks else 2.0
        won, attacker, defender = fight(ratio[k], days[k], combat, attacker_breaks, defender_breaks)
        outcome[k] = won
        attacker_kept[k] = attacker
        defender_kept[k] = defender
