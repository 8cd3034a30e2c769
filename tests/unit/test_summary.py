from __future__ import annotations

from glacis.scenario.model import Scenario
from glacis.scenario.summary import Range, html, posture_costs, provenance_counts


def test_costs_add_up_over_measures(mini: Scenario) -> None:
    bare, thin, thick = posture_costs(mini)
    assert (bare.posture, bare.measures) == ("bare", 0)
    assert bare.annual_meur == Range(0, 0, 0)
    assert thin.one_off_meur == Range(100, 150, 200)
    assert thick.measures == 8
    assert thick.one_off_meur == Range(2 * 100 + 5 * 2, 2 * 150 + 5 * 2, 2 * 200 + 5 * 2)
    assert thick.annual_meur == Range(100 + 0.5, 100 + 1, 100 + 2.5)


def test_ranges_as_text() -> None:
    assert str(Range(5, 5, 5)) == "5"
    assert str(Range(1000, 1500, 2000)) == "1,500 (1,000 to 2,000)"


def test_every_number_is_counted_once(mini: Scenario) -> None:
    counts = provenance_counts(mini)
    assert counts.numbers == len(list(mini.quantities()))
    assert counts.sourced == sum(n.source == "mini-survey" for _, n in mini.quantities())
    assert counts.from_memory == 0


def test_html_takes_nothing_as_markup(mini: Scenario) -> None:
    hostile = mini.replace({"title": "<script>alert(1)</script>", "date": "<b>'\"&"})
    page = html(hostile)
    assert page == hostile._repr_html_()
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


def test_html_says_what_was_applied(mini: Scenario) -> None:
    assert "sudden, thin" in html(mini.variant("sudden").posture("thin"))
    assert "applied" not in html(mini)
