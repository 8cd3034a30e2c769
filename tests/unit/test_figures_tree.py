"""The tree of a game: every way is named, what is rare is folded, what is too large is refused."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from typing import Any

import matplotlib.text
import pytest

from gametrees import SIGNAL, pennies, random_game
from glacis.crisis.efg import read_efg
from glacis.crisis.equilibrium import Equilibrium, solve
from glacis.crisis.tree import Game, InformationSet, Node, Outcome
from glacis.errors import InputError
from glacis.figures import theme, tree

LONG = "The Baltic states, 2022: The stauncher presence: world 42 of seed 1, as Red sees it"


def words(found: Any) -> list[str]:
    (ax,) = found.axes
    return [text.get_text() for text in ax.texts]


def subtitle(figure: Any) -> str:
    return " ".join(figure.texts[1].get_text().split())


def bows(figure: Any) -> list[Any]:
    (ax,) = figure.axes
    return list(ax.patches)


def assert_legible(figure: Any) -> None:
    """No words leave the sheet or lie on others."""
    figure.canvas.draw()
    found = [text for text in figure.findobj(matplotlib.text.Text) if text.get_text().strip()]
    boxes = [
        (one.get_text(), matplotlib.text.Text.get_window_extent(one).padded(-1.0)) for one in found
    ]
    for told, box in boxes:
        assert min(box.x0, box.y0) >= 0, told
        assert box.x1 <= figure.bbox.x1, told
        assert box.y1 <= figure.bbox.y1, told
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        apart = min(a.x1, b.x1) <= max(a.x0, b.x0) or min(a.y1, b.y1) <= max(a.y0, b.y0)
        assert apart, (one, other)


def choice(*payoffs: tuple[float, ...], players: tuple[str, ...] = ("Red", "blue")) -> Game:
    """One player's choice among ways that all end at once."""
    actions = tuple(f"a{k}" for k in range(len(payoffs)))
    nodes = (Node(-1, 0, 0), *(Node(0, k, -1, k) for k in range(len(payoffs))))
    return Game(players, (InformationSet(0, 1, actions),), nodes, tuple(map(Outcome, payoffs)))


@pytest.fixture(scope="module")
def large() -> Equilibrium:
    return solve(random_game(11, leaves=120, seen=0.3), precision=1.0)


def test_every_way_and_every_end_is_told() -> None:
    found = solve(read_efg(SIGNAL), precision=5.0)
    told = words(tree.tree_figure(found))
    assert len(told) == 14 + 2 * 8
    assert "Strong 50 %" in told
    assert "Up 99 %" in told
    assert told[14:16] == ["49 %", "Wesley 1, Prince 0"]
    assert "Wesley 0, Prince \N{MINUS SIGN}2" in told
    assert "<0.1 %" in told


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


@pytest.mark.parametrize(
    "values, told",
    [
        ((0.000706, -1.05), ["0.00", "\N{MINUS SIGN}1.05"]),
        ((-4.0, 1.0), ["\N{MINUS SIGN}4", "1"]),
        ((0.5, 12.0), ["0.5", "12.0"]),
        ((-0.001, 1 / 3), ["\N{MINUS SIGN}0.001", "0.333"]),
        ((-0.001, 4 / 3), ["0.00", "1.33"]),
        ((1234.5678, -99.0), ["1,235", "\N{MINUS SIGN}99"]),
        ((0.1 + 0.2, 0.0), ["0.3", "0.0"]),
        ((1000.01, 1000.02), ["1,000.01", "1,000.02"]),
        ((0.0, 0.0), ["0", "0"]),
    ],
)
def test_payoffs_have_as_many_decimals_as_their_range_asks_for(
    values: tuple[float, ...], told: list[str]
) -> None:
    decimals = tree._decimals([*values])
    assert [tree._number(value, decimals) for value in values] == told


def test_payoffs_are_told_by_player() -> None:
    told = words(tree.tree_figure(solve(choice((0.25, -1.0), (-0.5, 1 / 3)), precision=1.0)))
    assert "Red 0.25, blue \N{MINUS SIGN}1.00" in told
    assert "Red \N{MINUS SIGN}0.50, blue 0.33" in told


@pytest.mark.parametrize(
    "precision, told",
    [
        (24.2416, "at precision 24.2"),
        (5.0, "at precision 5"),
        (1234.5, "at precision 1,230"),
        (math.inf, "in the limit"),
    ],
)
def test_the_precision_has_three_digits(precision: float, told: str) -> None:
    assert tree._precision(precision) == told


@pytest.mark.parametrize("leaves", [12, 40])
def test_a_small_tree_is_not_folded(leaves: int) -> None:
    found = solve(random_game(2, leaves=leaves), precision=3.0)
    figure = tree.tree_figure(found)
    nodes = len(found.game.nodes)
    assert len(words(figure)) == nodes - 1 + 2 * leaves
    assert "Folded" not in subtitle(figure)
    knots = tree.folded(found, 0.0)
    assert [knot.nodes for knot in knots] == [(n,) for n in range(nodes)]
    assert [knot.parent for knot in knots] == [node.parent for node in found.game.nodes]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("least", [0.002, 0.01, 0.1, 1.0])
def test_folding_keeps_every_leaf_and_all_probability(seed: int, least: float) -> None:
    found = solve(random_game(seed, leaves=60, players=3), precision=2.0)
    reached = found.reached()
    knots = tree.folded(found, least)
    ends = [knot for knot in knots if knot.ends]
    assert sum(knot.ends for knot in ends) == len(found.game.terminals)
    assert math.fsum(reached[n] for knot in ends for n in knot.nodes) == pytest.approx(1.0)
    for knot in knots[1:]:
        assert {found.game.nodes[n].parent for n in knot.nodes} == {*knots[knot.parent].nodes}
        if not knot.ends:
            assert reached[knot.nodes[0]] >= least
        elif not tree._is_plain(found.game, knot):
            assert math.fsum(reached[n] for n in knot.nodes) < least
    assert knots[0] == ((0,), -1, 0, 0)


def test_the_words_at_the_ends_add_up(large: Equilibrium) -> None:
    told = [share for share, _ in tree._end_words(large, tree.folded(large, tree.FOLD)) if share]
    shares = [float(found[1]) for share in told if (found := re.search(r"([\d.]+) %$", share))]
    counts = [int(found[1]) for share in told if (found := re.match(r"(\d+) ends, ", share))]
    assert len(shares) == len(told) < 40
    assert math.fsum(shares) == pytest.approx(100.0, abs=0.1 * len(told))
    plain = len(told) - len(counts)
    assert sum(counts) + plain == 120
    assert subtitle(tree.tree_figure(large)).endswith(
        "Folded is what is less likely than 1 %: an open triangle stands for as many ends as it "
        f"says, all triangles for {sum(counts)} of 120."
    )


def test_a_folded_tree_is_as_high_as_what_is_drawn(large: Equilibrium) -> None:
    knots = tree.folded(large, tree.FOLD)
    figure = tree.tree_figure(large)
    rows = sum(knot.ends > 0 for knot in knots)
    frame = tree.HEAD + 3 * tree.LINE + tree.FOOT
    assert figure.get_size_inches()[1] == pytest.approx(frame + rows * tree.LEAF)
    (ax,) = figure.axes
    assert sum(line.get_marker() == "<" for line in ax.lines) == sum(
        tree._is_folded(large.game, knot) for knot in knots
    )


def test_rare_ways_from_one_node_share_a_row_named_after_them() -> None:
    rare = solve(choice((9.0, 0.0), (0.0, 1.0), (0.0, 2.0)), precision=1.0)
    knots = tree.folded(rare, 0.01)
    assert [knot.nodes for knot in knots] == [(0,), (1,), (2, 3)]
    assert tree._way_words(rare, knots)[1:] == ["a0 100 %", "a1, a2 <0.1 %"]
    assert tree._end_words(rare, knots)[2] == ("2 ends, <0.1 %", "")
    many = solve(choice((20.0, 0.0), *((0.0, 1.0) for _ in range(12))), precision=1.0)
    assert tree._way_words(many, tree.folded(many, 0.01))[2] == "12 others <0.1 %"


def test_dotted_lines_join_only_what_is_drawn(large: Equilibrium) -> None:
    game, knots = large.game, tree.folded(large, tree.FOLD)
    drawn = {knot.nodes[0] for knot in knots if not knot.ends}
    joined = [len(drawn & {*game.members(k)}) for k in game.decisions]
    assert len(bows(tree.tree_figure(large))) == sum(max(0, count - 1) for count in joined) > 0
    everywhere = sum(len(game.members(k)) - 1 for k in game.decisions)
    assert len(bows(tree.tree_figure(large))) < everywhere


def test_the_subtitle_explains_only_what_is_there() -> None:
    told = subtitle(tree.tree_figure(solve(choice((1.0, 0.0), (0.0, 1.0)), precision=1.0)))
    assert told.startswith("Players: Red (circle), blue (square). Ways")
    told = subtitle(tree.tree_figure(solve(read_efg(SIGNAL), precision=5.0)))
    assert "open circles are chance; dotted lines join" in told


@pytest.mark.parametrize("leaves, players", [(3, 1), (12, 2), (30, 4), (120, 2), (390, 3)])
def test_nothing_leaves_the_sheet(leaves: int, players: int) -> None:
    game = random_game(leaves, leaves=leaves, players=players)
    names = ("The alliance of the north and of the sea", "Red", "blue", "A third party")[:players]
    titled = replace(game, title=f"{LONG}, and {LONG}", players=names)
    assert_legible(tree.tree_figure(solve(titled, precision=2.0)))


def test_long_names_of_actions_stay_clear_of_what_follows() -> None:
    actions = ("a very long name of an action", "another long name of an action")
    game = read_efg(SIGNAL)
    sets = tuple(replace(one, actions=actions) for one in game.sets)
    assert_legible(tree.tree_figure(solve(replace(game, sets=sets), precision=5.0)))


def test_the_same_tree_is_the_same_text(large: Equilibrium) -> None:
    for found in (solve(random_game(4, leaves=20), precision=2.0), large):
        assert tree.as_svg(tree.tree_figure(found)) == tree.as_svg(tree.tree_figure(found))


def test_too_many_leaves_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_LEAVES", 3)
    with pytest.raises(InputError, match="has 4 leaves, and at most 3 can be drawn"):
        tree.tree_figure(solve(pennies(), precision=1.0))
