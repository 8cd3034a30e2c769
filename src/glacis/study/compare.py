"""Postures side by side: the whole chain over the same worlds, and what differs between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.assess.assessment import assembled
from glacis.assess.chain import Chain, Sparing, prepare, stream, stream_answered
from glacis.assess.choice import typical
from glacis.assess.expected import headline
from glacis.assess.origin import made_of
from glacis.assess.posed import pose
from glacis.assess.variables import Variables, Whole, of_campaign, of_posture
from glacis.campaign.record import Campaign
from glacis.campaign.results import new_record
from glacis.campaign.run import MAX_DAYS, MAX_WORLDS, draw_worlds, run_campaign
from glacis.campaign.statistics import half_width
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from glacis.figures.comparison import Plots

__all__ = ["Comparison", "compare", "compare_answered", "compared", "half_width"]

STEP = 1_024
"""Worlds that are added at a time until an interval is narrow enough."""
MOST = 200_000
"""Worlds after which no more are added."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """What became of every world under each posture.

    Attributes
    ----------
    dataset
        Dimensions ``posture`` and ``world``, and those of each variable besides; attributes say
        where it comes from. NaN where a value is undefined, infinite where a thing never happens.
    """

    scenario: Scenario
    dataset: xr.Dataset
    chain: Chain | None = field(default=None, repr=False)
    """What it was made by, of which whole worlds can be asked again; None of a war alone."""

    @property
    def postures(self) -> list[str]:
        """The postures, in the order in which they were asked for."""
        return [str(name) for name in self.dataset["posture"].to_numpy()]

    @property
    def n(self) -> int:
        """How many worlds were looked at."""
        return int(self.dataset.sizes["world"])

    @property
    def seed(self) -> int:
        """The seed of the worlds."""
        return int(self.dataset.attrs["seed"])

    @property
    def option(self) -> str:
        """The option whose war is told."""
        return headline(self.scenario)

    def made_of(self) -> str:
        """What it was made of, in words: changes, worlds and seed."""
        return made_of(self.scenario, worlds=self.n, seed=self.seed)

    def __repr__(self) -> str:
        return f"<Comparison {self.made_of()}, postures {', '.join(self.postures)}>"

    def values(self, name: str, posture: str, **at: str | float) -> Floats:
        """(W, ...) one variable under a posture, at a label of its further dimensions if given.

        Raises
        ------
        InputError
            If there is no such variable or posture.
        """
        if name not in self.dataset:
            raise InputError(f"no variable {name!r}; see the dataset's")
        if posture not in self.postures:
            known = ", ".join(self.postures)
            raise InputError(f"{posture} is not among the postures compared: {known}")
        return np.asarray(self.dataset[name].sel({"posture": posture, **at}), dtype=np.float64)

    def has(self, name: str) -> bool:
        """Whether the scenario has what a variable needs."""
        return name in self.dataset

    def difference(self, name: str, posture: str, **at: str | float) -> Floats:
        """(W, ...) a variable under a posture less that under the first, world by world."""
        first = self.values(name, self.postures[0], **at)
        return np.asarray(self.values(name, posture, **at) - first)

    def displacement(self, posture: str) -> float:
        """Limited grabs and grey zone that come for each point of assault that goes.

        From the first posture; NaN where assault does not fall.
        """
        change = {
            act: float(self.difference("acts", posture, act=act).mean())
            for act in ("assault", "limited", "grey_zone")
        }
        removed = -change["assault"]
        return (change["limited"] + change["grey_zone"]) / removed if removed > 0 else math.nan

    def half_width(self) -> float:
        """Of the widest 95 % interval of a mean p_attack, or of its difference from the first."""
        if not self.has("p_attack"):
            return math.inf
        return max(half_width(one) for one in _looked_at(self))

    @cached_property
    def p_attack_blind(self) -> dict[str, float]:
        """By posture, p_attack if all payoffs were equal: what the form of the tree does alone."""
        first = draw_worlds(self.scenario, 1, self.seed)
        return {name: one.study.p_attack_blind for name, one in self.whole_chain.each(first)}

    @property
    def whole_chain(self) -> Chain:
        """What it was made by."""
        assert self.chain is not None, "of a war alone, nothing whole can be asked"
        return self.chain

    def typical_world(self, posture: str) -> int:
        """A world near the median: in the probability of attack first, then in precision."""
        return typical(self.values("p_attack", posture), self.values("precision", posture))

    def whole(self, posture: str, world: int) -> Whole:
        """The whole chain of one world under a posture.

        Raises
        ------
        InputError
            If there is no such world or posture.
        """
        if not 0 <= world < self.n:
            raise InputError(f"world {world}: must be from 0 to {self.n - 1}")
        if posture not in self.postures:
            raise InputError(f"{posture} is not among the postures compared")
        one = draw_worlds(self.scenario, world + 1, self.seed).chunk(world, world + 1)
        return next(whole for name, whole in self.whole_chain.each(one) if name == posture)

    def summary(self) -> pd.DataFrame:
        """A row for each posture: means over worlds, with the half width of their intervals."""
        from glacis.study.compare_record import summary_of

        return summary_of(self)

    def to_dataset(self) -> xr.Dataset:
        """The dataset itself."""
        return self.dataset

    def to_record(self) -> dict[str, Any]:
        """The result as the stable JSON of ``glacis assess`` and ``glacis compare``."""
        from glacis.study.compare_record import record_of

        return record_of(self)

    @property
    def plot(self) -> Plots:
        """Its figures, by name: ``study.plot.outcomes()``."""
        from glacis.figures.comparison import Plots

        return Plots(self)


def _looked_at(study: Comparison) -> list[Floats]:
    found = [study.values("p_attack", name) for name in study.postures]
    return found + [study.difference("p_attack", name) for name in study.postures[1:]]


def compare(
    scenario: Scenario | str,
    postures: Sequence[str] | None = None,
    *,
    worlds: int = 2_000,
    seed: int = 1,
    until: float | None = None,
    runner: Runner | None = None,
) -> Comparison:
    """What each posture costs, what it prevents, and what it sets off, over the same worlds.

    Of a scenario without an alliance, a belief or a crisis, the war alone is compared.

    Parameters
    ----------
    scenario
        Without a posture applied; or a bundled name or a path.
    postures
        Those to compare, the first the one that differences are told from; all of the scenario's
        if left out.
    worlds
        How many; with `until`, at least so many.
    until
        Half width, as a share, that the 95 % intervals of every mean p_attack and of its
        differences are to have; worlds are added until it is met.

    Raises
    ------
    InputError
        If there is no such posture, a number is out of range, or no number of worlds narrows the
        intervals enough.
    Cancelled
        If the runner's cancel event is set.
    """
    if isinstance(scenario, str):
        scenario = read_scenario(scenario)
    if until is not None and not 0 < until < 1:
        raise InputError(f"until {until:g}: must be a share above 0 and below 1, such as 0.01")
    if until is not None and (lacking := missing(scenario)):
        raise InputError(
            f"until: {scenario.name} has no {lacking[0]}, so nobody attacks; leave it out"
        )
    runner = runner or Runner()
    study = compared(scenario, postures, worlds=worlds, seed=seed, runner=runner)
    return study if until is None else _narrowed(study, until, runner)


def compared(
    scenario: Scenario,
    postures: Sequence[str] | None,
    *,
    worlds: int,
    seed: int,
    runner: Runner,
    sparing: Sparing | None = None,
) -> Comparison:
    """The same, with what need not be done spared.

    Raises
    ------
    InputError, Cancelled
        As for `compare`.
    """
    names = list(dict.fromkeys(postures or scenario.postures))
    if not 1 <= worlds <= MAX_WORLDS:
        raise InputError(f"worlds must be 1 to {MAX_WORLDS:,} (got {worlds:,})")
    if missing(scenario):
        return compare_wars(scenario, names, worlds=worlds, seed=seed, runner=runner)
    drawn = draw_worlds(scenario, worlds, seed)
    chain = prepare(scenario, names, drawn, runner=runner.part(0, 2), sparing=sparing)
    chunks = list(stream(chain, drawn, runner=runner.part(1, 2)))
    return Comparison(scenario, _assembled(scenario, chain, names, chunks, seed=seed), chain)


def _narrowed(study: Comparison, until: float, runner: Runner) -> Comparison:
    """A comparison with worlds added until its intervals are narrow enough."""
    import xarray as xr

    while study.half_width() > until:
        if study.n >= MOST:
            raise InputError(
                f"until {until:g}: not met after {study.n:,} worlds, at {study.half_width():.2g}; "
                "give a larger one"
            )
        scenario, chain, n = study.scenario, study.whole_chain, study.n
        more = draw_worlds(scenario, n + STEP, study.seed).chunk(n, n + STEP)
        chunks = list(stream(chain, more, runner=runner))
        added = _assembled(scenario, chain, study.postures, chunks, seed=study.seed)
        joined = xr.concat([study.dataset, added], dim="world", combine_attrs="override")
        study = Comparison(scenario, joined.assign_attrs(worlds=n + STEP), chain)
    return study


def missing(scenario: Scenario) -> list[str]:
    """The sections without which there is no choice to be made: the war alone is compared."""
    return [name for name in ("alliance", "belief", "crisis") if getattr(scenario, name) is None]


def compare_wars(
    scenario: Scenario,
    postures: Sequence[str],
    *,
    worlds: int,
    seed: int,
    runner: Runner | None = None,
) -> Comparison:
    """The headline option's war under each posture, answered in full as the scenario has it.

    Raises
    ------
    InputError
        If there is no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    runner, drawn = runner or Runner(), draw_worlds(scenario, worlds, seed)
    found, war = {}, None
    for number, name in enumerate(postures):
        war = run_campaign(
            scenario,
            name,
            runs=worlds,
            seed=seed,
            runner=runner.part(number, len(postures)),
            option=headline(scenario),
            days=float(MAX_DAYS),
        )
        found[name] = of_campaign(war) | of_posture(scenario, name, drawn)
    assert war is not None, "there is a posture"
    return Comparison(scenario, assembled(scenario, war, postures, [found], seed=seed))


def _assembled(
    scenario: Scenario,
    chain: Chain,
    names: Sequence[str],
    chunks: Sequence[Mapping[str, Variables]],
    *,
    seed: int,
) -> xr.Dataset:
    wars = chain.prepared[names[0]].pilot
    told = headline(scenario)
    war = wars[told if told in wars else next(iter(wars))].helped
    return assembled(scenario, war, names, chunks, seed=seed)


def compare_answered(
    scenario: Scenario,
    postures: Sequence[str],
    *,
    worlds: int,
    seed: int,
    runner: Runner | None = None,
) -> Comparison:
    """Of the headline option's war alone, as it is if the answer is full; the rest is left out.

    Raises
    ------
    InputError
        If the scenario has no alliance, or there is no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    drawn, option = draw_worlds(scenario, worlds, seed), headline(scenario)
    posed = {name: pose(scenario, scenario.posture(name), [option]) for name in postures}
    chunks = list(stream_answered(posed, drawn, runner=runner))
    first = posed[postures[0]]
    compiled = first.war(option)
    empty = new_record(0, compiled.sizes)
    war = Campaign(compiled, empty, posture=first.posture, response="full", seed=seed)
    return Comparison(scenario, assembled(scenario, war, postures, chunks, seed=seed))
