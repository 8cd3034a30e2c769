"""How Schemathesis's requests are kept within what a test has time for; read by it, not by pytest.

Each hook turns something valid into something valid that is quicker or goes deeper, so what is
wrong in a request stays wrong. The server asked is at $GLACIS_ASKED; counts go to $GLACIS_TALLY.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any
from zlib import crc32

import requests
import schemathesis

ASKED = os.environ["GLACIS_ASKED"]
TALLY = Path(os.environ["GLACIS_TALLY"])
API = f"{ASKED}/api/v1"
CAPS = {"worlds": (4, 1_024), "points": (2, 15), "days": (1, 180)}
"""What takes the same way through the code as more, and the most that is let in."""
MINI = sorted((Path(__file__).parents[1] / "scenarios" / "mini").iterdir())
PATHS = ["campaign.combat.lull_days", "campaign.warning.days", "forces.red", "postures.x"]

asked: Counter[str] = Counter()
seconds: Counter[str] = Counter()


def known() -> dict[str, Any]:
    """Names that the server knows; any other is refused at the door."""
    names = [one["id"] for one in requests.get(f"{API}/scenarios", timeout=60).json()]
    views = [requests.get(f"{API}/scenarios/{name}", timeout=60).json() for name in names]
    return {view["id"]: view for view in views}


KNOWN = known()


def one_of(text: str, choices: list[str]) -> str:
    """Three of four texts become a known name, always the same; the fourth stays as it is."""
    number = crc32(text.encode("utf-8", "surrogatepass"))
    return text if number % 4 == 0 or not choices else choices[number // 4 % len(choices)]


def is_text(value: Any) -> bool:
    """Whether it may become a name."""
    return isinstance(value, str) and 0 < len(value) <= 120


def brief(body: dict[str, Any]) -> None:
    """Cap what makes an answer slow; what is too much already stays so."""
    for name, (enough, most) in CAPS.items():
        value = body.get(name)
        if isinstance(value, int | float) and enough < value <= most:
            body[name] = enough


def deep(body: dict[str, Any], view: dict[str, Any]) -> None:
    """Let names be known ones."""
    if is_text(body.get("posture")):
        body["posture"] = one_of(body["posture"], [one["id"] for one in view["postures"]])
    if isinstance(body.get("levers"), dict):
        levers = [one["id"] for one in view["levers"]]
        body["levers"] = {one_of(name, levers): units for name, units in body["levers"].items()}
    if isinstance(body.get("variants"), list):
        variants = [one["id"] for one in view["variants"]]
        body["variants"] = [one_of(x, variants) if is_text(x) else x for x in body["variants"]]
    if isinstance(body.get("overrides"), dict):
        body["overrides"] = {one_of(path, PATHS): x for path, x in body["overrides"].items()}
    if isinstance(body.get("postures"), list):
        postures = [one["id"] for one in view["postures"]]
        body["postures"] = [one_of(x, postures) if is_text(x) else x for x in body["postures"]]
        for column in body["postures"]:
            if isinstance(column, dict):
                deep(column, view)


def tamed(body: dict[str, Any]) -> None:
    """Both, wherever a scenario is named."""
    brief(body)
    for inner in ("state", "params"):
        if isinstance(body.get(inner), dict):
            tamed(body[inner])
    if is_text(body.get("scenario")):
        body["scenario"] = one_of(body["scenario"], list(KNOWN))
    name = body.get("scenario", "baltic")
    if is_text(name) and name in KNOWN:
        deep(body, KNOWN[name])


def seldom_drawn(body: dict[str, Any]) -> None:
    """A report takes seconds to draw; most are asked of a war alone, and refused."""
    state = body.setdefault("state", {})
    is_drawn = crc32(repr(body).encode("utf-8", "surrogatepass")) % 16 == 0
    if isinstance(state, dict) and is_text(state.get("scenario", "baltic")) and not is_drawn:
        state["scenario"] = "template"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Tame a request of any phase."""
    if isinstance(case.body, dict):
        tamed(case.body)
        if case.operation.path.endswith("/report"):
            seldom_drawn(case.body)
    names = case.path_parameters or {}
    if is_text(names.get("name")):
        names["name"] = one_of(names["name"], list(KNOWN))
    if case.media_type == "multipart/form-data":
        kwargs["files"] = scenario_files(repr(case.body))


def scenario_files(given: str) -> list[tuple[str, tuple[str, bytes]]]:
    """A scenario's files, one of them spoiled by what was given in one place, or left whole."""
    number = crc32(given.encode("utf-8", "surrogatepass"))
    spoiled = number % (len(MINI) + 1)
    found = []
    for place, path in enumerate(MINI):
        content = path.read_bytes()
        if place == spoiled:
            at = number // 7 % len(content)
            content = content[:at] + given.encode("utf-8", "surrogatepass") + content[at:]
        found.append(("files", (path.name, content)))
    return found


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Count; and stop a study that was begun, or the worker would be busy for the rest."""
    operation = f"{case.method} {case.operation.path}"
    asked[f"{operation} {response.status_code}"] += 1
    seconds[operation] += response.elapsed
    if response.status_code == 202:
        study = response.json()["id"]
        requests.post(f"{API}/studies/{study}/cancel", timeout=60)
    told = {"asked": asked, "seconds": seconds}
    TALLY.write_text(json.dumps(told, sort_keys=True), encoding="utf-8")
