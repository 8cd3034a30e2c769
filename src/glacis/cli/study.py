"""Commands that hold the model to something: history and published games, and the clock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from glacis.cli.options import USUAL, Json, Run
from glacis.cli.output import Column, is_standard_output, say, table, write_json
from glacis.cli.progress import working

if TYPE_CHECKING:
    from glacis.study.backtest import Backtest
    from glacis.study.bench import Bench


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
    met = sum(one.met for one in found.targets)
    say(f"{met} of {len(rows)} targets met, {found.worlds:,} worlds each, seed {found.seed}.")


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
    if found.left_out:
        say(f"Left out: {', '.join(found.left_out)}.", style="dim")
