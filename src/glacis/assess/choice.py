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

from glacis.assess.played import ACTS, Played, acts_of, attacks, game_of_world, of_temper, play
from glacis.assess.prospects import Prospects, believing, crisis_of, prospects
from glacis.assess.threat import threat
from glacis.campaign.run import draw_worlds
from glacis.campaign.statistics import statistics
from glacis.crisis.belief import belief_in_answer, share_insecure
from glacis.crisis.binding import Bound, Prospect, View, bind
from glacis.crisis.equilibrium import STATUSES, Games, distinct
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


@dataclass(frozen=True, repr=False)
class CrisisStudy:
    """What the challenger does under one posture, in every world, and why."""

    scenario: Scenario
    posture: str
    setting: Setting
    prospects: Prospects
    today: Prospects
    """Of the posture above whose level Red feels threatened."""
    belief: Floats
    """(W,) Red's belief in a full answer to an attack."""
    played: Played
    """The game as it is once the measures are ready."""
    building: Played
    """The game while they are made ready: today's campaign, tomorrow's threat."""
    before: Played
    """The game today."""

    @property
    def n(self) -> int:
        """How many worlds were looked at."""
        return len(self.belief)

    def made_of(self) -> str:
        """What the study was made of, in words: changes, worlds and seed."""
        document = self.scenario.document
        changes = [*document.variants, *(f"{path} = {value}" for path, value in document.overrides)]
        under = f" under {', '.join(changes)}" if changes else ""
        return f"Scenario {document.name}{under}, {self.n:,} worlds, seed {self.worlds.seed}"

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
        """How likely Red does each of `ACTS`, by world; of one of its types if given."""
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
        now, then = self.acts(), acts_of(self.before)
        change = {act: float(np.mean(now[act] - then[act])) for act in ACTS}
        removed = -change["assault"]
        return (change["limited"] + change["grey_zone"]) / removed if removed > 0 else math.nan

    @cached_property
    def p_attack_blind(self) -> float:
        """The same if all payoffs were equal: what the form of the tree does by itself."""
        blind = self.played.games._replace(precisions=np.zeros(self.n))
        first = Games(*(part[:1] for part in blind))
        return float(attacks(play(self.played.bound, first))[0])

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

    def first(self, number: int) -> tuple[Setting, Prospects]:
        """What the games of the first worlds need."""
        part, kept = slice(0, number), self.setting
        setting = Setting(
            bound=kept.bound,
            worlds=kept.worlds.chunk(0, number),
            insecure=kept.insecure[part],
            threat=kept.threat[part],
        )
        return setting, self.prospects.first(number)

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

    def typical_world(self) -> int:
        """The world whose probability of attack is nearest to the median."""
        return int(np.argmin(np.abs(self.p_attack - np.median(self.p_attack))))

    def game(self, world: int) -> Game:
        """The game of one world, as Red sees it.

        Raises
        ------
        InputError
            If there is no such world.
        """
        if not 0 <= world < self.n:
            raise InputError(f"world {world}: must be from 0 to {self.n - 1}")
        return game_of_world(self.played, world)

    def to_record(self) -> dict[str, Any]:
        """The result as plain data, for ``glacis game --json``."""
        from glacis import __version__

        document, played = self.scenario.document, self.played
        return {
            "schema": 1,
            "glacis": __version__,
            "scenario": document.name,
            "scenario_sha256": document.sha256,
            "variants": list(document.variants),
            "overrides": dict(document.overrides),
            "seed": self.worlds.seed,
            "worlds": self.n,
            "posture": self.posture,
            "players": list(played.game.players),
            "precision": float(np.median(played.games.precisions)),
            "precisions": statistics(played.games.precisions),
            "p_attack": statistics(self.p_attack),
            "p_attack_5y": statistics(self.p_attack_5y),
            "p_attack_buildup": statistics(self.p_attack_buildup),
            "p_attack_blind": self.p_attack_blind,
            "today": {
                "posture": self.today.posture,
                "p_attack": statistics(attacks(self.before)),
                "change": statistics(self.p_attack - attacks(self.before)),
                "displacement": None if math.isnan(moved := self.displacement()) else moved,
            },
            "options": {act: statistics(value) for act, value in self.acts().items()},
            "options_by_type": {
                temper: {act: statistics(value) for act, value in self.acts(temper).items()}
                for temper in self.tempers()
            },
            "attacks": {name: statistics(value) for name, value in self.options().items()},
            "belief_full": statistics(self.belief),
            "response": {name: self._response(name) for name in self.scenario.options},
            "share_insecure": statistics(self.insecure),
            "threat": statistics(self.threat),
            "infosets": list(self._sets()),
            "status": STATUSES[int(played.solved.status.max())],
            "statuses": self.statuses(),
            "residual": float(played.solved.residual.max()),
            "regret": float(played.solved.regret.max()),
            "regrets": statistics(played.solved.regret),
            "last_move_loss": statistics(played.solved.last_loss),
        }

    def _response(self, option: str) -> dict[str, Any]:
        """Probability of a full answer to an option: as it is, and as Red takes it."""
        return {
            "full": statistics(self.prospects.actual[option].full),
            "full_as_red_sees_it": statistics(self.seen_by_red[option].full),
        }

    @cached_property
    def seen_by_red(self) -> dict[str, Prospect]:
        """Red's prospects, by option."""
        return believing(self.prospects, self.crisis, self.worlds, self.belief)

    def _sets(self) -> list[dict[str, Any]]:
        """The information sets of players, with means over worlds."""
        game, share = self.played.game, self.played.solved.share
        first = layout_of(game).first
        return [
            {
                "player": game.players[one.player],
                "number": one.number,
                "label": one.label,
                "actions": {
                    action: float(share[:, first[h] + a].mean())
                    for a, action in enumerate(distinct(one.actions))
                },
                "beliefs": self.played.solved.belief[:, list(game.members(k))]
                .mean(axis=0)
                .tolist(),
            }
            for h, (k, one) in enumerate((k, game.sets[k]) for k in game.decisions)
        ]


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
    settings = {name: _setting(scenario, name, worlds) for name in (posture, today)}
    told = {
        name: prospects(scenario, name, worlds, runner=_part(runner, number, len(settings)))
        for number, name in enumerate(settings)
    }
    believed = belief_in_answer(_belief_of(scenario.posture(posture)), worlds.values)

    def played(setting: str, campaign: str) -> Played:
        return played_with(settings[setting], told[campaign], believed, runner=runner)

    return CrisisStudy(
        scenario=scenario,
        posture=posture,
        setting=settings[posture],
        prospects=told[posture],
        today=told[today],
        belief=believed,
        played=played(posture, posture),
        building=played(posture, today),
        before=played(today, today),
    )


def _setting(scenario: Scenario, posture: str, worlds: Worlds) -> Setting:
    """What the games of a posture have in common; told wrong before any campaign is run."""
    posed = scenario.posture(posture)
    crisis, belief = crisis_of(posed), _belief_of(posed)
    kinds = {name: option.kind for name, option in scenario.options.items()}
    bound = bind(crisis, kinds, title=f"{scenario.title}: {posed.postures[posture].name}")
    for temper in crisis.types:
        bound.scale(temper, worlds.values, len(worlds))
    return Setting(
        bound=bound,
        worlds=worlds,
        insecure=_share_insecure(belief, worlds),
        threat=threat(scenario, posture, worlds),
    )


def _belief_of(scenario: Scenario) -> Belief:
    if scenario.belief is None:
        raise InputError(
            f"{scenario.name}: has no section belief; add one (baltic's belief.yaml shows it)"
        )
    return scenario.belief


def _share_insecure(belief: Belief, worlds: Worlds) -> Floats:
    """(W,) share of insecure types after the signals about Red; nobody where none is declared."""
    if belief.insecure is None:
        return np.zeros(len(worlds))
    return share_insecure(belief, worlds.values, prior=worlds.values(belief.insecure))


def _part(runner: Runner | None, number: int, parts: int) -> Runner:
    """A runner that tells its progress as one of several parts of equal length."""
    runner = runner or Runner()
    tell = runner.progress
    if tell is None:
        return runner
    return replace(runner, progress=lambda done, total: tell(number * total + done, parts * total))


def played_with(
    setting: Setting, found: Prospects, belief: Floats, *, runner: Runner | None = None
) -> Played:
    """The games that Red plays if it has these prospects and this belief in a full answer."""
    worlds, bound, values = setting.worlds, setting.bound, setting.worlds.values
    view = View(believing(found, bound.crisis, worlds, belief), setting.insecure, is_reds=True)
    names, attributes = bound.attributes(view, values, threat=setting.threat)
    games = Games(
        payoffs=bound.payoffs(names, attributes, values),
        chances=bound.chances(view, values),
        precisions=worlds.values(bound.crisis.precision),
    )
    return play(bound, games, runner)
