"""What anybody can expect of a war that has not begun: learnt on the pilot's worlds.

Forecasts are learnt with each side's quality known; nobody in the model knows it, so that what is
expected is their mean over all that quality may be. Red takes its own for better (or worse) than
it is: its view is the same mean, with quality moved by its optimism.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.alliance.council import Chances, chances
from glacis.alliance.leanings import Seen, leanings
from glacis.assess.decision import (
    Look,
    SeenLearnt,
    casualties_after,
    horizon_hours,
    seen_at_decision,
    shares_of,
    succeeds,
    tasks_seen,
)
from glacis.assess.posed import Situation, crisis_of
from glacis.assess.wars import Close, Fought, Wars
from glacis.crisis.binding import DECISION, END, FULL, GAINED, HELD, MEASURES, Prospect
from glacis.forecast import Columns, Learnt, Task, learn, told_together
from glacis.kernels import Floats
from glacis.quadrature import normal_points
from glacis.scenario.model import Scenario

NODES = 5
"""Points at which quality is taken: Gauss-Hermite."""


class Kind(NamedTuple):
    """How a result is forecast, by a logit or a line, and within which limits."""

    is_share: bool
    least: float
    most: float


EVENT = Kind(True, 0.0, 1.0)
SHARE = Kind(False, 0.0, 1.0)
AMOUNT = Kind(False, 0.0, np.inf)
FALLS = " falls "
EARLY, ALONE, HELPED = "early", "alone", "helped"
"""As of the decision; at the end without reinforcement, and with it."""
GROUND, RED_LOSSES, BLUE_LOSSES, NUCLEAR = MEASURES


class Came(NamedTuple):
    """What has come of an option's wars in each of W worlds, as far as somebody may foretell it."""

    fought: Fought
    gained: Floats
    """(W,) of `gained_by`."""
    results: dict[str, Floats]
    """Of `results_of`."""


def what_came(situation: Situation, fought: Fought) -> Came:
    """What has come of an option's wars."""
    return Came(fought, gained_by(situation, fought), results_of(situation, fought))


class OptionLearnt(NamedTuple):
    """All that the pilot tells of one option."""

    gained: Learnt
    results: dict[str, Learnt]
    """By the names of `results_of`."""
    seen: SeenLearnt


def learn_wars(situation: Situation, wars: Wars) -> dict[str, OptionLearnt]:
    """What the pilot tells of every option; as for `learn_war`."""
    return {
        name: learn_war(situation, what_came(situation, fought)) for name, fought in wars.items()
    }


def learn_war(situation: Situation, came: Came) -> OptionLearnt:
    """What the pilot tells of one option.

    Parameters
    ----------
    situation, came
        Of the pilot's worlds.
    """
    learnt = iter(learn(_tasks(situation, came), situation.places))
    gained = next(learnt)
    results = {result: next(learnt) for result in came.results}
    return OptionLearnt(gained, results, SeenLearnt(*islice(learnt, 3)))


def _tasks(situation: Situation, came: Came) -> list[Task]:
    """What there is to learn of one option: as `OptionLearnt` holds it."""
    wait = np.log1p(situation.delay)
    before = np.column_stack([situation.quality, wait])
    known = np.column_stack([came.gained, situation.quality, wait])
    return [
        Task(came.gained, before, is_share=True),
        *(
            Task(result, known, is_share=kind_of(name).is_share)
            for name, result in came.results.items()
        ),
        *tasks_seen(came.fought.helped, look_of(situation)),
    ]


def kind_of(result: str) -> Kind:
    """How a result of `results_of` is forecast."""
    if result == "succeeds" or FALLS in result:
        return EVENT
    return AMOUNT if result in ("seen-forward-casualties", "casualties-after") else SHARE


def results_of(situation: Situation, fought: Fought) -> dict[str, Floats]:
    """(W,) each result of an option's wars that somebody may want to foretell, by name."""
    posed, war = situation.posed, fought.helped
    fallen = np.asarray(war.record.falls <= situation.delay[:, None])
    horizon = horizon_hours(posed.alliance, situation.worlds, situation.delay)
    found = {
        "succeeds": succeeds(war, horizon),
        "seen-forward-casualties": war.values("seen_forward_casualties"),
        "casualties-after": casualties_after(war),
        f"{EARLY} {GROUND}": ground(situation, fallen),
    }
    for side, measure in (("red", RED_LOSSES), ("blue", BLUE_LOSSES)):
        lost = war.values(f"seen_{side}_casualties")
        found[f"{EARLY} {measure}"] = _share(lost, situation.troops[side])
    for name, close in ((ALONE, fought.alone_close), (HELPED, fought.helped_close)):
        found |= {f"{name} {measure}": one for measure, one in _late(situation, close).items()}
    if war.option == headline(posed.scenario):
        for name, one in ((ALONE, fought.alone), (HELPED, war)):
            found |= {f"{name}{FALLS}{goal}": one.falls(goal) for goal in goals(posed.scenario)}
    return found


def headline(scenario: Scenario) -> str:
    """The option whose war is told: the first full assault, or else the first of all."""
    names = [name for name, one in scenario.options.items() if one.kind == "assault"]
    return (names or list(scenario.options))[0]


def goals(scenario: Scenario) -> tuple[str, ...]:
    """What the headline option may take whose chances are told: groups of objectives, and any."""
    return (*scenario.objectives.groups, "any")


def _late(situation: Situation, close: Close) -> dict[str, Floats]:
    return {
        GROUND: ground(situation, close.held),
        RED_LOSSES: _share(close.red_casualties, situation.troops["red"]),
        BLUE_LOSSES: _share(close.blue_casualties, situation.troops["blue"]),
        NUCLEAR: close.nuclear,
    }


def _share(lost: Floats, troops: Floats) -> Floats:
    return np.clip(lost / troops, 0.0, 1.0)


def ground(situation: Situation, lost: NDArray[np.bool_]) -> Floats:
    """(W,) share of the defended states' people who live in places that are lost."""
    return np.asarray((situation.people * lost).sum(axis=1) / situation.defended_people)


def gained_by(situation: Situation, fought: Fought) -> Floats:
    """1 where an objective has fallen when the council decides."""
    war = fought.helped
    objectives = situation.posed.scenario.options[war.option].objectives
    return np.asarray((war.first_of(objectives, "falls") <= situation.delay).astype(np.float64))


def look_of(situation: Situation) -> Look:
    """From where the members look at a war."""
    return Look(
        situation.posed.alliance,
        situation.worlds,
        situation.there,
        situation.delay,
        situation.places,
    )


def as_it_comes(situation: Situation, came: Came, learnt: OptionLearnt) -> tuple[Prospect, Chances]:
    """What happens, and the council's chances given what it then sees."""
    alliance, worlds, war = situation.posed.alliance, situation.worlds, came.fought.helped
    seen = seen_at_decision(war, look_of(situation), learnt.seen)
    found = chances(alliance, worlds, leanings(alliance, worlds, seen))
    answer = np.column_stack([found.none, found.limited, found.full])
    both, aim = np.stack([answer, answer]), situation.aims[war.option]
    return Prospect(came.gained, both, measured(came.results), aim), found


class _States(NamedTuple):
    """What a war may hang on, besides the world's numbers: whether Red gained, quality, delay."""

    known: Floats
    """(2 K, W, 3) for each of (held, gained), each point of quality."""
    mass: Floats
    """(2, K, W) how likely each point of quality is, given (held, gained)."""
    gained: Floats


class Expected(NamedTuple):
    """What is expected of an option."""

    model: Prospect
    """As the model forecasts it."""
    red: Prospect
    """As Red does."""
    falls: dict[str, Floats]
    """(W,) probability that each of `goals` falls, as the model has it; of the headline only."""


def expected(situation: Situation, option: str, learnt: OptionLearnt) -> Expected:
    """What the model forecasts of an option, and what Red does."""
    optimism = np.log(situation.worlds.values(crisis_of(situation.posed.scenario).optimism))
    views = [_states(situation, learnt, shift) for shift in (np.zeros_like(optimism), optimism)]
    at = np.concatenate([view.known for view in views])
    mass = np.stack([view.mass for view in views])
    columns = Columns(at[0], situation.places)
    kinds = [kind_of(name) for name in learnt.results]
    least = np.array([kind.least for kind in kinds])[:, None, None]
    most = np.array([kind.most for kind in kinds])[:, None, None]
    every = told_together([*learnt.results.values()], columns, situation.worlds.indices, at=at)
    every = np.clip(every, least, most).reshape(-1, *mass.shape)
    means = (every * mass).sum(axis=3)  # (results, views, 2, W)
    found = dict(zip(learnt.results, means, strict=True))
    return as_expected(situation, option, np.stack([view.gained for view in views]), found)


def as_expected(
    situation: Situation, option: str, gained: Floats, told: Mapping[str, Floats]
) -> Expected:
    """What is expected of an option, put together from what is told of its results.

    Parameters
    ----------
    gained
        (views, W) probability that Red has gained by the decision, as the model has it and as Red.
    told
        By the names of `results_of`, (views, 2, W) what each is expected to be, by (held, gained).
    """
    answer = _answers(situation, option, {name: one[0] for name, one in told.items()})
    aim = situation.aims[option]
    model, red = (
        Prospect(own, answer, measured({name: one[number] for name, one in told.items()}), aim)
        for number, own in enumerate(gained)
    )
    falls = {name: one[0] for name, one in told.items() if FALLS in name}
    return Expected(model, red, _falls(model, falls))


def _falls(model: Prospect, told: Mapping[str, Floats]) -> dict[str, Floats]:
    """(W,) what falls, over whether Red gains early and how the council then answers."""
    found: dict[str, Floats] = {}
    states = ((HELD, 1 - model.gained), (GAINED, model.gained))
    for name, chance in told.items():
        branch, goal = name.split(FALLS)
        for state, mass in states:
            full = model.answer[state, :, FULL]
            answered = full if branch == HELPED else 1 - full
            found[goal] = found.get(goal, 0.0) + mass * answered * chance[state]
    return found


def _states(situation: Situation, learnt: OptionLearnt, shift: Floats) -> _States:
    points, masses = normal_points(NODES)
    qualities = [situation.spread * point + shift for point in points]
    wait = np.log1p(situation.delay)
    at = np.stack([np.column_stack([one, wait]) for one in qualities])
    columns = Columns(at[0], situation.places)
    wins = learnt.gained.told(columns, situation.worlds.indices, at=at)  # (K, W)
    ones = np.ones_like(shift)
    known = [np.column_stack([s * ones, one, wait]) for s in (HELD, GAINED) for one in qualities]
    joint = masses[:, None] * np.stack([1.0 - wins, wins])  # (2, K, W)
    return _States(
        np.stack(known), joint / joint.sum(axis=1, keepdims=True), joint[GAINED].sum(axis=0)
    )


def _answers(situation: Situation, option: str, told: Mapping[str, Floats]) -> Floats:
    """(2, W, 3) the council's answer if it sees what is to be expected, by (held, gained)."""
    alliance, worlds = situation.posed.alliance, situation.twice
    # The members do not share Red's view of its quality: what is told is the model's.
    dead = told["seen-forward-casualties"].ravel() * worlds.values(alliance.public.killed)
    there = np.concatenate([situation.there] * 2)
    seen = Seen(
        odds=told["succeeds"].ravel(),
        dead=dead,
        own_dead=dead[:, None] * shares_of(there),
        own_troops=there,
        casualties=told["casualties-after"].ravel(),
        nuclear=told[f"{HELPED} {NUCLEAR}"].ravel(),
        at_stake=np.concatenate([situation.aims[option]] * 2),
    )
    likely = chances(alliance, worlds, leanings(alliance, worlds, seen))
    answers = np.column_stack([likely.none, likely.limited, likely.full])
    return answers.reshape(2, len(situation.worlds), -1)


def measured(told: Mapping[str, Floats]) -> Floats:
    """(2, branch, as of, W, measure) of what is told of each result: (2, W), or (W,) for both."""
    worlds = told[f"{ALONE} {GROUND}"].shape[-1]
    found = np.zeros((2, 2, 2, worlds, len(MEASURES)))
    for m, measure in enumerate(MEASURES):
        for branch, name in enumerate((ALONE, HELPED)):
            if measure != NUCLEAR:  # what is risked until then is risked in any case
                found[:, branch, DECISION, :, m] = told[f"{EARLY} {measure}"]
            found[:, branch, END, :, m] = told[f"{name} {measure}"]
    return found
