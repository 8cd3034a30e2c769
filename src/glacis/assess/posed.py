"""A scenario under one posture, made ready to be fought; and what holds for some of its worlds."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from glacis.alliance.council import chances, delay_hours
from glacis.alliance.leanings import seated
from glacis.assess.decision import alliance_of, at_stake, before, placed, stationed
from glacis.campaign.combat import luck_spreads
from glacis.campaign.compile import Compiled, compile_option
from glacis.campaign.ground import Ground, ground_of
from glacis.campaign.lot import Lot
from glacis.campaign.run import MAX_DAYS
from glacis.campaign.state import BLUE, RED
from glacis.errors import InputError
from glacis.forecast import Candidates
from glacis.jit import load_kernels
from glacis.kernels import Floats, Ints
from glacis.scenario.alliance import Alliance
from glacis.scenario.crisis import Crisis
from glacis.scenario.model import Place, Scenario
from glacis.scenario.quantity import Quantity
from glacis.streams import Stream, split_seed
from glacis.worlds import Worlds

UNANSWERED_DAYS = 30.0
"""Length of a campaign that nobody reinforces: after a month nothing moves any more."""


def crisis_of(scenario: Scenario) -> Crisis:
    """The scenario's crisis.

    Raises
    ------
    InputError
        If it has none.
    """
    if scenario.crisis is None:
        raise InputError(
            f"{scenario.name} has no crisis, so there is no choice to be made; write one (baltic's "
            "crisis.yaml shows how; `glacis where` names its folder)"
        )
    return scenario.crisis


@dataclass(frozen=True)
class Posed:
    """One posture of a scenario, compiled."""

    base: Scenario
    """Without a posture applied."""
    scenario: Scenario
    """With it."""
    alliance: Alliance
    options: tuple[str, ...]
    """Of Red's, that are looked at."""
    known: Scenario | None = None
    """What is `given`, where it has been made before."""
    _wars: dict[str, Compiled] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def posture(self) -> str:
        """Its id."""
        return self.scenario.document.posture

    def war(self, option: str) -> Compiled:
        """One of the options, for as long as a war is followed at most.

        It is compiled when it is first asked for: the first is fought while others are compiled.

        Raises
        ------
        InputError
            If two of its ids have the same name for luck.
        """
        with self._lock:
            if option not in self._wars:
                days = float(MAX_DAYS)
                found = compile_option(self.scenario, option, days=days, ground=self.ground)
                self._wars[option] = found
            return self._wars[option]

    @cached_property
    def ground(self) -> Ground:
        """What its options have in common."""
        return ground_of(self.scenario)

    @cached_property
    def given(self) -> Scenario:
        """The scenario under the posture above whose level Red feels threatened."""
        if self.known is not None:
            return self.known
        above = crisis_of(self.base).provocation.above
        return self.scenario if above == self.posture else self.base.posture(above)

    @cached_property
    def unanswered_days(self) -> float:
        """For how long a war is followed that nobody reinforces: until the council has decided."""
        return min(max(UNANSWERED_DAYS, float(np.ceil(self.longest_delay))), float(MAX_DAYS))

    @property
    def longest_delay(self) -> float:
        """Days that the council's answer can take at most."""
        council, members = self.alliance.council, len(seated(self.alliance))
        return council.delay_days.support[1] + members * council.hesitation_days.support[1]

    @cached_property
    def crews(self) -> dict[str, Lot]:
        """For each side, people and then strength of every formation."""
        sides = {"red": self.scenario.forces.red, "blue": self.scenario.forces.blue}
        return {
            side: Lot(tuple([f.people for f in own.values()] + [f.strength for f in own.values()]))
            for side, own in sides.items()
        }

    @cached_property
    def defended(self) -> Ints:
        """(V,) index of each place's state among the defended; -1 if it is not one's."""
        states, nations = list(self.states), [place.nation for place in self.places]
        return np.array([states.index(one) if one in states else -1 for one in nations])

    @property
    def places(self) -> list[Place]:
        """The places, in the order of the records' columns."""
        return [self.scenario.theatre.places[name] for name in self.ground.network.places]

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The defended states, as their prices stand in the scenario or else in its own order."""
        own = [name for name, one in self.scenario.nations.items() if one.role == "protege"]
        priced = [] if self.scenario.loss is None else list(self.scenario.loss.gdp)
        return tuple(dict.fromkeys([*(name for name in priced if name in own), *own]))


def pose(base: Scenario, posed: Scenario, options: Sequence[str] = ()) -> Posed:
    """A posture of a scenario made ready.

    Parameters
    ----------
    base
        Without a posture applied; it has an alliance.
    posed
        The same under the posture.
    options
        Of Red's; all if left out.

    Raises
    ------
    InputError
        If there is no alliance, or an answer can come after the longest war.
    """
    found = Posed(base, posed, alliance_of(posed), tuple(options or posed.options))
    if found.longest_delay > MAX_DAYS:
        raise InputError(
            f"alliance.council: an answer can take {found.longest_delay:,.0f} days, and a campaign "
            f"has {MAX_DAYS}; lower delay_days or hesitation_days"
        )
    return found


@dataclass(frozen=True)
class Situation:
    """What all wars under a posture have in common, in each of W worlds."""

    posed: Posed
    worlds: Worlds
    places: Candidates
    """Where every Quantity stands in its distribution."""

    @cached_property
    def there(self) -> Floats:
        """(W, n) people whom each member has there."""
        return stationed(self.posed.scenario, self.posed.alliance, self.worlds)

    @cached_property
    def delay(self) -> Floats:
        """(W,) hours after H-hour at which the council answers."""
        alliance = self.posed.alliance
        expected = chances(alliance, self.worlds, before(alliance, self.worlds, self.there))
        return delay_hours(alliance, self.worlds, expected)

    @cached_property
    def quality(self) -> Floats:
        """(W,) logarithm of Red's quality over Blue's, by luck."""
        fill, words = load_kernels("glacis.luck").fill, split_seed(self.worlds.seed)
        luck = np.empty((2, len(self.worlds), 1))
        for side in (BLUE, RED):
            fill(*words, int(Stream.QUALITY), side, self.worlds.start, luck[side])
        scores = ndtri(luck[:, :, 0])
        return np.asarray(self._own_spread * (scores[RED] - scores[BLUE]))

    @cached_property
    def spread(self) -> Floats:
        """(W,) its standard deviation."""
        return np.asarray(self._own_spread * np.sqrt(2.0))

    @cached_property
    def _own_spread(self) -> Floats:
        """(W,) of either side's quality, as the war draws it."""
        combat, values = self.posed.base.campaign.combat, self.worlds.values
        own, _ = luck_spreads(values(combat.dispersion), values(combat.luck_share))
        return own

    @cached_property
    def people(self) -> Floats:
        """(W, V) people who live in each place of the defended states; none elsewhere."""
        return self._of_places([place.population for place in self.posed.places])

    @cached_property
    def area(self) -> Floats | None:
        """(W, V) square kilometres of the same; None if one of them has no area."""
        known, defended = [place.area_km2 for place in self.posed.places], self.posed.defended
        if any(one is None for v, one in enumerate(known) if defended[v] >= 0):
            return None
        return self._of_places(known)

    def _of_places(self, known: Sequence[Quantity | None]) -> Floats:
        """(W, V) a number of each place of the defended states; nothing elsewhere."""
        found = np.zeros((len(self.worlds), len(known)))
        for v, one in enumerate(known):
            if self.posed.defended[v] >= 0 and one is not None:
                found[:, v] = self.worlds.values(one)
        return found

    @cached_property
    def troops(self) -> dict[str, Floats]:
        """(W,) people of all formations of each side, those that come later among them."""
        return {side: self._counted(lot) for side, lot in self.posed.crews.items()}

    def _counted(self, crews: Lot) -> Floats:
        people, strength = np.split(crews.values(self.worlds), 2)
        return np.asarray(np.maximum((people * strength).sum(axis=0), 1.0))

    @cached_property
    def aims(self) -> dict[str, Floats]:
        """(W,) share of the defended states' people at whom each option aims."""
        scenario = self.posed.scenario
        return {name: at_stake(scenario, name, self.worlds) for name in self.posed.options}

    @cached_property
    def twice(self) -> Worlds:
        """Its worlds two times over: for what may happen in two ways in each."""
        return self.worlds.times(2)

    @cached_property
    def lives_in(self) -> tuple[tuple[Floats, Floats], ...]:
        """For each defended state, (V,) 1 for its own places, and (W,) people who live there."""
        own = [(self.posed.defended == n).astype(float) for n in range(len(self.posed.states))]
        return tuple((one, np.maximum((self.people * one).sum(axis=1), 1.0)) for one in own)

    @cached_property
    def defended_people(self) -> Floats:
        """(W,) people in the places of the defended states."""
        return np.asarray(np.maximum(self.people.sum(axis=1), 1.0))


def situation_of(posed: Posed, worlds: Worlds, places: Candidates | None = None) -> Situation:
    """What all wars under a posture have in common, in some worlds."""
    return Situation(posed, worlds, placed(worlds) if places is None else places)
