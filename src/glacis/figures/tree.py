"""A game as a tree: who moves where, how likely each way is, and what everybody gets at its end."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from glacis.crisis.tree import CHANCE, Game
from glacis.figures import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.crisis.equilibrium import Equilibrium

MOST_LEAVES = 400
LEAF, LEVEL, HEAD, FOOT, SIDE = 0.23, 1.45, 1.15, 0.5, 0.35  # inches
ENDS = 1.9  # inches for what is paid
LETTERS = 24
BOWS = (0.09, 0.16, 0.23, 0.05)  # levels by which dotted lines bow out
THIN, THICK = 0.5, 5.0  # points of a way that is never and always gone
MARKERS = "osD^vPX"
COLOURS = (theme.ACCENT, theme.INK, "#8a5a12", "#69406f", "#3d5a40", "#7a3b2e", "#44546a")

Point = tuple[float, float]


def tree_figure(found: Equilibrium) -> Figure:
    """The tree of a game, each way as thick as it is likely to be gone.

    Every way is named with its probability where it begins; nodes that a player cannot tell apart
    are joined by a dotted line.

    Raises
    ------
    InputError
        If the game has too many leaves to be drawn.
    """
    game = found.game
    if len(game.terminals) > MOST_LEAVES:
        from glacis.errors import InputError

        raise InputError(
            f"the tree has {len(game.terminals):,} leaves, and at most {MOST_LEAVES} can be drawn; "
            "draw a part of it"
        )
    places = _places(game)
    depth = max(x for x, _ in places)
    width = max(theme.WIDTH, 2 * SIDE + LEVEL * depth + ENDS)
    level = (width - 2 * SIDE - ENDS) / depth if depth else LEVEL
    height = HEAD + FOOT + LEAF * len(game.terminals)
    fig = theme.new_figure(width, height)
    box = (SIDE / width, FOOT / height, 1 - 2 * SIDE / width, 1 - (HEAD + FOOT) / height)
    ax = fig.add_axes(box)
    theme.bare(ax)
    ax.set_xlim(-0.1, (width - 2 * SIDE) / level - 0.1)
    ax.set_ylim(len(game.terminals) - 0.4, -0.6)
    reached = found.reached()
    _draw_sets(ax, game, places)
    _draw_ways(ax, found, places, reached)
    _draw_nodes(ax, game, places, reached)
    theme.heading(fig, game.title or "A game", subtitle=_subtitle(found))
    theme.footing(fig, _footing(found))
    return fig


def _places(game: Game) -> list[Point]:
    """Level and row of every node; a node stands in the middle of what follows from it."""
    level: list[int] = []
    for node in game.nodes:
        level.append(0 if node.parent < 0 else level[node.parent] + 1)
    rows = [math.nan] * len(game.nodes)
    spans: dict[int, list[float]] = {}
    following = 0
    for n, node in enumerate(game.nodes):
        if node.set < 0:
            rows[n] = float(following)
            following += 1
    for n in range(len(game.nodes) - 1, -1, -1):
        if n in spans:
            rows[n] = (min(spans[n]) + max(spans[n])) / 2
        spans.setdefault(game.nodes[n].parent, []).append(rows[n])
    return [(float(x), y) for x, y in zip(level, rows, strict=True)]


def _draw_sets(ax: Axes, game: Game, places: list[Point]) -> None:
    """A dotted bow through the nodes of each set; sets of one level bow out by turns."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    bows: dict[float, int] = {}
    for k in game.decisions:
        members = [places[n] for n in game.members(k)]
        if len(members) > 1:
            level = members[0][0]
            bows[level] = bows.get(level, -1) + 1
            out = BOWS[bows[level] % len(BOWS)]
            colour = _colour(game, game.sets[k].player)
            for (x, y), (right, below) in pairwise(members):
                shape = Path(
                    [(x, y), (min(x, right) - 2 * out, (y + below) / 2), (right, below)],
                    [Path.MOVETO, Path.CURVE3, Path.CURVE3],
                )
                bow = PathPatch(shape, fill=False, edgecolor=colour, linestyle=":", linewidth=1.1)
                ax.add_patch(bow)


def _draw_ways(
    ax: Axes, found: Equilibrium, places: list[Point], reached: tuple[float, ...]
) -> None:
    game = found.game
    shares = found.ways()
    for n, node in enumerate(game.nodes):
        if node.parent < 0:
            continue
        above = game.sets[game.nodes[node.parent].set]
        start, end = places[node.parent], places[n]
        colour = _colour(game, above.player) if reached[n] > 0.005 else theme.RULE
        width = THIN + (THICK - THIN) * reached[n]
        bend = (start[0] + 0.28, end[1])
        line = list(zip(start, bend, end, strict=True))
        ax.plot(*line, color=colour, linewidth=width, zorder=1, solid_capstyle="round")
        words = f"{_short(above.actions[node.branch])} {_percent(shares[n])}"
        theme.note(ax, words, at=bend, off=(3, 1 + width / 2), size=6.4, colour=theme.INK)


def _draw_nodes(ax: Axes, game: Game, places: list[Point], reached: tuple[float, ...]) -> None:
    totals: list[list[float]] = []
    for n, node in enumerate(game.nodes):
        before = totals[node.parent] if node.parent >= 0 else [0.0] * len(game.players)
        paid = game.outcomes[node.outcome].payoffs if node.outcome >= 0 else (0.0,) * len(before)
        totals.append([a + b for a, b in zip(before, paid, strict=True)])
        if node.set < 0:
            told = ", ".join(f"{value:.3g}" for value in totals[n])
            theme.note(ax, f"{_percent(reached[n])}  {told}", at=places[n], off=(5, 0), size=6.4)
            continue
        player = game.sets[node.set].player
        face = theme.PAPER if player == CHANCE else _colour(game, player)
        marker = "o" if player == CHANCE else MARKERS[player % len(MARKERS)]
        edge = _colour(game, player)
        ax.plot(*places[n], marker, color=face, markeredgecolor=edge, markersize=5.5, zorder=3)


def _colour(game: Game, player: int) -> str:
    """Red and blue for the sides, where players are named so; else colours that are neither."""
    if player == CHANCE:
        return theme.MUTED
    name = game.players[player].lower()
    return theme.SIDES.get(name, COLOURS[player % len(COLOURS)])


def _subtitle(found: Equilibrium) -> str:
    game = found.game
    names = {0: "circle", 1: "square", 2: "diamond"}
    players = ", ".join(f"{name} ({names.get(k, 'marker')})" for k, name in enumerate(game.players))
    at = "in the limit" if math.isinf(found.precision) else f"at precision {found.precision:g}"
    return (
        f"Players: {players}; open circles are chance; dotted lines join what a player cannot tell "
        f"apart.\nWays are as thick as they are likely {at}. At the ends: how likely the game ends "
        f"there, and what {' and '.join(game.players)} get."
    )


def _footing(found: Equilibrium) -> str:
    from glacis import __version__

    return (
        f"Agent logit quantal response equilibrium, {found.status}; "
        f"largest regret {found.regret:.3g}. glacis {__version__}"
    )


def _short(text: str) -> str:
    return text if len(text) <= LETTERS else text[: LETTERS - 1] + "\u2026"


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
