"""The games that Red plays under a posture, by what it expects and feels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glacis.assess.played import Played, play
from glacis.assess.prospects import Prospects, believing
from glacis.crisis.belief import share_insecure
from glacis.crisis.binding import Bound, View
from glacis.crisis.equilibrium import Games
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.belief import Belief
from glacis.worlds import Worlds


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


def share_insecure_of(belief: Belief, worlds: Worlds) -> Floats:
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
