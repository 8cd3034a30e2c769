"""Tests of claims, world by world: does it hold there, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.claims import FORMS, ClaimTest, Reading

TENTH, POINT = 0.1, 0.01
"""The margin within which something is neither higher nor lower: a tenth of it, or a point."""

Read = Callable[[Reading], Floats]


class Weighed(NamedTuple):
    """A test in each of W worlds."""

    score: Floats
    """(W,) 1 where it holds, 0 where it does not, a half inside the margin; NaN if undefined."""
    margin: Floats
    """(W,) by how much it holds, negative if it does not, in the unit of what is read."""


def weigh(test: ClaimTest, read: Read) -> Weighed:
    """A test in every world.

    Parameters
    ----------
    read
        Gives what a reading says of each world.

    Raises
    ------
    InputError
        If the test has not exactly one form.
    """
    found = _weigh(test, read)
    if test.given is not None:
        applies = weigh(test.given, read).score == 1
        found = Weighed(*(np.where(applies, one, np.nan) for one in found))
    return found


def _weigh(test: ClaimTest, read: Read) -> Weighed:
    forms = form_of(test)
    if len(forms) != 1:
        raise InputError(
            f"a test has one form, and this has {', '.join(forms) or 'none'}; see the reference"
        )
    form = forms[0]
    if form == "every":
        return _fewest(test.every, len(test.every), read)
    if form == "some":
        return _fewest(test.some, test.count, read)
    if test.reading is None:
        raise InputError(f"a test with `{form}` needs a `reading`")
    value = read(test.reading)
    return _compared(test, form, value, read)


def form_of(test: ClaimTest) -> list[str]:
    """The forms that a test is given in."""
    return [name for name in FORMS if getattr(test, name) not in (None, ())]


def _compared(test: ClaimTest, form: str, value: Floats, read: Read) -> Weighed:
    if form == "at_least":
        assert test.at_least is not None
        return _sharp(value - test.at_least)
    if form == "at_most":
        assert test.at_most is not None
        return _sharp(test.at_most - value)
    other = test.above or test.below or test.of
    if other is None:
        raise InputError(f"a test with `{form}` needs `of`: what it is compared with")
    against = read(other)
    value, against = _common(value, against)
    with np.errstate(invalid="ignore"):
        match form:
            case "above":
                return _blunt(value - against, against)
            case "below":
                return _blunt(against - value, against)
            case "times":
                return _sharp(_over(value, float(test.times or 0) * against))
            case "share":
                return _sharp(_over(float(test.share or 0) * against, value))
            case _:
                return _sharp(against - value - float(test.falls or 0))


def _common(one: Floats, two: Floats) -> tuple[Floats, Floats]:
    """Both in the worlds that both have: the first."""
    n = min(len(one), len(two))
    return one[:n], two[:n]


def _over(one: Floats, two: Floats) -> Floats:
    """By how much one is more than another: the logarithm of their ratio, if both are positive.

    So a ratio that is tested hangs on what moves it, and not on the size of what it is of.
    """
    is_ratio = bool((np.nan_to_num(one, nan=1) > 0).all() and (np.nan_to_num(two, nan=1) > 0).all())
    return np.asarray(np.log(one) - np.log(two) if is_ratio else one - two)


def _sharp(margin: Floats) -> Weighed:
    return Weighed(np.where(np.isnan(margin), np.nan, (margin >= 0).astype(float)), margin)


def _blunt(margin: Floats, against: Floats) -> Weighed:
    """Higher or lower by more than the margin, or neither: that counts half."""
    band = np.maximum(TENTH * np.abs(against), POINT)
    score = np.where(margin > band, 1.0, np.where(margin >= -band, 0.5, 0.0))
    return Weighed(np.where(np.isnan(margin), np.nan, score), margin)


def _fewest(tests: tuple[ClaimTest, ...], count: int, read: Read) -> Weighed:
    """So many of some tests: the score and margin of the least of the best so many.

    Margins of different units are compared by their own spread.
    """
    weighed = [weigh(one, read) for one in tests]
    n = min(len(one.score) for one in weighed)
    scores = np.sort(np.stack([one.score[:n] for one in weighed]), axis=0)[::-1]
    margins = np.sort(np.stack([_even(one.margin[:n]) for one in weighed]), axis=0)[::-1]
    missing = np.isnan(np.stack([one.score[:n] for one in weighed])).any(axis=0)
    k = min(count, len(tests)) - 1
    return Weighed(np.where(missing, np.nan, scores[k]), np.where(missing, np.nan, margins[k]))


def _even(margin: Floats) -> Floats:
    """A margin in its own spread; what is infinite stands just outside of all else."""
    finite = finite_of(margin)
    spread = float(np.nanstd(finite)) if np.isfinite(finite).any() else 0.0
    return np.asarray(finite / spread if spread > 0 else np.sign(finite))


def finite_of(margin: Floats) -> Floats:
    """A margin in which what is infinite stands just outside of all else."""
    kept = margin[np.isfinite(margin)]
    most = 1.5 * float(np.abs(kept).max()) if len(kept) else 1.0
    return np.asarray(np.clip(margin, -most or -1.0, most or 1.0))


def readings(test: ClaimTest) -> Iterator[Reading]:
    """All readings of a test."""
    for one in (test.reading, test.above, test.below, test.of):
        if one is not None:
            yield one
    for inner in (*test.every, *test.some, *([test.given] if test.given else ())):
        yield from readings(inner)


__all__ = ["Weighed", "finite_of", "form_of", "readings", "weigh"]
