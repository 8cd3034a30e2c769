"""What a posture lets everybody expect of each of Red's options, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from glacis.alliance.council import Chances
from glacis.alliance.leanings import logit
from glacis.assess.expected import (
    Came,
    OptionLearnt,
    as_it_comes,
    expected,
    learn_wars,
    what_came,
)
from glacis.assess.posed import Situation, pose, situation_of
from glacis.assess.wars import Wars, fight
from glacis.crisis.binding import FULL, Prospect
from glacis.executor import Runner
from glacis.forecast import PILOT
from glacis.kernels import Floats
from glacis.scenario.crisis import Crisis
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds


@dataclass(frozen=True)
class Prospects:
    """What one posture lets everybody expect, and what comes about, in each of W worlds."""

    posture: str
    actual: dict[str, Prospect]
    """By option, with what happens in the place of chances, and the council's own chances."""
    forecast: dict[str, Prospect]
    """By option, as the model forecasts it."""
    red: dict[str, Prospect]
    """By option, as Red takes it, apart from its belief in the answer (see `believing`)."""
    council: dict[str, Chances]
    """By option, how the council comes to its answer."""
    falls: dict[str, Floats]
    """(W,) probability that each of `expected.goals` falls to the headline option."""

    def first(self, number: int) -> Prospects:
        """The same of the first worlds."""

        def cut(told: dict[str, Prospect]) -> dict[str, Prospect]:
            return {name: one.first(number) for name, one in told.items()}

        return Prospects(
            posture=self.posture,
            actual=cut(self.actual),
            forecast=cut(self.forecast),
            red=cut(self.red),
            council={
                name: Chances._make(value[:number] for value in one)
                for name, one in self.council.items()
            },
            falls={name: one[:number] for name, one in self.falls.items()},
        )


def prospects(
    scenario: Scenario,
    posture: str,
    worlds: Worlds,
    *,
    options: Sequence[str] = (),
    runner: Runner | None = None,
) -> Prospects:
    """What `posture` lets everybody expect of each option, and what comes of it.

    Parameters
    ----------
    scenario
        Without a posture applied; it has an alliance and a crisis.
    worlds
        All worlds from 0 on, drawn from it. Forecasts are learnt on the pilot, the first `PILOT`.
    options
        Those to look at; all of the scenario's if left out.
    runner
        Its progress is told in chunks of worlds.

    Raises
    ------
    InputError
        If the scenario has no alliance or crisis, or no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    situation = situation_of(pose(scenario, scenario.posture(posture), options), worlds)
    wars = fight(situation, runner=runner)
    return prospects_of(situation, wars, learn_pilot(situation, wars))


def learn_pilot(situation: Situation, wars: Wars) -> dict[str, OptionLearnt]:
    """What the first of some worlds tell of every option."""
    number = min(PILOT, len(situation.worlds))
    if number == len(situation.worlds):
        return learn_wars(situation, wars)
    pilot = situation_of(situation.posed, situation.worlds.chunk(0, number))
    return learn_wars(pilot, {name: one.rows(0, number) for name, one in wars.items()})


def prospects_of(situation: Situation, wars: Wars, learnt: dict[str, OptionLearnt]) -> Prospects:
    """What is expected and what comes about in some worlds, by what the pilot has told."""
    found = no_prospects(situation)
    for name, fought in wars.items():
        add_prospect(found, situation, name, what_came(situation, fought), learnt[name])
    return found


def no_prospects(situation: Situation) -> Prospects:
    """Those of a posture before any option has been looked at."""
    return Prospects(situation.posed.posture, {}, {}, {}, {}, {})


def add_prospect(
    found: Prospects, situation: Situation, name: str, came: Came, learnt: OptionLearnt
) -> None:
    """Add one option to them."""
    found.actual[name], found.council[name] = as_it_comes(situation, came, learnt)
    told = expected(situation, name, learnt)
    found.forecast[name], found.red[name] = told.model, told.red
    found.falls.update(told.falls)


def believing(
    found: Prospects, crisis: Crisis, worlds: Worlds, belief: Floats, *, usual: Floats
) -> dict[str, Prospect]:
    """Red's prospects with its belief in a full answer.

    Red holds that belief of an attack as such. As far as it has the insight, it moves it, in log
    odds, by how much likelier the members are to answer this option under this posture than usual.

    Parameters
    ----------
    belief
        (W,) probability of a full answer to an attack, as Red sees it.
    usual
        (W,) log odds of a full answer, as the model has them, that Red takes its belief to be of:
        see `usual_answer`.
    """
    insight = worlds.values(crisis.insight)
    return {
        name: one._replace(answer=_taken_for(one.answer, insight, usual, belief))
        for name, one in found.red.items()
    }


def usual_answer(found: Prospects) -> Floats:
    """(W,) log odds of a full answer to an attack: the mean over options, as the model has them."""
    told = [logit(one.full) for one in found.forecast.values()]
    return np.asarray(np.mean(told, axis=0))


def _taken_for(answer: Floats, insight: Floats, usual: Floats, belief: Floats) -> Floats:
    """(2, W, 3) the answers as Red takes them; what is not full is split as the model does."""
    full = expit(logit(belief) + insight * (logit(answer[:, :, FULL]) - usual))
    below = answer[:, :, :FULL].sum(axis=2)
    limited = np.where(below > 0, answer[:, :, 1] / np.where(below > 0, below, 1.0), 0.0)
    return np.stack([(1 - full) * (1 - limited), (1 - full) * limited, full], axis=2)
