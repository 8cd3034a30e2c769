"""The result of a campaign study: a frozen record around one xarray Dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.campaign.compile import Compiled
from glacis.campaign.inventory import arms_of
from glacis.campaign.joint_record import arms_figures
from glacis.campaign.lift import REASONS
from glacis.campaign.results import SUMMARY_UNITS, Record
from glacis.campaign.state import ARMS, BLUE, RED
from glacis.campaign.statistics import Statistics, conditional, statistics
from glacis.kernels import Floats
from glacis.scenario.model import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SIDES = {BLUE: "blue", RED: "red"}
FATES = ("destroyed", "withdrawn", "intact")


@dataclass(frozen=True)
class Campaign:
    """What happened on the ground in every world, under one posture, option and answer.

    Attributes
    ----------
    dataset
        Dimensions ``world``, ``place``, ``group`` (of losses) and ``fate``; attributes
        hold version, scenario, its hash, posture, option, response, variants, overrides
        and seed. Hours are infinite where a thing did not happen.
    """

    scenario: Scenario
    dataset: xr.Dataset

    @classmethod
    def from_record(
        cls, compiled: Compiled, record: Record, *, posture: str, response: str, seed: int
    ) -> Campaign:
        """The campaign of a study's record."""
        dataset = _dataset(compiled, record)
        document = compiled.scenario.document
        from glacis import __version__

        dataset.attrs = {
            "glacis": __version__,
            "scenario": document.name,
            "scenario_sha256": document.sha256,
            "variants": list(document.variants),
            "overrides": {path: str(value) for path, value in document.overrides},
            "posture": posture,
            "option": compiled.option,
            "response": response,
            "arms": [arm for arm in ARMS if arm in arms_of(compiled.scenario)],
            "days": compiled.days,
            "seed": seed,
            "worlds": int(dataset.sizes["world"]),
        }
        return cls(compiled.scenario, dataset)

    def hours_to(self, name: str, measure: str = "reached") -> Floats:
        """Hours after H-hour at which a place, or the first of a group, is reached or falls."""
        groups = self.scenario.objectives.groups
        places = list(groups.get(name, (name,)))
        return np.asarray(self.dataset[measure].sel(place=places).min("place"), dtype=np.float64)

    def since_crossing(self, name: str, measure: str = "reached") -> Floats:
        """The same, from the first crossing of the border."""
        return np.asarray(self.hours_to(name, measure) - self.values("first_crossing"))

    @property
    def objectives(self) -> list[str]:
        """The places and groups whose fate is reported."""
        return [*self.scenario.objectives.places, *self.scenario.objectives.groups]

    def falls(self, name: str) -> Floats:
        """1 where a place, or any of a group (``any``: of all objectives), fell."""
        if name == "any":
            option = self.scenario.options[self.dataset.attrs["option"]]
            names = sorted({*self.scenario.objectives.places, *option.objectives})
            hours = np.asarray(self.dataset["falls"].sel(place=names).min("place"))
        else:
            hours = self.hours_to(name, "falls")
        return np.where(np.isfinite(hours), 1.0, 0.0)

    def retaken(self) -> Floats:
        """1 where every objective that fell is Blue's again at the end; NaN where none fell."""
        option = self.scenario.options[self.dataset.attrs["option"]]
        places = sorted({*self.scenario.objectives.places, *option.objectives})
        fell = np.isfinite(self.dataset["falls"].sel(place=places).to_numpy())
        lost = self.dataset["holder"].sel(place=places).to_numpy() == RED
        back = ~(fell & lost).any(axis=1)
        return np.where(fell.any(axis=1), back.astype(np.float64), np.nan)

    def losses(self, side: str, kind: str = "casualties") -> Floats:
        """People of one side killed and wounded (``casualties``) or ``captured``, by world."""
        chosen = self.dataset[kind].where(self.dataset["side"] == side, 0.0)
        return np.asarray(chosen.sum("group"), dtype=np.float64)

    def forward_share(self, fate: str) -> Floats:
        """Share of the guarantors' forward force ``destroyed``, ``withdrawn`` or ``intact``."""
        people = {name: self.values(f"forward_{name}") for name in FATES}
        total = sum(people.values(), np.zeros(len(people[fate])))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, people[fate] / total, np.nan)

    def values(self, name: str) -> Floats:
        """One variable of the dataset, by world."""
        return np.asarray(self.dataset[name].to_numpy(), dtype=np.float64)

    def to_dataset(self) -> xr.Dataset:
        """The dataset itself."""
        return self.dataset

    def to_record(self) -> dict[str, Any]:
        """The result as the stable JSON of ``glacis campaign``."""
        attrs = self.dataset.attrs
        head = {
            "schema": 1,
            **{
                key: attrs[key]
                for key in (
                    "glacis",
                    "scenario",
                    "scenario_sha256",
                    "variants",
                    "overrides",
                    "seed",
                    "worlds",
                    "posture",
                    "option",
                    "response",
                    "arms",
                    "days",
                )
            },
        }
        return head | self.figures()

    def figures(self) -> dict[str, Any]:
        """The measures of the record, each as statistics over worlds."""
        option = self.scenario.options[self.dataset.attrs["option"]]
        extra = [place for place in option.objectives if place not in self.objectives]
        names = [*self.objectives, *extra]
        return {
            "hours_to": {name: conditional(self.hours_to(name)) for name in names},
            "hours_to_fall": {name: conditional(self.hours_to(name, "falls")) for name in names},
            "first_crossing_hours": statistics(self.values("first_crossing")),
            f"p_falls_if_{option.kind}": {
                name: statistics(self.falls(name)) for name in [*names, "any"]
            },
            "retaken": statistics(self.retaken()),
            "forward_force_destroyed_share": statistics(self.forward_share("destroyed")),
            "forward_force_withdrawn_share": statistics(self.forward_share("withdrawn")),
            "blue_casualties": statistics(self.losses("blue")),
            "blue_captured": statistics(self.losses("blue", "captured")),
            "red_casualties": statistics(self.losses("red")),
            "red_captured": statistics(self.losses("red", "captured")),
            "civilian_casualties": statistics(self.values("civilians")),
            "people_on_lost_ground_share": statistics(self.values("people_lost")),
            "reinforcing_battalions_moved": statistics(self.values("called")),
            "reinforcing_battalions_in_place": statistics(self.values("in_place")),
            **arms_figures(self),
        }

    def summary(self) -> pd.DataFrame:
        """The measures as a table: one row a measure, columns mean, p05, p50, p95, share."""
        import pandas as pd

        rows: dict[str, Statistics] = {}
        for name, value in self.figures().items():
            if not value or "mean" in value:
                rows[name] = value
            else:
                rows |= {f"{name}.{key}": record for key, record in value.items()}
        return pd.DataFrame.from_dict(rows, orient="index")


def _dataset(compiled: Compiled, record: Record) -> xr.Dataset:
    import xarray as xr

    sides, nations, types = zip(*compiled.groups, strict=True) if compiled.groups else ((), (), ())
    by_place, by_group = ("world", "place"), ("world", "group")
    summary = record.summary
    people = {"units": "people"}
    return xr.Dataset(
        {
            "reached": (by_place, record.reached, {"units": "h"}),
            "falls": (by_place, record.falls, {"units": "h"}),
            "holder": (by_place, record.holder),
            "casualties": (by_group, record.casualties, people),
            "captured": (by_group, record.captured, people),
            **{
                name: ("world", summary[name], {"units": unit})
                for name, unit in SUMMARY_UNITS.items()
            },
            "arrival": (("world", "formation"), record.arrival, {"units": "h"}),
            "stuck": (("world", "formation"), record.stuck, {"meanings": list(REASONS)}),
            "stuck_at": (("world", "formation"), record.stuck_at),
            "mined_days": (("world", "port"), record.mined_days, {"units": "days"}),
            "run_out": (("world", "munitions"), record.run_out, {"units": "h"}),
        },
        coords={
            "place": compiled.network.places,
            "group": [f"{SIDES[side]} {nation} {kind}" for side, nation, kind in compiled.groups],
            "side": ("group", [SIDES[side] for side in sides]),
            "nation": ("group", list(nations)),
            "type": ("group", list(types)),
            "formation": [member.id for member in compiled.arrivals],
            "port": [compiled.network.places[v] for v in compiled.reach.ports],
            "munitions": [f"{SIDES[side]} {name}" for side, name, _ in compiled.inventory.classes],
        },
    )
