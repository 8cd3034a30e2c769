"""Red's options, each fought twice in every world: unanswered, and reinforced from the answer on.

A reinforced war ends when the alliance's cohesion does, if that comes first: it is then read as it
stands on that day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.alliance.cohesion import Strain, cohesion
from glacis.assess.decision import luck_for
from glacis.assess.posed import Posed, Situation
from glacis.campaign.compile import Compiled
from glacis.campaign.joint_record import nuclear_chance
from glacis.campaign.record import Campaign
from glacis.campaign.results import DAY, Record, new_record
from glacis.campaign.run import Unanswered, run_both, run_chunk
from glacis.campaign.state import BLUE, RED, table
from glacis.executor import Runner, run_chunks
from glacis.kernels import Floats, Ints
from glacis.scenario.alliance import Alliance
from glacis.streams import Stream
from glacis.worlds import Worlds

HOURS_A_DAY = 24.0


class Close(NamedTuple):
    """How a war stands when the fighting ends, in each of W worlds."""

    hour: Floats
    """(W,) hours after H-hour to the end of the fighting."""
    held: NDArray[np.bool_]
    """(W, V) whether Red holds a place."""
    blue_casualties: Floats
    """(W,) people killed and wounded."""
    red_casualties: Floats
    civilians: Floats
    nuclear: Floats
    """(W,) probability, by exposure, that a nuclear weapon was used that nobody had ordered."""
    munitions_spent: Floats
    """(W,) share of what Blue's arsenals held."""
    gave_out: Floats
    """(W,) day after H-hour on which cohesion ended the effort; infinite if it lasted."""
    cause: Ints
    """(W,) index in `alliance.cohesion.CAUSES` of what weighed most on cohesion."""


class Fought(NamedTuple):
    """One option, fought under both answers."""

    alone: Campaign
    """Without reinforcement."""
    helped: Campaign
    """Reinforced from the decision on."""
    alone_close: Close
    helped_close: Close

    def rows(self, start: int, stop: int) -> Fought:
        """Some of its worlds, counted from its own first; they share its arrays."""
        return Fought(
            self.alone.rows(start, stop),
            self.helped.rows(start, stop),
            *(Close._make(one[start:stop] for one in close) for close in self[2:]),
        )


Wars = dict[str, Fought]
"""By option."""


def fight(situation: Situation, *, runner: Runner | None = None) -> Wars:
    """All of a posture's wars in some worlds, chunk by chunk on threads.

    Raises
    ------
    Cancelled
        If the runner's cancel event is set.
    """
    (wars,) = fight_in_turn([situation], runner or Runner())
    return wars


def fight_in_turn(situations: Sequence[Situation], runner: Runner) -> Iterator[Wars]:
    """The wars of several postures in the same worlds, each as soon as it is fought.

    While the caller looks at one, those that follow are fought on.

    Raises
    ------
    Cancelled
        If the runner's cancel event is set.
    """
    if not situations:
        return
    n = len(situations[0].worlds)
    size = runner.spread(n).chunk
    spans = [(start, min(start + size, n)) for start in range(0, n, size)]
    every = [_blanks(one.posed, one.worlds) for one in situations]

    def one(number: int, _: int) -> None:
        start, stop = spans[number % len(spans)]
        situation, wars = situations[number // len(spans)], every[number // len(spans)]
        part = situation.worlds.chunk(situation.worlds.start + start, situation.worlds.start + stop)
        rows = [war.rows(start, stop) for war in wars.values()]
        _fight_all(situation.posed, part, situation.delay[start:stop], rows, runner=runner)

    chunks = run_chunks(
        one,
        len(situations) * len(spans),
        chunk=1,
        workers=runner.workers,
        progress=runner.progress,
        cancel=runner.cancel,
    )
    for number, _ in enumerate(chunks, start=1):
        if number % len(spans) == 0:
            yield every[number // len(spans) - 1]


def _blanks(posed: Posed, worlds: Worlds) -> Wars:
    return {name: _blank(posed, name, worlds) for name in posed.wars}


def fight_chunk(
    posed: Posed, worlds: Worlds, delay: Floats, *, runner: Runner, with_alone: bool = True
) -> Wars:
    """The same of one chunk, on the caller's thread.

    Parameters
    ----------
    with_alone
        Whether wars without reinforcement are fought too; they are left blank if not.
    """
    wars = _blanks(posed, worlds)
    rows = list(wars.values())
    _fight_all(posed, worlds, delay, rows, runner=runner, with_alone=with_alone)
    return wars


def _fight_all(
    posed: Posed,
    worlds: Worlds,
    delay: Floats,
    wars: list[Fought],
    *,
    runner: Runner,
    with_alone: bool = True,
) -> None:
    """Fill the rows of some wars; they share the draws that hang on no option."""
    draws = None
    for war in wars:
        draws = war.helped.compiled.draws(worlds, delay, beside=draws)
        compiled, announce = war.helped.compiled, runner.announce
        daily = _daily(compiled, war.helped.record)
        if with_alone:
            alone = Unanswered(war.alone.compiled, war.alone.record)
            run_both(
                compiled,
                draws,
                seed=worlds.seed,
                record=daily,
                unanswered=alone,
                announce=announce,
            )
            _fill(war.alone_close, _at_the_end(war.alone))
        else:
            run_chunk(
                compiled, worlds, reinforced=True, record=daily, draws=draws, announce=announce
            )
        hours = draws.worlds["decision_hours"]
        found = _while_it_held(posed.alliance, worlds, hours, war.helped, daily)
        _fill(war.helped_close, found)


def _blank(posed: Posed, option: str, worlds: Worlds) -> Fought:
    """A war to be filled."""
    compiled, n = posed.wars[option], len(worlds)

    def campaign(of: Compiled, response: str) -> Campaign:
        return Campaign(
            of,
            new_record(n, of.sizes),
            posture=posed.posture,
            response=response,
            seed=worlds.seed,
        )

    def close() -> Close:
        held = np.zeros((n, compiled.sizes.places), dtype=np.bool_)
        hour, blue, red, civilians, nuclear, spent, gave_out = np.zeros((7, n))
        cause = np.zeros(n, dtype=np.int64)
        return Close(hour, held, blue, red, civilians, nuclear, spent, gave_out, cause)

    alone = campaign(compiled.lasting(posed.unanswered_days), "none")
    return Fought(alone, campaign(compiled, "full"), close(), close())


def _daily(compiled: Compiled, record: Record) -> Record:
    """The same rows with room for every day."""
    shape = len(record.summary), compiled.day_count
    held = np.zeros((*shape, compiled.sizes.places), dtype=np.int8)
    return record._replace(days=table(shape, DAY), held=held)


def _fill(rows: Close, found: Close) -> None:
    for own, one in zip(rows, found, strict=True):
        own[:] = one


def _at_the_end(war: Campaign) -> Close:
    """As the record ends."""
    held = (war.record.holder == RED) & _is_blues(war)
    never = np.full(len(held), math.inf)
    return Close(
        hour=_end_hour(war, held, never),
        held=held,
        blue_casualties=war.losses("blue"),
        red_casualties=war.losses("red"),
        civilians=war.values("civilians"),
        nuclear=nuclear_chance(war),
        munitions_spent=war.values("munitions_spent"),
        gave_out=never,
        cause=np.zeros(len(held), dtype=np.int64),
    )


def _is_blues(war: Campaign) -> NDArray[np.bool_]:
    """(V,) whether a place is Blue's to lose."""
    return np.asarray(war.compiled.places["defended"] != 0)


def _end_hour(war: Campaign, held: NDArray[np.bool_], gave_out: Floats) -> Floats:
    """Hours to the end of the fighting.

    With an effort to win ground back it lasts until none is left to win or cohesion is spent; else
    until nothing was fought over any more.
    """
    last = war.values("last_contact")
    if war.response == "full":
        last = np.where(held.any(axis=1), HOURS_A_DAY * war.days, last)
    return np.minimum(last, HOURS_A_DAY * gave_out)


def _while_it_held(
    alliance: Alliance, worlds: Worlds, delay: Floats, war: Campaign, daily: Record
) -> Close:
    """As the record stands on the day on which cohesion ends the effort, if it does."""
    days = daily.days.shape[1]
    decided = np.floor(delay / HOURS_A_DAY).astype(np.int64)
    when = np.minimum(decided[:, None] + np.arange(days), days - 1)
    killed = worlds.values(alliance.public.killed)
    row = np.arange(len(delay))[:, None]
    dead = daily.days["guarantor_casualties"][row, when] * killed[:, None]
    own = [k for k, (side, *_) in enumerate(war.compiled.inventory.classes) if side == BLUE]
    ran_out = daily.run_out[:, None, own] <= HOURS_A_DAY * when[:, :, None]
    luck = luck_for(worlds, Stream.COHESION, "cohesion")
    found = cohesion(alliance.cohesion, worlds, Strain(dead, ran_out.sum(axis=2)), luck=luck)
    end = _at_the_end(war)
    gave_out = decided + found.day
    early = gave_out < days - 1
    day = np.where(early, gave_out, 0).astype(np.int64)
    at, held = daily.days[row[:, 0], day], daily.held[row[:, 0], day] == RED
    stands = np.where(early[:, None], held & _is_blues(war), end.held)

    def read(field: str, after: Floats) -> Floats:
        return np.where(early, at[field], after)

    return Close(
        hour=_end_hour(war, stands, np.where(early, gave_out, math.inf)),
        held=stands,
        blue_casualties=read("blue_casualties", end.blue_casualties),
        red_casualties=read("red_casualties", end.red_casualties),
        civilians=read("civilians", end.civilians),
        nuclear=np.where(early, -np.expm1(-at["exposure"].astype(float)), end.nuclear),
        munitions_spent=read("munitions_spent", end.munitions_spent),
        gave_out=np.where(early, gave_out, math.inf),
        cause=np.asarray(found.cause, dtype=np.int64),
    )
