"""How worlds end: one outcome for every combination, and classes that add up."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from glacis.assess.outcome import CLASSES, ENDINGS, Tally, merge, outcomes_of
from glacis.ripple.aftermath import OUTCOMES, PEACE
from glacis.scenario.game import ANSWERS

ARMED = ("assault", "narva")


def one(act: str, answer: str, *, took: bool, holds: bool) -> str:
    found = outcomes_of(act, answer, took=np.array([took]), holds=np.array([holds]))
    (name,) = [name for name, where in found.items() if where[0]]
    return name


@pytest.mark.parametrize(
    "answer, took, holds", list(product(ANSWERS, (False, True), (False, True)))
)
def test_every_attack_ends_in_one_way(answer: str, took: bool, holds: bool) -> None:
    """The lines of the model's list, told again from their meaning."""
    for act in ARMED:
        found = one(act, answer, took=took, holds=holds)
        assert found in OUTCOMES
        assert found not in (*PEACE, "nuclear_use")
        if not holds:
            assert found == ("retaken" if took else "repelled")
        else:
            assert (
                found
                == {
                    "full": "stalemate",
                    "limited": "sanctions_only",
                    "none": "inaction",
                }[answer]
            )


@pytest.mark.parametrize("took, holds", list(product((False, True), (False, True))))
def test_whoever_does_not_attack_is_at_peace(took: bool, holds: bool) -> None:
    assert one("refrain", "", took=took, holds=holds) == "deterred"
    assert one("grey-zone", "", took=took, holds=holds) == "grey_zone"


def test_worlds_are_told_apart() -> None:
    took, holds = np.array([True, True, False]), np.array([True, False, False])
    found = outcomes_of("assault", "full", took=took, holds=holds)
    names = np.array(list(found))[np.argmax(list(found.values()), axis=0)]
    assert names.tolist() == ["stalemate", "retaken", "repelled"]
    assert np.sum(list(found.values()), axis=0).tolist() == [1, 1, 1]


def test_classes_are_all_pairs_once() -> None:
    assert len(set(CLASSES)) == len(CLASSES) == len(OUTCOMES) * len(ANSWERS)
    assert len(ENDINGS) == 3


def test_classes_merge_by_their_weights() -> None:
    luck = np.random.Generator(np.random.Philox(1))
    share = luck.random((len(CLASSES), 4))
    days = luck.random((len(CLASSES), 4)) * 100
    stands = luck.random((len(CLASSES), 4, 2))
    tally = Tally(
        share,
        share * days,
        share * 0.5,
        share * 7,
        share * 3,
        np.zeros((len(CLASSES), 4, 1)),
        share[:, :, None] * stands,
    )
    both = merge(tally, [3, 5])
    total = share[3] + share[5]
    assert both.share == pytest.approx(total)
    assert both.days == pytest.approx((share[3] * days[3] + share[5] * days[5]) / total)
    assert both.munitions == pytest.approx(np.full(4, 0.5))
    expected = (share[3][:, None] * stands[3] + share[5][:, None] * stands[5]) / total[:, None]
    assert both.stands == pytest.approx(expected)


def test_a_class_that_never_comes_about_has_nothing() -> None:
    nothing = np.zeros((len(CLASSES), 2))
    tally = Tally(
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        np.zeros((len(CLASSES), 2, 1)),
        np.zeros((len(CLASSES), 2, 1)),
    )
    assert (merge(tally, [0]).days == 0).all()
