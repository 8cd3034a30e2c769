"""The tree of a game: every way is named, and what is too large is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gametrees import SIGNAL, pennies, random_game
from glacis.crisis.efg import read_efg
from glacis.crisis.equilibrium import solve
from glacis.errors import InputError
from glacis.figures import theme, tree


def words(found: object) -> list[str]:
    (ax,) = found.axes  # type: ignore[attr-defined]
    return [text.get_text() for text in ax.texts]


def test_every_way_and_every_end_is_told() -> None:
    found = solve(read_efg(SIGNAL), precision=5.0)
    told = words(tree.tree_figure(found))
    assert len(told) == 14 + 8
    assert "Strong 50 %" in told
    assert "Up 99 %" in told
    assert "49 %  1, 0" in told
    assert any(text.startswith("<0.1 %") for text in told)


def test_ways_are_as_thick_as_they_are_likely() -> None:
    found = solve(read_efg(SIGNAL), precision=5.0)
    (ax,) = tree.tree_figure(found).axes
    widths = sorted(line.get_linewidth() for line in ax.lines if len(line.get_xdata()) == 3)
    assert widths[0] == pytest.approx(tree.THIN, abs=0.05)
    assert widths[-1] == pytest.approx(tree.THIN + (tree.THICK - tree.THIN) / 2)


def test_sides_have_their_colours() -> None:
    game = replace(pennies(), players=("Red", "blue"))
    assert tree._colour(game, 0) == theme.RED
    assert tree._colour(game, 1) == theme.BLUE
    assert tree._colour(pennies(), 0) not in (theme.RED, theme.BLUE)


def test_the_same_tree_is_the_same_text() -> None:
    found = solve(random_game(4, leaves=20), precision=2.0)
    assert tree.as_svg(tree.tree_figure(found)) == tree.as_svg(tree.tree_figure(found))


def test_too_many_leaves_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_LEAVES", 3)
    with pytest.raises(InputError, match="has 4 leaves, and at most 3 can be drawn"):
        tree.tree_figure(solve(pennies(), precision=1.0))
