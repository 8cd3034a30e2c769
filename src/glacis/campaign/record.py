"""The result of a campaign study: the record of its worlds, and one xarray Dataset of it.

Measures read the record's arrays. The dataset is built when somebody asks for it: a chunk of a
study of which only measures are wanted never pays for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.compile import Compiled
from glacis.campaign.inventory import arms_of
from glacis.campaign.joint_record import arms_figures
from glacis.campaign.lift import REASONS
from glacis.campaign.results import SUMMARY_UNITS, Record
from glacis.campaign.state import ARMS, BLUE, RED
from glacis.campaign.statistics import Statistics, conditional, statistics
from glacis.kernels import Floats, Ints
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
    compiled
        The option that was fought, of the scenario with the posture applied.
    record
        What was kept of each world, as arrays.
    posture, response, seed
        What it was fought under.
    """

    compiled: Compiled
    record: Record
    posture: str
    response: str
    seed: int

    @property
    def scenario(self) -> Scenario:
        """The scenario, with the posture applied."""
        return self.compiled.scenario

    @property
    def option(self) -> str:
        """Red's option."""
        return self.compiled.option

    @property
    def days(self) -> float:
        """Length of the campaign."""
        return self.compiled.days

    @property
    def worlds(self) -> int:
        """How many worlds it was fought in."""
        return len(self.record.summary)

    @property
    def places(self) -> list[str]:
        """The places, in the order of the record's columns."""
        return self.compiled.network.places

    @property
    def ports(self) -> list[str]:
        """The ports, in the order of the record's columns."""
        return [self.places[v] for v in self.compiled.reach.ports]

    @property
    def munitions(self) -> list[str]:
        """The classes of munitions, in the order of the record's columns."""
        return [f"{SIDES[side]} {name}" for side, name, _ in self.compiled.inventory.classes]

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """The arms that were fought with, in the order of a day."""
        has = arms_of(self.scenario)
        return tuple(arm for arm in ARMS if arm in has)

    @property
    def origin(self) -> dict[str, Any]:
        """Where the result comes from: version, scenario and its hash, what was run, and how."""
        from glacis import __version__

        document = self.scenario.document
        return {
            "glacis": __version__,
            "scenario": document.name,
            "scenario_sha256": document.sha256,
            "variants": list(document.variants),
            "overrides": {path: str(value) for path, value in document.overrides},
            "posture": self.posture,
            "option": self.option,
            "response": self.response,
            "arms": list(self.arms),
            "days": self.days,
            "seed": self.seed,
            "worlds": self.worlds,
        }

    def rows(self, start: int, stop: int) -> Campaign:
        """Some of its worlds, counted from its own first; they share its arrays."""
        return replace(self, record=self.record.rows(start, stop))

    @cached_property
    def dataset(self) -> xr.Dataset:
        """The whole record with named dimensions and coordinates, built when first asked for.

        Dimensions ``world``, ``place``, ``group`` (of losses), ``formation`` (that joins with a
        full answer), ``port`` and ``munitions``; attributes hold `origin`. Hours are infinite
        where a thing did not happen.
        """
        return _dataset(self)

    def first_of(self, places: Iterable[str], measure: str = "reached") -> Floats:
        """Hours after H-hour at which the first of some places is reached or falls."""
        hours: Floats = getattr(self.record, measure)[:, self._columns(places)]
        return hours.min(axis=1)

    def hours_to(self, name: str, measure: str = "reached") -> Floats:
        """Hours after H-hour at which a place, or the first of a group, is reached or falls."""
        return self.first_of(self.scenario.objectives.groups.get(name, (name,)), measure)

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
            hours = self.first_of(self._at_stake, "falls")
        else:
            hours = self.hours_to(name, "falls")
        return np.where(np.isfinite(hours), 1.0, 0.0)

    def retaken(self) -> Floats:
        """1 where every objective that fell is Blue's again at the end; NaN where none fell."""
        columns = self._columns(self._at_stake)
        fell = np.isfinite(self.record.falls[:, columns])
        lost = self.record.holder[:, columns] == RED
        back = ~(fell & lost).any(axis=1)
        return np.where(fell.any(axis=1), back.astype(np.float64), np.nan)

    @cached_property
    def _at_stake(self) -> list[str]:
        """The places of the scenario's objectives and of the option's, in order of their ids."""
        option = self.scenario.options[self.option]
        return sorted({*self.scenario.objectives.places, *option.objectives})

    def _columns(self, places: Iterable[str]) -> Ints:
        index = self.compiled.network.index
        return np.array([index[place] for place in places], dtype=np.int64)

    def losses(self, side: str, kind: str = "casualties") -> Floats:
        """People of one side killed and wounded (``casualties``) or ``captured``, by world."""
        people: Floats = getattr(self.record, kind)
        # All the groups are summed, the other side's as nothing: a sum's last digit hangs on that.
        return np.where(self._group_sides == side, people, 0.0).sum(axis=1)

    @cached_property
    def _group_sides(self) -> NDArray[np.str_]:
        return np.array([SIDES[side] for side, _, _ in self.compiled.groups], dtype=np.str_)

    def forward_share(self, fate: str) -> Floats:
        """Share of the guarantors' forward force ``destroyed``, ``withdrawn`` or ``intact``."""
        people = {name: self.values(f"forward_{name}") for name in FATES}
        total = sum(people.values(), np.zeros(len(people[fate])))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, people[fate] / total, np.nan)

    def values(self, name: str) -> Floats:
        """One variable of the dataset, by world."""
        kept = self.record.summary[name] if name in SUMMARY_UNITS else getattr(self.record, name)
        return np.asarray(kept, dtype=np.float64)

    def to_dataset(self) -> xr.Dataset:
        """The dataset itself."""
        return self.dataset

    def to_record(self) -> dict[str, Any]:
        """The result as the stable JSON of ``glacis campaign``."""
        origin = self.origin
        head = {
            "schema": 1,
            **{
                key: origin[key]
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
        option = self.scenario.options[self.option]
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


def _dataset(campaign: Campaign) -> xr.Dataset:
    import xarray as xr

    compiled, record = campaign.compiled, campaign.record
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
            "place": campaign.places,
            "group": [f"{SIDES[side]} {nation} {kind}" for side, nation, kind in compiled.groups],
            "side": ("group", [SIDES[side] for side in sides]),
            "nation": ("group", list(nations)),
            "type": ("group", list(types)),
            "formation": [member.id for member in compiled.arrivals],
            "port": campaign.ports,
            "munitions": campaign.munitions,
        },
        attrs=campaign.origin,
    )
