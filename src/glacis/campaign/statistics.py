"""Figures over worlds, as every result of glacis gives them."""

from __future__ import annotations

import math

import numpy as np

from glacis.kernels import Floats

Statistics = dict[str, float | None]

CERTAIN = 1.959964
"""Standard errors on either side of a mean that hold 95 %."""


def statistics(values: Floats) -> Statistics:
    """Mean and 5th, 50th and 95th percentile over worlds; None where undefined."""
    kept = values[np.isfinite(values)]
    if not len(kept):
        return dict.fromkeys(("mean", "p05", "p50", "p95"))
    low, middle, high = np.percentile(kept, [5, 50, 95])
    return {
        "mean": float(kept.mean()),
        "p05": float(low),
        "p50": float(middle),
        "p95": float(high),
    }


def conditional(hours: Floats) -> Statistics:
    """Statistics of the hours at which a thing happened, and the share in which it did."""
    happened = np.isfinite(hours)
    return statistics(np.where(happened, hours, np.nan)) | {
        "share": float(happened.mean()) if len(hours) else None
    }


def half_width(values: Floats) -> float:
    """Of the 95 % interval of a mean over worlds, as if they were drawn independently."""
    kept = values[np.isfinite(values)]
    if len(kept) < 2:
        return math.inf
    return float(CERTAIN * kept.std(ddof=1) / math.sqrt(len(kept)))
