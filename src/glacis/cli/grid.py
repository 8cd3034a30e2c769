"""One posture over two inputs, for ``glacis assess --over``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from glacis.cli.output import (
    Column,
    is_standard_output,
    named_in,
    percent,
    say,
    table,
    warn,
    warn_if_coarse,
    write_figures,
    write_json,
)
from glacis.cli.progress import working
from glacis.errors import InputError

if TYPE_CHECKING:
    from glacis.cli.compare import Targets
    from glacis.cli.options import Run
    from glacis.executor import Runner
    from glacis.scenario.model import Scenario
    from glacis.study.grid import Axis, Grid


def assess_over(
    scenario: Scenario, posture: str, over: Sequence[str], run: Run, targets: Targets
) -> None:
    """Assess a posture at every pair of two inputs' values.

    Raises
    ------
    InputError
        If there are not two axes, or one of them is malformed.
    """
    method = {"postures": [posture], "over": list(over)}
    with working("worlds", workers=run.workers) as runner:
        found = grid_of(scenario, method, worlds=run.worlds, seed=run.seed, runner=runner)
    warn_if_coarse(run.worlds)
    if targets.json is not None:
        write_json(targets.json, found.to_record())
    if targets.export is not None:
        from glacis.study.export import export_grid

        export_grid(found, targets.export)
        warn(f"written: {targets.export}", style="dim")
    if targets.figure is not None:
        from glacis.figures.grid import grid_chart

        for path in write_figures({"grid": grid_chart(found)}, targets.figure):
            warn(f"written: {path}", style="dim")
    if not is_standard_output(targets.json):
        _tell(found)


def grid_of(
    scenario: Scenario, method: Mapping[str, Any], *, worlds: int, seed: int, runner: Runner
) -> Grid:
    """A grid, from how it is made.

    Raises
    ------
    InputError
        If it cannot have been made so.
    """
    from glacis.study.grid import axis_of, grid

    postures, over = named_in(method, "postures"), named_in(method, "over")
    if len(over) != 2 or len(postures) != 1:
        raise InputError(f"--over: give it twice, for two inputs (got {len(over)})")
    x, y = (axis_of(scenario, one) for one in over)
    return grid(scenario, postures[0], (x, y), worlds=worlds, seed=seed, runner=runner)


def _tell(found: Grid) -> None:
    say(f"{found.scenario.title}; posture {found.posture}: attack over two inputs", style="bold")
    say(f"{found.worlds:,} worlds, seed {found.seed}, the same in every cell.", style="dim")
    across, down = _named(found.x), _named(found.y)
    say(f"Across: {across}. Down: {down}.")
    columns: list[Column] = [("", "right"), *((f"{one:.4g}", "right") for one in found.x.values)]
    shares = found.mean("p_attack")
    table(
        columns,
        [
            (f"{value:.4g}", *(percent(float(share)) for share in shares[:, row]))
            for row, value in enumerate(found.y.values)
        ],
    )


def _named(axis: Axis) -> str:
    unit = "" if axis.unit == "1" else f" ({axis.unit})"
    return f"{axis.name}{unit}, {axis.written:.4g} as written"
