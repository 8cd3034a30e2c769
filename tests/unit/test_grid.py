"""Two inputs at once: axes, cells, records, figures; a cell is what its own assessment gives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from glacis.cli import main
from glacis.errors import InputError, ScenarioError
from glacis.executor import Runner
from glacis.figures.grid import grid_chart
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.compare import compare
from glacis.study.grid import MOST_POINTS, Grid, axis_of, grid
from legible import assert_legible

INSIGHT, BRIGADE = "crisis.insight", "postures.forward.measures.4.quantity"
WORLDS = 24


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def field(baltic: Scenario) -> Grid:
    x, y = axis_of(baltic, f"{BRIGADE}=0,3"), axis_of(baltic, f"{INSIGHT}=0..1/3")
    return grid(baltic, "forward", (x, y), worlds=WORLDS, runner=Runner(workers=2))


def test_each_cell_is_what_its_own_assessment_gives(baltic: Scenario, field: Grid) -> None:
    for i, brigades in enumerate((0, 3)):
        for j, insight in enumerate((0.0, 0.5, 1.0)):
            cell = baltic.replace({BRIGADE: brigades, INSIGHT: insight})
            own = compare(cell, ["forward"], worlds=WORLDS)
            assert field.mean()[i, j] == own.values("p_attack", "forward").mean()
            deterred = own.values("outcomes", "forward", outcome="deterred").mean()
            assert field.mean("outcomes.deterred")[i, j] == deterred


def test_more_brigades_and_more_insight_deter_more(field: Grid) -> None:
    assert (np.diff(field.mean(), axis=0) < 0).all()
    assert (np.diff(field.mean(), axis=1) < 0).all()


def test_same_bytes_whatever_the_threads_and_whatever_stands_beside(
    baltic: Scenario, field: Grid
) -> None:
    part = axis_of(baltic, f"{INSIGHT}=0.5,1")
    again = grid(
        baltic, "forward", (field.x, part), worlds=WORLDS, runner=Runner(workers=1, chunk=7)
    )
    assert np.array_equal(again.mean(), field.mean()[:, 1:])


def test_an_axis_says_what_it_is(baltic: Scenario) -> None:
    brigade = axis_of(baltic, BRIGADE)
    assert brigade.values == (0.0, 1.0, 2.0)
    assert brigade.written == 1.0
    assert brigade.name == "Heavy brigade forward at Tallinn"
    insight = axis_of(baltic, INSIGHT)
    assert insight.values[0] == 0.0
    assert insight.values[-1] == 1.0
    assert insight.unit == "share"
    leg = axis_of(baltic, "postures.forward.measures.7.quantity")
    assert "Marijampol" in leg.name
    assert "\u2013" in leg.name
    assert axis_of(baltic, brigade.text) == brigade
    assert axis_of(baltic, f"{INSIGHT}=0.1..0.9/5").values == (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.mark.parametrize(
    "text, said",
    [
        ("crisis.insigth", r"no number of baltic's; did you mean crisis\.insight\?"),
        ("postures.forward.measures.99.quantity", "is no number"),
        ("postures.nowhere.measures.1.quantity", "is no number"),
        (f"{INSIGHT}=1..0", "in rising order"),
        (f"{INSIGHT}=0..1/1", "2 to 50 values"),
        (f"{INSIGHT}=0..1/{MOST_POINTS + 1}", "2 to 50 values"),
        (f"{INSIGHT}=0..1/99999999999", "2 to 50 values"),
        (f"{INSIGHT}=0..inf", "'inf' is no number"),
        (f"{INSIGHT}=nan,1", "'nan' is no number"),
        (f"{INSIGHT}=0..much", "'much' is no number"),
        (f"{INSIGHT}=0,,1", "'' is no number"),
        ("=", "is no number"),
    ],
)
def test_a_wrong_axis_is_refused(baltic: Scenario, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        axis_of(baltic, text)


def test_values_that_do_not_suit_are_told_before_anything_is_run(baltic: Scenario) -> None:
    x, y = axis_of(baltic, f"{BRIGADE}=0..1/3"), axis_of(baltic, f"{INSIGHT}=0..2")
    with pytest.raises(ScenarioError, match="must be a whole number"):
        grid(baltic, "forward", (x, axis_of(baltic, INSIGHT)))
    with pytest.raises(ScenarioError, match="must be <= 1 share"):
        grid(baltic, "forward", (axis_of(baltic, BRIGADE), y))
    with pytest.raises(InputError, match="both axes"):
        grid(baltic, "forward", (x, x))
    with pytest.raises(InputError, match="has no posture 'forwrd'"):
        grid(baltic, "forwrd", (axis_of(baltic, BRIGADE), axis_of(baltic, INSIGHT)), worlds=2)
    template = read_scenario("template")
    some = [axis_of(template, f"campaign.combat.{one}") for one in ("surprise", "press_at")]
    with pytest.raises(InputError, match="no alliance"):
        grid(template, "garrison", (some[0], some[1]))


def test_what_is_unknown_is_told(field: Grid) -> None:
    with pytest.raises(InputError, match="no figure 'p_attak'"):
        field.mean("p_attak")
    assert "forward" in repr(field)


def test_the_chart_is_legible(field: Grid) -> None:
    assert_legible(grid_chart(field))


def test_the_command_tells_writes_and_makes_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["assess", "baltic", "--posture", "forward", "--worlds", str(WORLDS)]
    over = ["--over", f"{BRIGADE}=0,3", "--over", f"{INSIGHT}=0..1/3"]
    result, rows = tmp_path / "grid.json", tmp_path / "grid.csv"
    files = ["--json", str(result), "--export", str(rows), "--figure", str(tmp_path)]
    assert main([*asked, *over, *files]) == 0
    told = capsys.readouterr().out
    assert "Heavy brigade forward at Tallinn" in told
    assert "0.5 as written" in told
    record = json.loads(result.read_text(encoding="utf-8"))
    assert np.array(record["mean"]["p_attack"]).shape == (2, 3)
    frame = pd.read_csv(rows)
    assert list(frame.columns[:3]) == [BRIGADE, INSIGHT, "p_attack"]
    assert frame["p_attack"].to_list() == np.ravel(record["mean"]["p_attack"]).tolist()
    assert (tmp_path / "grid.png").stat().st_size > 10_000
    assert main(["rerun", str(result)]) == 0
    assert "byte for byte" in capsys.readouterr().out


@pytest.mark.parametrize(
    "more, said",
    [
        (["--over", INSIGHT], "give it twice"),
        (["--over", INSIGHT, "--over", BRIGADE, "--explain"], "no world is traced"),
    ],
)
def test_the_command_refuses(
    more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", "baltic", *more]) == 2
    assert said in capsys.readouterr().err
