from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import glacis
from glacis import cli
from glacis.cli.options import Changes, parsed_change
from glacis.cli.output import without_nan, write_json
from glacis.errors import InputError

Broken = Callable[..., Path]


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "glacis", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | settings,
    )


def test_json_leaves_standard_output_to_itself(
    mini_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(mini_folder), "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["scenario"], told["sound"]) == ("mini", True)
    target = tmp_path / "out.json"
    assert cli.main(["check", str(mini_folder), "--json", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8")) == told
    assert "no problems" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_problems_are_bad_input(broken: Broken, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(broken("scenario.yaml", "km: 60", "km: -60"))
    assert cli.main(["check", folder]) == 2
    told = capsys.readouterr()
    assert told.out.startswith("broken/scenario.yaml:")
    assert told.err == ""
    assert cli.main(["postures", folder]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("broken/scenario.yaml:")


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["check"],
        ["check", "nowhere"],
        ["check", "template", "--nope"],
        ["check", "template", "more"],
        ["check", "template", "--json"],
        ["check", "template", "--json", "/dev/null/x"],
        ["postures", "template", "--set", "x"],
        ["postures", "template", "--set", "=1"],
        ["postures", "template", "--set", "campaign.warning.days={"],
        ["postures", "template", "--set"],
        ["postures", "template", "--variant", "nope"],
    ],
)
def test_bad_input(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    told = capsys.readouterr().err
    assert told
    assert "Traceback" not in told


@pytest.mark.parametrize("flags", [[], ["-v"]])
def test_internal_errors_ask_for_a_report(
    flags: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("glacis.scenario.check.check", fail)
    assert cli.main(["check", "template", *flags]) == 1
    told = capsys.readouterr().err
    assert "internal error (ZeroDivisionError: oh)" in told
    assert "please report it" in told
    assert ("Traceback" in told) is bool(flags)


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("glacis.scenario.check.check", interrupt)
    assert cli.main(["check", "template"]) == 130


def test_help_without_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    assert "Usage: glacis COMMAND" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"glacis {glacis.__version__}"


def test_new_is_sound_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "a" / "mine")
    assert cli.main(["new", folder]) == 0
    assert cli.main(["check", folder]) == 0
    capsys.readouterr()
    assert cli.main(["new", folder]) == 2
    assert "not empty" in capsys.readouterr().err


def test_where(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GLACIS_HOME", "/some/home")
    assert cli.main(["where", "--json", "-"]) == 0
    folders = json.loads(capsys.readouterr().out)["folders"]
    assert folders["cache"] == str(Path("/some/home/cache"))
    monkeypatch.delenv("GLACIS_HOME")
    assert cli.main(["where"]) == 0
    assert "glacis" in capsys.readouterr().out


def test_scenarios_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scenarios", "--json", "-"]) == 0
    names = [one["name"] for one in json.loads(capsys.readouterr().out)["scenarios"]]
    assert names == sorted(names)
    assert "template" not in names


def test_colour_only_where_it_is_seen(mini_folder: Path) -> None:
    assert "\x1b[" not in run("check", str(mini_folder), NO_COLOR="1", FORCE_COLOR="").stdout
    assert "\x1b[" not in run("check", str(mini_folder)).stdout


@pytest.mark.skipif(os.name != "posix", reason="pipes break otherwise")
@pytest.mark.parametrize("arguments", ["--help", "check template", "check template --json -"])
def test_a_closed_pipe_is_no_error(arguments: str) -> None:
    command = f"{sys.executable} -m glacis {arguments} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_output_in_a_narrow_encoding(mini_folder: Path) -> None:
    done = run("postures", str(mini_folder), PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "text, parsed",
    [
        ("a.b=1", ("a.b", "1")),
        ("a.b = 1..2", ("a.b", "1..2")),
        ("a.b={low: 1, high: 2}", ("a.b", {"low": 1, "high": 2})),
        ("a.b=[x, y]", ("a.b", ["x", "y"])),
        ("a.b=null", ("a.b", None)),
        ("a.b=c=d", ("a.b", "c=d")),
    ],
)
def test_changes(text: str, parsed: tuple[str, object]) -> None:
    assert parsed_change(text) == parsed


def test_variants_come_before_replacements(mini_folder: Path) -> None:
    changes = Changes(set=("campaign.warning.days=3",), variant=("sudden",))
    scenario = changes.read(str(mini_folder))
    assert scenario.campaign.warning.days.value == 3


def test_undefined_is_null(tmp_path: Path) -> None:
    assert without_nan({"a": [float("nan"), 1.0, (float("inf"),)]}) == {"a": [None, 1.0, [None]]}
    with pytest.raises(InputError):
        write_json(str(tmp_path / "no" / "x.json"), {})


def test_public_names_are_there() -> None:
    assert sorted(glacis.__all__) == list(glacis.__all__)
    for name in glacis.__all__:
        assert getattr(glacis, name) is not None
        assert name in dir(glacis)
    with pytest.raises(AttributeError, match="no_such"):
        _ = glacis.no_such
