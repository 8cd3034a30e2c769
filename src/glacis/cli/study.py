"""Commands that hold the model to something: history and published games, and the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.options import USUAL, Json, Run
from glacis.cli.output import Column, is_standard_output, say, table, write_json
from glacis.cli.progress import working

if TYPE_CHECKING:
    from glacis.study.backtest import Backtest
    from glacis.study.bench import Bench
    from glacis.study.verdicts import Verdict


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
    hours = [row for one in found.targets for row in _hours_rows(one)]
    if hours:
        say("")
        table(HOURS, hours)
        say("Hours of the model by percentile of its runs, beside those observed.", style="dim")
    met = sum(one.met for one in found.targets)
    say(f"{met} of {len(rows)} targets met, {found.worlds:,} worlds each, seed {found.seed}.")


HOURS: tuple[Column, ...] = (
    ("target", "left"),
    ("hours until", "left"),
    ("observed", "right"),
    ("10 %", "right"),
    ("median", "right"),
    ("90 %", "right"),
    ("", "left"),
)


def _hours_rows(one: Verdict) -> Iterator[tuple[str, ...]]:
    """What was measured in hours: each row of a target, and each case to compare it with."""
    measured = one.measured
    for row in measured.get("rows", [measured]):
        if "median_hours" not in row:
            continue
        seen = _seen(row["observed_hours"])
        verdict = "met" if row["met"] else "MISSED"
        yield (one.id, row["name"], seen, *_percentiles(row), verdict)
        for name, companion in row.get("companions", {}).items():
            yield ("", f"  {name.replace('_', ' ')}", "", *_percentiles(companion), "")


def _seen(hours: tuple[float, float] | None) -> str:
    """The hours observed; a dash where nobody saw it."""
    if hours is None:
        return "\u2013"
    low, high = hours
    return f"{low:,.0f} to {high:,.0f}" if low < high else f"{high:,.0f}"


def _percentiles(row: Mapping[str, Any]) -> tuple[str, str, str]:
    low, middle, high = (row[f"{name}_hours"] for name in ("p10", "median", "p90"))
    return _told(low), _told(middle), _told(high)


def _told(hours: float | None) -> str:
    """Hours, or that it does not happen in so many of the runs."""
    return "never" if hours is None else f"{hours:,.0f}"


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
    if found.left_out:
        say(f"Left out: {', '.join(found.left_out)}.", style="dim")
