"""Commands of the whole chain: one posture assessed, several compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.options import UNCHANGED, USUAL, Changes, Json, Run, Where
from glacis.cli.output import (
    Column,
    is_standard_output,
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

OUTCOME_WORDS = {
    "nuclear_use": "nuclear use",
    "deterred": "deterred",
    "grey_zone": "grey zone",
    "repelled": "repelled",
    "retaken": "retaken",
    "stalemate": "stalemate",
    "sanctions_only": "sanctions only",
    "inaction": "no answer",
}


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


def assess(
    scenario: Where,
    /,
    *,
    posture: Annotated[
        str | None, Parameter(help="One of the scenario's postures; its default if left out.")
    ] = None,
    explain: Annotated[
        bool,
        Parameter(negative="", help="Trace how the number came about in the median world."),
    ] = False,
    world: Annotated[
        int | None, Parameter(help="Trace this world instead of the median one.")
    ] = None,
    changes: Changes = UNCHANGED,
    run: Run = USUAL,
    targets: Targets = Targets(),
) -> None:
    """The whole chain for one posture: war, answer, choice, ending, ripple, cost."""
    read = changes.read(scenario)
    if world is not None and not 0 <= world < run.worlds:
        raise InputError(f"--world {world}: must be from 0 to {run.worlds - 1}")
    _refuse(read, targets)
    chosen = posture or read.default_posture or next(iter(read.postures))
    method = {"command": "assess", "postures": [chosen], "explain": explain, "world": world}
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
    posture: Annotated[
        tuple[str, ...],
        Parameter(
            consume_multiple=False,
            negative="",
            show_default=False,
            help="One of the scenario's postures; may be repeated. All if left out. The first is "
            "what the others are compared with.",
        ),
    ] = (),
    until: Annotated[
        float | None,
        Parameter(
            help="Add worlds until all 95 % intervals of p_attack are at most so wide to either "
            "side, such as 0.01."
        ),
    ] = None,
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
    ] = (),
    changes: Changes = UNCHANGED,
    run: Run = USUAL,
    targets: Targets = Targets(),
) -> None:
    """Several postures over the same worlds, with paired differences from the first."""
    read = changes.read(scenario)
    _refuse(read, targets)
    if swept:
        _sweep(read, posture, swept, run, targets)
        return
    method = {"command": "compare", "postures": list(posture or read.postures), "until": until}
    with working("worlds", workers=run.workers) as runner:
        study, record = _made(read, method, worlds=run.worlds, seed=run.seed, runner=runner)
    if until is not None:
        warn(
            f"{study.n:,} worlds: half width {study.half_width():.4f}, asked {until:g}", style="dim"
        )
    _write(study, record, targets)
    if not is_standard_output(targets.json):
        tell_comparison(study)
        _tell_growth(study, record.get("growth_that_undoes", {}))


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
    return _made(scenario, method, worlds=worlds, seed=seed, runner=runner)[1]


def _made(
    scenario: Scenario, method: Mapping[str, Any], *, worlds: int, seed: int, runner: Runner
) -> tuple[Comparison, dict[str, Any]]:
    """A comparison and its JSON, from how it is made."""
    from glacis.assess.explain import explained
    from glacis.study.compare import compare as compared

    postures, until, world = (method.get(name) for name in ("postures", "until", "world"))
    if not isinstance(postures, list) or not all(isinstance(one, str) for one in postures):
        raise InputError("method.postures: must be a list of postures")
    if not isinstance(until, float | int | None) or not isinstance(world, int | None):
        raise InputError("method: `until` must be a share and `world` a number, or null")
    study = compared(
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


def _sweep(
    scenario: Scenario, postures: Sequence[str], swept: Sequence[str], run: Run, targets: Targets
) -> None:
    """Compare under several variants, and tell how p_attack differs."""
    from glacis.study.sweep import AS_WRITTEN, sweep

    if targets.figure is not None:
        raise InputError("--figure: draws one comparison; leave out --sweep")
    names = [AS_WRITTEN if name == "as-written" else name for name in swept]
    with working("worlds", workers=run.workers) as runner:
        found = sweep(
            scenario, names, postures or None, worlds=run.worlds, seed=run.seed, runner=runner
        )
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


def tell_comparison(study: Comparison) -> None:
    """The tables of a comparison."""
    from glacis.forecast import ENOUGH

    say(study.scenario.title, style="bold")
    say(f"{study.made_of()}.", style="dim")
    if study.n < ENOUGH and study.has("p_attack"):
        warn(f"forecasts learnt on fewer than {ENOUGH:,} worlds are coarse; give more", style="dim")
    if not study.has("p_attack"):
        _tell_wars(study)
        return
    _tell_choice(study)
    _tell_endings(study)
    if study.has("expected_loss"):
        _tell_losses(study)
    say(
        "A tendency at a moment of decision under stated assumptions: it compares postures, and "
        "forecasts nothing.",
        style="dim",
    )


def _tell_choice(study: Comparison) -> None:
    first = study.postures[0]
    several = len(study.postures) > 1
    columns: list[Column] = [
        ("posture", "left"),
        ("attack", "right"),
        ("5 to 95 %", "right"),
    ]
    if several:
        columns.append((f"from {first}", "right"))
    columns += [
        ("building up", "right"),
        ("full answer", "right"),
        ("any falls", "right"),
        ("hours", "right"),
    ]
    rows = []
    for name in study.postures:
        p = study.values("p_attack", name)
        low, high = _spread(p)
        change = [] if not several else ["" if name == first else _change(study, name)]
        rows.append(
            (
                name,
                _percent(p.mean()),
                f"{low} to {high}",
                *change,
                _percent(study.values("p_attack_buildup", name).mean()),
                _percent(_answer(study, name)),
                _percent(_mean(study, "falls_any", name)),
                _hours(study, name),
            )
        )
    table(columns, rows, title="At a moment of decision")
    say(
        "Attack: a limited grab or a full assault. Answer, fall and hours are of an assault: the "
        "median hours to the first objective's outskirts, where it is reached.",
        style="dim",
    )


def _tell_wars(study: Comparison) -> None:
    """The war alone, of a scenario in which nobody decides anything."""
    from glacis.study.compare import missing

    columns: list[Column] = [
        ("posture", "left"),
        ("any falls", "right"),
        ("hours", "right"),
        ("Blue's killed and wounded", "right"),
        ("Red's", "right"),
        ("EUR m a year", "right"),
    ]
    rows = [
        (
            name,
            _percent(_mean(study, "falls_any", name)),
            _hours(study, name),
            f"{study.values('blue_casualties', name).mean():,.0f}",
            f"{study.values('red_casualties', name).mean():,.0f}",
            f"{study.values('annual_cost', name).mean():,.0f}",
        )
        for name in study.postures
    ]
    table(columns, rows, title=f"The war ({study.scenario.options[study.option].name}), means")
    say(
        f"The scenario has no {', no '.join(missing(study.scenario))}: the war alone is told, as "
        "if it were answered in full. Hours are the median to the first objective's outskirts.",
        style="dim",
    )


def _answer(study: Comparison, posture: str) -> float:
    return float(study.values("response", posture, option=study.option, answer="full").mean())


def _mean(study: Comparison, name: str, posture: str) -> float | None:
    return float(study.values(name, posture).mean()) if study.has(name) else None


def _change(study: Comparison, posture: str) -> str:
    from glacis.study.compare import half_width

    moved = study.difference("p_attack", posture)
    return f"{100 * moved.mean():+.0f} \u00b1 {100 * half_width(moved):.1f} points"


def _spread(values: Any) -> tuple[str, str]:
    import numpy as np

    low, high = np.percentile(values, [5, 95])
    return f"{100 * low:.0f}", _percent(high)


def _hours(study: Comparison, posture: str) -> str:
    import numpy as np

    if not study.has("hours_to"):
        return ""
    first = study.values("hours_to", posture).min(axis=1)
    reached = first[np.isfinite(first)]
    return f"{np.median(reached):.0f}" if len(reached) else "\u2013"


def _tell_endings(study: Comparison) -> None:
    names = [name for name in OUTCOME_WORDS if name != "nuclear_use"] + ["nuclear_use"]
    columns: list[Column] = [("posture", "left"), *((OUTCOME_WORDS[n], "right") for n in names)]
    rows = [
        (
            posture,
            *(
                _percent(study.values("outcomes", posture, outcome=n).mean(), fine=True)
                for n in names
            ),
        )
        for posture in study.postures
    ]
    table(columns, rows, title="How it ends, of all moments of decision")


def _tell_losses(study: Comparison) -> None:
    columns: list[Column] = [
        ("posture", "left"),
        ("attack in 5 years", "right"),
        ("posture's cost", "right"),
        ("expected loss", "right"),
        ("of it world shock", "right"),
        ("nuclear", "right"),
        ("second theatre", "right"),
        ("programmes", "right"),
    ]
    rows = [
        (
            name,
            _percent(study.values("p_attack_5y", name).mean(), fine=True),
            f"{study.values('loss', name, term='posture').mean():.1f}",
            f"{study.values('loss_without_posture', name).mean():.0f}",
            f"{study.values('loss', name, term='world_shock').mean():.0f}",
            f"{study.values('loss', name, term='nuclear').mean():.1f}",
            _percent(_mean(study, "p_second_theatre", name), fine=True),
            "\u2013"
            if not study.has("new_programmes")
            else f"{study.values('new_programmes', name).mean():.3f}",
        )
        for name in study.postures
    ]
    table(columns, rows, title="Over five years, in EUR bn at present value")
    say(
        "Posture's cost is above that of the posture that costs are counted from, and not in the "
        "expected loss beside it. Programmes are counted over their own years.",
        style="dim",
    )


def _tell_growth(study: Comparison, growth: dict[str, float]) -> None:
    import math

    first = study.postures[0]
    for name in study.postures[1:]:
        moved = study.displacement(name)
        words = []
        if not math.isnan(moved):
            words.append(
                f"of each point of assault removed, {moved:.2f} come back as grey zone or "
                "limited grabs"
            )
        found = growth.get(name, math.nan)
        if math.isinf(found):
            words.append("no growth of Red's ground force that was tried undoes its denial")
        elif found <= 1:
            words.append(f"it denies no more than {first}")
        elif not math.isnan(found):
            words.append(
                f"Red's ground force would have to be {found:.1f} times as large to undo its denial"
            )
        if words:
            say(f"{name}: {'; '.join(words)}.")


def _percent(share: float | None, *, fine: bool = False) -> str:
    if share is None:
        return "\u2013"
    return f"{100 * share:.1f} %" if fine else f"{100 * share:.0f} %"
