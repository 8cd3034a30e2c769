"""What the words of a figure are, and that they can be read."""

from __future__ import annotations

import itertools
from typing import Any

import matplotlib.text


def texts(figure: Any) -> list[Any]:
    """All words that show."""
    figure.canvas.draw()
    return [
        text
        for text in figure.findobj(matplotlib.text.Text)
        if text.get_text().strip() and text.get_visible()
    ]


def assert_legible(figure: Any) -> None:
    """No words leave the sheet or lie on others."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-1.0)) for text in texts(figure)]
    for told, box in boxes:
        assert min(box.x0, box.y0) >= 0, told
        assert box.x1 <= figure.bbox.x1, told
        assert box.y1 <= figure.bbox.y1, told
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        apart = min(a.x1, b.x1) <= max(a.x0, b.x0) or min(a.y1, b.y1) <= max(a.y0, b.y0)
        assert apart, (one, other)
