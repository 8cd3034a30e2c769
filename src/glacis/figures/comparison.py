"""The figures of a comparison of postures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from glacis.figures.compared import Compared


@dataclass(frozen=True)
class Plots:
    """The figures of a comparison, by name."""

    study: Compared

    def outcomes(self) -> Figure:
        """How it ends under each posture, and beside it how likely an attack is."""
        from glacis.figures.endings import endings_chart

        return endings_chart(self.study)

    def differences(self) -> Figure:
        """What each posture changes from the first, with intervals.

        Raises
        ------
        InputError
            If there is only one posture.
        """
        from glacis.figures.differences import differences_chart

        return differences_chart(self.study)

    def losses(self) -> Figure:
        """Expected loss by term under each posture.

        Raises
        ------
        InputError
            If the scenario has no prices.
        """
        from glacis.figures.bill import bill_chart

        return bill_chart(self.study)
