"""The challenger's choice: what Red does under each posture, and what would change it.

Probabilities are of a moment of decision, a crisis in which Red weighs an attack; no rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from glacis.assess.diagram import denied_by, gains
from glacis.assess.played import ACTS
from glacis.assess.prospects import believing
from glacis.errors import InputError
from glacis.figures import theme
from glacis.figures.labels import halo
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.timeline import spread
from glacis.figures.words import CAVEAT, percent, shortened
from glacis.kernels import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet
    from matplotlib.figure import Figure

    from glacis.assess.choice import CrisisStudy
    from glacis.assess.diagram import Diagram

Point: TypeAlias = tuple[float, float]

# Lengths are in inches.
HEADER, HEADS, ROW, SCALE, FOOTER = 1.3, 0.5, 0.6, 0.32, 0.4
NAMES, BARS, RANGES = 1.6, 3.85, 2.5
BAR = 0.56  # of a row
NUMBERED = 0.055  # share of the bars' width that holds a number
SHOWN = 0.005  # a difference that a number in per cent shows
NAME_LETTERS, LINE_LETTERS, TITLED, OPTION_LETTERS, FOOT_LETTERS = 18, 28, 22, 20, 160

AXIS, RIGHT, FLAG, FIELD, BELOW = 0.73, 0.4, 0.2, 4.3, 0.8
HEAD = 1.28  # of the diagram, above the first flag
APART = 0.15  # between postures that would stand on each other
SIDE = 2.2  # between the right end and a posture whose words stand left of it
LABELLED = 0.3  # between words on the field
LEAST_GROUND = 0.05
LEVELS = tuple(tenth / 10 for tenth in range(11))

LEADER: dict[str, Any] = {"color": theme.MUTED, "linewidth": 0.6, "linestyle": (0, (1, 2))}
CLOSED: dict[str, Any] = {"color": theme.INK, "markeredgecolor": theme.PAPER}
UNREADY: dict[str, Any] = {"color": theme.PAPER, "markeredgecolor": theme.RED}
OPEN: dict[str, Any] = {"color": theme.PAPER, "markeredgecolor": theme.BLUE, "mew": 1.4}
#: Grounds of the diagram, by tenths of probability and between them.
TONES = [theme.mixed(theme.PAPER, theme.RED, share=0.6 * k / 20) for k in range(21)]

#: What each of `ACTS` is called, and its fill; Red's colour for armed acts only.
NAMED = dict(zip(ACTS, ("refrains", "grey zone", "limited grab", "full assault"), strict=True))
PALE = theme.mixed(theme.RED, theme.PAPER, share=0.45)
FILLS = dict(zip(ACTS, ("#e4dccd", "#a9a294", PALE, theme.RED), strict=True))


def choice_chart(studies: Sequence[CrisisStudy]) -> Figure:
    """What Red does at a moment of decision, a row for each posture; beside it, how sure that is.

    Parameters
    ----------
    studies
        Of one scenario, a posture each.

    Raises
    ------
    InputError
        If there are none.
    """
    if not studies:
        raise InputError("no study to draw; give at least one")
    body = HEADS + ROW * len(studies)
    total = HEADER + body + SCALE + FOOTER
    fig = theme.new_figure(WIDTH, total)
    low, tall = (FOOTER + SCALE) / total, body / total
    bars = fig.add_axes(((MARGIN + NAMES) / WIDTH, low, BARS / WIDTH, tall))
    ranges = fig.add_axes((1 - (MARGIN + 0.15 + RANGES) / WIDTH, low, RANGES / WIDTH, tall))
    for ax in (bars, ranges):
        theme.bare(ax)
        ax.set_xlim(0.0, 1.0)
        ax.set_ylim(len(studies), -HEADS / ROW)
    _draw_acts(bars, studies)
    _draw_ranges(ranges, studies)
    theme.heading(fig, _choice_title(studies), subtitle=_choice_subtitle(studies))
    theme.footing(fig, _foot(studies))
    return fig


def _attack(study: CrisisStudy) -> float:
    return float(study.p_attack.mean())


def _draw_acts(ax: Axes, studies: Sequence[CrisisStudy]) -> None:
    """The bars, named at the left; at the right what the armed part of each adds up to."""
    for row, study in enumerate(studies):
        _draw_name(ax, row + 0.5, study)
        at = 0.0
        for act, values in study.acts().items():
            share, fill = float(values.mean()), FILLS[act]
            ax.barh(row + 0.5, share, left=at, height=BAR, color=fill, linewidth=0)
            if share >= NUMBERED:
                middle = (at + share / 2, row + 0.5)
                theme.note(ax, percent(share), at=middle, size=7.5, colour=theme.text_on(fill))
            at += share
        told = theme.note(
            ax,
            percent(_attack(study)),
            at=(1.0, row + 0.5),
            off=(6, 0),
            size=11.0,
            colour=theme.RED,
        )
        told.set_fontweight("bold")
    theme.note(ax, "attacks", at=(1.0, 0.0), off=(6, 4), size=7.5, colour=theme.RED)
    _name_acts(ax, studies[0])


def _draw_name(ax: Axes, y: float, study: CrisisStudy) -> None:
    """A posture's short name, and its title below."""
    title = study.scenario.postures[study.posture].name
    lines = wrap(title, LINE_LETTERS, max_lines=2, placeholder="\u2026")
    name = shortened(study.posture, NAME_LETTERS)
    theme.note(ax, name, at=(0.0, y), off=(-8, 1), size=9.5, colour=theme.INK)
    theme.note(ax, "\n".join(lines), at=(0.0, y), off=(-8, -1.5), size=6.8)


def _name_acts(ax: Axes, study: CrisisStudy) -> None:
    """Names above the parts of the first bar, kept apart, each with a line to its part."""
    shares = np.array([float(values.mean()) for values in study.acts().values()])
    middles = np.cumsum(shares) - shares / 2
    half = 0.36 / BARS
    places = spread(list(middles), 2 * half, low=half, high=1.0 - half)
    top, colours = 0.5 - BAR / 2, (theme.MUTED, theme.MUTED, theme.RED, theme.RED)
    for act, middle, place, colour in zip(ACTS, middles, places, colours, strict=True):
        line = [place, middle], [-0.02, top]
        ax.plot(*line, color=theme.MUTED, linewidth=0.6)
        theme.note(ax, NAMED[act], at=(place, -0.02), off=(0, 2), size=8.0, colour=colour)


def _draw_ranges(ax: Axes, studies: Sequence[CrisisStudy]) -> None:
    """How far worlds differ: the middle nine in ten, the median, and that of the years before."""
    bottom = float(len(studies))
    before = np.array([np.median(study.p_attack_buildup) for study in studies])
    ends = np.array([np.percentile(study.p_attack, [5, 50, 95]) for study in studies])
    apart = np.abs(before - ends[:, 1])
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        ax.plot(
            [share, share],
            [0.0, bottom],
            color=theme.RULE,
            linewidth=0.7,
            zorder=0.5,
            clip_on=False,
        )
        theme.note(ax, percent(share), at=(share, bottom), off=(0, -4), size=8.0)
    for row, study in enumerate(studies):
        y, blind = row + 0.5, study.p_attack_blind
        ax.plot([blind, blind], [row, row + 1], color=theme.MUTED, linewidth=0.9, zorder=1)
        ax.plot(ends[row, [0, 2]], [y, y], color=theme.RED, linewidth=1.4, zorder=2)
        ax.plot([ends[row, 1]], [y], "o", color=theme.RED, markersize=6.0, zorder=4)
        if apart[row] >= SHOWN:
            ax.plot([before[row]], [y], "o", markersize=6.0, zorder=3, **UNREADY)
    row = int(np.argmax(apart))
    is_open = apart[row] >= SHOWN
    _name_dots(ax, row + 0.5, float(ends[row, 1]), float(before[row]) if is_open else None)
    blind = studies[0].p_attack_blind
    told = f"form of the tree alone: {percent(blind)}"
    theme.note(ax, told, at=(min(max(blind, 0.32), 0.68), 0.0), off=(0, 4), size=7.5)
    head = "likelihood of an attack, by world"
    theme.note(ax, head, at=(0.0, 0.0), off=(1e-3, 18), size=7.5, colour=theme.RED)


def _name_dots(ax: Axes, y: float, median: float, before: float | None) -> None:
    """Says what the dots of a row mean: above the closed one, and below the open one."""
    for words, at, up in (("median world", median, 5), ("until it is ready", before, -5)):
        if at is not None:
            place = min(max(at, 0.2), 0.8), y
            text = theme.note(ax, words, at=place, off=(0, up), size=7.5, colour=theme.RED)
            text.set_path_effects([*halo()])


def _choice_title(studies: Sequence[CrisisStudy]) -> str:
    """Today's posture, or the first, against the one that differs most from it."""
    today = next((one for one in studies if one.today is None), studies[0])
    other = max(studies, key=lambda one: abs(_attack(one) - _attack(today)))
    share, changed = percent(_attack(today)), percent(_attack(other))
    said = f"Under {shortened(today.posture, TITLED)} Red attacks in {share} of moments of decision"
    if len(studies) == 1:
        return said
    if share == changed:
        return f"Red attacks in {share} of moments of decision under each posture"
    return f"{said},\nunder {shortened(other.posture, TITLED)} in {changed}"


def _choice_subtitle(studies: Sequence[CrisisStudy]) -> str:
    return (
        f"{studies[0].scenario.title}. What Red does when a crisis has brought it to weigh an "
        "attack: a tendency then, no yearly rate.\nBars: means over worlds. Lines: the middle nine "
        "in ten of worlds. Open dots: in the years in which the measures are\nbuilt up, felt as a "
        "threat but not yet there. Dark upright: if Red did not care how anything ends."
    )


def _foot(studies: Sequence[CrisisStudy]) -> str:
    from glacis import __version__

    made = "; ".join(dict.fromkeys(one.made_of() for one in studies))
    told = f"{CAVEAT} {made}, glacis {__version__}."
    return "\n".join(wrap(told, FOOT_LETTERS, max_lines=2, placeholder=" \u2026"))


def diagram_chart(found: Diagram, studies: Sequence[CrisisStudy] = ()) -> Figure:
    """How likely an attack is, over what Red believes and how much ground is denied to it.

    Both axes are told as Red takes them of the scenario's assault: upwards the probability of a
    full answer to it (the median over worlds), to the right less ground held if nobody answers.

    Parameters
    ----------
    found
        Of `glacis.assess.diagram.diagram`.
    studies
        Postures to be marked; of the same scenario.
    """
    flags = 0.1 + FLAG * max(2, len(studies))
    total = HEAD + flags + FIELD + BELOW + FOOTER
    fig = theme.new_figure(WIDTH, total)
    wide = WIDTH - 2 * MARGIN - AXIS - RIGHT
    box = ((MARGIN + AXIS) / WIDTH, (FOOTER + BELOW) / total, wide / WIDTH, FIELD / total)
    ax = fig.add_axes(box)
    theme.bare(ax)
    option = _assault(found.study)
    ground, belief = _places(found, option)
    most = max(LEAST_GROUND, *(_ground(one, option) for one in (found.study, *studies)))
    ax.set_xlim(most, 0.0)
    ax.set_ylim(*_reach(belief, studies, option))
    ax.contourf(ground, belief, found.p_attack, levels=LEVELS, colors=TONES[1::2], zorder=0.2)
    taken = _draw_postures(ax, studies, option)
    _draw_levels(ax, (ground, belief, found.p_attack), taken)
    name = found.study.scenario.options[option].name
    _draw_scales(ax, name, is_crowded=len(studies) > 1)
    theme.heading(fig, _diagram_title(found, option, belief), subtitle=_diagram_subtitle(found))
    foot = _foot([found.study])
    theme.footing(fig, f"{foot} Field: {found.worlds:,} of them.")
    return fig


def _assault(study: CrisisStudy) -> str:
    """The scenario's first assault; without one, the option that brings most ground."""
    kinds = {name: option.kind for name, option in study.scenario.options.items()}
    first = next((name for name, kind in kinds.items() if kind == "assault"), None)
    return first or max(kinds, key=lambda name: _ground(study, name))


def _ground(study: CrisisStudy, option: str) -> float:
    """Share of the defended people on ground that Red would hold if nobody answered."""
    return float(gains(study.prospects.red, option).mean())


def _places(found: Diagram, option: str) -> tuple[Floats, Floats]:
    """(B, D) ground, and the median of what Red takes the chance of a full answer for."""
    study = found.study
    ground = _ground(study, option) * (1.0 - found.denials)
    belief = np.empty_like(found.p_attack)
    for d, denial in enumerate(found.denials):
        denied = {option: denied_by(study.prospects.red[option], denial)}
        less = replace(study.prospects, red=denied)
        for b, share in enumerate(found.beliefs):
            seen = believing(
                less, study.crisis, study.worlds, np.full(study.n, share), usual=study.setting.usual
            )
            belief[b, d] = np.median(seen[option].full)
    return np.broadcast_to(ground, belief.shape), belief


def _sure(study: CrisisStudy, option: str) -> tuple[float, float, float, float]:
    """A full answer as Red takes it (5 %, median, 95 %), and as it is (median)."""
    low, seen, high = np.percentile(study.seen_by_red[option].full, [5, 50, 95])
    answer = np.median(study.prospects.actual[option].full)
    return float(low), float(seen), float(high), float(answer)


def _reach(belief: Floats, studies: Sequence[CrisisStudy], option: str) -> Point:
    """The ends of the upright axis: all of the field, and all that is marked."""
    marks = [mark for study in studies for mark in _sure(study, option)]
    return min(float(belief.min()), *marks, 1.0), max(float(belief.max()), *marks, 0.0)


def _draw_postures(ax: Axes, studies: Sequence[CrisisStudy], option: str) -> list[Point]:
    """Each posture by belief and answer, with a flag above; returns what words must not cover."""
    order = sorted(studies, key=lambda one: -_ground(one, option))
    inch, tall = _per_inch(ax)
    most = ax.get_xlim()[0]
    wanted = [(most - _ground(one, option)) / inch for one in order]
    places = spread(wanted, APART, low=0.06, high=most / inch)
    taken: list[Point] = []
    for number, (study, place) in enumerate(zip(order, places, strict=True)):
        x = most - place * inch
        low, seen, high, answer = _sure(study, option)
        top = ax.get_ylim()[1] + (0.08 + FLAG * (len(order) - 1 - number)) * tall
        ax.plot([x, x], [max(high, answer), top + 0.14 * tall], clip_on=False, zorder=3, **LEADER)
        ax.plot([x, x], [low, high], color=theme.INK, linewidth=0.9, zorder=5)
        ax.plot([x], [answer], "o", markersize=6.0, zorder=6, **OPEN)
        ax.plot([x], [seen], "o", markersize=6.0, zorder=7, **CLOSED)
        _draw_flag(ax, (x, top), study, is_first=number == 0)
        taken += [(x, float(y)) for y in np.linspace(min(low, answer), max(high, answer), 12)]
        if number == len(order) - 1:
            taken += _name_points(ax, x, seen, answer)
    return taken


def _draw_flag(ax: Axes, at: Point, study: CrisisStudy, *, is_first: bool) -> None:
    """A posture's name and how often Red attacks under it, on one line, within the sheet."""
    share = f": {'Red attacks in ' * is_first}{percent(_attack(study))}"
    left = at[0] / _per_inch(ax)[0]  # inches to the right end
    is_left = left < SIDE
    room = 72.0 * (WIDTH - 2 * MARGIN - AXIS - RIGHT - left if is_left else left + RIGHT)
    words = shortened(study.posture, max(4, int(room / (0.6 * 8.5)) - len(share))) + share
    theme.note(ax, words, at=at, off=(-3 if is_left else 3, 1), size=8.5, colour=theme.INK)


def _name_points(ax: Axes, x: float, seen: float, answer: float) -> list[Point]:
    """Says what the dots mean, at the right of the last posture's; returns where words stand."""
    inch, tall = _per_inch(ax)
    bottom, top = ax.get_ylim()
    ends = spread([seen, answer], 0.2 * tall, low=bottom + 0.1 * tall, high=top - 0.1 * tall)
    words = ("what Red believes", "what the members would do")
    is_left = x / inch < SIDE
    taken: list[Point] = []
    for told, y, colour in zip(words, ends, (theme.INK, theme.BLUE), strict=True):
        off = -8 if is_left else 8
        text = theme.note(ax, told, at=(x, y), off=(off, 0), size=8.5, colour=colour)
        text.set_path_effects([*halo()])
        taken += [(x - inch * step * np.sign(off), y) for step in np.linspace(0.2, 2.1, 8)]
    return taken


def _draw_levels(ax: Axes, field: tuple[Floats, Floats, Floats], taken: list[Point]) -> None:
    """Lines of equal probability, each named where it is nearest to a slanting line."""
    low, high = field[2].min(), field[2].max()
    levels = [level for level in LEVELS if low < level < high]
    if not levels:
        return
    lines = ax.contour(
        *field, levels=levels, colors=theme.RED, linewidths=0.8, linestyles="-", zorder=1
    )
    inch, tall = _per_inch(ax)
    scale = np.array([-inch, tall])
    bottom, top = ax.get_ylim()
    start = np.array([-ax.get_xlim()[0] / inch, bottom / tall])
    width, height = -start[0], (top - bottom) / tall
    busy = [np.array(at) / scale - start for at in taken]
    for level, points in zip(levels, _vertices(lines), strict=True):
        at = points / scale - start
        at = at[((at > 0.2) & (at < (width - 0.25, height - 0.15))).all(axis=1)]
        if not len(at):
            continue
        slant = np.abs(at[:, 0] - width * (0.3 + 0.45 * at[:, 1] / height))
        room = np.array([min((np.hypot(*(p - b)) for b in busy), default=9.0) for p in at])
        best = at[np.argmin(slant + 50.0 * (room < LABELLED))]
        busy.append(best)
        x, y = (best + start) * scale
        text = theme.note(ax, percent(level), at=(x, y), size=8.5, colour=theme.INK)
        text.set_bbox({"facecolor": TONES[round(20 * level)], "edgecolor": "none", "pad": 1.0})


def _vertices(lines: QuadContourSet) -> list[Floats]:
    """Points along each level's lines, close to each other."""
    from matplotlib.path import Path

    return [
        np.concatenate([np.asarray(Path(part).interpolated(4).vertices) for part in parts])
        for parts in lines.allsegs
    ]


def _draw_scales(ax: Axes, option: str, *, is_crowded: bool) -> None:
    """Both axes, and what they stand for."""
    most, (bottom, top), tall = ax.get_xlim()[0], ax.get_ylim(), _per_inch(ax)[1]
    for level in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        if bottom - 0.005 <= level <= top + 0.005:
            theme.note(ax, percent(level), at=(most, level), off=(-5, 0), size=8.0)
    head = "full answer,\nhow likely"
    theme.note(ax, head, at=(most, top), off=(-5, 8), size=8.0, colour=theme.INK)
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2) if most <= 9.5 * step or step == 0.2)
    line: dict[str, Any] = {"color": theme.MUTED, "clip_on": False, "linewidth": 0.8}
    for share in step * np.arange(int(most / step + 1e-9) + 1):
        ax.plot([share, share], [bottom, bottom - 0.06 * tall], **line)
        theme.note(ax, percent(share), at=(share, bottom), off=(0, -6), size=8.0)
    ground = "share of the defended people on ground that Red would hold if nobody answered"
    for words, x, off in (
        (f"{shortened(option, OPTION_LETTERS)}: {ground}", most, (1e-3, -22)),
        ("more denied \u2192", 0.0, (-1e-3, -22)),
    ):
        theme.note(ax, words, at=(x, bottom), off=off, size=8.0, colour=theme.INK)
    if is_crowded:
        beside = "Postures that deny about the same stand side by side."
        theme.note(ax, beside, at=(most, bottom), off=(1e-3, -36), size=7.0)


def _per_inch(ax: Axes) -> Point:
    """What an inch along both axes stands for."""
    box, dpi = ax.bbox, ax.figure.dpi
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    return abs(right - left) * dpi / box.width, (top - bottom) * dpi / box.height


def _diagram_title(found: Diagram, option: str, belief: Floats) -> str:
    """What the attack would fall to if Red believed what is so, and if it could gain nothing."""
    study = found.study
    _, seen, _, answer = _sure(study, option)
    if_believed = float(np.interp(answer, belief[:, 0], found.p_attack[:, 0]))
    if_denied = float(np.interp(seen, belief[:, -1], found.p_attack[:, -1]))
    return (
        f"Under {shortened(study.posture, TITLED)} Red attacks in {percent(_attack(study))} of "
        f"moments of decision;\nif it read the members right, about {percent(if_believed)}; "
        f"if it gained nothing, about {percent(if_denied)}"
    )


def _diagram_subtitle(found: Diagram) -> str:
    study = found.study
    return (
        f"{study.scenario.title}. Shades and lines: how likely Red is to attack when it weighs it, "
        "mean over worlds; no yearly rate.\nUpwards: how likely a full answer is, median of worlds;"
        f" uprights: Red's belief in the middle nine in ten. It starts from\n"
        f"{percent(float(np.median(study.belief)))} for any attack, and moves that by what it "
        f"expects the members to see. All else is as under {shortened(study.posture, TITLED)}."
    )
