"""One run on film: every formation and place at H-hour and after every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from glacis.campaign.compile import Compiled, compile_option
from glacis.campaign.results import Film, Record, new_film, new_record
from glacis.campaign.run import draw_worlds
from glacis.campaign.state import Draws, Table
from glacis.jit import load_kernels
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds

# The opening is the film of a campaign too short for anything to happen in it.
_MOMENT_DAYS = 1e-9


@dataclass(frozen=True)
class Case:
    """Which run: all that its course depends on, beside the scenario."""

    posture: str
    option: str
    response: str
    days: float
    seed: int
    world: int


@dataclass(frozen=True)
class Run:
    """A run on film, with what the engine knew when it ended.

    Attributes
    ----------
    film
        The opening at hour 0, then the state after every step.
    record
        The run's results: one world.
    forces, scene
        The formations' table and the scene as the run left them.
    draws
        The world's Quantities.
    """

    case: Case
    compiled: Compiled
    film: Film
    record: Record
    forces: Table
    scene: Table
    draws: Draws


def film_run(
    scenario: Scenario, case: Case, *, announce: Callable[[str], None] | None = None
) -> Run:
    """One run of a scenario, given without a posture applied, on film."""
    posed = scenario.posture(case.posture)
    # A world does not depend on how many are drawn.
    worlds = draw_worlds(scenario, case.world + 1, case.seed).chunk(case.world, case.world + 1)
    opening, run = (
        _play(case, compile_option(posed, case.option, days=days), worlds, announce=announce)
        for days in (_MOMENT_DAYS, case.days)
    )
    joined = Film(*(np.concatenate(parts) for parts in zip(opening.film, run.film, strict=True)))
    joined.hour[0] = 0.0
    return replace(run, film=joined)


def _play(
    case: Case, compiled: Compiled, worlds: Worlds, *, announce: Callable[[str], None] | None
) -> Run:
    kernel = load_kernels("glacis.campaign.kernel", announce=announce)
    stage = compiled.stage(worlds.seed, reinforced=case.response == "full")
    twin = compiled.stage(worlds.seed, reinforced=False, is_empty=True)
    draws = compiled.draws(worlds)
    film = new_film(len(compiled.ways.clock) - 1, compiled.sizes)
    record = new_record(1, compiled.sizes)
    none = new_record(0, compiled.sizes)
    ways, reach = compiled.ways, compiled.reach
    kernel.run_worlds(stage, twin, ways, reach, draws, record, none, 0, film)
    return Run(case, compiled, film, record, stage.forces, stage.scene, draws)
