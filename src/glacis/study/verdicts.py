"""Verdicts on the test beds: what was measured, what it is held to, and whether that is met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from glacis.assess.council import council
from glacis.executor import Runner
from glacis.study import testbed
from glacis.study.arena import Arena
from glacis.study.battles import Battle
from glacis.study.beds import Rebuilding
from glacis.study.clearance import clearance
from glacis.study.crises import crisis_figures
from glacis.study.games import (
    AGREEMENT,
    CONVERGING,
    LIMIT_REGRET,
    RESIDUAL,
    solver_figures,
)
from glacis.study.hazard import hazard
from glacis.study.presence import presence_figures
from glacis.study.rebuild import PACES, Rebuilt, rebuild_years
from glacis.study.support import support_figures


@dataclass(frozen=True)
class Verdict:
    """One target: what was measured, what it is held to, and whether that is met.

    Attributes
    ----------
    id
        Number of the target in the docs.
    kind
        ``replication``, ``calibration``, ``validation``, ``consistency`` or ``numerics``.
    measured
        Plain data; None where a figure is undefined.
    headline
        The figures that the bar is about, in words.
    source
        Bibliography keys of what was observed, separated by ``;``.
    """

    id: str
    kind: str
    name: str
    measured: Mapping[str, Any]
    bar: str
    met: bool
    source: str
    headline: str


class Cell(NamedTuple):
    """One figure of a verdict, and the range that it is held to."""

    words: str
    value: float | None
    low: float
    high: float

    @property
    def met(self) -> bool:
        """Whether it lies within; what is undefined does not."""
        return self.value is not None and self.low <= self.value <= self.high


def _support(arena: Arena) -> Verdict:
    bed = arena.beds.support
    found = support_figures(arena.scenario, bed, arena.worlds)
    cells = [
        Cell(words, found[name]["median_points"], 100 * bar.low.value, 100 * bar.high.value)
        for words, name, bar in (
            ("presence and deaths", "presence_and_deaths", bed.presence_and_deaths),
            ("bad odds", "bad_odds", bed.bad_odds),
        )
    ]
    return Verdict(
        id="T7",
        kind="calibration",
        name="What moves publics, where experiments measured it",
        measured=plain(found),
        bar="; ".join(f"{one.words} {one.low:+g} to {one.high:+g} points" for one in cells),
        met=all(one.met for one in cells),
        source=bed.source,
        headline="; ".join(f"{one.words} {one.value:+.1f}" for one in cells),
    )


def _answer(arena: Arena, runner: Runner | None) -> Verdict:
    bed = arena.beds.answer
    quiet = replace(runner, progress=None) if runner is not None else None
    seed, worlds = arena.worlds.seed, len(arena.worlds)
    study = council(arena.scenario, bed.posture, runs=worlds, seed=seed, runner=quiet)
    found = study.to_record()
    median = found["response"]["full"]["p50"]
    alone = {
        name: found[name]["p50"] for name in ("by_consensus", "by_coalition", "by_pivotal_alone")
    }
    cell = Cell("median", median, bed.full.low.value, bed.full.high.value)
    return Verdict(
        id="T13",
        kind="consistency",
        name="How likely a full answer is to an assault under the tripwire",
        measured=plain({"full": found["response"]["full"], "median_full": median, **alone}),
        bar=f"{cell.words} {cell.low:g} to {cell.high:g}",
        met=cell.met,
        source=bed.source,
        headline=(
            f"median {median:.2f}; consensus alone {alone['by_consensus']:.2f}, coalition "
            f"{alone['by_coalition']:.2f}, pivotal member {alone['by_pivotal_alone']:.2f}"
        ),
    )


def _crises(arena: Arena, runner: Runner | None) -> Verdict:
    bed = arena.beds.crises
    found = crisis_figures(arena, runner)
    rise = 100 * bed.rise.value
    cells = [
        Cell(
            "median success", found["median_success"], bed.success.low.value, bed.success.high.value
        ),
        Cell("points of parity", found["points_from_three_to_one_to_parity"], rise, math.inf),
        Cell("points of having backed down", found["points_of_having_backed_down"], -math.inf, 0.0),
    ]
    return Verdict(
        id="T8",
        kind="consistency",
        name="How often threats against a protected state come to nothing",
        measured=plain(found),
        bar=(
            f"median success {cells[0].low:g} to {cells[0].high:g}; at least {rise:g} points from "
            "three to one against the defender to parity; having backed down lowers it"
        ),
        met=all(one.met for one in cells),
        source=bed.success.source,
        headline=(
            f"median {cells[0].value:.2f}; parity {cells[1].value:+.1f} points, having backed "
            f"down {cells[2].value:+.1f}"
        ),
    )


def _presence(arena: Arena, runner: Runner | None) -> Verdict:
    bed = arena.beds.presence
    quiet = replace(runner, progress=None) if runner is not None else None
    found = presence_figures(
        arena.scenario, bed, worlds=len(arena.worlds), seed=arena.worlds.seed, runner=quiet
    )
    rise, calm, kept = (
        found[f"{name}_points"]
        for name in ("rise", "rise_without_provocation", "rise_without_displacement")
    )
    return Verdict(
        id="T12",
        kind="consistency",
        name="Harm short of war, with a small presence in the country",
        measured=plain(found),
        bar=(
            f"grey zone more frequent where assault falls by over {100 * bed.fall.value:g} points; "
            "less so without provocation, and without displacement"
        ),
        met=rise > 0 and calm < rise and kept < rise,
        source=bed.source,
        headline=(
            f"{rise:+.1f} points in {100 * found['share_where_assault_falls']:.0f} % of worlds; "
            f"without provocation {calm:+.1f}, without displacement {kept:+.1f}"
        ),
    )


def solver_verdict(worlds: int, seed: int, runner: Runner | None) -> Verdict:
    """T11, on Gambit's answers and on random games."""
    found = solver_figures(worlds, seed=seed, runner=runner)
    difference, residual = found["largest_difference"], found["largest_residual"]
    converged = found["converged_share"]
    return Verdict(
        id="T11",
        kind="numerics",
        name="Equilibria of games against Gambit's, and by their certificates",
        measured=plain(found),
        bar=(
            f"every probability within {AGREEMENT:g} of Gambit's; residual at most {RESIDUAL:g} in "
            f"{100 * CONVERGING:g} % of random games; regret of the limit at most {LIMIT_REGRET:g}"
        ),
        met=(
            difference <= AGREEMENT
            and residual <= RESIDUAL
            and converged >= CONVERGING
            and found["limit_converged_share"] >= CONVERGING
        ),
        source="turocy-2010; gambit",
        headline=(
            f"{difference:.0e} in {found['compared']} solutions; {100 * converged:g} % of "
            f"{found['random_games']:,} to {residual:.0e}"
        ),
    )


def distinct(words: Iterable[str]) -> list[str]:
    """Each word once, in the order in which they first come."""
    return list(dict.fromkeys(words))


def plain(value: Any) -> Any:
    """The same data to twelve digits, None where JSON has no number: infinite or undefined."""
    if isinstance(value, Mapping):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [plain(child) for child in value]
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    return value


def bed_verdicts(arena: Arena, runner: Runner | None) -> list[Verdict]:
    """The test beds whose data come with glacis."""
    return [
        _outcomes(arena),
        _attrition(arena),
        _support(arena),
        _clearance(arena),
        _rebuild(arena),
        _answer(arena, runner),
        _crises(arena, runner),
        _presence(arena, runner),
        _hazard(arena, runner),
    ]


def _outcomes(arena: Arena) -> Verdict:
    bed = arena.beds.outcomes
    found = testbed.outcomes(arena)
    bar = bed.bar.rmse_points.value
    return Verdict(
        id="T3",
        kind="calibration",
        name="Who wins 672 engagements, by force ratio",
        measured=plain(found),
        bar=f"weighted RMSE at most {bar:g} points",
        met=found["rmse_points"] <= bar,
        source="; ".join(distinct([bed.ratios[0].wins.source, bed.covariates.days.source])),
        headline=f"RMSE {found['rmse_points']:.1f} points",
    )


def battle_verdict(arena: Arena, fields: Sequence[Battle]) -> Verdict:
    """T4, on the battles of a file."""
    bars = arena.beds.battles
    found = testbed.battles(arena, fields)
    every = found["all"]
    rmse, area = every.get("rmse", math.nan), every.get("auc", math.nan)
    return Verdict(
        id="T4",
        kind="validation",
        name="Losses and winners of recorded battles",
        measured=plain(found),
        bar=f"RMSE of log casualty ratio below {bars.rmse.value:g}; AUC above {bars.auc.value:g}",
        met=rmse < bars.rmse.value and area > bars.auc.value,
        source="cdb90",
        headline=f"RMSE {rmse:.3f}; AUC {area:.3f}",
    )


def _attrition(arena: Arena) -> Verdict:
    bed = arena.beds.attrition
    found = testbed.attrition(arena)
    loss, ratio = bed.within_loss.value, bed.within_ratio.value
    return Verdict(
        id="T5",
        kind="calibration",
        name="Daily losses of an average campaign",
        measured=plain(found),
        bar=(
            f"{found['observed_attacker_pct_a_day']:.2f} % and "
            f"{found['observed_defender_pct_a_day']:.2f} % a day within a factor of {loss:g}; "
            f"loss ratio {found['observed_loss_ratio']:.2f} within {ratio:g}"
        ),
        met=(
            _within(found["attacker_over_observed"], loss)
            and _within(found["defender_over_observed"], loss)
            and _within(found["loss_ratio_over_observed"], ratio)
        ),
        source=bed.attacker_loss.source,
        headline=(
            f"{found['attacker_pct_a_day']:.2f} % and {found['defender_pct_a_day']:.2f} % a day; "
            f"ratio {found['loss_ratio']:.2f}"
        ),
    )


def _within(factor: float, most: float) -> bool:
    return 1.0 / most <= factor <= most


def _clearance(arena: Arena) -> Verdict:
    bed = arena.beds.clearance
    found = clearance(arena)
    number, factor = found["operations"], bed.bar.within.value
    inside, near = bed.bar.inside.value, bed.bar.near.value
    return Verdict(
        id="T9",
        kind="validation",
        name="Days to clear mines, each operation from the others",
        measured=plain(found),
        bar=(
            f"observed within 10-90 % in {inside:g} of {number}; "
            f"within a factor of {factor:g} of the median in {near:g}"
        ),
        met=found["inside"] >= inside and found["near"] >= near,
        source="; ".join(distinct(one.mines.source for one in bed.operations.values())),
        headline=f"{found['inside']} and {found['near']} of {number} operations",
    )


def _rebuild(arena: Arena) -> Verdict:
    bed = arena.beds.rebuild
    rebuilt = rebuild_years(arena.scenario, worlds=len(arena.worlds), seed=arena.worlds.seed)
    rows = [_rebuilt_row(rebuilt, published) for published in bed.rows]
    met = sum(row["met"] for row in rows)
    sources = (key for row in bed.rows for key in row.years.sources)
    return Verdict(
        id="T10",
        kind="consistency",
        name="Years to make again what was given away",
        measured=plain({"rows_met": met, "rows_in_all": len(rows), "rows": rows}),
        bar="published figure within 25-75 %; every row",
        met=met == len(rows),
        source="; ".join(distinct(sources)),
        headline=f"{met} of {len(rows)} rows met",
    )


def _hazard(arena: Arena, runner: Runner | None) -> Verdict:
    bed = arena.beds.hazard
    seed, worlds = arena.worlds.seed, len(arena.worlds)
    found = hazard(arena.scenario, bed, worlds=worlds, seed=seed, runner=runner)
    cells = [
        Cell(words, found[f"given_{name}"]["probability"], bar.low.value, bar.high.value)
        for words, name, bar in (
            ("a counter-offensive", "counter_offensive", bed.counter_offensive),
            ("Red repelled", "repelled", bed.repelled),
        )
    ]
    return Verdict(
        id="T14",
        kind="consistency",
        name="Nuclear use that nobody ordered",
        measured=plain(found),
        bar="; ".join(f"{one.low:g} to {one.high:g} given {one.words}" for one in cells),
        met=all(one.met for one in cells),
        source=bed.source,
        headline="; ".join(
            f"{'undefined' if one.value is None else f'{one.value:.3f}'} given {one.words}"
            for one in cells
        ),
    )


def _rebuilt_row(rebuilt: Rebuilt, published: Rebuilding) -> dict[str, Any]:
    """One published figure beside the model's; without them if it has no such class."""
    years = published.years.value
    found = rebuilt.row(published.stock, published.pace)
    told = {"stock": published.stock, "pace": published.pace, "observed_years": years}
    if found is None:
        return {**told, "met": False}
    spread = {f"{name}_years": value for name, value in found.spread.items()}
    told["name"] = f"{found.name}, {PACES[published.pace]}"
    return {**told, **spread, "met": found.spread["p25"] <= years <= found.spread["p75"]}
