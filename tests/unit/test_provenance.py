"""The chart of what numbers rest on adds up to the scenario's counts."""

from __future__ import annotations

from glacis.figures.provenance import provenance_chart
from glacis.scenario.model import Scenario
from glacis.scenario.summary import provenance_counts


def test_every_number_is_in_a_bar(mini: Scenario) -> None:
    fig = provenance_chart(mini)
    (ax,) = fig.axes
    widths = [bar.get_width() for bar in ax.patches]
    rows = len({bar.get_y() for bar in ax.patches}) - 1  # the key stands above the rows
    assert abs(sum(widths) - rows - 3 * 0.025) < 1e-9
    counts = provenance_counts(mini)
    assert counts.numbers == counts.sourced + counts.from_memory + counts.elicited


def test_the_title_counts_the_numbers(mini: Scenario) -> None:
    title = provenance_chart(mini).texts[0].get_text()
    assert title.startswith(f"{provenance_counts(mini).numbers:,} numbers")
