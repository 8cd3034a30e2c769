"""What a scenario's numbers rest on: sourced, from memory or elicited, section by section."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from glacis.figures import theme
from glacis.scenario.summary import KINDS, kind_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.scenario.model import Scenario

WIDTH, TOP, FOOT, ROW = 8.4, 1.45, 0.45, 0.34  # inches
LABELS = {"sourced": "sourced", "from-memory": "from memory", "elicited": "elicited"}
FILLS = {
    "sourced": theme.ACCENT,
    "from-memory": theme.mixed(theme.ACCENT, theme.PAPER, share=0.55),
    "elicited": theme.mixed(theme.MUTED, theme.PAPER, share=0.62),
}


def provenance_chart(scenario: Scenario) -> Figure:
    """How many of a scenario's numbers are sourced, from memory and elicited, by section."""
    sections: dict[str, Counter[str]] = {}
    for path, quantity in scenario.quantities():
        sections.setdefault(_section(path), Counter())[kind_of(quantity)] += 1
    total: Counter[str] = sum(sections.values(), Counter())
    rows = [("all", total), *sorted(sections.items(), key=lambda row: -row[1].total())]
    fig = theme.new_figure(WIDTH, TOP + ROW * len(rows) + FOOT)
    theme.heading(fig, _sentence(total), subtitle="numbers of the scenario, share by section")
    height = fig.get_size_inches()[1]
    ax = fig.add_axes((0.17, FOOT / height, 0.79, ROW * len(rows) / height))
    theme.bare(ax)
    ax.set_xlim(0, 1)
    ax.set_ylim(len(rows), 0)
    for row, (name, kinds) in enumerate(rows):
        _draw_row(ax, row, name, kinds)
    _draw_key(ax)
    theme.footing(fig, f"{scenario.title}. Every number names its source in the scenario files.")
    return fig


def _section(path: str) -> str:
    parts = path.split(".")
    return parts[1] if parts[0] in ("theatre", "campaign") and len(parts) > 1 else parts[0]


def _sentence(total: Counter[str]) -> str:
    share = total["elicited"] / max(1, total.total())
    return f"{total.total():,} numbers, every one with its source; {share:.0%} are judgement"


def _draw_row(ax: Axes, row: int, name: str, kinds: Counter[str]) -> None:
    left = 0.0
    for kind in KINDS:
        width = kinds[kind] / kinds.total()
        ax.barh(row + 0.5, width, left=left, height=0.72, color=FILLS[kind])
        if width > 0.045:
            theme.note(
                ax,
                f"{kinds[kind]:,}",
                at=(left + width / 2, row + 0.5),
                size=7.5,
                colour=theme.text_on(FILLS[kind]),
            ).set(ha="center", va="center")
        left += width
    theme.note(ax, name.replace("_", " "), at=(-0.015, row + 0.5), size=8.5, colour=theme.INK).set(
        ha="right", va="center"
    )


def _draw_key(ax: Axes) -> None:
    for place, kind in enumerate(KINDS):
        x = 0.2 * place
        ax.barh(-0.5, 0.025, left=x, height=0.36, color=FILLS[kind], clip_on=False)
        theme.note(ax, LABELS[kind], at=(x + 0.034, -0.5), size=8).set(ha="left", va="center")
