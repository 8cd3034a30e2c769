"""The command that audits the argument, claim by claim."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.options import UNCHANGED, Changes, Json, Run, Where
from glacis.cli.output import (
    Column,
    is_standard_output,
    percent,
    refuse_unwritable,
    say,
    table,
    warn_if_coarse,
    write_json,
)

if TYPE_CHECKING:
    from glacis.study.claims import Ledger

LEDGER_RUN = Run(worlds=1_000)
WIDTH = 96
TAIL = 24
"""Letters of a path that a row has room for."""


def claims(
    scenario: Where,
    claim: Annotated[
        str | None, Parameter(help="Explain this one claim; all if left out.", show_default=False)
    ] = None,
    /,
    *,
    changes: Changes = UNCHANGED,
    run: Run = LEDGER_RUN,
    json: Json = None,
) -> None:
    """Test the argument that a scenario's ledger holds, claim by claim, under every Red."""
    from glacis.cli.progress import working
    from glacis.study.claims import claims as audited

    read = changes.read(scenario)
    refuse_unwritable(json)
    with working("worlds", workers=run.workers) as runner:
        ledger = audited(read, claim, worlds=run.worlds, seed=run.seed, runner=runner)
    warn_if_coarse(run.worlds)
    if json is not None:
        write_json(json, ledger.to_record())
    if is_standard_output(json):
        return
    if claim is None:
        tell_ledger(ledger)
    else:
        _tell_claim(ledger, claim)


def tell_ledger(ledger: Ledger) -> None:
    """The whole ledger, one row a claim."""
    say(f"{ledger.scenario.title}: the argument, claim by claim", style="bold")
    say(f"{ledger.made_of()}.", style="dim")
    columns: list[Column] = [
        ("claim", "left"),
        ("holds in", "right"),
        ("95 %", "right"),
        (f"against {ledger.reds[0]}", "left"),
        ("hangs most on", "left"),
    ]
    records = ledger.to_record()["claims"]
    table(columns, [_row(record) for record in records])
    _tell_other_reds(ledger, records)
    tell_counts(ledger)
    say(
        "Shares of worlds, that is agreement over stated ranges: no probability that a claim is "
        "true. `glacis claims SCENARIO CLAIM` explains one.",
        style="dim",
    )


def tell_counts(ledger: Ledger) -> None:
    """How many claims hold, lean, are contested, fail, are assumed, or depend on Red."""
    counts = ledger.verdicts()
    assumed = sum(ledger.assumed.values())
    depends = sum(ledger.depends_on_red(name) for name in ledger.entries)
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    several = f" Depend on which Red: {depends}." if len(ledger.reds) > 1 else ""
    say(
        f"{len(ledger.entries)} claims against {ledger.reds[0]}: {told}. Assumed by one number of "
        f"the scenario's own: {assumed}.{several}"
    )


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    path, share = record["hangs_on"], record["hangs_on_share"]
    hangs = "\u2013" if path is None else f"{_tail(path)} ({100 * share:.0f} %)"
    return (
        record["id"],
        percent(record["share"]),
        _interval(record),
        record["verdict"],
        hangs,
    )


def _tail(path: str) -> str:
    """The end of a path that still says what it is."""
    parts = path.split(".")
    return path if len(path) <= TAIL else ".".join(["\u2026", *parts[-2:]])


def _tell_other_reds(ledger: Ledger, records: list[dict[str, Any]]) -> None:
    """The claims that depend on which Red."""
    depends = [one for one in records if one["depends_on_red"]]
    if not depends:
        return
    columns: list[Column] = [("depends on Red", "left"), *((red, "left") for red in ledger.reds)]
    rows = [
        (
            one["id"],
            *(f"{told['verdict']} ({percent(told['share'])})" for told in one["reds"].values()),
        )
        for one in depends
    ]
    table(columns, rows)


def _interval(record: dict[str, Any]) -> str:
    if record["low"] is None:
        return "\u2013"
    return f"{100 * record['low']:.0f} to {percent(record['high'])}"


def _tell_claim(ledger: Ledger, name: str) -> None:
    (record,) = ledger.to_record()["claims"]
    say(f"{name}: {record['statement']}", style="bold")
    say(f"{ledger.made_of()}.", style="dim")
    say(
        f"Verdict: {record['verdict']}, in {percent(record['share'])} of worlds "
        f"({_interval(record)}, 95 %)."
    )
    if record["defined"] < 1:
        say(f"The test can be made in {percent(record['defined'])} of {record['worlds']:,} worlds.")
    for red, one in record["reds"].items():
        say(f"  {red}: {one['verdict']} ({percent(one['share'])})")
    for label, one in record["beside"].items():
        say(f"  beside it, {label}: {one['verdict']} ({percent(one['share'])})")
    _tell_distribution(ledger, name)
    _tell_hangs(ledger, name)
    _tell_worlds(ledger, name)
    _tell_sources(ledger, name)


def _tell_distribution(ledger: Ledger, name: str) -> None:
    from glacis.study.evidence import distribution

    table(
        (("margin, from", "right"), ("to", "right"), ("worlds", "right"), ("", "left")),
        [
            (f"{low:.3g}", f"{high:.3g}", f"{count:,}", "\u2588" * round(40 * share))
            for low, high, count, share in distribution(ledger.entries[name][ledger.reds[0]])
        ],
        title="By how much it holds (negative: it does not)",
    )


def _tell_hangs(ledger: Ledger, name: str) -> None:
    from glacis.study.evidence import turning

    hangs = ledger.hangs[name]
    if hangs is None:
        say("It hangs on no single number that stands above noise.")
        return
    one = hangs.quantity
    say(
        f"It hangs most on {hangs.path} ({100 * hangs.share:.0f} % of the margin's variance). "
        f"{hangs.words}: {one}; "
        f"source {one.source or 'none'}, confidence {one.confidence or 'none'}."
    )
    for place, share in turning(ledger, name):
        say(f"  where it is in its {place}, the claim holds in {percent(share)} of worlds")


def _tell_worlds(ledger: Ledger, name: str) -> None:
    from glacis.study.evidence import read_in

    rows = read_in(ledger, name)
    if not rows:  # parts are read of many assessments, and have no single one to show
        return
    table(
        (
            ("what is read", "left"),
            ("under", "left"),
            ("median", "right"),
            ("where it holds", "right"),
            ("where it fails", "right"),
        ),
        [(row.read, row.posture, *(_figure(one, row.unit) for one in row.medians)) for row in rows],
        title="What the test reads, medians",
    )


def _tell_sources(ledger: Ledger, name: str) -> None:
    claim = ledger.claims[name]
    for note in claim.notes:
        for line in textwrap.wrap(f"In print: {note}", WIDTH):
            say(line)
    if claim.source:
        say(f"Source: {claim.source}", style="dim")


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "\u2013"
    return f"{value:.3g}" if unit == "1" else f"{value:.3g} {unit}"
