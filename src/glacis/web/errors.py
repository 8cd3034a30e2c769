"""What goes wrong, as the page is told it, and as the interface's description has it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from glacis.errors import Cancelled, GlacisError, InputError, ProblemsError

_log = logging.getLogger("glacis")
MOST_PROBLEMS = 200


class Failure(BaseModel):
    """What went wrong: in words, and each problem of what was given."""

    message: str
    problems: list[dict[str, Any]]


class Failed(BaseModel):
    """Any answer that is none."""

    error: Failure


def refusals(**words: str) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI, the answers that refuse: ``refusals(s404="no such study")``."""
    return {
        int(name.removeprefix("s")): {"model": Failed, "description": told}
        for name, told in words.items()
    }


ANYWHERE = refusals(
    s400="The body cannot be read.",
    s401="A token is needed.",
    s403="Another site's page may not do that.",
    s405="There is no such method here.",
    s413="The body is larger than it may be.",
    s421="This server answers to other names.",
    s422="What was given does not do.",
    s500="Something went wrong inside glacis.",
    s503="The server ends.",
)


def told(error: Exception) -> dict[str, Any]:
    """Its `record`; what is no fault of the request's goes to the log too."""
    if not isinstance(error, InputError | ValidationError | Cancelled):
        _log.error("the server failed", exc_info=error)
    return record(error)


def record(error: Exception) -> dict[str, Any]:
    """Message and problems as plain data; what is no fault of the request's is named, no more."""
    if isinstance(error, ProblemsError):
        problems = [one.record() for one in error.problems[:MOST_PROBLEMS]]
        first = str(error.problems[0]) if error.problems else "the scenario cannot be used"
        more = len(error.problems) - 1
        return {
            "message": first + (f" (and {more} more)" if more > 0 else ""),
            "problems": problems,
        }
    if isinstance(error, ValidationError):
        return malformed(
            error.errors(include_url=False, include_context=False, include_input=False)
        )
    if isinstance(error, GlacisError):
        return {"message": str(error), "problems": []}
    return {
        "message": f"something went wrong inside glacis ({type(error).__name__})",
        "problems": [],
    }


def malformed(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What pydantic finds wrong with a request, as `record` has it."""
    problems = [
        {
            "code": "request",
            "path": ".".join(map(str, one["loc"])),
            "what": str(one["msg"]),
            "repair": "see /api/v1/docs",
        }
        for one in found
    ]
    return {"message": f"{problems[0]['path']}: {problems[0]['what']}", "problems": problems}


__all__ = ["ANYWHERE", "Failed", "Failure", "malformed", "record", "refusals", "told"]
