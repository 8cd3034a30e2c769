"""The look of every figure: warm paper, near-black ink, one accent, and fixed colours for outcomes.

Red and blue stand for the sides and for nothing else. Text keeps a contrast of at least 5.4:1 on
every ground that it is drawn on; a test computes it.
"""

from __future__ import annotations

from textwrap import wrap
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

PAPER = "#faf6ee"
INK = "#1f1b16"
MUTED = "#575045"
RULE = "#d8cfbf"
ACCENT = "#0b5c50"
RED = "#9c1f1b"
BLUE = "#1c4880"

LAND = "#f0e9da"
LAND_RED = "#f1dfd3"
LAND_BLUE = "#e6e9ea"
WATER = "#d5e2e1"
COAST = "#93a9a6"
BORDER = "#7d7466"

#: Colours that carry words, and grounds that words stand on.
TEXT_COLOURS = (INK, MUTED, ACCENT, RED, BLUE)
GROUNDS = (PAPER, LAND, LAND_RED, LAND_BLUE, WATER)

SIDES = MappingProxyType({"red": RED, "blue": BLUE, "neutral": MUTED})
SIDE_LAND = MappingProxyType({"red": LAND_RED, "blue": LAND_BLUE, "neutral": LAND})

#: How a world ends, in the fixed order of every chart: calm where nothing was taken, reds where
#: Red keeps what it took (none of them the colour of its forces), ink for a nuclear weapon.
OUTCOMES = MappingProxyType(
    {
        "deterred": "#0b5c50",
        "grey_zone": "#a9a294",
        "repelled": "#7fb59a",
        "retaken": "#d9c06c",
        "stalemate": "#e6b5a5",
        "sanctions_only": "#d27d6c",
        "inaction": "#64130f",
        "nuclear_use": "#1f1b16",
    }
)

#: From near in time to far: what Red reaches first is darkest.
REACH = ("#5a0f14", "#8a1c1a", "#ab3925", "#d5804c", "#dba566", "#c9b48c", "#b3a995")

SANS = "DejaVu Sans"
SERIF = "DejaVu Serif"
LEAST_CONTRAST = 5.4
WIDTH, MARGIN = 9.6, 0.35  # inches, of every page but that on sources
TITLE_LINE = 0.31  # inches that a title's second line takes


def luminance(colour: str) -> float:
    """Relative luminance of a ``#rrggbb`` colour, 0 black to 1 white. Source: wcag-2023."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast of two colours, 1 to 21. Source: wcag-2023."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def text_on(fill: str) -> str:
    """Ink or paper, whichever reads better on a fill."""
    return max((INK, PAPER), key=lambda colour: contrast(colour, fill))


def mixed(first: str, second: str, *, share: float) -> str:
    """A colour `share` of the way from the first to the second."""
    pairs = zip(*([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (first, second)), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def new_figure(width: float, height: float) -> Figure:
    """An empty sheet of paper, in inches, ready to be drawn and saved (no pyplot, no window)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=150, facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def bare(ax: Axes) -> None:
    """Takes frame, ticks and background from axes."""
    ax.set_facecolor("none")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def heading(fig: Figure, title: str, *, subtitle: str) -> None:
    """The figure's sentence, and below it what is shown and in which unit.

    A sentence too long for the page is broken, and the page grows at its head by so much.
    """
    words = _words(fig, title, down=0.32, size=16, family=SERIF)
    words.set_text(_broken(title, words.get_window_extent().width / fig.dpi, fig))
    more = TITLE_LINE * words.get_text().count("\n")
    if more:
        _grow(fig, more)
        words.set_y(1 - 0.32 / fig.get_size_inches()[1])
    _words(fig, subtitle, down=0.68 + more, size=9)


def _broken(title: str, width: float, fig: Figure) -> str:
    """A title that is so many inches wide, in lines that fit between the margins."""
    room = float(fig.get_size_inches()[0]) - 0.7
    if width <= room:
        return title
    lines = int(width / room) + 1  # about as long each
    return "\n".join(wrap(title, max(20, len(title) // lines + 9)))


def _grow(fig: Figure, more: float) -> None:
    """Adds inches at the head of a figure; all that is drawn keeps its size and place below."""
    width, height = fig.get_size_inches()
    shrink = height / (height + more)
    fig.set_size_inches(width, height + more)
    for ax in fig.axes:
        box = ax.get_position(original=True)
        ax.set_position((box.x0, box.y0 * shrink, box.width, box.height * shrink))


def footing(fig: Figure, text: str) -> None:
    """Where the figure's numbers come from, at its foot."""
    _, height = fig.get_size_inches()
    _words(fig, text, down=height - 0.14, size=6.8, va="bottom")


def _words(
    fig: Figure,
    text: str,
    *,
    down: float,
    size: float,
    family: str = SANS,
    va: Literal["top", "bottom"] = "top",
) -> Text:
    """Words at the left margin, so many inches down the page; titles in ink."""
    width, height = fig.get_size_inches()
    return fig.text(
        0.35 / width,
        1 - down / height,
        text,
        size=size,
        color=INK if family == SERIF else MUTED,
        family=family,
        ha="left",
        va=va,
        linespacing=1.35,
    )


def note(
    ax: Axes,
    text: str,
    *,
    at: tuple[float, float],
    off: tuple[float, float] = (0.0, 0.0),
    size: float = 7.0,
    colour: str = MUTED,
) -> Text:
    """Small words at a point of the data, `off` points away and on that side of it."""
    return ax.annotate(
        text,
        at,
        off,
        textcoords="offset points",
        size=size,
        color=colour,
        family=SANS,
        ha="center" if off[0] == 0 else "left" if off[0] > 0 else "right",
        va="center" if off[1] == 0 else "bottom" if off[1] > 0 else "top",
        zorder=9,
        annotation_clip=False,
    )
