"""Commands about scenarios: list, check, begin one, and where things are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glacis.cli.options import UNCHANGED, Changes, Json, Where
from glacis.cli.output import Column, is_standard_output, say, table, write_json

if TYPE_CHECKING:
    from glacis.scenario.build import Document
    from glacis.scenario.check import Report
    from glacis.scenario.summary import Counts, PostureCost


def scenarios(*, json: Json = None) -> None:
    """List the bundled scenarios."""
    from glacis.scenario.read import bundled_names, read_document

    # Not validated: `check` is for that, and a list should come at once.
    found = [_scenario_record(read_document(name).document) for name in bundled_names()]
    if json is not None:
        write_json(json, {"schema": 1, "scenarios": found})
    if is_standard_output(json):
        return
    columns: list[Column] = [
        ("scenario", "left"),
        ("date", "left"),
        ("title", "left"),
        ("postures", "right"),
    ]
    rows = [(one["name"], one["date"], one["title"], str(len(one["postures"]))) for one in found]
    table(columns, rows)
    say("`glacis postures SCENARIO` lists what can be compared.", style="dim")


def _scenario_record(document: Document) -> dict[str, Any]:
    from glacis.scenario.outline import members, text_of

    tree = document.tree
    about = {name: text_of(tree.child(name)) for name in ("title", "description", "date")}
    held = {name: list(members(tree.child(name))) for name in ("options", "postures", "variants")}
    return {"name": document.name, **about, "sha256": document.sha256, **held}


def postures(scenario: Where, /, *, changes: Changes = UNCHANGED, json: Json = None) -> None:
    """List a scenario's postures, with what they cost."""
    from dataclasses import asdict

    from glacis.scenario.summary import posture_costs

    read = changes.read(scenario)
    costs = posture_costs(read)
    if json is not None:
        listed = {cost.posture: asdict(cost) for cost in costs}
        write_json(json, {"schema": 1, "scenario": read.name, "postures": listed})
    if is_standard_output(json):
        return
    columns: list[Column] = [
        ("posture", "left"),
        ("to buy, EUR m", "right"),
        ("a year, EUR m", "right"),
        ("ready, months", "right"),
        ("what it is", "left"),
    ]
    table(columns, [_cost_row(cost, read.default_posture) for cost in costs], title=read.title)
    say("Central value (low to high). * stands when no posture is named.", style="dim")
    for words, names in (("Red's options", read.options), ("variants", read.variants)):
        if names:
            say(f"{words}: {', '.join(names)}", style="dim")


def _cost_row(cost: PostureCost, default: str | None) -> tuple[str, ...]:
    star = " *" if cost.posture == default else ""
    what = cost.description or cost.name
    money = str(cost.one_off_meur), str(cost.annual_meur)
    return f"{cost.posture}{star}", *money, str(cost.lead_months), what


def check(scenario: Where, /, *, json: Json = None) -> int:
    """Find everything that is wrong with a scenario, and say what its numbers rest on."""
    from glacis.scenario.check import check as examined

    report = examined(scenario)
    if json is not None:
        write_json(json, report.record())
    if not is_standard_output(json):
        _tell(report)
    return 0 if report.is_sound else 2


def _tell(report: Report) -> None:
    for problem in report.problems:
        say(str(problem))
    number = len(report.problems)
    if number:
        say(f"{report.name}: {number} problem{'s' if number > 1 else ''}", style="bold red")
    else:
        say(f"{report.name}: no problems", style="bold green")
    if report.counts is not None and report.is_sound:
        _tell_counts(report.counts)


def _tell_counts(counts: Counts) -> None:
    numbers = counts.provenance
    formations = f"{counts.formations_red} Red, {counts.formations_blue} Blue"
    rest = f"{numbers.sourced} sourced, {numbers.from_memory} from memory"
    confidence = f"{numbers.high} high, {numbers.medium} medium, {numbers.low} low"
    changes = f"{counts.measures} measures, {counts.postures} postures, {counts.variants} variants"
    table(
        (("", "left"), ("", "left")),
        [
            ("theatre", f"{counts.places} places, {counts.legs} legs"),
            ("formations", formations),
            ("plans", f"{counts.options} options, {counts.targets} targets"),
            ("changes", changes),
            ("numbers", f"{numbers.numbers}: {numbers.uncertain} ranges, {numbers.certain} plain"),
            ("resting on", f"{rest}, {numbers.elicited} elicited"),
            ("confidence", confidence),
        ],
    )


def new(folder: str, /) -> None:
    """Begin a scenario: a small, commented template that passes check and runs.

    Parameters
    ----------
    folder
        Where to write it; must not exist, or be empty.
    """
    from glacis.scenario.write import write_template

    written = write_template(folder)
    say(f"{written}: a template scenario, and the schema for your editor")
    say(f"Change it, and run `glacis check {written}`.", style="dim")


def where(*, json: Json = None) -> None:
    """Name the folders that glacis reads from and writes to."""
    from glacis.folders import HOME_VARIABLE, cache_folder, data_folder
    from glacis.scenario.read import scenarios_folder

    folders = {"scenarios": scenarios_folder(), "cache": cache_folder(), "data": data_folder()}
    if json is not None:
        named = {name: str(folder) for name, folder in folders.items()}
        write_json(json, {"schema": 1, "folders": named})
    if is_standard_output(json):
        return
    for name, folder in folders.items():
        say(f"{name:10} {folder}")
    say(f"{HOME_VARIABLE} puts cache and data below one folder.", style="dim")
