"""The cases that tests read: a posture, perhaps changed, under variants and replaced numbers.

Every distinct case is assessed once. Cases of one scenario are assessed together, over the same
worlds, and wars that a change cannot touch are not fought again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, NamedTuple

from glacis.assess.chain import Fights, Sparing
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.claims import Reading
from glacis.scenario.model import Scenario
from glacis.study.compare import Comparison, compare_answered, compared


class Where(NamedTuple):
    """A scenario that cases are of: the base's under variants, with numbers replaced."""

    variants: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]


@dataclass
class Cases:
    """All cases that are needed of a scenario, and what came of them.

    Parameters
    ----------
    scenario
        Without a posture applied; it has claims.
    """

    scenario: Scenario
    worlds: int
    seed: int
    asked: dict[Where, dict[str, Any]] = field(default_factory=dict)
    """By scenario, the postures that are asked of it: id to what it is, None for its own."""
    found: dict[Where, Comparison] = field(default_factory=dict)
    whole: set[Where] = field(default_factory=set)
    """Scenarios of which more is read than the war alone."""
    channels: dict[Where, tuple[str, ...]] = field(default_factory=dict)
    """Postures of which channels are read."""
    fights: Fights = field(default_factory=lambda: Fights(FIGHTS_KEPT))
    places: dict[tuple[str, int], Floats] = field(default_factory=dict)
    parts: dict[tuple[str, str], dict[str, Floats]] = field(default_factory=dict)
    _sets: dict[str, Any] = field(default_factory=dict)

    def ask(self, reading: Reading, red: str, postures: Iterable[str] = ()) -> None:
        """Have a reading's case assessed, and more postures of the same scenario."""
        where = self.where(reading, red)
        own = self.asked.setdefault(where, {})
        name, made = self.posture(reading)
        own[name] = made
        if reading.read in BY_CHANNEL:
            self.channels[where] = (*self.channels.get(where, ()), name)
        if not is_of_answered_war(reading.read):
            self.whole.add(where)
        for other in (*postures, *([reading.base] if reading.base else [])):
            own.setdefault(other, None)

    def where(self, reading: Reading, red: str) -> Where:
        """The scenario that a reading is of; a Red of its own stands in the ledger's place."""
        reds = () if self.scenario.claims is None else self.scenario.claims.reds
        own = [name for name in reading.variants if name in reds]
        variants = reading.variants if own or not red else (red, *reading.variants)
        changes = tuple((path, repr(value)) for path, value in reading.set.items())
        self._sets |= {repr(value): value for value in reading.set.values()}
        return Where(variants, changes)

    def posture(self, reading: Reading) -> tuple[str, Any]:
        """Id and, if it is none of the scenario's own, content of a reading's posture."""
        if not (reading.plus or reading.less):
            return reading.posture, None
        return self.changed(reading.posture, reading.less, reading.plus)

    def changed(
        self, posture: str, less: Iterable[str], plus: Iterable[Any] = ()
    ) -> tuple[str, Any]:
        """Id and content of a posture with parts left out and lines added."""
        less, plus = tuple(less), tuple(plus)
        base = self.scenario.postures[posture]
        gone = set(self._measures(posture, less))
        lines = [line for line in base.measures if line.measure not in gone]
        words = [f"less-{part}" for part in less] + [
            f"plus-{line.quantity}-{line.measure}{f'-{line.at}' if line.at else ''}"
            for line in plus
        ]
        told = [
            {key: value for key, value in line.model_dump().items() if key in LINE and value}
            for line in (*lines, *plus)
        ]
        made = {"name": base.name, "description": base.description, "measures": told}
        name = "-".join([posture, *words])
        if len(name) > LONGEST:
            name = f"{name[: LONGEST - 9]}-{sha256(name.encode()).hexdigest()[:8]}"
        return name, (made if words else None)

    def _measures(self, posture: str, parts: Iterable[str]) -> Iterable[str]:
        claims = self.scenario.claims
        known = {} if claims is None else claims.parts.get(posture, {})
        for part in parts:
            if part not in known:
                raise InputError(
                    f"claims.parts.{posture}: has no part {part!r}; name its measures there"
                )
            yield from known[part]

    def run(self, runner: Runner | None = None) -> None:
        """Assess all cases that are asked for and not found yet.

        Raises
        ------
        Cancelled
            If the runner's cancel event is set.
        """
        runner = runner or Runner()
        # Red by Red: those of one share wars, which are not kept for ever.
        waiting = sorted((one for one in self.asked if one not in self.found), key=_red_of)
        for number, where in enumerate(waiting):
            self.found[where] = self.assessed(
                where, self.asked[where], self.worlds, runner.part(number, len(waiting))
            )

    def assessed(
        self, where: Where, postures: Mapping[str, Any], worlds: int, runner: Runner
    ) -> Comparison:
        """Some postures, the scenario's own or made up, in one scenario."""
        scenario = self.scenario.variant(*where.variants) if where.variants else self.scenario
        changes = {path: self._sets[value] for path, value in where.changes}
        made = {f"postures.{name}": one for name, one in postures.items() if one is not None}
        if changes or made:
            scenario = scenario.replace({**changes, **made})
        if where not in self.whole:
            return compare_answered(
                scenario, list(postures), worlds=worlds, seed=self.seed, runner=runner
            )
        study = compared(
            scenario,
            list(postures),
            worlds=worlds,
            seed=self.seed,
            runner=runner,
            sparing=Sparing(self.fights, self.channels.get(where, ())),
        )
        return replace(study, chain=None)  # only what was told of its worlds is read


def _red_of(where: Where) -> str:
    """The variant that comes first: the Red, unless there is none."""
    return next(iter(where.variants), "")


def is_of_answered_war(name: str) -> bool:
    """Whether a variable is one of the headline option's war, if that is answered in full."""
    return name in ANSWERED


ANSWERED = (
    "answered_hours_to",
    "answered_falls_any",
    "answered_blue_casualties",
    "answered_nuclear",
    "answered_run_out",
    "retaken_days",
    "counter_nuclear",
    "cohesion_days",
    "arrived",
    "mined_days",
    "longest_mined",
    "axis_power_ratio",
)
"""What can be read of the headline option's war alone."""
BY_CHANNEL = (
    "channel_war",
    "channel_answer",
    "channel_threat",
    "denial_fall",
    "provocation_rise",
)
"""What is read of what each thing that a posture changes does by itself."""
LINE = ("measure", "at", "quantity")
FIGHTS_KEPT = 16
"""Pilots whose wars are kept for other cases of the same Red."""
LONGEST = 64
"""Letters of an id."""

__all__ = ["Cases", "Where"]
