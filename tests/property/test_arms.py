"""What must hold of the arms, world by world, with the same assumptions and the same luck.

More means of one kind never make what they are for worse. Where a change may turn the rest of the
war (and with it what is counted), it is held in the worlds' mean within a sampling error.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glacis.campaign.run import run_campaign
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

RUNS = 120
few = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    """The bundled scenario, with every arm, and with the ground war out of the way at sea."""
    return read_scenario("baltic")


def quiet_ashore(scenario: Scenario) -> Scenario:
    """Nobody lands or attacks, so that ports stay Blue's and only the sea decides."""
    return scenario.replace({"forces.red.*.strength": 0, "forces.red.sea-*.strength": 1})


def mined_days(scenario: Scenario) -> np.ndarray:
    """Days that each port was closed by mines, in each world."""
    war = run_campaign(scenario, "tripwire", runs=RUNS, seed=5, days=60)
    return np.asarray(war.dataset["mined_days"])


@few
@given(more=st.integers(1, 20))
def test_more_minehunters_never_open_a_port_later(baltic: Scenario, more: int) -> None:
    calm = quiet_ashore(baltic)
    before = mined_days(calm)
    assert before.max() > 10  # or there would be nothing to see
    after = mined_days(calm.replace({"systems.minehunter.ships": 1 + more}))
    assert (after <= before).all()
    assert (after < before).any()


@few
@given(share=st.floats(0.1, 0.9))
def test_more_intercept_never_loses_more_bases(baltic: Scenario, share: float) -> None:
    def hit(intercept: float) -> tuple[np.ndarray, np.ndarray]:
        changed = baltic.replace(
            {"campaign.fires.intercept": intercept, "campaign.without": ["air", "arsenals"]}
        )
        war = run_campaign(changed, "forward", runs=RUNS, seed=5, response="none", days=15)
        return war.values("missiles_arrived"), war.values("bases_closed_days")

    worse, better = hit(share), hit(min(1.0, share + 0.1))
    assert (better[0] <= worse[0] + 1e-9).all()
    assert (better[1] <= worse[1]).all()
    assert better[0].mean() < worse[0].mean()


@pytest.mark.parametrize("name", ["interceptors", "air-weapons", "stinger"])
def test_more_stock_never_ends_a_class_sooner(baltic: Scenario, name: str) -> None:
    def ran_out(factor: float) -> np.ndarray:
        stock = baltic.arsenals.blue[name].stock.value * factor
        changed = baltic.replace({f"arsenals.blue.{name}.stock": stock})
        war = run_campaign(changed, "tripwire", runs=RUNS, seed=5, days=120)
        return np.asarray(war.dataset["run_out"].sel(munitions=f"blue {name}"))

    little, much = ran_out(0.2), ran_out(0.4)
    assert (much >= little).all()
    assert np.isfinite(little).any()


def test_a_wider_corridor_brings_more(baltic: Scenario) -> None:
    def arrived(lanes: float) -> np.ndarray:
        changed = baltic.replace(
            {
                "theatre.legs.marijampole-suwalki.lanes": lanes,
                "theatre.legs.marijampole-suwalki.trains": 0,
                "theatre.legs.alytus-suwalki.lanes": lanes,
            }
        )
        # Not `forward`, which builds more of both.
        war = run_campaign(changed, "brigades", runs=RUNS, seed=5)
        return np.asarray((war.dataset["arrival"] <= 24 * 15).sum("formation"))

    narrow, wide = arrived(0.02), arrived(2)
    gain = wide.astype(float) - narrow
    assert gain.mean() > 2 * gain.std() / np.sqrt(RUNS) > 0


def test_worlds_do_not_depend_on_those_before_them(baltic: Scenario) -> None:
    from glacis.campaign.compile import compile_option
    from glacis.campaign.run import draw_worlds, run_chunk

    compiled = compile_option(baltic.posture("forward"), "assault", days=90)
    worlds = draw_worlds(baltic, 12, 3)
    together = run_chunk(compiled, worlds, reinforced=True)
    for number in (0, 5, 11):
        alone = run_chunk(compiled, worlds.chunk(number, number + 1), reinforced=True)
        for name, one, all_of_them in zip(alone._fields, alone, together, strict=True):
            same = one[0].tobytes() == all_of_them[number].tobytes()
            assert same, f"{name} of world {number}"


def test_forces_of_a_nation_that_stays_out_bring_nothing(baltic: Scenario) -> None:
    """The northern route is there only if Finland and Sweden are in."""
    from glacis.campaign.compile import compile_option

    inside = baltic.variant("nordic-entry")
    lanes = [
        compile_option(one.posture("tripwire"), "assault").reach.lanes for one in (baltic, inside)
    ]
    assert (lanes[1] >= 0).sum() > (lanes[0] >= 0).sum()


def test_what_is_never_found_is_never_destroyed(baltic: Scenario) -> None:
    def kills(unfound: float) -> np.ndarray:
        changed = baltic.replace({"campaign.air.unfound": unfound})
        return run_campaign(changed, "forward", runs=RUNS, seed=5).values("air_kills_blue")

    assert kills(0.05).min() > 0.0
    assert kills(1.0).max() == 0.0
