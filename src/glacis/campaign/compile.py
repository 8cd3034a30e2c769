"""Scenario to arrays: what the engine needs of a scenario, an option and a chunk of worlds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from glacis.campaign.columns import Columns
from glacis.campaign.inventory import Inventory, scene_of
from glacis.campaign.lot import Lot
from glacis.campaign.network import Network
from glacis.campaign.results import Sizes
from glacis.campaign.state import (
    BLUE,
    BY_AIR,
    BY_ROAD,
    BY_SEA,
    FORCE,
    FORCE_DRAW,
    PLACE,
    PLACE_DRAW,
    RED,
    ROAD,
    ROAD_DRAW,
    SECTIONS,
    TYPE_DRAW,
    WORLD,
    Draws,
    Reach,
    Table,
    Ways,
    table,
)
from glacis.errors import InputError
from glacis.kernels import Floats, Ints
from glacis.scenario.model import Formation, Option, Scenario, Thrust, named
from glacis.scenario.quantity import Quantity
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
MODES = {"road": BY_ROAD, "air": BY_AIR, "sea": BY_SEA}
CLOSE_TERRAIN = ("forest", "marsh", "urban", "mountain")

Group = tuple[int, str, str]
"""Side, nation and type: the grain in which losses are kept."""


class Member(NamedTuple):
    """A formation as one option uses it."""

    id: str
    side: int
    formation: Formation
    route: tuple[str, ...]
    thrust: Thrust | None
    assembled: bool
    strikes: bool = False

    @property
    def reinforces(self) -> bool:
        """Whether it joins only if the council answers in full."""
        return self.side == BLUE and self.formation.joins == "reinforced"

    @property
    def group(self) -> Group:
        """The group that its losses count in."""
        return self.side, self.formation.nation, self.formation.type


@dataclass(frozen=True)
class Compiled:
    """One option of a scenario, ready to run.

    Attributes
    ----------
    members
        The formations, by index.
    groups
        Side, nation and type of each group of losses.
    ways, reach
        The network's tables and the clock; what the arms need of the map.
    inventory
        What the arms are made of.
    forces, places, roads, assets, stocks
        Tables whose fixed fields are filled in; `copies` gives fresh ones to a chunk.
    """

    scenario: Scenario
    option: str
    network: Network
    members: tuple[Member, ...]
    groups: tuple[Group, ...]
    inventory: Inventory
    ways: Ways
    reach: Reach
    forces: Table
    places: Table
    roads: Table
    assets: Table
    stocks: Table

    @property
    def days(self) -> float:
        """Length of the campaign."""
        return float(self.ways.clock[-1] / 24.0)

    @property
    def day_count(self) -> int:
        """Rows of a daily record: the beginning of every day, and the end."""
        return math.ceil(self.days) + 1

    @property
    def arrivals(self) -> tuple[Member, ...]:
        """The formations that join with a full answer, in the order of the record's columns."""
        return tuple(member for member in self.members if member.reinforces)

    @property
    def sizes(self) -> Sizes:
        """How many columns the results have."""
        return Sizes(
            places=len(self.places),
            groups=len(self.groups),
            reinforcements=len(self.arrivals),
            ports=len(self.reach.ports),
            classes=len(self.stocks),
            forces=len(self.forces),
        )

    def copies(self) -> tuple[Table, Table, Table, Table, Table]:
        """The five tables for one chunk to work on."""
        tables = (self.forces, self.places, self.roads, self.assets, self.stocks)
        forces, places, roads, assets, stocks = (one.copy() for one in tables)
        return forces, places, roads, assets, stocks

    def scene(self, seed: int, *, reinforced: bool) -> Table:
        """The scene of a run."""
        scene = scene_of(self.scenario, seed, reinforced=reinforced)
        scene["corridors"] = self.roads["corridor"].sum() // 2
        return scene

    def draws(self, worlds: Worlds, decision_hours: Floats | None = None) -> Draws:
        """The Quantities' values in a chunk of worlds.

        Parameters
        ----------
        decision_hours
            When the council answers, one value a world; by default the scenario's own delay.
        """
        return Draws(
            worlds=self._draw_worlds(worlds, decision_hours),
            forces=self._force_columns.drawn(worlds),
            places=self._place_columns.drawn(worlds),
            roads=self._draw_roads(worlds),
            types=self._type_columns.drawn(worlds),
            assets=self._asset_columns.drawn(worlds),
            systems=self._system_columns.drawn(worlds),
            stocks=self._stock_columns.drawn(worlds),
        )

    def _draw_worlds(self, worlds: Worlds, decision_hours: Floats | None) -> Table:
        drawn = table(len(worlds), WORLD)
        names, lot = self._world_lot
        for (section, name), values in zip(names, lot.values(worlds), strict=True):
            drawn[section][name] = values
        if decision_hours is None:
            decision_hours = 24.0 * drawn["warning"]["decision_days"]
        if decision_hours.shape != (len(worlds),):
            raise InputError(f"decision_hours must have one value for each of {len(worlds)} worlds")
        drawn["decision_hours"] = decision_hours
        drawn["number"] = worlds.indices
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
    def _force_columns(self) -> Columns:
        forces = [member.formation for member in self.members]
        columns: dict[str, list[Quantity | None]] = {
            "people": [force.people for force in forces],
            "whole": [force.strength for force in forces],
            "notice_hours": [force.notice_hours for force in forces],
            "thrust_delay": [m.thrust.delay_hours if m.thrust else None for m in self.members],
        }
        return Columns.of(FORCE_DRAW, columns)

    @cached_property
    def _type_columns(self) -> Columns:
        types = self.scenario.types.values()
        names = TYPE_DRAW.names or ()
        return Columns.of(
            TYPE_DRAW, {name: [getattr(kind, name) for kind in types] for name in names}
        )

    @cached_property
    def _system_columns(self) -> Columns:
        return self.inventory.system_columns()

    @cached_property
    def _asset_columns(self) -> Columns:
        return self.inventory.asset_columns()

    @cached_property
    def _stock_columns(self) -> Columns:
        return self.inventory.stock_columns()

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
    def _road_columns(self) -> Columns:
        legs = [self.scenario.theatre.legs[g] for g in self.network.legs for _ in range(2)]
        names = ROAD_NUMBERS
        columns: dict[str, list[Quantity | None]] = {
            name: [getattr(leg, name) for leg in legs] for name in names
        }
        columns["beyond_km"] = [leg.border_km for leg in legs]
        return Columns.of(ROAD_DRAW, columns)

    def _draw_roads(self, worlds: Worlds) -> Table:
        drawn = self._road_columns.drawn(worlds)
        legs = [self.scenario.theatre.legs[g] for g in self.network.legs for _ in range(2)]
        km, border = drawn["km"], drawn["beyond_km"]
        back = np.arange(len(legs)) % 2 == 1
        # Only the way from Red's ground to Blue's has a border that matters to the war.
        owner = self.network.holder
        crosses = (owner[self.roads["origin"]] == RED) & (owner[self.roads["toward"]] == BLUE)
        given = crosses & np.array([leg.border_km is not None for leg in legs])
        # It stands at a kilometre from the leg's start: on the way back it is that far.
        there = np.where(back, border, np.maximum(0, km - border))
        drawn["beyond_km"] = np.where(given, there, km)
        return drawn


def compile_option(scenario: Scenario, option: str, *, days: float = 30.0) -> Compiled:
    """The arrays of one option of a scenario (with its posture applied).

    Raises
    ------
    InputError
        If there is no such option, or two ids have the same name for luck.
    """
    if option not in scenario.options:
        known = ", ".join(scenario.options)
        raise InputError(f"{scenario.name} has no option {option!r}; its options: {known}")
    network = Network(scenario)
    inventory = Inventory.of(scenario, network, scenario.options[option])
    members = sorted(
        _members(scenario, scenario.options[option]),
        # Where a road has no room for all, the strongest go first.
        key=lambda m: (-m.formation.strength.value * power_of(scenario, m), m.id, m.side),
    )
    groups = tuple(sorted({member.group for member in members}))
    longest = max((len(member.route) for member in members), default=1)
    route = np.full((len(members), longest), -1, dtype=np.int64)
    for f, member in enumerate(members):
        route[f, : len(member.route)] = [network.index[place] for place in member.route]
    hops = np.stack([network.hops(BLUE), network.hops(RED)])
    assets = [asset.id for asset in inventory.assets]
    ids = [*(member.id for member in members), *assets]
    entities = entity_hashes(ids).astype(np.int64)
    return Compiled(
        scenario=scenario,
        option=option,
        network=network,
        members=tuple(members),
        groups=groups,
        inventory=inventory,
        ways=Ways(clock=clock(days), hop=hops, route=route, out=network.out),
        reach=_reach(network, inventory, members),
        forces=_force_table(scenario, network, members, groups, entities[: len(members)]),
        places=_place_table(scenario, network),
        roads=_road_table(scenario, network),
        assets=inventory.asset_table(entities[len(members) :]),
        stocks=inventory.stock_table(),
    )


def _reach(network: Network, inventory: Inventory, members: list[Member]) -> Reach:
    lanes, crossing = inventory.lanes([member.formation for member in members])
    return Reach(
        apart=inventory.apart(),
        blue_km=network.shortest(BLUE)[0],
        arms=inventory.bounds(),
        ports=inventory.ports(),
        lanes=lanes,
        crossing=crossing,
    )


def power_of(scenario: Scenario, member: Member) -> float:
    """Central power of a formation's type."""
    return scenario.types[member.formation.type].power.value


def clock(days: float) -> Floats:
    """Edges of the steps in hours: three to day 5, six to day 30, twelve to day 60, then a day."""
    end = 24.0 * days
    paces = ((0, 120, 3.0), (120, 720, 6.0), (720, 1440, 12.0), (1440, max(end, 1440), 24.0))
    edges = np.concatenate([np.arange(*pace) for pace in paces])
    return np.append(edges[edges < end], end)


def _members(scenario: Scenario, option: Option) -> tuple[Member, ...]:
    """Red's formations on the option's thrusts, and all of Blue's."""
    members: dict[tuple[str, int], Member] = {}
    for thrust in option.thrusts.values():
        for name, force in named(scenario.forces.red, thrust.forces):
            if force.type not in scenario.types:
                continue  # squadrons and batteries belong to the arms
            assembled = force.notice_hours.value == 0
            member = Member(name, RED, force, tuple(thrust.route), thrust, assembled)
            members.setdefault((name, RED), member)
    strikers = {name for name, _ in named(scenario.forces.blue, option.counter_attack)}
    for name, force in scenario.forces.blue.items():
        if force.type in scenario.types:
            strikes = name in strikers
            goal = option.objectives[0] if strikes else force.defends or force.start
            members[name, BLUE] = Member(name, BLUE, force, (goal,), None, False, strikes)
    return tuple(members.values())


def _force_table(
    scenario: Scenario,
    network: Network,
    members: list[Member],
    groups: tuple[Group, ...],
    entities: Ints,
) -> Table:
    forces = table(len(members), FORCE)
    forces["entity"] = entities
    forces["arrival"] = -1
    forces["overland"] = -1
    types = list(scenario.types)
    for f, member in enumerate(members):
        force, formation = forces[f], member.formation
        force["type"] = types.index(formation.type)
        force["side"] = member.side
        force["start"] = network.index[formation.start]
        force["stages"] = len(member.route)
        force["delays"] = formation.orders == "delay"
        force["reinforces"] = member.reinforces
        force["mode"] = MODES[formation.comes_by]
        if formation.overland is not None:
            force["overland"] = network.index[formation.overland]
        force["strikes"] = member.strikes
        force["guarantor"] = scenario.nations[formation.nation].role == "guarantor"
        force["assembled"] = member.assembled
        force["forward"] = is_forward(scenario, member)
        force["group"] = groups.index(member.group)
    coming = forces["reinforces"] == 1
    forces["arrival"][coming] = np.arange(coming.sum())
    return forces


def is_forward(scenario: Scenario, member: Member) -> bool:
    """Whether a formation belongs to the guarantors' force on a protégé's ground."""
    if member.side == RED or member.formation.joins == "reinforced":
        return False
    host = scenario.theatre.places[member.formation.start].nation
    return (
        scenario.nations[member.formation.nation].role == "guarantor"
        and scenario.nations[host].role == "protege"
    )


def _place_table(scenario: Scenario, network: Network) -> Table:
    places = table(len(network.places), PLACE)
    places["entity"] = entity_hashes(network.places)
    places["owner"] = network.holder
    places["defended"] = network.holder == BLUE
    places["rail_km"] = network.rail_km()
    places["depth_km"] = np.stack([network.depth_km(BLUE), network.depth_km(RED)], axis=1)
    for v, name in enumerate(network.places):
        place = scenario.theatre.places[name]
        places[v]["close"] = place.terrain in CLOSE_TERRAIN
        # Blue is supplied from guarantors' ground and its objectives' depots, Red from its own.
        depot = (
            scenario.nations[place.nation].role == "guarantor" or name in scenario.objectives.places
        )
        places[v]["source"] = (depot and network.holder[v] == BLUE, network.holder[v] == RED)
        places[v]["railhead"] = place.railhead
        places[v]["protege"] = scenario.nations[place.nation].role == "protege"
    sources = places["source"][:, BLUE] == 1
    if sources.any():
        nearest = network.shortest(BLUE)[0][:, sources].min(axis=1)
        places["source_km"] = np.where(np.isfinite(nearest), nearest, 0.0)
    return places


def _road_table(scenario: Scenario, network: Network) -> Table:
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
