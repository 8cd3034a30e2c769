"""Scenario to arrays: what the engine needs of a scenario, an option and a chunk of worlds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from glacis.campaign.network import Network
from glacis.campaign.state import (
    BLUE,
    FORCE,
    FORCE_DRAW,
    PLACE,
    PLACE_DRAW,
    RED,
    ROAD,
    ROAD_DRAW,
    SECTIONS,
    WORLD,
    Draws,
    Floats,
    Table,
    Ways,
    table,
)
from glacis.errors import InputError
from glacis.scenario.model import Formation, Option, Scenario, Thrust
from glacis.scenario.quantity import Quantity
from glacis.streams import entity_hashes
from glacis.worlds import Worlds

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
    ways
        The network's tables and the clock.
    forces, places, roads
        Tables whose fixed fields are filled in; `copies` gives fresh ones to a chunk.
    """

    scenario: Scenario
    option: str
    network: Network
    members: tuple[Member, ...]
    groups: tuple[Group, ...]
    ways: Ways
    forces: Table
    places: Table
    roads: Table

    @property
    def days(self) -> float:
        """Length of the campaign."""
        return float(self.ways.clock[-1] / 24.0)

    def copies(self) -> tuple[Table, Table, Table]:
        """The three tables for one chunk to work on."""
        return self.forces.copy(), self.places.copy(), self.roads.copy()

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
        )

    def _draw_worlds(self, worlds: Worlds, decision_hours: Floats | None) -> Table:
        drawn = table(len(worlds), WORLD)
        for section in SECTIONS:
            record = getattr(self.scenario.campaign, section)
            for name in WORLD[section].names or ():
                drawn[section][name] = worlds.values(getattr(record, name))
        if decision_hours is None:
            decision_hours = 24.0 * drawn["warning"]["decision_days"]
        if decision_hours.shape != (len(worlds),):
            raise InputError(f"decision_hours must have one value for each of {len(worlds)} worlds")
        drawn["decision_hours"] = decision_hours
        drawn["number"] = worlds.indices
        return drawn

    @cached_property
    def _force_columns(self) -> Columns:
        types = self.scenario.types
        forces = [member.formation for member in self.members]
        columns: dict[str, list[Quantity | None]] = {
            "people": [force.people for force in forces],
            "whole": [force.strength for force in forces],
            "notice_hours": [force.notice_hours for force in forces],
            "thrust_delay": [m.thrust.delay_hours if m.thrust else None for m in self.members],
        }
        for name in ("power", "close_terrain", "mobility_kmh"):
            columns[name] = [getattr(types[force.type], name) for force in forces]
        return Columns.of(FORCE_DRAW, columns)

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
            },
        )

    @cached_property
    def _road_columns(self) -> Columns:
        legs = [self.scenario.theatre.legs[g] for g in self.network.legs for _ in range(2)]
        names = ("km", "lanes", "frontage_km", "demolition_hours", "fortified_km")
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


@dataclass(frozen=True)
class Columns:
    """Quantities laid out as the fields of a table, ready to be drawn for any worlds.

    Attributes
    ----------
    certain
        (K,) row of the table with the certain numbers, 0 where there is none.
    uncertain
        Field, columns and Quantity of the others; each distinct Quantity is drawn once.
    """

    certain: Table
    uncertain: tuple[tuple[str, tuple[int, ...], Quantity], ...]

    @classmethod
    def of(cls, dtype: np.dtype[np.void], fields: dict[str, list[Quantity | None]]) -> Columns:
        """Lay out the Quantities of each field, one a column; None stays 0."""
        certain = table(len(next(iter(fields.values()))), dtype)
        columns: dict[tuple[str, str, str], tuple[list[int], Quantity]] = {}
        for name, quantities in fields.items():
            for k, quantity in enumerate(quantities):
                if quantity is None:
                    continue
                if quantity.is_certain:
                    certain[name][k] = quantity.value
                else:
                    key = (name, quantity.path, str(quantity))
                    columns.setdefault(key, ([], quantity))[0].append(k)
        uncertain = tuple(
            (name, tuple(places), quantity) for (name, _, _), (places, quantity) in columns.items()
        )
        return cls(certain, uncertain)

    def drawn(self, worlds: Worlds) -> Table:
        """(W, K) table of values."""
        filled = table((len(worlds), len(self.certain)), self.certain.dtype)
        filled[:] = self.certain
        fields = {name: filled[name] for name in self.certain.dtype.names}
        for name, columns, quantity in self.uncertain:
            values = worlds.values(quantity)
            for column in columns:  # mostly one, and then quicker than an index array
                fields[name][:, column] = values
        return filled


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
    return Compiled(
        scenario=scenario,
        option=option,
        network=network,
        members=tuple(members),
        groups=groups,
        ways=Ways(clock=clock(days), hop=hops, route=route, out=network.out),
        forces=_force_table(scenario, network, tuple(members), groups),
        places=_place_table(scenario, network),
        roads=_road_table(network),
    )


def power_of(scenario: Scenario, member: Member) -> float:
    """Central power of a formation's type."""
    return scenario.types[member.formation.type].power.value


def clock(days: float) -> Floats:
    """Edges of the steps in hours: three hours to day 5, then six."""
    end = 24.0 * days
    edges = np.concatenate([np.arange(0, 120, 3.0), np.arange(120, max(end, 120), 6.0)])
    return np.append(edges[edges < end], end)


def _members(scenario: Scenario, option: Option) -> tuple[Member, ...]:
    """Red's formations on the option's thrusts, and all of Blue's."""
    members: dict[tuple[str, int], Member] = {}
    for thrust in option.thrusts.values():
        for name, force in named(scenario.forces.red, thrust.forces):
            assembled = force.notice_hours.value == 0
            member = Member(name, RED, force, tuple(thrust.route), thrust, assembled)
            members.setdefault((name, RED), member)
    strikers = {name for name, _ in named(scenario.forces.blue, option.counter_attack)}
    for name, force in scenario.forces.blue.items():
        goal = option.objectives[0] if name in strikers else force.defends or force.start
        members[name, BLUE] = Member(name, BLUE, force, (goal,), None, False)
    return tuple(members.values())


def named(forces: dict[str, Formation], names: Iterable[str]) -> list[tuple[str, Formation]]:
    """Formations by id or by parent, each once, in the order of the names."""
    found: dict[str, Formation] = {}
    for wanted in names:
        for name, formation in forces.items():
            if wanted in (name, formation.parent):
                found.setdefault(name, formation)
    return list(found.items())


def _force_table(
    scenario: Scenario, network: Network, members: tuple[Member, ...], groups: tuple[Group, ...]
) -> Table:
    forces = table(len(members), FORCE)
    forces["entity"] = entity_hashes([member.id for member in members])
    for f, member in enumerate(members):
        force, formation = forces[f], member.formation
        force["side"] = member.side
        force["start"] = network.index[formation.start]
        force["stages"] = len(member.route)
        force["delays"] = formation.orders == "delay"
        force["reinforces"] = formation.joins == "reinforced"
        force["assembled"] = member.assembled
        force["forward"] = is_forward(scenario, member)
        force["group"] = groups.index(member.group)
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
        places[v]["source"] = (depot, network.holder[v] == RED)
    return places


def _road_table(network: Network) -> Table:
    roads = table(2 * len(network.legs), ROAD)
    roads["entity"] = np.repeat(entity_hashes(network.legs), 2)
    roads["origin"] = network.ends.reshape(-1)
    roads["toward"] = network.ends[:, ::-1].reshape(-1)
    roads["passable"] = np.repeat(network.passable.T, 2, axis=0)
    return roads
