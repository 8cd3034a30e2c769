"""What the rest of the world is told of a war here, or of a peace: all that `ripple` reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.kernels import Floats, Ints
from glacis.scenario.game import ANSWERS
from glacis.scenario.quantity import UNITS
from glacis.scenario.ripple import Ripple
from glacis.worlds import Worlds

FULL = ANSWERS.index("full")
LIMITED = ANSWERS.index("limited")

OUTCOMES = (
    "nuclear_use",
    "deterred",
    "grey_zone",
    "repelled",
    "retaken",
    "stalemate",
    "sanctions_only",
    "inaction",
)
"""How a world ends, in the order in which the first that applies counts."""

PEACE = ("deterred", "grey_zone")

DAYS_A_YEAR = UNITS["years"][1] / UNITS["days"][1]
MONTHS_A_YEAR = UNITS["years"][1] / UNITS["months"][1]


class Aftermath(NamedTuple):
    """How each of W worlds ended, as seen from elsewhere; G guarantors, in the section's order.

    The war, if there was one, began at the start of the years that are counted.
    """

    outcome: Ints
    """(W,) index in `OUTCOMES`."""
    answer: Ints
    """(W,) index in `ANSWERS`; read only where there was an attack."""
    stood: Floats
    """(W, G) share of each guarantor, by capability, that was for a full answer; likewise."""
    fighting_days: Floats
    """(W,) from H-hour to the end of the fighting; likewise."""
    munitions_spent: Floats
    """(W,) share spent of the munitions that other theatres need, 0 to 1; likewise."""
    stationing: Floats
    """(W, G) share of each guarantor's capability that the posture ties down in peace."""
    reassurance: Floats
    """(W,) resolve times capability that the posture shows, 0 to 1; 0 reassures nobody more."""

    @property
    def attacked(self) -> NDArray[np.bool_]:
        """(W,) whether there was an armed attack."""
        return ~self.ended(*PEACE)

    def ended(self, *outcomes: str) -> NDArray[np.bool_]:
        """(W,) whether the outcome is one of these."""
        is_one = np.zeros(len(OUTCOMES), dtype=np.bool_)
        is_one[[OUTCOMES.index(name) for name in outcomes]] = True
        return np.asarray(is_one[self.outcome])


def peace(
    section: Ripple,
    worlds: Worlds,
    *,
    stationing: Floats | float = 0.0,
    reassurance: Floats | float = 0.0,
) -> Aftermath:
    """The same worlds if no attack comes: deterred, whatever was stationed to that end.

    Parameters
    ----------
    stationing
        As in `Aftermath`; a number holds for every world and guarantor.
    reassurance
        As in `Aftermath`; a number holds for every world.
    """
    each, wide = (worlds.n,), (worlds.n, len(section.guarantors))
    return Aftermath(
        outcome=np.full(each, OUTCOMES.index("deterred")),
        answer=np.zeros(each, dtype=np.int64),
        stood=np.zeros(wide),
        fighting_days=np.zeros(each),
        munitions_spent=np.zeros(each),
        stationing=np.broadcast_to(np.asarray(stationing, dtype=float), wide),
        reassurance=np.broadcast_to(np.asarray(reassurance, dtype=float), each),
    )


def stood(
    section: Ripple,
    members: tuple[str, ...],
    *,
    stands: NDArray[np.bool_] | Floats,
    carried: Floats,
) -> Floats:
    """(W, G) share of each guarantor that was for a full answer, by what its members carry.

    A guarantor none of whose members is among these stood aside.

    Parameters
    ----------
    members
        The n members of the council, by nation.
    stands
        (W, n) who was for a full answer, or how likely each was.
    carried
        (W, n) weight of each member.
    """
    shares = []
    for guarantor in section.guarantors.values():
        weight = carried * np.isin(members, guarantor.members)
        total = weight.sum(axis=1)
        shares.append((weight * stands).sum(axis=1) / np.where(total > 0, total, 1.0))
    return np.stack(shares, axis=1)
