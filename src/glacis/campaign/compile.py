"""Scenario to arrays: what the engine needs of a scenario, an option and a chunk of worlds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from glacis.campaign.assets import ASSET_DRAW
from glacis.campaign.columns import Columns
from glacis.campaign.ground import Ground, ground_of
from glacis.campaign.inventory import Inventory
from glacis.campaign.network import Network
from glacis.campaign.results import Sizes
from glacis.campaign.state import (
    BLUE,
    BY_AIR,
    BY_ROAD,
    BY_SEA,
    FORCE,
    RED,
    Draws,
    Reach,
    Rolls,
    Stage,
    Table,
    Ways,
    table,
)
from glacis.errors import InputError
from glacis.kernels import Floats, Ints
from glacis.scenario.model import Formation, Option, Scenario, Thrust, named
from glacis.streams import entity_hashes, split_seed
from glacis.worlds import Worlds

THRUST_DRAW = np.dtype([("thrust_delay", "f8")])
MODES = {"road": BY_ROAD, "air": BY_AIR, "sea": BY_SEA}

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
    ground
        What it shares with the scenario's other options.
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
    force_rows, asset_rows
        Where each formation and asset stands among those of `Ground.draws`.
    delays
        What is drawn of the option's own: the delay of each formation's thrust.
    """

    ground: Ground
    option: str
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
    force_rows: Ints
    asset_rows: Ints
    delays: Columns

    @property
    def scenario(self) -> Scenario:
        """The scenario, with its posture applied."""
        return self.ground.scenario

    @property
    def network(self) -> Network:
        """The theatre as a graph."""
        return self.ground.network

    @property
    def days(self) -> float:
        """Length of the campaign."""
        return float(self.ways.clock[-1] / 24.0)

    @property
    def day_count(self) -> int:
        """Rows of a daily record: the beginning of every day, and the end."""
        return math.ceil(self.days) + 1

    @cached_property
    def arrivals(self) -> tuple[Member, ...]:
        """The formations that join with a full answer, in the order of the record's columns."""
        return tuple(member for member in self.members if member.reinforces)

    @cached_property
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

    def stage(self, seed: int, *, reinforced: bool, is_empty: bool = False) -> Stage:
        """What one chunk works on; with `is_empty`, nothing."""
        tables = (self.forces, self.places, self.roads, self.assets, self.stocks)
        forces, places, roads, assets, stocks = (
            one[:0].copy() if is_empty else one.copy() for one in tables
        )
        scene = self.ground.scene.copy()
        scene["k0"], scene["k1"] = split_seed(seed)
        scene["reinforced"] = reinforced
        lengths = len(forces), len(forces), len(forces), len(roads), len(places)
        rolls = Rolls(*(np.empty(length, np.int64) for length in lengths))
        return Stage(forces, places, roads, assets, stocks, scene, rolls)

    def lasting(self, days: float) -> Compiled:
        """The same, fought for so many days."""
        return replace(self, ways=self.ways._replace(clock=clock(days)))

    def draws(
        self,
        worlds: Worlds,
        decision_hours: Floats | None = None,
        *,
        ground: Draws | None = None,
    ) -> Draws:
        """The Quantities' values in a chunk of worlds.

        Parameters
        ----------
        decision_hours
            When the council answers, one value a world; by default the scenario's own delay.
        ground
            Of `Ground.draws` in these worlds, if that has been drawn: it is the same for all
            options.

        Raises
        ------
        InputError
            If the hours or `ground` are not of these worlds.
        """
        if ground is None:
            ground = self.ground.draws(worlds)
        elif not np.array_equal(ground.worlds["number"], worlds.indices):
            raise InputError("what is drawn of the ground must be of the same worlds")
        # By rows of worlds, as all else: kernels are compiled for one layout.
        forces = ground.forces.take(self.force_rows, axis=1)
        np.asarray(forces)["thrust_delay"] = self.delays.drawn(worlds)["thrust_delay"]
        assets, every = table((len(worlds), len(self.asset_rows)), ASSET_DRAW), ground.forces
        for name in ASSET_DRAW.names or ():
            np.asarray(assets)[name] = np.asarray(every)[name][:, self.asset_rows]
        return ground._replace(
            worlds=decided(ground.worlds, decision_hours), forces=forces, assets=assets
        )


def decided(worlds: Table, decision_hours: Floats | None) -> Table:
    """The numbers of worlds in which the council answers at these hours, one value a world.

    By default it answers after the scenario's own delay.
    """
    if decision_hours is None:
        decision_hours = 24.0 * worlds["warning"]["decision_days"]
    if decision_hours.shape != worlds.shape:
        raise InputError(f"decision_hours must have one value for each of {len(worlds)} worlds")
    answered = worlds.copy()
    answered["decision_hours"] = decision_hours
    return answered


def compile_option(
    scenario: Scenario, option: str, *, days: float = 30.0, ground: Ground | None = None
) -> Compiled:
    """The arrays of one option of a scenario (with its posture applied).

    Parameters
    ----------
    ground
        What the scenario's options have in common, if it is at hand.

    Raises
    ------
    InputError
        If there is no such option, or two ids have the same name for luck.
    """
    if option not in scenario.options:
        known = ", ".join(scenario.options)
        raise InputError(f"{scenario.name} has no option {option!r}; its options: {known}")
    ground = ground or ground_of(scenario)
    network = ground.network
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
    assets = [asset.id for asset in inventory.assets]
    ids = [*(member.id for member in members), *assets]
    entities = entity_hashes(ids).astype(np.int64)
    return Compiled(
        ground=ground,
        option=option,
        members=tuple(members),
        groups=groups,
        inventory=inventory,
        ways=Ways(clock=clock(days), hop=ground.hops, route=route, out=network.out),
        reach=_reach(ground, inventory, members),
        forces=_force_table(scenario, network, members, groups, entities[: len(members)]),
        places=ground.places,
        roads=ground.roads,
        assets=inventory.asset_table(entities[len(members) :]),
        stocks=inventory.stock_table(),
        force_rows=np.array([ground.rows[m.side, m.id] for m in members], dtype=np.int64),
        asset_rows=np.array([ground.rows[a.side, a.id] for a in inventory.assets], dtype=np.int64),
        delays=_delays(members),
    )


def _delays(members: list[Member]) -> Columns:
    delays = [m.thrust.delay_hours if m.thrust else None for m in members]
    return Columns.of(THRUST_DRAW, {"thrust_delay": delays})


def _reach(ground: Ground, inventory: Inventory, members: list[Member]) -> Reach:
    lanes, crossing = inventory.lanes([member.formation for member in members])
    return Reach(
        apart=ground.apart,
        blue_km=ground.network.shortest(BLUE)[0],
        arms=inventory.bounds(),
        ports=ground.ports,
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
    formations = [member.formation for member in members]
    types = {name: number for number, name in enumerate(scenario.types)}
    numbers = {group: number for number, group in enumerate(groups)}
    forces["type"] = [types[formation.type] for formation in formations]
    forces["side"] = [member.side for member in members]
    forces["start"] = [network.index[formation.start] for formation in formations]
    forces["stages"] = [len(member.route) for member in members]
    forces["delays"] = [formation.orders == "delay" for formation in formations]
    forces["reinforces"] = [member.reinforces for member in members]
    forces["mode"] = [MODES[formation.comes_by] for formation in formations]
    forces["overland"] = [
        -1 if formation.overland is None else network.index[formation.overland]
        for formation in formations
    ]
    forces["strikes"] = [member.strikes for member in members]
    forces["guarantor"] = [
        scenario.nations[formation.nation].role == "guarantor" for formation in formations
    ]
    forces["assembled"] = [member.assembled for member in members]
    forces["forward"] = [is_forward(scenario, member) for member in members]
    forces["group"] = [numbers[member.group] for member in members]
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
