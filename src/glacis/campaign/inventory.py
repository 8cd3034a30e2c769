"""Scenario to arrays, the arms' part: squadrons, batteries and ships, arsenals, ports, lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glacis.campaign.assets import (
    ASSET,
    FEEDS,
    KINDS,
    STOCK,
)
from glacis.campaign.network import Network
from glacis.campaign.state import ARMS, BLUE, RED, Table, table
from glacis.kernels import Floats, Ints
from glacis.scenario.model import Formation, Option, Place, Scenario, named
from glacis.scenario.systems import Stock, System

_EARTH_KM = 6371.0
_KM_A_NM = 1.852


class Asset(NamedTuple):
    """A squadron, battery or ship group as one option uses it."""

    id: str
    side: int
    formation: Formation
    system: System


@dataclass(frozen=True)
class Inventory:
    """What the arms of one option are made of.

    Attributes
    ----------
    assets
        By kind of system, then by id.
    classes
        Side, id and record of each class of munitions.
    """

    scenario: Scenario
    network: Network
    assets: tuple[Asset, ...]
    classes: tuple[tuple[int, str, Stock], ...]

    @classmethod
    def of(cls, scenario: Scenario, network: Network, option: Option) -> Inventory:
        """All of Blue's, and those of Red's that support the option."""
        red = scenario.forces.red
        if option.supported_by is not None:
            red = dict(named(red, option.supported_by))
        sides = ((RED, red), (BLUE, scenario.forces.blue))
        assets = [
            Asset(name, side, formation, scenario.systems[formation.type])
            for side, forces in sides
            for name, formation in forces.items()
            if formation.type in scenario.systems
        ]
        assets.sort(key=lambda asset: (KINDS[asset.system.arm], asset.id, asset.side))
        return cls(scenario, network, tuple(assets), classes_of(scenario))

    def bounds(self) -> Ints:
        """Where each kind of system begins among the assets, and the end."""
        kinds = np.array([KINDS[asset.system.arm] for asset in self.assets], dtype=np.int64)
        return np.searchsorted(kinds, np.arange(len(KINDS) + 1)).astype(np.int64)

    def asset_table(self, entities: Ints) -> Table:
        """The assets with their fixed fields."""
        assets = table(len(self.assets), ASSET)
        assets["entity"] = entities
        systems = {name: number for number, name in enumerate(self.scenario.systems)}
        own = self.assets
        assets["system"] = [systems[asset.formation.type] for asset in own]
        assets["kind"] = [KINDS[asset.system.arm] for asset in own]
        assets["side"] = [asset.side for asset in own]
        assets["home"] = [self.network.index[asset.formation.start] for asset in own]
        assets["reinforces"] = [asset.formation.joins == "reinforced" for asset in own]
        assets["feed"] = [
            FEEDS[asset.system.fires] if asset.system.arm == "artillery" else -1 for asset in own
        ]
        return assets

    def stock_table(self) -> Table:
        """The classes of munitions with their fixed fields."""
        stocks = table(len(self.classes), STOCK)
        for k, (side, _, stock) in enumerate(self.classes):
            stocks[k]["side"] = side
            stocks[k]["feeds"] = FEEDS[stock.feeds]
        return stocks

    def lanes(self, formations: list[Formation]) -> tuple[Ints, Floats]:
        """Port and km of each lane open to Blue that each formation may take, -1 padded."""
        declared, nations = self.scenario.theatre.lanes, self.scenario.nations
        taken = []
        for formation in formations:
            lanes = [declared[name] for name in formation.lanes]
            taken.append([lane for lane in lanes if nations[lane.nation].side == "blue"])
        most = max((len(lanes) for lanes in taken), default=0) + 1
        ends = np.full((len(formations), most), -1, dtype=np.int64)
        km = np.zeros((len(formations), most))
        for f, lanes in enumerate(taken):
            for k, lane in enumerate(lanes):
                ends[f, k] = self.network.index[lane.end]
                km[f, k] = _KM_A_NM * lane.length_nm.value
        return ends, km


def classes_of(scenario: Scenario) -> tuple[tuple[int, str, Stock], ...]:
    """Side, id and record of each class of munitions."""
    held = ((BLUE, scenario.arsenals.blue), (RED, scenario.arsenals.red))
    return tuple((side, name, stock) for side, own in held for name, stock in own.items())


def apart_km(places: Sequence[Place]) -> Floats:
    """(V, V) km between places on the great circle."""
    lat = np.radians([place.lat.value for place in places])[:, np.newaxis]
    lon = np.radians([place.lon.value for place in places])[:, np.newaxis]
    north, east = np.sin((lat - lat.T) / 2) ** 2, np.sin((lon - lon.T) / 2) ** 2
    chord = np.clip(north + np.cos(lat) * np.cos(lat.T) * east, 0.0, 1.0)
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(chord)))


def arms_of(scenario: Scenario) -> frozenset[str]:
    """The arms that a scenario fights with: those declared and not switched off."""
    campaign = scenario.campaign
    declared = {arm for arm in ARMS if arm != "arsenals" and getattr(campaign, arm) is not None}
    if scenario.arsenals.red or scenario.arsenals.blue:
        declared.add("arsenals")
    return frozenset(declared - set(campaign.without))
