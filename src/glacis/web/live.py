"""Answers to what is set on the page, as fast as the model allows.

What does not move with a lever is kept between answers: the scenario with its changes, the worlds
and what was drawn in them, and the postures that every other is told beside. An answer is the same,
to the last digit, as that of `glacis.compare` in as many worlds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from glacis.assess.base import Base
from glacis.assess.chain import assess_beside
from glacis.assess.expected import headline
from glacis.assess.variables import Variables, Whole, of_campaign, of_posture, variables
from glacis.campaign.replay import Choice, replay_of
from glacis.campaign.run import MAX_DAYS, Response, draw_worlds, run_campaign
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.forecast import PILOT
from glacis.recent import Recent
from glacis.scenario.model import Scenario
from glacis.study.compare import missing
from glacis.web.axes import axes_of
from glacis.web.details import Details, Part, council_alone, details_of, refuse_lacking
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
BASES, ANSWERS_KEPT, COLUMNS_KEPT, DETAILS_KEPT = 4, 64, 12, 12


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
        self._details: Recent[tuple[str, int], Details] = Recent(DETAILS_KEPT)

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

    def detail(
        self, part: Part, state: State, worlds: int, runner: Runner | None = None
    ) -> dict[str, Any]:
        """What the page tells of a state in one of the tabs below it; the others are kept.

        Raises
        ------
        InputError
            As for `answer`, or if the scenario has nothing to tell of this part.
        Cancelled
            As for `answer`.
        """
        _check_worlds(worlds)
        base = self.base(state.where())
        refuse_lacking(base.scenario, part)

        def make() -> Details:
            scenario, posture = with_mine(base.scenario, state)
            own = self._runner(runner)
            if missing(scenario):
                return council_alone(scenario, posture, worlds=worlds, seed=state.seed, runner=own)
            return details_of(self._whole(base, scenario, posture, worlds, own))

        found = self._details.get((state.model_dump_json(), worlds), make)[part]
        return {"seed": state.seed, "worlds": worlds} | found

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
        self,
        state: State,
        *,
        option: str,
        response: Response,
        run: int | Choice,
        days: float,
        runner: Runner | None = None,
    ) -> dict[str, Any]:
        """One run of the campaign, as `docs/reference/replay.md` has it, with the option's axes.

        Raises
        ------
        InputError
            If there is no such option or run.
        Cancelled
            If the runner's cancel event is set.
        """
        base = self.base(state.where())
        scenario, posture = with_mine(base.scenario, state)
        move = option or headline(scenario)
        war = run_campaign(
            scenario,
            posture,
            runs=REPLAYED,
            seed=state.seed,
            option=move,
            response=response,
            days=days,
            runner=self._runner(runner),
        )
        log = replay_of(war, scenario, world=run).to_record()
        return log | {"axes": axes_of(scenario, move)}

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
        whole = self._whole(base, scenario, posture, worlds, runner)
        return variables(whole, with_channels=False)

    def _whole(
        self, base: Base, scenario: Scenario, posture: str, worlds: int, runner: Runner
    ) -> Whole:
        """The whole chain of a posture's worlds."""
        drawn, wholes, beside = base.beside(worlds, runner)
        if posture in wholes:
            return wholes[posture]
        # What only this posture asks of the worlds goes with its answer.
        return assess_beside(scenario, posture, drawn.apart(), beside=beside, runner=runner)

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


__all__ = ["DRAG", "MOST_WORLDS", "REST", "Desk"]
