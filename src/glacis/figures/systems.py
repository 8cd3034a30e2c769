"""Squadrons, batteries and ships before a shot, by side, nation and arm, one symbol each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, get_args

from glacis.figures import theme
from glacis.figures.roster import Key, Row, by_nation, is_late, roster, under
from glacis.scenario.systems import System, SystemArm

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from glacis.scenario.model import Formation, Scenario

#: What each symbol stands for; a symbol that is not here is named as the scenario names it.
WORDS = {
    "fighter": "Squadron of fighters or fighter-bombers",
    "bomber": "Squadron of bombers or attack aircraft",
    "air-defence": "Air-defence battalion or battery",
    "missile": "Missile unit",
    "coastal-missile": "Coastal missiles",
    "artillery": "Howitzer battalion",
    "rocket-artillery": "Rocket-artillery battalion",
    "helicopter": "Helicopter squadron or battalion",
    "naval": "Minehunters",
    "mine": "Minelayers",
}


def systems_chart(scenario: Scenario) -> Figure:
    """Both sides' squadrons, batteries and ships by nation, a symbol for each.

    The fuller, the darker; hollow symbols are those that join only if the alliance answers
    in full.
    """

    def symbol(formation: Formation) -> tuple[str, float]:
        power = 0.0 if is_late(formation) else max(formation.strength.value, 0.01)
        return glyph_of(scenario.systems[formation.type]), power

    rows = tuple(_rows(scenario))
    fig = roster(
        rows,
        _key(scenario, rows),
        symbol=symbol,
        sums=("units", "aircraft", "hunters"),
    )
    theme.heading(fig, _sentence(rows), subtitle=_explanation(scenario))
    theme.footing(fig, f"Systems: {scenario.name} scenario, where each has its source.")
    return fig


def glyph_of(system: System) -> str:
    """The symbol that tells a system from others of its arm's family."""
    if system.arm == "minelayers":
        return "mine"
    if system.arm == "coastal-missiles" and system.symbol == "missile":
        return "coastal-missile"
    return system.symbol


def _order(system: System) -> tuple[int, int, str]:
    """By arm, then by symbol as `WORDS` names them."""
    glyph, named = glyph_of(system), list(WORDS)
    place = named.index(glyph) if glyph in WORDS else len(named)
    return get_args(SystemArm).index(system.arm), place, glyph


def _rows(scenario: Scenario) -> Iterator[Row]:
    for side, nation, own in by_nation(scenario, lambda one: one.type in scenario.systems):
        yield Row(scenario, side, nation, _groups(scenario, own), _totals(scenario, own))


def _groups(scenario: Scenario, own: list[Formation]) -> tuple[tuple[Formation, ...], ...]:
    """Those in place, then those that may join, by arm and symbol."""

    def order(formation: Formation) -> tuple[bool, int, int, str]:
        return is_late(formation), *_order(scenario.systems[formation.type])

    return tuple(tuple(found) for _, found in groupby(sorted(own, key=order), key=order))


def _totals(scenario: Scenario, own: list[Formation]) -> tuple[str, str, str]:
    """Units (in place, and those that may join), and their aircraft and ships at their strength."""
    late = sum(map(is_late, own))
    count = f"{len(own) - late} + {late}" if late else f"{len(own)}"
    return count, _sum(scenario, own, "aircraft"), _sum(scenario, own, "ships")


def _sum(scenario: Scenario, own: list[Formation], name: str) -> str:
    numbers = [
        (getattr(scenario.systems[formation.type], name), formation.strength.value)
        for formation in own
    ]
    total = sum(number.value * strength for number, strength in numbers if number is not None)
    return f"{total:,.0f}" if total else ""


def _key(scenario: Scenario, rows: tuple[Row, ...]) -> list[Key]:
    """What is shown, in the order of the arms."""
    shown = {f.type for row in rows for f in row.formations}
    systems = sorted((scenario.systems[kind] for kind in shown), key=_order)
    glyphs = dict.fromkeys(glyph_of(system) for system in systems)
    key = [Key(glyph, 1.0, WORDS.get(glyph, glyph.capitalize())) for glyph in glyphs]
    if any(is_late(f) for row in rows for f in row.formations):
        key.append(Key(next(iter(glyphs)), 0.0, "Joins only if the answer is full"))
    return key


def _sentence(rows: tuple[Row, ...]) -> str:
    """The title: how many either side has."""
    red = sum(len(row.formations) for row in rows if row.side == "red")
    blue = [f for row in rows if row.side == "blue" for f in row.formations]
    if not red and not blue:
        return "No squadrons, batteries or ships are in this scenario"
    late = sum(is_late(formation) for formation in blue)
    more = f", and {late} may come" if late else ""
    return f"Red has {red} squadrons, batteries and ships; Blue {len(blue) - late}{more}"


def _explanation(scenario: Scenario) -> str:
    return (
        f"{under(scenario)}.\n"
        "One symbol a squadron, battery, battalion or group of ships, the darker the fuller.\n"
        "Aircraft and minehunters are counted at strength, those that may come included."
    )
