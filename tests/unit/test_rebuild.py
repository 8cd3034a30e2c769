from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from glacis import rebuild_years
from glacis.errors import InputError
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.beds import read_beds
from glacis.study.rebuild import Rebuilt, recent_years, surge_years

ARSENALS = """\
arsenals:
  source: elicited
  confidence: low
  note: made up
  blue:
    shells:
      name: Shells
      feeds: guns
      stock: 1000
      given: 1200
      delivered: 0.5
      use: 10
      production: 10
      surge: 4
      surge_months: 24
      without: 0.5
    cold:
      name: A line that stands still
      feeds: air-defence
      stock: 10
      given: 5
      delivered: 1
      use: 1
      production: 0
      surge: 2
      surge_months: 12
      without: 0.5
  red:
    rockets:
      name: Rockets
      feeds: rockets
      stock: 1000
      given: {low: 1200, high: 2400}
      delivered: 0
      use: 10
      production: 100
      surge: 1
      surge_months: 6
      without: 0.5
"""


@pytest.fixture
def armed(broken: Callable[..., Path]) -> Scenario:
    """The scenario of four towns, with arsenals."""
    return read_scenario(broken("arsenals.yaml", "", ARSENALS))


def years(result: Rebuilt, stock: str, pace: str, side: str = "blue") -> dict[str, float]:
    row = result.row(stock, pace, side=side)  # type: ignore[arg-type]
    assert row is not None
    return dict(row.spread)


# The arithmetic.


@pytest.mark.parametrize(
    "given, production, surge, months, recent, grown",
    [
        (1200, 10, 4, 24, 10.0, 2.0 + (1200 - 240) / (12 * 40)),
        (1200, 10, 4, 0, 10.0, 2.5),  # it has grown already
        (1200, 10, 1, 24, 10.0, 10.0),  # it does not grow
        (100, 10, 4, 24, 10 / 12, 10 / 12),  # done before it has grown
        (240, 10, 4, 24, 2.0, 2.0),  # done just as it has
        (0, 10, 4, 24, 0.0, 0.0),
        (0, 0, 4, 24, 0.0, 0.0),
        (5, 0, 4, 24, math.inf, math.inf),
    ],
)
def test_years_by_hand(
    given: float, production: float, surge: float, months: float, recent: float, grown: float
) -> None:
    told = [np.array([float(number)]) for number in (given, production, surge, months)]
    assert recent_years(*told[:2]) == pytest.approx(recent)
    assert surge_years(*told) == pytest.approx(grown)


def test_growth_never_delays() -> None:
    rng = np.random.default_rng(3)
    given, production = rng.uniform(0, 1e6, 500), rng.uniform(1, 1e4, 500)
    surge, months = rng.uniform(1, 6, 500), rng.uniform(0, 60, 500)
    grown = surge_years(given, production, surge, months)
    assert np.all(grown <= recent_years(given, production) + 1e-9)
    assert np.all(grown >= recent_years(given, production * surge) - 1e-9)
    assert np.all(surge_years(given, production, surge, months + 6) >= grown - 1e-9)


# Over the worlds of a scenario.


def test_every_class_given_by_either_side_at_both_paces(armed: Scenario) -> None:
    result = rebuild_years(armed, worlds=64)
    assert [(row.side, row.stock, row.pace) for row in result.rows] == [
        ("red", "rockets", "recent"),
        ("red", "rockets", "surge"),
        ("blue", "shells", "recent"),
        ("blue", "shells", "surge"),
        ("blue", "cold", "recent"),
        ("blue", "cold", "surge"),
    ]
    assert set(years(result, "shells", "recent").values()) == {10.0}
    assert set(years(result, "shells", "surge").values()) == {4.0}
    assert set(years(result, "cold", "surge").values()) == {math.inf}


def test_a_range_becomes_a_spread(armed: Scenario) -> None:
    found = years(rebuild_years(armed, worlds=1024), "rockets", "recent", "red")
    expected = {"p10": 1.1, "p25": 1.25, "median": 1.5, "p75": 1.75, "p90": 1.9}
    assert found == pytest.approx(expected, abs=0.01)


def test_a_class_of_which_nothing_was_given_has_no_rows(armed: Scenario) -> None:
    kept = rebuild_years(armed.replace({"arsenals.blue.cold.given": 0}), worlds=8)
    assert [row.stock for row in kept.rows] == ["rockets", "rockets", "shells", "shells"]
    assert kept.row("cold", "recent") is None


def test_pledges_count_in_full(armed: Scenario) -> None:
    one = rebuild_years(armed.replace({"arsenals.blue.shells.delivered": 1}), worlds=8)
    assert one.rows == rebuild_years(armed, worlds=8).rows


def test_a_changed_scenario_is_asked(armed: Scenario) -> None:
    doubled = armed.replace({"arsenals.blue.shells.given": 2400})
    assert years(rebuild_years(doubled, worlds=8), "shells", "recent")["median"] == 20.0


def test_same_seed_same_years(armed: Scenario) -> None:
    one, other = (rebuild_years(armed, worlds=64, seed=7) for _ in range(2))
    assert one == other
    assert one.rows != rebuild_years(armed, worlds=64, seed=8).rows


def test_record_and_frame(armed: Scenario) -> None:
    result = rebuild_years(armed, worlds=16, seed=2)
    record = result.to_record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert (record["worlds"], record["seed"]) == (16, 2)
    assert record["rows"][4]["median_years"] is None
    frame = result.summary()
    assert list(frame.index.names) == ["side", "class", "pace"]
    assert list(frame.columns) == ["name", "p10", "p25", "median", "p75", "p90"]
    assert frame.loc[("blue", "shells", "surge"), "median"] == 4.0
    assert math.isinf(frame.loc[("blue", "cold", "recent"), "p90"])


def test_no_arsenals_no_rows(mini: Scenario) -> None:
    result = rebuild_years(mini, worlds=4)
    assert result.rows == ()
    assert result.row("shells", "surge") is None
    assert result.summary().empty


def test_a_name_is_read_and_nonsense_is_told(armed: Scenario) -> None:
    with pytest.raises(InputError, match="no such scenario"):
        rebuild_years("atlantis")
    with pytest.raises(InputError, match="worlds"):
        rebuild_years(armed, worlds=0)


def test_published_figures_are_of_one_class_and_pace_each() -> None:
    rows = [(row.stock, row.pace) for row in read_beds().rebuild.rows]
    assert len(set(rows)) == len(rows) == 5
