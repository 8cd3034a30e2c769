"""The chart of Red's belief: every act named, nothing on anything else, and true to its numbers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
import xarray as xr

from glacis.crisis.belief import belief_timeline
from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.belief import AGAINST, FOR, belief_chart
from glacis.figures.words import CAVEAT, percent
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.worlds import sample
from legible import assert_legible, texts


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def timeline(baltic: Scenario) -> xr.Dataset:
    return belief_timeline(baltic, sample(baltic.quantities(), 500, 1))


@pytest.fixture(scope="module")
def figure(timeline: xr.Dataset) -> Any:
    return belief_chart(timeline)


def test_every_act_is_named_with_its_direction_and_range(
    baltic: Scenario, timeline: xr.Dataset, figure: Any
) -> None:
    told = [text.get_text() for text in texts(figure)]
    assert baltic.belief is not None
    for number, name in enumerate(timeline["signal"].to_numpy(), start=1):
        signal = baltic.belief.signals[str(name)]
        low, high = signal.likelihood.support
        assert signal.name in told
        assert f"{low:g} to {high:g}" in told
        assert told.count(str(number)) >= 2  # above the chart, and in the table
    ways = np.median(timeline["likelihood"], axis=1) > 1
    assert told.count("\u25b2 for") == ways.sum()
    assert told.count("\u25bc against") == (~ways).sum()
    assert "29 Jun 2022" in told
    assert any(words.startswith(CAVEAT) for words in told)


def test_it_can_be_read(figure: Any) -> None:
    assert_legible(figure)


def test_line_and_band_are_the_middle_of_the_worlds(timeline: xr.Dataset, figure: Any) -> None:
    ax = figure.axes[0]
    (line,) = [line for line in ax.lines if line.get_linewidth() == 2.0]
    assert line.get_drawstyle() == "steps-post"
    ends = line.get_ydata()
    assert ends[0] == np.median(timeline["base"])
    assert ends[1:-1] == pytest.approx(np.median(timeline["belief"], axis=1))
    assert ends[-1] == ends[-2]
    (band,) = ax.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.min() == pytest.approx(np.percentile(timeline["belief"], 5, axis=1).min())
    assert heights.max() == pytest.approx(np.percentile(timeline["belief"], 95, axis=1).max())


def test_the_title_says_where_it_ends(timeline: xr.Dataset, figure: Any) -> None:
    title = figure.texts[0].get_text().replace("\n", " ")
    assert percent(float(np.median(timeline["belief"][-1]))) in title
    assert f"from a base of {percent(float(np.median(timeline['base'])))}" in title


def test_directions_have_colours_of_no_side() -> None:
    assert not {FOR, AGAINST} & {theme.RED, theme.BLUE}
    for colour in (FOR, AGAINST):
        assert theme.contrast(colour, theme.PAPER) >= theme.LEAST_CONTRAST


def test_what_was_left_out_is_told(baltic: Scenario) -> None:
    worlds = sample(baltic.quantities(), 64, 1)
    figure = belief_chart(belief_timeline(baltic, worlds, without=["transit-climb-down"]))
    told = "\n".join(text.get_text() for text in texts(figure))
    assert "without transit-climb-down" in told
    assert "Climb-down" not in told


@pytest.mark.parametrize(
    "likelihood, days",
    [
        ({"low": 0.5, "high": 2, "shape": "loguniform"}, ["2022-02-24"]),
        ({"value": 1}, ["2022-02-24", "2022-02-24", "2022-02-25"]),
        ({"value": 30}, ["2014-03-01", "2022-02-24"]),
        ({"low": 0.001, "high": 1000, "shape": "loguniform"}, ["1914-08-04", "2022-02-24"]),
    ],
)
def test_other_registers_can_be_read_too(
    baltic: Scenario, likelihood: dict[str, object], days: list[str]
) -> None:
    told = {**likelihood, "source": "elicited", "confidence": "low", "note": "a judgement"}
    signals = {
        f"s{i}": {
            "name": "An act with a name that is rather long " * 3,
            "date": day,
            "source": "from-memory",
            "likelihood": told,
        }
        for i, day in enumerate(days)
    }
    one = baltic.replace({"belief.signals": signals})
    assert_legible(belief_chart(belief_timeline(one, sample(one.quantities(), 64, 1))))


def test_nothing_to_draw_is_refused(baltic: Scenario) -> None:
    bare = baltic.replace({"belief.signals": {}})
    with pytest.raises(InputError, match="baltic: no signal moves the belief"):
        belief_chart(belief_timeline(bare, sample(bare.quantities(), 4, 1)))


def test_the_same_timeline_gives_the_same_picture(timeline: xr.Dataset) -> None:
    def png() -> bytes:
        file = BytesIO()
        belief_chart(timeline).savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()

    assert png() == png()
