"""Who stands where before a shot: battalions by side, nation and type, one symbol each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from glacis.figures import theme
from glacis.figures.roster import Key, Row, by_nation, is_late, roster, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from glacis.scenario.model import Formation, Scenario


def forces_chart(scenario: Scenario) -> Figure:
    """Both sides' battalions by nation, a symbol for each, the darker the more combat power.

    Hollow symbols are those that join only if the alliance answers in full. Squadrons,
    batteries and ships are in `systems_chart`.
    """

    def symbol(formation: Formation) -> tuple[str, float]:
        kind = scenario.types[formation.type]
        power = kind.power.value * formation.strength.value
        return kind.symbol, 0.0 if is_late(formation) else power

    rows = tuple(_rows(scenario))
    fig = roster(
        rows,
        _key(scenario, rows),
        symbol=symbol,
        sums=("battalions", "strength", "people"),
    )
    theme.heading(fig, _sentence(rows), subtitle=_explanation(scenario, rows))
    theme.footing(fig, f"Forces: {scenario.name} scenario, where each has its source.")
    return fig


def _rows(scenario: Scenario) -> Iterator[Row]:
    for side, nation, own in by_nation(scenario, lambda one: one.type in scenario.types):
        yield Row(scenario, side, nation, _groups(scenario, own), _totals(own))


def _groups(scenario: Scenario, own: list[Formation]) -> tuple[tuple[Formation, ...], ...]:
    """Those in place, then those that may join, by type; the heaviest and fullest first."""

    def order(formation: Formation) -> tuple[bool, float, str, float]:
        power = scenario.types[formation.type].power.value
        return is_late(formation), -power, formation.type, -formation.strength.value

    def group(formation: Formation) -> tuple[bool, str]:
        return is_late(formation), formation.type

    return tuple(tuple(found) for _, found in groupby(sorted(own, key=order), key=group))


def _totals(every: list[Formation]) -> tuple[str, str, str]:
    """Battalions (in place, and those that may join), mean strength, people at it."""
    late = sum(map(is_late, every))
    strengths = [formation.strength.value for formation in every]
    people = sum(f.people.value * f.strength.value for f in every)
    count = f"{len(every) - late} + {late}" if late else f"{len(every)}"
    return count, f"{100 * sum(strengths) / len(every):.0f} %", f"{people:,.0f}"


def _key(scenario: Scenario, rows: tuple[Row, ...]) -> list[Key]:
    """What is shown, the heaviest first."""
    shown = {group[0].type for row in rows for group in row.groups}
    kinds = sorted((scenario.types[i] for i in shown), key=lambda kind: -kind.power.value)
    key = [Key(k.symbol, k.power.value, f"{k.name} ({k.power.value:g})") for k in kinds]
    if any(is_late(group[0]) for row in rows for group in row.groups):
        key.append(Key(kinds[0].symbol, 0.0, "Joins only if the answer is full"))
    return key


def _sentence(rows: tuple[Row, ...]) -> str:
    """The title: how many face how many."""
    red = sum(len(row.formations) for row in rows if row.side == "red")
    blue = [f for row in rows if row.side == "blue" for f in row.formations]
    late = sum(is_late(formation) for formation in blue)
    more = f" in place, and {late} more may come" if late else ""
    return f"{red} Red battalions face {len(blue) - late} Blue{more}"


def _explanation(scenario: Scenario, rows: tuple[Row, ...]) -> str:
    power = {
        side: sum(
            f.strength.value * scenario.types[f.type].power.value
            for row in rows
            if row.side == side
            for f in row.formations
            if not is_late(f)
        )
        for side in ("red", "blue")
    }
    return (
        f"{under(scenario)}.\n"
        "One symbol a battalion, the darker the more power; in brackets the power of a full one.\n"
        "In place, by strength and type: "
        f"Red {power['red']:.1f}, Blue {power['blue']:.1f} armoured battalions' worth."
    )
