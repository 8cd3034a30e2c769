"""Commands that hold the model to something: history and published games, and the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.options import USUAL, Json, Run
from glacis.cli.output import (
    Column,
    is_standard_output,
    refuse_unwritable,
    say,
    table,
    write_json,
)
from glacis.cli.progress import working

if TYPE_CHECKING:
    from glacis.study.backtest import Backtest
    from glacis.study.bench import Bench
    from glacis.study.verdicts import Verdict

FEW = 10.0  # below it a time is told to a tenth


def backtest(
    scenario: Annotated[
        str | None,
        Parameter(help="Bundled name, folder or YAML file; all that glacis has if left out."),
    ] = None,
    /,
    *,
    cdb90: Annotated[
        Path | None,
        Parameter(metavar="FILE", help="The CDB90 battles as CSV, which are not shipped."),
    ] = None,
    run: Run = USUAL,
    json: Json = None,
) -> None:
    """Hold the model to history and to published games; a miss is reported as a miss."""
    from glacis.study.backtest import backtest as measured

    refuse_unwritable(json)
    with working("campaigns", workers=run.workers) as runner:
        found = measured(scenario, cdb90=cdb90, worlds=run.worlds, seed=run.seed, runner=runner)
    if json is not None:
        write_json(json, found.to_record())
    if not is_standard_output(json):
        _tell_targets(found)


def _tell_targets(found: Backtest) -> None:
    columns: tuple[Column, ...] = (
        ("target", "left"),
        ("kind", "left"),
        ("what", "left"),
        ("measured", "left"),
        ("bar", "left"),
        ("", "left"),
    )
    rows = [
        (one.id, one.kind, one.name, one.headline, one.bar, "met" if one.met else "MISSED")
        for one in found.targets
    ]
    table(columns, rows)
    for spread in SPREADS:
        shown = [row for one in found.targets for row in spread.rows(one)]
        if shown:
            say("")
            table(spread.columns(), shown)
            say(spread.note, style="dim")
    met = sum(one.met for one in found.targets)
    say(f"{met} of {len(rows)} targets met, {found.worlds:,} worlds each, seed {found.seed}.")


@dataclass(frozen=True)
class Spread:
    """A table of what the model tells in one unit of time beside what was observed."""

    unit: str
    heading: str
    low: int
    high: int
    note: str

    def columns(self) -> tuple[Column, ...]:
        """The heads of the table, for `table`."""
        return (
            ("target", "left"),
            (self.heading, "left"),
            ("observed", "right"),
            (f"{self.low} %", "right"),
            ("median", "right"),
            (f"{self.high} %", "right"),
            ("", "left"),
        )

    def rows(self, one: Verdict) -> Iterator[tuple[str, ...]]:
        """Each row of a target in this unit, and each case to compare it with."""
        measured = one.measured
        for row in measured.get("rows", [measured]):
            if f"median_{self.unit}" in row:
                observed = _seen(row[f"observed_{self.unit}"])
                yield (one.id, row["name"], observed, *self._percentiles(row), _verdict(row))
                for name, companion in row.get("companions", {}).items():
                    words = f"  {name.replace('_', ' ')}"
                    yield ("", words, "", *self._percentiles(companion), "")

    def _percentiles(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        names = (f"p{self.low}", "median", f"p{self.high}")
        return tuple(_told(row[f"{name}_{self.unit}"]) for name in names)


SPREADS = (
    Spread(
        "hours",
        "hours until",
        10,
        90,
        "Hours of the model by percentile of its runs, beside those observed.",
    ),
    Spread(
        "days",
        "days of an operation",
        10,
        90,
        "Days by percentile of what the other operations foretell, beside those it took.",
    ),
    Spread(
        "years",
        "years to make again",
        25,
        75,
        "Years of the model by percentile of its worlds, beside those published.",
    ),
)


def _verdict(row: Mapping[str, Any]) -> str:
    if "met" in row:
        return "met" if row["met"] else "MISSED"
    return "inside" if row["inside"] else "outside"


def _seen(observed: Sequence[float] | float | None) -> str:
    """What was observed, one figure or from one to another; a dash where nobody saw it."""
    if observed is None:
        return "\u2013"
    low, high = observed if isinstance(observed, Sequence) else (observed, observed)
    return f"{low:,g} to {high:,g}" if low < high else f"{high:,g}"


def _told(time: float | None) -> str:
    """A time, or that it does not happen in so many of the cases."""
    if time is None:
        return "never"
    return f"{time:,.1f}" if time < FEW else f"{time:,.0f}"


def bench(
    *,
    quick: Annotated[
        bool,
        Parameter(negative="", show_default=False, help="Leave out what takes long; says what."),
    ] = False,
    json: Json = None,
) -> None:
    """Measure how fast glacis is on this machine, against its bars."""
    from glacis.study.bench import bench as measured

    refuse_unwritable(json)
    with working("benchmarks") as runner:
        found = measured(quick=quick, runner=runner)
    if json is not None:
        write_json(json, found.to_record())
    if not is_standard_output(json):
        _tell_speed(found)


def _tell_speed(found: Bench) -> None:
    machine = found.machine
    say(
        f"{machine['cpu']}, {machine['cores']} cores; Python {machine['python']}, "
        f"numba {machine['numba']}, glacis {machine['glacis']}"
    )
    columns: tuple[Column, ...] = (
        ("figure", "left"),
        ("value", "right"),
        ("unit", "left"),
        ("bar", "right"),
        ("", "left"),
    )
    rows = [
        (
            one.name,
            f"{one.value:,.4g}" if one.value < 1000 else f"{one.value:,.0f}",
            one.unit,
            f"{'at least' if one.is_least else 'at most'} {one.bar:,.4g}",
            "met" if one.met else "MISSED",
        )
        for one in found.figures
    ]
    table(columns, rows)
    parts = ", ".join(f"{name} {value:,.0f}" for name, value in found.profile_us.items())
    say(f"One reinforced campaign to day 30, microseconds of one thread: {parts}.")
    say(
        "An arm's is what leaving it out saves, in a war that then takes another course.",
        style="dim",
    )
    stages = ", ".join(f"{name} {value:,.0f}" for name, value in found.stages_ms.items())
    say(f"256 worlds of the whole chain, milliseconds of one thread: {stages}.")
    if found.left_out:
        say(f"Left out: {', '.join(found.left_out)}.", style="dim")
