"""Commands of the whole chain: one posture assessed, several compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.compare_tables import tell_comparison, tell_growth
from glacis.cli.grid import assess_over, grid_of
from glacis.cli.options import UNCHANGED, USUAL, Changes, Json, Run, Where
from glacis.cli.output import (
    Column,
    is_standard_output,
    named_in,
    refuse_unwritable,
    say,
    table,
    warn,
    write_figures,
    write_json,
)
from glacis.cli.progress import working
from glacis.errors import InputError

if TYPE_CHECKING:
    from glacis.executor import Runner
    from glacis.scenario.model import Scenario
    from glacis.study.compare import Comparison
    from glacis.study.sweep import Sweep


@Parameter(name="*")
@dataclass(frozen=True)
class Targets:
    """Where the result goes besides the table."""

    figure: Annotated[
        Path | None, Parameter(metavar="DIR", help="Write the figures into a folder, as PNG.")
    ] = None
    export: Annotated[
        Path | None,
        Parameter(
            metavar="FILE",
            help="Write every world's values: FILE.csv, FILE.parquet or FILE.nc (NetCDF).",
        ),
    ] = None
    json: Json = None


@Parameter(name="*")
@dataclass(frozen=True)
class Traced:
    """What is told besides: how one world came about, or a field over two inputs."""

    explain: Annotated[
        bool,
        Parameter(negative="", help="Trace how the number came about in the median world."),
    ] = False
    world: Annotated[int | None, Parameter(help="Trace this world instead of the median one.")] = (
        None
    )
    over: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="PATH=LOW..HIGH/POINTS",
            consume_multiple=False,
            negative="",
            show_default=False,
            help="Take two inputs through their values; give it twice. An input is a Quantity's "
            "path, or postures.POSTURE.measures.NUMBER.quantity; its own range if PATH stands "
            "alone.",
        ),
    ] = ()


@Parameter(name="*")
@dataclass(frozen=True)
class Scope:
    """What is compared, and how closely."""

    posture: Annotated[
        tuple[str, ...],
        Parameter(
            consume_multiple=False,
            negative="",
            show_default=False,
            help="One of the scenario's postures; may be repeated. All if left out. The first is "
            "what the others are compared with.",
        ),
    ] = ()
    until: Annotated[
        float | None,
        Parameter(
            help="Add worlds until all 95 % intervals of p_attack are at most so wide to either "
            "side, such as 0.01."
        ),
    ] = None
    swept: Annotated[
        tuple[str, ...],
        Parameter(
            name="--sweep",
            metavar="VARIANT",
            consume_multiple=False,
            negative="",
            show_default=False,
            help="Compare under this variant too (several joined by +; `as-written` is none); may "
            "be repeated.",
        ),
    ] = ()


#: The defaults: nothing traced; all postures, as many worlds as are asked for.
UNTRACED, ALL = Traced(), Scope()


def assess(
    scenario: Where,
    /,
    *,
    posture: Annotated[
        str | None, Parameter(help="One of the scenario's postures; its default if left out.")
    ] = None,
    traced: Traced = UNTRACED,
    changes: Changes = UNCHANGED,
    run: Run = USUAL,
    targets: Targets = Targets(),
) -> None:
    """The whole chain for one posture: war, answer, choice, ending, ripple, cost."""
    read, world = changes.read(scenario), traced.world
    if world is not None and not 0 <= world < run.worlds:
        raise InputError(f"--world {world}: must be from 0 to {run.worlds - 1}")
    _refuse(read, targets)
    chosen = posture or read.default_posture or next(iter(read.postures))
    if traced.over:
        if traced.explain or world is not None:
            raise InputError("--over: tells a field, of which no world is traced; leave one out")
        assess_over(read, chosen, traced.over, run, targets)
        return
    method = {
        "command": "assess",
        "postures": [chosen],
        "explain": traced.explain,
        "world": world,
    }
    with working("worlds", workers=run.workers) as runner:
        study, record = _made(read, method, worlds=run.worlds, seed=run.seed, runner=runner)
    _write(study, record, targets)
    if not is_standard_output(targets.json):
        tell_comparison(study)
        if "explained" in record:
            from glacis.cli.explain import tell_explained

            tell_explained(read, record["explained"])


def compare(
    scenario: Where,
    /,
    *,
    scope: Scope = ALL,
    changes: Changes = UNCHANGED,
    run: Run = USUAL,
    targets: Targets = Targets(),
) -> None:
    """Several postures over the same worlds, with paired differences from the first."""
    read = changes.read(scenario)
    _refuse(read, targets)
    if scope.swept:
        _sweep(read, scope, run, targets)
        return
    postures, until = list(scope.posture or read.postures), scope.until
    method = {"command": "compare", "postures": postures, "until": until}
    with working("worlds", workers=run.workers) as runner:
        study, record = _made(read, method, worlds=run.worlds, seed=run.seed, runner=runner)
    if until is not None:
        warn(
            f"{study.n:,} worlds: half width {study.half_width():.4f}, asked {until:g}", style="dim"
        )
    _write(study, record, targets)
    if not is_standard_output(targets.json):
        tell_comparison(study)
        tell_growth(study, record.get("growth_that_undoes", {}))


def _refuse(scenario: Scenario, targets: Targets) -> None:
    from glacis.study.compare import missing

    refuse_unwritable(targets.json, targets.export)
    if targets.figure is not None and missing(scenario):
        raise InputError(
            f"--figure: {scenario.name} has no {missing(scenario)[0]}, so that the war alone is "
            "told; `glacis campaign SCENARIO --figure DIR` draws it"
        )
    if targets.export is not None:
        from glacis.study.export import refuse_unknown

        refuse_unknown(targets.export)


def result_of(
    scenario: Scenario, method: Mapping[str, Any], *, worlds: int, seed: int, runner: Runner
) -> dict[str, Any]:
    """The JSON of a result, from how it was made.

    Raises
    ------
    InputError
        If it cannot have been made so.
    """
    if method.get("over"):
        return grid_of(scenario, method, worlds=worlds, seed=seed, runner=runner).to_record()
    if method.get("sweep"):
        return _swept(scenario, method, worlds=worlds, seed=seed, runner=runner).to_record()
    return _made(scenario, method, worlds=worlds, seed=seed, runner=runner)[1]


def _made(
    scenario: Scenario, method: Mapping[str, Any], *, worlds: int, seed: int, runner: Runner
) -> tuple[Comparison, dict[str, Any]]:
    """A comparison and its JSON, from how it is made."""
    from glacis.assess.explain import explained
    from glacis.study.compare import compare as comparison

    postures, until, world = named_in(method, "postures"), method.get("until"), method.get("world")
    if not isinstance(until, float | int | None) or not isinstance(world, int | None):
        raise InputError("method: `until` must be a share and `world` a number, or null")
    study = comparison(
        scenario, postures, worlds=worlds, seed=seed, until=until, runner=runner.part(0, 1)
    )
    record = study.to_record() | {"method": dict(method)}
    if method["command"] == "compare" and len(study.postures) > 1 and study.has("p_attack"):
        record["growth_that_undoes"] = _growth(study, runner)
    if (method.get("explain") or world is not None) and study.has("p_attack"):
        first = study.postures[0]
        at = study.typical_world(first) if world is None else world
        record["explained"] = explained(study.whole(first, at))
    return study, record


def _sweep(scenario: Scenario, scope: Scope, run: Run, targets: Targets) -> None:
    """Compare under several variants, and tell how p_attack differs."""
    from glacis.study.sweep import AS_WRITTEN

    if targets.figure is not None:
        raise InputError("--figure: draws one comparison; leave out --sweep")
    names = [AS_WRITTEN if name == "as-written" else name for name in scope.swept]
    method = {"sweep": names, "postures": list(scope.posture or scenario.postures)}
    with working("worlds", workers=run.workers) as runner:
        found = _swept(scenario, method, worlds=run.worlds, seed=run.seed, runner=runner)
    if targets.json is not None:
        write_json(targets.json, found.to_record())
    if targets.export is not None:
        from glacis.study.export import export_sweep

        export_sweep(found, targets.export)
        warn(f"written: {targets.export}", style="dim")
    if is_standard_output(targets.json):
        return
    first = next(iter(found.studies.values()))
    say(f"{scenario.title}: attack at a moment of decision, by variant", style="bold")
    say(
        f"{first.n:,} worlds, seed {first.seed}; the same but for what a variant changes.",
        style="dim",
    )
    columns: list[Column] = [("variant", "left"), *((name, "right") for name in first.postures)]
    rows = []
    for name in found.studies:
        told = [found.p_attack(name, posture) for posture in first.postures]
        cells = [f"{100 * mean:.0f} \u00b1 {100 * half:.1f} %" for mean, half in told]
        rows.append((name or "as written", *cells))
    table(columns, rows)


def _swept(
    scenario: Scenario, method: Mapping[str, Any], *, worlds: int, seed: int, runner: Runner
) -> Sweep:
    """A sweep, from how it is made."""
    from glacis.study.sweep import sweep

    names, postures = named_in(method, "sweep"), named_in(method, "postures")
    return sweep(scenario, names, postures, worlds=worlds, seed=seed, runner=runner)


def _growth(study: Comparison, runner: Runner) -> dict[str, float]:
    from glacis.study.growth import growth_that_undoes

    return {
        name: growth_that_undoes(
            study.scenario, name, study.postures[0], seed=study.seed, runner=runner
        )
        for name in study.postures[1:]
    }


def _write(study: Comparison, record: dict[str, Any], targets: Targets) -> None:
    if targets.json is not None:
        write_json(targets.json, record)
    if targets.export is not None:
        from glacis.study.export import export

        export(study, targets.export)
        warn(f"written: {targets.export}", style="dim")
    if targets.figure is not None:
        plots = {"outcomes": study.plot.outcomes()}
        if len(study.postures) > 1:
            plots["differences"] = study.plot.differences()
        if study.has("loss"):
            plots["losses"] = study.plot.losses()
        for path in write_figures(plots, targets.figure):
            warn(f"written: {path}", style="dim")
