"""Whatever is done to a scenario's files: never a traceback, always a place and a repair."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glacis.cli import main
from glacis.errors import InputError, Problem
from glacis.scenario.check import Report, check
from glacis.scenario.edit import flow
from glacis.scenario.read import read_document, read_scenario
from glacis.scenario.text import CONTROL

MINI = Path(__file__).parents[1] / "scenarios" / "mini"
FILES = sorted(path.name for path in MINI.iterdir() if path.suffix in (".yaml", ".csv"))
WHOLE: dict[str, Any] = read_document(MINI).document.tree.bare()

quickly = settings(
    max_examples=60,
    deadline=10_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@contextmanager
def folder_with(files: dict[str, bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "broken"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        yield folder


def assert_told(problem: Problem, folder: Path) -> None:
    """The problem has a code, a place that exists, and a repair, on one line."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", problem.code), problem
    assert problem.what, problem
    assert problem.repair, problem
    assert "\n" not in str(problem), problem
    assert not CONTROL.search(str(problem)), problem
    assert len(problem.what) < 600, problem
    name = problem.mark.file.partition("/")[2]
    text = (folder / name).read_bytes().decode("utf-8", "replace")
    assert 1 <= problem.mark.line <= text.count("\n") + 1, problem
    assert problem.mark.column >= 1, problem


def assert_handled(folder: Path) -> Report:
    """Check tells everything properly, and reading agrees with it."""
    report = check(folder)
    for problem in report.problems:
        assert_told(problem, folder)
    assert len(set(report.problems)) == len(report.problems)
    if report.is_sound:
        scenario = read_scenario(folder)
        for name in scenario.postures:
            scenario.posture(name)
        for name in scenario.variants:
            scenario.variant(name)
    return report


def with_files(changed: dict[str, bytes]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in MINI.iterdir()} | changed


# What people and machines write by mistake, and what malice would.
junk_text = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "-", "?", ":", "{", "}", "[", "]", ",", "&a", "*a", "!!str", "|", ">", "'", '"',
         "#", "%", "@", "`", "\t", "\n", "\r", "\x00", "\ufeff", "\u2028", "NO", "null", "~",
         "true", "1..2", "2..1", "1..2..3..4", "1e999", "-1", "9" * 40, ".nan", "0x1", "{at}",
         "..", "*", "a.b", "<<", "<script>", "[red]x[/red]", "\U0001f4a5", "\u202e", "a" * 5_000]
    ),
)  # fmt: skip


@st.composite
def edited_texts(draw: st.DrawFn) -> dict[str, bytes]:
    """One file with some lines dropped, doubled, moved, pushed in, or written over."""
    name = draw(st.sampled_from(FILES))
    lines = (MINI / name).read_text(encoding="utf-8").split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        cut = draw(st.integers(0, len(line)))
        junk = draw(junk_text)
        edit = draw(st.sampled_from(["drop", "double", "push", "insert", "over", "cut", "value"]))
        match edit:
            case "drop":
                lines[at : at + draw(st.integers(1, 4))] = []
            case "double":
                lines.insert(at, line)
            case "push":
                lines[at] = " " * draw(st.integers(1, 5)) + line
            case "insert":
                lines[at] = line[:cut] + junk + line[cut:]
            case "over":
                lines[at] = line[:cut] + junk
            case "cut":
                lines = [*lines[:at], line[:cut]]
            case "value":
                key, colon, _ = line.partition(": ")
                lines[at] = f"{key}{colon}{junk}"
        lines = lines or [""]
    return {name: "\n".join(lines).encode("utf-8", "surrogatepass")}


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    junk_text,
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        | st.fixed_dictionaries(
            {}, optional={"low": inner, "mode": inner, "high": inner, "value": inner, "unit": inner}
        )
    ),
    max_leaves=6,
)
DEEP: Any = 1
for _ in range(60):
    DEEP = {"a": [DEEP]}
HUGE = {f"k{number}": {"x": number} for number in range(3_000)}


def paths_in(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = content.items() if isinstance(content, dict) else ()
    if isinstance(content, list):
        members = enumerate(content)
    for key, child in members:
        yield (*path, key)
        yield from paths_in(child, (*path, key))


PATHS = list(paths_in(WHOLE))


def changed(content: Any, path: tuple[Any, ...], edit: str, value: Any) -> Any:
    """A copy of the content with what is at the path replaced, dropped, renamed or added to."""
    key, *rest = path
    copy = content.copy()
    if rest:
        copy[key] = changed(copy[key], tuple(rest), edit, value)
    elif edit == "drop":
        del copy[key]
    elif edit == "rename" and isinstance(copy, dict):
        copy[str(value)[:2_000]] = copy.pop(key)
    elif edit == "add" and isinstance(copy[key], dict):
        copy[key] = copy[key] | {"extra": value}
    else:
        copy[key] = value
    return copy


@st.composite
def edited_trees(draw: st.DrawFn) -> Any:
    """The whole scenario with values of any kind where others stood."""
    content: Any = WHOLE
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PATHS))
        edit = draw(st.sampled_from(["replace", "replace", "drop", "rename", "add"]))
        other = st.sampled_from(PATHS).map(lambda at: at[-1])
        value = draw(values | other | st.sampled_from([DEEP, HUGE]))
        try:
            content = changed(content, path, edit, value)
        except (KeyError, IndexError, AttributeError, TypeError):
            continue  # an edit before took that place away
    return content


@quickly
@given(files=edited_texts())
def test_edited_texts(files: dict[str, bytes]) -> None:
    with folder_with(with_files(files)) as folder:
        assert_handled(folder)


@quickly
@given(content=edited_trees())
def test_edited_trees(content: Any) -> None:
    if not isinstance(content, dict):
        return
    text = "".join(f"{flow(key)}: {flow(value)}\n" for key, value in content.items())
    files = {"all.yaml": text.encode("utf-8", "surrogatepass")}
    files["references.bib"] = (MINI / "references.bib").read_bytes()
    with folder_with(files) as folder:
        assert_handled(folder)


@quickly
@given(
    name=st.sampled_from([*FILES, "references.bib", "x.yaml", "x.y.csv", "z.yml"]),
    content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-16")),
)
def test_any_bytes(name: str, content: bytes) -> None:
    with folder_with(with_files({name: content})) as folder:
        assert_handled(folder)


@quickly
@given(
    rows=st.lists(
        st.lists(st.text(max_size=8) | st.sampled_from(["tanks-1", "RED", "alpha", '"', "1..2"])),
        max_size=6,
    )
)
def test_any_table(rows: list[list[str]]) -> None:
    top = "id,name,nation,type,parent,start,people,strength,notice_hours\n"
    body = "\n".join(",".join(cells) for cells in rows)
    content = (top + body).encode("utf-8", "surrogatepass")
    with folder_with(with_files({"forces.red.csv": content})) as folder:
        assert_handled(folder)


@quickly
@given(
    path=st.lists(
        st.sampled_from(["forces", "red", "*", "tanks-1", "strength", "campaign", "x", "?", "["])
        | st.text(max_size=4),
        max_size=5,
    ).map(".".join),
    value=values,
)
def test_any_override(path: str, value: Any) -> None:
    scenario = read_scenario(MINI)
    with suppress(InputError):
        scenario.replace({path: value})


@settings(max_examples=25, deadline=10_000)
@given(files=edited_texts())
def test_the_command_never_ends_in_an_internal_error(files: dict[str, bytes]) -> None:
    with folder_with(with_files(files)) as folder:
        assert main(["check", str(folder), "-q"]) in (0, 2)
        assert main(["postures", str(folder), "-q"]) in (0, 2)


@pytest.mark.parametrize("name", FILES)
def test_a_file_gone(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(MINI, folder)
    (folder / name).unlink()
    report = assert_handled(folder)
    assert not report.is_sound
