"""The interface of the tabs below the page."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

API = "/api/v1"
ASKED = {"state": {"posture": "forward"}, "worlds": 16}


def test_the_tabs_agree_with_the_answer(client: TestClient) -> None:
    answer = client.post(f"{API}/assess", json=ASKED).json()
    game, alliance, ripple = (
        client.post(f"{API}/{part}", json=ASKED).json() for part in ("game", "alliance", "ripple")
    )
    assert {one["worlds"] for one in (game, alliance, ripple)} == {16}
    attack = sum(
        one["expected"] for one in game["tree"]["nodes"] if one["act"] in ("limited", "assault")
    )
    assert attack == pytest.approx(answer["figures"]["p_attack"]["mean"], abs=1e-12)
    assert alliance["options"][0]["response"]["full"] == pytest.approx(
        {name: answer["figures"]["full"][name] for name in ("mean", "p05", "p50", "p95")}
    )
    mean = ripple["second_theatre"]["expected"]["mean"]
    assert mean == pytest.approx(answer["figures"]["p_second_theatre"]["mean"], abs=1e-12)


@pytest.mark.parametrize("part", ["game", "alliance", "ripple"])
@pytest.mark.parametrize(
    "body, said",
    [
        ({"state": {"scenario": "kuwait-1990"}}, "has no alliance"),
        ({"state": {"posture": "nobody"}}, "no posture 'nobody'"),
        ({"worlds": 10**9}, "worlds"),
        ({"state": {"scenario": "../baltic"}}, "no scenario"),
        ({"part": "everything"}, "part"),
    ],
)
def test_what_does_not_fit_is_told(
    client: TestClient, part: str, body: dict[str, Any], said: str
) -> None:
    found = client.post(f"{API}/{part}", json=body)
    assert found.status_code == 422
    assert said in found.json()["error"]["message"]
