"""The figures of Red's choice: true to their numbers, legible, and the same for the same study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from glacis.assess.choice import CrisisStudy
from glacis.assess.crisis import crisis_game
from glacis.assess.diagram import Diagram, denied_by, diagram, gains
from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.choice import FILLS, NAMED, TONES, choice_chart, diagram_chart
from glacis.figures.words import CAVEAT, percent
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from legible import assert_legible, texts

LONG = "a-posture-with-a-name-that-nobody-would-want-to-read-twice"


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def tripwire(baltic: Scenario) -> CrisisStudy:
    return crisis_game(baltic, "tripwire", runs=48)


@pytest.fixture(scope="module")
def forward(baltic: Scenario) -> CrisisStudy:
    return crisis_game(baltic, "forward", runs=48)


@pytest.fixture(scope="module")
def long(tripwire: CrisisStudy) -> CrisisStudy:
    """A study whose posture, title and changes are long in words."""
    name = "What was there before, and then some more of it " * 3
    own = {"name": name, "description": name, "measures": []}
    scenario = tripwire.scenario.replace({f"postures.{LONG}": own})
    return replace(tripwire, posture=LONG, scenario=scenario)


@pytest.fixture(scope="module")
def field(tripwire: CrisisStudy) -> Diagram:
    return diagram(tripwire, points=5, worlds=24)


@pytest.fixture(scope="module")
def chart(tripwire: CrisisStudy, forward: CrisisStudy) -> Any:
    return choice_chart([tripwire, forward])


@pytest.fixture(scope="module")
def map_(field: Diagram, tripwire: CrisisStudy, forward: CrisisStudy) -> Any:
    return diagram_chart(field, [tripwire, forward])


def words(figure: Any) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def title(figure: Any) -> str:
    return str(figure.texts[0].get_text()).replace("\n", " ")


def dots(ax: Any) -> list[Any]:
    return [line for line in ax.lines if line.get_marker() == "o"]


def full(study: CrisisStudy, view: str) -> float:
    return float(study.to_record()["response"]["assault"][view]["p50"])


def png(draw: Callable[[], Any]) -> bytes:
    file = BytesIO()
    draw().savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def test_bars_are_the_mean_shares_of_each_act(
    chart: Any, tripwire: CrisisStudy, forward: CrisisStudy
) -> None:
    bars = chart.axes[0].patches
    assert len(bars) == 2 * len(FILLS)
    wanted = [values.mean() for one in (tripwire, forward) for values in one.acts().values()]
    assert [bar.get_width() for bar in bars] == pytest.approx(wanted)
    assert sum(bar.get_width() for bar in bars[:4]) == pytest.approx(1.0)
    told = words(chart)
    assert set(NAMED.values()) <= set(told)
    assert {"tripwire", "forward", "Tripwire, 2022", "The stauncher presence"} <= set(told)
    for study in (tripwire, forward):
        assert percent(float(study.p_attack.mean())) in told
    assert any(text.startswith(CAVEAT) and "48 worlds, seed 1" in text for text in told)
    assert any("no yearly rate" in text for text in told)


def test_lines_and_dots_are_the_worlds(
    chart: Any, tripwire: CrisisStudy, forward: CrisisStudy
) -> None:
    ax = chart.axes[1]
    closed = [dot for dot in dots(ax) if dot.get_color() == theme.RED]
    (unready,) = [dot for dot in dots(ax) if dot.get_color() == theme.PAPER]
    medians = [np.median(one.p_attack) for one in (tripwire, forward)]
    assert [dot.get_xdata()[0] for dot in closed] == pytest.approx(medians)
    assert unready.get_xdata()[0] == pytest.approx(np.median(forward.p_attack_buildup))
    ranges = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 1.4]
    for study, ends in zip((tripwire, forward), ranges, strict=True):
        assert list(ends) == pytest.approx(np.percentile(study.p_attack, [5, 95]))
    blind = tripwire.p_attack_blind
    upright = [line for line in ax.lines if line.get_linewidth() == 0.9]
    assert [line.get_xdata()[0] for line in upright] == pytest.approx([blind, blind])
    assert f"form of the tree alone: {percent(blind)}" in words(chart)
    assert {"median world", "until it is ready"} <= set(words(chart))


def test_the_title_sets_today_against_what_differs_most(
    chart: Any, tripwire: CrisisStudy, forward: CrisisStudy
) -> None:
    now, then = (percent(float(one.p_attack.mean())) for one in (tripwire, forward))
    wanted = f"Under tripwire Red attacks in {now} of moments of decision, under forward in {then}"
    assert title(chart) == wanted
    assert title(choice_chart([forward, tripwire])) == wanted
    alone = choice_chart([forward])
    assert title(alone) == f"Under forward Red attacks in {then} of moments of decision"
    same = title(choice_chart([tripwire, tripwire]))
    assert same == f"Red attacks in {now} of moments of decision under each posture"


def test_without_a_study_there_is_no_chart() -> None:
    with pytest.raises(InputError, match="give at least one"):
        choice_chart([])


def test_postures_stand_at_belief_and_answer(
    map_: Any, tripwire: CrisisStudy, forward: CrisisStudy
) -> None:
    (ax,) = map_.axes
    believed = [dot for dot in dots(ax) if dot.get_color() == theme.INK]
    answers = [dot for dot in dots(ax) if dot.get_color() == theme.PAPER]
    order = [tripwire, forward]  # by ground
    for found, view in ((believed, "full_as_red_sees_it"), (answers, "full")):
        wanted = [full(one, view) for one in order]
        assert [dot.get_ydata()[0] for dot in found] == pytest.approx(wanted)
    ground = [gains(one.prospects.red, "assault").mean() for one in order]
    assert [dot.get_xdata()[0] for dot in believed] == pytest.approx(ground, abs=0.03)
    told = words(map_)
    assert f"tripwire: Red attacks in {percent(float(tripwire.p_attack.mean()))}" in told
    assert f"forward: {percent(float(forward.p_attack.mean()))}" in told
    assert {"what Red believes", "what the members would do", "more denied \u2192"} <= set(told)
    assert any(text.startswith("Full assault: share of") for text in told)
    ends = [line.get_ydata() for line in ax.lines if line.get_linewidth() == 0.9]
    assert len(ends) == 2
    assert all(low < high for low, high in ends)


def test_the_field_is_told_by_what_red_takes_the_answer_for(
    map_: Any, field: Diagram, tripwire: CrisisStudy
) -> None:
    """At the belief and the denial of the posture itself, the field says about its attack."""
    (ax,) = map_.axes
    left, right = ax.get_xlim()
    assert left > right == 0.0
    seen = full(tripwire, "full_as_red_sees_it")
    mean = float(np.median(tripwire.belief))
    at = np.interp(mean, field.beliefs, field.p_attack[:, 0])
    assert at == pytest.approx(tripwire.p_attack.mean(), abs=0.1)
    assert seen < mean  # what it expects them to see moves it, so that the axis is not the base
    assert f"{percent(mean)} for any attack" in " ".join(words(map_)).replace("\n", " ")


def test_lines_are_named_by_their_probability(map_: Any, field: Diagram) -> None:
    low, high = field.p_attack.min(), field.p_attack.max()
    own = [k / 10 for k in range(11) if low < k / 10 < high]
    named = [text for text in map_.axes[0].texts if text.get_bbox_patch() is not None]
    assert {text.get_text() for text in named} <= {percent(level) for level in own}
    assert len(named) >= len(own) - 2 > 2
    for tone in TONES[2:20:2]:  # those of lines, on which they are named
        assert theme.contrast(theme.INK, tone) >= theme.LEAST_CONTRAST


def test_the_title_of_the_diagram_reads_off_the_field(
    map_: Any, field: Diagram, tripwire: CrisisStudy
) -> None:
    told = title(map_)
    assert told.startswith(
        f"Under tripwire Red attacks in {percent(float(tripwire.p_attack.mean()))} of moments"
    )
    assert "if it read the members right, about " in told
    shares = [int(part.split("\u00a0")[0]) / 100 for part in told.split("about ")[1:]]
    assert all(field.p_attack.min() <= share + 0.005 <= 1.0 for share in shares)


def test_both_can_be_read(
    chart: Any, map_: Any, tripwire: CrisisStudy, long: CrisisStudy, field: Diagram
) -> None:
    for figure in (
        chart,
        map_,
        choice_chart([tripwire]),
        choice_chart([long, tripwire, long]),
        diagram_chart(field),
        diagram_chart(field, [long]),
        diagram_chart(replace(field, study=long), [long, tripwire, long, long]),
    ):
        assert_legible(figure)


def test_one_world_is_enough(baltic: Scenario) -> None:
    one = crisis_game(baltic, "tripwire", runs=1)
    assert_legible(choice_chart([one]))
    assert_legible(diagram_chart(diagram(one, points=3), [one]))


def test_a_field_without_lines_is_drawn(field: Diagram, tripwire: CrisisStudy) -> None:
    assert_legible(diagram_chart(replace(field, p_attack=np.full((5, 5), 0.5)), [tripwire]))


def test_a_posture_that_denies_all_stands_at_the_right(
    field: Diagram, tripwire: CrisisStudy
) -> None:
    denied = {name: denied_by(one, 1.0) for name, one in tripwire.prospects.red.items()}
    safe = replace(tripwire, prospects=replace(tripwire.prospects, red=denied))
    figure = diagram_chart(field, [tripwire, safe])
    assert_legible(figure)
    places = [dot.get_xdata()[0] for dot in dots(figure.axes[0])]
    assert min(places) == pytest.approx(0.0, abs=1e-9)
    assert_legible(diagram_chart(replace(field, study=safe), [safe]))


def test_without_an_assault_the_widest_option_is_taken(
    field: Diagram, tripwire: CrisisStudy
) -> None:
    limited = {
        name: option.model_copy(update={"kind": "limited"})
        for name, option in tripwire.scenario.options.items()
    }
    own = replace(tripwire, scenario=tripwire.scenario.model_copy(update={"options": limited}))
    told = words(diagram_chart(replace(field, study=own), [own]))
    assert any(text.startswith("Full assault: ") for text in told)


def test_the_same_studies_give_the_same_pictures(
    field: Diagram, tripwire: CrisisStudy, forward: CrisisStudy
) -> None:
    for draw in (
        lambda: choice_chart([tripwire, forward]),
        lambda: diagram_chart(field, [tripwire, forward]),
    ):
        assert png(draw) == png(draw)
