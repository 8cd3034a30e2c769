"""The land of each place is what `scripts/areas` reckons, and adds up to the states."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from glacis.scenario.read import read_scenario

SCRIPT = Path(__file__).parents[2] / "scripts" / "areas"
#: Thousands of square kilometres of land, lakes left out, as the states' statistics have them.
LAND = {"EE": 43.4, "LV": 62.2, "LT": 62.7}


def test_areas_are_those_of_the_script() -> None:
    baltic = read_scenario("baltic")
    told = runpy.run_path(str(SCRIPT))["areas"](baltic)
    places = baltic.theatre.places
    written = {name: one.area_km2.value for name, one in places.items() if one.area_km2}
    assert written == told
    for nation, thousands in LAND.items():
        own = sum(area for name, area in told.items() if places[name].nation == nation)
        assert own / 1000 == pytest.approx(thousands, rel=0.05)
