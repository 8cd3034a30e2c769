from __future__ import annotations

import time

import pytest

from glacis.errors import Problem
from glacis.scenario.table import read_csv
from glacis.scenario.text import Refused, plain_value, read_yaml


@pytest.mark.parametrize(
    "written, value",
    [
        ("NO", "NO"),
        ("no", "no"),
        ("true", True),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-1.5e3", -1500.0),
        (".5", 0.5),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("1_000", "1_000"),
        ("2022-02-24", "2022-02-24"),
        ("\u0665", "\u0665"),
        ("60..130", "60..130"),
    ],
)
def test_plain_values(written: str, value: object) -> None:
    assert plain_value(written) == value
    assert type(plain_value(written)) is type(value)


def test_quoted_values_and_keys_stay_text() -> None:
    tree = read_yaml("{'1': '2', NO: \"true\", 3: |\n  4\n}".replace("|\n  4\n", "'4'"), "f", [])
    assert tree.bare() == {"1": "2", "NO": "true", "3": "4"}


def test_marks_count_from_one() -> None:
    tree = read_yaml("a:\n  b: 5\n", "f.yaml", [])
    assert str(tree.content["a"].content["b"].mark) == "f.yaml:2:6"


def test_duplicate_keys_are_told_with_both_places() -> None:
    problems: list[Problem] = []
    read_yaml("a:\n  b: 1\n  c: 2\n  b: 3\n", "f", problems)
    (problem,) = problems
    assert (problem.code, problem.path, problem.mark.line) == ("duplicate-key", "a.b", 4)
    assert "line 2" in problem.repair


REFUSED = {
    "alias": "a: &x 1\nb: *x\n",
    "alias of a key": "&x a: 1\n",
    "tag": "a: !!python/object/apply:os.system [ls]\n",
    "several-documents": "a: 1\n---\nb: 2\n",
    "too-deep flow": "a: " + "[" * 100_000,
    "too-deep block": "- " * 100_000,
    "too-large text": "a" * 600_000,
    "too-large list": "[" + "1," * 200_000 + "]",
    "bad-key": "? [a]\n: 1\n",
    "control-character": "a: \x00",
    "control-character by escape": 'a: "\\e[31m"',
    "control-character in a key": '"\\e": 1',
    "control-character that turns text round": "a: \u202ex",
    "yaml-syntax tab": "\ta: 1",
    "yaml-syntax end": "a: {b: 1",
    "yaml-syntax nested": "a: b: c",
    "yaml-syntax directive": "%",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_hostile_yaml_is_refused_quickly(text: str, request: pytest.FixtureRequest) -> None:
    start = time.perf_counter()
    with pytest.raises(Refused) as caught:
        read_yaml(text, "f", [])
    assert time.perf_counter() - start < 5
    problem = caught.value.problem
    assert request.node.callspec.id.startswith(problem.code)
    assert problem.mark.line >= 1
    assert problem.repair


def test_tables_are_records_by_id() -> None:
    text = '# comment\nid,name,km,km.source,km.note\n\na,"A ""one"", b",1..2,x,"n, m"\nb,104,7,,\n'
    tree = read_csv(text, "t.csv", [])
    assert tree.bare() == {
        "a": {"name": 'A "one", b', "km": {"low": 1, "high": 2, "source": "x", "note": "n, m"}},
        "b": {"name": "104", "km": "7"},
    }
    km = tree.content["a"].content["km"]
    assert (km.mark.line, km.mark.column) == (4, 18)


def test_cells_attached_to_nothing_are_left_out() -> None:
    assert read_csv("id,km,km.source\na,,x\n", "t", []).bare() == {"a": {}}


@pytest.mark.parametrize(
    "text, code, line",
    [
        ("", "bad-table", 1),
        ("name\nx\n", "bad-table", 1),
        ("id,x,x\n", "bad-table", 1),
        ("id,,x\n", "bad-table", 1),
        ("id;name\n", "bad-table", 1),
        ("id,x\na,\x1b\n", "control-character", 2),
        ("id" + ",x" * 100_000, "bad-table", 1),
    ],
)
def test_no_table(text: str, code: str, line: int) -> None:
    with pytest.raises(Refused) as caught:
        read_csv(text, "t", [])
    assert (caught.value.problem.code, caught.value.problem.mark.line) == (code, line)


@pytest.mark.parametrize(
    "row, code, column",
    [
        ("a", "bad-table", 1),
        ("a,1,2", "bad-table", 1),
        ('a"b,1', "bad-table", 1),
        ('a,"1', "bad-table", 3),
        ('a,"1"x', "bad-table", 3),
        ("," * 100_000, "too-large", 501),
        ("a" * 5_000 + ",1", "too-large", 1),
        (" " * 300_000 + 'x"', "bad-table", 1),
        ("b,2", "duplicate-key", 1),
    ],
)
def test_broken_rows_leave_the_others(row: str, code: str, column: int) -> None:
    problems: list[Problem] = []
    tree = read_csv(f"id,x\nb,1\n{row}\nc,2\n", "t", problems, path="p")
    (problem,) = problems
    assert (problem.code, problem.mark.line, problem.mark.column) == (code, 3, column)
    assert list(tree.content) == ["b", "c"]


def test_a_table_of_too_many_cells() -> None:
    with pytest.raises(Refused) as caught:
        read_csv("id,x\n" + "a,1\n" * 40_000, "t", [])
    assert caught.value.problem.code == "too-large"
