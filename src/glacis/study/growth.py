"""How much Red's ground force would have to grow to undo what a posture denies it.

Denial is the share of worlds in which an objective falls to a full assault that is answered in
full, within a month. All of Red's ground formations are made larger by one factor; its aircraft,
missiles and ships stay as they are.
"""

from __future__ import annotations

import math

import numpy as np

from glacis.assess.expected import headline
from glacis.campaign.compile import Compiled, compile_option
from glacis.campaign.record import Campaign
from glacis.campaign.results import new_record
from glacis.campaign.run import draw_worlds, run_chunk
from glacis.campaign.state import RED
from glacis.executor import Runner, run_chunks
from glacis.scenario.model import Scenario

DAYS = 30.0
WORLDS = 512
MOST = 4.0
"""Growth above which none is looked for."""
WITHIN = 0.05


def growth_that_undoes(
    scenario: Scenario,
    posture: str,
    base: str,
    *,
    seed: int,
    worlds: int = WORLDS,
    runner: Runner | None = None,
) -> float:
    """The factor on Red's ground force at which it takes as often under `posture` as under `base`.

    At most 1 if the posture denies nothing more; infinite if `MOST` times is not enough. Found by
    halving, to within `WITHIN`.

    Raises
    ------
    InputError
        If there is no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    quiet = (runner or Runner()).quiet()

    def taken(name: str, growth: float) -> float:
        compiled = compile_option(scenario.posture(name), headline(scenario), days=DAYS)
        return _taken(compiled, scenario, growth, worlds, seed, quiet)

    wanted = taken(base, 1.0)
    low, high = 1.0, MOST
    if taken(posture, low) >= wanted:
        return low
    if taken(posture, high) < wanted:
        return math.inf
    while high - low > WITHIN:
        middle = (low + high) / 2
        if taken(posture, middle) < wanted:
            low = middle
        else:
            high = middle
    return high


def _taken(
    compiled: Compiled, scenario: Scenario, growth: float, n: int, seed: int, runner: Runner
) -> float:
    worlds = draw_worlds(scenario, n, seed)
    record = new_record(n, compiled.sizes)
    is_red = np.array([member.side == RED for member in compiled.members])

    def one(start: int, stop: int) -> None:
        part = worlds.chunk(start, stop)
        draws = compiled.draws(part)
        draws.forces["whole"][:, is_red] *= growth
        run_chunk(compiled, part, reinforced=True, record=record.rows(start, stop), draws=draws)

    for _ in run_chunks(one, n, runner.quiet().spread(n)):
        pass
    war = Campaign(compiled, record, posture="", response="full", seed=seed)
    return float(war.falls("any").mean())


__all__ = ["growth_that_undoes"]
