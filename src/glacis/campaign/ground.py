"""What all options of a scenario share: its network, the tables of its map, numbers of no force.

Options are compiled one by one, chunks are drawn one by one, and all of them over the same ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glacis.campaign.assets import ASSET_DRAW, STOCK_DRAW, SYSTEM_DRAW, SYSTEM_NUMBERS
from glacis.campaign.columns import Columns
from glacis.campaign.inventory import apart_km, arms_of, classes_of
from glacis.campaign.lot import Lot
from glacis.campaign.network import Network
from glacis.campaign.state import (
    BLUE,
    FORCE_DRAW,
    PLACE,
    PLACE_DRAW,
    RED,
    ROAD,
    ROAD_DRAW,
    SCENE,
    SECTIONS,
    TYPE_DRAW,
    WORLD,
    Draws,
    Table,
    plain,
    table,
)
from glacis.kernels import Floats, Ints
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.scenario.remembered import remembered
from glacis.streams import entity_hashes
from glacis.worlds import Worlds

ROAD_NUMBERS = (
    "km",
    "lanes",
    "frontage_km",
    "demolition_hours",
    "fortified_km",
    "trains",
    "exposed",
)
CLOSE_TERRAIN = ("forest", "marsh", "urban", "mountain")


@dataclass(frozen=True)
class Ground:
    """What the options of a scenario (with its posture applied) have in common."""

    scenario: Scenario

    @cached_property
    def network(self) -> Network:
        """The theatre as a graph."""
        return Network(self.scenario)

    @cached_property
    def hops(self) -> Ints:
        """(2, V, V) road for a side from a place towards another, -1 if none."""
        return np.stack([self.network.hops(BLUE), self.network.hops(RED)])

    @cached_property
    def apart(self) -> Floats:
        """(V, V) km between places on the great circle."""
        return apart_km([self.scenario.theatre.places[name] for name in self.network.places])

    @cached_property
    def ports(self) -> Ints:
        """Places with a port on Blue's ground, the largest first."""
        places = self.scenario.theatre.places
        found = []
        for v, name in enumerate(self.network.places):
            port = places[name].port
            if port is not None and self.network.holder[v] == BLUE:
                found.append((-port.value, name, v))
        return np.array([v for _, _, v in sorted(found)], dtype=np.int64)

    @cached_property
    def places(self) -> Table:
        """The places with their fixed fields."""
        scenario, network = self.scenario, self.network
        places = table(len(network.places), PLACE)
        places["entity"] = entity_hashes(network.places)
        places["owner"] = network.holder
        places["defended"] = network.holder == BLUE
        places["rail_km"] = network.rail_km()
        places["depth_km"] = np.stack([network.depth_km(BLUE), network.depth_km(RED)], axis=1)
        for v, name in enumerate(network.places):
            place = scenario.theatre.places[name]
            role = scenario.nations[place.nation].role
            places[v]["close"] = place.terrain in CLOSE_TERRAIN
            # Blue is supplied from guarantors' ground and its objectives' depots, Red from its own.
            depot = role == "guarantor" or name in scenario.objectives.places
            places[v]["source"] = (depot and network.holder[v] == BLUE, network.holder[v] == RED)
            places[v]["railhead"] = place.railhead
            places[v]["protege"] = role == "protege"
        sources = places["source"][:, BLUE] == 1
        if sources.any():
            nearest = network.shortest(BLUE)[0][:, sources].min(axis=1)
            places["source_km"] = np.where(np.isfinite(nearest), nearest, 0.0)
        return places

    @cached_property
    def roads(self) -> Table:
        """The roads with their fixed fields."""
        scenario, network = self.scenario, self.network
        legs = [scenario.theatre.legs[name] for name in network.legs]
        roads = table(2 * len(network.legs), ROAD)
        roads["entity"] = np.repeat(entity_hashes(network.legs), 2)
        roads["origin"] = network.ends.reshape(-1)
        roads["toward"] = network.ends[:, ::-1].reshape(-1)
        roads["passable"] = np.repeat(network.passable.T, 2, axis=0)
        own = scenario.theatre.gauges.blue
        roads["gauge_fits"] = np.repeat([leg.gauge == own for leg in legs], 2)
        roads["corridor"] = np.repeat(np.isin(network.legs, scenario.objectives.corridor), 2)
        return roads

    @cached_property
    def scene(self) -> Table:
        """The scene, of which is fixed what arms there are and how many roads the corridor has."""
        scene = table(1, SCENE)
        for arm in arms_of(self.scenario):
            scene[arm] = 1
        scene["corridors"] = self.roads["corridor"].sum() // 2
        return scene

    @cached_property
    def rows(self) -> dict[tuple[int, str], int]:
        """Where each formation stands in the draws of `draws`, by side and id."""
        forces = self.scenario.forces
        ids = [(RED, name) for name in forces.red] + [(BLUE, name) for name in forces.blue]
        return {one: row for row, one in enumerate(ids)}

    def draws(self, worlds: Worlds) -> Draws:
        """What is drawn for all options in a chunk of worlds.

        Among `forces` stand all of both sides, whether battalions or not; no assets.
        """
        return Draws(
            worlds=self._draw_worlds(worlds),
            forces=self._formation_columns.drawn(worlds),
            places=self._place_columns.drawn(worlds),
            roads=self._draw_roads(worlds),
            types=self._type_columns.drawn(worlds),
            assets=table((len(worlds), 0), ASSET_DRAW),
            systems=self._system_columns.drawn(worlds),
            stocks=self._stock_columns.drawn(worlds),
        )

    def _draw_worlds(self, worlds: Worlds) -> Table:
        drawn = table(len(worlds), WORLD)
        fields = plain(drawn)
        names, lot = self._world_lot
        for (section, name), values in zip(names, lot.values(worlds), strict=True):
            fields[section][name] = values
        fields["decision_hours"] = 24.0 * fields["warning"]["decision_days"]
        fields["number"] = worlds.indices
        return drawn

    @cached_property
    def _world_lot(self) -> tuple[list[tuple[str, str]], Lot]:
        """Section and name of each number of the campaign, and their Quantities."""
        campaign = self.scenario.campaign
        names = [
            (section, name)
            for section in SECTIONS
            if getattr(campaign, section) is not None  # else an arm that the scenario does not have
            for name in WORLD[section].names or ()
        ]
        lot = Lot(tuple(getattr(getattr(campaign, section), name) for section, name in names))
        return names, lot

    @cached_property
    def _formation_columns(self) -> Columns:
        own = self.scenario.forces
        forces = [*own.red.values(), *own.blue.values()]
        return Columns.of(
            FORCE_DRAW,
            {
                "people": [force.people for force in forces],
                "whole": [force.strength for force in forces],
                "notice_hours": [force.notice_hours for force in forces],
            },
        )

    @cached_property
    def _type_columns(self) -> Columns:
        types = self.scenario.types.values()
        names = TYPE_DRAW.names or ()
        return Columns.of(
            TYPE_DRAW, {name: [getattr(kind, name) for kind in types] for name in names}
        )

    @cached_property
    def _system_columns(self) -> Columns:
        systems = self.scenario.systems.values()
        return Columns.of(
            SYSTEM_DRAW,
            {name: [getattr(system, name) for system in systems] for name in SYSTEM_NUMBERS},
        )

    @cached_property
    def _stock_columns(self) -> Columns:
        classes, names = classes_of(self.scenario), STOCK_DRAW.names or ()
        return Columns.of(
            STOCK_DRAW, {name: [getattr(stock, name) for _, _, stock in classes] for name in names}
        )

    @cached_property
    def _place_columns(self) -> Columns:
        places = [self.scenario.theatre.places[v] for v in self.network.places]
        terrain = self.scenario.campaign.combat.terrain
        return Columns.of(
            PLACE_DRAW,
            {
                "population": [place.population for place in places],
                "fortification": [place.fortification for place in places],
                "ground": [getattr(terrain, place.terrain) for place in places],
                **{
                    name: [getattr(place, name) for place in places]
                    for name in ("airfield", "port", "channel_nm")
                },
            },
        )

    @cached_property
    def _leg_columns(self) -> Columns:
        legs = [self.scenario.theatre.legs[g] for g in self.network.legs]
        columns: dict[str, list[Quantity | None]] = {
            name: [getattr(leg, name) for leg in legs] for name in ROAD_NUMBERS
        }
        columns["beyond_km"] = [leg.border_km for leg in legs]
        return Columns.of(ROAD_DRAW, columns)

    def _draw_roads(self, worlds: Worlds) -> Table:
        roads = self._leg_columns.drawn(worlds).repeat(2, axis=1)  # there and back
        drawn = plain(roads)
        legs = [self.scenario.theatre.legs[g] for g in self.network.legs]
        km, border = drawn["km"], drawn["beyond_km"]
        back = np.arange(2 * len(legs)) % 2 == 1
        # Only the way from Red's ground to Blue's has a border that matters to the war.
        owner = self.network.holder
        crosses = (owner[self.roads["origin"]] == RED) & (owner[self.roads["toward"]] == BLUE)
        given = crosses & np.repeat([leg.border_km is not None for leg in legs], 2)
        # It stands at a kilometre from the leg's start: on the way back it is that far.
        there = np.where(back, border, np.maximum(0, km - border))
        drawn["beyond_km"] = np.where(given, there, km)
        return roads


@remembered(8)  # postures of a study that are fought side by side
def ground_of(scenario: Scenario) -> Ground:
    """The ground of a scenario; the same as before if it was asked for lately."""
    return Ground(scenario)
