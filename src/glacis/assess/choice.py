"""The challenger's choice in every world: what Red does under a posture, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.assess.games import Setting, played_with
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
    summed,
)
from glacis.assess.prospects import (
    Prospects,
    believing,
)
from glacis.campaign.statistics import statistics
from glacis.crisis.binding import Prospect, View
from glacis.crisis.equilibrium import STATUSES
from glacis.crisis.layout import layout_of
from glacis.crisis.tree import Game
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.crisis import REFRAIN, Crisis
from glacis.scenario.model import Scenario
from glacis.worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CrisisStudy"]

YEARS = 5.0


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
            name: summed(reached, [end.act == name for end in ends])
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
        """(W,) probability of at least one attack in five years."""
        return self.p_attack_within(YEARS)

    def p_attack_within(self, years: float) -> Floats:
        """(W,) probability of at least one attack in so many, by moments of decision a year."""
        occasions = self.worlds.values(self.crisis.occasions_per_year)
        return -np.expm1(-years * occasions * self.p_attack)

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
        is_drawn = any(temper in end.tempers.values() for end in bound.ends)
        for h, k in enumerate(self.played.game.decisions):
            node = self.played.game.members(k)[0]
            taken = bound.grown.taken[node]
            is_its = temper in taken.values() or not is_drawn
            if bound.grown.drawn_at[k] == stage and is_its:
                actions = list(self.crisis.stages[stage].actions)
                if action in actions:
                    return np.asarray(self.played.solved.worth[:, first[h] + actions.index(action)])
        raise InputError(f"{temper} does not come to {stage} and do {action}; see crisis.stages")

    def best_attack(self) -> Floats:
        """(W,) worth to Red of its best attack above that of refraining, as it believes.

        The mean over its types; an uncontested full success is worth 1.
        """
        mass = {
            temper: summed(
                self.played.reached,
                [temper in end.tempers.values() for end in self.played.bound.ends],
            )
            for temper in self.tempers()
        }
        drawn = sum(mass.values(), np.zeros(self.n))
        found = np.zeros(self.n)
        for temper, share in mass.items():
            weight = np.where(drawn > 0, share, 1.0 / len(mass))
            own = {name: self._worth_of(name, temper) for name in (REFRAIN, *self.attackable())}
            refrain = own.pop(REFRAIN)
            found = found + weight * (np.max(list(own.values()), axis=0) - refrain)
        return found

    def attackable(self) -> tuple[str, ...]:
        """The armed options that the game has."""
        return tuple(name for name in self.scenario.options if name in self.played.bound.acts)

    def _worth_of(self, act: str, temper: str) -> Floats:
        stages = self.crisis.stages.items()
        for name, stage in stages:
            if stage.player == self.crisis.challenger and act in stage.actions:
                return self.worth(name, act, temper)
        raise InputError(f"the crisis has no stage at which Red can {act}")

    def counted(self) -> Floats:
        """(W, ends) how likely each end is: the council's own chances, the war that happens."""
        return self.played.counted(self.true_chances())

    def true_chances(self) -> Floats:
        """(W, draws) of every draw: the council's own chances, and the war that happens."""
        view = View(self.prospects.actual, self.insecure, is_reds=False)
        return np.asarray(self.played.bound.chances(view, self.worlds.values))

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

        See `typical`.
        """
        return typical(self.p_attack, self.played.games.precisions)

    def game(self, world: int) -> Game:
        """The game of one world, as Red sees it.

        Raises
        ------
        InputError
            If there is no such world.
        """
        if not 0 <= world < self.n:
            raise InputError(f"world {world}: must be from 0 to {self.n - 1}")
        posture = self.scenario.postures[self.posture].name
        at = f"world {world} of seed {self.worlds.seed}, as Red sees it"
        title = f"{self.scenario.title}: {posture}: {at}"
        return replace(game_of_world(self.played, world), title=title)

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


def typical(p_attack: Floats, precision: Floats) -> int:
    """Of the twentieth of worlds nearest to the median in the first, the nearest in the second."""
    near = np.argsort(np.abs(p_attack - np.median(p_attack)), kind="stable")
    near = near[: max(len(p_attack) // 20, 1)]
    scale = np.log(precision)
    return int(near[np.argmin(np.abs(scale[near] - np.median(scale)))])
