"""What is set on the page: all that its address holds, checked, and the scenario that it makes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from glacis.errors import InputError
from glacis.scenario.claims import PostureLine
from glacis.scenario.model import Scenario
from glacis.web.levers import lines_of

MINE = "mine"
"""Id of the posture that is set on the page."""
MOST_CHANGES = 64
MOST_UNITS = 500

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Value = bool | float | Annotated[str, StringConstraints(max_length=300)]
Seed = Annotated[int, Field(ge=0, lt=2**53)]  # as far as a browser counts


class Asked(BaseModel):
    """What comes from outside: nothing but what is declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Levers(Asked):
    """A posture as the page has it: a preset, and what differs from it."""

    posture: Name | None = None
    """The preset; the scenario's default if left out."""
    levers: Annotated[
        dict[Name, Annotated[int, Field(ge=0, le=MOST_UNITS)]], Field(max_length=MOST_CHANGES)
    ] = {}
    """By measure, how many units."""


class Where(Asked):
    """A scenario with what is changed in it."""

    scenario: Name = "baltic"
    variants: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    overrides: Annotated[dict[Path, Value], Field(max_length=MOST_CHANGES)] = {}
    seed: Seed = 1

    def changed(self, scenario: Scenario) -> Scenario:
        """The scenario under its variants and overrides.

        Raises
        ------
        InputError
            If a variant, a path or a value does not fit.
        """
        if any(path.startswith("postures.") for path in self.overrides):
            raise InputError("overrides: postures are set by levers; leave their paths out")
        found = scenario.variant(*self.variants) if self.variants else scenario
        return found.replace(dict(self.overrides)) if self.overrides else found


class State(Where, Levers):
    """All that the page's address holds."""

    def where(self) -> Where:
        """The same without the posture."""
        return Where(
            scenario=self.scenario,
            variants=self.variants,
            overrides=self.overrides,
            seed=self.seed,
        )


def with_mine(scenario: Scenario, asked: Levers, *, name: str = MINE) -> tuple[Scenario, str]:
    """The scenario with the posture that is set, and that posture's id.

    A preset that nothing is changed in keeps its own id.

    Raises
    ------
    InputError
        If there is no such posture or measure, or a number is beyond its lever.
    """
    preset = preset_of(scenario, asked)
    if not asked.levers:
        return scenario, preset
    lines = lines_of(scenario, preset, asked.levers)
    if lines == lines_of(scenario, preset, {}):
        return scenario, preset
    base = scenario.postures[preset]
    made = {
        "name": f"{base.name}, changed",
        "description": base.description,
        "measures": [_written(line) for line in lines],
    }
    return scenario.replace({f"postures.{name}": made}), name


def preset_of(scenario: Scenario, asked: Levers) -> str:
    """The preset that a posture starts from.

    Raises
    ------
    InputError
        If there is no such posture.
    """
    name = asked.posture or scenario.default_posture or next(iter(scenario.postures))
    if name not in scenario.postures:
        known = ", ".join(scenario.postures)
        raise InputError(f"no posture {name[:64]!r}; choose among: {known}")
    return name


def _written(line: PostureLine) -> dict[str, object]:
    where = {} if line.at is None else {"at": line.at}
    return {"measure": line.measure, **where, "quantity": line.quantity}


__all__ = [
    "MINE",
    "Asked",
    "Levers",
    "Name",
    "Seed",
    "State",
    "Where",
    "preset_of",
    "with_mine",
]
