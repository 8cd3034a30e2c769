"""Attack over belief and denial: what would have to be so for deterrence to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from glacis.assess.choice import CrisisStudy
from glacis.assess.games import played_with
from glacis.assess.played import attacks
from glacis.crisis.binding import MEASURES, Prospect
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats

POINTS = 11
GROUND = MEASURES.index("ground")


@dataclass(frozen=True)
class Diagram:
    """Mean probability of attack, over how surely Red expects an answer and how much it gains."""

    study: CrisisStudy
    beliefs: Floats
    """(B,) Red's belief in a full answer, the same in every world."""
    denials: Floats
    """(D,) share of all that Red would gain that is denied to it besides."""
    p_attack: Floats
    """(B, D) mean over worlds."""
    worlds: int
    """How many, the study's first."""


def diagram(
    study: CrisisStudy,
    *,
    points: int = POINTS,
    worlds: int = 256,
    runner: Runner | None = None,
) -> Diagram:
    """The probability of attack over belief and denial, from one posture's prospects.

    Denial takes the same share off the chance that Red gains an objective before the decision and
    off all the ground that it would hold, of every option. Everything else stays as it is.

    Parameters
    ----------
    study
        Of the posture that it starts from.
    points
        How many of each axis.
    worlds
        How many of the study's worlds, from the first on.

    Raises
    ------
    InputError
        If there are fewer than two points or no worlds.
    Cancelled
        If the runner's cancel event is set.
    """
    if points < 2 or worlds < 1:
        raise InputError(f"points {points}, worlds {worlds}: give at least 2 points and 1 world")
    worlds = min(worlds, study.n)
    setting, prospects = study.setting.first(worlds), study.prospects.first(worlds)
    beliefs = np.linspace(0.02, 0.98, points)
    denials = np.linspace(0.0, 1.0, points)
    found = np.empty((points, points))
    for d, denial in enumerate(denials):
        denied = {name: denied_by(one, denial) for name, one in prospects.red.items()}
        less = replace(prospects, red=denied)
        for b, belief in enumerate(beliefs):
            whole = np.full(worlds, belief)
            found[b, d] = attacks(played_with(setting, less, whole, runner=runner)).mean()
        if runner is not None and runner.progress is not None:
            runner.progress(d + 1, points)
    return Diagram(study, beliefs, denials, found, worlds)


def denied_by(prospect: Prospect, share: float) -> Prospect:
    """A prospect of which a share is denied: less often gained, and less ground held."""
    measured = prospect.measured.copy()
    measured[..., GROUND] *= 1.0 - share
    return prospect._replace(gained=prospect.gained * (1.0 - share), measured=measured)


def gains(prospects: Mapping[str, Prospect], option: str) -> Floats:
    """(W,) share of the defended people whose ground Red would hold, if nobody answered."""
    one = prospects[option]
    held, gained = one.measured[:, 0, 1, :, GROUND]
    return np.asarray((1.0 - one.gained) * held + one.gained * gained)
