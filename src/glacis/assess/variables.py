"""What is kept of each world under each posture: the variables of an assessment.

Every variable has a value, or a row of values, for each world; NaN where it is undefined and
infinite where a thing never happens.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.assess.choice import CrisisStudy
from glacis.assess.consequences import Bill, Consequences
from glacis.assess.decision import luck_for
from glacis.assess.expected import goals, headline
from glacis.assess.loss import POSTURE, TERMS, posture_money
from glacis.assess.outcome import ENDINGS, Ended
from glacis.assess.played import ACTS
from glacis.assess.posed import Situation
from glacis.assess.wars import HOURS_A_DAY, Fought, Wars
from glacis.campaign.joint_record import ARRIVAL_DAYS, CAUSES, arrived_by, axis_power_ratio
from glacis.campaign.record import Campaign
from glacis.kernels import Floats
from glacis.ripple.aftermath import OUTCOMES, PEACE
from glacis.scenario.game import ANSWERS
from glacis.scenario.model import Scenario
from glacis.streams import Stream
from glacis.worlds import Worlds


class Variable(NamedTuple):
    """Values of one kind, one or a row for each world."""

    dims: tuple[str, ...]
    """Of a row; none if there is one value a world."""
    values: Floats
    """(W, ...)."""
    unit: str = "1"


Variables = dict[str, Variable]
CHANNELS = ("war", "answer", "threat")
"""What a posture changes of Red's choice."""


def coordinates(scenario: Scenario, war: Campaign) -> dict[str, list[Any]]:
    """What stands along each dimension."""
    found: dict[str, list[Any]] = {
        "act": list(ACTS),
        "option": list(scenario.options),
        "answer": list(ANSWERS),
        "outcome": list(OUTCOMES),
        "ending": list(ENDINGS),
        "objective": war.objectives,
        "goal": list(goals(scenario)),
        "munitions": list(war.munitions),
        "port": list(war.ports),
        "day": list(ARRIVAL_DAYS),
        "cause": list(CAUSES),
    }
    if scenario.ripple is not None:
        found["guarantor"] = list(scenario.ripple.guarantors)
    if scenario.loss is not None:
        found |= {"term": [POSTURE, *TERMS], "lost": list(TERMS)}
    return found


def of_choice(study: CrisisStudy, *, with_channels: bool = True) -> Variables:
    """What Red does, and what it goes by.

    Parameters
    ----------
    with_channels
        Whether the game is solved for each thing that the posture changes by itself; three games
        more for each world. What is left out is NaN.
    """
    options = study.options()
    found = {
        "p_attack": Variable((), study.p_attack),
        "p_attack_5y": Variable((), study.p_attack_5y),
        "p_attack_buildup": Variable((), study.p_attack_buildup),
        "acts": _row("act", study.acts()),
        "p_option": _row("option", options),
        "belief_full": Variable((), study.belief),
        "threat": Variable((), study.threat),
        "insecure": Variable((), study.insecure),
        "precision": Variable((), study.played.games.precisions),
        "best_attack_gain": Variable((), study.best_attack()),
    }
    alone = study.channels() if with_channels else {}
    untold = 0.0 if with_channels else np.nan
    for channel in CHANNELS:
        found[f"channel_{channel}"] = Variable((), alone.get(channel, np.full(study.n, untold)))
    return found


def _row(dim: str, columns: dict[str, Floats], unit: str = "1") -> Variable:
    return Variable((dim,), np.column_stack(list(columns.values())), unit)


def of_council(study: CrisisStudy) -> Variables:
    """What the council would answer to each option, and what Red expects."""
    told = study.prospects.council
    rows = [
        np.column_stack([one.none, one.limited, one.full])
        if (one := told.get(name)) is not None
        else np.full((study.n, len(ANSWERS)), np.nan)
        for name in study.scenario.options
    ]
    seen = {
        name: study.seen_by_red[name].full if name in told else np.full(study.n, np.nan)
        for name in study.scenario.options
    }
    return {
        "response": Variable(("option", "answer"), np.stack(rows, axis=1)),
        "full_as_red_sees_it": _row("option", seen),
    }


def of_ending(ended: Ended) -> Variables:
    """How worlds end."""
    found = {
        "outcomes": Variable(("outcome",), ended.outcome),
        "endings": Variable(("ending",), ended.ending),
        "ground_held": Variable((), ended.ground, "share"),
    }
    return found if ended.area is None else found | {"area_held": Variable((), ended.area, "share")}


def of_war(study: CrisisStudy, situation: Situation, fought: Fought) -> Variables:
    """The headline option's war: as it happens, and as it is if the answer is full."""
    luck = luck_for(situation.worlds, Stream.COUNCIL, "answer")
    helped = luck < study.prospects.council[fought.helped.option].full
    happens = _Happens(fought, helped)
    war = fought.helped
    names = war.objectives
    hours = [happens.read(partial(Campaign.hours_to, name=name)) for name in names]
    falls = [happens.read(partial(Campaign.falls, name=name)) for name in names]
    found = {
        "hours_to": Variable(("objective",), np.column_stack(hours), "h"),
        "falls": Variable(("objective",), np.column_stack(falls)),
        "falls_any": Variable((), happens.read(lambda one: one.falls("any"))),
        "forward_destroyed": Variable(
            (), happens.read(lambda one: one.forward_share("destroyed")), "share"
        ),
        "blue_casualties": Variable((), happens.close("blue_casualties"), "people"),
        "red_casualties": Variable((), happens.close("red_casualties"), "people"),
        "civilian_casualties": Variable((), happens.close("civilians"), "people"),
        "run_out": Variable(("munitions",), happens.read(_run_out_days), "days"),
    }
    if study.prospects.falls:
        found["p_falls"] = _row("goal", study.prospects.falls)
    return found | if_answered(situation, fought)


class _Happens(NamedTuple):
    """A war by the answer that is given."""

    fought: Fought
    helped: NDArray[np.bool_]
    """(W,) whether it is a full one."""

    def read(self, measure: Callable[[Campaign], Floats]) -> Floats:
        """A measure of the campaign that happens."""
        helped = measure(self.fought.helped)
        wide = self.helped if helped.ndim == 1 else self.helped[:, None]
        return np.asarray(np.where(wide, helped, measure(self.fought.alone)))

    def close(self, name: str) -> Floats:
        """How that war stands when the fighting ends."""
        one, two = self.fought.helped_close, self.fought.alone_close
        return np.asarray(np.where(self.helped, getattr(one, name), getattr(two, name)))


def _run_out_days(war: Campaign) -> Floats:
    return np.asarray(war.record.run_out, dtype=float) / HOURS_A_DAY


def if_answered(situation: Situation, fought: Fought) -> Variables:
    """The same war if the answer is full."""
    war, close = fought.helped, fought.helped_close
    decided = situation.delay / HOURS_A_DAY
    lost = war.falls("any") > 0
    back = (war.values("retaken_hour") - situation.delay) / HOURS_A_DAY
    in_time = war.values("retaken_hour") <= close.hour
    launched = np.isfinite(war.values("launched_hour")) & lost
    found = {
        "answered_hours_to": Variable(
            ("objective",), np.column_stack([war.hours_to(one) for one in war.objectives]), "h"
        ),
        "answered_falls_any": Variable((), war.falls("any")),
        "answered_blue_casualties": Variable((), close.blue_casualties, "people"),
        "retaken_days": Variable(
            (), np.where(lost, np.where(in_time, back, np.inf), np.nan), "days"
        ),
        "counter_nuclear": Variable((), np.where(launched, close.nuclear, np.nan)),
        "answered_nuclear": Variable((), close.nuclear),
        "answered_run_out": Variable(("munitions",), _run_out_days(war), "days"),
        "cohesion_days": Variable((), close.gave_out - decided, "days"),
        "arrived": Variable(
            ("day",),
            np.column_stack([arrived_by(war, day) for day in ARRIVAL_DAYS]),
            "battalions",
        ),
        "mined_days": Variable(("port",), np.asarray(war.record.mined_days, dtype=float), "days"),
        "axis_power_ratio": Variable((), axis_power_ratio(war)),
        "decision_hours": Variable((), situation.delay, "h"),
        "exposure": _row("cause", {c: war.values(f"exposed_{c}") for c in CAUSES}),
    }
    return found


def of_campaign(war: Campaign) -> Variables:
    """The war alone, where nobody decides anything: as if it were answered in full."""
    names = war.objectives
    return {
        "hours_to": Variable(
            ("objective",), np.column_stack([war.hours_to(name) for name in names]), "h"
        ),
        "falls": Variable(("objective",), np.column_stack([war.falls(name) for name in names])),
        "falls_any": Variable((), war.falls("any")),
        "forward_destroyed": Variable((), war.forward_share("destroyed"), "share"),
        "blue_casualties": Variable((), war.losses("blue"), "people"),
        "red_casualties": Variable((), war.losses("red"), "people"),
        "civilian_casualties": Variable((), war.values("civilians"), "people"),
        "run_out": Variable(("munitions",), _run_out_days(war), "days"),
        "axis_power_ratio": Variable((), axis_power_ratio(war)),
    }


def of_world(world: Consequences, p_attack_5y: Floats) -> Variables:
    """What is set off elsewhere."""
    attacked, quiet = world.attacked, world.quiet
    armed = [name for name in OUTCOMES if name not in PEACE]

    def five_years(name: str) -> Floats:
        one, two = getattr(attacked, name), getattr(quiet, name)
        p = p_attack_5y if two.ndim == 1 else p_attack_5y[:, None]
        # Where no attack can come, what would follow of one is undefined and counts for nothing.
        return np.asarray(p * np.where(np.isnan(one), two, one) + (1 - p) * two)

    programmes = [
        world.by_outcome[name].programmes if name in armed else quiet.programmes
        for name in OUTCOMES
    ]
    after = np.stack([world.by_answer[name].after for name in ANSWERS], axis=1)
    return {
        "p_second_theatre": Variable((), five_years("p_second")),
        "p_second_theatre_attacked": Variable((), attacked.p_second),
        "p_second_theatre_quiet": Variable((), quiet.p_second),
        "new_programmes": Variable((), five_years("programmes")),
        "new_programmes_by_outcome": Variable(("outcome",), np.column_stack(programmes)),
        "credibility_before": Variable(("guarantor",), quiet.before),
        "credibility_after": Variable(("guarantor",), five_years("after")),
        "resolve_lost_blocked": Variable(("guarantor",), world.lost_blocked),
        "resolve_lost_aside": Variable(("guarantor",), world.lost_aside),
        "credibility_by_answer": Variable(("answer", "guarantor"), after),
    }


def of_posture(scenario: Scenario, posture: str, worlds: Worlds) -> Variables:
    """What a posture costs."""
    money = posture_money(scenario, posture, worlds)
    return {
        "annual_cost": Variable((), money.annual, "meur/year"),
        "one_off_cost": Variable((), money.one_off, "meur"),
    }


def of_money(situation: Situation, bill: Bill | None) -> Variables:
    """What the posture costs, and what is lost all the same."""
    found = of_posture(situation.posed.base, situation.posed.posture, situation.worlds)
    if bill is None:
        return found
    return found | {
        "loss": _row("term", bill.expected.terms, "beur"),
        "expected_loss": Variable((), bill.expected.total, "beur"),
        "loss_without_posture": Variable((), bill.expected.without_posture, "beur"),
        "loss_given_attack": _row("lost", bill.given_attack, "beur"),
        "loss_by_outcome": Variable(("outcome",), bill.by_outcome, "beur"),
    }


class Whole(NamedTuple):
    """The whole chain of some worlds under one posture."""

    study: CrisisStudy
    situation: Situation
    wars: Wars
    ended: Ended
    world: Consequences | None
    bill: Bill | None


def variables(whole: Whole, *, with_channels: bool = True) -> Variables:
    """All that is kept of some worlds under one posture."""
    study, situation, wars, ended, world, bill = whole
    found = of_choice(study, with_channels=with_channels) | of_council(study) | of_ending(ended)
    told = headline(situation.posed.scenario)
    if told in wars:
        found |= of_war(study, situation, wars[told])
    if world is not None:
        found |= of_world(world, study.p_attack_5y)
    return found | of_money(situation, bill)


__all__ = [
    "Variable",
    "Variables",
    "Whole",
    "coordinates",
    "if_answered",
    "of_campaign",
    "of_posture",
    "variables",
]
