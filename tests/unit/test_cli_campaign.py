"""`glacis campaign`, `backtest` and `bench`: what they print, write and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from glacis.campaign.run import run_campaign
from glacis.cli import main
from glacis.cli.options import Run
from glacis.scenario.read import read_scenario

QUICK = ("template", "--runs", "40", "--seed", "3")
PNG = b"\x89PNG\r\n"

Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture) -> tuple[str, str]:
    told = capsys.readouterr()
    return told.out, told.err


def test_the_table_tells_hours_falls_fate_and_losses_with_units(capsys: Capture) -> None:
    assert main(["campaign", *QUICK, "--posture", "tripwire"]) == 0
    out, _ = printed(capsys)
    for words in (
        "Merrowport",
        "40 runs of 30 days",
        "Red reaches",
        " falls ",
        "of runs",
        "median",
        "Forward force destroyed",
        "Blue killed and wounded",
        "people",
        "it does not forecast",
    ):
        assert words in out
    assert "nan" not in out.lower().split()


def test_json_on_standard_output_stands_alone_and_has_no_nan(capsys: Capture) -> None:
    assert main(["campaign", *QUICK, "--posture", "tripwire", "--json", "-"]) == 0
    out, _ = printed(capsys)
    record = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    played = run_campaign(read_scenario("template"), "tripwire", runs=40, seed=3)
    assert record == json.loads(json.dumps(played.to_record()))
    assert record["schema"] == 1


def test_worlds_and_runs_are_one_flag(capsys: Capture) -> None:
    assert main(["campaign", "template", "--worlds", "12", "--json", "-"]) == 0
    assert json.loads(printed(capsys)[0])["worlds"] == 12


def test_changes_reach_the_result(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "result.json"
    change = "campaign.warning.days=2"
    flags = ["--option", "limited", "--response", "none", "--days", "5", "--set", change]
    assert main(["campaign", *QUICK, *flags, "--json", str(file)]) == 0
    out, _ = printed(capsys)
    assert "Highmoor" in out  # the file does not silence the table
    record = json.loads(file.read_text(encoding="utf-8"))
    assert (record["response"], record["days"]) == ("none", 5.0)
    assert record["overrides"] == {"campaign.warning.days": "2"}
    assert "p_falls_if_limited" in record


def test_results_do_not_depend_on_workers(tmp_path: Path) -> None:
    files = [tmp_path / f"{workers}.json" for workers in (1, 2)]
    for workers, file in enumerate(files, start=1):
        main(["-q", "campaign", *QUICK, "--workers", str(workers), "--json", str(file)])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_replay_is_written_whole(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "run.json"
    assert main(["campaign", *QUICK, "--replay", str(file), "--world", "7"]) == 0
    assert str(file) in printed(capsys)[1]
    log = json.loads(file.read_text(encoding="utf-8"))
    assert (log["world"], log["seed"]) == (7, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    again = tmp_path / "again.json"
    main(
        [
            "campaign",
            "template",
            "--runs",
            "9",
            "--seed",
            "3",
            "--replay",
            str(again),
            "--world",
            "7",
        ]
    )
    assert again.read_bytes() == file.read_bytes()  # in whatever study it was made


def test_figures_are_written(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "new" / "folder"
    assert main(["campaign", *QUICK, "--figure", str(folder), "--json", "-"]) == 0
    json.loads(printed(capsys)[0])
    names = {"arrival-map", "hours", "losses", "losses-over-time", "front", "arrivals"}
    assert {path.stem for path in folder.iterdir()} == names
    assert all(path.read_bytes().startswith(PNG) for path in folder.iterdir())


@pytest.mark.parametrize(
    "flags, words",
    [
        (["--posture", "nonsense"], "nonsense"),
        (["--option", "nonsense"], "choose one of"),
        (["--response", "maybe"], "maybe"),
        (["--set", "campaign.warning.days=1", "--set", "campaign.warning.days=2"], "given twice"),
        (["--world", "best"], "--world best: must be a number"),
        (["--days", "181"], "days must be"),
        (["--runs", "0"], "runs must be"),
        (["--seed", "-1"], "seed"),
        (["--replay", "no/such/folder/run.json"], "cannot be written"),
    ],
)
def test_bad_input_is_told_in_a_line(flags: list[str], words: str, capsys: Capture) -> None:
    worlds = [] if "--runs" in flags else ["--worlds", "4"]
    assert main(["campaign", "template", *worlds, *flags]) == 2
    _, err = printed(capsys)
    assert words in err
    assert "Traceback" not in err


def test_an_unwritable_folder_is_told(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert main(["campaign", *QUICK, "--figure", str(tmp_path / "file" / "in")]) == 2
    assert "give another folder" in printed(capsys)[1]


def test_interrupted_is_130(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("glacis.campaign.run.run_chunk", interrupt)
    assert main(["campaign", *QUICK]) == 130
    assert "interrupted" in printed(capsys)[1]


def test_backtest_prints_each_target_with_its_bar(capsys: Capture) -> None:
    assert main(["backtest", "georgia-2008", "--worlds", "30", "--json", "-"]) == 0
    (target,) = json.loads(printed(capsys)[0])["targets"]
    assert target["id"] == "T6"
    assert main(["backtest", "georgia-2008", "--worlds", "30"]) == 0
    out, _ = printed(capsys)
    assert "T6" in out
    assert "targets met" in out


def test_backtest_prints_the_rows_of_its_targets(capsys: Capture) -> None:
    assert main(["backtest", "--worlds", "30"]) == 0
    out, _ = printed(capsys)
    for words in ("Gori reached", "Open Spirit 2018", "at the recent rate", "published"):
        assert words in out


def test_backtest_tells_what_it_cannot_read(capsys: Capture) -> None:
    assert main(["backtest", "no-such-scenario"]) == 2
    assert "no-such-scenario" in printed(capsys)[1]


def test_bench_prints_figures_bars_and_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    from glacis.study import bench

    tests = (
        bench._Test("speed", "1/s", 100, lambda: 123.456, is_least=True),
        bench._Test("start_ms", "ms", 250, lambda: 251.0),
        bench._Test("slow", "s", 1, lambda: pytest.fail("left out"), is_slow=True),
    )
    monkeypatch.setattr(bench, "_TESTS", tests)
    assert main(["bench", "--quick", "--json", "-"]) == 0  # a missed bar is a result
    record = json.loads(printed(capsys)[0])
    assert record["figures"] == [
        {"name": "speed", "value": 123.5, "unit": "1/s", "bar": 100, "met": True},
        {"name": "start_ms", "value": 251.0, "unit": "ms", "bar": 250, "met": False},
    ]
    assert record["left_out"] == ["slow"]
    assert set(record["machine"]) == {"cpu", "cores", "python", "numba", "glacis"}
    assert main(["bench", "--quick"]) == 0
    out, _ = printed(capsys)
    assert "MISSED" in out
    assert "Left out: slow" in out


def test_a_run_has_one_default_for_all_commands() -> None:
    assert (Run().worlds, Run().workers) == (2_000, None)
