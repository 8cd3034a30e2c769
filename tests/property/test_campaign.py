"""What must hold of any war: more defence never hurts it, order and names mean nothing.

Each property compares two campaigns over the same worlds and the same luck. A median may move
against the property by chance where a small change meets a threshold, so it is held to within
a sampling error of the paired difference.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glacis.campaign.run import run_campaign
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

RUNS = 400
NEVER = 24.0 * 31
ROUTE = ["bordun-stonebridge", "stonebridge-fenwick", "fenwick-merrowport"]
BLUE_PLACES = ["stonebridge", "fenwick", "merrowport", "hollin"]
slow = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def merrow() -> Scenario:
    """The template's scenario."""
    return read_scenario("template")


def hours(scenario: Scenario) -> np.ndarray:
    """Hours to the capital in each world, `NEVER` where it was not reached."""
    campaign = run_campaign(scenario, "bare", runs=RUNS, response="none", seed=11)
    return np.minimum(campaign.hours_to("merrowport"), NEVER)


@pytest.fixture(scope="module")
def before(merrow: Scenario) -> np.ndarray:
    """Hours to the capital as the template has it."""
    return hours(merrow)


def assert_not_shorter(before: np.ndarray, after: np.ndarray) -> None:
    """The median is not shorter, beyond two standard errors of the paired difference."""
    error = 2 * (after - before).std() / np.sqrt(len(before))
    assert np.median(after) >= np.median(before) - error
    assert after.mean() >= before.mean() - error


def battalion(place: str, kind: str) -> dict[str, object]:
    """A fully ready Blue battalion."""
    numbers = {"people": 600, "strength": 1, "notice_hours": 0}
    return {"nation": "MER", "type": kind, "start": place, **numbers}


@slow
@given(
    place=st.sampled_from(BLUE_PLACES),
    kind=st.sampled_from(["armour", "mechanised", "light", "territorial"]),
)
def test_a_blue_battalion_more_never_shortens_it(
    merrow: Scenario, before: np.ndarray, place: str, kind: str
) -> None:
    more = merrow.replace({"forces.blue.extra": battalion(place, kind)})
    assert_not_shorter(before, hours(more))


@slow
@given(leg=st.sampled_from(ROUTE), km=st.floats(0.5, 10))
def test_a_fortified_leg_never_shortens_it(
    merrow: Scenario, before: np.ndarray, leg: str, km: float
) -> None:
    more = merrow.replace({f"theatre.legs.{leg}.fortified_km": km})
    assert_not_shorter(before, hours(more))


@slow
@given(leg=st.sampled_from(ROUTE), delay=st.floats(12, 72))
def test_a_demolition_never_shortens_it(
    merrow: Scenario, before: np.ndarray, leg: str, delay: float
) -> None:
    more = merrow.replace({f"theatre.legs.{leg}.demolition_hours": delay})
    assert_not_shorter(before, hours(more))


@settings(slow, max_examples=4)
@given(days=st.floats(8, 20))
def test_warning_never_shortens_it(merrow: Scenario, before: np.ndarray, days: float) -> None:
    assert_not_shorter(before, hours(merrow.replace({"campaign.warning.days": days})))


@slow
@given(
    kind=st.sampled_from(["armour", "mechanised", "light"]),
    strength=st.floats(0.2, 1.0),
    notice=st.sampled_from([0, 24]),
)
def test_red_force_more_never_delays_its_lead(
    merrow: Scenario, before: np.ndarray, kind: str, strength: float, notice: int
) -> None:
    numbers = {"people": 500, "strength": strength, "notice_hours": notice}
    extra = {"nation": "KAR", "type": kind, "parent": "karst-1", "start": "bordun", **numbers}
    after = hours(merrow.replace({"forces.red.extra": extra}))
    assert_not_shorter(after, before)


def test_the_order_of_formations_means_nothing(merrow: Scenario, before: np.ndarray) -> None:
    blue = dict(reversed(merrow.forces.blue.items()))
    red = dict(reversed(merrow.forces.red.items()))
    shuffled = merrow.model_copy(
        update={"forces": merrow.forces.model_copy(update={"blue": blue, "red": red})}
    )
    from glacis.campaign.compile import compile_option
    from glacis.campaign.run import draw_worlds, run_chunk

    worlds = draw_worlds(merrow, 100, 11)
    one, other = (
        run_chunk(compile_option(scenario, "assault"), worlds, reinforced=True)
        for scenario in (merrow, shuffled)
    )
    assert one.reached.tobytes() == other.reached.tobytes()
    assert one.casualties.tobytes() == other.casualties.tobytes()


def test_the_order_of_postures_means_nothing(merrow: Scenario) -> None:
    names = list(merrow.postures)
    forward = {name: run_campaign(merrow, name, runs=50).to_record() for name in names}
    backward = {name: run_campaign(merrow, name, runs=50).to_record() for name in reversed(names)}
    assert forward == backward


def test_plain_python_gives_the_same_war() -> None:
    """The kernels' source run as plain Python gives the compiled kernels' results."""
    import os
    import subprocess
    import sys

    code = (
        "from glacis.scenario.read import read_scenario\n"
        "from glacis.campaign.run import run_campaign\n"
        "c = run_campaign(read_scenario('template'), 'bare', runs=3, seed=5)\n"
        "print(c.dataset['reached'].to_numpy().round(6).tolist())\n"
        "print(c.losses('blue').round(6).tolist())"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"NUMBA_DISABLE_JIT": flag},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for flag in ("0", "1")
    ]
    assert outputs[0] == outputs[1]
