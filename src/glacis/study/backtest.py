"""History and published games against the model: every target whose data are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario, Target
from glacis.scenario.quantity import split_sources
from glacis.scenario.read import bundled_names, read_scenario
from glacis.study.arena import Arena
from glacis.study.battles import read_battles
from glacis.study.rows import SHARE_BARS, Row, bar_of, measured, rows_of, run_cases
from glacis.study.verdicts import (
    Verdict,
    battle_verdict,
    bed_verdicts,
    distinct,
    plain,
    solver_verdict,
)

if TYPE_CHECKING:
    import pandas as pd


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
        Campaigns for each target of a scenario, engagements for each row of a test bed, and games
        of each tree.

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
        if scenario is None:
            found += [*bed_verdicts(arena, runner), solver_verdict(worlds, seed, runner)]
        found += [] if fields is None else [battle_verdict(arena, fields)]
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
        name=first.name if one_row else ", ".join(distinct(row.scenario.title for row in rows)),
        measured=plain(
            found[0] if one_row else {"rows_met": met, "rows_in_all": len(rows), "rows": found}
        ),
        bar="; or ".join(distinct(bar_of(row.target) for row in rows))
        + ("" if one_row else ("; every row")),
        met=met == len(rows),
        source="; ".join(distinct(key for source in sources for key in split_sources(source))),
        headline=_row_words(found[0]) if one_row else f"{met} of {len(rows)} rows met",
    )


def _source(target: Target) -> str:
    """Where a target comes from: what was observed, or else the target itself."""
    observed = target.observed_hours
    return observed.source if observed is not None else target.source


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
