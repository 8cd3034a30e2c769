"""The whole chain for some postures, chunk by chunk: the only place where all parts meet.

First the pilot, the first `glacis.forecast.PILOT` worlds, is fought under every posture, and what
forecasts there are is learnt from it. Then chunks stream: wars, what the council answers, what Red
does by its prospects, how worlds end, what that sets off and costs. Whatever is as large as a game
or a campaign lives and dies within its chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from glacis.assess.choice import CrisisStudy
from glacis.assess.consequences import Bill, Consequences, Elsewhere, consequences, priced
from glacis.assess.crisis import Ahead, ahead_of, bound_of, check_scales, study_of
from glacis.assess.decision import placed
from glacis.assess.expected import OptionLearnt, learn_war, what_came
from glacis.assess.outcome import Ended, ended
from glacis.assess.posed import Posed, Situation, crisis_of, pose, situation_of
from glacis.assess.prospects import add_prospect, no_prospects, prospects_of
from glacis.assess.variables import Variables, Whole, if_answered, variables
from glacis.assess.wars import Fought, Wars, fight_chunk, fight_in_turn
from glacis.crisis.binding import Bound
from glacis.executor import Runner, run_chunks
from glacis.forecast import PILOT, Candidates
from glacis.recent import Recent
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds

WAR_SECTIONS = (
    "nations",
    "theatre",
    "types",
    "systems",
    "arsenals",
    "forces",
    "campaign",
    "objectives",
    "options",
    "alliance",
    "correlations",
)
"""All of a scenario that its wars hang on; the alliance by the delay of its answer."""

GAMES_EACH = 64
"""Games below which a chunk costs more than another thread saves; wars take far longer."""


@dataclass(frozen=True)
class Prepared:
    """One posture, ready for chunks: bound, and learnt from the pilot."""

    posed: Posed
    bound: Bound
    learnt: dict[str, OptionLearnt]
    pilot: Wars
    """The wars of the pilot's worlds, not to be fought twice."""
    situation: Situation
    """Of the pilot's worlds."""

    def situation_in(self, worlds: Worlds, places: Candidates) -> Situation:
        """The same of some worlds, which remember what they have drawn."""
        own = self.situation.worlds
        if (own.start, own.stop) == (worlds.start, worlds.stop):
            return self.situation
        return situation_of(self.posed, worlds, places)


@dataclass(frozen=True)
class Chain:
    """Some postures of a scenario, ready for chunks of worlds."""

    prepared: dict[str, Prepared]
    """By posture; those that others are measured against stand first."""
    above: str
    """The posture above whose level Red feels threatened."""
    priced_above: str | None
    """The posture that costs are counted from; None if nothing has a price."""
    pilot: int
    """How many worlds were learnt on."""
    channels: frozenset[str]
    """Postures of which it is told what each thing that they change does by itself."""

    def chunk(self, worlds: Worlds, *, runner: Runner | None = None) -> dict[str, Variables]:
        """What is kept of some worlds, by posture."""
        return {
            name: variables(one, with_channels=name in self.channels)
            for name, one in self.each(worlds, runner=runner)
        }

    def each(self, worlds: Worlds, *, runner: Runner | None = None) -> Iterator[tuple[str, Whole]]:
        """The whole chain of some worlds, posture after posture."""
        runner, worlds = runner or Runner(), worlds.kept()
        places = placed(worlds)
        today, base = None, None
        alone = replace(runner.quiet(), workers=1)
        for name, one in self.prepared.items():
            situation = one.situation_in(worlds, places)
            wars = self._wars(one, situation, runner)
            beside = Beside(today, base, is_base=name == self.priced_above)
            found = prospects_of(situation, wars, one.learnt)
            study = study_of(situation, found, one.bound, today=today, runner=alone)
            whole = _whole(study, situation, wars, beside)
            yield name, whole
            if name == self.priced_above and whole.world is not None:
                base = whole.world.quiet
            today = whole.study if name == self.above else today

    def _wars(self, prepared: Prepared, situation: Situation, runner: Runner) -> Wars:
        worlds = situation.worlds
        if worlds.stop > self.pilot:
            return fight_chunk(situation, runner=runner)
        return {name: war.rows(worlds.start, worlds.stop) for name, war in prepared.pilot.items()}


class Beside(NamedTuple):
    """What a posture is told beside."""

    today: CrisisStudy | None
    """Of the posture above whose level Red feels threatened; None for that one itself."""
    base: Elsewhere | None
    """What happens elsewhere in peace under the posture that costs are counted from."""
    is_base: bool = False
    """Whether it is that one itself."""
    given: Scenario | None = None
    """The scenario under the posture of `today`, if it has been made before."""
    places: Candidates | None = None
    """Where every Quantity stands in its distribution, if that has been looked at before."""


def _whole(study: CrisisStudy, situation: Situation, wars: Wars, beside: Beside) -> Whole:
    """All that follows of what Red does."""
    end = ended(study, situation, wars)
    world = consequences(study, situation, end.tally)
    base = world.quiet if beside.is_base and world is not None else beside.base
    return Whole(study, situation, wars, end, world, _bill(study, situation, end, world, base))


def assess_beside(
    scenario: Scenario, posture: str, worlds: Worlds, *, beside: Beside, runner: Runner
) -> Whole:
    """One posture in worlds that are all learnt on, beside others that are known: for live use.

    The same as `prepare` and `Chain.each` give of it.

    Parameters
    ----------
    worlds
        All from the first on, `kept`; at most `glacis.forecast.PILOT`.

    Raises
    ------
    InputError
        If there is no such posture, or a part of the chain is missing.
    Cancelled
        If the runner's cancel event is set.
    """
    posed_as = scenario.posture(posture)
    known = () if beside.today is None else (beside.today.setting.bound,)
    bound = bound_of(posed_as, like=known)
    options = [option for option in scenario.options if option in bound.acts]
    posed = replace(pose(scenario, posed_as, options), known=beside.given)
    situation = situation_of(posed, worlds, beside.places)
    wars, found, alone = dict[str, Fought](), no_prospects(situation), replace(runner, workers=1)
    ahead: Ahead | None = None

    def look_ahead() -> None:
        nonlocal ahead
        check_scales(bound, worlds)
        if beside.today is not None:
            ahead = ahead_of(situation, bound, beside.today, alone.quiet())

    for _, name, fought in fight_in_turn([situation], runner, meanwhile=look_ahead):
        wars[name], came = fought, what_came(situation, fought)
        add_prospect(found, situation, name, came, learn_war(situation, came))
    runner.check()
    spread = runner.quiet().spread(len(worlds), least=GAMES_EACH)
    study = study_of(situation, found, bound, today=beside.today, ahead=ahead, runner=spread)
    return _whole(study, situation, wars, beside)


def _bill(
    study: CrisisStudy,
    situation: Situation,
    end: Ended,
    world: Consequences | None,
    base: Elsewhere | None,
) -> Bill | None:
    """What is paid and lost; None where nothing has a price."""
    prices = situation.posed.scenario.loss
    if prices is None:
        return None
    p = study.p_attack_within(prices.years)
    return priced(situation, end.tally, world, base=base, p_attacked=p, section=prices)


class Pilot(NamedTuple):
    """The wars of a posture's first worlds, and what was learnt of them, by option."""

    wars: Wars
    learnt: dict[str, OptionLearnt]


Hinge: TypeAlias = tuple[str, int, int]
"""What a pilot hangs on: a digest of all that its wars do, the seed and how many worlds it has."""


Fights = Recent[Hinge, Pilot]
"""Pilots fought before, for many studies of which some have the same wars."""


@dataclass(frozen=True)
class Sparing:
    """What need not be done."""

    fights: Fights | None = None
    """Pilots fought before, which are taken where nothing has changed that a war hangs on; those
    that are fought now are kept there too."""
    channels: Sequence[str] | None = None
    """Postures of which ``channel_`` variables are told, at three games a world; all if None."""


def prepare(
    scenario: Scenario,
    postures: Sequence[str],
    worlds: Worlds,
    *,
    runner: Runner | None = None,
    sparing: Sparing | None = None,
) -> Chain:
    """Postures made ready: compiled, fought in the pilot's worlds, learnt from.

    Parameters
    ----------
    scenario
        Without a posture applied; it has an alliance, a belief and a crisis.
    worlds
        All that will be asked for, from the first on.
    runner
        Its progress is told in chunks of the pilot, over all postures.
    sparing
        What need not be done.

    Raises
    ------
    InputError
        If the scenario lacks one of the three, or there is no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    runner = runner or Runner()
    above = crisis_of(scenario).provocation.above
    priced_above = None if scenario.loss is None else scenario.loss.above
    bases = [above] if priced_above is None else [above, priced_above]
    names = list(dict.fromkeys([*bases, *postures]))
    posed_as = {name: scenario.posture(name) for name in names}
    bounds: dict[str, Bound] = {}
    for name, under in posed_as.items():
        bounds[name] = bound_of(under, like=bounds.values())
    for bound in bounds.values():
        check_scales(bound, worlds)
    pilot = worlds.chunk(0, min(PILOT, worlds.stop)).kept()
    sparing = sparing or Sparing()
    places, fights = placed(pilot), sparing.fights
    ready: dict[str, tuple[Situation, Hinge]] = {}
    for name in names:
        options = [option for option in scenario.options if option in bounds[name].acts]
        posed = pose(scenario, posed_as[name], options)
        hinge = (name if fights is None else _of_war(posed), worlds.seed, len(pilot))
        ready[name] = situation_of(posed, pilot, places), hinge
    known = {} if fights is None else fights.among(hinge for _, hinge in ready.values())
    waiting: dict[Hinge, Situation] = {}
    for one, hinge in ready.values():
        if hinge not in known:
            waiting.setdefault(hinge, one)
    # Learning from one option goes on beside the wars of the next.
    hinges, situations = list(waiting), list(waiting.values())
    known |= {hinge: Pilot({}, {}) for hinge in hinges}
    for number, option, fought in fight_in_turn(situations, runner):
        wars, learnt = known[hinges[number]]
        came = what_came(situations[number], fought)
        wars[option], learnt[option] = fought, learn_war(situations[number], came)
    if fights is not None:
        fights.keep(known)
    prepared = {
        name: Prepared(one.posed, bounds[name], known[hinge].learnt, known[hinge].wars, one)
        for name, (one, hinge) in ready.items()
    }
    told = frozenset(names if sparing.channels is None else sparing.channels)
    return Chain(prepared, above, priced_above, len(pilot), told)


def _of_war(posed: Posed) -> str:
    """A digest of all that the wars under a posture hang on."""
    own = [getattr(posed.scenario, name) for name in WAR_SECTIONS]
    return sha256(repr((sorted(posed.options), own)).encode()).hexdigest()


def stream(
    chain: Chain, worlds: Worlds, *, runner: Runner | None = None
) -> Iterator[Mapping[str, Variables]]:
    """What is kept of all worlds, chunk by chunk in their order, by posture.

    Raises
    ------
    Cancelled
        If the runner's cancel event is set.
    """
    runner = runner or Runner()
    if worlds.stop > chain.pilot:  # else there is nothing left to fight, and small chunks only cost
        runner = runner.spread(len(worlds))
    return _streamed(lambda part: chain.chunk(part, runner=runner), worlds, runner)


def stream_answered(
    posed: Mapping[str, Posed], worlds: Worlds, *, runner: Runner | None = None
) -> Iterator[Mapping[str, Variables]]:
    """Of all worlds the war alone, as it is if it is answered in full: far less work.

    Parameters
    ----------
    posed
        By posture, compiled for one option.

    Raises
    ------
    Cancelled
        If the runner's cancel event is set.
    """
    runner = (runner or Runner()).spread(len(worlds))

    def one(part: Worlds) -> dict[str, Variables]:
        places, found = placed(part), {}
        for name, own in posed.items():
            situation = situation_of(own, part, places)
            wars = fight_chunk(situation, runner=runner, with_alone=False)
            found[name] = if_answered(situation, next(iter(wars.values())))
        return found

    return _streamed(one, worlds, runner)


def _streamed(
    one: Callable[[Worlds], dict[str, Variables]], worlds: Worlds, runner: Runner
) -> Iterator[Mapping[str, Variables]]:
    return run_chunks(
        lambda start, stop: one(worlds.chunk(worlds.start + start, worlds.start + stop)),
        len(worlds),
        runner,
    )


__all__ = [
    "Beside",
    "Chain",
    "Fights",
    "Pilot",
    "Prepared",
    "Sparing",
    "assess_beside",
    "prepare",
    "stream",
    "stream_answered",
]
