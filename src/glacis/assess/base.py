"""What is known of a scenario whatever its levers say, kept between answers."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field

from glacis.assess.chain import Beside, assess_beside
from glacis.assess.posed import crisis_of
from glacis.assess.variables import Whole
from glacis.campaign.run import draw_worlds
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds

NUMBERS_KEPT = 3
"""Numbers of worlds of which a base is kept: two tiers, and one that a program asked for."""


@dataclass
class Base:
    """A scenario with its changes, and what is known of it whatever the levers say."""

    scenario: Scenario
    seed: int
    locks: dict[int, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock), repr=False
    )
    known: dict[int, tuple[Worlds, dict[str, Whole]]] = field(default_factory=dict)
    """By number of worlds: these, and the postures that all others are told beside."""

    def beside(self, worlds: int, runner: Runner) -> tuple[Worlds, dict[str, Whole], Beside]:
        """Worlds, the postures known in them, and what another posture is told beside."""
        above = crisis_of(self.scenario).provocation.above
        priced = None if self.scenario.loss is None else self.scenario.loss.above
        with self.locks[worlds]:
            found = self.known.get(worlds)
            if found is None:
                found = self.known[worlds] = self._made(above, priced, worlds, runner)
                for old in list(self.known)[:-NUMBERS_KEPT]:
                    self.known.pop(old, None)
        drawn, wholes = found
        return drawn, wholes, _beside(wholes, above, priced)

    def _made(
        self, above: str, priced: str | None, worlds: int, runner: Runner
    ) -> tuple[Worlds, dict[str, Whole]]:
        """Worlds, and the postures that all others are told beside."""
        drawn = draw_worlds(self.scenario, worlds, self.seed).kept()
        wholes: dict[str, Whole] = {}
        for name in dict.fromkeys([above, *([priced] if priced else [])]):
            own = _beside(wholes, above, priced, is_base=name == priced)
            wholes[name] = assess_beside(self.scenario, name, drawn, beside=own, runner=runner)
        return drawn, wholes


def _beside(
    wholes: dict[str, Whole], above: str, priced: str | None, *, is_base: bool = False
) -> Beside:
    today = wholes.get(above)
    world = wholes[priced].world if priced in wholes else None
    return Beside(
        today=None if today is None else today.study,
        base=None if world is None else world.quiet,
        is_base=is_base,
        given=None if today is None else today.situation.posed.scenario,
        places=None if today is None else today.situation.places,
    )


__all__ = ["Base"]
