"""A game as a tree: who moves where, how likely each way is, and what everybody gets at its end.

A large tree is folded: what is hardly ever reached is drawn as one end that tells how much it
stands for, and takes one row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from glacis.crisis.tree import CHANCE, Game
from glacis.figures import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from glacis.crisis.equilibrium import Equilibrium

MOST_LEAVES = 400
UNFOLDED_LEAVES = 40  # a tree with more is folded
FOLD = 0.01  # what is less likely is drawn as one end
LEAF, LEVEL, HEAD, LINE, FOOT, SIDE, PAD = 0.25, 1.45, 0.81, 0.17, 0.5, 0.35, 0.12  # inches
BEND = 0.28  # of a level, where a way bends and its name begins
GAP, ROOM = 0.12, 0.2  # inches from a way's name to the next node; what dotted lines add
BOWS = (0.11, 0.18, 0.25, 0.06)  # inches by which dotted lines bow out
SIZE = 7.0  # points of all words in the tree
LETTERS, NAME_LETTERS = 24, 16  # of an action, of a player
THIN, THICK = 0.5, 5.0  # points of a way that is never and always gone
SHARE, PAID = 6, 42  # points from an end to its probability and to what is paid
MARKERS = "osD^vPX"
SHAPES = ("circle", "square", "diamond", "triangle", "inverted triangle", "plus", "cross")
COLOURS = (theme.ACCENT, theme.INK, "#8a5a12", "#69406f", "#3d5a40", "#7a3b2e", "#44546a")

Point = tuple[float, float]


class Knot(NamedTuple):
    """A point of the drawing: a node of the game, or ways from one node folded together."""

    nodes: tuple[int, ...]
    """Of the game; several where ways are folded together."""
    parent: int
    """The knot above; -1 at the root."""
    level: int
    ends: int
    """How many leaves of the game it stands for as an end; 0 where ways go on."""


def tree_figure(found: Equilibrium) -> Figure:
    """The tree of a game, each way as thick as it is likely to be gone.

    Every way is named with its probability where it begins; nodes that a player cannot tell apart
    are joined by a dotted line. In a tree of more than `UNFOLDED_LEAVES` leaves, what is less
    likely than `FOLD` is one end that counts the leaves it stands for.

    Raises
    ------
    InputError
        If the game has too many leaves to be drawn.
    """
    leaves = len(found.game.terminals)
    if leaves > MOST_LEAVES:
        from glacis.errors import InputError

        raise InputError(
            f"the tree has {leaves:,} leaves, and at most {MOST_LEAVES} can be drawn; "
            "draw a part of it"
        )
    knots = folded(found, FOLD if leaves > UNFOLDED_LEAVES else 0.0)
    ways, ends = _way_words(found, knots), _end_words(found, knots)
    fig = theme.new_figure(theme.WIDTH, 1.0)
    gap = GAP + ROOM * _has_sets(found.game, knots)
    width, level = _across(fig, knots, ways, ends, gap=gap)
    room = width - 2 * SIDE
    title = _wrapped(fig, found.game.title or "A game", room, size=16, family=theme.SERIF)
    subtitle = [line for told in _subtitle(found, knots) for line in _wrapped(fig, told, room)]
    head = HEAD + LINE * len(subtitle)
    rows = sum(knot.ends > 0 for knot in knots)
    height = head + LEAF * rows + FOOT
    fig.set_size_inches(width, height)
    box = (SIDE / width, FOOT / height, room / width, 1 - (head + FOOT) / height)
    ax = fig.add_axes(box)
    theme.bare(ax)
    ax.set_xlim(-PAD / level, (room - PAD) / level)
    ax.set_ylim(rows - 0.4, -0.6)
    places = _places(knots)
    _draw_sets(ax, found.game, knots, places, level)
    _draw_ways(ax, found, knots, places, ways)
    _draw_knots(ax, found.game, knots, places)
    _draw_ends(ax, knots, places, ends)
    theme.heading(fig, "\n".join(title), subtitle="\n".join(subtitle))
    theme.footing(fig, _footing(found))
    return fig


def folded(found: Equilibrium, least: float) -> list[Knot]:
    """What is drawn of a tree, in preorder: no node goes on that is less likely than `least`.

    Ways from one node that are less likely than that even together share one end, the last.
    """
    nodes, reached = found.game.nodes, found.reached()
    below: list[list[int]] = [[] for _ in nodes]
    leaves = [int(node.set < 0) for node in nodes]
    for n in range(len(nodes) - 1, 0, -1):
        below[nodes[n].parent].insert(0, n)
        leaves[nodes[n].parent] += leaves[n]
    knots: list[Knot] = []
    waiting: list[tuple[tuple[int, ...], int]] = [((0,), -1)]
    while waiting:
        here, parent = waiting.pop()
        level = knots[parent].level + 1 if parent >= 0 else 0
        goes_on = len(here) == 1 and nodes[here[0]].set >= 0
        goes_on = goes_on and (parent < 0 or reached[here[0]] >= least)
        if goes_on:
            groups = _groups(below[here[0]], reached, least)
            waiting += [(group, len(knots)) for group in reversed(groups)]
        knots.append(Knot(here, parent, level, 0 if goes_on else sum(leaves[n] for n in here)))
    return knots


def _groups(ways: list[int], reached: Sequence[float], least: float) -> list[tuple[int, ...]]:
    """Nodes that follow from one, each alone but those that are rare even together."""
    rare = [n for n in ways if reached[n] < least]
    if len(rare) < 2 or math.fsum(reached[n] for n in rare) >= least:
        return [(n,) for n in ways]
    return [*((n,) for n in ways if n not in rare), tuple(rare)]


def _places(knots: list[Knot]) -> list[Point]:
    """Level and row of every knot; a knot stands in the middle of what follows from it."""
    rows = [math.nan] * len(knots)
    spans: dict[int, list[float]] = {}
    following = 0
    for k, knot in enumerate(knots):
        if knot.ends:
            rows[k] = float(following)
            following += 1
    for k in range(len(knots) - 1, -1, -1):
        if k in spans:
            rows[k] = (min(spans[k]) + max(spans[k])) / 2
        spans.setdefault(knots[k].parent, []).append(rows[k])
    return [(float(knot.level), y) for knot, y in zip(knots, rows, strict=True)]


def _across(
    fig: Figure, knots: list[Knot], ways: list[str], ends: list[tuple[str, str]], *, gap: float
) -> tuple[float, float]:
    """Inches of the sheet and of a level, so that all words have room.

    A level is as wide as its longest name asks for, and wider where the page has room to spare.
    """
    longest = max((_inches(fig, text, SIZE) for text in ways), default=0.0)
    least = max(LEVEL, (longest + gap) / (1 - BEND))
    told = [
        (knot.level, (PAID if paid else SHARE) / 72 + _inches(fig, paid or share, SIZE) + PAD)
        for knot, (share, paid) in zip(knots, ends, strict=True)
        if knot.ends
    ]
    room = max(theme.WIDTH - 2 * SIDE - PAD, *(at * least + words for at, words in told))
    level = min(((room - words) / at for at, words in told if at), default=least)
    return room + 2 * SIDE + PAD, level


def _inches(fig: Figure, text: str, size: float, family: str = theme.SANS) -> float:
    """How wide a line of words is."""
    words = fig.text(0, 0, text, size=size, family=family)
    width = float(words.get_window_extent().width) / fig.dpi
    words.remove()
    return width


def _wrapped(
    fig: Figure, text: str, room: float, *, size: float = 9.0, family: str = theme.SANS
) -> list[str]:
    """Words in lines that are at most so many inches wide."""
    lines, letters = [text], len(text)
    while letters > 1 and any(_inches(fig, line, size, family) > room for line in lines):
        letters = max(map(len, lines)) - 1
        lines = wrap(text, letters)
    return lines


def _draw_sets(ax: Axes, game: Game, knots: list[Knot], places: list[Point], level: float) -> None:
    """A dotted bow through the nodes of each set; sets of one level bow out by turns."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    at = {knot.nodes[0]: place for knot, place in zip(knots, places, strict=True) if not knot.ends}
    bows: dict[float, int] = {}
    for k in game.decisions:
        members = [at[n] for n in game.members(k) if n in at]
        if len(members) > 1:
            column = members[0][0]
            bows[column] = bows.get(column, -1) + 1
            out = BOWS[bows[column] % len(BOWS)] / level
            colour = _colour(game, game.sets[k].player)
            for (x, y), (right, below) in pairwise(members):
                shape = Path(
                    [(x, y), (min(x, right) - 2 * out, (y + below) / 2), (right, below)],
                    [Path.MOVETO, Path.CURVE3, Path.CURVE3],
                )
                bow = PathPatch(shape, fill=False, edgecolor=colour, linestyle=":", linewidth=1.1)
                ax.add_patch(bow)


def _draw_ways(
    ax: Axes, found: Equilibrium, knots: list[Knot], places: list[Point], words: list[str]
) -> None:
    game, reached = found.game, found.reached()
    for knot, end, text in zip(knots, places, words, strict=True):
        if knot.parent < 0:
            continue
        share = math.fsum(reached[n] for n in knot.nodes)
        player = game.sets[game.nodes[knots[knot.parent].nodes[0]].set].player
        start = places[knot.parent]
        colour = _colour(game, player) if share > 0.005 else theme.RULE
        width = THIN + (THICK - THIN) * share
        bend = (start[0] + BEND, end[1])
        line = list(zip(start, bend, end, strict=True))
        ax.plot(*line, color=colour, linewidth=width, zorder=1, solid_capstyle="round")
        note = theme.note(ax, text, at=bend, off=(3, 1 + width / 2), size=SIZE, colour=theme.INK)
        _clear(note)


def _draw_knots(ax: Axes, game: Game, knots: list[Knot], places: list[Point]) -> None:
    """A marker of who moves at every node, and an open triangle at what is folded."""
    for knot, place in zip(knots, places, strict=True):
        marker, face, edge = "<", theme.PAPER, theme.MUTED
        if not knot.ends:
            player = game.sets[game.nodes[knot.nodes[0]].set].player
            edge = _colour(game, player)
            marker = "o" if player == CHANCE else MARKERS[player % len(MARKERS)]
            face = theme.PAPER if player == CHANCE else edge
        if _is_folded(game, knot) or not knot.ends:
            ax.plot(*place, marker, color=face, markeredgecolor=edge, markersize=5.5, zorder=3)


def _draw_ends(
    ax: Axes, knots: list[Knot], places: list[Point], ends: list[tuple[str, str]]
) -> None:
    for knot, place, (share, paid) in zip(knots, places, ends, strict=True):
        if knot.ends:
            note = theme.note(ax, share, at=place, off=(SHARE, 0), size=SIZE, colour=theme.INK)
            _clear(note)
            if paid:
                _clear(theme.note(ax, paid, at=place, off=(PAID, 0), size=SIZE))


def _clear(note: Text) -> None:
    """Keeps dotted lines from running through words."""
    note.set_bbox({"facecolor": theme.PAPER, "edgecolor": "none", "pad": 0.6})


def _way_words(found: Equilibrium, knots: list[Knot]) -> list[str]:
    """What stands on the way to every knot: the action and its probability there."""
    game, shares = found.game, found.ways()
    told = [""]
    for knot in knots[1:]:
        actions = game.sets[game.nodes[knots[knot.parent].nodes[0]].set].actions
        name = ", ".join(actions[game.nodes[n].branch] for n in knot.nodes)
        if len(knot.nodes) > 1 and len(name) > LETTERS:
            name = f"{len(knot.nodes)} others"
        share = math.fsum(shares[n] for n in knot.nodes)
        told.append(f"{_short(name, LETTERS)} {_percent(share)}")
    return told


def _end_words(found: Equilibrium, knots: list[Knot]) -> list[tuple[str, str]]:
    """What stands at every knot that is an end: how likely it is, and what everybody gets."""
    game, reached = found.game, found.reached()
    totals = _totals(game)
    plain = {k: knot.nodes[0] for k, knot in enumerate(knots) if _is_plain(game, knot)}
    decimals = _decimals([value for n in plain.values() for value in totals[n]])
    names = [_short(name, NAME_LETTERS) for name in game.players]
    told: list[tuple[str, str]] = []
    for k, knot in enumerate(knots):
        share = _percent(math.fsum(reached[n] for n in knot.nodes))
        if k in plain:
            values = (_number(value, decimals) for value in totals[plain[k]])
            told.append((share, ", ".join(map(" ".join, zip(names, values, strict=True)))))
        else:
            count = f"{knot.ends} end{'s' * (knot.ends != 1)}"
            told.append((f"{count}, {share}" if knot.ends else "", ""))
    return told


def _movers(game: Game, knots: list[Knot]) -> list[int]:
    """The information set of every knot from which ways go on."""
    return [game.nodes[knot.nodes[0]].set for knot in knots if not knot.ends]


def _has_sets(game: Game, knots: list[Knot]) -> bool:
    """Whether nodes are drawn that their player cannot tell apart."""
    sets = [k for k in _movers(game, knots) if game.sets[k].player != CHANCE]
    return len(sets) > len(set(sets))


def _is_plain(game: Game, knot: Knot) -> bool:
    """Whether a knot is one leaf of the game."""
    return len(knot.nodes) == 1 and game.nodes[knot.nodes[0]].set < 0


def _is_folded(game: Game, knot: Knot) -> bool:
    """Whether a knot stands for more than itself."""
    return knot.ends > 0 and not _is_plain(game, knot)


def _totals(game: Game) -> list[tuple[float, ...]]:
    """What everybody has been paid on the way to each node."""
    nothing = (0.0,) * len(game.players)
    totals: list[tuple[float, ...]] = []
    for node in game.nodes:
        before = totals[node.parent] if node.parent >= 0 else nothing
        paid = game.outcomes[node.outcome].payoffs if node.outcome >= 0 else nothing
        totals.append(tuple(a + b for a, b in zip(before, paid, strict=True)))
    return totals


def _decimals(values: list[float]) -> int:
    """With how many decimals payoffs are told: three digits of their range, fewer if exact."""
    spread = max(values, default=0.0) - min(values, default=0.0) or max(map(abs, values), default=0)
    most = min(9, max(0, 2 - math.floor(math.log10(spread)))) if spread else 0
    for fewer in range(most):
        if all(math.isclose(value, round(value, fewer), abs_tol=1e-12) for value in values):
            return fewer
    return most


def _number(value: float, decimals: int) -> str:
    """A payoff with so many decimals, its minus as long as a plus; nothing is below zero by 0."""
    told = f"{abs(value):,.{decimals}f}"
    return f"\u2212{told}" if value < 0 and float(told.replace(",", "")) else told


def _colour(game: Game, player: int) -> str:
    """Red and blue for the sides, where players are named so; else colours that are neither."""
    if player == CHANCE:
        return theme.MUTED
    name = game.players[player].lower()
    return theme.SIDES.get(name, COLOURS[player % len(COLOURS)])


def _subtitle(found: Equilibrium, knots: list[Knot]) -> list[str]:
    """What is shown, in lines; only of what there is."""
    game = found.game
    players = ", ".join(
        f"{name} ({SHAPES[k % len(SHAPES)]})" for k, name in enumerate(game.players)
    )
    draws = any(game.sets[k].player == CHANCE for k in _movers(game, knots))
    chance = "; open circles are chance" if draws else ""
    joined = "; dotted lines join what a player cannot tell apart"
    lines = [
        f"Players: {players}{chance}{joined if _has_sets(game, knots) else ''}.",
        f"Ways are as thick as they are likely {_precision(found.precision)}. At the ends: how "
        "likely the game ends there, and what each player gets.",
    ]
    if away := sum(knot.ends for knot in knots if _is_folded(game, knot)):
        lines.append(
            f"Folded is what is less likely than {100 * FOLD:g} %: an open triangle stands for as "
            f"many ends as it says, all triangles for {away} of {len(game.terminals)}."
        )
    return lines


def _precision(precision: float) -> str:
    """At which precision of choice, with at most three digits that count."""
    return (
        "in the limit" if math.isinf(precision) else f"at precision {float(f'{precision:.3g}'):,g}"
    )


def _footing(found: Equilibrium) -> str:
    from glacis import __version__

    return (
        f"Agent logit quantal response equilibrium, {found.status}; "
        f"largest regret {found.regret:.3g}. glacis {__version__}"
    )


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "\u2026"


def _percent(share: float) -> str:
    if 0 < share < 0.0005:
        return "<0.1 %"
    return f"{100 * share:.0f} %" if share == 0 or share >= 0.095 else f"{100 * share:.1f} %"


def as_svg(fig: Figure) -> str:
    """A figure as SVG; the same figure gives the same text."""
    import io

    from matplotlib import rc_context

    written = io.StringIO()
    with rc_context({"svg.hashsalt": "glacis", "svg.fonttype": "none"}):
        fig.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return written.getvalue()
