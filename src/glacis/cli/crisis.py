"""What `glacis game` does with a scenario: the challenger's choice, in every world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glacis.cli.output import (
    Column,
    is_standard_output,
    percent,
    refuse_unwritable,
    say,
    table,
    warn,
    warn_if_coarse,
    write_figures,
    write_json,
    write_text,
)
from glacis.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from glacis.assess.choice import CrisisStudy
    from glacis.cli.game import Files
    from glacis.cli.options import Run
    from glacis.executor import Runner
    from glacis.scenario.model import Scenario

SHARES: tuple[Column, ...] = (
    ("", "left"),
    ("mean", "right"),
    ("5 %", "right"),
    ("median", "right"),
    ("95 %", "right"),
)


def play_crisis(
    scenario: Scenario,
    *,
    posture: str | None,
    world: int | None,
    precision: float | None,
    run: Run,
    files: Files,
) -> None:
    """Solve a scenario's crisis under a posture; tell it, and write what is asked for."""
    from glacis.assess.crisis import crisis_game
    from glacis.assess.posed import crisis_of
    from glacis.cli.progress import working

    crisis_of(scenario)
    if precision is not None:
        if not 0 < precision < float("inf"):
            raise InputError(f"--precision {precision:g}: must be a number above 0")
        scenario = scenario.replace({"crisis.precision": precision})
    refuse_unwritable(files.json, files.efg, files.svg)
    if world is not None and not 0 <= world < run.worlds:
        raise InputError(f"--world {world}: must be from 0 to {run.worlds - 1}")
    if world is not None and files.efg is None and files.svg is None:
        raise InputError("--world: names what --efg and --svg write; give one of them")
    with working("campaigns", workers=run.workers) as runner:
        study = crisis_game(scenario, posture, runs=run.worlds, seed=run.seed, runner=runner)
        drawn = {} if files.figure is None else _figures(study, runner)
    warn_if_coarse(run.worlds)
    _write(study, world, files)
    if files.figure is not None:
        for path in write_figures(drawn, files.figure):
            warn(f"written: {path}", style="dim")
    if not is_standard_output(files.json):
        _tell(study)


def _figures(study: CrisisStudy, runner: Runner) -> dict[str, Figure]:
    """The figures of a crisis, by file name."""
    from glacis.assess.diagram import diagram
    from glacis.crisis.belief import belief_timeline
    from glacis.figures.belief import belief_chart
    from glacis.figures.choice import choice_chart, diagram_chart

    return {
        "choice": choice_chart([study]),
        "diagram": diagram_chart(diagram(study, runner=runner), [study]),
        "belief": belief_chart(belief_timeline(study.scenario, study.worlds)),
    }


def _write(study: CrisisStudy, world: int | None, files: Files) -> None:
    from glacis.crisis.efg import write_efg
    from glacis.crisis.equilibrium import solve

    chosen = study.typical_world() if world is None else world
    at = float(study.played.games.precisions[chosen])
    if files.json is not None:
        write_json(files.json, study.to_record())
    if files.efg is not None:
        write_text(files.efg, write_efg(study.game(chosen)))
        warn(
            f"written: {files.efg}, the game of world {chosen}; solve it with --precision {at:.6g}",
            style="dim",
        )
    if files.svg is not None:
        from glacis.figures.tree import as_svg, tree_figure

        write_text(files.svg, as_svg(tree_figure(solve(study.game(chosen), precision=at))))
        warn(f"written: {files.svg}, the game of world {chosen}, as Red sees it", style="dim")


def _tell(study: CrisisStudy) -> None:
    record = study.to_record()
    say(f"{study.scenario.title}; posture {study.posture}", style="bold")
    say(f"{study.made_of()}.", style="dim")
    _tell_acts(study, record)
    _tell_why(study, record)
    _tell_chances(study, record)
    _tell_certificate(record)


def _tell_acts(study: CrisisStudy, record: dict[str, Any]) -> None:
    """What Red does at a moment of decision: over both types, and by type."""
    names = study.scenario.options
    rows = [("attacks, limited or full", record["p_attack"])]
    for act in study.possible():
        rows.append((act.replace("_", " "), record["options"][act]))
        own = [name for name in record["attacks"] if names[name].kind == act]
        if len(own) > 1:
            rows += [(f"  {names[name].name} ({name})", record["attacks"][name]) for name in own]
    table(SHARES, [_shares(words, found) for words, found in rows], title="At a moment of decision")
    tempers = study.tempers()
    if len(tempers) > 1:
        types, told = study.crisis.types, record["options_by_type"]
        columns: list[Column] = [("", "left"), *((types[t].name, "right") for t in tempers)]
        table(
            columns,
            [
                (act.replace("_", " "), *(percent(told[t][act]["mean"]) for t in tempers))
                for act in study.possible()
            ],
            title="By type of Red, means",
        )


def _tell_why(study: CrisisStudy, record: dict[str, Any]) -> None:
    """What Red believes, and what the members would do; as far as the game hangs on it."""
    rows = []
    if "belief_full" in record:
        rows.append(_shares("Red's belief in a full answer to an attack", record["belief_full"]))
    for name, found in record.get("response", {}).items():
        rows.append(
            _shares(
                f"{study.scenario.options[name].name}: Red expects a full answer",
                found["full_as_red_sees_it"],
            )
        )
        rows.append(_shares("  what the members would do", found["full"]))
    if "share_insecure" in record:
        rows.append(_shares("share of insecure types", record["share_insecure"]))
    if "threat" in record:
        rows.append(_shares("threat that Red feels, 0 to 1", record["threat"]))
    if rows:
        table(SHARES, rows, title="What Red goes by")
    say("5 to 95 %: over worlds, that is over what we do not know; no sampling error.", style="dim")


def _tell_chances(study: CrisisStudy, record: dict[str, Any]) -> None:
    years, building = record["p_attack_5y"], record["p_attack_buildup"]
    say(
        f"At least one attack in five years: {percent(years['mean'])} "
        f"({percent(years['p05'])} to {percent(years['p95'])}), by the scenario's moments of "
        "decision a year."
    )
    if study.today is not None:
        _tell_against(study, record["today"], building)
    say(
        f"With all payoffs equal the form of the tree alone makes it "
        f"{percent(record['p_attack_blind'])}. A tendency in a crisis, not a forecast.",
        style="dim",
    )


def _tell_against(study: CrisisStudy, then: dict[str, Any], building: dict[str, Any]) -> None:
    """What the posture changes from today's, and by what."""
    low, high = (100 * then["change"][name] for name in ("p05", "p95"))
    say(
        f"Under {then['posture']}, {percent(then['p_attack']['mean'])}: "
        f"{_points(then['change'])} points ({low:+.0f} to {high:+.0f}). While {study.posture} is "
        f"being built up, {percent(building['mean'])}."
    )
    alone = {name: _points(one) for name, one in then["alone"].items()}
    words = (
        f"By one thing alone: the war that Red expects {alone['war']}, the answer that it expects "
        f"{alone['answer']}, the threat that it feels {alone['threat']} points"
    )
    if then["displacement"] is not None:
        words += (
            f". Of each point of assault removed, {then['displacement']:.2f} come back as grey "
            "zone or limited grabs"
        )
    say(f"{words}.")


def _points(found: dict[str, Any]) -> str:
    return f"{100 * found['mean']:+.0f}"


def _tell_certificate(record: dict[str, Any]) -> None:
    found = record["statuses"]
    told = ", ".join(f"{count:,} {name}" for name, count in found.items() if count)
    say(
        f"Games: {told}; residual at most {record['residual']:.1e}; median regret "
        f"{record['regrets']['p50']:.2g} of a full success, for choice errs at finite precision; "
        f"given up by the least credible last move {record['last_move_loss']['p50']:.2g}.",
        style="dim",
    )
    if found["converged"] < record["worlds"]:
        warn("games that did not converge are counted as they were left; see statuses in --json")


def _shares(words: str, found: dict[str, Any]) -> tuple[str, ...]:
    return words, *(percent(found[name]) for name in ("mean", "p05", "p50", "p95"))
