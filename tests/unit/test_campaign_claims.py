"""The ledger's claims about the war can be read off the record (`claims` proper comes later)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from glacis.campaign.joint_record import arrived_by, axis_power_ratio, launched, nuclear_use
from glacis.campaign.record import Campaign
from glacis.campaign.run import run_campaign
from glacis.campaign.state import RED
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

RUNS = 200


@cache
def scenario(*variants: str) -> Scenario:
    return read_scenario("baltic").variant(*variants)


@cache
def war(posture: str = "tripwire", *variants: str, days: float = 30) -> Campaign:
    return run_campaign(scenario(*variants), posture, runs=RUNS, seed=9, days=days)


def share(test: np.ndarray) -> float:
    """Share of worlds in which a test holds, those left out that cannot tell."""
    return float(np.mean(test))


def test_force_disparity() -> None:
    ratio = axis_power_ratio(war())
    assert np.isfinite(ratio).all()
    assert share(ratio > 3) > 0.9
    assert (axis_power_ratio(war("forward")) < ratio).all()
    assert np.isnan(axis_power_ratio(war("none"))).all()  # there is nobody to face it


def test_overrun_within_sixty_hours() -> None:
    hours = war().hours_to("first_of_tallinn_riga")
    assert 0 < share(hours <= 60) < 1  # never counts as no
    assert share(war("none").hours_to("first_of_tallinn_riga") <= 60) >= share(hours <= 60)


def test_no_retreat() -> None:
    destroyed = war().forward_share("destroyed")
    assert ((destroyed >= 0) & (destroyed <= 1)).all()
    assert share(destroyed >= 0.5) > share(war("forward").forward_share("destroyed") >= 0.5)


def test_retake_is_hard() -> None:
    long = war(days=180)
    fell, back = long.falls("any") == 1, long.values("retaken_hour")
    decision = 24 * scenario().campaign.warning.decision_days.value
    late = (back - decision > 24 * 60) | ~np.isfinite(back)
    assert 0 < share(late[fell]) < 1
    held = war("forward", days=180)
    stood = held.falls("any") == 0
    assert stood.any()
    assert (long.losses("blue")[fell] > 0).all()
    assert (held.losses("blue")[stood] > 0).all()


def test_mines_close_ports() -> None:
    figures = war().dataset
    ports = figures["mined_days"]
    held = figures["holder"].sel(place=ports["port"].to_numpy()).to_numpy() == 0
    closed = ((ports.to_numpy() >= 14) & held).any(axis=1)
    more = war("forward").dataset["mined_days"].to_numpy()
    assert 0 < share(closed) < 1
    assert more.mean() != ports.to_numpy().mean()  # forward brings hunters


def test_use_it_or_lose_it() -> None:
    """Exposure to nuclear use, with dual-capable missiles in Kaliningrad and without them."""
    without = war("tripwire", "no-dual-capable", days=180)
    with_them = war(days=180)
    total = [
        sum(
            one.values(f"exposed_{cause}")
            for cause in ("use_or_lose", "annexed", "collapse", "fighting")
        )
        for one in (with_them, without)
    ]
    chosen = (launched(with_them) == 1) & (launched(without) == 1)
    chance = [float(-np.expm1(-one[chosen]).mean()) for one in total]
    assert chance[0] > chance[1] > 0
    assert (
        without.values("exposed_use_or_lose").mean()
        < with_them.values("exposed_use_or_lose").mean()
    )
    assert set(np.unique(nuclear_use(with_them))) <= {0.0, 1.0}


def test_nordic_entry() -> None:
    inside = war("tripwire", "nordic-entry")
    assert arrived_by(inside, 15).mean() > arrived_by(war(), 15).mean()
    fortified = war("tripwire", "nordic-entry", "kaliningrad-fortified")
    assert (
        fortified.values("exposed_use_or_lose").mean() > inside.values("exposed_use_or_lose").mean()
    )


def test_arsenals_do_not_last() -> None:
    run_out = war(days=180).dataset["run_out"]
    names = ["blue shells-155", "blue guided-rockets", "blue interceptors"]
    out = (run_out.sel(munitions=names) <= 24 * 120).to_numpy()
    assert out.shape == (RUNS, 3)
    assert share(out.sum(axis=1) >= 2) < 1


def test_the_days_that_cohesion_reads() -> None:
    from glacis.campaign.compile import compile_option
    from glacis.campaign.results import new_record
    from glacis.campaign.run import draw_worlds, run_chunk

    compiled = compile_option(scenario().posture("tripwire"), "assault", days=60)
    worlds = draw_worlds(scenario(), 20, 9)
    record = new_record(20, compiled.sizes, days=compiled.day_count)
    run_chunk(compiled, worlds, reinforced=True, record=record)
    days = record.days
    for name in ("blue_casualties", "guarantor_casualties", "red_casualties", "exposure"):
        assert (np.diff(days[name], axis=1) >= -1e-3).all(), name
    assert (days["guarantor_casualties"] <= days["blue_casualties"] + 1e-3).all()
    assert ((days["stocks"] > 0) & (days["stocks"] <= 1)).all()
    assert ((days["people_lost"] >= 0) & (days["people_lost"] <= 1)).all()
    assert days["blue_casualties"][:, -1].max() > 0
    assert days.shape == (20, 61)
    assert np.allclose(days["people_lost"][:, -1], record.summary["people_lost"])
    assert np.allclose(days["civilians"][:, -1], record.summary["civilians"])
    assert np.allclose(days["munitions_spent"][:, -1], record.summary["munitions_spent"])
    assert (np.diff(days["civilians"], axis=1) >= 0).all()
    assert (days["munitions_spent"][:, 0] < 0.05).all()  # the arms have played the first day
    assert (days["munitions_spent"][:, -1] > 0).all()
    assert (days["munitions_spent"] <= 1).all()


def test_who_holds_what_is_kept_day_by_day() -> None:
    from glacis.campaign.compile import compile_option
    from glacis.campaign.results import new_record
    from glacis.campaign.run import draw_worlds, run_chunk

    compiled = compile_option(scenario().posture("tripwire"), "assault", days=12.5)
    worlds = draw_worlds(scenario(), 20, 9)
    record = new_record(20, compiled.sizes, days=compiled.day_count)
    run_chunk(compiled, worlds, reinforced=True, record=record)
    assert record.held.shape == (20, 14, len(compiled.places))
    assert (record.held[:, 0] == compiled.network.holder).all()
    assert (record.held[:, -1] == record.holder).all()
    # Once a place has fallen, a day begins with it in Red's hands, unless it is retaken that day.
    world, place = np.nonzero(np.isfinite(record.falls))
    days = np.ceil(record.falls[world, place] / 24.0).astype(int)
    assert (record.held[world, days, place] == RED).mean() > 0.9
    # Without a daily record none is kept, and all else is the same.
    alone = run_chunk(compiled, worlds, reinforced=True)
    assert alone.held.shape == (20, 0, len(compiled.places))
    assert alone.summary.tobytes() == record.summary.tobytes()


def test_the_last_contact_and_what_the_council_sees_of_civilians() -> None:
    fought = war()
    last, hours = fought.values("last_contact"), fought.values("contact_hours")
    assert ((last > 0) == (hours > 0)).all()
    assert (last <= 24.0 * fought.days).all()
    assert (fought.values("seen_civilians") <= fought.values("civilians")).all()
    assert fought.values("seen_civilians").max() > 0


@pytest.mark.parametrize("posture", ["tripwire", "forward"])
def test_figures_are_plain_and_have_no_nan(posture: str) -> None:
    import json

    text = json.dumps(war(posture, days=180).to_record(), allow_nan=False)
    assert {"counter_offensive", "days_of_munitions", "p_nuclear_use"} <= set(json.loads(text))
