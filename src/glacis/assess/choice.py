"""The challenger's choice: the crisis of a scenario as a game, solved in every world.

Red plays the game as it sees it: its forecast of the campaign, its belief in the answer. What then
comes about is counted with the council's own chances and the campaign that happens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.assess.decision import alliance_of
from glacis.assess.origin import made_of
from glacis.assess.played import (
    ACTS,
    Played,
    act_of,
    acts_of,
    attacks,
    game_of_world,
    of_temper,
    play,
)
from glacis.assess.prospects import Prospects, believing, crisis_of, prospects, usual_answer
from glacis.assess.threat import threat
from glacis.campaign.run import draw_worlds
from glacis.campaign.statistics import statistics
from glacis.crisis.belief import belief_in_answer, belief_of, share_insecure
from glacis.crisis.binding import Bound, Prospect, View, bind
from glacis.crisis.equilibrium import STATUSES, Games
from glacis.crisis.layout import layout_of
from glacis.crisis.tree import Game
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.belief import Belief
from glacis.scenario.crisis import Crisis
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CrisisStudy", "crisis_game"]

YEARS = 5.0


@dataclass(frozen=True)
class Setting:
    """What the games of a posture have in common, in each of W worlds."""

    bound: Bound
    worlds: Worlds
    insecure: Floats
    """(W,) share of insecure types in Red."""
    threat: Floats
    """(W,) how far Red feels threatened, 0 to 1."""
    usual: Floats
    """(W,) log odds of a full answer that Red takes its belief to be of."""

    def first(self, number: int) -> Setting:
        """The same of the first worlds."""
        part = slice(0, number)
        return Setting(
            bound=self.bound,
            worlds=self.worlds.chunk(0, number),
            insecure=self.insecure[part],
            threat=self.threat[part],
            usual=self.usual[part],
        )


@dataclass(frozen=True, repr=False)
class CrisisStudy:
    """What the challenger does under one posture, in every world, and why."""

    scenario: Scenario
    posture: str
    setting: Setting
    prospects: Prospects
    belief: Floats
    """(W,) Red's belief in a full answer to an attack."""
    played: Played
    """The game as it is once the measures are ready."""
    building: Played
    """The game while they are made ready: today's campaign, tomorrow's threat."""
    today: CrisisStudy | None
    """Of the posture above whose level Red feels threatened; None if this is it."""

    @property
    def n(self) -> int:
        """How many worlds were looked at."""
        return len(self.belief)

    def made_of(self) -> str:
        """What the study was made of, in words: changes, worlds and seed."""
        return made_of(self.scenario, worlds=self.n, seed=self.worlds.seed)

    @property
    def worlds(self) -> Worlds:
        """The worlds that were looked at."""
        return self.setting.worlds

    @property
    def threat(self) -> Floats:
        """(W,) how far Red feels threatened, 0 to 1."""
        return self.setting.threat

    @property
    def insecure(self) -> Floats:
        """(W,) share of insecure types in Red."""
        return self.setting.insecure

    def __repr__(self) -> str:
        return f"<CrisisStudy {self.made_of()}, posture {self.posture!r}>"

    def acts(self, temper: str | None = None) -> dict[str, Floats]:
        """How likely Red does each of `ACTS`, by world; of one of its types if given.

        Raises
        ------
        InputError
            If Red has no such type.
        """
        if temper is not None and temper not in self.tempers():
            known = ", ".join(self.tempers())
            raise InputError(f"Red has no type {temper!r}; choose among: {known}")
        return acts_of(self.played, temper)

    def options(self, temper: str | None = None) -> dict[str, Floats]:
        """How likely Red chooses each armed option of the scenario, by world."""
        ends = self.played.bound.ends
        reached = of_temper(self.played, temper)
        return {
            name: reached[:, [end.act == name for end in ends]].sum(axis=1)
            for name in self.scenario.options
        }

    @property
    def p_attack(self) -> Floats:
        """(W,) probability of a limited grab or a full assault, at a moment of decision."""
        return attacks(self.played)

    @property
    def p_attack_buildup(self) -> Floats:
        """(W,) the same in the years before the posture's measures are ready."""
        return attacks(self.building)

    @property
    def p_attack_5y(self) -> Floats:
        """(W,) probability of at least one attack in five years, by moments of decision a year."""
        occasions = self.worlds.values(self.crisis.occasions_per_year)
        return -np.expm1(-YEARS * occasions * self.p_attack)

    def displacement(self) -> float:
        """Rise of limited grabs and grey zone for each point of assault that the posture removes.

        From today's posture, over means of worlds; undefined where assault does not fall.
        """
        if self.today is None:
            return math.nan
        now, then = self.acts(), self.today.acts()
        change = {act: float(np.mean(now[act] - then[act])) for act in ACTS}
        removed = -change["assault"]
        return (change["limited"] + change["grey_zone"]) / removed if removed > 0 else math.nan

    @cached_property
    def p_attack_blind(self) -> float:
        """The same if all payoffs were equal: what the form of the tree does by itself."""
        blind = self.played.games._replace(precisions=np.zeros(self.n))
        return float(attacks(play(self.played.bound, blind)).mean())

    @property
    def crisis(self) -> Crisis:
        """The scenario's, under the posture."""
        return self.played.bound.crisis

    def worth(self, stage: str, action: str, temper: str) -> Floats:
        """(W,) what an action is worth to one of Red's types, where it first comes to a stage.

        Raises
        ------
        InputError
            If Red never takes that action at that stage as that type.
        """
        bound, first = self.played.bound, layout_of(self.played.game).first
        for h, k in enumerate(self.played.game.decisions):
            node = self.played.game.members(k)[0]
            taken = bound.grown.taken[node]
            if bound.grown.drawn_at[k] == stage and temper in taken.values():
                actions = list(self.crisis.stages[stage].actions)
                if action in actions:
                    return np.asarray(self.played.solved.worth[:, first[h] + actions.index(action)])
        raise InputError(f"{temper} does not come to {stage} and do {action}; see crisis.stages")

    def counted(self) -> Floats:
        """(W, ends) how likely each end is: the council's own chances, the war that happens."""
        view = View(self.prospects.actual, self.insecure, is_reds=False)
        return self.played.counted(self.played.bound.chances(view, self.worlds.values))

    def statuses(self) -> dict[str, int]:
        """How many worlds' games came to which status."""
        found = self.played.solved.status
        return {name: int((found == k).sum()) for k, name in enumerate(STATUSES)}

    def summary(self) -> pd.DataFrame:
        """What Red does, by type and over both: mean, p05, p50, p95 over worlds."""
        import pandas as pd

        rows = {("all", act): statistics(value) for act, value in self.acts().items()}
        for temper in self.tempers():
            for act, value in self.acts(temper).items():
                rows[temper, act] = statistics(value)
        found = pd.DataFrame.from_dict(rows, orient="index")
        found.index.names = ["type", "act"]
        return found

    def tempers(self) -> tuple[str, ...]:
        """Red's types."""
        own = self.crisis.types.items()
        return tuple(name for name, one in own if one.player == self.crisis.challenger)

    def possible(self) -> tuple[str, ...]:
        """Those of `ACTS` that the game has."""
        has = {act_of(self.played.bound, end) for end in self.played.bound.ends}
        return tuple(act for act in ACTS if act in has)

    def typical_world(self) -> int:
        """A world near the median: in the probability of attack first, then in precision.

        Of the twentieth of worlds nearest to the median in the first, the nearest in the second.
        """
        near = np.argsort(np.abs(self.p_attack - np.median(self.p_attack)), kind="stable")
        near = near[: max(self.n // 20, 1)]
        scale = np.log(self.played.games.precisions)
        return int(near[np.argmin(np.abs(scale[near] - np.median(scale)))])

    def game(self, world: int) -> Game:
        """The game of one world, as Red sees it.

        Raises
        ------
        InputError
            If there is no such world.
        """
        if not 0 <= world < self.n:
            raise InputError(f"world {world}: must be from 0 to {self.n - 1}")
        at = f"world {world} of seed {self.worlds.seed}, as Red sees it"
        return replace(game_of_world(self.played, world), title=f"{self.played.game.title}: {at}")

    def to_record(self) -> dict[str, Any]:
        """The result as plain data, for ``glacis game --json``."""
        from glacis.assess.choice_record import record_of

        return record_of(self)

    def channels(self) -> dict[str, Floats]:
        """(W,) what the posture changes of attack by one thing alone, all else as it is today.

        By ``war``, what Red gains and loses; ``answer``, what it expects of the council; and
        ``threat``, what it feels. They need not add up.
        """
        if self.today is None:
            return {}
        then, setting = self.today, self.setting
        calm = replace(setting, threat=then.setting.threat)
        told = {
            "war": (calm, self._prospects_with(answers=then.prospects)),
            "answer": (calm, then._prospects_with(answers=self.prospects)),
            "threat": (setting, then.prospects),
        }
        return {
            name: attacks(played_with(where, found, then.belief)) - then.p_attack
            for name, (where, found) in told.items()
        }

    def _prospects_with(self, *, answers: Prospects) -> Prospects:
        """Red's prospects of the war, with another posture's of the answer."""
        red = {
            name: one._replace(answer=answers.red[name].answer)
            for name, one in self.prospects.red.items()
        }
        return replace(self.prospects, red=red)

    @cached_property
    def seen_by_red(self) -> dict[str, Prospect]:
        """Red's prospects, by option."""
        usual = self.setting.usual
        return believing(self.prospects, self.crisis, self.worlds, self.belief, usual=usual)


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
        _bound(scenario, name, worlds)  # what is wrong is told before campaigns are run
    runner, base = runner or Runner(), None
    for number, name in enumerate(names):
        base = _study(scenario, name, worlds, base, runner=runner.part(number, len(names)))
    assert base is not None, "there is a posture"
    return base


def _study(
    scenario: Scenario, posture: str, worlds: Worlds, today: CrisisStudy | None, *, runner: Runner
) -> CrisisStudy:
    """The study of one posture, after that of today's."""
    bound, posed = _bound(scenario, posture, worlds), scenario.posture(posture)
    options = [name for name in scenario.options if name in bound.acts]
    found = prospects(scenario, posture, worlds, options=options, runner=runner)
    setting = Setting(
        bound=bound,
        worlds=worlds,
        insecure=_share_insecure(belief_of(posed), worlds),
        threat=threat(scenario, posture, worlds),
        usual=usual_answer(found) if today is None else today.setting.usual,
    )
    belief = belief_in_answer(belief_of(posed), worlds.values)
    played = played_with(setting, found, belief, runner=runner)
    building = played
    if today is not None:
        building = played_with(setting, today.prospects, today.belief, runner=runner)
    return CrisisStudy(scenario, posture, setting, found, belief, played, building, today)


def _bound(scenario: Scenario, posture: str, worlds: Worlds) -> Bound:
    """The crisis under a posture, ready to be filled."""
    posed = scenario.posture(posture)
    crisis = crisis_of(posed)
    alliance_of(posed), belief_of(posed)
    kinds = {name: option.kind for name, option in scenario.options.items()}
    bound = bind(crisis, kinds, title=f"{scenario.title}: {posed.postures[posture].name}")
    for temper in crisis.types:
        bound.scale(temper, worlds.values, len(worlds))
    return bound


def _share_insecure(belief: Belief, worlds: Worlds) -> Floats:
    """(W,) share of insecure types after the signals about Red; nobody where none is declared."""
    if belief.insecure is None:
        return np.zeros(len(worlds))
    return share_insecure(belief, worlds.values, prior=worlds.values(belief.insecure))


def played_with(
    setting: Setting, found: Prospects, belief: Floats, *, runner: Runner | None = None
) -> Played:
    """The games that Red plays if it has these prospects and this belief in a full answer."""
    worlds, bound, values = setting.worlds, setting.bound, setting.worlds.values
    red = believing(found, bound.crisis, worlds, belief, usual=setting.usual)
    view = View(red, setting.insecure, is_reds=True)
    names, attributes = bound.attributes(view, values, threat=setting.threat)
    games = Games(
        payoffs=bound.payoffs(names, attributes, values),
        chances=bound.chances(view, values),
        precisions=worlds.values(bound.crisis.precision),
    )
    return play(bound, games, runner)
