"""What the tabs below the page tell of a posture: its game, its council, the rest of the world.

All three are read from one run of the chain, so that they agree with the answer above them and with
each other; what one tab has asked for is there for the next.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from glacis.assess.council import council, council_of
from glacis.assess.expected import headline, look_of
from glacis.assess.variables import Whole
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.study.compare import missing
from glacis.web.alliance import alliance_view
from glacis.web.game import game_view
from glacis.web.ripple import ripple_view

Part = Literal["game", "alliance", "ripple"]
PARTS: tuple[Part, ...] = get_args(Part)
Details = dict[Part, dict[str, Any]]


def lacking(scenario: Scenario, part: Part) -> str | None:
    """The section without which a scenario has nothing to tell of a part; None if it has all.

    The council's answer hangs on no game, so that it is told of a scenario without one.
    """
    if part == "alliance":
        return "alliance" if scenario.alliance is None else None
    if gone := missing(scenario):
        return gone[0]
    return "ripple" if part == "ripple" and scenario.ripple is None else None


def refuse_lacking(scenario: Scenario, part: Part) -> None:
    """Raise InputError if a scenario has nothing to tell of a part."""
    if (name := lacking(scenario, part)) is not None:
        raise InputError(f"{scenario.name} has no {name}: there is no {part} to tell of")


def details_of(whole: Whole) -> Details:
    """All parts that a scenario has, from what became of its worlds under a posture."""
    posed = whole.situation.posed
    first = headline(posed.scenario)
    names = sorted(whole.wars, key=lambda name: name != first)
    look = look_of(whole.situation)
    councils = [council_of(posed.base, whole.wars[name].helped, look) for name in names]
    found: Details = {"game": game_view(whole), "alliance": alliance_view(councils)}
    section = posed.scenario.ripple
    return found if section is None else found | {"ripple": ripple_view(whole, section)}


def council_alone(
    scenario: Scenario, posture: str, *, worlds: int, seed: int, runner: Runner
) -> Details:
    """The answer to the headline option, where nobody decides on attacking: no game, no ripple."""
    option = headline(scenario)
    study = council(scenario, posture, option=option, runs=worlds, seed=seed, runner=runner)
    return {"alliance": alliance_view([study])}


__all__ = ["PARTS", "Details", "Part", "council_alone", "details_of", "lacking", "refuse_lacking"]
