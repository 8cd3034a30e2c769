"""The figures of a comparison: true to their numbers, legible, and the same for the same study."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.bill import APART, LOOKS
from glacis.figures.compared import estimate
from glacis.figures.endings import NAMED
from glacis.figures.words import CAVEAT, percent, signed, told_money
from glacis.study.compare import Comparison, compare
from legible import assert_legible, texts

POSTURES = ["tripwire", "forward", "none"]
LONG = "a-posture-with-a-name-that-nobody-would-want-to-read-twice"


@pytest.fixture(scope="module")
def study() -> Comparison:
    return compare("baltic", POSTURES, worlds=32)


def of(study: Comparison, *postures: str) -> Comparison:
    """The same study of some of its postures, as often as they are named."""
    return replace(study, dataset=study.dataset.sel(posture=list(postures)))


def long(study: Comparison, rows: int) -> Comparison:
    """A study of so many postures whose names, titles and changes are long."""
    title = "What was there before, and then some more of it " * 3
    own = {"name": title, "description": title, "measures": []}
    names = [f"{LONG}-{row}" for row in range(rows)]
    scenario = study.scenario.replace({f"postures.{name}": own for name in names})
    found = of(study, *itertools.islice(itertools.cycle(POSTURES), rows)).dataset
    return Comparison(scenario, found.assign_coords(posture=names))


def words(figure: Any) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def title(figure: Any) -> str:
    return str(figure.texts[0].get_text()).replace("\n", " ")


def png(draw: Callable[[], Any]) -> bytes:
    file = BytesIO()
    draw().savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def test_bars_are_the_mean_shares_of_the_outcomes(study: Comparison) -> None:
    figure = study.plot.outcomes()
    bars = figure.axes[0].patches
    assert len(bars) == len(POSTURES) * len(theme.OUTCOMES)
    wanted = [
        study.values("outcomes", name, outcome=outcome).mean()
        for name in POSTURES
        for outcome in theme.OUTCOMES
    ]
    assert [bar.get_width() for bar in bars] == pytest.approx(wanted)
    told = words(figure)
    assert set(NAMED.values()) <= set(told)
    for name in POSTURES:
        assert percent(float(study.values("p_attack", name).mean())) in told
    assert any(text.startswith(CAVEAT) and "32 worlds, seed 1" in text for text in told)
    assert any("no forecast" in text.replace("\n", " ") for text in told)


def test_lines_beside_are_the_range_of_the_worlds(study: Comparison) -> None:
    ax = study.plot.outcomes().axes[1]
    ranges = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 1.4]
    for name, ends in zip(POSTURES, ranges, strict=True):
        assert list(ends) == pytest.approx(np.percentile(study.values("p_attack", name), [5, 95]))


def test_differences_are_paired(study: Comparison) -> None:
    figure = study.plot.differences()
    assert len(figure.axes) == 4
    found = estimate(100 * study.difference("p_attack", "forward"))
    low, high = (signed(end, 1) for end in found.ends)
    assert f"{signed(found.mean, 1)} ({low} to {high})" in words(figure)
    loss = estimate(study.difference("expected_loss", "forward"))
    assert any(text.startswith(signed(loss.mean)) for text in words(figure))
    assert title(figure).startswith("Under forward Red attacks less often than under tripwire")


def test_the_title_of_differences_turns_round(study: Comparison) -> None:
    turned = title(of(study, "forward", "tripwire").plot.differences())
    assert turned.startswith("Under tripwire Red attacks more often than under forward")
    same = study.dataset.copy(deep=True)
    same["p_attack"].loc[{"posture": ["forward", "none"]}] = study.values("p_attack", "tripwire")
    told = title(Comparison(study.scenario, same).plot.differences())
    assert told == "None is told apart from tripwire by how often Red attacks"


def test_losses_are_the_means_of_the_terms(study: Comparison) -> None:
    figure = study.plot.losses()
    rest = [term for term in LOOKS if term not in APART]
    for ax, terms in zip(figure.axes[:2], (rest, APART), strict=True):
        wanted = [study.values("loss", p, term=t).mean() for p in POSTURES for t in terms]
        assert [bar.get_width() for bar in ax.patches] == pytest.approx(wanted)
    told = words(figure)
    assert {name for name, _ in LOOKS.values()} <= set(told)
    for name in POSTURES:
        assert told_money(float(study.values("expected_loss", name).mean())) in told


def test_all_can_be_read(study: Comparison) -> None:
    for one in (study, of(study, "forward"), long(study, 8), long(study, 2)):
        assert_legible(one.plot.outcomes())
        assert_legible(one.plot.losses())
        if len(one.postures) > 1:
            assert_legible(one.plot.differences())


def test_one_world_is_enough(study: Comparison) -> None:
    one = replace(study, dataset=study.dataset.isel(world=[0]))
    for draw in (one.plot.outcomes, one.plot.differences, one.plot.losses):
        assert_legible(draw())


def test_without_prices_losses_are_refused_and_differences_say_so(study: Comparison) -> None:
    bare = ["loss", "expected_loss", "loss_without_posture", "p_second_theatre"]
    poor = replace(study, dataset=study.dataset.drop_vars(bare))
    with pytest.raises(InputError, match="baltic has no loss"):
        poor.plot.losses()
    figure = poor.plot.differences()
    assert len(figure.axes) == 3
    assert any("prices nothing" in text.replace("\n", " ") for text in words(figure))
    assert_legible(figure)


def test_one_posture_has_no_differences(study: Comparison) -> None:
    with pytest.raises(InputError, match="give two or more"):
        of(study, "forward").plot.differences()


def test_the_same_study_gives_the_same_pictures(study: Comparison) -> None:
    for draw in (study.plot.outcomes, study.plot.differences, study.plot.losses):
        assert png(draw) == png(draw)


def test_reds_of_the_outcomes_stand_where_red_keeps_ground() -> None:
    """Red's channel leads in these alone."""
    for name, fill in theme.OUTCOMES.items():
        red, green, blue = (int(fill[i : i + 2], 16) for i in (1, 3, 5))
        is_red = red > 1.2 * max(green, blue) and green < 1.1 * blue + 20 and red - green > 40
        assert is_red == (name in ("stalemate", "sanctions_only", "inaction")), name
