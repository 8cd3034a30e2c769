"""Red's options, each fought twice in every world: unanswered, and reinforced from the answer on.

A reinforced war ends when the alliance's cohesion does, if that comes first: it is then read as it
stands on that day.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
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
from glacis.campaign.state import BLUE, RED, Draws, table
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
    return {name: war for _, name, war in fight_in_turn([situation], runner or Runner())}


def fight_in_turn(
    situations: Sequence[Situation],
    runner: Runner,
    *,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[tuple[int, str, Fought]]:
    """The wars of some postures in the same worlds, option by option, as soon as they are fought.

    While the caller looks at one, those that follow are fought on. Each comes with the number of
    its situation; those of one situation come together.

    Parameters
    ----------
    meanwhile
        Called once on the caller's thread, while the first are fought.

    Raises
    ------
    Cancelled
        If the runner's cancel event is set.
    """
    tasks = (
        (number, batch, name, span)
        for number, situation in enumerate(situations)
        for batch in _batches(_Blanks(situation), runner)
        for name in situation.posed.options
        for span in batch.spans
    )
    waiting = dict(enumerate(tasks))  # a batch is let go with the last of its tasks

    def one(task: int, _: int) -> None:
        _, batch, name, span = waiting[task]
        batch.fight(name, span, runner)

    def look_ahead() -> None:
        # Threads that fight need the interpreter for a moment only; later they would wait for it.
        _, batch, *_ = waiting[0]
        for name in batch.situation.posed.options:
            batch.ready(name)
        if meanwhile is not None:
            meanwhile()

    chunks = run_chunks(one, len(waiting), replace(runner, chunk=1), meanwhile=look_ahead)
    for task, _ in enumerate(chunks):
        number, batch, name, span = waiting.pop(task)
        if span == batch.spans[-1]:
            batch.close(name)
            if span[1] == len(situations[number].worlds):
                yield number, name, batch.wars.of(name)


class _Blanks:
    """The wars of a posture, to be filled: each is made when it is first asked for."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._made: Wars = {}
        self._lock = threading.Lock()

    def of(self, option: str) -> Fought:
        """One option's."""
        with self._lock:
            if option not in self._made:
                self._made[option] = _blank(self.situation.posed, option, self.situation.worlds)
            return self._made[option]


def _batches(wars: _Blanks, runner: Runner) -> Iterator[_Batch]:
    """Worlds in chunks, and as many of those together as there are threads to fight them."""
    n = len(wars.situation.worlds)
    size = runner.spread(n).chunk
    spans = [(start, min(start + size, n)) for start in range(0, n, size)]
    for first in range(0, len(spans), runner.threads):
        yield _Batch(wars, tuple(spans[first : first + runner.threads]))


@dataclass(frozen=True)
class _Batch:
    """Chunks that are drawn and looked at together, and fought side by side."""

    wars: _Blanks
    spans: tuple[tuple[int, int], ...]
    """From where to where each chunk goes, counted from the situation's first world."""
    drawn: dict[str, tuple[Draws, Record]] = field(default_factory=dict)
    """What an option's wars are fought with and written to, by option."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fight(
        self, name: str, span: tuple[int, int], runner: Runner, *, with_alone: bool = True
    ) -> None:
        """One option's wars in one of the chunks.

        Parameters
        ----------
        with_alone
            Whether the war without reinforcement is fought too.
        """
        draws, daily = self.ready(name)
        own = slice(span[0] - self.spans[0][0], span[1] - self.spans[0][0])
        draws = Draws._make(one[own] for one in draws)
        record = daily.rows(own.start, own.stop)
        war, worlds = self.wars.of(name).rows(*span), self.situation.worlds
        compiled, announce = war.helped.compiled, runner.announce
        if with_alone:
            alone = Unanswered(war.alone.compiled, war.alone.record)
            run_both(
                compiled,
                draws,
                seed=worlds.seed,
                record=record,
                unanswered=alone,
                announce=announce,
            )
        else:
            chunk = worlds.chunk(worlds.start + span[0], worlds.start + span[1])
            run_chunk(
                compiled, chunk, reinforced=True, record=record, draws=draws, announce=announce
            )

    def close(self, name: str, *, with_alone: bool = True) -> None:
        """How one option's wars stand when the fighting ends, once all chunks are fought."""
        war = self.wars.of(name).rows(self.spans[0][0], self.spans[-1][1])
        _, daily = self.drawn.pop(name)
        if with_alone:
            _fill(war.alone_close, _at_the_end(war.alone))
        alliance = self.situation.posed.alliance
        _fill(
            war.helped_close,
            _while_it_held(alliance, self.worlds, self.delay, war.helped, daily),
        )

    def ready(self, name: str) -> tuple[Draws, Record]:
        """What an option is fought with; whoever comes first draws it, and others wait."""
        with self.lock:
            if name not in self.drawn:
                war = self.wars.of(name).rows(self.spans[0][0], self.spans[-1][1])
                compiled = war.helped.compiled
                draws = compiled.draws(self.worlds, self.delay, ground=self.ground)
                self.drawn[name] = draws, _daily(compiled, war.helped.record)
            return self.drawn[name]

    @property
    def situation(self) -> Situation:
        """What they have in common with others."""
        return self.wars.situation

    @cached_property
    def worlds(self) -> Worlds:
        """Its worlds."""
        whole = self.situation.worlds
        return whole.chunk(whole.start + self.spans[0][0], whole.start + self.spans[-1][1])

    @cached_property
    def delay(self) -> Floats:
        """(W,) when the council answers."""
        return self.situation.delay[self.spans[0][0] : self.spans[-1][1]]

    @cached_property
    def ground(self) -> Draws:
        """What is drawn for all options."""
        return self.situation.posed.ground.draws(self.worlds)


def fight_chunk(situation: Situation, *, runner: Runner, with_alone: bool = True) -> Wars:
    """The same of one chunk, on the caller's thread.

    Parameters
    ----------
    with_alone
        Whether wars without reinforcement are fought too; they are left blank if not.
    """
    wars, whole = _Blanks(situation), (0, len(situation.worlds))
    batch = _Batch(wars, (whole,))
    for name in situation.posed.options:
        batch.fight(name, whole, runner, with_alone=with_alone)
        batch.close(name, with_alone=with_alone)
    return {name: wars.of(name) for name in situation.posed.options}


def _blank(posed: Posed, option: str, worlds: Worlds) -> Fought:
    """A war to be filled."""
    compiled, n = posed.war(option), len(worlds)

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
    hours = HOURS_A_DAY * when
    ran_out = np.zeros(when.shape, dtype=np.int64)
    for k in own:
        ran_out += daily.run_out[:, k, None] <= hours
    luck = luck_for(worlds, Stream.COHESION, "cohesion")
    found = cohesion(alliance.cohesion, worlds, Strain(dead, ran_out), luck=luck)
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
