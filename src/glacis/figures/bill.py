"""What is lost under each posture, term by term, its own cost included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from glacis.assess.loss import POSTURE, TERMS
from glacis.errors import InputError
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
    round_ticks,
    told_in_lines,
)
from glacis.figures.theme import MARGIN, WIDTH
from glacis.figures.words import shortened, told_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: What each term is called, and its fill; cost is never red or green.
LOOKS = {
    POSTURE: ("the posture itself", "#575045"),
    "dead": ("soldiers killed", "#69406f"),
    "wounded": ("soldiers wounded", "#94739a"),
    "civilians": ("civilians", "#c3adc6"),
    "occupied": ("ground under occupation", "#c98f3c"),
    "war": ("days of war", "#d9c06c"),
    "munitions": ("munitions", "#ebdfb4"),
    "second_theatres": ("crises elsewhere", "#7f9a9b"),
    "programmes": ("nuclear programmes", "#b9c9c8"),
    "world_shock": ("shock to the world's economy", "#a9a294"),
    "nuclear": ("nuclear use", "#1f1b16"),
}
APART = ("world_shock", "nuclear")  # so large, or so unsure, that the rest could not be read
REST, GAP, SHOCK, TOTAL = 3.5, 0.45, 2.2, 1.1  # inches
BAR, HEAD, KEY_ROWS = 0.56, 0.34, 3


class _Panel(NamedTuple):
    """Some of the terms, side by side."""

    ax: Axes
    terms: Sequence[str]
    inches: float


def bill_chart(study: Compared) -> Figure:
    """Expected loss by term under each posture, and what they add up to.

    Raises
    ------
    InputError
        If the scenario has no prices.
    """
    if not study.has("loss"):
        raise InputError(
            f"{study.scenario.name} has no loss, so nothing has a price and no losses can be "
            "drawn; write one (baltic's loss.yaml shows how)"
        )
    text = told_in_lines(_text(study))
    rows = len(study.postures)
    sheet = new_sheet(study, text, rows=rows, heads=KEY_LINE * KEY_ROWS + HEAD)
    rest = [term for term in LOOKS if term not in APART]
    left = _Panel(sheet.panel(NAMES, REST), rest, REST)
    right = _Panel(sheet.panel(NAMES + REST + GAP, SHOCK), APART, SHOCK)
    means = {name: _means(study, name) for name in study.postures}
    for panel, head in (
        (left, "EUR bn, all but the two at the right"),
        (right, "EUR bn, on another scale"),
    ):
        _draw_panel(panel, means, head)
    for row, name in enumerate(study.postures):
        draw_name(left.ax, (left.ax.get_xlim()[0], row + 0.5), study, name)
        _draw_total(right.ax, row, study, name)
    end = (right.ax.get_xlim()[1], 0.0)
    theme.note(right.ax, "in all", at=end, off=(22, 4), size=8.0, colour=theme.INK)
    wide = WIDTH - 2 * MARGIN
    draw_key(sheet.above(0.0, wide, lines=KEY_ROWS), [*LOOKS.values()], columns=4, column=wide / 4)
    return finish(sheet, study, _title(study), text)


def _means(study: Compared, posture: str) -> dict[str, float]:
    return {
        term: float(study.values("loss", posture, term=term).mean()) for term in (POSTURE, *TERMS)
    }


def _draw_panel(panel: _Panel, means: Mapping[str, Mapping[str, float]], head: str) -> None:
    """Stacked bars: what is saved stands left of zero."""
    ax, rows = panel.ax, len(means)
    parts = [[one[term] for term in panel.terms] for one in means.values()]
    low = min(0.0, *(sum(v for v in part if v < 0) for part in parts))
    high = max(0.0, *(sum(v for v in part if v > 0) for part in parts)) or 1.0
    ax.set_ylim(rows, 0.0)
    ax.set_xlim(low, high * 1.13)  # what a bar adds up to stands behind it
    for tick in round_ticks(low, high, 4):
        ink = theme.INK if tick == 0 else theme.RULE
        ax.plot([tick, tick], [0.0, rows], color=ink, linewidth=0.8, zorder=0.5, clip_on=False)
        theme.note(ax, told_money(tick).removesuffix(".0"), at=(tick, rows), off=(0, -4), size=8.0)
    theme.note(ax, head, at=(ax.get_xlim()[0], 0.0), off=(1e-3, 4), size=8.0, colour=theme.INK)
    for row, part in enumerate(parts):
        _draw_bar(panel, row + 0.5, dict(zip(panel.terms, part, strict=True)))


def _draw_bar(panel: _Panel, y: float, part: Mapping[str, float]) -> None:
    ends = {True: 0.0, False: 0.0}  # by whether it is lost
    left, right = panel.ax.get_xlim()
    for term, value in part.items():
        fill, start = LOOKS[term][1], ends[value >= 0]
        look = {"color": fill, "edgecolor": theme.PAPER, "linewidth": 0.6}
        panel.ax.barh(y, value, left=start, height=BAR, zorder=2, **look)  # type: ignore[arg-type]
        ends[value >= 0] += value
        room = panel.inches * abs(value) / (right - left) - 0.06
        told = {"size": 7.5, "colour": theme.text_on(fill)}
        fitting(panel.ax, [told_money(value)], (start + value / 2, y), room, **told)
    whole = told_money(sum(part.values()))
    theme.note(panel.ax, whole, at=(ends[True], y), off=(5, 0), size=8.5, colour=theme.INK)


def _draw_total(ax: Axes, row: int, study: Compared, posture: str) -> None:
    """The mean in bold, and below it the range of nine in ten worlds."""
    found = estimate(study.values("expected_loss", posture))
    at = (ax.get_xlim()[1], row + 0.5)
    told = theme.note(ax, told_money(found.mean), at=at, off=(22, 0.5), size=11.0, colour=theme.INK)
    told.set_fontweight("bold")
    span = f"{told_money(found.p05)} to {told_money(found.p95)}"
    theme.note(ax, span, at=at, off=(22, -2), size=7.0)


def _title(study: Compared) -> str:
    """What is lost under the first, and where that is least."""
    first, *others = study.postures
    total = {name: estimate(study.values("expected_loss", name)).mean for name in study.postures}
    told = (
        f"The expected loss under {shortened(first, TITLED)} is EUR {told_money(total[first])} bn"
    )
    if not others:
        return told
    least = min(total, key=total.__getitem__)
    if least == first or not estimate(study.difference("expected_loss", least)).is_sure:
        return f"{told};\nunder no other is it told to be lower"
    return f"{told};\nleast under {shortened(least, TITLED)}, EUR {told_money(total[least])} bn"


def _text(study: Compared) -> str:
    section = study.scenario.loss
    assert section is not None, "there are losses"
    years = f"{section.years:g}"
    return (
        f"{study.scenario.title}. What the posture costs, and what an attack would cost by how "
        f"likely it is, over {years} years at present value: means over worlds, a comparison and "
        "no forecast. A posture less than the base is a saving, left of zero. In all: the mean, "
        "and the middle nine in ten of worlds."
    )


__all__ = ["LOOKS", "bill_chart"]
