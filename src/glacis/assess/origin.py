"""Where a result comes from, in words and as data: scenario, changes, worlds and seed."""

from __future__ import annotations

from typing import Any

from glacis.scenario.model import Scenario


def made_of(scenario: Scenario, *, worlds: int, seed: int) -> str:
    """What a study was made of, in words."""
    document = scenario.document
    changes = [*document.variants, *(f"{path} = {value}" for path, value in document.overrides)]
    under = f" under {', '.join(changes)}" if changes else ""
    return f"Scenario {document.name}{under}, {worlds:,} worlds, seed {seed}"


def head_of(scenario: Scenario, *, worlds: int, seed: int, posture: str) -> dict[str, Any]:
    """The same as the first keys of a record."""
    from glacis import __version__

    document = scenario.document
    return {
        "schema": 1,
        "glacis": __version__,
        "scenario": document.name,
        "scenario_sha256": document.sha256,
        "variants": list(document.variants),
        "overrides": dict(document.overrides),
        "seed": seed,
        "worlds": worlds,
        "posture": posture,
    }
