"""The log of one run as plain data: the JSON that ``docs/reference/replay.md`` describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.campaign.state import BLUE, RED

if TYPE_CHECKING:
    import xarray as xr

    from glacis.campaign.replay import Replay
    from glacis.scenario.systems import Stock

COLUMNS = ("frame", "at", "km", "lat", "lon", "strength", "status")
"""What each entry of a formation's track holds."""

#: Key in the log, variable, and decimals of what each side has a course of.
COURSES = (
    ("control", "air_control", 3),
    ("air_defence", "air_defence", 3),
    ("aircraft", "aircraft", 1),
    ("kills", "air_kills", 3),
    ("support", "support", 3),
)


def log_record(log: Replay) -> dict[str, Any]:
    """The log as stable plain data; tracks, control and the arms' courses hold changes only."""
    record = {
        "schema": 1,
        **log.dataset.attrs,
        "hours": [round(float(hour), 2) for hour in log.hours],
        "statuses": list(log.dataset["status"].attrs["meanings"]),
        "track_columns": list(COLUMNS),
        "places": {name: _place_record(log, name) for name in _places(log)},
        "formations": {name: _formation_record(log, name) for name in _formations(log)},
        "control": {name: _control(log, name) for name in _places(log)},
        "contacts": _contacts(log),
        "casualties": {
            side: [round(float(people), 1) for people in log.losses(side)]
            for side in ("blue", "red")
        },
    }
    joint = joint_record(log)
    if joint:
        record["joint"] = joint
    return record | {"events": [event.record() for event in log.events]}


def joint_record(log: Replay) -> dict[str, Any]:
    """What the arms did: changes only, and nothing of an arm that is not fought with."""
    dataset = log.dataset
    found: dict[str, Any] = {
        key: {
            str(side): _course(dataset[name].sel(belligerent=side), decimals)
            for side in dataset["belligerent"].to_numpy()
        }
        for key, name, decimals in COURSES
        if name in dataset
    }
    if "damage" in dataset:
        found["damage"] = _where_any(dataset["damage"], 2)
    if "mines" in dataset:
        found["ports"] = {name: _port_course(dataset, name) for name in mined_ports(dataset)}
    if "corridor_passed" in dataset:
        found["corridor"] = _course(dataset["corridor_passed"], 0)
    if "rounds" in dataset:
        found["munitions"] = _munitions(log)
    if "offensive" in dataset:
        words = dataset["offensive"].attrs["meanings"]
        found["offensive"] = _changes([[words[stage]] for stage in dataset["offensive"].to_numpy()])
    if "nuclear_exposure" in dataset:
        found["nuclear_exposure"] = _course(dataset["nuclear_exposure"], 4)
    return found


def mined_ports(dataset: xr.Dataset) -> list[str]:
    """Places whose port was closed by mines at H-hour."""
    closed = ~dataset["swept"].isel(hour=0)
    return [str(name) for name in dataset["place"].to_numpy()[closed.to_numpy()]]


def _course(values: xr.DataArray, decimals: int) -> list[list[Any]]:
    """``[frame, value]`` where a value changes, as far as its decimals show."""
    numbers = np.round(values.to_numpy().astype(np.float64), decimals).tolist()
    return _changes([[number if decimals else round(number)] for number in numbers])


def _where_any(values: xr.DataArray, decimals: int) -> dict[str, list[list[Any]]]:
    """The courses of the places at which there is one."""
    courses = {
        str(name): _course(values.sel(place=name), decimals) for name in values["place"].to_numpy()
    }
    return {name: course for name, course in courses.items() if course != [[0, 0.0]]}


def _port_course(dataset: xr.Dataset, name: str) -> list[list[Any]]:
    """``[frame, mines, open]`` of a port."""
    mines = dataset["mines"].sel(place=name).to_numpy().astype(np.float64)
    is_open = dataset["swept"].sel(place=name).to_numpy()
    return _changes(
        [[round(left, 1), now] for left, now in zip(mines.tolist(), is_open.tolist(), strict=True)]
    )


def _munitions(log: Replay) -> dict[str, dict[str, Any]]:
    """Name and rounds left of each class, by side."""
    found: dict[str, dict[str, Any]] = {"blue": {}, "red": {}}
    for k, side in enumerate(log.dataset["munitions_side"].to_numpy()):
        one = log.dataset["rounds"].isel(munitions=k)
        name = str(one["munitions_class"].item())
        stock: Stock = getattr(log.scenario.arsenals, str(side))[name]
        found[str(side)][name] = {"name": stock.name, "rounds": _course(one, 0)}
    return {side: classes for side, classes in found.items() if classes}


def _places(log: Replay) -> list[str]:
    return [str(name) for name in log.dataset["place"].to_numpy()]


def _formations(log: Replay) -> list[str]:
    return [str(name) for name in log.dataset["formation"].to_numpy()]


def _place_record(log: Replay, name: str) -> dict[str, Any]:
    place, one = log.scenario.theatre.places[name], log.dataset.sel(place=name)
    when = {measure: float(one[measure]) for measure in ("reached", "falls")}
    return {
        "name": place.name,
        "nation": place.nation,
        "lat": place.lat.value,
        "lon": place.lon.value,
        **{key: round(hour, 2) if np.isfinite(hour) else None for key, hour in when.items()},
    }


def _formation_record(log: Replay, name: str) -> dict[str, Any]:
    one = log.dataset.sel(formation=name)
    side = str(one["side"].item())
    formation = getattr(log.scenario.forces, side)[name]
    return {
        "name": formation.name,
        "side": side,
        "nation": formation.nation,
        "type": formation.type,
        "parent": formation.parent,
        "people": round(float(one["people"])),
        "track": _track(one),
    }


def _track(one: xr.Dataset) -> list[list[Any]]:
    """A formation's states, of which each holds until the next."""
    columns = (
        one["at"].to_numpy().tolist(),
        [None if np.isnan(km) else round(km, 1) for km in one["km"].to_numpy().tolist()],
        [round(degrees, 4) for degrees in one["lat"].to_numpy().tolist()],
        [round(degrees, 4) for degrees in one["lon"].to_numpy().tolist()],
        [round(share, 3) for share in one["strength"].to_numpy().tolist()],
        one["status"].to_numpy().tolist(),
    )
    return _changes([list(state) for state in zip(*columns, strict=True)])


def _changes(states: list[list[Any]]) -> list[list[Any]]:
    """``[frame, *state]`` of the first state and of every one that differs from that before."""
    return [
        [frame, *state]
        for frame, state in enumerate(states)
        if frame == 0 or state != states[frame - 1]
    ]


def _control(log: Replay, name: str) -> list[list[Any]]:
    words = {BLUE: "blue", RED: "red"}
    holders = log.dataset["holder"].sel(place=name).to_numpy().tolist()
    return _changes([[words.get(holder, "closed")] for holder in holders])


def _contacts(log: Replay) -> list[list[Any]]:
    """``[frame, place, odds of the attacker]`` of every place fought for, frame by frame."""
    names, odds = _places(log), log.dataset["odds"].to_numpy()
    return [
        [int(t), names[v], round(float(odds[t, v]), 3)] for t, v in np.argwhere(~np.isnan(odds))
    ]
