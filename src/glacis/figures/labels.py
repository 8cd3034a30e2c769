"""Words on a map: labels that give way to each other, halos, and the scale bar."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from glacis.figures import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.patheffects import withStroke
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

Floats = NDArray[np.float64]

Across = Literal["left", "center", "right"]
Upright = Literal["bottom", "center", "top"]

# Where a label may stand around its point, best first: direction and alignment.
STANDS: tuple[tuple[float, float, Across, Upright], ...] = (
    (1, 0.0, "left", "center"),
    (-1, 0.0, "right", "center"),
    (0.7, 0.7, "left", "bottom"),
    (-0.7, 0.7, "right", "bottom"),
    (0.7, -0.7, "left", "top"),
    (-0.7, -0.7, "right", "top"),
    (0, 1.0, "center", "bottom"),
    (0, -1.0, "center", "top"),
)


@dataclass(frozen=True)
class Label:
    """Words beside a point of the map.

    Attributes
    ----------
    text
        What to write.
    x, y
        The point, in kilometres of the map.
    rank
        Labels of lower rank are placed first.
    gap
        Points between the point and the words.
    must
        Whether it is written even where it covers something; others are left out.
    """

    text: str
    x: float
    y: float
    rank: float = 0.0
    size: float = 7.5
    weight: str = "normal"
    colour: str = theme.INK
    gap: float = 5.0
    must: bool = False


@dataclass
class Placer:
    """Writes labels one after the other, each where it covers least.

    Attributes
    ----------
    ax
        The axes; their position and limits must not change any more.
    lines
        Lines in kilometres, (points, 2), that labels rather do not cover.
    taken
        Boxes in pixels that nothing may cover.
    """

    ax: Axes
    lines: Sequence[Floats] = ()
    taken: list[Bbox] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dots = self._sampled()

    def keep_free(self, x: float, y: float, *, radius: float) -> None:
        """Keeps labels off a marker, `radius` in points."""
        from matplotlib.transforms import Bbox

        px, py = self.ax.transData.transform((x, y))
        reach = radius * self.ax.figure.dpi / 72
        self.taken.append(Bbox.from_extents(px - reach, py - reach, px + reach, py + reach))

    def write(self, labels: Iterable[Label]) -> list[Text]:
        """Writes labels, those of low rank first; returns what was written."""
        written = []
        for label in sorted(labels, key=lambda label: (label.rank, label.text)):
            text = self._write(label)
            if text is not None:
                written.append(text)
        return written

    def write_across(self, words: str, rings: Sequence[Floats]) -> Text | None:
        """Writes a country's name inside its rings where there is most room, if it fits."""
        text = self.ax.text(
            0.0,
            0.0,
            "\u2009".join(words.upper()),
            fontsize=7.5,
            color=theme.MUTED,
            family=theme.SANS,
            ha="center",
            va="center",
            zorder=4,
        )
        size = text.get_window_extent(_renderer(self.ax)).padded(3.0)
        middle = self._roomiest(size, [self.ax.transData.transform(ring) for ring in rings])
        if middle is None:
            text.remove()
            return None
        x, y = self.ax.transData.inverted().transform(middle)
        text.set_position((float(x), float(y)))
        self.taken.append(text.get_window_extent(_renderer(self.ax)).padded(3.0))
        return text

    def _roomiest(self, size: Bbox, areas: Sequence[Floats]) -> Floats | None:
        """The pixel farthest from all that is drawn where a box of this size lies in one area."""
        from matplotlib.path import Path
        from scipy.spatial import KDTree

        frame = self.ax.get_window_extent(_renderer(self.ax))
        grid = _grid(frame)
        around = np.array([(u, v) for u in (-0.5, 0.0, 0.5) for v in (-0.5, 0.0, 0.5)])
        boxes = grid[:, None, :] + around * (size.width, size.height)
        fits = np.zeros(len(grid), dtype=bool)
        for area in areas:
            inside = Path(area).contains_points(boxes.reshape(-1, 2)).reshape(len(grid), -1)
            fits |= inside.all(axis=1)
        edge = np.concatenate([frame.corners()[[0, 1, 3, 2, 0]]])
        drawn = [self._dots, *areas, _dotted(edge), *(box.corners() for box in self.taken)]
        shape = np.array([size.width, size.height])  # room counts in words' widths and heights
        room, _ = KDTree(np.concatenate(drawn) / shape).query(grid / shape)
        for best in np.argsort(-np.where(fits, room, -1.0), kind="stable")[: fits.sum()]:
            middle: Floats = grid[best]
            x, y = middle - (size.p0 + size.p1) / 2
            if self._cost(size.translated(x, y)) < 1000.0:
                return middle
        return None

    def _write(self, label: Label) -> Text | None:
        text = self.ax.annotate(
            label.text,
            (label.x, label.y),
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=label.size,
            fontweight=label.weight,
            color=label.colour,
            family=theme.SANS,
            linespacing=1.1,
            zorder=10,
            path_effects=halo(),
        )
        stands = [
            (self._cost(box) + 0.6 * preference, preference, box)
            for preference, box in enumerate(
                self._stand(text, label, stand=i) for i in range(len(STANDS))
            )
        ]
        cost, best, box = min(stands, key=lambda stand: stand[:2])
        if cost >= 1000.0 and not label.must:
            text.remove()
            return None
        self._stand(text, label, stand=best)
        self.taken.append(box)
        return text

    def _stand(self, text: Text, label: Label, *, stand: int) -> Bbox:
        """Moves a label to one of its stands and says which pixels it then covers."""
        right, up, ha, va = STANDS[stand]
        text.set_position((right * label.gap, up * label.gap))
        text.set_horizontalalignment(ha)
        text.set_verticalalignment(va)
        return text.get_window_extent(_renderer(self.ax)).padded(2.0)

    def _cost(self, box: Bbox) -> float:
        """What covering a box costs: 1000 and more if it hits a label, marker or the frame."""
        frame = self.ax.get_window_extent(_renderer(self.ax))
        outside = not (frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1))
        hit = sum(_overlap(box, other) for other in self.taken)
        dots = self._dots
        inside = (dots[:, 0] > box.x0) & (dots[:, 0] < box.x1)
        inside &= (dots[:, 1] > box.y0) & (dots[:, 1] < box.y1)
        penalty = 1000.0 if outside or hit > 0.0 else 0.0
        return penalty + hit + 5000.0 * outside + 0.35 * float(inside.sum())

    def _sampled(self) -> Floats:
        """Points every few pixels along the lines."""
        pixels = [_dotted(self.ax.transData.transform(line)) for line in self.lines]
        return np.concatenate([np.empty((0, 2)), *pixels])


def _dotted(line: Floats) -> Floats:
    """Points every few pixels along a line of pixels."""
    dots = [line[:1]]
    for a, b in itertools.pairwise(line):
        count = max(2, int(np.hypot(*(b - a)) / 3))
        dots.append(a + (b - a) * np.linspace(0, 1, count)[:, None])
    return np.concatenate(dots)


def _grid(frame: Bbox, count: int = 64) -> Floats:
    """Points spread over a frame, (points, 2)."""
    x, y = np.meshgrid(
        np.linspace(frame.x0, frame.x1, count), np.linspace(frame.y0, frame.y1, count)
    )
    return np.column_stack([x.ravel(), y.ravel()])


def _overlap(a: Bbox, b: Bbox) -> float:
    """Pixels that two boxes share."""
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return float(max(width, 0.0) * max(height, 0.0))


def _renderer(ax: Axes) -> RendererAgg:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = ax.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg), "labels need a figure of theme.new_figure"
    renderer: RendererAgg = canvas.get_renderer()  # type: ignore[no-untyped-call]  # theirs is
    return renderer


def halo(width: float = 2.2, colour: str = theme.PAPER) -> list[withStroke]:
    """An outline that lifts words and lines off the ground below them."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground=colour, alpha=0.85)]


def scale_bar(ax: Axes, km: float | None = None) -> Floats:
    """Draws a bar of round length in the lower left corner; returns its ends in kilometres."""
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    km = km or _round_down((right - left) / 5)
    x, y = left + 0.03 * (right - left), bottom + 0.03 * (top - bottom)
    ax.plot(
        [x, x + km],
        [y, y],
        color=theme.INK,
        linewidth=1.4,
        solid_capstyle="butt",
        zorder=9,
        path_effects=halo(3.0),
    )
    theme.note(ax, f"{km:g} km", at=(x + km / 2, y), off=(0, 3), size=7.5, colour=theme.INK)
    return np.array([[x, y], [x + km, y]])


def _round_down(length: float) -> float:
    """The largest of 1, 2, 5 times a power of ten below a length."""
    power = 10.0 ** math.floor(math.log10(length))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= length)
