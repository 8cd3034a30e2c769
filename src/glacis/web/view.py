"""What the page is told of glacis and of a scenario: names, units, ranges, presets, the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glacis import __version__
from glacis.assess.loss import posture_money
from glacis.campaign.run import draw_worlds
from glacis.campaign.statistics import statistics
from glacis.figures.gap import gap_of
from glacis.figures.theme import OUTCOMES
from glacis.figures.words import CAVEAT
from glacis.scenario.land import Land, Shape, land_of
from glacis.scenario.model import Measure, Scenario
from glacis.scenario.read import MAX_FILES
from glacis.scenario.summary import PostureCost, kind_of, posture_costs
from glacis.scenario.wording import words_of
from glacis.study.compare import missing
from glacis.web.figures import figures_of
from glacis.web.levers import GROUPS, Lever, levers_of, units_in
from glacis.web.library import ENDINGS, MOST_UPLOADS, Library
from glacis.web.live import DRAG, MOST_WORLDS, REPLAYED, REST
from glacis.web.marks import marks_of
from glacis.web.price import price_view
from glacis.web.requests import CLAIMS_WORLDS, MOST_POINTS, MOST_POSTURES, MOST_STUDIED, REPLAY_DAYS
from glacis.web.state import State
from glacis.worlds import Worlds

SCHEMA = 1
OUTCOME_NOTES = {
    "deterred": "Red refrains",
    "grey_zone": "Red does harm short of war",
    "repelled": "Red ends with no ground and held no objective past the decision",
    "retaken": "Red held an objective, and ends with no ground",
    "stalemate": "a full answer, and Red ends holding ground",
    "sanctions_only": "a limited answer, and Red ends holding ground",
    "inaction": "no answer, and Red ends holding ground",
    "nuclear_use": "a nuclear weapon is used",
}
PARTS = ("alliance", "crisis", "ripple", "loss", "claims")
GAP_STEP_KM = 5
"""Borders on the map lie within a kilometre or two of the true ones."""
MARGIN = 0.06
"""Of the map's width and height, around the places."""


def meta_of(library: Library, *, upload_bytes: int) -> dict[str, Any]:
    """What holds whatever the scenario."""
    return {
        "glacis": __version__,
        "schema": SCHEMA,
        "caveat": CAVEAT,
        "tiers": {"drag": DRAG, "rest": REST},
        "limits": {
            "worlds": MOST_WORLDS,
            "studied": MOST_STUDIED,
            "postures": MOST_POSTURES,
            "points": MOST_POINTS,
            "runs": REPLAYED,
            "upload_bytes": upload_bytes,
            "upload_files": MAX_FILES,
            "uploads": MOST_UPLOADS,
        },
        "asks": {"replay_days": REPLAY_DAYS, "claims_worlds": CLAIMS_WORLDS},
        "upload_endings": list(ENDINGS),
        "outcomes": [
            {
                "id": name,
                "name": name.replace("_", " "),
                "colour": colour,
                "note": OUTCOME_NOTES[name],
            }
            for name, colour in OUTCOMES.items()
        ],
        "groups": [{"id": name, "name": words} for name, words in GROUPS.items()],
        "scenarios": library.heads(),
    }


def _named(name: str, one: Any, *fields: str) -> dict[str, Any]:
    return {"id": name} | {field: getattr(one, field) for field in fields}


def scenario_view(name: str, scenario: Scenario) -> dict[str, Any]:
    """All that the page needs of a scenario, but its land and its numbers."""
    goals = set(scenario.objectives.places)
    levers = levers_of(scenario)
    worlds = draw_worlds(scenario, REST, State().seed).kept()
    return {
        **_named(name, scenario, "title", "date", "description"),
        "sha256": scenario.document.sha256,
        "parts": parts_of(scenario),
        "variants": [
            _named(key, one, "name", "description") for key, one in scenario.variants.items()
        ],
        "postures": [_posture(scenario, cost, worlds, levers) for cost in posture_costs(scenario)],
        "default_posture": scenario.default_posture or next(iter(scenario.postures)),
        "levers": [_lever(scenario, lever) for lever in levers.values()],
        "options": [_named(key, one, "name", "kind") for key, one in scenario.options.items()],
        "nations": [
            _named(key, one, "name", "side", "role") for key, one in scenario.nations.items()
        ],
        "places": [
            {
                "id": key,
                "name": place.name,
                "nation": place.nation,
                "lat": place.lat.value,
                "lon": place.lon.value,
                "side": scenario.nations[place.nation].side,
                "is_goal": key in goals,
                "has_port": place.port is not None,
                "has_airfield": place.airfield is not None,
            }
            for key, place in scenario.theatre.places.items()
        ],
        "legs": [
            {
                "id": key,
                "from": leg.start,
                "to": leg.end,
                "is_corridor": key in scenario.objectives.corridor,
            }
            for key, leg in scenario.theatre.legs.items()
        ],
        "types": [
            {"id": key, "name": one.name, "symbol": one.symbol}
            for key, one in scenario.types.items()
        ],
        "extent": extent_of(scenario),
        "gap": _gap(scenario),
        "marks": marks_of(scenario),
        "price": price_view(scenario),
        "figures": [
            {"id": one.id, "name": one.name, "unit": one.unit, "note": one.note, "group": one.group}
            for one in figures_of(scenario)
        ],
    }


def _gap(scenario: Scenario) -> dict[str, Any] | None:
    """How wide the corridor's gap is, in words as exact as the map, and between which points."""
    gap = gap_of(scenario)
    if gap is None:
        return None
    about = max(GAP_STEP_KM, GAP_STEP_KM * round(gap.km / GAP_STEP_KM))
    return {"km": gap.km, "words": f"about {about} km", "ends": [list(end) for end in gap.ends]}


def parts_of(scenario: Scenario) -> list[str]:
    """The parts of the chain that a scenario has."""
    wanted = ("alliance",) if missing(scenario) else PARTS
    return ["war", *(name for name in wanted if getattr(scenario, name) is not None)]


def _posture(
    scenario: Scenario, cost: PostureCost, worlds: Worlds, levers: Mapping[str, Lever]
) -> dict[str, Any]:
    name = cost.posture
    money = posture_money(scenario, name, worlds)
    return {
        **_named(name, scenario.postures[name], "name", "description"),
        "annual_cost_meur": statistics(money.annual)["mean"],
        "one_off_cost_meur": statistics(money.one_off)["mean"],
        "lead_months": cost.lead_months.mode,
        "levers": {
            measure: units for measure in levers if (units := units_in(scenario, name, measure))
        },
    }


def _lever(scenario: Scenario, lever: Lever) -> dict[str, Any]:
    measure = scenario.measures[lever.measure]
    places = scenario.theatre.places
    return {
        "id": lever.measure,
        "name": measure.name,
        "unit": measure.unit,
        "group": lever.group,
        "is_main": lever.is_main,
        "most": lever.most,
        "tested": lever.tested,
        "description": measure.description,
        "sources": _sources(measure),
        "drives": _drives(scenario, measure),
        "sites": [
            {"id": site, "name": places[site].name if site in places else site}
            for site in lever.sites
            if site is not None
        ],
        "annual_meur": measure.running_meur.value,
        "one_off_meur": measure.one_off_meur.value,
        "lead_months": measure.lead_months.value,
        "ticks": [{"posture": posture, "value": value} for posture, value in lever.ticks],
    }


def _sources(measure: Measure) -> list[str]:
    """What its prices and its lead time rest on."""
    numbers = (measure.one_off_meur, measure.running_meur, measure.lead_months)
    return list(dict.fromkeys(key for one in numbers for key in one.sources))


def _drives(scenario: Scenario, measure: Measure) -> str:
    """What one unit does, in words."""
    told = []
    for effect in measure.effects:
        if effect.add is not None:
            kinds = scenario.types | scenario.systems
            number = f"{effect.add.number} x " if effect.add.number > 1 else ""
            told.append(f"adds {number}{kinds[effect.add.type].name.lower()}")
        if effect.change is not None:
            change = effect.change
            by = next(
                f"{words} {one.value:g}"
                for words, one in (
                    ("moves it by", change.by),
                    ("times", change.times),
                    ("sets it to", change.to),
                )
                if one is not None
            )
            told.append(f"{change.path}: {by}")
    return "; ".join(told)


def extent_of(scenario: Scenario) -> list[float]:
    """West, south, east and north of the map, in degrees."""
    places = scenario.theatre.places.values()
    lons, lats = ([getattr(place, one).value for place in places] for one in ("lon", "lat"))
    wide, tall = max(lons) - min(lons), max(lats) - min(lats)
    return [
        max(min(lons) - MARGIN * wide, -180.0),
        max(min(lats) - MARGIN * tall, -90.0),
        min(max(lons) + MARGIN * wide, 180.0),
        min(max(lats) + MARGIN * tall, 90.0),
    ]


def land_view(scenario: Scenario) -> dict[str, Any]:
    """The land of the scenario's map, its exterior rings clockwise."""
    land: Land = land_of(scenario)
    return {
        "source": land.source,
        "bbox": list(land.box),
        "features": [_shape(shape) for shape in land.shapes],
    }


def _shape(shape: Shape) -> dict[str, Any]:
    return {
        "id": shape.id,
        "name": shape.name,
        "kind": shape.kind,
        "rings": [ring.tolist() for ring in shape.rings],
    }


def quantities_view(scenario: Scenario) -> list[dict[str, Any]]:
    """Every number of a scenario, with what it rests on."""
    found = []
    for path, one in scenario.quantities():
        low, high = one.support
        found.append(
            {
                "path": path,
                "name": words_of(scenario, path),
                "section": path.partition(".")[0],
                "unit": one.unit,
                "shape": one.shape,
                "low": low if low > float("-inf") else None,
                "high": high if high < float("inf") else None,
                "value": one.value,
                "source": one.source,
                "rests_on": kind_of(one),
                "confidence": one.confidence,
                "note": one.note,
                "is_certain": one.is_certain,
            }
        )
    return found


__all__ = [
    "SCHEMA",
    "extent_of",
    "land_view",
    "meta_of",
    "parts_of",
    "quantities_view",
    "scenario_view",
]
