"""Where time goes: a campaign by its parts, the whole chain by its stages."""

from __future__ import annotations

import time

from glacis.assess.consequences import consequences
from glacis.assess.crisis import bound_of, study_of
from glacis.assess.expected import learn_wars
from glacis.assess.outcome import ended
from glacis.assess.posed import pose, situation_of
from glacis.assess.prospects import prospects_of
from glacis.assess.wars import fight_chunk
from glacis.campaign.compile import compile_option
from glacis.campaign.inventory import arms_of
from glacis.campaign.run import draw_worlds, run_chunk
from glacis.executor import CHUNK, Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

TIMES = 5
"""How often a campaign is measured; the least counts."""


def stages() -> dict[str, float]:
    """Milliseconds of one thread for 256 worlds of the chain under ``tripwire``, by stage."""
    scenario, runner = read_scenario("baltic"), Runner(workers=1)
    posed = scenario.posture("tripwire")
    bound, found = bound_of(posed), {}
    worlds = draw_worlds(scenario, CHUNK, 1)
    ready = pose(scenario, posed)
    fight_chunk(situation_of(ready, worlds), runner=runner)
    start = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal start
        found[name] = 1000.0 * (time.perf_counter() - start)
        start = time.perf_counter()

    worlds = worlds.kept()
    situation = situation_of(ready, worlds)
    lap("delay of the answer")
    wars = fight_chunk(situation, runner=runner)
    lap("wars")
    learnt = learn_wars(situation, wars)
    lap("learning")
    start = time.perf_counter()
    prospects = prospects_of(situation, wars, learnt)
    lap("forecasts and council")
    study = study_of(situation, prospects, bound, today=None, runner=runner)
    lap("games")
    end = ended(study, situation, wars)
    lap("endings")
    consequences(study, situation, end.tally)
    lap("elsewhere")
    return found


def profile() -> dict[str, float]:
    """Microseconds of one thread for a reinforced campaign to day 30 on ``baltic``, by part.

    The draws of a world's numbers; each arm, as what leaving it out saves (a war without it
    takes another course, so this may be less than nothing); and the rest, the ground war.
    """
    base = read_scenario("baltic")
    whole, draws = _microseconds(base)
    saved = {
        arm: whole - _microseconds(base.replace({"campaign.without": arm}))[0]
        for arm in sorted(arms_of(base))
    }
    ground, _ = _microseconds(base.replace({"campaign.without": tuple(arms_of(base))}))
    return {"whole": whole, "draws": draws, "ground": ground - draws, **saved}


def _microseconds(scenario: Scenario) -> tuple[float, float]:
    """The least of several chunks: of everything, and of the draws alone, for one campaign."""
    posed = scenario.posture(scenario.default_posture or "")
    compiled = compile_option(posed, "assault")
    worlds = draw_worlds(scenario, CHUNK, 1)
    run_chunk(compiled, worlds, reinforced=True)
    timed: list[tuple[float, float]] = []
    for _ in range(TIMES):
        start = time.thread_time()
        compiled.draws(worlds)
        drawn = time.thread_time() - start
        start = time.thread_time()
        run_chunk(compiled, worlds, reinforced=True)
        timed.append((time.thread_time() - start, drawn))
    scale = 1e6 / CHUNK
    return scale * min(all_ for all_, _ in timed), scale * min(draws for _, draws in timed)


__all__ = ["profile", "stages"]
