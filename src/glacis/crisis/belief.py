"""Red's belief that the alliance will answer in full, moved act by act from its base rate.

A belief is held in log odds, where evidence adds up: each act adds the logarithm of its likelihood
ratio, discounted because acts of the same governments are not independent. Shares of Red's types
move by the same rule. Source: good-1950.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from glacis.errors import InputError
from glacis.scenario.belief import Belief, Signal, is_day
from glacis.scenario.quantity import Quantity

if TYPE_CHECKING:
    import xarray as xr

    from glacis.scenario.model import Scenario
    from glacis.worlds import Worlds

Floats: TypeAlias = NDArray[np.float64]
Values: TypeAlias = Callable[[Quantity], Floats]
"""A Quantity's value in each world, such as `Worlds.values`; what was not sampled is refused."""


def belief_of(scenario: Scenario) -> Belief:
    """The scenario's register.

    Raises
    ------
    InputError
        If it has none.
    """
    if scenario.belief is None:
        raise InputError(
            f"{scenario.name}: has no section belief; add one (baltic's belief.yaml shows it)"
        )
    return scenario.belief


def belief_in_answer(
    belief: Belief, values: Values, *, until: str | None = None, without: Iterable[str] = ()
) -> Floats:
    """Red's probability of a full answer, one value a world.

    Parameters
    ----------
    belief
        The scenario's section.
    values
        `Worlds.values` of the worlds in question.
    until
        Day (YYYY-MM-DD) of the last acts that count; all do if left out.
    without
        Ids of signals that are taken as not having happened.

    Raises
    ------
    InputError
        If there is no such signal or day, or an uncertain number was not sampled.
    """
    signals = register(belief, moves="will", until=until, without=without)
    return moved(values(belief.base), weight_of(belief, signals.values(), values=values))


def share_insecure(
    belief: Belief,
    values: Values,
    *,
    prior: Floats,
    until: str | None = None,
    without: Iterable[str] = (),
) -> Floats:
    """The share of insecure types in Red, one value a world, after the signals about Red.

    Parameters
    ----------
    prior
        The share before them, one value a world.
    until, without
        As for `belief_in_answer`.

    Raises
    ------
    InputError
        As for `belief_in_answer`.
    """
    signals = register(belief, moves="red", until=until, without=without)
    return moved(prior, weight_of(belief, signals.values(), values=values))


def moved(prior: Floats, weight: Floats | float) -> Floats:
    """A probability after evidence of a weight, in log odds. Certainty stays what it is.

    Source: good-1950.
    """
    with np.errstate(divide="ignore", over="ignore"):
        log_odds = np.log(prior) - np.log1p(-np.asarray(prior)) + weight
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


def weight_of(belief: Belief, signals: Iterable[Signal], *, values: Values) -> Floats | float:
    """What signals add to the log odds, one value a world; 0 if there are none.

    Each counts by its logarithm times the share that the others do not already tell.
    Source: good-1950, elicited.
    """
    logs = [np.log(values(signal.likelihood)) for signal in signals]
    return values(belief.independence) * sum(logs) if logs else 0.0


def register(
    belief: Belief,
    *,
    moves: Literal["will", "red"],
    until: str | None = None,
    without: Iterable[str] = (),
) -> dict[str, Signal]:
    """The signals that count, by id, in the order of their days.

    Raises
    ------
    InputError
        If there is no such signal or day.
    """
    left_out = set(without)
    unknown = sorted(left_out - set(belief.signals))
    if unknown:
        known = ", ".join(belief.signals) or "none"
        raise InputError(f"there is no signal {unknown[0]!r}; choose among: {known}")
    if until is not None and not is_day(until):
        raise InputError(f"{until!r} is no day of the calendar; write it YYYY-MM-DD")
    dated = sorted(belief.signals.items(), key=lambda item: item[1].date)
    return {
        name: signal
        for name, signal in dated
        if signal.moves == moves
        and name not in left_out
        and (until is None or signal.date <= until)
    }


def belief_timeline(
    scenario: Scenario, worlds: Worlds, *, without: Iterable[str] = ()
) -> xr.Dataset:
    """Red's belief in a full answer after each day on which something became known.

    Returns
    -------
    xarray.Dataset
        ``base`` (world), ``belief`` (date, world) after all that is known by that date, and
        ``likelihood`` (signal, world) of the signals about the will, with their ``day``,
        ``name``, and the ends of its range (``low``, ``high``). Attributes say what it was made
        of.

    Raises
    ------
    InputError
        If the scenario has no register or no such signal, or was not sampled.
    """
    import xarray as xr

    belief = belief_of(scenario)
    left_out = tuple(without)
    signals = register(belief, moves="will", without=left_out)
    days = sorted({signal.date for signal in signals.values()})
    courses = [belief_in_answer(belief, worlds.values, until=day, without=left_out) for day in days]
    likelihoods = [worlds.values(signal.likelihood) for signal in signals.values()]
    ranges = [signal.likelihood.support for signal in signals.values()]
    return xr.Dataset(
        {
            "base": ("world", worlds.values(belief.base)),
            "belief": (("date", "world"), _stacked(courses, worlds.n)),
            "likelihood": (("signal", "world"), _stacked(likelihoods, worlds.n)),
        },
        coords={
            "world": worlds.indices,
            "date": _dates(days),
            "signal": np.array(list(signals), dtype=np.str_),
            "day": ("signal", _dates(signal.date for signal in signals.values())),
            "name": ("signal", np.array([one.name for one in signals.values()], dtype=np.str_)),
            "low": ("signal", np.array([low for low, _ in ranges], dtype=np.float64)),
            "high": ("signal", np.array([high for _, high in ranges], dtype=np.float64)),
        },
        attrs=_attributes(scenario, worlds) | {"without": list(left_out)},
    )


def _stacked(rows: list[Floats], n: int) -> Floats:
    """(rows, worlds), also where there is no row."""
    return np.array(rows, dtype=np.float64).reshape(len(rows), n)


def _dates(days: Iterable[str]) -> NDArray[np.datetime64]:
    return np.array(list(days), dtype="datetime64[ns]")


def _attributes(scenario: Scenario, worlds: Worlds) -> dict[str, object]:
    """What a result was made of."""
    from glacis import __version__

    document = scenario.document
    return {
        "glacis": __version__,
        "scenario": document.name,
        "title": scenario.title,
        "scenario_sha256": document.sha256,
        "variants": list(document.variants),
        "overrides": {path: str(value) for path, value in document.overrides},
        "seed": worlds.seed,
        "worlds": worlds.n,
    }
