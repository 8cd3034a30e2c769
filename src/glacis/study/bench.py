"""How fast glacis is on this machine, each figure against its bar.

Ratios to other programs are measured in ``benchmarks/``, which needs those programs.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from glacis.assess.base import Base
from glacis.assess.chain import assess_beside
from glacis.assess.crisis import crisis_game
from glacis.assess.games import played_with
from glacis.assess.variables import variables
from glacis.campaign.run import Response, run_campaign
from glacis.crisis.equilibrium import solve_games
from glacis.errors import GlacisError
from glacis.executor import CHUNK, Runner, available_cpus
from glacis.scenario.read import read_scenario
from glacis.study.claims import claims
from glacis.study.compare import compare
from glacis.study.games import golden, random_games
from glacis.study.profile import profile, stages

WORKERS = 2
RUNS = 20_000
MANY_RUNS = 100_000
GAMES = 2_000
CRISES = 1_024
STARTS = 5  # starts of a program, of which the median counts

_IMPORT = (
    "import time; start = time.perf_counter(); import glacis; print(time.perf_counter() - start)"
)
_COLD = """
import time
from glacis.scenario.read import read_scenario
from glacis.study.compare import compare
scenario = read_scenario("baltic")
start = time.perf_counter()
compare(scenario, ["tripwire"], worlds=1)
print(time.perf_counter() - start)
"""
_PEAK = """
import resource, sys
try:
    with open("/proc/self/status") as status:
        # Not of getrusage, which counts what the program held that started this one.
        print(int(status.read().partition("VmHWM:")[2].split()[0]) / 1024)
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
"""
_CHAIN_MEMORY = f"""
from glacis.executor import Runner
from glacis.study.compare import compare
compare("baltic", ["tripwire"], worlds={MANY_RUNS}, runner=Runner(workers={WORKERS}))
{_PEAK}
"""
_MEMORY = f"""
from glacis.scenario.read import read_scenario
from glacis.campaign.run import run_campaign
from glacis.executor import Runner
run_campaign(read_scenario("baltic"), runs={MANY_RUNS}, runner=Runner(workers={WORKERS}))
{_PEAK}
"""


@dataclass(frozen=True)
class Figure:
    """One measured figure and the bar that it is held to."""

    name: str
    value: float
    unit: str
    bar: float
    is_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the bar is kept: a ceiling, or a floor where `is_least`."""
        return self.value >= self.bar if self.is_least else self.value <= self.bar

    def record(self) -> dict[str, Any]:
        """The figure as plain data."""
        value = float(f"{self.value:.4g}")
        return {
            "name": self.name,
            "value": value,
            "unit": self.unit,
            "bar": self.bar,
            "met": self.met,
        }


@dataclass(frozen=True)
class Bench:
    """What was measured, on what, and what was left out."""

    machine: Mapping[str, Any]
    figures: tuple[Figure, ...]
    left_out: tuple[str, ...] = ()
    profile_us: Mapping[str, float] = field(default_factory=dict)
    stages_ms: Mapping[str, float] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """The result as the stable JSON of ``glacis bench``."""
        record = {
            "schema": 1,
            "machine": dict(self.machine),
            "figures": [figure.record() for figure in self.figures],
            "profile_us": {name: round(value, 1) for name, value in self.profile_us.items()},
            "stages_ms": {name: round(value, 1) for name, value in self.stages_ms.items()},
        }
        return record | ({"left_out": list(self.left_out)} if self.left_out else {})


@dataclass(frozen=True)
class _Test:
    """One thing to measure."""

    name: str
    unit: str
    bar: float
    measure: Callable[[], float]
    is_least: bool = False
    is_slow: bool = False


def bench(*, quick: bool = False, runner: Runner | None = None) -> Bench:
    """Our benchmark figures on this machine.

    Parameters
    ----------
    quick
        Whether to leave out what takes minutes: the compilation from scratch, the ledger, and the
        memory of 100,000 runs and worlds.
    runner
        Its progress is told in figures.

    Raises
    ------
    GlacisError
        If a program that is measured fails.
    """
    wanted = [test for test in _TESTS if not (quick and test.is_slow)]
    figures = []
    for number, test in enumerate(wanted):
        if runner is not None and runner.progress is not None:
            runner.progress(number, len(wanted))
        figures.append(Figure(test.name, test.measure(), test.unit, test.bar, test.is_least))
    left_out = tuple(test.name for test in _TESTS if test not in wanted)
    return Bench(machine(), tuple(figures), left_out, profile(), stages())


def machine() -> dict[str, Any]:
    """What the figures were measured on: processor and versions, no host and no time."""
    from importlib.metadata import version

    from glacis import __version__

    return {
        "cpu": _processor(),
        "cores": available_cpus(),
        "python": platform.python_version(),
        "numba": version("numba"),
        "glacis": __version__,
    }


def _processor() -> str:
    """The processor's name as the system tells it."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            named = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    except OSError:
        named = []
    return named[0] if named else platform.processor() or platform.machine()


def campaigns_per_second() -> float:
    """Runs a second of the full assault on ``baltic`` to day 30 with all arms, warm.

    Half of them are answered in full and half not at all, as a chain that looks at both
    answers needs them. The median of three studies, after one that warms memory and caches.
    """
    return _campaigns_per_second(("none", "full"), 30.0)


def reinforced_per_second() -> float:
    """The same if all are answered in full: reinforcements make a campaign dearer."""
    return _campaigns_per_second(("full",), 30.0)


def long_campaigns_per_second() -> float:
    """Runs a second to day 180, half of them answered in full and half not at all."""
    return _campaigns_per_second(("none", "full"), 180.0)


def long_reinforced_per_second() -> float:
    """The same if all are answered in full."""
    return _campaigns_per_second(("full",), 180.0)


def _campaigns_per_second(responses: tuple[Response, ...], days: float) -> float:
    scenario, runner = read_scenario("baltic"), Runner(workers=WORKERS)
    runs = RUNS // len(responses)

    def rate() -> float:
        start = time.perf_counter()
        for response in responses:
            run_campaign(scenario, runs=runs, runner=runner, response=response, days=days)
        return RUNS / (time.perf_counter() - start)

    run_campaign(scenario, runs=RUNS // 4, runner=runner)
    return statistics.median(rate() for _ in range(3))


def game_ms() -> float:
    """Milliseconds of one thread for a game of 44 leaves at precision 5, payoffs normal, warm."""
    game = golden()[-1].game
    games = random_games(game, GAMES, seed=1)._replace(precisions=np.full(GAMES, 5.0))
    runner = Runner(workers=1)
    solve_games(game, random_games(game, CHUNK, seed=2), runner=runner)

    def one() -> float:
        start = time.perf_counter()
        solve_games(game, games, runner=runner)
        return 1000.0 * (time.perf_counter() - start) / GAMES

    return statistics.median(one() for _ in range(3))


def crises_per_second() -> float:
    """Games of ``baltic`` bound and solved in a second, once the campaigns are known, warm."""
    study = crisis_game("baltic", runs=CRISES, runner=Runner(workers=WORKERS))
    runner = Runner(workers=WORKERS)

    def rate() -> float:
        start = time.perf_counter()
        played_with(study.setting, study.prospects, study.belief, runner=runner)
        return CRISES / (time.perf_counter() - start)

    return statistics.median(rate() for _ in range(STARTS))


def chain_seconds() -> float:
    """Seconds of the whole chain for ``tripwire`` on ``baltic`` in 2,000 worlds, warm."""
    return _chain(2_000, times=1)


def short_chain_seconds() -> float:
    """The same in 200 worlds: the median of three."""
    return _chain(200, times=3)


def live_chain_ms() -> float:
    """Milliseconds of ``forward`` in 40 worlds beside ``tripwire``, which is known.

    What a page asks for while a lever moves; the median of nine.
    """
    scenario, runner = read_scenario("baltic"), Runner(workers=WORKERS)
    base = Base(scenario, seed=1)

    def one() -> float:
        worlds, _, beside = base.beside(40, runner)
        start = time.perf_counter()
        found = assess_beside(scenario, "forward", worlds.apart(), beside=beside, runner=runner)
        variables(found, with_channels=False)
        return 1000.0 * (time.perf_counter() - start)

    one()
    return statistics.median(one() for _ in range(9))


def _chain(worlds: int, *, times: int) -> float:
    scenario, runner = read_scenario("baltic"), Runner(workers=WORKERS)
    compare(scenario, ["tripwire"], worlds=min(worlds, 40), runner=runner)

    def one() -> float:
        start = time.perf_counter()
        compare(scenario, ["tripwire"], worlds=worlds, runner=runner)
        return time.perf_counter() - start

    return statistics.median(one() for _ in range(times))


def claims_seconds() -> float:
    """Seconds of the ledger of ``baltic`` in 1,000 worlds, under all its Reds, warm."""
    scenario, runner = read_scenario("baltic"), Runner(workers=WORKERS)
    compare(scenario, ["tripwire"], worlds=40, runner=runner)
    start = time.perf_counter()
    claims(scenario, worlds=1_000, runner=runner)
    return time.perf_counter() - start


def two_thousand_runs() -> float:
    """Seconds of 2,000 runs of ``baltic-2016``, warm, reading and results included."""
    run_campaign(read_scenario("baltic-2016"), runs=16)
    start = time.perf_counter()
    run_campaign(read_scenario("baltic-2016"), runs=2_000).to_record()
    return time.perf_counter() - start


def _program(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """What a Python program prints.

    Raises
    ------
    GlacisError
        If it fails.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode != 0:
        raise GlacisError(f"a program measured by bench failed: {done.stderr.strip()}")
    return done.stdout


def _median_start(measure: Callable[[], float]) -> float:
    """The median of several starts; a first one fills the file caches."""
    measure()
    return statistics.median(measure() for _ in range(STARTS))


def _seconds_of(*arguments: str) -> float:
    start = time.perf_counter()
    _program(*arguments)
    return time.perf_counter() - start


def import_ms() -> float:
    """Milliseconds of ``import glacis``, the interpreter's own start left out."""
    return 1000.0 * _median_start(lambda: float(_program("-c", _IMPORT)))


def help_ms() -> float:
    """Milliseconds of ``glacis --help``, from its start to its end."""
    return 1000.0 * _median_start(lambda: _seconds_of("-m", "glacis", "--help"))


def check_seconds() -> float:
    """Seconds of ``glacis check baltic``, from its start to its end."""
    return _median_start(lambda: _seconds_of("-m", "glacis", "check", "baltic"))


def cold_compile_seconds() -> float:
    """Seconds of the first comparison after installing: all kernels are compiled."""
    with tempfile.TemporaryDirectory(prefix="glacis-bench-") as home:
        return float(_program("-c", _COLD, environment={"GLACIS_HOME": home}))


def chain_memory_mb() -> float:
    """The same of the whole chain in 100,000 worlds under one posture; some minutes."""
    return float(_program("-c", _CHAIN_MEMORY))


def peak_memory_mb() -> float:
    """Most memory that a program holds while it runs 100,000 campaigns on ``baltic``, in MB."""
    return float(_program("-c", _MEMORY))


_TESTS = (
    _Test("campaigns_per_second_day30", "1/s", 3000, campaigns_per_second, is_least=True),
    _Test(
        "reinforced_campaigns_per_second_day30", "1/s", 3000, reinforced_per_second, is_least=True
    ),
    _Test("campaigns_per_second_day180", "1/s", 1200, long_campaigns_per_second, is_least=True),
    _Test(
        "reinforced_campaigns_per_second_day180",
        "1/s",
        1200,
        long_reinforced_per_second,
        is_least=True,
    ),
    _Test("campaign_baltic_2016_2000_runs_seconds", "s", 4, two_thousand_runs),
    _Test("game_44_leaves_ms", "ms", 0.45, game_ms),
    _Test("crisis_games_per_second", "1/s", 5000, crises_per_second, is_least=True),
    _Test("chain_2000_worlds_seconds", "s", 8, chain_seconds),
    _Test("chain_200_worlds_seconds", "s", 1, short_chain_seconds),
    _Test("chain_40_worlds_ms", "ms", 120, live_chain_ms),
    _Test("claims_1000_worlds_seconds", "s", 120, claims_seconds, is_slow=True),
    _Test("check_baltic_seconds", "s", 1.5, check_seconds),
    _Test("import_ms", "ms", 250, import_ms),
    _Test("help_ms", "ms", 400, help_ms),
    _Test("cold_compile_seconds", "s", 60, cold_compile_seconds, is_slow=True),
    _Test("peak_memory_mb_100000_runs", "MB", 500, peak_memory_mb, is_slow=True),
    _Test("peak_memory_mb_100000_worlds", "MB", 1000, chain_memory_mb, is_slow=True),
)
