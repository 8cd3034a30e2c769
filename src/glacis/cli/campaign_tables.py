"""The rows of the tables that campaigns are told in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glacis.campaign.record import Campaign


def campaign_rows(played: Campaign) -> list[tuple[str, ...]]:
    """What a campaign gave, a row a measure: words, unit, share of runs, percentiles."""
    from glacis.figures.words import goal_name

    figures = played.figures()
    rows: list[tuple[str, ...]] = []
    for name in _aims(played, {"": figures}):
        what = goal_name(played.scenario, name)
        for key, words in (("hours_to", f"Red reaches {what}"), ("hours_to_fall", f"{what} falls")):
            rows.append((words, "h", *_cells(figures[key][name], digits=0)))
    rows.append(("", "", "", "", "", ""))
    for key, words, unit in MEASURES:
        record = figure_at(figures, key)
        if record is not None and record["p95"]:
            rows.append((words, unit, *_cells(record, **_told_in(unit))))
    rows += [(words, unit, *cells) for words, unit, cells in chance_cells(figures)]
    return rows


def figure_at(figures: Mapping[str, Any], key: str) -> Mapping[str, float | None] | None:
    """A record of the figures by its dotted key; None if the scenario has no such arm."""
    found: Any = figures
    for name in key.split("."):
        if name not in found:
            return None
        found = found[name]
    return found  # type: ignore[no-any-return]  # JSON


def _told_in(unit: str) -> dict[str, Any]:
    """How numbers in a unit are written."""
    return {"scale": 100.0 if unit == "%" else 1.0, "is_people": unit == "people"}


def chance_cells(figures: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Things that happen or do not: words, unit, and cells with the share of runs only."""
    for key, words in CHANCES:
        record = figure_at(figures, key)
        if record is not None and record["mean"]:
            yield words, "", (fine_percent(record["mean"]), "", "", "")


MEASURES = (
    ("forward_force_destroyed_share", "Forward force destroyed", "%"),
    ("forward_force_withdrawn_share", "Forward force withdrawn", "%"),
    ("blue_casualties", "Blue killed and wounded", "people"),
    ("blue_captured", "Blue captured", "people"),
    ("red_casualties", "Red killed and wounded", "people"),
    ("red_captured", "Red captured", "people"),
    ("civilian_casualties", "Civilians killed and wounded", "people"),
    ("people_on_lost_ground_share", "Blue's people on lost ground", "%"),
    ("reinforcing_battalions_by_day.15", "Reinforcements that came by day 15", "battalions"),
    ("reinforcing_battalions_arrived", "Reinforcements that came at all", "battalions"),
    ("reinforcing_battalions_in_place", "  of whom left at the end", "battalions"),
    ("battalions_through_the_corridor", "Passed the corridor", "battalions"),
    ("battalions_shipped", "Landed from the sea", "battalions"),
    ("hours_to_air_control", "Blue wins the air", "h"),
    ("aircraft_lost.blue", "Blue aircraft lost", "aircraft"),
    ("aircraft_lost.red", "Red aircraft lost", "aircraft"),
    ("battalions_destroyed_from_the_air.blue", "Destroyed by Blue's aircraft", "battalions"),
    ("battalions_destroyed_from_the_air.red", "Destroyed by Red's aircraft", "battalions"),
    ("missiles_arrived", "Missiles on Blue's bases and ports", "missiles"),
    ("counter_offensive.days_to_launch", "Counter-offensive launched", "days"),
    ("counter_offensive.days_to_retake", "All retaken by it", "days"),
    ("counter_offensive.blue_casualties", "Blue killed and wounded in it", "people"),
)
"""Measures of the record that the tables show where they are not nil, with words and unit.

A dotted key leads into the figures; what a scenario has no arm for is left out.
"""
CHANCES = (
    ("counter_offensive.p_called_off", "Counter-offensive called off"),
    ("p_nuclear_use", "Nuclear use that nobody ordered"),
)
"""Things that happen in some runs, of which a table tells the share."""
UNDEFINED = "\u2013"
NOTHING: dict[str, float | None] = dict.fromkeys(("mean", "p05", "p50", "p95"))


def _cells(
    record: Mapping[str, float | None],
    *,
    scale: float = 1.0,
    is_people: bool = False,
    digits: int = 0,
) -> tuple[str, str, str, str]:
    """Share of runs, 5th, 50th and 95th percentile, as told; a dash where undefined."""
    from glacis.figures.words import percent, told_people

    def told(value: float | None) -> str:
        if value is None:
            return UNDEFINED
        return told_people(value) if is_people else f"{scale * value:,.{digits}f}"

    share = record.get("share")
    often = "" if share is None else percent(share)
    return often, told(record["p05"]), told(record["p50"]), told(record["p95"])


def fine_percent(share: float) -> str:
    """A share in per cent, with one decimal where it is small: variants differ by less than one."""
    return f"{100 * share:.1f}\u00a0%" if 0.0 < share < 0.1 else f"{100 * share:.0f}\u00a0%"


def _aims(played: Campaign, figures: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Places and groups worth a row: what the option aims at, and what Red ever reaches."""
    aimed = played.scenario.options[played.dataset.attrs["option"]].objectives
    names = next(iter(figures.values()))["hours_to"]
    return [
        name
        for name in names
        if name in aimed or any(one["hours_to"][name]["share"] for one in figures.values())
    ]
