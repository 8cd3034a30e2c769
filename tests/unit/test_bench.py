"""What `glacis bench` says of its figures; the figures themselves are for a quiet machine."""

from __future__ import annotations

import json

import pytest

from glacis.errors import GlacisError
from glacis.study import bench
from glacis.study.bench import Bench, Figure


@pytest.mark.parametrize(
    "value, is_least, met",
    [(4000.0, True, True), (3999.0, True, False), (4000.0, False, True), (4001.0, False, False)],
)
def test_a_bar_is_a_floor_or_a_ceiling(value: float, is_least: bool, met: bool) -> None:
    figure = Figure("speed", value, "1/s", 4000, is_least)
    assert figure.met is met
    assert figure.record()["met"] is met


def test_the_machine_is_told_without_host_and_time() -> None:
    found = bench.machine()
    assert set(found) == {"cpu", "cores", "python", "numba", "glacis"}
    assert found["cores"] >= 1
    assert found["cpu"]


def test_the_record_is_plain_and_tells_what_is_left_out() -> None:
    figure = Figure("start_ms", 123.4567, "ms", 250)
    whole = Bench({"cpu": "any"}, (figure,))
    assert json.loads(json.dumps(whole.to_record())) == {
        "schema": 1,
        "machine": {"cpu": "any"},
        "figures": [
            {"name": "start_ms", "value": 123.5, "unit": "ms", "bar": 250, "met": True},
        ],
        "profile_us": {},
        "stages_ms": {},
    }
    assert Bench({}, (), ("slow",)).to_record()["left_out"] == ["slow"]


def test_every_bar_of_the_issue_is_measured() -> None:
    assert {test.name: test.bar for test in bench._TESTS} == {
        "campaigns_per_second_day30": 3000,
        "reinforced_campaigns_per_second_day30": 3000,
        "campaigns_per_second_day180": 1200,
        "reinforced_campaigns_per_second_day180": 1200,
        "campaign_baltic_2016_2000_runs_seconds": 4,
        "game_44_leaves_ms": 0.45,
        "crisis_games_per_second": 5000,
        "chain_2000_worlds_seconds": 8,
        "chain_200_worlds_seconds": 1,
        "chain_40_worlds_ms": 120,
        "claims_1000_worlds_seconds": 120,
        "check_baltic_seconds": 1.5,
        "import_ms": 250,
        "help_ms": 400,
        "cold_compile_seconds": 60,
        "peak_memory_mb_100000_runs": 500,
        "peak_memory_mb_100000_worlds": 1000,
    }


def test_progress_is_told_in_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    from glacis.executor import Runner

    tests = tuple(bench._Test(name, "s", 1, lambda: 0.5) for name in "abc")
    monkeypatch.setattr(bench, "_TESTS", tests)
    monkeypatch.setattr(bench, "profile", lambda: {"whole": 1.0})
    seen: list[tuple[int, int]] = []
    found = bench.bench(runner=Runner(progress=lambda done, total: seen.append((done, total))))
    assert seen == [(0, 3), (1, 3), (2, 3)]
    assert [figure.name for figure in found.figures] == ["a", "b", "c"]


def test_a_program_that_fails_is_told() -> None:
    assert bench._program("-c", "print('out')") == "out\n"
    with pytest.raises(GlacisError, match="no such thing"):
        bench._program("-c", "raise SystemExit('no such thing')")


def test_starts_count_by_their_median() -> None:
    times = iter([99.0, 5.0, 1.0, 3.0, 2.0, 4.0])  # the first only warms up
    assert bench._median_start(lambda: next(times)) == 3.0
