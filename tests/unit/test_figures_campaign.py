"""Figures of campaigns: they draw without a warning, and say what they must."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import matplotlib.text
import numpy as np
import pytest

from glacis.campaign.record import Campaign
from glacis.campaign.replay import Replay, replay_of
from glacis.campaign.run import run_campaign
from glacis.figures import theme
from glacis.figures.arrival import Advance, band_colour, shade_of
from glacis.figures.campaign import (
    arrival_map,
    hours_distribution,
    losses_chart,
    losses_over_time,
)
from glacis.figures.cells import nearest_cells, within
from glacis.figures.hours import roomy_ticks
from glacis.figures.timeline import how_chosen
from glacis.figures.turning import merged, turning_points
from glacis.figures.words import CAVEAT, goal_name, percent, told_hours, told_people, told_time
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

GROUP = "first_of_port_moor"


@pytest.fixture(scope="module")
def merrow() -> Scenario:
    return read_scenario("template")


@pytest.fixture(scope="module")
def played(merrow: Scenario) -> dict[str, Campaign]:
    return {name: run_campaign(merrow, name, runs=60, seed=3) for name in ("bare", "tripwire")}


@pytest.fixture(scope="module")
def log(merrow: Scenario, played: dict[str, Campaign]) -> Replay:
    return replay_of(played["tripwire"], merrow)


def words(figure: Any) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


def png(figure: Any) -> bytes:
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def overflow(figure: Any) -> list[str]:
    """Words that leave the sheet."""
    figure.canvas.draw()
    width, height = figure.bbox.width, figure.bbox.height
    found = []
    for text in figure.findobj(matplotlib.text.Text):
        if not text.get_text().strip() or not text.get_visible():
            continue
        box = text.get_window_extent()
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1:
            found.append(text.get_text())
    return found


def test_the_arrival_map_names_goals_with_hours_and_shares(
    merrow: Scenario, played: dict[str, Campaign]
) -> None:
    figure = arrival_map(played["tripwire"])
    told = words(figure)
    for place in merrow.objectives.places:
        assert merrow.theatre.places[place].name in told
    assert "of runs" in told
    assert "at the median" in told
    assert CAVEAT in told
    assert "Natural Earth" not in told  # the country is invented, and no land is in sight
    assert "A\u2009N\u2009T\u2009A" not in told
    assert "Hollin" in told  # where reinforcements start
    assert "broader the more battalions" in told
    assert not overflow(figure)
    assert png(figure) == png(arrival_map(played["tripwire"]))


def test_hours_have_a_row_for_each_posture(played: dict[str, Campaign]) -> None:
    figure = hours_distribution(played, GROUP)
    told = words(figure)
    for name in ("bare", "tripwire", "never in 30 days", CAVEAT, "H-hour"):
        assert name in told
    assert len(figure.axes[0].collections) == 2  # one area a posture
    assert not overflow(figure)
    assert "falls" in words(hours_distribution(played, GROUP, measure="falls"))


def test_ticks_of_hours_reach_the_end_and_keep_apart() -> None:
    assert roomy_ticks(1, 24.0 * 30, apart=0.2)[-1] == 720
    assert roomy_ticks(24, 24.0 * 180, apart=0.2)[-3:] == [720, 1440, 4320]
    assert roomy_ticks(24, 24.0 * 180, apart=0.1)[-3:] == [1440, 2160, 4320]
    assert roomy_ticks(24, 24.0 * 90, apart=0.2)[-1] == 2160


def test_long_medians_are_told_in_days_too() -> None:
    assert told_time(60.0) == "60\u00a0h"
    assert told_time(175.0) == "175\u00a0h (7.3\u00a0days)"


def test_a_title_too_long_for_the_page_is_broken() -> None:
    figure = theme.new_figure(6.0, 4.0)
    ax = figure.add_axes((0.1, 0.25, 0.8, 0.5))
    theme.heading(figure, "A sentence that goes on for longer than the page is wide", subtitle="x")
    title, _ = figure.texts
    assert title.get_text().count("\n") == 1
    assert not overflow(figure)
    tall = figure.get_size_inches()[1]
    assert tall > 4.0
    box = ax.get_position()
    assert (box.y0 * tall, box.height * tall) == pytest.approx((1.0, 2.0))


def test_a_run_is_told_to_be_one_run(log: Replay) -> None:
    told = words(losses_over_time(log))
    assert "One run, the median of 60 by when Red reaches the first objectives" in told
    worst = how_chosen({"chosen": "worst-tenth", "of_worlds": 2_000})
    assert worst.startswith("one run, at the worst tenth of 2,000 by when")
    assert how_chosen({}) == "one run"


def test_losses_name_what_lay_behind_the_largest_steps(log: Replay) -> None:
    told = turning_points(log, jumps=4)
    assert told == sorted(told)
    fallen = {event.place for event in log.events if event.kind == "fell" and event.is_major}
    for place in fallen:
        assert any(f"{log.scenario.theatre.places[str(place)].name} falls" == w for _, w in told)
    steps = [(day, words) for day, words in told if " loses " in words]
    assert 0 < len(steps) <= 4
    largest = max(
        (float(step), float(log.hours[t + 1]) / 24.0)
        for side in ("blue", "red")
        for t, step in enumerate(np.diff(log.losses(side)))
    )
    assert largest[1] in [day for day, _ in steps]


def test_marks_within_a_day_share_a_line() -> None:
    marks = [(1.0, "a"), (1.9, "b"), (2.1, "c"), (9.0, "d")]
    assert merged(marks) == [(1.0, "a"), (1.0, "b"), (2.1, "c"), (9.0, "d")]


def test_the_published_hours_are_drawn_where_the_scenario_has_them() -> None:
    rand = read_scenario("baltic-2016")
    played = {"tripwire": run_campaign(rand, "tripwire", runs=20)}
    told = words(hours_distribution(played, "first_of_tallinn_riga"))
    assert "RAND's games: 36 to 60 h" in told
    assert "RAND's games" not in words(hours_distribution(played, "riga"))


def test_what_never_happens_is_drawn_as_that(merrow: Scenario) -> None:
    peace = run_campaign(merrow.replace({"forces.red.*.strength": 0}), "bare", runs=5)
    told = words(hours_distribution({"bare": peace}, GROUP))
    assert "100\u00a0%" in told
    assert "hardly ever comes near" in words(arrival_map(peace))
    assert png(losses_chart({"bare": peace}))


def test_losses_name_both_sides_and_their_people(played: dict[str, Campaign]) -> None:
    figure = losses_chart(played)
    told = words(figure)
    for name in ("Blue killed and wounded", "Red killed and wounded", "people", "tripwire", CAVEAT):
        assert name in told
    assert not overflow(figure)


def test_losses_over_time_end_where_the_run_ends(log: Replay) -> None:
    figure = losses_over_time(log)
    lines = {line.get_color(): line for line in figure.axes[0].lines if len(line.get_xdata()) > 9}
    for side in ("blue", "red"):
        assert lines[theme.SIDES[side]].get_ydata()[-1] == log.losses(side)[-1]
    styles = {line.get_linestyle() for line in lines.values()}
    assert len(styles) == 2  # colour is never alone
    assert "day 30" in words(figure)
    assert not overflow(figure)


def test_several_runs_share_one_scale(merrow: Scenario, played: dict[str, Campaign]) -> None:
    figure = losses_over_time({name: replay_of(one, merrow) for name, one in played.items()})
    limits = {ax.get_ylim() for ax in figure.axes}
    assert len(figure.axes) == 2
    assert len(limits) == 1
    assert "bare, world" in words(figure)


def test_cells_are_the_ground_nearest_to_each_point() -> None:
    from matplotlib.path import Path

    points = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [12.0, 11.0]])
    cells = nearest_cells(points)
    grid = np.stack(np.meshgrid(np.linspace(-30, 30, 41), np.linspace(-30, 30, 41)), -1)
    spots = grid.reshape(-1, 2) + np.array([0.0137, 0.0071])  # on no edge
    nearest = np.argmin(((spots[:, None] - points) ** 2).sum(-1), axis=1)
    inside = np.stack([Path(cell).contains_points(spots) for cell in cells])
    assert (inside.sum(axis=0) == 1).all()
    assert (inside.argmax(axis=0) == nearest).all()


def test_one_place_alone_has_all_the_ground() -> None:
    (cell,) = nearest_cells(np.array([[3.0, 4.0]]))
    assert np.abs(cell).max() > 1e4


def test_ground_is_kept_within_reach_of_its_place() -> None:
    square = np.array([[-50.0, -50], [50, -50], [50, 50], [-50, 50], [-50, -50]])
    kept = within(square, np.array([0.0, 0.0]), radius=20.0)
    assert np.hypot(*kept.T).max() <= 20.0 * 1.002
    assert np.allclose(within(square, np.array([0.0, 0.0]), radius=100.0).max(axis=0), 50)


def test_the_sooner_the_darker_and_the_oftener_the_darker() -> None:
    assert band_colour(5.0) == theme.REACH[0]
    assert band_colour(1000.0) == theme.REACH[-1]
    assert shade_of(0.0) is None
    tints = [theme.luminance(str(shade_of(share))) for share in (0.1, 0.3, 0.6, 0.9)]
    assert tints == sorted(tints, reverse=True)
    assert theme.contrast(theme.INK, str(shade_of(1.0))) >= theme.LEAST_CONTRAST


def test_red_goes_by_its_own_roads(played: dict[str, Campaign]) -> None:
    advance = Advance(played["bare"])
    theatre = advance.scenario.theatre
    joined = {frozenset((leg.start, leg.end)) for leg in theatre.legs.values()}
    assert advance.columns
    assert all(frozenset(step) in joined for step in advance.columns)


def test_words_for_numbers(merrow: Scenario) -> None:
    assert [percent(share) for share in (0.0, 0.004, 0.25, 1.0)] == [
        "0\u00a0%",
        "<1\u00a0%",
        "25\u00a0%",
        "100\u00a0%",
    ]
    assert [told_hours(hours) for hours in (0.4, 1.0, 1234.0)] == [
        "<1\u00a0h",
        "1\u00a0h",
        "1,234\u00a0h",
    ]
    assert [told_people(people) for people in (0.4, 87.6, 123.0, 1234.0, 45678.0)] == [
        "0",
        "88",
        "120",
        "1,230",
        "45,700",
    ]
    assert goal_name(merrow, GROUP) == "Merrowport or Highmoor"
