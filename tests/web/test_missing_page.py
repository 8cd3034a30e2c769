"""A copy of glacis that lost its page says so, and what to do, before it listens."""

from __future__ import annotations

from pathlib import Path

import pytest

from glacis.cli import main
from glacis.errors import InputError
from glacis.web import app
from glacis.web.app import PAGE, page_folder


def test_the_page_is_here() -> None:
    assert all((page_folder() / name).is_file() for name in PAGE)


@pytest.mark.parametrize("lost", PAGE)
def test_a_lost_file_is_named_with_the_repair(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lost: str
) -> None:
    folder = tmp_path / "web" / "static"
    folder.mkdir(parents=True)
    for name in set(PAGE) - {lost}:
        (folder / name).touch()
    monkeypatch.setattr(app, "files", lambda _: tmp_path)
    with pytest.raises(InputError, match=f"{lost}.*npm --prefix web run build"):
        page_folder()


def test_the_command_ends_loudly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "files", lambda _: tmp_path)
    assert main(["serve", "--port", "0"]) == 2
    said = capsys.readouterr()
    assert "npm --prefix web run build" in said.err.replace("\n", " ")
    assert "glacis is at" not in said.out
