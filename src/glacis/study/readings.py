"""What the tests of claims can read: variables of assessments, and figures made of several.

A reading gives one number for each world. The names of all variables of a comparison can be read
as they stand; what is made of several, or of two postures, is listed here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glacis.assess.choice import YEARS
from glacis.assess.loss import POSTURE
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.ripple.aftermath import MONTHS_A_YEAR, PEACE
from glacis.scenario.claims import Reading
from glacis.study.compare import Comparison


@dataclass(frozen=True)
class Frame:
    """Where a reading is made: a comparison that holds its case."""

    study: Comparison
    reading: Reading
    posture: str
    """Of the case; `Reading.posture` unless that was changed."""

    def of(self, name: str, posture: str | None = None, **at: str | float) -> Floats:
        """(W,) a variable under the case's posture, or another."""
        return self.study.values(name, posture or self.posture, **at)

    @property
    def base(self) -> str:
        """The posture that the case is compared with.

        Raises
        ------
        InputError
            If none is given.
        """
        if self.reading.base is None:
            raise InputError(f"{self.reading.read}: compares two postures; give `base`")
        return self.reading.base

    def labels(self, dim: str) -> list[str]:
        """One or several labels given for a dimension."""
        given = self.reading.at.get(dim)
        if given is None:
            raise InputError(f"{self.reading.read}: needs `at: {{{dim}: ...}}`")
        return [given] if isinstance(given, str) else [str(one) for one in given]  # type: ignore[union-attr]  # a number has no parts, and str is told apart


class Reader(NamedTuple):
    """How something is read."""

    read: Callable[[Frame], Floats]
    unit: str
    words: str


def read(frame: Frame) -> Floats:
    """(W,) what is read.

    Raises
    ------
    InputError
        If there is nothing of that name, or its labels do not fit.
    """
    name = frame.reading.read
    if name in READERS:
        return READERS[name].read(frame)
    if not frame.study.has(name):
        known = ", ".join([*READERS, *map(str, frame.study.dataset.data_vars)])
        raise InputError(f"{name}: nothing of that name can be read; choose among: {known}")
    try:
        found = frame.of(name, **frame.reading.at)  # type: ignore[arg-type]  # several labels are refused below
    except KeyError:
        raise InputError(f"{name}: has no {frame.reading.at}; see its labels") from None
    if found.ndim != 1:
        dims = ", ".join(map(str, frame.study.dataset[name].dims[2:]))
        raise InputError(f"{name}: must be read at one {dims}; give `at`")
    return found


def unit_of(study: Comparison, name: str) -> str:
    """The unit of what is read."""
    return READERS[name].unit if name in READERS else str(study.dataset[name].attrs["units"])


def _attack_outcomes(frame: Frame) -> Floats:
    wanted = frame.labels("outcome")
    share = sum((frame.of("outcomes", outcome=name) for name in wanted), np.zeros(frame.study.n))
    attacked = 1.0 - sum(frame.of("outcomes", outcome=name) for name in PEACE)
    return np.asarray(share / np.maximum(attacked, 1e-12))


def _loss_share(frame: Frame) -> Floats:
    wanted = frame.labels("outcome")
    lost = sum(
        (frame.of("loss_by_outcome", outcome=name) for name in wanted), np.zeros(frame.study.n)
    )
    return np.asarray(lost / np.maximum(frame.of("loss_without_posture"), 1e-12))


def _longest_mined(frame: Frame) -> Floats:
    return np.asarray(frame.of("mined_days").max(axis=1))


def _below_full(frame: Frame) -> Floats:
    return np.asarray(1.0 - frame.of("response", option=frame.study.option, answer="full"))


def _fall(frame: Frame) -> Floats:
    return np.asarray(frame.of("p_attack", frame.base) - frame.of("p_attack"))


def _second_by_war(frame: Frame) -> Floats:
    """Second theatres that do not come because a war does not."""
    less = frame.of("p_attack_5y", frame.base) - frame.of("p_attack_5y")
    more = frame.of("p_second_theatre_attacked", frame.base) - frame.of(
        "p_second_theatre_quiet", frame.base
    )
    return np.asarray(less * more)


def _second_by_stationing(frame: Frame) -> Floats:
    """Second theatres that come because forces are tied down in peace."""
    quiet = "p_second_theatre_quiet"
    return np.asarray(frame.of(quiet) - frame.of(quiet, frame.base))


def _provocation(frame: Frame) -> Floats:
    """Rise of p_attack by provocation over five years: while it is built up, and after."""
    window = _build_up(frame)
    before = frame.of("p_attack_buildup") - frame.of("p_attack", frame.base)
    return np.asarray(window * before + (1 - window) * frame.of("channel_threat"))


def _denial(frame: Frame) -> Floats:
    """Fall of p_attack by denial over five years: there is none before completion."""
    return np.asarray(-(1 - _build_up(frame)) * frame.of("channel_war"))


def _build_up(frame: Frame) -> Floats:
    """(W,) share of five years until all of a posture's measures are ready."""
    from glacis.campaign.run import draw_worlds

    scenario = frame.study.scenario
    worlds = draw_worlds(scenario, frame.study.n, frame.study.seed)
    base = {line.measure for line in scenario.postures[frame.base].measures}
    months = [
        worlds.values(scenario.measures[line.measure].lead_months)
        for line in scenario.postures[frame.posture].measures
        if line.measure not in base and line.quantity
    ]
    longest = np.max([np.zeros(frame.study.n), *months], axis=0)
    return np.asarray(np.minimum(longest / MONTHS_A_YEAR / YEARS, 1.0))


def _cheapest(frame: Frame) -> Floats:
    """Cost of the cheapest posture that brings most of the fall of p_attack, over the case's own.

    Infinite where no other does.
    """
    reach = frame.reading.at.get("reach")
    if not isinstance(reach, float | int):
        raise InputError("cheapest_cost: needs `at: {reach: 0.8}`, a share of the fall")
    wanted, least = reach * _fall(frame), np.full(frame.study.n, np.inf)
    for name in frame.study.scenario.postures:
        if name in frame.study.postures and name not in (frame.posture, frame.base):
            fall = frame.of("p_attack", frame.base) - frame.of("p_attack", name)
            cost = frame.of("loss", name, term=POSTURE)
            least = np.where(fall >= wanted, np.minimum(least, cost), least)
    return np.asarray(least / np.maximum(frame.of("loss", term=POSTURE), 1e-12))


READERS = {
    "outcome_given_attack": Reader(
        _attack_outcomes, "share", "probability of some outcomes together, given an attack"
    ),
    "loss_share": Reader(
        _loss_share, "share", "share of the expected loss, without the posture's cost, by outcomes"
    ),
    "longest_mined": Reader(
        _longest_mined, "days", "that mines alone close the port they close longest"
    ),
    "below_full": Reader(_below_full, "1", "probability of an answer below full to an assault"),
    "attack_fall": Reader(_fall, "1", "by how much p_attack is lower than under `base`"),
    "second_theatre_by_war": Reader(
        _second_by_war, "1", "second theatres spared since a war is less likely than under `base`"
    ),
    "second_theatre_by_stationing": Reader(
        _second_by_stationing, "1", "second theatres brought by what is tied down beyond `base`"
    ),
    "provocation_rise": Reader(
        _provocation, "1", "rise of p_attack over five years by provocation, build-up included"
    ),
    "denial_fall": Reader(_denial, "1", "fall of p_attack over five years by denial alone"),
    "cheapest_cost": Reader(
        _cheapest,
        "1",
        "cost of the cheapest posture that reaches `reach` of the fall, over its own",
    ),
}

#: What looks at all of the scenario's postures.
OF_ALL = ("cheapest_cost",)

__all__ = ["OF_ALL", "READERS", "Frame", "Reader", "read", "unit_of"]
