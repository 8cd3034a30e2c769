"""History and published games against the model: every target whose data are at hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glacis.campaign.run import Runner
from glacis.errors import InputError
from glacis.scenario.model import Scenario, Target
from glacis.scenario.quantity import split_sources
from glacis.scenario.read import bundled_names, read_scenario
from glacis.study import testbed
from glacis.study.arena import Arena
from glacis.study.battles import Battle, read_battles
from glacis.study.beds import Rebuilding
from glacis.study.clearance import clearance
from glacis.study.rebuild import Rebuilt, rebuild_years
from glacis.study.rows import SHARE_BARS, Row, bar_of, measured, rows_of, run_cases

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Verdict:
    """One target: what was measured, what it is held to, and whether that is met.

    Attributes
    ----------
    id
        Number of the target in the docs.
    kind
        ``replication``, ``calibration``, ``validation`` or ``consistency``.
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


@dataclass(frozen=True)
class Backtest:
    """The targets that were measured, in the order of their numbers."""

    targets: tuple[Verdict, ...]
    worlds: int
    seed: int

    def to_record(self) -> dict[str, Any]:
        """The result as the stable JSON of ``glacis backtest``."""
        names = ("id", "kind", "measured", "bar", "met", "source")
        return {"targets": [{name: getattr(one, name) for name in names} for one in self.targets]}

    def summary(self) -> pd.DataFrame:
        """A row for each target: kind, name, what was measured, bar, whether it is met, source."""
        import pandas as pd

        columns = ("id", "kind", "name", "headline", "bar", "met", "source")
        rows = [{name: getattr(one, name) for name in columns} for one in self.targets]
        frame = pd.DataFrame(rows, columns=list(columns)).set_index("id")
        return frame.rename(columns={"headline": "measured"})

    def hours(self) -> pd.DataFrame:
        """The scenarios' targets row by row, each with its companions, which have no bar.

        Columns: scenario, what, from and to (observed), p10, median, p90 (None if it mostly
        never happened) and met; index: id.
        """
        import pandas as pd

        columns = ("id", "scenario", "what", "from", "to", "p10", "median", "p90", "met")
        rows = [(one.id, *row) for one in self.targets for row in _hour_rows(one.measured)]
        return pd.DataFrame(rows, columns=list(columns), dtype=object).set_index("id")


def backtest(
    scenario: str | Scenario | None = None,
    *,
    cdb90: str | Path | None = None,
    worlds: int = 2_000,
    seed: int = 1,
    runner: Runner | None = None,
) -> Backtest:
    """The model held to history and to published games.

    Parameters
    ----------
    scenario
        Whose targets to measure. Left out: the test beds and the targets of every bundled
        scenario.
    cdb90
        The battle file, which is not shipped; with it T4 is measured too.
    worlds
        Campaigns for each target of a scenario, and engagements for each row of a test bed.

    Raises
    ------
    InputError
        If the scenario cannot be read or has no targets, or the battle file is not one.
    Cancelled
        If the runner's cancel event is set.
    """
    fields = read_battles(cdb90) if cdb90 is not None else None
    if scenario is None:
        scenarios = [read_scenario(name) for name in bundled_names()]
    else:
        scenarios = [_with_targets(scenario)]
    rows = [row for one in scenarios for row in rows_of(one)]
    found = list(_of_scenarios(rows, worlds, seed, runner))
    if scenario is None or fields is not None:
        announce = runner.announce if runner is not None else None
        arena = Arena.open(worlds, seed, announce=announce)
        found += [] if scenario is not None else _beds(arena)
        found += [] if fields is None else [_battles(arena, fields)]
    return Backtest(tuple(sorted(found, key=_number)), worlds, seed)


def _with_targets(scenario: str | Scenario) -> Scenario:
    read = read_scenario(scenario) if isinstance(scenario, str) else scenario
    if not read.targets:
        raise InputError(
            f"{read.name} has no targets; write some (`targets:`), "
            "or leave the scenario out for all that glacis has"
        )
    return read


def _number(verdict: Verdict) -> tuple[int, str]:
    """T9 comes before T10."""
    digits = "".join(letter for letter in verdict.id if letter.isdigit())
    return int(digits or 0), verdict.id


def _of_scenarios(
    rows: Sequence[Row], worlds: int, seed: int, runner: Runner | None
) -> Iterator[Verdict]:
    """A verdict for each id among the scenarios' targets."""
    campaigns = run_cases(
        (case for row in rows for case in row.cases), worlds=worlds, seed=seed, runner=runner
    )
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        by_id.setdefault(row.target.id, []).append(row)
    for name, own in by_id.items():
        yield _of_rows(name, own, [measured(row, campaigns) for row in own])


def _of_rows(name: str, rows: Sequence[Row], found: Sequence[dict[str, Any]]) -> Verdict:
    """One target; where it has several rows, they stand in what was measured."""
    first = rows[0].target
    met = sum(one["met"] for one in found)
    one_row = len(rows) == 1
    sources = (_source(row.target) for row in rows)
    return Verdict(
        id=name,
        kind=first.kind,
        name=first.name if one_row else ", ".join(_distinct(row.scenario.title for row in rows)),
        measured=_plain(
            found[0] if one_row else {"rows_met": met, "rows_in_all": len(rows), "rows": found}
        ),
        bar="; or ".join(_distinct(bar_of(row.target) for row in rows))
        + ("" if one_row else ("; every row")),
        met=met == len(rows),
        source="; ".join(_distinct(key for source in sources for key in split_sources(source))),
        headline=_row_words(found[0]) if one_row else f"{met} of {len(rows)} rows met",
    )


def _source(target: Target) -> str:
    """Where a target comes from: what was observed, or else the target itself."""
    observed = target.observed_hours
    return observed.source if observed is not None else target.source


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _hour_rows(measured: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Scenario, what, hours observed, hours measured, met; a companion has nothing observed."""
    for found in measured.get("rows", [measured]):
        if "place" not in found:
            continue
        yield (
            found["scenario"],
            found["name"],
            *(found["observed_hours"] or (None, None)),
            *_three(found),
            found["met"],
        )
        for name, beside in found.get("companions", {}).items():
            yield found["scenario"], name.replace("_", " "), None, None, *_three(beside), None


def _three(found: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(found[name] for name in ("p10_hours", "median_hours", "p90_hours"))


def _row_words(found: Mapping[str, Any]) -> str:
    words = [f"median {found['median_hours']:.0f} h"]
    for under in (found[name] for name in SHARE_BARS if name in found):
        words.append(f"{100 * under['share']:.0f} % under {under['hours']:g} h")
    return "; ".join([*words, *([found["reading"]] if "reading" in found else [])])


def _plain(value: Any) -> Any:
    """The same data to twelve digits, None where JSON has no number: infinite or undefined."""
    if isinstance(value, Mapping):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    return value


def _beds(arena: Arena) -> list[Verdict]:
    """The test beds whose data come with glacis."""
    return [_outcomes(arena), _attrition(arena), _clearance(arena), _rebuild(arena)]


def _outcomes(arena: Arena) -> Verdict:
    bed = arena.beds.outcomes
    found = testbed.outcomes(arena)
    bar = bed.bar.rmse_points.value
    return Verdict(
        id="T3",
        kind="calibration",
        name="Who wins 672 engagements, by force ratio",
        measured=_plain(found),
        bar=f"weighted RMSE at most {bar:g} points",
        met=found["rmse_points"] <= bar,
        source="; ".join(_distinct([bed.ratios[0].wins.source, bed.covariates.days.source])),
        headline=f"RMSE {found['rmse_points']:.1f} points",
    )


def _battles(arena: Arena, fields: Sequence[Battle]) -> Verdict:
    bars = arena.beds.battles
    found = testbed.battles(arena, fields)
    every = found["all"]
    rmse, area = every.get("rmse", math.nan), every.get("auc", math.nan)
    return Verdict(
        id="T4",
        kind="validation",
        name="Losses and winners of recorded battles",
        measured=_plain(found),
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
        measured=_plain(found),
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
        measured=_plain(found),
        bar=(
            f"observed within 10-90 % in {inside:g} of {number}; "
            f"within a factor of {factor:g} of the median in {near:g}"
        ),
        met=found["inside"] >= inside and found["near"] >= near,
        source="; ".join(_distinct(one.mines.source for one in bed.operations.values())),
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
        measured=_plain({"rows_met": met, "rows_in_all": len(rows), "rows": rows}),
        bar="published figure within 25-75 %; every row",
        met=met == len(rows),
        source="; ".join(_distinct(sources)),
        headline=f"{met} of {len(rows)} rows met",
    )


def _rebuilt_row(rebuilt: Rebuilt, published: Rebuilding) -> dict[str, Any]:
    """One published figure beside the model's; without them if it has no such class."""
    years = published.years.value
    found = rebuilt.row(published.stock, published.pace)
    told = {"stock": published.stock, "pace": published.pace, "published_years": years}
    if found is None:
        return {**told, "met": False}
    spread = {f"{name}_years": value for name, value in found.spread.items()}
    return {**told, **spread, "met": found.spread["p25"] <= years <= found.spread["p75"]}
