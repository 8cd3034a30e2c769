"""Levers: how much of each measure a posture has, and where the units of it stand.

A lever counts a measure's units over all their sites. As it moves, units are dealt to sites in
turn: first to those that the preset has, up to what it has there, then to those of the other
presets, then one more each. So a preset is given again exactly, and one unit more changes one site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from glacis.errors import InputError
from glacis.scenario.claims import PostureLine
from glacis.scenario.model import Measure, Scenario
from glacis.scenario.remembered import remembered

GROUPS = {
    "ground": "Ground",
    "air-sea": "Air and sea",
    "sustainment": "Sustainment",
    "politics": "Politics and time",
}
UNTESTED = 2
"""A lever goes to so many times what any preset has."""
LEAST_MOST = 2
MANY = 2
"""Presets that share a measure which all the same belongs to the main levers."""


@dataclass(frozen=True)
class Lever:
    """One measure as it is set on the page."""

    measure: str
    group: str
    """One of `GROUPS`."""
    is_main: bool
    most: int
    tested: int
    """The largest number in any preset: beyond it nobody has looked at the numbers."""
    sites: tuple[str | None, ...]
    """Where its units can stand, in the order of the presets; None where it needs no place."""
    ticks: tuple[tuple[str, int], ...]
    """(posture, units) of every preset that has some."""


@remembered(8)
def levers_of(scenario: Scenario) -> Mapping[str, Lever]:
    """The levers of a scenario, by measure: of all but those that need a site and have none."""
    found = {}
    parts = _named_parts(scenario)
    for name, measure in scenario.measures.items():
        sites = _sites(scenario, name)
        if not sites and _needs_site(measure):
            continue
        ticks = tuple(
            (posture, units)
            for posture in scenario.postures
            if (units := units_in(scenario, posture, name))
        )
        tested = max((units for _, units in ticks), default=1)
        found[name] = Lever(
            measure=name,
            group=_group(scenario, measure),
            is_main=name in parts or len(ticks) >= MANY,
            most=max(LEAST_MOST, UNTESTED * tested) if _adds_up(measure) else max(1, tested),
            tested=tested,
            sites=sites or (None,),
            ticks=ticks,
        )
    return found


def units_in(scenario: Scenario, posture: str, measure: str) -> int:
    """How many units of a measure a posture has."""
    lines = scenario.postures[posture].measures
    return sum(line.quantity for line in lines if line.measure == measure)


def lines_of(scenario: Scenario, preset: str, moved: Mapping[str, int]) -> list[PostureLine]:
    """A preset's lines with some levers moved.

    Raises
    ------
    InputError
        If there is no such lever, or a number is beyond it.
    """
    known = levers_of(scenario)
    for name, units in moved.items():
        if name not in known:
            listed = ", ".join(known)
            raise InputError(f"levers.{name[:64]}: there is no such lever; choose among: {listed}")
        if not 0 <= units <= known[name].most:
            raise InputError(f"levers.{name}: must be from 0 to {known[name].most} (got {units})")
    lines: list[PostureLine] = []
    done: set[str] = set()
    for line in scenario.postures[preset].measures:
        if line.measure not in moved:
            lines.append(line)
        elif line.measure not in done:
            done.add(line.measure)
            lines += _dealt(scenario, preset, known[line.measure], moved[line.measure])
    for name in moved:
        if name not in done:
            lines += _dealt(scenario, preset, known[name], moved[name])
    return lines


def _dealt(scenario: Scenario, preset: str, lever: Lever, units: int) -> Iterator[PostureLine]:
    """Units of a measure, dealt to its sites."""
    own = _by_site(scenario, preset, lever.measure)
    others: dict[str | None, int] = {}
    for posture in scenario.postures:
        for site, number in _by_site(scenario, posture, lever.measure).items():
            others[site] = max(others.get(site, 0), number)
    room = [own, {site: others.get(site, 1) for site in lever.sites}]
    dealt = dict.fromkeys([*own, *lever.sites], 0)
    while units > 0:
        before = units
        for limits in room:
            for site, limit in limits.items():
                if units and dealt[site] < limit:
                    dealt[site] += 1
                    units -= 1
            if before != units:
                break
        else:
            for site in dealt:
                if units:
                    dealt[site] += 1
                    units -= 1
    for site, number in dealt.items():
        if number:
            yield PostureLine(measure=lever.measure, at=site, quantity=number)


def _by_site(scenario: Scenario, posture: str, measure: str) -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    for line in scenario.postures[posture].measures:
        if line.measure == measure:
            found[line.at] = found.get(line.at, 0) + line.quantity
    return found


def _sites(scenario: Scenario, measure: str) -> tuple[str | None, ...]:
    """Every site of a measure in any preset."""
    found: dict[str | None, None] = {}
    for posture in scenario.postures:
        found |= dict.fromkeys(_by_site(scenario, posture, measure))
    return tuple(found)


def _needs_site(measure: Measure) -> bool:
    """Whether a measure's effects hang on where it is done."""
    for effect in measure.effects:
        if effect.add is not None and not effect.add.start:
            return True
        if effect.change is not None and "{at}" in effect.change.path:
            return True
    return False


def _adds_up(measure: Measure) -> bool:
    """Whether a second unit does more than the first: it adds, or moves by a step or a factor."""
    return any(
        effect.add is not None or (effect.change is not None and effect.change.to is None)
        for effect in measure.effects
    )


def _named_parts(scenario: Scenario) -> set[str]:
    """Measures that the claims name as parts of a posture."""
    parts = {} if scenario.claims is None else scenario.claims.parts
    return {name for own in parts.values() for measures in own.values() for name in measures}


def _group(scenario: Scenario, measure: Measure) -> str:
    """By what a measure adds, or else by what it changes."""
    adds = [effect.add for effect in measure.effects if effect.add is not None]
    if adds:
        return "air-sea" if any(one.type in scenario.systems for one in adds) else "ground"
    paths = [effect.change.path for effect in measure.effects if effect.change is not None]
    if any("fortif" in path or "demolition" in path or "obstacles" in path for path in paths):
        return "ground"
    if any(path.startswith(("theatre.", "arsenals.")) for path in paths):
        return "sustainment"
    return "politics"


__all__ = ["GROUPS", "Lever", "levers_of", "lines_of", "units_in"]
