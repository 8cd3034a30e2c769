"""The command that plays the war on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from glacis.cli.campaign_tables import campaign_rows
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
    write_text,
)
from glacis.cli.progress import working
from glacis.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from glacis.campaign.record import Campaign
    from glacis.campaign.replay import Choice
    from glacis.scenario.model import Scenario


@Parameter(name="*")
@dataclass(frozen=True)
class Attack:
    """What Red does, how the council answers, and how long the campaign lasts."""

    option: Annotated[
        str, Parameter(help="Red's move: one of the scenario's options, or its kind.")
    ] = "assault"
    response: Annotated[
        Literal["none", "limited", "full"],
        Parameter(help="The council's answer; only full brings reinforcements."),
    ] = "full"
    days: Annotated[float, Parameter(help="Length, at most 180.")] = 30.0


@Parameter(name="*")
@dataclass(frozen=True)
class Outputs:
    """What is written beside the table."""

    replay: Annotated[
        Path | None,
        Parameter(metavar="FILE", help="Write the log of one run as JSON: who was where, when."),
    ] = None
    world: Annotated[
        str, Parameter(help="Which run to log: median, worst-tenth, or a world's number.")
    ] = "median"
    figure: Annotated[
        Path | None, Parameter(metavar="DIR", help="Write the figures into a folder, as PNG.")
    ] = None
    json: Json = None


def campaign(
    scenario: Where,
    /,
    *,
    posture: Annotated[
        str | None,
        Parameter(help="One of the scenario's postures; its own default if left out."),
    ] = None,
    attack: Attack = Attack(),
    run: Run = USUAL,
    changes: Changes = UNCHANGED,
    outputs: Outputs = Outputs(),
) -> None:
    """Play one posture's campaign on the map, in many worlds."""
    from glacis.campaign.run import run_campaign

    read = changes.read(scenario)
    world = _world(outputs.world)
    refuse_unwritable(outputs.json, outputs.replay)
    with working("campaigns", workers=run.workers) as runner:
        played = run_campaign(
            read,
            posture,
            option=attack.option,
            response=attack.response,
            runs=run.worlds,
            seed=run.seed,
            days=attack.days,
            runner=runner,
        )
    if not is_standard_output(outputs.json):
        _tell(played)
    written = _write_replay(played, read, outputs.replay, world=world)
    if outputs.figure is not None:
        written += write_figures(_figures(played, read, world=world), outputs.figure)
    if outputs.json is not None:
        write_json(outputs.json, played.to_record())
    for path in written:
        warn(f"written: {path}", style="dim")


def _world(text: str) -> int | Choice:
    """A world's number, or the name of a choice.

    Raises
    ------
    InputError
        If it is neither.
    """
    from glacis.campaign.replay import CHOICES

    for choice in CHOICES:
        if text == choice:
            return choice
    if text.isascii() and text.isdecimal():
        return int(text)
    raise InputError(f"--world {text}: must be a number, or one of {', '.join(CHOICES)}")


def _write_replay(
    played: Campaign, read: Scenario, path: Path | None, *, world: int | Choice
) -> list[Path]:
    if path is None:
        return []
    from glacis.campaign.replay import replay_of

    write_text(path, replay_of(played, read, world=world).to_json())
    return [path]


def _figures(played: Campaign, read: Scenario, *, world: int | Choice) -> dict[str, Figure]:
    """The figures of one campaign, by file name."""
    from glacis.campaign.replay import replay_of
    from glacis.figures.campaign import (
        arms_over_time,
        arrival_map,
        arrivals_chart,
        front_over_time,
        hours_distribution,
        losses_chart,
        losses_over_time,
        munitions_chart,
    )

    by_posture = {played.dataset.attrs["posture"]: played}
    is_grab = played.scenario.options[played.dataset.attrs["option"]].kind == "limited"
    # What a grab is after lies on the border: it is near at once, and the question is its fall.
    measure: Literal["reached", "falls"] = "falls" if is_grab else "reached"
    run = replay_of(played, read, world=world)
    drawn = {
        "arrival-map": arrival_map(played),
        "hours": hours_distribution(by_posture, _first_goal(played), measure=measure),
        "losses": losses_chart(by_posture),
        "losses-over-time": losses_over_time(run),
        "front": front_over_time(run),
    }
    arms = played.dataset.attrs["arms"]
    if arms:
        drawn["arms"] = arms_over_time(run)
    if "arsenals" in arms:
        drawn["munitions"] = munitions_chart(played)
    if played.dataset.sizes["formation"]:
        drawn["arrivals"] = arrivals_chart(by_posture)
    return drawn


def _first_goal(played: Campaign) -> str:
    """What a campaign is first asked for: its own objective if limited, else the first group."""
    option = played.scenario.options[played.dataset.attrs["option"]]
    if option.kind == "limited":
        return option.objectives[0]
    objectives = played.scenario.objectives
    return next(iter(objectives.groups), objectives.places[0])


def _changed(attrs: Mapping[str, Any]) -> str:
    """The variants and replacements that a result was made with, in words."""
    given = [f"{path} = {value}" for path, value in attrs["overrides"].items()]
    return ", ".join([*attrs["variants"], *given])


def _tell(played: Campaign) -> None:
    from glacis.figures.words import CAVEAT

    attrs, scenario = played.dataset.attrs, played.scenario
    posture, option = scenario.postures[attrs["posture"]], scenario.options[attrs["option"]]
    title = (
        f"{scenario.title}\n{posture.name} ({attrs['posture']}). Red: {option.name}. "
        f"Answer: {attrs['response']}. {attrs['worlds']:,} runs of {attrs['days']:g} days."
    )
    if changed := _changed(attrs):
        title += f"\nChanged: {changed}."
    columns: tuple[Column, ...] = (
        ("", "left"),
        ("unit", "left"),
        ("of runs", "right"),
        ("5 %", "right"),
        ("median", "right"),
        ("95 %", "right"),
    )
    say(title, style="bold")
    table(columns, campaign_rows(played))
    say("Hours count from H-hour, over the runs in which it happens.", style="dim")
    say(CAVEAT, style="dim")
