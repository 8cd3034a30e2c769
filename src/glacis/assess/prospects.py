"""What a posture lets everybody expect of each of Red's options, and what comes of them.

Each option is fought twice, unreinforced and reinforced. Forecasts of both are learnt on all
worlds, with each side's quality known; nobody in the model knows it, so that what is expected is
their mean over all that quality may be. Red takes its own for better (or worse) than it is: its
view is the same mean, with quality moved by its optimism.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from glacis.alliance.council import chances, delay_hours
from glacis.alliance.leanings import Seen, leanings, logit
from glacis.assess.decision import (
    alliance_of,
    at_stake,
    before,
    casualties_after,
    defended_people,
    horizon_hours,
    placed,
    seen_at_decision,
    shares_of,
    stationed,
    succeeds,
)
from glacis.campaign.combat import luck_spreads
from glacis.campaign.joint_record import nuclear_chance
from glacis.campaign.record import Campaign
from glacis.campaign.run import MAX_DAYS, run_campaign
from glacis.campaign.state import BLUE, RED
from glacis.crisis.binding import FULL, GAINED, HELD, Prospect
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.forecast import Candidates, Columns, chance, mean
from glacis.jit import load_kernels
from glacis.kernels import Floats
from glacis.scenario.alliance import Alliance
from glacis.scenario.crisis import Crisis
from glacis.scenario.model import Formation, Scenario
from glacis.streams import Stream, split_seed
from glacis.worlds import Worlds, drawn

UNANSWERED_DAYS = 30.0
"""Length of a campaign that nobody reinforces: after a month nothing moves any more."""
NODES = 5
"""Points at which quality is taken: Gauss-Hermite."""


class Kind(NamedTuple):
    """How a result is forecast, and within which limits."""

    learn: Callable[..., Floats]
    least: float
    most: float


EVENT = Kind(chance, 0.0, 1.0)
SHARE = Kind(mean, 0.0, 1.0)
AMOUNT = Kind(mean, 0.0, np.inf)
Told: TypeAlias = Callable[[Floats, Kind], Floats]
"""What somebody knows or expects of a result, by (held, gained)."""


class Fought(NamedTuple):
    """One option, fought under both answers."""

    unreinforced: Campaign
    reinforced: Campaign


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
    decision_hours: Floats

    def first(self, number: int) -> Prospects:
        """The same of the first worlds."""

        def cut(told: dict[str, Prospect]) -> dict[str, Prospect]:
            return {name: one.first(number) for name, one in told.items()}

        return Prospects(
            posture=self.posture,
            actual=cut(self.actual),
            forecast=cut(self.forecast),
            red=cut(self.red),
            decision_hours=self.decision_hours[:number],
        )


@dataclass(frozen=True)
class _Setting:
    """What all options of a posture have in common."""

    scenario: Scenario
    posed: Scenario
    alliance: Alliance
    crisis: Crisis
    worlds: Worlds
    there: Floats
    """(W, n) people whom each member has there."""
    delay: Floats
    quality: Floats
    """(W,) logarithm of Red's quality over Blue's, by luck."""
    spread: Floats
    """(W,) its standard deviation."""
    places: Candidates


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
        All worlds from 0 on, drawn from it.
    options
        Those to look at; all of the scenario's if left out.
    runner
        Its progress is told in campaigns, over all options and answers.

    Raises
    ------
    InputError
        If the scenario has no alliance or crisis, or no such posture.
    Cancelled
        If the runner's cancel event is set.
    """
    setting = _setting(scenario, posture, worlds)
    runner, names = runner or Runner(), list(options or scenario.options)
    actual, forecast, red = {}, {}, {}
    for number, name in enumerate(names):
        fought = _fought(setting, name, runner.part(number, len(names)))
        actual[name] = _as_it_comes(setting, fought)
        forecast[name], red[name] = _expected(setting, name, fought)
    return Prospects(
        posture=setting.posed.document.posture,
        actual=actual,
        forecast=forecast,
        red=red,
        decision_hours=setting.delay,
    )


def crisis_of(scenario: Scenario) -> Crisis:
    """The scenario's crisis.

    Raises
    ------
    InputError
        If it has none.
    """
    if scenario.crisis is None:
        raise InputError(
            f"{scenario.name} has no crisis, so there is no choice to be made; write one (baltic's "
            "crisis.yaml shows how; `glacis where` names its folder)"
        )
    return scenario.crisis


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


def _setting(scenario: Scenario, posture: str, worlds: Worlds) -> _Setting:
    alliance, posed = alliance_of(scenario), scenario.posture(posture)
    there = stationed(posed, alliance, worlds)
    expected = chances(alliance, worlds, before(alliance, worlds, there))
    delay = delay_hours(alliance, worlds, expected)
    if delay.max() > 24.0 * MAX_DAYS:
        raise InputError(
            f"alliance.council: an answer can take {delay.max() / 24:,.0f} days, and a campaign "
            f"has {MAX_DAYS}; lower delay_days or hesitation_days"
        )
    quality, spread = _quality(scenario, worlds)
    return _Setting(
        scenario=scenario,
        posed=posed,
        alliance=alliance,
        crisis=crisis_of(scenario),
        worlds=worlds,
        there=there,
        delay=delay,
        quality=quality,
        spread=spread,
        places=placed(worlds),
    )


def _quality(scenario: Scenario, worlds: Worlds) -> tuple[Floats, Floats]:
    """(W,) logarithm of Red's quality over Blue's, as the war draws it, and its spread."""
    fill, combat = load_kernels("glacis.luck").fill, scenario.campaign.combat
    words = split_seed(worlds.seed)
    luck = np.empty((2, len(worlds), 1))
    for side in (BLUE, RED):
        fill(*words, int(Stream.QUALITY), side, worlds.start, luck[side])
    scores = ndtri(luck[:, :, 0])
    own, _ = luck_spreads(worlds.values(combat.dispersion), worlds.values(combat.luck_share))
    return own * (scores[RED] - scores[BLUE]), own * np.sqrt(2.0)


def _fought(setting: _Setting, option: str, runner: Runner) -> Fought:
    def run(answer: str, days: float, part: int) -> Campaign:
        return run_campaign(
            setting.scenario,
            setting.posed.document.posture,
            runs=len(setting.worlds),
            seed=setting.worlds.seed,
            runner=runner.part(part, 2),
            option=option,
            response="full" if answer == "full" else "none",
            days=days,
            decision_hours=setting.delay,
        )

    decided = float(np.ceil(setting.delay.max() / 24.0))
    unanswered = min(max(UNANSWERED_DAYS, decided), float(MAX_DAYS))
    return Fought(run("none", unanswered, 0), run("full", float(MAX_DAYS), 1))


def _gained(setting: _Setting, fought: Fought) -> Floats:
    """1 where an objective has fallen when the council decides."""
    war = fought.reinforced
    places = list(setting.scenario.options[war.dataset.attrs["option"]].objectives)
    first = np.asarray(war.dataset["falls"].sel(place=places).min("place"), dtype=np.float64)
    return (first <= setting.delay).astype(np.float64)


def _as_it_comes(setting: _Setting, fought: Fought) -> Prospect:
    """What happens, and the council's chances given what it then sees."""
    alliance, worlds = setting.alliance, setting.worlds
    seen = seen_at_decision(
        fought.reinforced, alliance, worlds, there=setting.there, delay=setting.delay
    )
    found = chances(alliance, worlds, leanings(alliance, worlds, seen))
    answer = np.column_stack([found.none, found.limited, found.full])
    table = _measured(setting, fought, _as_it_is)
    gained, aim = _gained(setting, fought), _aim(setting, fought)
    return Prospect(gained, np.stack([answer, answer]), _by_state(table), aim)


def _aim(setting: _Setting, fought: Fought) -> Floats:
    """(W,) share of the defended states' people at whom an option aims."""
    return at_stake(setting.scenario, fought.reinforced.dataset.attrs["option"], setting.worlds)


def _as_it_is(result: Floats, kind: Kind) -> Floats:
    """(2, W) what happens, whatever might have been: the same by (held, gained)."""
    return np.stack([result, result])


class _States(NamedTuple):
    """What a war may hang on, besides the world's numbers: whether Red gained, quality, delay."""

    known: tuple[Floats, ...]
    """For each of (held, gained), each point of quality: (W, 3)."""
    mass: Floats
    """(2, K, W) how likely each point of quality is, given (held, gained)."""
    gained: Floats


def _expected(setting: _Setting, option: str, fought: Fought) -> tuple[Prospect, Prospect]:
    """What the model forecasts of an option, and what Red does."""
    gained = _gained(setting, fought)
    optimism = np.log(setting.worlds.values(setting.crisis.optimism))
    views = [_states(setting, gained, shift) for shift in (np.zeros_like(optimism), optimism)]
    wait = np.log1p(setting.delay)
    columns = Columns(np.column_stack([gained, setting.quality, wait]), setting.places)
    at = tuple(state for view in views for state in view.known)

    mass = np.stack([view.mass for view in views])

    def told(result: Floats, kind: Kind) -> Floats:
        """(views, 2, W) what is expected of a result, by (held, gained)."""
        every = np.clip(kind.learn(result, columns, at=at), kind.least, kind.most)
        return np.asarray((every.reshape(mass.shape) * mass).sum(axis=2))

    answer = _answers(setting, option, fought, told)
    table = _measured(setting, fought, told)
    model, red = (
        Prospect(view.gained, answer, _by_state(table[:, :, :, number]), _aim(setting, fought))
        for number, view in enumerate(views)
    )
    return model, red


def _states(setting: _Setting, gained: Floats, shift: Floats) -> _States:
    points, masses = np.polynomial.hermite_e.hermegauss(NODES)
    masses = masses / masses.sum()
    qualities = [setting.spread * point + shift for point in points]
    wait = np.log1p(setting.delay)
    columns = Columns(np.column_stack([setting.quality, wait]), setting.places)
    at = [np.column_stack([one, wait]) for one in qualities]
    wins = chance(gained, columns, at=at)  # (K, W)
    ones = np.ones_like(shift)
    known = [np.column_stack([s * ones, one, wait]) for s in (HELD, GAINED) for one in qualities]
    joint = masses[:, None] * np.stack([1.0 - wins, wins])  # (2, K, W)
    return _States(
        tuple(known), joint / joint.sum(axis=1, keepdims=True), joint[GAINED].sum(axis=0)
    )


def _answers(setting: _Setting, option: str, fought: Fought, told: Told) -> Floats:
    """(2, W, 3) the council's answer if it sees what is to be expected, by (held, gained)."""
    alliance, worlds, war = setting.alliance, setting.worlds, fought.reinforced
    public = drawn(alliance.public, worlds)
    horizon = horizon_hours(alliance, worlds, setting.delay)
    # The members do not share Red's view of its quality: theirs is the first.
    odds = told(succeeds(war, horizon), EVENT)[0]
    dead = told(war.values("seen_forward_casualties"), AMOUNT)[0] * public["killed"]
    casualties = told(casualties_after(war), AMOUNT)[0]
    nuclear = told(nuclear_chance(war), SHARE)[0]
    found = []
    for state in (HELD, GAINED):
        seen = Seen(
            odds=odds[state],
            dead=dead[state],
            own_dead=dead[state][:, None] * shares_of(setting.there),
            own_troops=setting.there,
            casualties=casualties[state],
            nuclear=nuclear[state],
            at_stake=at_stake(setting.scenario, option, worlds),
        )
        likely = chances(alliance, worlds, leanings(alliance, worlds, seen))
        found.append(np.column_stack([likely.none, likely.limited, likely.full]))
    return np.stack(found)


def _measured(setting: _Setting, fought: Fought, told: Told) -> Floats:
    """(branch, as of, measure, ..., W) `MEASURES` of both wars, as `told` of each."""
    scales = 1.0 / _troops_of(setting, "red"), 1.0 / _troops_of(setting, "blue")

    def scaled(*lost: Floats) -> list[Floats]:
        parts = [one * scale for one, scale in zip(lost, scales, strict=True)]
        return [told(np.clip(part, 0.0, 1.0), SHARE) for part in parts]

    first = fought.reinforced
    fallen = np.asarray(first.dataset["falls"] <= setting.delay[:, None])
    early = [told(_ground(setting, first, fallen), SHARE)]
    early += scaled(*(first.values(f"seen_{side}_casualties") for side in ("red", "blue")))
    early.append(np.zeros_like(early[0]))  # what is risked until then is risked in any case
    found = []
    for war in fought:
        held = war.dataset["holder"].to_numpy() == RED
        late = [told(_ground(setting, war, held), SHARE)]
        late += scaled(war.losses("red"), war.losses("blue"))
        late.append(told(nuclear_chance(war), SHARE))
        found.append([early, late])
    return np.array(found)


def _ground(setting: _Setting, war: Campaign, lost: NDArray[np.bool_]) -> Floats:
    """(W,) share of the defended states' people who live in places that are lost."""
    scenario, worlds = setting.scenario, setting.worlds
    found = np.zeros(len(worlds))
    for v, name in enumerate(war.dataset["place"].to_numpy()):
        place = scenario.theatre.places[str(name)]
        if scenario.nations[place.nation].role == "protege":
            found += lost[:, v] * worlds.values(place.population)
    return found / defended_people(scenario, worlds)


def _by_state(table: Floats) -> Floats:
    """(2, branch, as of, W, measure) from (branch, as of, measure, 2, W)."""
    return np.ascontiguousarray(np.moveaxis(table, (3, 0, 1, 4, 2), (0, 1, 2, 3, 4)))


def _troops_of(setting: _Setting, side: str) -> Floats:
    """(W,) people of all formations of a side, those that come later among them."""
    forces: dict[str, Formation] = getattr(setting.posed.forces, side)
    worlds = setting.worlds
    each = (worlds.values(one.people) * worlds.values(one.strength) for one in forces.values())
    return np.maximum(sum(each, np.zeros(len(worlds))), 1.0)
