"""Targets of scenarios: campaigns run as each asks, and what was measured against what was seen.

A replication counts hours from the first crossing of the border, as published games do; history
counts them from H-hour, because that is when its clocks start.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from glacis.campaign.record import Campaign
from glacis.campaign.run import Response, run_campaign
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.model import Scenario, Target

NO_LIMIT_BATTALIONS = 1e6
TRAVEL_TIME_WITHIN = 0.10  # the median moves by less without any Blue
OBSERVED_SPEEDS = "observed_speeds"
SHARE_BARS = ("share_under", "share_under_most")

Key = tuple[int, str, str, str]


@dataclass(frozen=True, eq=False)
class Case:
    """One campaign to be run."""

    scenario: Scenario
    posture: str
    option: str
    response: Response

    @property
    def key(self) -> Key:
        """The same for cases that are one campaign."""
        return id(self.scenario), self.posture, self.option, self.response


@dataclass(frozen=True, eq=False)
class Row:
    """One target of a scenario, with the cases that it needs: its own and its companions'."""

    scenario: Scenario
    target: Target
    case: Case
    companions: Mapping[str, Case]

    @property
    def cases(self) -> list[Case]:
        """All of them."""
        return [self.case, *self.companions.values()]


class Spread(NamedTuple):
    """Hours at which a thing happened, over worlds; infinite where it mostly did not."""

    low: float  # 10th percentile
    median: float
    high: float  # 90th percentile

    @classmethod
    def of(cls, hours: Floats) -> Spread:
        """The spread of hours of which some are infinite."""
        return cls(*(float(p) for p in np.percentile(hours, [10, 50, 90], method="inverted_cdf")))

    @property
    def ratio(self) -> float:
        """The 90th percentile over the 10th."""
        return self.high / self.low if math.isfinite(self.high) and self.low > 0 else math.inf

    def figures(self) -> dict[str, float]:
        """As plain data."""
        return {"median_hours": self.median, "p10_hours": self.low, "p90_hours": self.high}


def rows_of(scenario: Scenario) -> Iterator[Row]:
    """The scenario's targets as rows, in its order."""
    varied: dict[tuple[str, ...], Scenario] = {(): scenario}
    for target in scenario.targets:
        names = tuple(target.variants)
        if names not in varied:
            varied[names] = scenario.variant(*names)
        case = _case(varied[names], target)
        companions = (
            dict(_companions(scenario, case.scenario, target))
            if target.kind == "replication"
            else {}
        )
        yield Row(scenario, target, case, companions)


def _case(scenario: Scenario, target: Target) -> Case:
    return Case(scenario, target.posture, target.option, target.response)


def _companions(base: Scenario, varied: Scenario, target: Target) -> Iterator[tuple[str, Case]]:
    """What is printed beside a replication: the same with something taken away."""
    for name, scenario in _reduced(varied):
        yield name, _case(scenario, target)
    if varied is not base:
        yield OBSERVED_SPEEDS, _case(base, target)
        for name, scenario in _reduced(base):
            yield f"{OBSERVED_SPEEDS}_{name}", _case(scenario, target)


def _reduced(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    yield "no_blue", without_blue(scenario)
    yield "no_demolitions", scenario.replace({"campaign.obstacles.fired": 0})
    yield (
        "no_road_capacity",
        scenario.replace({"campaign.movement.free_column": NO_LIMIT_BATTALIONS}),
    )


def without_blue(scenario: Scenario) -> Scenario:
    """The scenario with all of Blue's battalions gone, those that measures would add too."""
    paths = ["forces.blue.*.strength"] if scenario.forces.blue else []
    for name, measure in scenario.measures.items():
        paths += [
            f"measures.{name}.effects.{number}.add.strength"
            for number, effect in enumerate(measure.effects)
            if effect.add is not None and effect.add.side == "blue"
        ]
    return scenario.replace(dict.fromkeys(paths, 0))


def run_cases(
    cases: Iterable[Case], *, worlds: int, seed: int, runner: Runner | None = None
) -> dict[Key, Campaign]:
    """Each campaign once, by its key; progress is told over all of them."""
    distinct = {case.key: case for case in cases}
    runner = runner or Runner()
    found: dict[Key, Campaign] = {}
    for key, case in distinct.items():
        found[key] = run_campaign(
            case.scenario,
            case.posture,
            option=case.option,
            response=case.response,
            runs=worlds,
            seed=seed,
            runner=_shifted(runner, len(found) * worlds, len(distinct) * worlds),
        )
    return found


def _shifted(runner: Runner, before: int, total: int) -> Runner:
    """A runner that counts `before` worlds as done already."""
    tell = runner.progress
    if tell is None:
        return runner
    return replace(runner, progress=lambda done, _: tell(before + done, total))


def measured(row: Row, campaigns: Mapping[Key, Campaign]) -> dict[str, Any]:
    """What a row's campaigns gave, beside what was observed, and whether the bar is met."""
    target = row.target
    hours = _hours(campaigns[row.case.key], target)
    spread = Spread.of(hours)
    found: dict[str, Any] = {
        "scenario": row.scenario.name,
        "name": target.name,
        "measure": target.measure,
        "place": target.place,
        **_observed(target, spread),
        **spread.figures(),
        "p90_over_p10": spread.ratio,
        "share": float(np.isfinite(hours).mean()),
    }
    for name in SHARE_BARS:
        if (bar := getattr(target, name)) is not None:
            found[name] = {"hours": bar[0], "share": float((hours < bar[0]).mean())}
    found["met"] = _is_met(target, found, spread)
    if row.companions:
        beside = {
            name: Spread.of(_hours(campaigns[case.key], target))
            for name, case in row.companions.items()
        }
        found["companions"] = {name: one.figures() for name, one in beside.items()}
        found["reading"] = reading(spread.median, beside["no_blue"].median)
    return found


def _observed(target: Target, spread: Spread) -> dict[str, Any]:
    """What was seen and whether it lies within 10-90 %; nothing where nobody saw it."""
    if target.observed_hours is None:
        return {"observed_hours": None, "inside": None, "whole_observation_inside": None}
    low, high = target.observed_hours.support
    return {
        "observed_hours": [low, high],
        "inside": spread.low <= (low + high) / 2 <= spread.high,
        "whole_observation_inside": spread.low <= low and high <= spread.high,
    }


def _hours(campaign: Campaign, target: Target) -> Floats:
    """Hours in each world, infinite where it did not happen."""
    ask = campaign.since_crossing if target.kind == "replication" else campaign.hours_to
    known = {*campaign.places, *campaign.scenario.objectives.groups}
    if target.place not in known:
        raise InputError(f"target {target.id} ({target.name}): no place or group {target.place!r}")
    hours = ask(target.place, target.measure)
    return np.where(np.isnan(hours), np.inf, hours)


def _is_met(target: Target, found: Mapping[str, Any], spread: Spread) -> bool:
    """Whether everything that the target asks is so."""
    bars = []
    if target.median_hours is not None:
        least, most = target.median_hours
        bars.append(least <= spread.median <= most)
    if target.share_under is not None:
        bars.append(found["share_under"]["share"] >= target.share_under[1])
    if target.share_under_most is not None:
        bars.append(found["share_under_most"]["share"] <= target.share_under_most[1])
    if not bars:
        bars.append(bool(found["inside"]))
    if target.max_spread is not None:
        bars.append(spread.ratio <= target.max_spread)
    return all(bars)


def bar_of(target: Target) -> str:
    """What a target asks, in words."""
    words = []
    if target.median_hours is not None:
        words.append("median {:g} to {:g} h".format(*target.median_hours))
    if target.share_under is not None:
        hours, share = target.share_under
        words.append(f"at least {100 * share:g} % under {hours:g} h")
    if target.share_under_most is not None:
        hours, share = target.share_under_most
        words.append(f"at most {100 * share:g} % under {hours:g} h")
    if not words:
        words.append("observed within 10-90 %")
    if target.max_spread is not None:
        words.append(f"P90/P10 at most {target.max_spread:g}")
    return "; ".join(words)


def reading(median: float, without_blue: float) -> str:
    """What a replicated time is, judged by what becomes of it without any Blue."""
    if not (math.isfinite(median) and math.isfinite(without_blue)):
        return "not a travel time: it is not reached in most worlds"
    moved = abs(without_blue - median) / median
    what = "a travel time" if moved < TRAVEL_TIME_WITHIN else "more than a travel time"
    return f"{what}: without any Blue the median moves by {100 * moved:.1f} %"
