"""The look: contrast over the whole palette, and colours that stand for one thing each."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glacis.figures import theme

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize("ground", theme.GROUNDS)
@pytest.mark.parametrize("colour", theme.TEXT_COLOURS)
def test_text_reads_on_every_ground(colour: str, ground: str) -> None:
    assert theme.contrast(colour, ground) >= theme.LEAST_CONTRAST


@pytest.mark.parametrize("fill", [*theme.OUTCOMES.values(), theme.RED, theme.BLUE])
def test_text_reads_on_fills(fill: str) -> None:
    assert theme.contrast(theme.text_on(fill), fill) >= theme.LEAST_CONTRAST


def test_outcomes_are_those_of_the_model_in_its_order() -> None:
    assert tuple(theme.OUTCOMES) == (
        "deterred",
        "grey_zone",
        "repelled",
        "retaken",
        "stalemate",
        "sanctions_only",
        "inaction",
        "nuclear_use",
    )


def test_outcomes_differ_and_are_nobodys_side() -> None:
    every = [*theme.OUTCOMES.values(), theme.RED, theme.BLUE]
    for first, second in itertools.combinations(every, 2):
        channels = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (first, second)]
        assert sum(abs(a - b) for a, b in zip(*channels, strict=True)) > 60, (first, second)


def test_reach_goes_from_dark_to_light() -> None:
    shades = [theme.luminance(colour) for colour in theme.REACH]
    assert shades[:5] == sorted(shades[:5])
    assert min(shades[5:]) > shades[3]


def test_known_contrasts() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


@given(colours, colours)
def test_contrast_is_symmetrical_and_bounded(first: str, second: str) -> None:
    assert 1.0 <= theme.contrast(first, second) == theme.contrast(second, first) <= 21.0


@given(colours, colours)
def test_mixing_starts_and_ends_where_it_says(first: str, second: str) -> None:
    assert theme.mixed(first, second, share=0.0) == first
    assert theme.mixed(first, second, share=1.0) == second


def test_pyplot_stays_out() -> None:
    import sys

    theme.new_figure(2.0, 1.0)
    assert "matplotlib.pyplot" not in sys.modules
