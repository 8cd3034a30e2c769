"""Tests of claims world by world: bars, margins, joined tests, what is left out."""

from __future__ import annotations

import numpy as np
import pytest

from glacis.errors import InputError
from glacis.scenario.claims import ClaimTest, Reading
from glacis.study.claims import interval, verdict, words
from glacis.study.weighing import Weighed, finite_of, readings, weigh

VALUES = {
    "p_attack": np.array([0.10, 0.50, 0.90, np.nan]),
    "p_attack_5y": np.array([0.30, 0.505, 0.20, 0.5]),
    "hours_to": np.array([20.0, 60.0, np.inf, 100.0]),
}


def reading(name: str) -> Reading:
    return Reading(read=name, posture="p")


def read(one: Reading) -> np.ndarray:
    return VALUES[one.read]


def weighed(**form: object) -> Weighed:
    return weigh(ClaimTest.model_validate(form), read)


A, B, HOURS = (reading(name) for name in VALUES)


def scores(one: Weighed) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in one.score]


def test_bars() -> None:
    assert scores(weighed(reading=A, at_least=0.5)) == [0, 1, 1, None]
    assert scores(weighed(reading=HOURS, at_most=60)) == [1, 1, 0, 0]
    assert weighed(reading=HOURS, at_most=60).margin.tolist() == [40, 0, -np.inf, -40]


def test_higher_and_lower_have_a_margin() -> None:
    """A tenth, and a point at least; a world nearer than that counts half."""
    assert scores(weighed(reading=A, below=B)) == [1, 0.5, 0, None]
    assert scores(weighed(reading=A, above=B)) == [0, 0.5, 1, None]
    near = {"p_attack": np.array([0.012, 0.03]), "p_attack_5y": np.array([0.010, 0.010])}
    found = weigh(ClaimTest.model_validate({"reading": A, "above": B}), lambda one: near[one.read])
    assert scores(found) == [0.5, 1]


def test_parts_of_another() -> None:
    assert scores(weighed(reading=B, times=2, of=A)) == [1, 0, 0, None]
    assert scores(weighed(reading=A, share=0.5, of=B)) == [1, 0, 0, None]
    assert scores(weighed(reading=A, falls=0.1, of=B)) == [1, 0, 0, None]


def test_all_and_some() -> None:
    one, two = {"reading": A, "at_least": 0.5}, {"reading": HOURS, "at_most": 60}
    assert scores(weighed(every=[one, two])) == [0, 1, 0, None]
    assert scores(weighed(some=[one, two])) == [1, 1, 1, None]
    assert scores(weighed(some=[one, two], count=2)) == scores(weighed(every=[one, two]))
    margin = weighed(every=[one, two]).margin
    assert margin[0] < 0 <= margin[1]


def test_what_is_not_given_is_left_out() -> None:
    given = {"reading": HOURS, "at_most": 80}
    assert scores(weighed(reading=A, at_least=0.5, given=given)) == [0, 1, None, None]


def test_infinite_margins_stand_outside_of_all_else() -> None:
    told = finite_of(np.array([1.0, -2.0, np.inf, -np.inf, np.nan]))
    assert told[:4].tolist() == [1, -2, 3, -3]
    assert np.isnan(told[4])
    assert np.isfinite(finite_of(np.array([np.inf, np.inf]))).all()


@pytest.mark.parametrize(
    "form, words_",
    [
        ({"reading": A}, "has none"),
        ({"reading": A, "at_least": 1, "at_most": 2}, "at_least, at_most"),
        ({"at_least": 1}, "needs a `reading`"),
        ({"reading": A, "times": 2}, "needs `of`"),
    ],
)
def test_a_test_has_one_form(form: dict[str, object], words_: str) -> None:
    with pytest.raises(InputError, match=words_):
        weighed(**form)


def test_all_readings_are_found() -> None:
    test = ClaimTest.model_validate(
        {
            "every": [{"reading": A, "below": B}, {"some": [{"reading": HOURS, "at_most": 1}]}],
            "given": {"reading": B, "at_least": 0},
        }
    )
    assert [one.read for one in readings(test)] == [
        "p_attack",
        "p_attack_5y",
        "hours_to",
        "p_attack_5y",
    ]


@pytest.mark.parametrize(
    "share, word",
    [
        (1.0, "holds"),
        (0.8, "holds"),
        (0.79, "leans"),
        (0.5, "leans"),
        (0.2, "contested"),
        (0.1, "fails"),
    ],
)
def test_words(share: float, word: str) -> None:
    assert words(share) == word


def test_an_interval_over_a_bar_has_both_words() -> None:
    assert verdict(0.82, 0.78, 0.86) == "holds or leans"
    assert verdict(0.9, 0.85, 0.93) == "holds"
    assert verdict(0.21, 0.15, 0.55) == "contested or fails or leans"
    assert verdict(float("nan"), float("nan"), float("nan")) == "undefined"


def test_intervals_hold_the_share() -> None:
    for share, n in ((0.0, 10), (0.5, 100), (1.0, 1_000)):
        low, high = interval(share, n)
        assert 0 <= low <= share <= high <= 1
    low, high = interval(0.5, 100)
    assert high - low == pytest.approx(2 * 0.0964, abs=0.005)
