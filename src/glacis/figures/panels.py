"""Parts of the small multiples of the arms: lines named at their ends, munitions, strips."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme
from glacis.figures.timeline import spread
from glacis.figures.words import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from glacis.campaign.replay import Replay

Floats = NDArray[np.float64]

DASHES: dict[str, Any] = {"blue": "-", "red": (0, (5, 1.5))}
SHOWN_DAMAGE = 0.1  # places never damaged more than this have no strip
MOST_STRIPS = 6
LETTERS = 30  # of a name beside a line
LINE_LETTERS = 118  # of a line below a panel's title
LEADER = 0.2  # inches between a line's end and its words
STEADY = 0.1  # a class of munitions that strays no farther from its start has no line


def step(ax: Axes, run: Replay, course: Floats, *, colour: str, dashes: Any = "-") -> None:
    """A line through a course, frame by frame."""
    ax.plot(
        run.hours / 24.0,
        course,
        color=colour,
        linewidth=1.7,
        linestyle=dashes,
        drawstyle="steps-pre",
        zorder=3,
        clip_on=False,
    )


def name_ends(ax: Axes, ends: list[float], words: list[str], colours: list[str]) -> None:
    """Words beside the ends of lines, with thin leaders where these lie too close together."""
    low, high = ax.get_ylim()
    apart = 0.135 * ax.figure.dpi / ax.bbox.height * (high - low)
    places = spread(ends, apart, low=low, high=high)
    right, lead = ax.get_xlim()[1], 0.0
    if any(abs(at - end) > 0.3 * apart for at, end in zip(places, ends, strict=True)):
        lead = LEADER * ax.figure.dpi / ax.bbox.width * right
    for at, end, told, colour in zip(places, ends, words, colours, strict=True):
        ax.plot([right, right + lead], [end, at], color=colour, linewidth=0.6, clip_on=False)
        theme.note(ax, told, at=(right + lead, at), off=(6, 0), size=8.0, colour=colour)


def rule(ax: Axes, at: float, words: str) -> None:
    """A level of the axis and its number."""
    ax.axhline(at, color=theme.RULE, linewidth=0.7, zorder=0.5)
    theme.note(ax, words, at=(0.0, at), off=(-5, 0), size=7.5)


def draw_munitions(ax: Axes, run: Replay) -> None:
    """A line for each class that does not stay near its start."""
    rounds = run.dataset["rounds"]
    share = _shares_left(run)
    far = [k for k in range(share.shape[1]) if not _is_steady(share[:, k])]
    most = max([1.0, *(float(np.ceil(10.0 * share[:, k].max()) / 10.0) for k in far)])
    ax.set_ylim(0.0, most)
    for level in (0.0, 0.5, 1.0) if far else ():
        rule(ax, level, percent(level))
    words, colours = [], []
    for k in far:
        side = str(rounds["munitions_side"].to_numpy()[k])
        step(ax, run, share[:, k], colour=theme.SIDES[side], dashes=DASHES[side])
        words.append(f"{_short(_class_name(run, k))} {percent(float(share[-1, k]))}")
        colours.append(theme.SIDES[side])
    name_ends(ax, [float(share[-1, k]) for k in far], words, colours)


def steady(run: Replay) -> tuple[str, ...]:
    """The classes that stay near their start, a line for each side that has any."""
    share, sides = _shares_left(run), run.dataset["munitions_side"].to_numpy()
    found = []
    for side in ("blue", "red"):
        near = [k for k in range(share.shape[1]) if sides[k] == side and _is_steady(share[:, k])]
        if near:
            names = ", ".join(_class_name(run, k) for k in near)
            found.append(f"{side.capitalize()}, within 10\u00a0% of their start: {names}")
    return tuple(line for words in found for line in wrap(words, LINE_LETTERS))


def has_far(run: Replay) -> bool:
    """Whether a class of munitions leaves the neighbourhood of its start."""
    share = _shares_left(run)
    return not all(_is_steady(share[:, k]) for k in range(share.shape[1]))


def _shares_left(run: Replay) -> Floats:
    rounds = run.dataset["rounds"].to_numpy()
    return np.asarray(rounds / np.maximum(rounds[0], 1e-9))


def _is_steady(share: Floats) -> bool:
    return bool((np.abs(share - 1.0) <= STEADY).all())


def _class_name(run: Replay, k: int) -> str:
    rounds = run.dataset["rounds"]
    own = getattr(run.scenario.arsenals, str(rounds["munitions_side"].to_numpy()[k]))
    return str(own[str(rounds["munitions_class"].to_numpy()[k])].name.partition(" (")[0])


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1].rstrip()}\u2026"


Strip = tuple[str, Floats, list[str]]
"""Name of a row, how dark it is frame by frame (0 to 1), and words at its end."""


def closed(run: Replay) -> list[Strip]:
    """A row for each port that mines closed."""
    if "swept" not in run.dataset:
        return []
    swept = run.dataset["swept"]
    rows: list[Strip] = []
    for place in swept["place"].to_numpy():
        is_open = swept.sel(place=place).to_numpy()
        if not is_open[0]:
            day = float(run.hours[max(int(np.argmax(is_open)) - 1, 0)]) / 24.0
            words = f"open from day {day:.0f}" if is_open.any() else "never open"
            rows.append((_place(run, place), np.where(is_open, 0.0, 1.0), [words]))
    return rows


def damaged(run: Replay) -> list[Strip]:
    """A row for each base that was damaged, the worst first."""
    if "damage" not in run.dataset:
        return []
    damage = run.dataset["damage"]
    worst = damage.max("hour").to_numpy()
    order = np.argsort(-worst, kind="stable")[:MOST_STRIPS]
    places = damage["place"].to_numpy()
    return [
        (
            _place(run, places[v]),
            damage.isel(place=int(v)).to_numpy().astype(np.float64),
            [f"at worst {percent(float(worst[v]))} out"],
        )
        for v in order
        if worst[v] > SHOWN_DAMAGE
    ]


def damage_words(run: Replay) -> tuple[str, ...]:
    """What the grey of the bases means, and how many of them are shown."""
    worst = run.dataset["damage"].max("hour").to_numpy()
    count = int((worst > SHOWN_DAMAGE).sum())
    shown = f"the {MOST_STRIPS} worst of {count}" if count > MOST_STRIPS else f"all {count}"
    return (
        f"Pale: all works; black: all is out of use. Shown are {shown} that lost more than "
        f"{percent(SHOWN_DAMAGE)} at some time.",
    )


def _place(run: Replay, place: str) -> str:
    return run.scenario.theatre.places[str(place)].name


def draw_strips(rows: list[Strip]) -> Callable[[Axes, Replay], None]:
    """Draws rows of shade, darkest where all is out of use or closed."""

    def draw(ax: Axes, run: Replay) -> None:
        ax.set_ylim(len(rows), 0.0)
        days = run.hours / 24.0
        shades = np.array([strip for _, strip, _ in rows])[:, 1:]
        edges = np.arange(len(rows) + 1.0)
        for row, (name, _, (words,)) in enumerate(rows):
            theme.note(ax, name, at=(0.0, row + 0.5), off=(-5, 0), size=7.5, colour=theme.INK)
            theme.note(ax, words, at=(days[-1], row + 0.5), off=(6, 0), size=7.5, colour=theme.INK)
            ax.axhline(row, color=theme.PAPER, linewidth=2.0, zorder=2.5)
        ax.pcolormesh(days, edges, shades, cmap=_shade(), vmin=0.0, vmax=1.0, zorder=2)

    return draw


def _shade() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    pale = theme.mixed(theme.RULE, theme.PAPER, share=0.45)
    return LinearSegmentedColormap.from_list("shut", [pale, theme.INK])
