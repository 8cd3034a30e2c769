"""The log of one run: where everyone stood, what they were worth, who held what, step by step.

The JSON of ``glacis campaign --replay FILE`` is `Replay.to_record`, described in
``docs/reference/replay.md``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np

from glacis.campaign.filming import Case, Run, film_run
from glacis.campaign.inventory import arms_of
from glacis.campaign.lift import REASONS
from glacis.campaign.record import SIDES, Campaign
from glacis.campaign.replay_record import log_record
from glacis.campaign.run import Attack, run_campaign
from glacis.campaign.state import BLUE, DESTROYED, RED
from glacis.campaign.story import Event, tell
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.model import Scenario

if TYPE_CHECKING:
    import xarray as xr

Choice = Literal["median", "worst-tenth"]
CHOICES: dict[Choice, float] = {"median": 0.5, "worst-tenth": 0.1}
"""Where a chosen run stands among all when the worst comes first."""

STATUSES = ("waiting", "moving", "in place", "spent", "destroyed")
"""Words for a formation's status, by the engine's number."""

STAGES = ("none", "ordered", "launched", "halted", "called off")
"""Words for the stage of Blue's counter-offensive, by the engine's number."""


@dataclass(frozen=True)
class Replay:
    """One run in full.

    Attributes
    ----------
    scenario
        With its posture applied.
    dataset
        Dimensions ``hour``, ``formation``, ``place``, ``belligerent`` (blue, red) and
        ``munitions`` (classes). ``at`` is the id of the place or leg where a formation is,
        ``km`` how far from the leg's start. What an arm gives is there if the scenario has
        that arm. Attributes hold version, scenario, its hash, posture, option, response,
        arms fought with, variants, overrides, days, seed, world, and how the world was chosen.
    events
        What happened, in order.
    """

    scenario: Scenario
    dataset: xr.Dataset
    events: tuple[Event, ...]

    @property
    def hours(self) -> Floats:
        """The hours of the frames: H-hour, then the end of every step."""
        return np.asarray(self.dataset["hour"].to_numpy())

    def losses(self, side: str, kind: str = "casualties") -> Floats:
        """People of one side killed and wounded (``casualties``) or ``captured`` by each hour."""
        chosen = self.dataset[kind].where(self.dataset["side"] == side, 0.0)
        return np.asarray(chosen.sum("formation"))

    def to_dataset(self) -> xr.Dataset:
        """The dataset itself."""
        return self.dataset

    def to_record(self) -> dict[str, Any]:
        """The log as stable plain data; tracks and control hold changes only."""
        return log_record(self)

    def to_json(self) -> str:
        """The log as compact JSON: the same run gives the same text."""
        record = self.to_record()
        return json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def replay(
    scenario: Scenario,
    posture: str | None = None,
    *,
    world: int | Choice = "median",
    runs: int = 2_000,
    seed: int = 1,
    runner: Runner | None = None,
    **attack: Unpack[Attack],
) -> Replay:
    """The log of one run of `run_campaign`.

    Parameters
    ----------
    scenario, posture, runs, seed, runner
        As for `run_campaign`.
    world
        Number of the world, counted from 0; or the run that is the ``median`` of the study,
        or begins its ``worst-tenth``, by the hours to the first group of objectives.
    attack
        Option, response and days, as for `run_campaign`.

    Raises
    ------
    InputError
        If there is no such posture, option or world, or a number is out of range.
    """
    if isinstance(world, int):
        if world < 0:
            raise InputError(f"world must be 0 or more (got {world}); give a world's number")
        runs = 1  # a study of one world checks and names everything
    campaign = run_campaign(scenario, posture, runs=runs, seed=seed, runner=runner, **attack)
    announce = runner.announce if runner is not None else None
    return replay_of(campaign, scenario, world=world, announce=announce)


def replay_of(
    campaign: Campaign,
    scenario: Scenario,
    *,
    world: int | Choice = "median",
    announce: Callable[[str], None] | None = None,
) -> Replay:
    """The log of one run of a study already made, from the scenario it was made of."""
    number = world if isinstance(world, int) else choose_world(campaign, world)
    attrs = campaign.origin
    kept = {name: attrs[name] for name in ("posture", "option", "response", "days", "seed")}
    run = film_run(scenario, Case(**kept, world=number), announce=announce)
    dataset = _dataset(run)
    head = {key: value for key, value in attrs.items() if key != "worlds"}
    dataset.attrs = head | {"world": number}
    if isinstance(world, str):
        dataset.attrs |= {"chosen": world, "of_worlds": attrs["worlds"]}
    return Replay(run.compiled.scenario, dataset, tell(run))


def choose_world(campaign: Campaign, choice: Choice) -> int:
    """Number of the run at the middle of a study, or at the end of its worst tenth.

    The sooner Red reaches the first group of objectives, the worse; among runs alike in
    that (where it never does), the more people live on lost ground, the worse.
    """
    if choice not in CHOICES:
        raise InputError(f"no run called {choice!r}; use a number, {' or '.join(CHOICES)}")
    hours = severity_hours(campaign)
    order = np.lexsort((np.arange(len(hours)), -campaign.values("people_lost"), hours))
    return int(order[int(CHOICES[choice] * (len(order) - 1))])


def severity_hours(campaign: Campaign) -> Floats:
    """Hours to the first of a limited grab's objectives, or of the scenario's first group."""
    option = campaign.scenario.options[campaign.option]
    objectives = campaign.scenario.objectives
    places = next(iter(objectives.groups.values()), objectives.places)
    if option.kind == "limited":
        places = option.objectives
    return campaign.first_of(places)


def _dataset(run: Run) -> xr.Dataset:
    import xarray as xr

    members, network = run.compiled.members, run.compiled.network
    film, by_force, by_place = run.film, ("hour", "formation"), ("hour", "place")
    contact = film.places["contact"] == 1
    people = run.draws.forces["people"][0]
    dead, taken = _people_lost(run)
    return xr.Dataset(
        {
            **{name: (by_force, values) for name, values in _positions(run).items()},
            "strength": (by_force, film.forces["strength"], {"units": "share of full strength"}),
            "status": (by_force, film.forces["status"], {"meanings": list(STATUSES)}),
            "casualties": (by_force, dead, {"units": "people"}),
            "captured": (by_force, taken, {"units": "people"}),
            "holder": (by_place, film.places["holder"]),
            "contact": (by_place, contact),
            "odds": (by_place, np.where(contact, film.places["odds"], np.nan)),
            "reached": ("place", run.record.reached[0], {"units": "h"}),
            "falls": ("place", run.record.falls[0], {"units": "h"}),
            **_arms(run),
        },
        coords={
            "hour": ("hour", film.hour, {"units": "h"}),
            "formation": [member.id for member in members],
            "place": network.places,
            "side": ("formation", [SIDES[member.side] for member in members]),
            "nation": ("formation", [member.formation.nation for member in members]),
            "type": ("formation", [member.formation.type for member in members]),
            "people": ("formation", people, {"units": "people"}),
            "belligerent": [SIDES[BLUE], SIDES[RED]],
            **_class_names(run),
        },
    )


def _arms(run: Run) -> dict[str, Any]:
    """What the arms that are fought with did, hour by hour; the film holds 0 for the others."""
    has, scene, places = arms_of(run.compiled.scenario), run.film.scene, run.film.places
    by_side, by_place = ("hour", "belligerent"), ("hour", "place")
    sent = np.array([member.reinforces for member in run.compiled.members])
    found: dict[str, Any] = {
        "kept": (
            ("hour", "formation"),
            np.where(sent, run.film.forces["stuck"], -1),
            {"meanings": list(REASONS)},
        )
    }
    if "air" in has:
        found |= {
            "air_control": (by_side, scene["control"], {"units": "share of sorties"}),
            "air_defence": (by_side, scene["sam"], {"units": "share not suppressed"}),
            "aircraft": (by_side, scene["aircraft"], {"units": "aircraft"}),
            "air_kills": (by_side, scene["kills"], {"units": "battalions/day"}),
        }
    if has & {"air", "fires", "arsenals"}:
        found["support"] = (by_side, scene["support"], {"units": "factor on the odds"})
    if "fires" in has:
        found["damage"] = (by_place, places["damage"], {"units": "share out of use"})
    if "sea" in has:
        found["mines"] = (by_place, places["mines"], {"units": "mines"})
        found["swept"] = (by_place, places["swept"] == 1)
    if run.compiled.scenario.objectives.corridor:
        found["corridor_passed"] = ("hour", scene["corridor_passed"], {"units": "battalions"})
    if "arsenals" in has:
        found["rounds"] = (("hour", "munitions"), run.film.stocks, {"units": "rounds"})
    if "counter" in has:
        found["offensive"] = ("hour", scene["offensive"], {"meanings": list(STAGES)})
    if "escalation" in has:
        found["nuclear_exposure"] = ("hour", scene["exposure"], {"units": "1"})
    return found


def _class_names(run: Run) -> dict[str, Any]:
    """The coordinates of the classes of munitions, as in a campaign's result; none without any."""
    classes = run.compiled.inventory.classes
    if not classes or "arsenals" not in arms_of(run.compiled.scenario):
        return {}
    return {
        "munitions": [f"{SIDES[side]} {name}" for side, name, _ in classes],
        "munitions_side": ("munitions", [SIDES[side] for side, _, _ in classes]),
        "munitions_class": ("munitions", [name for _, name, _ in classes]),
    }


def _positions(run: Run) -> dict[str, Any]:
    """Place or leg of every formation in every frame, and where that is on the map."""
    network, theatre = run.compiled.network, run.compiled.scenario.theatre
    road, node = run.film.forces["road"], run.film.forces["node"]
    is_on_road, leg = road >= 0, road // 2
    length = run.draws.roads["km"][0][road]
    left = run.film.forces["left"].astype(np.float64)
    km = np.where(road % 2 == 0, length - left, left)
    share = np.clip(km / np.maximum(length, 1e-9), 0.0, 1.0)
    found: dict[str, Any] = {
        "at": np.where(is_on_road, np.array(network.legs)[leg], np.array(network.places)[node]),
        "km": np.where(is_on_road, km, np.nan),
    }
    for name in ("lat", "lon"):
        at = np.array([getattr(theatre.places[v], name).value for v in network.places])
        start, end = at[network.ends[leg, 0]], at[network.ends[leg, 1]]
        found[name] = np.where(is_on_road, start + share * (end - start), at[node])
    return found


def _people_lost(run: Run) -> tuple[Floats, Floats]:
    """Killed and wounded, and captured, of every formation; as `control.close_books` counts."""
    whole, people = run.draws.forces["whole"][0], run.draws.forces["people"][0]
    strength = run.film.forces["strength"].astype(np.float64)
    rest = np.where(run.film.forces["status"] == DESTROYED, people * strength, 0.0)
    captured = rest * float(run.draws.worlds["losses"]["captured"][0])
    # The film holds single precision: a whole force may seem to have lost a hair less than nothing.
    return people * np.maximum(whole - strength, 0.0) + rest - captured, captured
