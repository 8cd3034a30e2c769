"""Uploaded scenarios: checked like any other, kept in one folder, gone when the server is."""

from __future__ import annotations

from pathlib import Path

import pytest

from glacis.errors import InputError, ScenarioError
from glacis.scenario.read import bundled_names
from glacis.web.library import MOST_UPLOADS, UPLOAD, Library

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def files_of(name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (SCENARIOS / name).iterdir() if path.is_file()}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def test_a_sound_one_is_kept(library: Library) -> None:
    name, scenario = library.add(files_of("mini"))
    assert name.startswith(UPLOAD)
    assert library.names()[-1] == name
    assert library.scenario(name) is scenario
    assert library.add(files_of("mini"))[0] == name
    assert Path(library.folder(name)).is_dir()


def test_a_broken_one_tells_every_problem_and_leaves_nothing(
    library: Library, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as told:
        library.add(files_of("broken"))
    assert len(told.value.problems) > 3
    assert list(tmp_path.iterdir()) == []
    report = library.check(files_of("broken"))
    assert not report.is_sound
    for problem in (*told.value.problems, *report.problems):
        assert problem.mark.file in files_of("broken")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../x.yaml", "/etc/x.yaml", "a/b.yaml", ".hidden.yaml", "x.exe", "", "x.yaml\n", "x" * 99],
)
def test_names_that_lead_elsewhere_are_refused(library: Library, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="is no name of a scenario's file"):
        library.add({name: b"format: 1"})
    assert list(tmp_path.iterdir()) == []


def test_how_many_is_capped(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give 1 to"):
        library.add({})
    with pytest.raises(InputError, match="give 1 to"):
        library.add({f"{k}.yaml": b"" for k in range(99)})
    files = files_of("mini")
    first, _ = library.add(files)
    for k in range(MOST_UPLOADS):
        library.add({**files, "scenario.yaml": files["scenario.yaml"] + b"\n# %d\n" % k})
    assert first not in library.names()
    with pytest.raises(InputError, match="no scenario"):
        library.scenario(first)
    assert len(list(tmp_path.iterdir())) == MOST_UPLOADS


def test_heads_are_those_of_the_scenarios(library: Library) -> None:
    name, _ = library.add(files_of("mini"))
    heads = library.heads()
    assert [head["id"] for head in heads] == [*bundled_names(), name]
    for head in heads:
        one = library.scenario(head["id"])
        assert (head["title"], head["date"]) == (one.title, one.date)
        assert head["description"] == one.description
