"""The report's tables as plain rows of text, made from the comparison's numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from glacis.assess.loss import MEUR_A_BEUR
from glacis.figures import theme
from glacis.figures.bill import LOOKS
from glacis.figures.compared import Estimate, estimate
from glacis.figures.differences import measures
from glacis.figures.endings import NAMED
from glacis.figures.words import percent, told_money
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import ELICITED, FROM_MEMORY, Quantity
from glacis.study.compare import Comparison

DASH = "\u2013"

#: Numbers on which the answer can hang, by path or what their paths begin with.
ASSUMPTIONS = (
    "crisis.precision",
    "crisis.optimism",
    "crisis.insight",
    "crisis.occasions_per_year",
    "crisis.provocation.half",
    "crisis.types",
    "belief.base",
    "belief.insecure",
    "belief.independence",
    "alliance.council",
    "alliance.public",
    "alliance.government",
    "alliance.cohesion",
    "ripple.theatres",
    "ripple.effects",
    "ripple.reputation",
    "loss",
)


class Cell(NamedTuple):
    """A figure, and below it its range."""

    text: str
    range: str = ""


class Table(NamedTuple):
    """A table: the first cell of each row is its head."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


class Assumption(NamedTuple):
    """One uncertain number, as it is told."""

    path: str
    value: str
    sources: tuple[str, ...]
    confidence: str
    note: str


class Claim(NamedTuple):
    """One line of the ledger, as it is told."""

    id: str
    statement: str
    kind: str
    share: str
    verdict: str
    hangs_on: str
    """What it hangs on most, in words."""
    hangs_on_path: str
    notes: tuple[str, ...]
    reds: dict[str, str]


def overview(study: Comparison) -> Table:
    """Each posture's main figures: means over worlds, and the middle nine in ten of these."""
    kind = study.scenario.options[study.option].kind
    told: list[tuple[str, dict[str, Estimate], str]] = []

    def add(head: str, name: str, unit: str, **at: str | float) -> None:
        if study.has(name):
            # Money of the posture itself is in EUR m, and told like the losses in EUR bn.
            scale = MEUR_A_BEUR if name.endswith("_cost") else 1.0
            found = {p: estimate(study.values(name, p, **at) / scale) for p in study.postures}
            told.append((head, found, unit))

    add("Red attacks, at a moment of decision", "p_attack", "%")
    add("Red attacks within five years", "p_attack_5y", "%")
    add(f"Full answer, if it comes to {kind}", "response", "%", option=study.option, answer="full")
    add(f"An objective falls, if it comes to {kind}", "falls_any", "of")
    add("A crisis in a second theatre", "p_second_theatre", "%")
    add("Expected loss, EUR bn", "expected_loss", "")
    add("Cost a year, EUR bn", "annual_cost", "")
    add("Cost to buy, EUR bn", "one_off_cost", "")
    rows = [
        [Cell(posture), *(_cell(found[posture], unit) for _, found, unit in told)]
        for posture in study.postures
    ]
    caption = "Means over worlds; below each the middle nine in ten of them."
    return Table(caption, ["posture", *(head for head, *_ in told)], rows)


def _cell(found: Estimate, unit: str) -> Cell:
    if math.isnan(found.mean):
        return Cell(DASH)
    if unit == "of":  # it happens in a world or not, so that worlds have no range
        return Cell(percent(found.mean))
    if unit == "%":
        return Cell(percent(found.mean), f"{100 * found.p05:.0f} to {percent(found.p95)}")
    span = f"{told_money(found.p05)} to {told_money(found.p95)}" if found.p95 > found.p05 else ""
    return Cell(told_money(found.mean), span)


def outcomes(study: Comparison) -> Table:
    """Shares of each ending."""
    rows = [
        [
            Cell(posture),
            *(
                Cell(percent(float(study.values("outcomes", posture, outcome=name).mean())))
                for name in theme.OUTCOMES
            ),
        ]
        for posture in study.postures
    ]
    caption = "How a moment of decision ends: mean shares over worlds."
    return Table(caption, ["posture", *NAMED.values()], rows)


def differences(study: Comparison) -> Table:
    """What each posture changes from the first: the mean and its interval."""
    told = list(measures(study))
    heads = [f"{one.name.replace(chr(10), ' ')}, {one.unit}" for one in told]
    rows = []
    for posture in study.postures[1:]:
        cells = []
        for one in told:
            found = one.found(study, posture)
            low, high = (one.told(end) if math.isfinite(end) else DASH for end in found.ends)
            mean = DASH if math.isnan(found.mean) else one.told(found.mean)
            zero = "" if found.is_sure else "; includes zero"
            cells.append(Cell(mean, f"{low} to {high}{zero}"))
        moved = study.displacement(posture)
        cells.append(Cell(DASH if math.isnan(moved) else f"{moved:.2f}"))
        rows.append([Cell(posture), *cells])
    caption = (
        f"Each posture less {study.postures[0]}, world by world: means, below each its "
        "95\u00a0% interval. Displacement: limited grabs and grey zone that come for each "
        "assault that goes."
    )
    return Table(caption, ["posture", *heads, "displacement"], rows)


def losses(study: Comparison) -> Table:
    """Expected loss term by term."""
    terms = [str(term) for term in study.dataset["term"].to_numpy()]
    rows = [
        [
            Cell(posture),
            *(Cell(told_money(float(study.values("loss", posture, term=t).mean()))) for t in terms),
            Cell(told_money(float(study.values("expected_loss", posture).mean()))),
        ]
        for posture in study.postures
    ]
    heads = [LOOKS[term][0] if term in LOOKS else term for term in terms]
    return Table(
        "Expected loss by term, EUR bn: means over worlds.", ["posture", *heads, "in all"], rows
    )


def assumptions(scenario: Scenario, paths: Sequence[str]) -> list[Assumption]:
    """The uncertain numbers at some paths and below them, in the scenario's order."""
    return [
        Assumption(
            path, f"{quantity}", quantity.sources, quantity.confidence or DASH, quantity.note
        )
        for path, quantity in scenario.quantities()
        if not quantity.is_certain and _is_below(path, paths)
    ]


def _is_below(path: str, paths: Sequence[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in paths)


def rests_on(quantity: Quantity | Assumption) -> str:
    """The kinds of sources in words."""
    words = {ELICITED: "judgement", FROM_MEMORY: "from memory"}
    return ", ".join(words.get(key, key) for key in quantity.sources)


def ledger_rows(ledger: Iterable[Mapping[str, Any]]) -> list[Claim]:
    """The claims ledger's lines; what a record leaves out is a dash."""
    found = []
    for one in ledger:
        verdict = str(one.get("verdict") or DASH)
        if one.get("assumed") and "assumed" not in verdict:
            verdict = f"assumed ({verdict})"
        notes = one.get("notes") or ()
        found.append(
            Claim(
                id=str(one["id"]),
                statement=str(one.get("statement") or one["id"]),
                kind=str(one.get("kind") or ""),
                share=_share(one),
                verdict=verdict,
                hangs_on=str(one.get("hangs_on_words") or one.get("hangs_on") or DASH),
                hangs_on_path=str(one.get("hangs_on") or ""),
                notes=(notes,) if isinstance(notes, str) else tuple(str(note) for note in notes),
                reds={str(k): str(v) for k, v in (one.get("reds") or {}).items()},
            )
        )
    return found


def _share(one: Mapping[str, Any]) -> str:
    share, low, high = (one.get(name) for name in ("share", "low", "high"))
    if share is None:
        return DASH
    if low is None or high is None:
        return percent(share)
    return f"{percent(share)} ({100 * low:.0f} to {percent(high)})"


__all__ = [
    "ASSUMPTIONS",
    "Assumption",
    "Cell",
    "Claim",
    "Table",
    "assumptions",
    "differences",
    "ledger_rows",
    "losses",
    "outcomes",
    "overview",
    "rests_on",
]
