"""The council under a posture, as the page tells it: who stands, who blocks, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from glacis.alliance.leanings import TERMS
from glacis.assess.council import CouncilStudy

TERM_NOTES = {
    "executive": "what its government of the day leans to, apart from all that follows",
    "public": "its public's support for using force, as far as the government follows it",
    "odds": "the odds of success as seen, against even odds",
    "exposure": "how near it feels the threat",
    "trust": "how far it trusts its allies to stand too",
    "populism": "weight of populists in its politics",
    "isolationism": "weight of those who would stay out",
    "ties": "energy and trade that it has with Red",
    "own_troops": "its own troops stand there",
    "own_dead": "its own troops have died there",
    "cost": "casualties expected of going on",
    "nuclear": "nuclear use expected of going on",
    "stakes": "how few people live where the attack aims",
}
"""What each term of a leaning is."""


def alliance_view(studies: Sequence[CouncilStudy]) -> dict[str, Any]:
    """How the alliance answers each of Red's options; the headline option stands first.

    Members are told by medians over worlds, as ``glacis alliance`` does; all else by statistics.
    """
    first = studies[0]
    council = first.look.alliance.council
    return {
        "posture": first.posture,
        "council": {
            "pivotal": list(council.pivotal),
            "pivotal_name": first.pivotal(),
            "coalition": first.coalition(),
            "members": len(first.lean.members),
        },
        "terms": [
            {"id": name, "name": name.replace("_", " "), "note": TERM_NOTES[name]} for name in TERMS
        ],
        "options": [_option(study) for study in studies],
    }


def _option(study: CouncilStudy) -> dict[str, Any]:
    record = study.to_record()
    option = study.scenario.options[study.option]
    routes = ("response", "by_consensus", "by_coalition", "by_pivotal_alone", "two_fixed_points")
    seen = ("odds", "dead", "expected_casualties", "expected_nuclear_use", "decision_hours")
    return {
        "id": study.option,
        "name": option.name,
        "kind": option.kind,
        **{name: record[name] for name in (*routes, *seen, "not_enough_blood")},
        "decided_by": [
            {"id": name, "name": name.replace("_", " "), "share": share}
            for name, share in record["decided_by"].items()
        ],
        "members": _members(study, record["members"]),
    }


def _members(study: CouncilStudy, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each member, those that are likeliest to stand first."""
    pivotal, blocks = study.look.alliance.council.pivotal, np.median(study.p_blocks(), axis=0)
    found = [
        {
            "id": one["member"],
            **{name: one[name] for name in ("name", "support", "full", "limited", "none")},
            "blocks": float(blocks[k]),
            "is_pivotal": one["member"] in pivotal,
            "most_for": one["most_for"],
            "most_against": one["most_against"],
            "terms": terms.tolist(),
        }
        for k, (one, terms) in enumerate(zip(records, study.terms(), strict=True))
    ]
    return sorted(found, key=lambda one: (-one["full"], one["id"]))


__all__ = ["TERM_NOTES", "alliance_view"]
