"""The crisis of a scenario as a game, solved in every world of a posture.

Red plays the game as it sees it: its forecast of the campaign, its belief in the answer. What then
comes about is counted with the council's own chances and the campaign that happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from glacis.assess.choice import CrisisStudy
from glacis.assess.decision import alliance_of
from glacis.assess.games import Setting, played_with, share_insecure_of
from glacis.assess.played import Played
from glacis.assess.posed import Situation, crisis_of, pose, situation_of
from glacis.assess.prospects import Prospects, learn_pilot, prospects_of, usual_answer
from glacis.assess.threat import threat
from glacis.assess.wars import fight
from glacis.campaign.run import draw_worlds
from glacis.crisis.belief import belief_in_answer, belief_of
from glacis.crisis.binding import Bound, bind
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.worlds import Worlds

__all__ = ["crisis_game"]


def crisis_game(
    scenario: Scenario | str,
    posture: str | None = None,
    *,
    runs: int = 2_000,
    seed: int = 1,
    runner: Runner | None = None,
) -> CrisisStudy:
    """What the challenger does, knowing what it knows: the crisis as a game, solved in every world.

    Parameters
    ----------
    scenario
        Without a posture applied; or a bundled name or a path.
    posture
        One of the scenario's; its default if left out.
    runs
        How many worlds. Forecasts are learnt on them, each world's on the others: below a thousand
        they know little.

    Raises
    ------
    InputError
        If the scenario has no alliance, belief or crisis, or no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    if isinstance(scenario, str):
        scenario = read_scenario(scenario)
    posture = posture or scenario.default_posture or next(iter(scenario.postures))
    worlds = draw_worlds(scenario, runs, seed)
    today = crisis_of(scenario).provocation.above
    names = dict.fromkeys((today, posture))
    for name in names:
        # What is wrong is told before campaigns are run.
        check_scales(bound_of(scenario.posture(name)), worlds)
    runner, study = runner or Runner(), None
    for number, name in enumerate(names):
        study = _played(scenario, name, worlds, study, runner=runner.part(number, len(names)))
    assert study is not None, "there is a posture"
    return study


def _played(
    scenario: Scenario, posture: str, worlds: Worlds, today: CrisisStudy | None, *, runner: Runner
) -> CrisisStudy:
    """The study of one posture, after that of today's: its wars fought, and learnt from."""
    posed = scenario.posture(posture)
    bound = bound_of(posed)
    options = [name for name in scenario.options if name in bound.acts]
    situation = situation_of(pose(scenario, posed, options), worlds)
    wars = fight(situation, runner=runner)
    found = prospects_of(situation, wars, learn_pilot(situation, wars))
    return study_of(situation, found, bound, today=today, runner=runner)


class Ahead(NamedTuple):
    """What of a study hangs on no war under its posture, but on those under today's."""

    setting: Setting
    building: Played
    """The game while the posture's measures are made ready."""


def ahead_of(
    situation: Situation, bound: Bound, today: CrisisStudy, runner: Runner | None = None
) -> Ahead:
    """What can be told before a posture's wars are fought; as for `study_of`."""
    setting = _setting(situation, bound, today.setting.usual)
    return Ahead(setting, played_with(setting, today.prospects, today.belief, runner=runner))


def study_of(
    situation: Situation,
    found: Prospects,
    bound: Bound,
    *,
    today: CrisisStudy | None,
    ahead: Ahead | None = None,
    runner: Runner | None = None,
) -> CrisisStudy:
    """What Red does by its prospects, in some worlds.

    Parameters
    ----------
    bound
        Of `bound_of` the posture.
    today
        Of the same worlds under the posture above whose level Red feels threatened; None if that
        is this one.
    ahead
        Of `ahead_of`, if it has been told.
    """
    posed, worlds = situation.posed, situation.worlds
    if today is not None:
        setting, building = ahead or ahead_of(situation, bound, today, runner)
    else:
        setting, building = _setting(situation, bound, usual_answer(found)), None
    belief = belief_in_answer(belief_of(posed.scenario), worlds.values)
    played = played_with(setting, found, belief, runner=runner)
    return CrisisStudy(
        posed.base, posed.posture, setting, found, belief, played, building or played, today
    )


def _setting(situation: Situation, bound: Bound, usual: Floats) -> Setting:
    posed, worlds = situation.posed, situation.worlds
    return Setting(
        bound=bound,
        worlds=worlds,
        insecure=share_insecure_of(belief_of(posed.scenario), worlds),
        threat=threat(posed.scenario, posed.given, worlds),
        usual=usual,
    )


def bound_of(posed: Scenario, *, like: Iterable[Bound] = ()) -> Bound:
    """The crisis of a scenario under a posture, ready to be filled.

    Parameters
    ----------
    like
        Of other postures: one is taken if this posture changes nothing of its crisis.

    Raises
    ------
    InputError
        If the scenario has no crisis, alliance or belief.
    """
    crisis = crisis_of(posed)
    alliance_of(posed), belief_of(posed)
    kinds = {name: option.kind for name, option in posed.options.items()}
    for known in like:
        if known.crisis is crisis and known.options == kinds:
            return known
    return bind(crisis, kinds)


def check_scales(bound: Bound, worlds: Worlds) -> None:
    """Refuse weights by which a full success is no success.

    Raises
    ------
    InputError
        As `Bound.scale`.
    """
    for temper in bound.crisis.types:
        bound.scale(temper, worlds.values, len(worlds))
