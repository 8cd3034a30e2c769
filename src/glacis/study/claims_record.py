"""The ledger as plain data: what ``glacis claims --json`` writes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from glacis.assess.assessment import origin_of

if TYPE_CHECKING:
    from glacis.study.claims import Ledger


def record_of(ledger: Ledger) -> dict[str, Any]:
    """The result as plain data."""
    return {
        "schema": 1,
        **origin_of(ledger.scenario, seed=ledger.seed, worlds=ledger.worlds),
        "method": {
            "command": "claims",
            "claim": next(iter(ledger.entries)) if len(ledger.entries) == 1 else None,
            "reds": list(ledger.reds),
        },
        "claims": [claim_record(ledger, name) for name in ledger.entries],
    }


def claim_record(ledger: Ledger, name: str) -> dict[str, Any]:
    """One claim."""
    claim, by_red = ledger.claims[name], ledger.entries[name]
    entry, hangs = by_red[ledger.reds[0]], ledger.hangs[name]
    return {
        "id": name,
        "statement": claim.statement,
        "kind": claim.kind,
        "source": claim.source,
        "share": _number(entry.share),
        "low": _number(entry.low),
        "high": _number(entry.high),
        "defined": entry.defined,
        "worlds": len(entry.weighed.score),
        "verdict": told(entry.verdict, assumed=ledger.assumed[name]),
        "assumed": ledger.assumed[name],
        "hangs_on": None if hangs is None else hangs.path,
        "hangs_on_words": None if hangs is None else hangs.words,
        "hangs_on_share": None if hangs is None else hangs.share,
        "depends_on_red": ledger.depends_on_red(name),
        "reds": {
            red: {"share": _number(one.share), "verdict": one.verdict}
            for red, one in by_red.items()
        },
        "beside": {
            label: {"share": _number(one.share), "verdict": one.verdict}
            for label, one in ledger.beside[name].items()
        },
        "notes": list(claim.notes),
    }


def told(verdict: str, *, assumed: bool) -> str:
    """A verdict as it is printed."""
    return f"assumed ({verdict})" if assumed else verdict


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


__all__ = ["claim_record", "record_of", "told"]
