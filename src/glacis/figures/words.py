"""How figures and tables say things: shares, hours, names, and the line at a figure's foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glacis.campaign.record import Campaign
    from glacis.scenario.model import Scenario

MINUS = "\u2212"
CAVEAT = "Illustrative model. It compares postures; it does not forecast."


def provenance(campaign: Campaign, *more: str) -> str:
    """The line at a figure's foot: what it is, and what it was made of."""
    attrs = campaign.dataset.attrs
    changes = [
        *attrs["variants"],
        *(f"{path} = {value}" for path, value in attrs["overrides"].items()),
    ]
    under = f" under {', '.join(changes)}" if changes else ""
    made = f"Scenario {attrs['scenario']}{under}, glacis {attrs['glacis']}, seed {attrs['seed']}"
    return "\n".join([f"{CAVEAT} {made}, {attrs['worlds']:,} runs.", *more])


def percent(share: float) -> str:
    """A share as it is read out; a rare thing is told from one that never happens."""
    if 0.0 < share < 0.005:
        return "<1\u00a0%"
    return f"{100 * share:.0f}\u00a0%"


def told_hours(hours: float) -> str:
    """Hours as they are read out: whole ones, and under one as that."""
    return f"{hours:,.0f}\u00a0h" if hours >= 1.0 else "<1\u00a0h"


def told_time(hours: float) -> str:
    """Hours as they are read out, in days too where they are more than three of these."""
    days = f" ({hours / 24.0:,.1f}\u00a0days)" if hours > 72.0 else ""
    return told_hours(hours) + days


def told_people(people: float) -> str:
    """A number of people without the digits that nobody knows: two, or three of a large one."""
    if people < 100.0:
        return f"{people:,.0f}"
    grain = 10.0 ** (len(f"{people:.0f}") - (2 if people < 1000.0 else 3))
    return f"{grain * round(people / grain):,.0f}"


def red_name(scenario: Scenario) -> str:
    """The challenger's name."""
    nations = scenario.nations.values()
    return next((nation.name for nation in nations if nation.role == "challenger"), "Red")


def goal_name(scenario: Scenario, name: str) -> str:
    """A place, or the places of a group, as one reads them out."""
    places = scenario.theatre.places
    group = scenario.objectives.groups.get(name, (name,))
    return " or ".join(places[place].name for place in group)


def shortened(name: str, letters: int) -> str:
    """A name of at most so many letters."""
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip('-_ ')}\u2026"


def signed(number: float, digits: int = 0) -> str:
    """A change as it is read out: with its sign, and none where it rounds to nothing."""
    told = f"{abs(number):,.{digits}f}"
    if not told.strip("0.,"):
        return told
    return (MINUS if number < 0 else "+") + told


def told_money(beur: float) -> str:
    """EUR bn without the digits that nobody knows."""
    told = f"{abs(beur):,.{1 if abs(beur) < 9.95 else 0}f}"
    if not told.strip("0."):
        return "0"
    return MINUS + told if beur < 0 else told
