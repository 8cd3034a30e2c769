"""The command that tells how the alliance answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.options import UNCHANGED, USUAL, Changes, Json, PostureName, Run, Where
from glacis.cli.output import (
    Column,
    is_standard_output,
    refuse_unwritable,
    say,
    table,
    warn,
    warn_if_coarse,
    write_json,
    write_text,
)
from glacis.errors import InputError

if TYPE_CHECKING:
    from glacis.assess.council import CouncilStudy


@Parameter(name="*")
@dataclass(frozen=True)
class Attacked:
    """Which attack is answered, and where the answer goes."""

    posture: PostureName | None = None
    option: Annotated[str, Parameter(help="Red's option.")] = "assault"
    world: Annotated[
        int | None, Parameter(help="Explain this world: who stood, who blocked, and why.")
    ] = None
    svg: Annotated[
        Path | None, Parameter(metavar="FILE", help="Draw the answer, member by member.")
    ] = None


#: The defaults: an assault under the scenario's own posture.
ASSAULT = Attacked()


def alliance(
    scenario: Where,
    /,
    *,
    attacked: Attacked = ASSAULT,
    changes: Changes = UNCHANGED,
    run: Run = USUAL,
    json: Json = None,
) -> None:
    """How the alliance answers an attack: who stands, who blocks, and why."""
    from glacis.assess.council import council
    from glacis.cli.progress import working

    read, world, svg = changes.read(scenario), attacked.world, attacked.svg
    if world is not None and not 0 <= world < run.worlds:
        raise InputError(f"--world {world}: must be from 0 to {run.worlds - 1}")
    refuse_unwritable(json, svg)
    with working("campaigns", workers=run.workers) as runner:
        study = council(
            read,
            attacked.posture,
            option=attacked.option,
            runs=run.worlds,
            seed=run.seed,
            runner=runner,
        )
    warn_if_coarse(run.worlds)
    explained = None if world is None else study.explained(world)
    if svg is not None:
        from glacis.figures.alliance import response_chart
        from glacis.figures.tree import as_svg

        write_text(svg, as_svg(response_chart(study)))
    if json is not None:
        more = {} if explained is None else {"explained": explained}
        write_json(json, study.to_record() | more)
    if not is_standard_output(json):
        _tell(study)
        if explained is not None:
            _tell_world(explained)
    if svg is not None:
        warn(f"written: {svg}", style="dim")


def _tell(study: CouncilStudy) -> None:
    record = study.to_record()
    say(f"{study.scenario.title}; posture {study.posture}, option {study.option}", style="bold")
    say(f"{study.made_of()}.", style="dim")
    columns: tuple[Column, ...] = (
        ("", "left"),
        ("mean", "right"),
        ("5 %", "right"),
        ("median", "right"),
        ("95 %", "right"),
    )
    answer = record["response"]
    table(
        columns,
        [
            _share_row("full answer", answer["full"]),
            _share_row("limited", answer["limited"]),
            _share_row("none", answer["none"]),
            _share_row("nobody would block", record["by_consensus"]),
            _share_row(f"a coalition of {study.coalition()} with it", record["by_coalition"]),
            _share_row(f"{study.pivotal()} for it", record["by_pivotal_alone"]),
            _share_row("odds of success, as seen", record["odds"]),
            _number_row("allied dead by then", record["dead"]),
            _number_row("hours to the answer*", record["decision_hours"]),
        ],
    )
    say("* From how members lean before anything is seen: no posture changes it much.", style="dim")
    _tell_members(record["members"])
    say(
        "Medians over worlds. Support: share of the public for force. Terms: docs, alliance.",
        style="dim",
    )
    blood, below = record["not_enough_blood"], 1 - answer["full"]["mean"]
    if blood["mean"] is not None:
        say(
            f"Not enough blood: where the forward force is lost "
            f"({100 * blood['share_of_worlds']:.0f} % of worlds), the answer stays below full with "
            f"a probability of {blood['mean']:.2f}; over all worlds {below:.2f}."
        )
    decided = ", ".join(
        f"{name.replace('_', ' ')} {100 * share:.0f} %"
        for name, share in list(record["decided_by"].items())[:4]
    )
    say(f"What decided, by the pivotal members' weightiest term: {decided}.")
    if record["two_fixed_points"]["mean"] > 0:
        say(
            "Expectations have two fixed points with a probability of "
            f"{record['two_fixed_points']['mean']:.2f}; both count by their weights."
        )


def _tell_members(members: list[dict[str, Any]]) -> None:
    columns: tuple[Column, ...] = (
        ("member", "left"),
        ("support", "right"),
        ("full", "right"),
        ("limited", "right"),
        ("none", "right"),
        ("most for", "left"),
        ("most against", "left"),
    )
    rows = [
        (
            one["name"],
            *(f"{100 * one[name]:.0f} %" for name in ("support", "full", "limited", "none")),
            one["most_for"].replace("_", " "),
            one["most_against"].replace("_", " "),
        )
        for one in sorted(members, key=lambda one: -one["full"])
    ]
    table(columns, rows)


def _share_row(words: str, found: dict[str, Any]) -> tuple[str, ...]:
    return words, *(
        "\u2013" if found[name] is None else f"{100 * found[name]:.0f} %"
        for name in ("mean", "p05", "p50", "p95")
    )


def _number_row(words: str, found: dict[str, Any]) -> tuple[str, ...]:
    return words, *(f"{found[name]:,.0f}" for name in ("mean", "p05", "p50", "p95"))


def _tell_world(told: dict[str, Any]) -> None:
    say("")
    say(f"World {told['world']}: {told['answer']} answer", style="bold")
    say(
        f"Seen: {told['dead']:,.0f} allied dead, odds of success {100 * told['odds']:.0f} %; "
        f"a full answer had a probability of {told['p_full']:.2f}."
    )
    for words, names in (("For a full answer", told["stood"]), ("Blocked", told["blocked"])):
        say(f"{words}: {', '.join(names) or 'nobody'}.")
    decided = told["decided_by"].replace("_", " ")
    say(f"What decided, of the terms of those who could have made it otherwise: {decided}.")
