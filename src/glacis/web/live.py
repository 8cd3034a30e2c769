"""Answers to what is set on the page, as fast as the model allows.

What does not move with a lever is kept between answers: the scenario with its changes, the worlds
and what was drawn in them, and the postures that every other is told beside. An answer is the same,
to the last digit, as that of `glacis.compare` in as many worlds.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from glacis.assess.chain import Beside, assess_beside
from glacis.assess.expected import headline
from glacis.assess.posed import crisis_of
from glacis.assess.variables import Variables, Whole, of_campaign, of_posture, variables
from glacis.campaign.replay import Choice, replay_of
from glacis.campaign.run import MAX_DAYS, Response, draw_worlds, run_campaign
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.forecast import PILOT
from glacis.scenario.model import Scenario
from glacis.study.compare import missing
from glacis.web.figures import answer_of, differences
from glacis.web.levers import levers_of, units_in
from glacis.web.library import Library
from glacis.web.state import Levers, State, Where, with_mine
from glacis.worlds import Worlds

DRAG, REST = 40, 512
"""Worlds of an answer while a lever moves, and once it rests."""
MOST_WORLDS = PILOT
"""Worlds of an answer that comes at once; more are a study."""
REPLAYED = 256
"""Runs among which one is chosen to be played."""
BASES, ANSWERS_KEPT, COLUMNS_KEPT = 4, 64, 12
NUMBERS_KEPT = 3
"""Numbers of worlds of which a base is kept: two tiers, and one that a program asked for."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values used last, so many of them; safe for threads."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of a key, made if it is not known."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


@dataclass
class Base:
    """A scenario with its changes, and what is known of it whatever the levers say."""

    scenario: Scenario
    seed: int
    locks: dict[int, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock), repr=False
    )
    known: dict[int, tuple[Worlds, dict[str, Whole]]] = field(default_factory=dict)
    """By number of worlds: these, and the postures that all others are told beside."""

    def beside(self, worlds: int, runner: Runner) -> tuple[Worlds, dict[str, Whole], Beside]:
        """Worlds, the postures known in them, and what another posture is told beside."""
        above = crisis_of(self.scenario).provocation.above
        priced = None if self.scenario.loss is None else self.scenario.loss.above
        with self.locks[worlds]:
            found = self.known.get(worlds)
            if found is None:
                found = self.known[worlds] = self._made(above, priced, worlds, runner)
                for old in list(self.known)[:-NUMBERS_KEPT]:
                    self.known.pop(old, None)
        drawn, wholes = found
        return drawn, wholes, _beside(wholes, above, priced)

    def _made(
        self, above: str, priced: str | None, worlds: int, runner: Runner
    ) -> tuple[Worlds, dict[str, Whole]]:
        """Worlds, and the postures that all others are told beside."""
        drawn = draw_worlds(self.scenario, worlds, self.seed).kept()
        wholes: dict[str, Whole] = {}
        for name in dict.fromkeys([above, *([priced] if priced else [])]):
            own = _beside(wholes, above, priced, is_base=name == priced)
            wholes[name] = assess_beside(self.scenario, name, drawn, beside=own, runner=runner)
        return drawn, wholes


def _beside(
    wholes: dict[str, Whole], above: str, priced: str | None, *, is_base: bool = False
) -> Beside:
    today = wholes.get(above)
    world = wholes[priced].world if priced in wholes else None
    return Beside(
        today=None if today is None else today.study,
        base=None if world is None else world.quiet,
        is_base=is_base,
        given=None if today is None else today.situation.posed.scenario,
    )


class Desk:
    """Answers for one server.

    Parameters
    ----------
    library
        Where scenarios are found.
    workers
        Threads of one answer; all processors if left out.
    """

    def __init__(self, library: Library, *, workers: int | None = None) -> None:
        self.library, self._workers = library, workers
        self._bases: Recent[str, Base] = Recent(BASES)
        self._answers: Recent[tuple[str, int], dict[str, Any]] = Recent(ANSWERS_KEPT)
        self._columns: Recent[tuple[str, str, int], Variables] = Recent(COLUMNS_KEPT)

    def base(self, where: Where) -> Base:
        """A scenario with its changes.

        Raises
        ------
        InputError
            If there is no such scenario, or a change does not fit.
        """

        def make() -> Base:
            return Base(where.changed(self.library.scenario(where.scenario)), where.seed)

        return self._bases.get(where.model_dump_json(), make)

    def answer(self, state: State, worlds: int, runner: Runner | None = None) -> dict[str, Any]:
        """What the page shows of a state, in so many worlds.

        Raises
        ------
        InputError
            If the state does not fit the scenario, or there are too many worlds.
        Cancelled
            If the runner's cancel event is set.
        """
        _check_worlds(worlds)

        def make() -> dict[str, Any]:
            started = time.perf_counter()
            base = self.base(state.where())
            scenario, posture = with_mine(base.scenario, state)
            found = self._found(base, scenario, posture, worlds, self._runner(runner))
            if worlds > DRAG:
                self._columns.get(_column(state.where(), state, worlds), lambda: found)
            told = answer_of(scenario, posture, found)
            taken = round(1000 * (time.perf_counter() - started))
            more = {
                "seed": state.seed,
                "worlds": worlds,
                "untested": _untested(base.scenario, scenario, posture),
            }
            return told | more | {"ms": taken}

        return self._answers.get((state.model_dump_json(), worlds), make)

    def found(
        self, state: State, worlds: int, runner: Runner | None = None
    ) -> tuple[Scenario, Worlds, Variables]:
        """The scenario of a state, worlds, and what the posture comes to in each of them.

        That is kept from an answer given before, if it was not one of those while a lever moves.

        Raises
        ------
        InputError, Cancelled
            As for `answer`.
        """
        _check_worlds(worlds)
        base = self.base(state.where())
        scenario, posture = with_mine(base.scenario, state)
        make = partial(self._found, base, scenario, posture, worlds, self._runner(runner))
        found = self._columns.get(_column(state.where(), state, worlds), make)
        return scenario, draw_worlds(base.scenario, worlds, base.seed), found

    def compare(
        self, where: Where, asked: Sequence[tuple[str, Levers]], worlds: int, runner: Runner
    ) -> dict[str, Any]:
        """Postures side by side, each later one less the first.

        Raises
        ------
        InputError, Cancelled
            As for `answer`.
        """
        base, columns, all_found = self.base(where), [], []
        for number, (name, levers) in enumerate(asked):
            scenario, posture = with_mine(base.scenario, levers, name=f"mine-{number}")
            part = runner.part(number, len(asked))
            make = partial(self._found, base, scenario, posture, worlds, part)
            found = self._columns.get(_column(where, levers, worlds), make)
            all_found.append(found)
            told = answer_of(scenario, posture, found) | {"seed": where.seed, "worlds": worlds}
            columns.append({"name": name, "result": told})
        less = [
            {"name": name, "figures": differences(base.scenario, all_found[0], found)}
            for (name, _), found in zip(asked[1:], all_found[1:], strict=True)
        ]
        return {"columns": columns, "differences": less}

    def replay(
        self, state: State, *, option: str, response: Response, run: int | Choice, days: float
    ) -> dict[str, Any]:
        """One run of the campaign, as `docs/reference/replay.md` has it.

        Raises
        ------
        InputError
            If there is no such option or run.
        """
        base = self.base(state.where())
        scenario, posture = with_mine(base.scenario, state)
        war = run_campaign(
            scenario,
            posture,
            runs=REPLAYED,
            seed=state.seed,
            option=option or headline(scenario),
            response=response,
            days=days,
            runner=self._runner(None),
        )
        return replay_of(war, scenario, world=run).to_record()

    def _found(
        self, base: Base, scenario: Scenario, posture: str, worlds: int, runner: Runner
    ) -> Variables:
        """All that a posture comes to."""
        if missing(scenario):
            war = run_campaign(
                scenario,
                posture,
                runs=worlds,
                seed=base.seed,
                runner=runner,
                option=headline(scenario),
                days=float(MAX_DAYS),
            )
            drawn = draw_worlds(scenario, worlds, base.seed)
            return of_campaign(war) | of_posture(scenario, posture, drawn)
        drawn, wholes, beside = base.beside(worlds, runner)
        if posture in wholes:
            return variables(wholes[posture], with_channels=False)
        whole = assess_beside(scenario, posture, drawn, beside=beside, runner=runner)
        return variables(whole, with_channels=False)

    def _runner(self, runner: Runner | None) -> Runner:
        return runner or Runner(workers=self._workers)


def _check_worlds(worlds: int) -> None:
    if not 1 <= worlds <= MOST_WORLDS:
        raise InputError(f"worlds: must be 1 to {MOST_WORLDS:,} (got {worlds:,})")


def _column(where: Where, levers: Levers, worlds: int) -> tuple[str, str, int]:
    """What a column of a comparison is known by."""
    own = {"posture": levers.posture, "levers": levers.levers}
    place = Where.model_validate(where.model_dump(include=set(Where.model_fields)))
    return place.model_dump_json(), json.dumps(own, sort_keys=True), worlds


def _untested(presets: Scenario, scenario: Scenario, posture: str) -> list[str]:
    """Measures of which a posture has more than any preset."""
    return [
        name
        for name, lever in levers_of(presets).items()
        if units_in(scenario, posture, name) > lever.tested
    ]


__all__ = ["DRAG", "MOST_WORLDS", "REST", "Base", "Desk", "Recent"]
