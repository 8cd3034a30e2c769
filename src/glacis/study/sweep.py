"""A comparison under several variants of a scenario, over the same worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.errors import InputError
from glacis.executor import Runner
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.study.compare import Comparison, compare, half_width

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

AS_WRITTEN = ""
"""The scenario without any variant."""
JOINED = "+"

__all__ = ["AS_WRITTEN", "Sweep", "sweep"]


@dataclass(frozen=True)
class Sweep:
    """Comparisons of the same postures under several variants.

    A world has the same assumptions in all of them, but for what a variant changes.
    """

    studies: dict[str, Comparison]
    """By variant, or several joined by ``+``; the empty one is the scenario as given."""
    variants: tuple[str, ...]
    """Of the scenario as given."""
    overrides: Mapping[str, Any]
    """The same."""

    def summary(self) -> pd.DataFrame:
        """A row for each variant, posture and figure, as `Comparison.summary` gives them."""
        import pandas as pd

        return pd.concat(
            {name: one.summary() for name, one in self.studies.items()}, names=["variant"]
        )

    def to_dataset(self) -> xr.Dataset:
        """One dataset, with the dimension ``variant`` before those of a comparison.

        Objectives, ports and munitions that not all variants have are NaN in the others.
        """
        import xarray as xr

        names = list(self.studies)
        parts = [one.dataset for one in self.studies.values()]
        joined = xr.concat(parts, dim="variant", join="outer", combine_attrs="drop_conflicts")
        return joined.assign_coords(variant=names)

    def to_record(self) -> dict[str, Any]:
        """The result as plain data."""
        first = next(iter(self.studies.values()))
        method = {"command": "compare", "sweep": list(self.studies), "postures": first.postures}
        studies = {name: one.to_record() for name, one in self.studies.items()}
        head = {
            name: value
            for name, value in first.dataset.attrs.items()
            if name not in ("variants", "overrides")
        }
        under = {"variants": list(self.variants), "overrides": dict(self.overrides)}
        return {"schema": 1, **head, **under, "method": method, "sweep": studies}

    def p_attack(self, variant: str, posture: str) -> tuple[float, float]:
        """Mean and half width of its 95 % interval."""
        values = self.studies[variant].values("p_attack", posture)
        return float(np.mean(values)), half_width(values)


def sweep(
    scenario: Scenario | str,
    variants: Sequence[str],
    postures: Sequence[str] | None = None,
    *,
    worlds: int = 2_000,
    seed: int = 1,
    runner: Runner | None = None,
) -> Sweep:
    """The same comparison under each of several variants.

    Parameters
    ----------
    variants
        Names, or several joined by ``+`` and applied in turn; empty for the scenario as written.

    Raises
    ------
    InputError
        If none is given, there is no such variant or posture, or a number is out of range.
    Cancelled
        If the runner's cancel event is set.
    """
    if isinstance(scenario, str):
        scenario = read_scenario(scenario)
    names = list(dict.fromkeys(variants))
    if not names:
        raise InputError("give at least one variant to sweep over; `glacis check` counts them")
    under = {
        name: scenario.variant(*name.split(JOINED)) if name != AS_WRITTEN else scenario
        for name in names
    }
    runner = runner or Runner()
    return Sweep(
        {
            name: compare(
                one, postures, worlds=worlds, seed=seed, runner=runner.part(number, len(names))
            )
            for number, (name, one) in enumerate(under.items())
        },
        scenario.document.variants,
        dict(scenario.document.overrides),
    )
