"""How worlds end under each posture, and beside it how likely an attack is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glacis.figures import theme
from glacis.figures.compared import (
    KEY_LINE,
    NAMES,
    TITLED,
    Compared,
    draw_key,
    draw_name,
    estimate,
    finish,
    fitting,
    new_sheet,
    told_in_lines,
)
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import percent, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: What each outcome is called, in the order of every chart.
NAMED = {
    "deterred": "deterred",
    "grey_zone": "grey zone only",
    "repelled": "attack repelled",
    "retaken": "lost and retaken",
    "stalemate": "stalemate",
    "sanctions_only": "kept, under sanctions",
    "inaction": "kept, unanswered",
    "nuclear_use": "nuclear use",
}
#: The same in a part of a bar.
SHORT = NAMED | {
    "grey_zone": "grey zone",
    "repelled": "repelled",
    "retaken": "retaken",
    "sanctions_only": "sanctions",
    "inaction": "no answer",
    "nuclear_use": "nuclear",
}
BARS, APART, RANGES, NUMBER = 4.75, 0.3, 1.5, 0.62  # inches
BAR, HEAD, KEY_ROWS = 0.66, 0.4, 2


def endings_chart(study: Compared) -> Figure:
    """A bar for each posture over the eight outcomes, and beside it how likely an attack is."""
    text = told_in_lines(_text(study))
    rows = len(study.postures)
    sheet = new_sheet(study, text, rows=rows, heads=KEY_LINE * KEY_ROWS + HEAD)
    bars, ranges = sheet.panel(NAMES, BARS), sheet.panel(NAMES + BARS + APART, RANGES)
    for ax in (bars, ranges):
        ax.set_xlim(0.0, 1.0)
        ax.set_ylim(rows, 0.0)
    for row, posture in enumerate(study.postures):
        draw_name(bars, (0.0, row + 0.5), study, posture)
        _draw_bar(bars, row + 0.5, study, posture)
        _draw_attack(ranges, row + 0.5, study, posture)
    _draw_scale(ranges, rows)
    wide = WIDTH - 2 * MARGIN
    key = [(NAMED[name], fill) for name, fill in theme.OUTCOMES.items()]
    draw_key(sheet.above(0.0, wide, lines=KEY_ROWS), key, columns=4, column=wide / 4.2)
    return finish(sheet, study, _title(study), text)


def _draw_bar(ax: Axes, y: float, study: Compared, posture: str) -> None:
    """Shares of the outcomes one after the other, named where there is room."""
    at = 0.0
    for name, fill in theme.OUTCOMES.items():
        share = float(study.values("outcomes", posture, outcome=name).mean())
        ax.barh(y, share, left=at, height=BAR, color=fill, edgecolor=theme.PAPER, linewidth=0.8)
        number, middle = percent(share), (at + share / 2, y)
        words = (f"{SHORT[name]}\n{number}", number)
        look = {"size": 7.5, "colour": theme.text_on(fill)}
        fitting(ax, words, middle, BARS * share - 0.08, **look)
        at += share


def _draw_attack(ax: Axes, y: float, study: Compared, posture: str) -> None:
    """The mean of the worlds, and the range of nine in ten of them."""
    found = estimate(study.values("p_attack", posture))
    ax.plot([found.p05, found.p95], [y, y], color=theme.RED, linewidth=1.4, zorder=2)
    ax.plot([found.mean], [y], "o", color=theme.RED, markersize=6.5, zorder=3, clip_on=False)
    number = percent(found.mean)
    told = theme.note(ax, number, at=(1.0, y), off=(9, 0), size=11.0, colour=theme.RED)
    told.set_fontweight("bold")


def _draw_scale(ax: Axes, rows: int) -> None:
    for share in (0.0, 0.5, 1.0):
        line = {"color": theme.RULE, "linewidth": 0.7, "zorder": 0.5, "clip_on": False}
        ax.plot([share, share], [0.0, rows], **line)  # type: ignore[arg-type]  # a mixed mapping
        theme.note(ax, percent(share), at=(share, rows), off=(0, -4), size=8.0)
    head = "Red attacks, at a\nmoment of decision"
    theme.note(ax, head, at=(0.0, 0.0), off=(1e-3, 4), size=8.0, colour=theme.RED)


def _attack(study: Compared, posture: str) -> float:
    return estimate(study.values("p_attack", posture)).mean


def _title(study: Compared) -> str:
    """How often the first is at peace, against the posture that differs most."""
    first, *others = study.postures
    share = _peace(study, first)
    base = shortened(first, TITLED)
    told = f"Under {base} {percent(share)} of moments of decision pass without attack"
    if not others:
        return told
    other = max(others, key=lambda name: abs(_peace(study, name) - share))
    changed = percent(_peace(study, other))
    if changed == percent(share):
        return f"Under each posture {changed} of moments of decision pass without an attack"
    return f"{told},\nunder {shortened(other, TITLED)} {changed}"


def _peace(study: Compared, posture: str) -> float:
    peace = ("deterred", "grey_zone")
    return sum(float(study.values("outcomes", posture, outcome=name).mean()) for name in peace)


def _text(study: Compared) -> str:
    return (
        f"{study.scenario.title}. How a moment of decision ends, a crisis in which Red weighs an "
        "attack: a tendency then, no yearly rate and no forecast. Bars: means over worlds; what is "
        "kept is ground that Red holds at the end. Right: how likely an attack is, mean (dot) and "
        "the middle nine in ten of worlds (line)."
    )


__all__ = ["NAMED", "endings_chart"]
