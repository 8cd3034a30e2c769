"""What is worked out of a scenario and asked for again: kept by the scenario itself.

Scenarios never change, but to compare two costs more than most of what is kept: so a scenario is
known here by being the same object.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from glacis.scenario.model import Scenario

Found = TypeVar("Found")


class _Itself:
    """A scenario as a key: it alone, and no other that is like it."""

    __slots__ = ("scenario",)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.scenario is self.scenario

    def __hash__(self) -> int:
        return id(self.scenario)


def remembered(
    most: int,
) -> Callable[[Callable[[Scenario], Found]], Callable[[Scenario], Found]]:
    """Decorator of a function of one scenario, which keeps what it found for so many of them."""

    def decorate(find: Callable[[Scenario], Found]) -> Callable[[Scenario], Found]:
        kept = lru_cache(maxsize=most)(lambda key: find(key.scenario))

        @wraps(find)
        def found(scenario: Scenario) -> Found:
            return kept(_Itself(scenario))

        return found

    return decorate


__all__ = ["remembered"]
