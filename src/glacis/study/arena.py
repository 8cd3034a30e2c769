"""Single engagements fought by the engine's own combat, in sampled worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glacis.campaign.ground import CLOSE_TERRAIN
from glacis.campaign.state import WORLD, Table, table
from glacis.jit import load_kernels
from glacis.kernels import Floats
from glacis.scenario.model import Scenario, Terrain, walk_quantities
from glacis.scenario.quantity import Quantity
from glacis.scenario.read import read_scenario
from glacis.streams import Stream, entity_hash, split_seed
from glacis.study.beds import ROOT, Arm, Beds, PostureName, read_beds
from glacis.worlds import Worlds, sample

_LEAST_LOSS = 1e-12  # keeps logarithms finite


class Fought(NamedTuple):
    """Engagements that were fought, one a world."""

    won: Floats  # by the attacker: 1, 0, or 1/2 where neither was nearer to breaking
    undecided: Floats  # 1 where neither side broke
    attacker_lost: Floats  # share of its strength
    defender_lost: Floats


@dataclass(frozen=True)
class Arena:
    """The combat numbers of a scenario in sampled worlds, and what engagements need besides.

    Attributes
    ----------
    scenario
        Whose numbers are tested.
    beds
        The test beds' own numbers, sampled along with the scenario's.
    numbers
        The combat numbers, one row a world, as the engine wants them.
    announce
        Told if the engine must first be compiled.
    """

    scenario: Scenario
    beds: Beds
    worlds: Worlds
    numbers: Table
    announce: Callable[[str], None] | None = None

    @classmethod
    def open(
        cls,
        worlds: int,
        seed: int,
        *,
        scenario: Scenario | None = None,
        beds: Beds | None = None,
        announce: Callable[[str], None] | None = None,
    ) -> Arena:
        """An arena of so many worlds; by default of the scenario that the test beds name."""
        beds = beds or read_beds()
        scenario = scenario or read_scenario(beds.scenario)
        drawn = sample([*scenario.quantities(), *walk_quantities(beds, ROOT)], worlds, seed)
        numbers = table(len(drawn), WORLD)
        for name in WORLD["combat"].names or ():
            numbers["combat"][name] = drawn.values(getattr(scenario.campaign.combat, name))
        return cls(scenario, beds, drawn, numbers, announce)

    def values(self, quantity: Quantity) -> Floats:
        """A number's value in each world."""
        return self.worlds.values(quantity)

    def luck(self, name: str, draws: int) -> Floats:
        """(worlds, draws) uniform numbers that belong to `name`, whatever else is fought."""
        drawn = np.empty((len(self.worlds), draws))
        kernel = load_kernels("glacis.luck", announce=self.announce)
        address = int(Stream.TESTBED), entity_hash(name), self.worlds.start
        kernel.fill(*split_seed(self.worlds.seed), *address, drawn)
        return drawn

    def dispersed(self, uniforms: Floats) -> Floats:
        """Factor on the odds by quality and luck: other sides and another day each time."""
        from scipy.special import ndtri

        return np.asarray(np.exp(self.numbers["combat"]["dispersion"] * ndtri(uniforms)))

    def posture(self, name: PostureName) -> Floats:
        """The defender's factor from its posture."""
        factors, combat = self.beds.factors, self.scenario.campaign.combat
        where = factors if name in ("delay", "withdrawal") else combat
        return self.values(getattr(where, name))

    def terrain(self, name: Terrain) -> Floats:
        """The defender's factor from terrain."""
        return self.values(getattr(self.scenario.campaign.combat.terrain, name))

    def surprise(self, level: int, days: float | Floats) -> Floats:
        """The attacker's factor from surprise, as the engine lets it decay, over `days` on average.

        Parameters
        ----------
        level
            As the battle data code it: 1 minor to 3 complete, negative if the defender's.
        """
        if level == 0:
            return np.ones(len(self.worlds))
        kinds = self.beds.factors.surprise
        at_first = self.values((kinds.minor, kinds.substantial, kinds.complete)[abs(level) - 1])
        decay = np.maximum(self.numbers["combat"]["surprise_days"], 1e-9)
        left = decay / days * -np.expm1(-np.asarray(days) / decay)
        factor = 1.0 + (at_first - 1.0) * left
        return np.asarray(factor if level > 0 else 1.0 / factor)

    def power(self, people: float, tanks: float, terrain: Terrain) -> Floats:
        """Combat power of a force of which only personnel and tanks are known."""
        manning = self.beds.people
        crew = self.values(manning.armour.people) / self.values(manning.armour.tanks)
        armoured = np.minimum(tanks * crew, people)
        own, rest = self._each(manning.armour, terrain), self._each(manning.others, terrain)
        return np.asarray(armoured * own + (people - armoured) * rest)

    def _each(self, arm: Arm, terrain: Terrain) -> Floats:
        """Power of one of an arm's people."""
        kind = self.scenario.types[arm.kind]
        power = self.values(kind.power) / self.values(arm.people)
        return power * self.values(kind.close_terrain) if terrain in CLOSE_TERRAIN else power

    def fight(
        self,
        odds: Floats,
        days: float | Floats,
        *,
        breaks: bool = True,
        room: Floats | None = None,
    ) -> Fought:
        """Fight one engagement in every world.

        Parameters
        ----------
        odds
            Effective power of attacker over defender at the start.
        days
            Longest that it lasts.
        breaks
            Whether sides give up at their breakpoints.
        room
            Share of the attacker that has room to fight, as on the engine's roads: its power
            and its losses are cut alike.

        Notes
        -----
        An engagement undecided at its end is won by the side farther from its breakpoint.
        """
        numbers = self.numbers
        if room is not None:
            numbers = numbers.copy()
            numbers["combat"]["attacker_loss"] *= room
            odds = odds * room
        n = len(numbers)
        outcome, attacker, defender = np.zeros(n), np.zeros(n), np.zeros(n)
        kernel = load_kernels("glacis.campaign.engagement", announce=self.announce)
        lengths = np.ascontiguousarray(np.broadcast_to(np.asarray(days, dtype=np.float64), n))
        kernel.fight_all(odds, lengths, numbers, breaks, outcome, attacker, defender)
        attacker_lost = np.maximum(1.0 - attacker, _LEAST_LOSS)
        defender_lost = np.maximum(1.0 - defender, _LEAST_LOSS)
        combat = numbers["combat"]
        lead = np.sign(
            defender_lost / combat["breakpoint_blue"] - attacker_lost / combat["breakpoint_red"]
        )
        ahead = np.where(outcome == 0.0, lead, outcome)
        undecided = (outcome == 0.0).astype(np.float64)
        return Fought((1.0 + ahead) / 2.0, undecided, attacker_lost, defender_lost)
