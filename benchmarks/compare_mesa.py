"""How many times faster the engine is than a Mesa model of the same rules on the same network.

First it checks that both give the same war: the same hours at every place in the same worlds.
Then it compares campaigns a second, on one thread each (the bar), and on all processors::

    .venv/bin/python benchmarks/compare_mesa.py [--worlds 12] [--scenario baltic] [--json FILE]

Ends with 1 if the wars differ or the ratio is below the bar. Mesa's time begins when its worlds'
numbers are drawn; the engine's holds drawing them and making its results too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from glacis.campaign.record import Campaign
from glacis.campaign.run import run_campaign
from glacis.executor import Runner, available_cpus
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

BAR = 100.0
WITHIN_HOURS = 1e-6
ENGINE_RUNS = 4_000
PLAY = """
import json, sys, mesa_model
scenario, posture, worlds, seed = sys.argv[1:]
print(json.dumps(mesa_model.play(scenario, posture, int(worlds), seed=int(seed))))
"""


def mesa(scenario: str, posture: str, worlds: int, *, seed: int) -> dict[str, Any]:
    """What the Mesa model gives, in a process of its own without the compiler."""
    done = subprocess.run(
        [sys.executable, "-c", PLAY, scenario, posture, str(worlds), str(seed)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )
    if done.returncode != 0:
        raise SystemExit(f"the Mesa model failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def engine_rate(scenario: Scenario, posture: str, *, seed: int, workers: int) -> float:
    """Campaigns a second of the engine, warm."""
    runner = Runner(workers=workers)
    run_campaign(scenario, posture, runs=256, seed=seed, runner=runner)
    start = time.perf_counter()
    run_campaign(scenario, posture, runs=ENGINE_RUNS, seed=seed, runner=runner)
    return ENGINE_RUNS / (time.perf_counter() - start)


def largest_difference(found: dict[str, Any], played: Campaign) -> float:
    """The largest difference in hours at any place of any world; infinite if one has none."""
    worst = 0.0
    for measure in ("reached", "falls"):
        by_engine = played.dataset[measure].to_numpy()
        # As precise as results are kept.
        by_mesa = np.array(found[measure], dtype=np.float64).astype(by_engine.dtype)
        both = np.isfinite(by_engine)
        if not np.array_equal(both, ~np.isnan(by_mesa)):
            return float("inf")
        worst = max(worst, float(np.abs(by_mesa - by_engine)[both].max(initial=0.0)))
    return worst


def main() -> int:
    """Compare, print, and say by the exit code whether all is as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scenario", default="baltic")
    parser.add_argument("--posture", default="tripwire")
    parser.add_argument("--worlds", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", metavar="FILE", type=Path)
    given = parser.parse_args()
    scenario = read_scenario(given.scenario)
    found = mesa(given.scenario, given.posture, given.worlds, seed=given.seed)
    played = run_campaign(scenario, given.posture, runs=given.worlds, seed=given.seed)
    difference = largest_difference(found, played)
    by_mesa = given.worlds / found["seconds"]
    alone, every = (
        engine_rate(scenario, given.posture, seed=given.seed, workers=workers)
        for workers in (1, available_cpus())
    )
    is_same, is_fast = difference <= WITHIN_HOURS, alone / by_mesa >= BAR
    print(f"{given.scenario}, {given.posture}: {found['formations']} formations to day 30")
    print(f"same war: largest difference {difference:.1e} h in {given.worlds} worlds")
    print(f"{'Mesa':20} {by_mesa:8.1f} campaigns/s")
    for threads, rate in ((1, alone), (available_cpus(), every)):
        print(f"{f'glacis, {threads} thread(s)':20} {rate:8.0f} campaigns/s {rate / by_mesa:6.0f}x")
    print(f"bar: {BAR:g}x on one thread, {'met' if is_fast else 'MISSED'}")
    if given.json is not None:
        record = {
            "scenario": given.scenario,
            "same_within_hours": difference,
            "mesa_per_second": by_mesa,
            "glacis_per_second": alone,
            "ratio": alone / by_mesa,
            "bar": BAR,
            "met": bool(is_same and is_fast),
        }
        given.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 0 if is_same and is_fast else 1


if __name__ == "__main__":
    sys.exit(main())
