"""Run campaigns: worlds in chunks through the compiled engine, results in world order."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict, Unpack

import numpy as np

from glacis.campaign.compile import Compiled, compile_option
from glacis.campaign.results import Record, new_film, new_record
from glacis.campaign.state import Draws, Stage
from glacis.errors import InputError
from glacis.executor import Runner, run_chunks
from glacis.jit import load_kernels
from glacis.kernels import Floats
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds, sample

if TYPE_CHECKING:
    from glacis.campaign.record import Campaign

Response = Literal["none", "limited", "full"]
RESPONSES: tuple[Response, ...] = ("none", "limited", "full")
MAX_WORLDS = 10_000_000
MAX_DAYS = 180


class Attack(TypedDict, total=False):
    """What happens: Red's option, the council's answer, and for how long it is followed."""

    option: str
    response: Response
    days: float
    decision_hours: Floats


class Unanswered(NamedTuple):
    """Wars that nobody answers, beside the same wars answered."""

    compiled: Compiled
    """As they last: a clock that is a part of the others'."""
    record: Record
    """Rows to write to."""


def run_campaign(
    scenario: Scenario,
    posture: str | None = None,
    *,
    runs: int = 2_000,
    seed: int = 1,
    runner: Runner | None = None,
    **attack: Unpack[Attack],
) -> Campaign:
    """What happens on the ground if Red attacks, in `runs` worlds.

    Parameters
    ----------
    scenario
        Without a posture applied: worlds are drawn from it, so that they are the same
        under every posture.
    posture
        One of the scenario's; its default if left out.
    option
        One of the scenario's options, or a kind that only one of them has; ``assault`` if
        left out.
    response
        The council's answer: ``full`` (if left out) brings reinforcements from the decision
        on, ``none`` and ``limited`` do not.
    days
        Length of the campaign: 30 if left out, at most 180.
    decision_hours
        When the council answers, one value a world; the scenario's own delay if left out.

    Raises
    ------
    InputError
        If there is no such posture or option, or a number is out of range.
    Cancelled
        If the runner's cancel event is set.
    """
    from glacis.campaign.record import Campaign

    runner = runner or Runner()
    option, response, days = _checked(scenario, runs, attack)
    posture = posture or scenario.default_posture or next(iter(scenario.postures))
    compiled = compile_option(scenario.posture(posture), option, days=days)
    worlds = draw_worlds(scenario, runs, seed)
    decision = attack.get("decision_hours")
    if decision is not None and np.shape(decision) != (runs,):
        raise InputError(f"decision_hours must have one value for each of {runs:,} runs")
    record = new_record(runs, compiled.sizes)
    chunks = run_chunks(
        lambda i, j: run_chunk(
            compiled,
            worlds.chunk(i, j),
            reinforced=response == "full",
            record=record.rows(i, j),
            draws=compiled.draws(worlds.chunk(i, j), None if decision is None else decision[i:j]),
            announce=runner.announce,
        ),
        runs,
        runner,
    )
    for _ in chunks:
        pass  # every chunk has written its own rows
    return Campaign(compiled, record, posture=posture, response=response, seed=seed)


def run_chunk(
    compiled: Compiled,
    worlds: Worlds,
    *,
    reinforced: bool,
    record: Record | None = None,
    draws: Draws | None = None,
    announce: Callable[[str], None] | None = None,
) -> Record:
    """The record of one chunk of worlds.

    Parameters
    ----------
    record
        Rows to write to; fresh ones if left out. One made with room for `Compiled.day_count` days
        gets the daily record too.
    draws
        Made beforehand by `Compiled.draws`, so that they can serve both answers, or have the
        council answer at other hours than after the scenario's own delay.
    """
    if record is None:
        record = new_record(len(worlds), compiled.sizes)
    draws = compiled.draws(worlds) if draws is None else draws
    kernel = load_kernels("glacis.campaign.kernel", announce=announce)
    nobody = Unanswered(compiled, new_record(0, compiled.sizes))
    stage = compiled.stage(worlds.seed, reinforced=reinforced)
    _play(kernel, stage, draws, compiled=compiled, record=record, unanswered=nobody)
    return record


def run_both(
    compiled: Compiled,
    draws: Draws,
    *,
    seed: int,
    record: Record,
    unanswered: Unanswered,
    announce: Callable[[str], None] | None = None,
) -> None:
    """The same wars answered in full and not at all: far less work than each by itself.

    Parameters
    ----------
    draws
        Of the chunk's worlds, by `Compiled.draws`.
    seed
        Of the worlds.
    record, unanswered
        Rows to write to.
    """
    kernel = load_kernels("glacis.campaign.kernel", announce=announce)
    stage = compiled.stage(seed, reinforced=True)
    _play(kernel, stage, draws, compiled=compiled, record=record, unanswered=unanswered)


def _play(
    kernel: ModuleType,
    stage: Stage,
    draws: Draws,
    *,
    compiled: Compiled,
    record: Record,
    unanswered: Unanswered,
) -> None:
    """Run the kernel; with a twin of the stage if the unanswered wars have rows."""
    other = unanswered.record
    kernel.run_worlds(
        stage,
        compiled.stage(0, reinforced=False, is_empty=not len(other.summary)),
        compiled.ways,
        compiled.reach,
        draws,
        record,
        other,
        len(unanswered.compiled.ways.clock) - 1,
        new_film(0, compiled.sizes),
    )


def draw_worlds(scenario: Scenario, n: int, seed: int) -> Worlds:
    """`n` joint draws of all the scenario's Quantities; a change redraws only what it touches."""
    pairs = [(*pair.between, pair.rank) for pair in scenario.correlations]
    return sample(scenario.quantities(), n, seed, correlations=pairs)


def resolve_option(scenario: Scenario, name: str) -> str:
    """The option called `name`, or the only one of that kind."""
    if name in scenario.options:
        return name
    of_kind = [key for key, option in scenario.options.items() if option.kind == name]
    if len(of_kind) == 1:
        return of_kind[0]
    known = ", ".join(scenario.options)
    raise InputError(f"{scenario.name} has no option {name!r}; choose one of: {known}")


def _checked(scenario: Scenario, runs: int, attack: Attack) -> tuple[str, Response, float]:
    """Option, response and days of a sound request."""
    unknown = set(attack) - set(Attack.__annotations__)
    if unknown:
        raise TypeError(f"run_campaign() has no argument {sorted(unknown)[0]!r}")
    response, days = attack.get("response", "full"), attack.get("days", 30.0)
    if scenario.document.posture:
        raise InputError("give the scenario without a posture, and the posture by name")
    if response not in RESPONSES:
        raise InputError(f"no response {response!r}; use {', '.join(RESPONSES)}")
    if not 1 <= runs <= MAX_WORLDS:
        raise InputError(f"runs must be 1 to {MAX_WORLDS:,} (got {runs:,})")
    if not 0 < days <= MAX_DAYS:
        raise InputError(f"days must be above 0 and at most {MAX_DAYS} (got {days:g})")
    return resolve_option(scenario, attack.get("option", "assault")), response, days
