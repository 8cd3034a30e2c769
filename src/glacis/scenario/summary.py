"""A scenario in short: what its numbers rest on, what its postures cost, and a page of HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from glacis.scenario.quantity import CONFIDENCES, ELICITED, FROM_MEMORY, Quantity

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario


@dataclass(frozen=True)
class Provenances:
    """How many numbers rest on what.

    A number that names several sources counts as elicited if one of them is, else as from
    memory if one of them is.
    """

    numbers: int
    uncertain: int
    certain: int
    sourced: int
    from_memory: int
    elicited: int
    high: int
    medium: int
    low: int


@dataclass(frozen=True)
class Counts:
    """How much of everything a scenario holds."""

    provenance: Provenances
    places: int
    legs: int
    formations_red: int
    formations_blue: int
    options: int
    measures: int
    postures: int
    variants: int
    targets: int


@dataclass(frozen=True)
class Range:
    """A figure with its span: the least, the central and the greatest value."""

    low: float
    mode: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.mode + other.mode, self.high + other.high)

    def __mul__(self, number: int) -> Range:
        return Range(self.low * number, self.mode * number, self.high * number)

    def or_later(self, other: Range) -> Range:
        """The later of two times, end by end."""
        return Range(
            max(self.low, other.low), max(self.mode, other.mode), max(self.high, other.high)
        )

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.mode:,.0f}"
        return f"{self.mode:,.0f} ({self.low:,.0f} to {self.high:,.0f})"


NOTHING = Range(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class PostureCost:
    """What a posture costs: to buy once, and to keep for a year, in EUR million; and its time.

    Low and high add up the ends of every measure's range: they bound the cost, they are no
    quantiles of it. A posture is ready when the last of its measures is.
    """

    posture: str
    name: str
    description: str
    measures: int
    one_off_meur: Range
    annual_meur: Range
    lead_months: Range


def provenance_counts(scenario: Scenario) -> Provenances:
    """How many of the scenario's numbers are sourced, from memory or elicited, and how surely."""
    return _provenances(quantity for _, quantity in scenario.quantities())


def _provenances(quantities: Iterable[Quantity]) -> Provenances:
    kinds: Counter[str] = Counter()
    for quantity in quantities:
        kinds["certain" if quantity.is_certain else "uncertain"] += 1
        kinds[kind_of(quantity)] += 1
        kinds[quantity.confidence] += 1
    return Provenances(
        numbers=kinds["certain"] + kinds["uncertain"],
        uncertain=kinds["uncertain"],
        certain=kinds["certain"],
        sourced=kinds["sourced"],
        from_memory=kinds[FROM_MEMORY],
        elicited=kinds[ELICITED],
        **{confidence: kinds[confidence] for confidence in CONFIDENCES},
    )


#: What a number can rest on, the firmest first.
KINDS = ("sourced", FROM_MEMORY, ELICITED)


def kind_of(quantity: Quantity) -> str:
    """What a number rests on: its weakest source counts."""
    keys = quantity.sources
    for kind in (ELICITED, FROM_MEMORY):
        if kind in keys:
            return kind
    return "sourced" if keys else "unsourced"


def counted(scenario: Scenario) -> Counts:
    """How much of everything the scenario holds."""
    return Counts(
        provenance=provenance_counts(scenario),
        places=len(scenario.theatre.places),
        legs=len(scenario.theatre.legs),
        formations_red=len(scenario.forces.red),
        formations_blue=len(scenario.forces.blue),
        options=len(scenario.options),
        measures=len(scenario.measures),
        postures=len(scenario.postures),
        variants=len(scenario.variants),
        targets=len(scenario.targets),
    )


def posture_costs(scenario: Scenario) -> tuple[PostureCost, ...]:
    """What each posture costs, in the order of the scenario."""
    found = []
    for name, posture in scenario.postures.items():
        one_off, annual, lead = NOTHING, NOTHING, NOTHING
        for line in posture.measures:
            if not line.quantity:
                continue
            measure = scenario.measures[line.measure]
            one_off += _range(measure.one_off_meur) * line.quantity
            annual += _range(measure.running_meur) * line.quantity
            lead = lead.or_later(_range(measure.lead_months))
        found.append(
            PostureCost(
                posture=name,
                name=posture.name,
                description=posture.description,
                measures=sum(line.quantity for line in posture.measures),
                one_off_meur=one_off,
                annual_meur=annual,
                lead_months=lead,
            )
        )
    return tuple(found)


def _range(quantity: Quantity) -> Range:
    low, high = quantity.support
    return Range(low, quantity.value, high)


def html(scenario: Scenario) -> str:
    """The scenario as a small page fragment for notebooks: nothing in it is taken as markup."""
    counts = counted(scenario)
    numbers = counts.provenance
    applied = [*scenario.document.variants, scenario.document.posture]
    rows = [
        ("date", scenario.date),
        ("applied", ", ".join(name for name in applied if name)),
        ("theatre", f"{counts.places} places, {counts.legs} legs"),
        ("formations", f"{counts.formations_red} Red, {counts.formations_blue} Blue"),
        ("options", ", ".join(scenario.options)),
        ("postures", ", ".join(scenario.postures)),
        ("variants", ", ".join(scenario.variants)),
        (
            "numbers",
            f"{numbers.numbers} ({numbers.uncertain} uncertain): {numbers.sourced} sourced, "
            f"{numbers.from_memory} from memory, {numbers.elicited} elicited",
        ),
    ]
    cells = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th>"
        f"<td style='text-align:left'>{escape(text)}</td></tr>"
        for name, text in rows
        if text
    )
    return (
        f"<div><strong>{escape(scenario.title)}</strong> <code>{escape(scenario.name)}</code>"
        f"<p style='max-width:60em'>{escape(scenario.description)}</p>"
        f"<table>{cells}</table></div>"
    )
