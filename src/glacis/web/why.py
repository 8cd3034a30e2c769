"""The REST interface of the tabs below the page: what an answer comes from."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from glacis.web.details import Part
from glacis.web.errors import ANYWHERE
from glacis.web.requests import Assessed
from glacis.web.routes import hall_of

router = APIRouter(prefix="/api/v1", responses=ANYWHERE)


@router.post("/game")
async def game(request: Request, asked: Assessed) -> dict[str, Any]:
    """The crisis game under a posture: tree, reasons, belief against truth, dated signals."""
    return await _told(request, asked, "game")


@router.post("/alliance")
async def alliance(request: Request, asked: Assessed) -> dict[str, Any]:
    """How the alliance answers each of Red's options: routes, members, what moves each."""
    return await _told(request, asked, "alliance")


@router.post("/ripple")
async def ripple(request: Request, asked: Assessed) -> dict[str, Any]:
    """The rest of the world: theatres by year, credibility by answer, programmes by outcome."""
    return await _told(request, asked, "ripple")


async def _told(request: Request, asked: Assessed, part: Part) -> dict[str, Any]:
    hall = hall_of(request)
    return await hall.patiently(
        request, lambda runner: hall.desk.detail(part, asked.state, asked.worlds, runner)
    )


__all__ = ["router"]
