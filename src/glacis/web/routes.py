"""The REST interface, version 1."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request, UploadFile, WebSocket
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from glacis import __version__
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.report.document import report as report_of
from glacis.scenario.model import Scenario
from glacis.study.compare import compare, missing
from glacis.web.errors import ANYWHERE, refusals, told
from glacis.web.hall import Hall
from glacis.web.phase import inputs_of
from glacis.web.requests import (
    PARAMS,
    Assessed,
    Compared,
    Driven,
    Replayed,
    Reported,
    Spanned,
    Studying,
)
from glacis.web.sensitivity import sensitivity
from glacis.web.socket import Live
from glacis.web.state import with_mine
from glacis.web.store import Study
from glacis.web.view import land_view, meta_of, quantities_view, scenario_view

router = APIRouter(prefix="/api/v1", responses=ANYWHERE)
TITLES = {
    "claims": "Claims ledger",
    "grid": "Two inputs",
    "compare": "Comparison",
    "sensitivity": "Sensitivity",
}
OF_CHOICE = ("claims", "compare")
"""Studies of what Red chooses; the others have something to tell of a war alone."""
NO_STUDY = refusals(s404="There is no such study.")
FULL = refusals(s429="As many studies wait as may.")
PAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The report.", "content": {"text/html": {"schema": {"type": "string"}}}}
}
Files = Annotated[list[UploadFile], "YAML, CSV, BibTeX and JSON files of one scenario"]


def hall_of(request: Request | WebSocket) -> Hall:
    """What the server of a request holds."""
    hall: Hall = request.app.state.hall
    return hall


@router.get("/health")
async def health(request: Request) -> dict[str, Any]:
    """Whether the server is there, and whether its kernels are compiled."""
    return {"status": "ok", "glacis": __version__, "ready": hall_of(request).is_ready}


@router.get("/meta")
def meta(request: Request) -> dict[str, Any]:
    """What holds whatever the scenario: tiers, limits, outcomes, scenarios."""
    hall = hall_of(request)
    return meta_of(hall.library, upload_bytes=hall.settings.body_bytes)


@router.get("/scenarios")
def scenarios(request: Request) -> list[dict[str, Any]]:
    """The scenarios that can be opened."""
    hall = hall_of(request)
    found: list[dict[str, Any]] = meta_of(hall.library, upload_bytes=0)["scenarios"]
    return found


@router.get("/scenarios/{name}")
def scenario(request: Request, name: str) -> dict[str, Any]:
    """Levers, presets, places, figures: all that the page needs of a scenario."""
    return scenario_view(name, _scenario(request, name))


@router.get("/scenarios/{name}/land")
def land(request: Request, name: str) -> dict[str, Any]:
    """The land of its map."""
    return land_view(_scenario(request, name))


@router.get("/scenarios/{name}/quantities")
def quantities(request: Request, name: str) -> list[dict[str, Any]]:
    """Every number of it, with source, confidence and note."""
    return quantities_view(_scenario(request, name))


@router.post("/check")
async def check(request: Request, files: Files) -> dict[str, Any]:
    """What is wrong with a scenario's files, of which nothing is kept."""
    hall, given = hall_of(request), await _read(files)
    return await hall.patiently(request, lambda _: hall.library.check(given).record())


@router.post("/scenarios", status_code=201)
async def upload(request: Request, files: Files) -> dict[str, Any]:
    """Open a scenario of one's own, for as long as the server lives."""
    hall, given = hall_of(request), await _read(files)
    name, found = await hall.pool.run(lambda _: hall.library.add(given))
    return {"id": name, "title": found.title}


@router.post("/assess")
async def assess(request: Request, asked: Assessed) -> dict[str, Any]:
    """One posture."""
    hall = hall_of(request)
    return await hall.patiently(
        request, lambda runner: hall.desk.answer(asked.state, asked.worlds, runner)
    )


@router.post("/compare")
async def compare_postures(request: Request, asked: Compared) -> dict[str, Any]:
    """Up to four postures over the same worlds, the later ones less the first."""
    hall = hall_of(request)
    columns = [(one.name, one) for one in asked.postures]
    return await hall.patiently(
        request, lambda runner: hall.desk.compare(asked, columns, asked.worlds, runner)
    )


@router.post("/sensitivity")
async def sensitivity_of(request: Request, asked: Driven) -> dict[str, Any]:
    """The uncertain numbers that drive a figure of a posture most, and which way."""
    hall = hall_of(request)

    def told(runner: Runner) -> dict[str, Any]:
        scenario, worlds, found = hall.desk.found(asked.state, asked.worlds, runner)
        return sensitivity(scenario, found, worlds, figure=asked.figure)

    return await hall.patiently(request, told)


@router.post("/inputs")
def inputs(request: Request, asked: Spanned) -> dict[str, Any]:
    """The two inputs of a field and their ranges, to be had before it is made."""
    scenario = _scenario(request, asked.state.scenario)
    x, y = inputs_of(scenario, asked.state, (asked.x, asked.y), asked.points)
    return {"x": asdict(x), "y": asdict(y)}


@router.post("/replay")
async def replay(request: Request, asked: Replayed) -> dict[str, Any]:
    """One run of the campaign, hour by hour."""
    hall = hall_of(request)
    return await hall.patiently(
        request,
        lambda runner: hall.desk.replay(
            asked.state,
            option=asked.option,
            response=asked.response,
            run=asked.run,
            days=asked.days,
            runner=runner,
        ),
    )


@router.post("/report", response_class=Response, responses=PAGE)
async def report(request: Request, asked: Reported) -> HTMLResponse:
    """An illustrated report, in one file that needs no network."""
    hall = hall_of(request)

    def written(runner: Runner) -> str:
        base = asked.state.changed(hall.library.scenario(asked.state.scenario))
        if lacking := missing(base):
            raise InputError(f"{base.name} has no {lacking[0]}: there is no choice to report on")
        posed, mine = with_mine(base, asked.state)
        postures = list(dict.fromkeys([*asked.postures, mine]))
        seed = asked.state.seed
        study = compare(posed, postures, worlds=asked.worlds, seed=seed, runner=runner)
        return report_of(study, runner=runner)

    return HTMLResponse(await hall.patiently(request, written))


@router.get("/studies")
def studies(request: Request) -> list[dict[str, Any]]:
    """All saved studies, the newest first, without their results."""
    hall = hall_of(request)
    return [_study(hall, one) for one in hall.store.all()]


@router.post("/studies", status_code=202, responses=FULL)
def study(request: Request, asked: Studying) -> dict[str, Any]:
    """Begin a slow study, done by the worker."""
    hall = hall_of(request)
    params = _params(asked)
    written = hall.library.scenario(asked.state.scenario)
    base = asked.state.changed(written)
    with_mine(base, asked.state)
    if asked.kind in OF_CHOICE and (lacking := missing(base)):
        raise InputError(f"{base.name} has no {lacking[0]}: there is no choice to study")
    if asked.kind == "grid":
        inputs_of(written, asked.state, (params["x"], params["y"]), params["points"])
    title = f"{TITLES[asked.kind]}: {base.title}"
    request_data = {
        "folder": hall.library.folder(asked.state.scenario),
        "state": asked.state.model_dump(mode="json"),
        "params": params,
    }
    return _study(hall, hall.jobs.submit(asked.kind, title, request_data))


@router.get("/studies/{id}", responses=NO_STUDY)
def one_study(request: Request, id: str) -> dict[str, Any]:
    """One study, with its result once it is done."""
    hall = hall_of(request)
    found = hall.store.get(id)
    return _study(hall, found) | {"result": hall.store.result(id)}


@router.post("/studies/{id}/cancel", responses=NO_STUDY)
def cancel_study(request: Request, id: str) -> dict[str, Any]:
    """Stop a study that waits or runs."""
    hall = hall_of(request)
    hall.jobs.cancel(id)
    return _study(hall, hall.store.get(id))


@router.delete("/studies/{id}", status_code=204, responses=NO_STUDY)
def delete_study(request: Request, id: str) -> None:
    """Forget a study that has ended."""
    hall = hall_of(request)
    if not hall.store.get(id).has_ended:
        raise InputError(f"study {id}: is not done; cancel it first")
    hall.store.delete(id)


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """The posture as it is set, answered as fast as the model allows."""
    hall = hall_of(socket)
    await Live(socket, hall.desk.answer, hall.live).serve()


def _scenario(request: Request, name: str) -> Scenario:
    return hall_of(request).library.scenario(name)


async def _read(files: list[UploadFile]) -> dict[str, bytes]:
    return {one.filename or "": await one.read() for one in files}


def _params(asked: Studying) -> dict[str, Any]:
    try:
        return PARAMS[asked.kind].model_validate(asked.params).model_dump(mode="json")
    except ValidationError as error:
        raise InputError(f"params.{told(error)['message']}") from None


def _study(hall: Hall, one: Study) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "status": one.status,
        "progress": hall.jobs.progress(one.id) if one.status == "running" else one.progress,
        "created": one.created,
        "finished": one.finished,
        "request": {"state": one.request.get("state"), "params": one.request.get("params")},
        "error": one.error,
        "result": None,
    }


__all__ = ["hall_of", "router"]
