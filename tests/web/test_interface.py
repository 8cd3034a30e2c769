"""The REST interface and the socket, as a page uses them and as nobody should."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from glacis.scenario.read import bundled_names
from glacis.web.app import create_app
from glacis.web.guard import COOKIE
from glacis.web.live import Desk
from glacis.web.settings import Settings

API = "/api/v1"
LIVE = "ws://127.0.0.1:8000/api/v1/live"
SCENARIOS = Path(__file__).parents[1] / "scenarios"
TOKEN = "a1b2c3d4e5f6a7b8c9"


def test_it_says_what_there_is(client: TestClient) -> None:
    assert client.get(f"{API}/health").json()["status"] == "ok"
    meta = client.get(f"{API}/meta").json()
    assert [one["id"] for one in meta["scenarios"]][: len(bundled_names())] == bundled_names()
    assert len(meta["outcomes"]) == 8
    assert meta["tiers"] == {"drag": 40, "rest": 512}


@pytest.mark.parametrize("name", bundled_names())
def test_a_scenario_is_told_whole(client: TestClient, name: str) -> None:
    view = client.get(f"{API}/scenarios/{name}").json()
    places = {one["id"] for one in view["places"]}
    assert {end for leg in view["legs"] for end in (leg["from"], leg["to"])} <= places
    assert any(one["is_goal"] for one in view["places"])
    assert view["default_posture"] in {one["id"] for one in view["postures"]}
    levers = {one["id"]: one for one in view["levers"]}
    for posture in view["postures"]:
        assert all(units <= levers[one]["tested"] for one, units in posture["levers"].items())
    assert sum(one["group"] == "headline" for one in view["figures"]) == 1
    assert ("crisis" in view["parts"]) == (name == "baltic")
    land = client.get(f"{API}/scenarios/{name}/land").json()
    assert {one["kind"] for one in land["features"]} >= {"land"}
    quantities = client.get(f"{API}/scenarios/{name}/quantities").json()
    assert all(one["rests_on"] in ("sourced", "from-memory", "elicited") for one in quantities)


def test_postures_are_assessed_and_compared(client: TestClient) -> None:
    asked = {"state": {"posture": "forward", "levers": {"minehunter": 2}}, "worlds": 16}
    found = client.post(f"{API}/assess", json=asked)
    assert found.status_code == 200
    assert found.json()["posture"] == "mine"
    columns = [{"name": "a", "posture": "tripwire"}, {"name": "b", "posture": "porcupine"}]
    told = client.post(f"{API}/compare", json={"postures": columns, "worlds": 16}).json()
    assert [one["name"] for one in told["columns"]] == ["a", "b"]
    assert len(told["differences"]) == 1
    log = client.post(f"{API}/replay", json={"state": {"posture": "forward"}, "days": 5}).json()
    assert log["hours"][-1] == 120


def test_the_drivers_of_a_figure_are_told(client: TestClient) -> None:
    asked = {"state": {"posture": "forward"}, "worlds": 64, "figure": "falls_any"}
    found = client.post(f"{API}/sensitivity", json=asked)
    assert found.status_code == 200
    told = found.json()
    assert (told["figure"], told["worlds"]) == ("falls_any", 64)
    assert all(one["direction"] in ("raises", "lowers", "mixed") for one in told["drivers"])
    war = client.post(
        f"{API}/sensitivity", json={"state": {"scenario": "kuwait-1990"}, "worlds": 16}
    )
    assert war.json()["figure"] == "falls_any"


def test_the_inputs_of_a_field_are_told_before_it_is_made(client: TestClient) -> None:
    usual = client.post(f"{API}/inputs", json={"points": 3}).json()
    assert usual["x"]["id"] == "lever:heavy-brigade-forward"
    assert usual["y"]["central"] == 0.5
    asked = {"x": "set:crisis.insight", "y": "lever:minehunter"}
    named = client.post(f"{API}/inputs", json=asked).json()
    assert [named["x"]["values"][0], named["x"]["values"][-1]] == [0, 1]
    assert named["y"]["tested"] == 10


def test_a_report_is_one_page(client: TestClient) -> None:
    asked = {"state": {"posture": "forward"}, "postures": ["tripwire"], "worlds": 16}
    page = client.post(f"{API}/report", json=asked)
    assert page.headers["content-type"].startswith("text/html")
    assert 'src="http' not in page.text
    assert "forward" in page.text


@pytest.mark.parametrize(
    "path, body, said",
    [
        ("assess", {"worlds": 10**9}, "worlds"),
        ("assess", {"state": {"posture": "nobody"}}, "no posture 'nobody'"),
        ("assess", {"state": {"levers": {"minehunter": 21}}}, "must be from 0 to 20"),
        ("assess", {"state": {"overrides": {"crisis.insight": 3}}}, "must be <= 1 share"),
        ("assess", {"state": {"overrides": {"nowhere.at.all": 3}}}, "no value at this path"),
        ("assess", {"state": {"variants": ["x"]}}, "no variant 'x'"),
        ("assess", {"state": {"seed": -1}}, "seed"),
        ("assess", {"unknown": 1}, "unknown"),
        ("compare", {"postures": []}, "postures"),
        ("replay", {"option": "nothing"}, "has no option 'nothing'"),
        ("replay", {"state": {}, "days": 0}, "days"),
        ("studies", {"kind": "everything"}, "kind"),
        ("studies", {"kind": "grid", "params": {"x": "a"}}, "params"),
        ("studies", {"kind": "grid", "params": {"x": "lever:a", "y": "set:b"}}, "no such lever"),
        ("studies", {"kind": "sensitivity", "params": {"worlds": 10**6}}, "params"),
        ("sensitivity", {"worlds": 10**6}, "worlds"),
        ("sensitivity", {"figure": "luck", "worlds": 8}, "there is no 'luck'"),
        ("sensitivity", {"state": {"levers": {"minehunter": 21}}}, "must be from 0 to 20"),
        ("inputs", {"x": "lever:a"}, "no such lever"),
        ("inputs", {"x": "set:belief.base"}, "both axes"),
        ("inputs", {"points": 99}, "points"),
        ("studies", {"kind": "claims", "state": {"scenario": "kuwait-1990"}}, "has no alliance"),
        ("report", {"state": {"scenario": "kuwait-1990"}}, "has no alliance"),
    ],
)
def test_what_does_not_fit_is_told(
    client: TestClient, path: str, body: dict[str, Any], said: str
) -> None:
    found = client.post(f"{API}/{path}", json=body)
    assert found.status_code == 422
    assert said in found.json()["error"]["message"]


def test_what_is_no_json_or_not_there_is_told(client: TestClient) -> None:
    broken = client.post(
        f"{API}/assess", content=b"{", headers={"content-type": "application/json"}
    )
    assert broken.status_code == 422
    for path in ("scenarios/nowhere", "studies/0123456789abcdef", "studies/..%2f..%2fx"):
        found = client.get(f"{API}/{path}")
        assert found.status_code in (404, 422)
        assert found.json()["error"]["message"]
    assert client.get(f"{API}/nothing").json()["error"]["message"] == "Not Found"


def test_uploads_are_checked_like_any_other(client: TestClient) -> None:
    def files(name: str) -> list[tuple[str, tuple[str, bytes]]]:
        folder = SCENARIOS / name
        return [
            ("files", (one.name, one.read_bytes())) for one in folder.iterdir() if one.is_file()
        ]

    bad = client.post(f"{API}/check", files=files("broken")).json()
    assert not bad["sound"]
    assert {"file", "line", "column", "path", "what", "repair"} <= set(bad["problems"][0])
    refused = client.post(f"{API}/scenarios", files=files("broken"))
    assert refused.status_code == 422
    assert 3 < len(refused.json()["error"]["problems"]) <= len(bad["problems"])
    opened = client.post(f"{API}/scenarios", files=files("mini"))
    assert opened.status_code == 201
    name = opened.json()["id"]
    assert client.get(f"{API}/scenarios/{name}").json()["parts"] == ["war"]
    answer = client.post(f"{API}/assess", json={"state": {"scenario": name}, "worlds": 8})
    assert answer.status_code == 200
    hostile = [("files", ("../../x.yaml", b"format: 1"))]
    assert client.post(f"{API}/scenarios", files=hostile).status_code == 422


def test_bodies_are_capped(client: TestClient) -> None:
    large = client.post(f"{API}/assess", content=b"x" * 300_000)
    assert large.status_code == 413
    pieces = (b"x" * 50_000 for _ in range(10))
    assert client.post(f"{API}/assess", content=pieces).status_code in (400, 413)


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example:8000"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 200),
    ],
)
def test_other_sites_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    asked = {"state": {"posture": "tripwire"}, "worlds": 8}
    assert client.post(f"{API}/assess", json=asked, headers=headers).status_code == status
    if status != 200:
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect(LIVE, headers=headers),
        ):
            pass


def test_headers_keep_pages_in_their_place(client: TestClient) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_reference_needs_no_other_host(client: TestClient) -> None:
    page = client.get(f"{API}/docs").text
    assert "/api/v1/studies/{id}/cancel" in page
    assert (
        "http"
        not in page.replace("https://", "http").partition("<style>")[2].partition("</style>")[2]
    )
    assert client.get(f"{API}/openapi.json").json()["info"]["title"] == "glacis"


# ---- the socket ---------------------------------------------------------------------------------


def asked(number: int, tier: str = "drag", **state: Any) -> dict[str, Any]:
    return {"id": number, "channel": "live", "tier": tier, "state": state}


def test_the_socket_answers(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json(asked(7, posture="forward"))
        told = socket.receive_json()
        assert (told["id"], told["channel"], told["tier"]) == (7, "live", "drag")
        assert told["worlds"] == 40
        assert told["result"]["figures"]["p_attack"]["mean"] > 0


def test_the_latest_request_wins(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        for number in range(1, 30):
            socket.send_json(asked(number, posture="forward", levers={"minehunter": number % 20}))
        seen = []
        while not seen or seen[-1] != 29:
            seen.append(socket.receive_json()["id"])
        assert len(seen) < 15
        assert seen == sorted(seen)


def test_channels_do_not_wait_for_each_other(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({**asked(1, posture="tripwire"), "channel": "pin"})
        socket.send_json(asked(2, posture="forward"))
        assert {socket.receive_json()["channel"] for _ in range(2)} == {"pin", "live"}


@pytest.mark.parametrize(
    "text, said",
    [
        ("nonsense", "Invalid JSON"),
        ('{"id": 3, "tier": "often"}', "tier"),
        ('{"id": 3, "state": {"posture": "nobody"}}', "no posture"),
        ('{"id": -1}', "id"),
        ("[]", ""),
    ],
)
def test_a_wrong_message_is_told_and_the_socket_goes_on(
    client: TestClient, text: str, said: str
) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_text(text)
        assert said in socket.receive_json()["error"]["message"]
        socket.send_json(asked(8, posture="tripwire"))
        assert socket.receive_json()["id"] == 8


# ---- studies ------------------------------------------------------------------------------------


def until_done(client: TestClient, name: str) -> dict[str, Any]:
    for _ in range(600):
        found: dict[str, Any] = client.get(f"{API}/studies/{name}").json()
        if found["status"] not in ("waiting", "running"):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_study_is_done_by_the_worker(client: TestClient) -> None:
    params = {"x": "lever:minehunter", "y": "set:crisis.insight", "points": 2, "worlds": 8}
    body = {"kind": "grid", "state": {"posture": "forward"}, "params": params}
    begun = client.post(f"{API}/studies", json=body)
    assert begun.status_code == 202
    done = until_done(client, begun.json()["id"])
    assert done["status"] == "done", done
    assert done["result"]["x"]["values"] == [0, 20]
    assert len(done["result"]["figures"]["p_attack"]["mean"]) == 2
    assert client.get(f"{API}/studies").json()[0]["result"] is None
    assert client.delete(f"{API}/studies/{done['id']}").status_code == 204
    assert client.get(f"{API}/studies/{done['id']}").status_code == 404


def test_a_study_is_cancelled(client: TestClient) -> None:
    body = {"kind": "claims", "params": {"worlds": 1_000}}
    name = client.post(f"{API}/studies", json=body).json()["id"]
    assert client.delete(f"{API}/studies/{name}").status_code == 422
    client.post(f"{API}/studies/{name}/cancel")
    assert until_done(client, name)["status"] == "cancelled"


# ---- a token ------------------------------------------------------------------------------------


def test_a_token_is_asked_for(tmp_path: Path) -> None:
    app = create_app(Settings(host="0.0.0.0", token=TOKEN, studies=tmp_path / "studies"))
    with TestClient(app, base_url="http://glacis.example:8000") as guest:
        assert guest.get(f"{API}/health").status_code == 401
        with (
            pytest.raises(WebSocketDisconnect),
            guest.websocket_connect(LIVE.replace("127.0.0.1", "glacis.example")),
        ):
            pass
        bearer = {"authorization": f"Bearer {TOKEN}"}
        assert guest.get(f"{API}/health", headers=bearer).status_code == 200
        assert guest.get(f"{API}/health?token=wrong").status_code == 401
        page = guest.get(f"/?token={TOKEN}", follow_redirects=False)
        assert page.status_code == 303
        assert page.headers["location"] == "/"
        assert "HttpOnly" in page.headers["set-cookie"]
        assert guest.cookies[COOKIE] == TOKEN
        assert guest.get(f"{API}/health").status_code == 200


def test_what_fails_inside_is_told_in_the_same_form(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: Any) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(Desk, "answer", stumble)
    failed = client.post(f"{API}/assess", json={"worlds": 4})
    assert failed.status_code == 500
    words = "something went wrong inside glacis (KeyError)"
    assert failed.json() == {"error": {"message": words, "problems": []}}


def test_every_refusal_has_the_form_that_the_description_tells(client: TestClient) -> None:
    told = client.get(f"{API}/openapi.json").json()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    continue
                (kind,) = answer["content"].values()
                name = kind["schema"]["$ref"].rpartition("/")[2]
                assert name == "Failed", (method, path, status)
    assert "404" in told["paths"][f"{API}/studies/{{id}}"]["get"]["responses"]
    assert "429" in told["paths"][f"{API}/studies"]["post"]["responses"]
