"""`glacis assess`, `compare`, `claims`, `rerun` and `demo`: what they print, write and refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from glacis.cli import main
from glacis.ripple.aftermath import OUTCOMES
from glacis.study.compare import compare

Capture: TypeAlias = pytest.CaptureFixture[str]
FEW = ["--worlds", "24", "--seed", "3"]


def printed(capsys: Capture) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def statistics_in(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        if "p50" in value:
            return [value]
        return [one for child in value.values() for one in statistics_in(child)]
    return []


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("results") / "compared.json"
    postures = ["--posture", "tripwire", "--posture", "forward"]
    assert main(["compare", "baltic", *postures, *FEW, "--json", str(path)]) == 0
    return path


def test_the_record_is_the_one_that_is_promised(result: Path) -> None:
    record = json.loads(result.read_text(encoding="utf-8"))
    head = ("schema", "glacis", "scenario", "scenario_sha256", "variants", "overrides")
    assert list(record)[:8] == [*head, "seed", "worlds"]
    assert list(record["postures"]) == ["tripwire", "forward"]
    for one in record["postures"].values():
        promised = {
            "p_attack", "p_attack_5y", "p_attack_buildup", "p_attack_blind", "options",
            "response_if_assault", "belief_full", "hours_to", "p_falls_if_assault", "outcomes",
            "forward_force_destroyed_share", "blue_casualties", "red_casualties",
            "civilian_casualties", "days_of_munitions", "expected_loss_beur", "loss_terms_beur",
            "ripple", "annual_cost_meur", "one_off_cost_meur",
        }  # fmt: skip
        assert promised <= set(one)
        assert list(one["outcomes"]) == list(OUTCOMES)
        assert sum(one["outcomes"].values()) == pytest.approx(1, abs=1e-9)
        assert set(one["hours_to"]) == {"tallinn", "riga", "vilnius", "first_of_tallinn_riga"}
        assert all("share" in hours for hours in one["hours_to"].values())
        assert one["p_attack_blind"] == pytest.approx(1 / 3)
        for told in statistics_in(one):
            if told["mean"] is not None:
                assert told["p05"] <= told["p50"] <= told["p95"]
    assert list(record["differences"]) == ["forward - tripwire"]
    moved = record["differences"]["forward - tripwire"]["p_attack"]
    assert moved["low"] < moved["mean"] < moved["high"]
    then, now = (record["postures"][name]["p_attack"]["mean"] for name in ("tripwire", "forward"))
    assert moved["mean"] == pytest.approx(now - then)
    assert record["growth_that_undoes"]["forward"] >= 1


def test_a_result_is_made_again_byte_for_byte(result: Path, capsys: Capture) -> None:
    assert main(["rerun", str(result), "--workers", "1"]) == 0
    assert "byte for byte" in printed(capsys)[0]


def test_what_has_changed_is_told(result: Path, tmp_path: Path, capsys: Capture) -> None:
    record = json.loads(result.read_text(encoding="utf-8"))
    record["postures"]["tripwire"]["p_attack"]["mean"] = 0.5
    record["scenario_sha256"] = "0" * 64
    record["glacis"] = "0.0.1"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(record), encoding="utf-8")
    assert main(["rerun", str(other)]) == 0
    out, _ = printed(capsys)
    for words in ("not the same", "made by glacis 0.0.1", "the scenario has changed", "0.5 then"):
        assert words in out


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "is no JSON"),
        ("[1, 2]", "holds no result"),
        ("{}", "has no `scenario`"),
        ("[" * 100_000, "is no JSON"),
        (
            '{"scenario": "baltic", "seed": 1, "worlds": 8, "scenario_sha256": "x"}',
            "has no `method`",
        ),
    ],
)
def test_what_is_no_result_is_refused(
    text: str, words: str, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    assert main(["rerun", str(path)]) == 2
    assert words in printed(capsys)[1]


@pytest.mark.parametrize(
    "change, words",
    [
        ({"scenario": "../../etc"}, "is no bundled scenario"),
        ({"method": {"command": "rm"}}, "can only make"),
        ({"method": {"command": "compare", "postures": "tripwire"}}, "must be a list"),
        ({"method": {"command": "compare", "postures": ["nobody"]}}, "no posture"),
        ({"method": {"command": "assess", "postures": ["tripwire"], "world": "x"}}, "a number"),
        ({"method": {"command": "claims", "reds": "x"}}, "must be a list"),
        ({"variants": ["nothing"]}, "no variant"),
        ({"overrides": {"no.such": 1}}, "no.such"),
        ({"worlds": 0}, "worlds must be"),
    ],
)
def test_a_result_from_outside_is_not_trusted(
    result: Path, change: dict[str, Any], words: str, tmp_path: Path, capsys: Capture
) -> None:
    record = json.loads(result.read_text(encoding="utf-8")) | change
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert main(["rerun", str(path)]) == 2
    assert words in printed(capsys)[1]


def test_assess_traces_a_world(capsys: Capture) -> None:
    assert main(["assess", "baltic", "--posture", "forward", "--explain", *FEW]) == 0
    out, _ = printed(capsys)
    for words in (
        "At a moment of decision",
        "1. Forces",
        "2. War",
        "3. What",
        "4. What",
        "6. Ending",
    ):
        assert words in out
    assert main(["assess", "baltic", "--world", "24", *FEW]) == 2
    assert "must be from 0 to 23" in printed(capsys)[1]


def test_a_traced_world_is_that_of_the_result(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "one.json"
    flags = ["--posture", "forward", "--world", "5", "--json", str(path), *FEW]
    assert main(["assess", "baltic", *flags]) == 0
    printed(capsys)
    traced = json.loads(path.read_text(encoding="utf-8"))["explained"]
    study = compare("baltic", ["forward"], worlds=24, seed=3)
    assert traced["world"] == 5
    assert traced["p_attack"] == study.values("p_attack", "forward")[5]
    assert traced["choice"]["assault"] == study.values("acts", "forward")[5, 3]
    assert sum(traced["ending"].values()) == pytest.approx(1, abs=1e-9)


def test_worlds_are_exported(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "worlds.csv"
    flags = ["--posture", "tripwire", "--posture", "none", "--export", str(path), *FEW]
    assert main(["compare", "baltic", *flags]) == 0
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 48
    assert {row["posture"] for row in rows} == {"tripwire", "none"}
    first = [float(rows[0][f"outcomes.{name}"]) for name in OUTCOMES]
    assert sum(first) == pytest.approx(1, abs=1e-9)
    nc = tmp_path / "worlds.nc"
    assert main(["compare", "baltic", "--posture", "tripwire", "--export", str(nc), *FEW]) == 0
    import xarray as xr

    with xr.open_dataset(nc, engine="scipy") as read:
        assert read.sizes["world"] == 24
        told = np.asarray(read["p_attack"].sel(posture="tripwire"))
    assert told.tolist() == [float(row["p_attack"]) for row in rows[:24]]
    parquet = tmp_path / "worlds.parquet"
    assert main(["compare", "baltic", "--posture", "tripwire", "--export", str(parquet), *FEW]) == 0
    import pandas as pd

    table = pd.read_parquet(parquet)
    assert list(table.columns) == list(rows[0])
    assert table["p_attack"].to_list() == told.tolist()
    printed(capsys)


@pytest.mark.parametrize(
    "flags, words",
    [
        (["--export", "x.foo"], "must end in"),
        (["--export", "no/where/x.csv"], "cannot be written"),
        (["--json", "no/where/x.json"], "cannot be written"),
        (["--until", "2"], "must be a share"),
        (["--posture", "nobody"], "no posture"),
        (["--sweep", "nothing"], "no variant"),
        (["--sweep", "late-2022", "--figure", "x"], "leave out --sweep"),
    ],
)
def test_bad_flags_are_refused_before_the_run(
    flags: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compare", "baltic", *flags, *FEW]) == 2
    assert words in printed(capsys)[1]
    assert not list(tmp_path.iterdir())


def test_a_sweep_compares_under_variants(tmp_path: Path, capsys: Capture) -> None:
    path, table = tmp_path / "swept.json", tmp_path / "swept.csv"
    flags = ["--sweep", "as-written", "--sweep", "late-2022", "--posture", "tripwire"]
    out = ["--json", str(path), "--export", str(table)]
    assert main(["compare", "baltic", *flags, *out, *FEW]) == 0
    told, _ = printed(capsys)
    assert "as written" in told
    assert "late-2022" in told
    record = json.loads(path.read_text(encoding="utf-8"))["sweep"]
    alone = compare("baltic", ["tripwire"], worlds=24, seed=3)
    mean = record[""]["postures"]["tripwire"]["p_attack"]["mean"]
    assert mean == pytest.approx(float(alone.values("p_attack", "tripwire").mean()))
    weaker = record["late-2022"]["postures"]["tripwire"]["p_attack"]["mean"]
    assert weaker < mean
    assert len(table.read_text(encoding="utf-8").splitlines()) == 49


def test_one_claim_is_explained(capsys: Capture) -> None:
    assert main(["claims", "baltic", "forward-deters", *FEW]) == 0
    out, _ = printed(capsys)
    for words in ("Verdict:", "red-2021", "reconstituted", "By how much", "p_attack", "In print"):
        assert words in out
    assert main(["claims", "baltic", "no-such-claim", *FEW]) == 2
    assert "choose among" in printed(capsys)[1]
    assert main(["claims", "georgia-2008", *FEW]) == 2
    assert "no claims" in printed(capsys)[1]


def test_the_demonstration_does_the_main_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("glacis.study.parts.WORLDS", 8)
    assert main(["demo", "--worlds", "16"]) == 0
    out, _ = printed(capsys)
    for words in ("At a moment of decision", "How it ends", "claims against red-2021", "Report:"):
        assert words in out
    page = (tmp_path / "glacis-report.html").read_text(encoding="utf-8")
    assert "forward-deters" in page
    assert "https://" not in page.replace("https://www.w3.org", "")


def test_a_scenario_without_a_crisis_is_told_its_war(tmp_path: Path, capsys: Capture) -> None:
    """As the template is, which passes `assess`."""
    folder, path = tmp_path / "own", tmp_path / "own.json"
    assert main(["new", str(folder)]) == 0
    assert main(["assess", str(folder), *FEW, "--json", str(path)]) == 0
    assert "has no alliance, no belief, no crisis" in printed(capsys)[0]
    record = json.loads(path.read_text(encoding="utf-8"))
    (told,) = record["postures"].values()
    assert told["p_attack"] is None
    assert told["blue_casualties"]["mean"] > 0
    assert main(["rerun", str(path), "--scenario", str(folder)]) == 0
    assert "byte for byte" in printed(capsys)[0]
    assert main(["rerun", str(path)]) == 2
    assert "--scenario" in printed(capsys)[1]
    for flags in (["--figure", "x"], ["--until", "0.1"]):
        assert main(["compare", str(folder), *FEW, *flags]) == 2
    assert main(["report", str(folder), *FEW, "-o", str(tmp_path / "r.html")]) == 2
    printed(capsys)
