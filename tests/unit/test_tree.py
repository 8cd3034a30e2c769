from __future__ import annotations

import pytest

from glacis.errors import Mark
from glacis.scenario.quantity import Provenance
from glacis.scenario.text import read_yaml
from glacis.scenario.tree import Node, merged

TEXT = """\
source: file
confidence: high
a:
  x: 1
  y: {low: 1, high: 2, source: own, confidence: low}
b:
  source: [one, two]
  list: [1, {k: 2, note: here}]
  "c.d": 3
"""


@pytest.fixture
def tree() -> Node:
    return read_yaml(TEXT, "f", []).rooted()


def test_paths_lead_to_nodes(tree: Node) -> None:
    for path, line in (("a.x", 4), ("b.list.1.k", 8)):
        node = tree.get(path)
        assert node is not None
        assert (node.path, node.mark.line) == (path, line)
    for missing in ("a.z", "b.list.9", "b.list.x", "a.x.y", "b.list.-1", "b.list.\u0661"):
        assert tree.get(missing) is None
    assert tree.get("") is tree


def test_nearest_is_the_deepest_there_is(tree: Node) -> None:
    assert tree.nearest(["a", "q", "r"]).path == "a"


def test_provenance_comes_from_above_until_a_source_is_given(tree: Node) -> None:
    def provenance(path: str) -> Provenance:
        node = tree.get(path)
        assert node is not None
        return node.provenance

    assert provenance("a.x") == Provenance("file", "high")
    assert provenance("a.y") == Provenance("own", "low")
    assert provenance("b.list.0") == Provenance("one; two")
    assert provenance("b.list.1.k") == Provenance("one; two", "", "here")
    assert provenance("a.y").place == Mark("f", 5, 32)


@pytest.mark.parametrize(
    "pattern, found",
    [
        ("a.x", ["a.x"]),
        ("a.*", ["a.x", "a.y"]),
        ("*.list.?", ["b.list.0", "b.list.1"]),
        ("b.c*", []),
        ("nothing.*", []),
    ],
)
def test_patterns(tree: Node, pattern: str, found: list[str]) -> None:
    assert tree.match(pattern) == found


def test_with_child_leaves_the_original(tree: Node) -> None:
    a = tree.get("a")
    assert a is not None
    assert a.with_child("x", None).get("x") is None
    assert a.get("x") is not None
    items = tree.get("b.list")
    assert items is not None
    assert len(items.with_child("0", None).content) == 1
    assert items.with_child("0", Node(7, Mark("g"))).bare()[0] == 7


def test_what_was_copied_keeps_its_path(tree: Node) -> None:
    x = tree.get("a.x")
    assert x is not None
    copied = Node({"m": x}, Mark("g")).rooted()
    assert copied.content["m"].path == "a.x"
    assert x.relabelled("q").path == "q"


def test_plain_values_remember(tree: Node) -> None:
    plain = tree.plain()
    assert plain["a"]["x"] == 1
    assert plain["a"]["x"].path == "a.x"
    assert plain["a"]["y"].provenance.source == "own"


def test_bare_has_no_memory(tree: Node) -> None:
    assert type(tree.bare()["a"]["x"]) is int


def test_merging_replaces_numbers_and_removes_by_null() -> None:
    base = read_yaml("s: {a: {low: 1, high: 2}, b: 2, c: 3}", "base", []).rooted()
    over = read_yaml("s: {a: 5, b: null, d: {e: 1}}", "over", []).rooted()
    assert merged(base, over).bare() == {"s": {"a": 5, "c": 3, "d": {"e": 1}}}


def test_a_base_does_not_vouch_for_what_is_laid_on_it() -> None:
    base = read_yaml("s: {source: good, confidence: high, r: {a: 1, b: 2}}", "base", []).rooted()
    over = read_yaml("s: {r: {b: 3}}", "over", []).rooted()
    both = merged(base, over).rooted()
    kept, new = both.get("s.r.a"), both.get("s.r.b")
    assert kept is not None
    assert new is not None
    assert kept.provenance.source == "good"
    assert new.provenance.source == ""
