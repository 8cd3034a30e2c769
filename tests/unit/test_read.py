from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from glacis.errors import InputError, ScenarioError
from glacis.scenario.model import Scenario
from glacis.scenario.read import bundled_names, examine, read_document, read_scenario

Broken = Callable[..., Path]


def problems(folder: Path) -> list[tuple[str, str, str]]:
    """Place, code and path of everything wrong."""
    found = examine(folder).problems
    return [(str(problem.mark), problem.code, problem.path) for problem in found]


def test_every_number_knows_its_path_and_source(mini: Scenario) -> None:
    numbers = dict(mini.quantities())
    assert all(path == number.path for path, number in numbers.items())
    assert all(number.source and number.confidence for number in numbers.values())
    assert numbers["theatre.legs.a-b.km"].source == "mini-survey"
    assert numbers["forces.red.tanks-1.people"].source == "mini-survey"
    assert numbers["forces.red.tanks-2.people"].source == "elicited"
    assert numbers["forces.blue.garrison.strength"].low == 0.8


def test_norway_and_names_of_digits(mini: Scenario) -> None:
    assert mini.nations["NO"].name == "NO is Norway, not false"
    assert mini.theatre.places["charlie"].nation == "NO"
    assert mini.forces.red["tanks-2"].name == "104"


def test_a_file_may_be_named_or_its_folder(mini_folder: Path, tmp_path: Path) -> None:
    assert read_scenario(mini_folder).name == "mini"
    single = tmp_path / "alone.yaml"
    single.write_text("extends: baltic\ntitle: Alone\n", encoding="utf-8")
    scenario = read_scenario(single)
    assert (scenario.name, scenario.title) == ("alone", "Alone")


@pytest.mark.parametrize("where", ["", "no-such", "a\0b", "x" * 5_000, "/dev/null/x"])
def test_nothing_to_read(where: str) -> None:
    with pytest.raises(InputError, match="give a"):
        read_scenario(where)


def test_a_folder_without_scenario_does_not_hide_a_bundled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "baltic").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_document("baltic").document.name == "baltic"
    assert read_document("baltic").document.folder.parent.name == "scenarios"


def test_files_share_a_section_but_not_what_they_say_at_its_top(tmp_path: Path) -> None:
    def number(path: str) -> str:
        node = read_document(tmp_path).document.tree.get(path)
        assert node is not None
        return node.provenance.source

    (tmp_path / "a.yaml").write_text("source: one\ns: {x: 1, t: {p: 1}}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("source: two\ns: {y: 1, t: {q: 1}}\n", encoding="utf-8")
    found = [number(path) for path in ("s.x", "s.y", "s.t.p", "s.t.q")]
    assert found == ["one", "two", "one", "two"]


def test_what_two_files_give_is_told(broken: Broken) -> None:
    folder = broken("x.yaml", "", "theatre: {legs: {a-b: {km: 5}}}\ntitle: Again\n")
    assert problems(folder) == [
        ("broken/x.yaml:1:28", "duplicate-key", "theatre.legs.a-b.km"),
        ("broken/x.yaml:2:8", "duplicate-key", "title"),
    ]


def test_a_byte_order_mark_and_windows_lines_change_nothing(broken: Broken, mini: Scenario) -> None:
    folder = broken("scenario.yaml")
    for path in folder.iterdir():
        text = path.read_bytes().replace(b"\n", b"\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text)
    assert read_scenario(folder).document.sha256 == mini.document.sha256
    assert read_scenario(folder) is not mini


@pytest.mark.parametrize(
    "name, text, code",
    [
        ("x.yaml", b"", "empty-file"),
        ("x.yaml", b"# nothing\n", "empty-file"),
        ("x.yaml", b"- 1\n", "wrong-type"),
        ("x.yaml", b"\xff\xfe", "not-utf8"),
        ("x.yaml", b"a: 1\n" * 500_000, "too-large"),
        ("x.yml", b"a: 1\n", "file-ending"),
        ("a..b.csv", b"id\n", "bad-table"),
        ("a.b.c.d.e.csv", b"id\n", "bad-table"),
        ("references.bib", b"\xff", "not-utf8"),
    ],
)
def test_files_that_cannot_be_read(broken: Broken, name: str, text: bytes, code: str) -> None:
    folder = broken("scenario.yaml")
    (folder / name).write_bytes(text)
    (found,) = examine(folder).problems
    assert (found.code, found.mark.file) == (code, f"broken/{name}")


def test_a_file_that_cannot_be_read_is_not_missed_elsewhere(broken: Broken) -> None:
    folder = broken("scenario.yaml", "nations:", "nations: [", "km: 60", "km: -60")
    assert [code for _, code, _ in problems(folder)] == ["yaml-syntax"]
    folder = broken("measures.yaml", "one_off_meur: 2\n", "one_off_meur: -2\n")
    codes = [code for _, code, _ in problems(folder)]
    assert codes == ["yaml-syntax", "out-of-bounds"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_links_pipes_and_folders_are_no_files(broken: Broken) -> None:
    folder = broken("scenario.yaml")
    os.mkfifo(folder / "a.yaml")
    (folder / "b.yaml").mkdir()
    (folder / "c.yaml").symlink_to("/dev/zero")
    (folder / "d.yaml").symlink_to("nowhere.yaml")
    (folder / ".hidden.yaml").write_text("x: 1\n")
    found = [problem.code for problem in examine(folder).problems]
    assert found == ["unreadable", "unreadable", "symlink", "unreadable"]


def test_too_many_files(tmp_path: Path) -> None:
    for number in range(70):
        (tmp_path / f"{number}.yaml").write_text("a: 1\n")
    with pytest.raises(InputError, match="more than 64 files"):
        read_scenario(tmp_path)


def test_a_newer_format_is_the_only_problem(broken: Broken) -> None:
    folder = broken("scenario.yaml", "format: 1", "format: 2\nbrand_new: 1")
    assert problems(folder) == [("broken/scenario.yaml:2:9", "newer-format", "format")]


@pytest.mark.parametrize("name", ["baltic", "base.yaml", "base"])
def test_extends(tmp_path: Path, mini_folder: Path, name: str) -> None:
    folder = tmp_path / "laid"
    folder.mkdir()
    (folder / "base").mkdir()
    for path in mini_folder.iterdir():
        shutil.copy(path, folder / "base")
    (tmp_path / "base.yaml").write_text("x: 1\n")
    (folder / "on.yaml").write_text(f"title: Laid\nextends: {name}\n", encoding="utf-8")
    found = examine(folder)
    if name == "base.yaml":
        assert [problem.code for problem in found.problems] == ["unknown-scenario"]
    else:
        assert not found.problems
        assert found.scenario is not None
        assert found.scenario.title == "Laid"
        assert found.scenario.document.sha256 != read_scenario(mini_folder).document.sha256


def test_a_single_file_extends_its_neighbour(tmp_path: Path, mini_folder: Path) -> None:
    shutil.copytree(mini_folder, tmp_path / "all")
    over = tmp_path / "over.yaml"
    over.write_text("extends: all\ntheatre: {legs: {a-b: {km: 50}}}\n", encoding="utf-8")
    found = examine(over)
    assert [(problem.code, problem.path) for problem in found.problems] == [
        ("missing-source", "theatre.legs.a-b.km")
    ]


@pytest.mark.parametrize(
    "written",
    ["..", "../broken", "/etc", "no-such", "balti", "[a]", "", "scenario.yaml", "a/../../b"],
)
def test_extends_never_leads_out(broken: Broken, written: str) -> None:
    folder = broken("x.yaml", "", f"extends: {written}\n")
    (found,) = problems(folder)
    assert found[1:] == ("unknown-scenario", "extends")


def test_scenarios_that_extend_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    found = examine(tmp_path / "a.yaml").problems
    assert [problem.code for problem in found] == ["unknown-scenario"]


@pytest.mark.parametrize(
    "inherits, code", [("types", ""), ("[types, nope]", "unknown-key"), ("{a: 1}", "wrong-type")]
)
def test_inherits(tmp_path: Path, inherits: str, code: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"extends: baltic\ninherits: {inherits}\n", encoding="utf-8")
    found = read_document(path)
    assert [problem.code for problem in found.problems] == ([code] if code else [])
    assert found.document.tree.child("forces") is None


def test_all_problems_are_raised_at_once(broken: Broken) -> None:
    folder = broken("scenario.yaml", "km: 60", "km: -60", "start: charlie", "start: charly")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(folder)
    assert [problem.code for problem in caught.value.problems] == ["out-of-bounds", "unknown-place"]
    assert str(caught.value).splitlines() == [
        "broken/scenario.yaml:30:41 theatre.legs.b-c.km: must be > 0 km (got -60); "
        "give a value in km above 0",
        "broken/scenario.yaml:53:14 forces.blue.garrison.start: there is no place 'charly'; "
        "did you mean charlie?",
    ]


def test_bundled_names() -> None:
    assert "baltic" in bundled_names()
    assert "template" not in bundled_names()


def test_replacements_at_reading(mini_folder: Path) -> None:
    scenario = read_scenario(mini_folder, replace={"campaign.warning.days": 2})
    assert scenario.campaign.warning.days.value == 2
