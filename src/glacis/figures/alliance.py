"""How the members of the alliance answer an attack, and what the council makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glacis.figures import theme
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import CAVEAT, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from glacis.assess.council import CouncilStudy

ROW, HEAD, FOOT, COUNCIL = 0.235, 1.35, 0.8, 0.75  # inches
NAMES, WORDS = 1.55, 2.35
FILLS = {
    "full": theme.ACCENT,
    "limited": theme.mixed(theme.ACCENT, theme.PAPER, share=0.62),
    "none": theme.mixed(theme.MUTED, theme.PAPER, share=0.45),
}


def response_chart(study: CouncilStudy) -> Figure:
    """Each member's leaning and the council's answer: full, limited, none, as shares of worlds."""
    rows = study.member_records()
    rows.sort(key=lambda row: (-row["full"], row["member"]))
    height = HEAD + COUNCIL + ROW * len(rows) + FOOT
    fig = theme.new_figure(WIDTH, height)
    left, wide = MARGIN + NAMES, WIDTH - 2 * MARGIN - NAMES - WORDS
    ax = fig.add_axes(
        (left / WIDTH, FOOT / height, wide / WIDTH, (COUNCIL + ROW * len(rows)) / height)
    )
    theme.bare(ax)
    ax.set_xlim(0, 1)
    ax.set_ylim(COUNCIL / ROW + len(rows), 0)
    _draw_council(ax, study)
    for place, row in enumerate(rows):
        y = COUNCIL / ROW + place + 0.5
        _draw_shares(ax, y, {name: row[name] for name in FILLS}, height=0.72)
        theme.note(ax, row["name"], at=(0, y), off=(-6, 0), size=8.0, colour=theme.INK)
        told = f"for: {_spoken(row['most_for'])}; against: {_spoken(row['most_against'])}"
        theme.note(ax, told, at=(1, y), off=(6, 0), size=7.0)
    theme.heading(fig, _title(study), subtitle=_subtitle(study))
    theme.footing(fig, _foot(study))
    return fig


def _draw_council(ax: Axes, study: CouncilStudy) -> None:
    found = study.chances
    means = {name: float(getattr(found, name).mean()) for name in FILLS}
    _draw_shares(ax, 0.9, means, height=1.1)
    theme.note(ax, "The council", at=(0, 0.9), off=(-6, 0), size=9.0, colour=theme.INK)
    low, high = np.percentile(found.full, [5, 95])
    told = f"full in {percent(means['full'])} ({percent(low)} to {percent(high)})"
    theme.note(ax, told, at=(1, 0.9), off=(6, 0), size=8.0, colour=theme.INK)
    at = 0.0
    for name, fill in FILLS.items():
        words = {"full": "full answer", "limited": "limited", "none": "none"}[name]
        if means[name] > 0.06:
            colour = theme.text_on(fill)
            theme.note(ax, words, at=(at + means[name] / 2, 0.9), size=8.0, colour=colour)
        else:
            theme.note(ax, f"{words}: grey", at=(1, 0.9), off=(6, -13), size=7.0)
        at += means[name]


def _draw_shares(ax: Axes, y: float, shares: dict[str, float], *, height: float) -> None:
    at = 0.0
    for name, share in shares.items():
        ax.barh(y, share, left=at, height=height, color=FILLS[name], linewidth=0)
        at += share


def _spoken(term: str) -> str:
    return term.replace("_", " ")


def _title(study: CouncilStudy) -> str:
    share = percent(float(study.chances.full.mean()))
    option = study.scenario.options[study.option].name
    return f"{option} under {study.posture}: a full answer has a probability of {share}"


def _subtitle(study: CouncilStudy) -> str:
    odds = percent(float(np.median(study.seen.odds)))
    days = float(np.median(study.delay_hours)) / 24
    return (
        "How likely each member is for a full answer, a limited one or none (medians of worlds), "
        "and what weighs most\n"
        f"with it. At the decision, after {days:.1f} days, the odds of success are {odds} in the "
        "median world."
    )


def _foot(study: CouncilStudy) -> str:
    from glacis import __version__

    return f"{CAVEAT} {study.made_of()}, glacis {__version__}."
