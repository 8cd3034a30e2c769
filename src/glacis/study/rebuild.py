"""Years to make again the munitions that were given away: arithmetic on a scenario's arsenals.

At the recent rate they take what was given over a year's production. As production grows, the
recent rate holds until it has grown and the grown rate after that; a stock made again before then
takes no longer than at the recent rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from glacis.campaign.run import draw_worlds
from glacis.kernels import Floats
from glacis.scenario.model import Scenario, Side
from glacis.scenario.read import read_scenario
from glacis.scenario.systems import Stock
from glacis.worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd

Pace = Literal["recent", "surge"]
PACES: dict[Pace, str] = {"recent": "at the recent rate", "surge": "as production grows"}
PERCENTILES = {"p10": 10, "p25": 25, "median": 50, "p75": 75, "p90": 90}
_MONTHS = 12.0


def recent_years(given: Floats, production: Floats) -> Floats:
    """Years to make what was given at the recent rate; infinite if nothing is made.

    Parameters
    ----------
    given
        Rounds to make.
    production
        Rounds made in a month.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        years = given / (_MONTHS * production)
    return np.where(given > 0.0, years, 0.0)


def surge_years(given: Floats, production: Floats, surge: Floats, surge_months: Floats) -> Floats:
    """Years to make what was given as production grows; infinite if nothing is made.

    Parameters
    ----------
    given, production
        As for `recent_years`.
    surge
        Times the recent rate, once production has grown.
    surge_months
        Months at the recent rate until it has.
    """
    left = given - production * surge_months
    grown = surge_months / _MONTHS + recent_years(np.maximum(left, 0.0), production * surge)
    return np.where(left > 0.0, grown, recent_years(given, production))


@dataclass(frozen=True)
class Years:
    """Years to make one class of munitions again, at one pace, over worlds.

    Attributes
    ----------
    spread
        Percentiles by name (``p10``, ``p25``, ``median``, ``p75``, ``p90``); infinite where
        nothing is made in so many of the worlds.
    """

    side: Side
    stock: str
    name: str
    pace: Pace
    spread: Mapping[str, float]


@dataclass(frozen=True)
class Rebuilt:
    """Years to make again what was given away, for every class of munitions that was given.

    Attributes
    ----------
    rows
        One for each class and pace, in the order of the scenario; empty if nothing was given.
    """

    scenario: str
    rows: tuple[Years, ...]
    worlds: int
    seed: int

    def row(self, stock: str, pace: Pace, *, side: Side = "blue") -> Years | None:
        """The years of one class at one pace, or None if there is none, or none was given."""
        named = (row for row in self.rows if (row.side, row.stock) == (side, stock))
        return next((row for row in named if row.pace == pace), None)

    def to_record(self) -> dict[str, Any]:
        """The result as plain data; None where it is never."""
        return {
            "scenario": self.scenario,
            "worlds": self.worlds,
            "seed": self.seed,
            "rows": [
                {
                    "side": row.side,
                    "class": row.stock,
                    "name": row.name,
                    "pace": row.pace,
                    **{
                        f"{name}_years": years if np.isfinite(years) else None
                        for name, years in row.spread.items()
                    },
                }
                for row in self.rows
            ],
        }

    def summary(self) -> pd.DataFrame:
        """A row for each class and pace, with the percentiles of its years.

        Columns: name, p10, p25, median, p75, p90 (infinite where it is never); index: side,
        class and pace.
        """
        import pandas as pd

        index = ["side", "class", "pace"]
        rows = [
            (row.side, row.stock, row.pace, row.name, *row.spread.values()) for row in self.rows
        ]
        return pd.DataFrame(rows, columns=[*index, "name", *PERCENTILES]).set_index(index)


def rebuild_years(scenario: str | Scenario, *, worlds: int = 2_000, seed: int = 1) -> Rebuilt:
    """The years to make again what was given away, for every class of a scenario's arsenals.

    Each class is made again in full, whether or not all of its pledges have left the stock yet.
    A class of which nothing was given has no rows.

    Parameters
    ----------
    scenario
        The scenario, its bundled name, or its folder.
    worlds
        Over how many worlds its numbers are drawn.

    Raises
    ------
    InputError
        If the scenario cannot be read, or `worlds` or `seed` is out of range.
    """
    read = read_scenario(scenario) if isinstance(scenario, str) else scenario
    drawn = draw_worlds(read, worlds, seed)
    return Rebuilt(read.name, tuple(_rows(read, drawn)), worlds, seed)


def _rows(scenario: Scenario, drawn: Worlds) -> Iterator[Years]:
    sides: tuple[tuple[Side, Mapping[str, Stock]], ...] = (
        ("red", scenario.arsenals.red),
        ("blue", scenario.arsenals.blue),
    )
    for side, stocks in sides:
        for name, stock in stocks.items():
            given, production = drawn.values(stock.given), drawn.values(stock.production)
            if not given.any():
                continue
            surge, months = drawn.values(stock.surge), drawn.values(stock.surge_months)
            recent = recent_years(given, production)
            grown = surge_years(given, production, surge, months)
            yield Years(side, name, stock.name, "recent", _spread(recent))
            yield Years(side, name, stock.name, "surge", _spread(grown))


def _spread(years: Floats) -> dict[str, float]:
    """Percentiles; each is a value that some world has, so that one may be infinite."""
    found = np.percentile(years, list(PERCENTILES.values()), method="inverted_cdf")
    return dict(zip(PERCENTILES, map(float, found), strict=True))
