"""Numbers in words: every one has some, made of names and of what the model declares."""

from __future__ import annotations

import pytest

from glacis.scenario.model import Scenario
from glacis.scenario.read import bundled_names, read_scenario
from glacis.scenario.wording import words_of


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.mark.parametrize(
    "path, words",
    [
        (
            "belief.base",
            "Belief, base: Red's base rate of allies that keep their word when it counts",
        ),
        (
            "campaign.movement.organised",
            "Movement, organised: advance against an organised defence",
        ),
        (
            "ripple.theatres.taiwan-strait.hazard",
            "Taiwan Strait, hazard: of a crisis there, as long as nothing happens here",
        ),
        (
            "crisis.stages.resolve.actions.press-on.cases.0.pays.nuclear",
            "Whether to go on, press on, pays: Nuclear use",
        ),
        ("theatre.places.tallinn.port", "Tallinn, port: battalions a day that its port lands"),
    ],
)
def test_a_number_says_whose_it_is_and_what(baltic: Scenario, path: str, words: str) -> None:
    assert words_of(baltic, path).startswith(words)


@pytest.mark.parametrize("name", bundled_names())
def test_every_number_has_words_of_its_own(name: str) -> None:
    scenario = read_scenario(name)
    found = [words_of(scenario, path) for path, _ in scenario.quantities()]
    assert all(words[0].upper() == words[0] and "_" not in words for words in found)
    assert all(len(words) < 200 for words in found)
    assert len(set(found)) > 0.95 * len(found)


@pytest.mark.parametrize("path", ["belief.nothing", "crisis.types.nobody.weights.x", "measures.9"])
def test_what_is_not_there_has_none(baltic: Scenario, path: str) -> None:
    with pytest.raises(KeyError):
        words_of(baltic, path)
