"""The Quantity: an uncertain number with a unit, a source and a confidence."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from glacis.errors import Mark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Shape = Literal["certain", "pert", "uniform", "loguniform", "normal", "discrete"]
Confidence = Literal["high", "medium", "low"]

ELICITED = "elicited"
FROM_MEMORY = "from-memory"
CONFIDENCES = ("high", "medium", "low")

#: unit -> (dimension, size in the dimension's first unit)
UNITS: dict[str, tuple[str, float]] = {
    "1": ("ratio", 1.0),
    "share": ("ratio", 1.0),
    "%": ("ratio", 0.01),
    "km": ("length", 1.0),
    "m": ("length", 0.001),
    "nm": ("length", 1.852),
    "km2": ("area", 1.0),
    "h": ("time", 1.0),
    "days": ("time", 24.0),
    "months": ("time", 730.5),
    "years": ("time", 8766.0),
    "km/day": ("speed", 1.0),
    "km/h": ("speed", 24.0),
    "people": ("people", 1.0),
    "battalions": ("battalions", 1.0),
    "battalions/day": ("flow", 1.0),
    "battalions/km": ("density", 1.0),
    "share/day": ("rate", 1.0),
    "%/day": ("rate", 0.01),
    "per 1000/day": ("rate", 0.001),
    "deg": ("angle", 1.0),
    "meur": ("money", 1.0),
    "beur": ("money", 1000.0),
    "meur/year": ("money per year", 1.0),
    "meur/day": ("money per year", 365.25),
    "beur/year": ("money per year", 1000.0),
    "aircraft": ("aircraft", 1.0),
    "squadrons": ("squadrons", 1.0),
    "sorties/day": ("sorties", 1.0),
    "missiles": ("missiles", 1.0),
    "missiles/day": ("salvoes", 1.0),
    "rounds": ("rounds", 1.0),
    "rounds/day": ("consumption", 1.0),
    "rounds/month": ("production", 1.0),
    "ships": ("ships", 1.0),
    "mines": ("mines", 1.0),
    "mines/day": ("mine clearance", 1.0),
    "nm2/day": ("search", 1.0),
    "trains": ("trains", 1.0),
    "trains/day": ("train paths", 1.0),
    "1/day": ("hazard", 1.0),
    "1/year": ("hazard", 1.0 / 365.25),
}

PROVENANCE_KEYS = frozenset({"source", "confidence", "note"})
VALUE_KEYS = frozenset({"value", "low", "mode", "high", "mean", "sd", "values", "weights"})


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from: bibliography key or ``elicited``, confidence, and a note.

    `place` is where the source was written, for messages about it.
    """

    source: str = ""
    confidence: str = ""
    note: str = ""
    place: Mark | None = field(default=None, compare=False)

    def over(self, outer: Provenance) -> Provenance:
        """This provenance, with `outer` filling what it leaves open."""
        if self.source:
            return self
        return Provenance(
            outer.source,
            self.confidence or outer.confidence,
            self.note or outer.note,
            outer.place,
        )


@dataclass(frozen=True, slots=True)
class Quantity:
    """An uncertain number: shape and parameters, unit, source, confidence and note.

    Parameters
    ----------
    shape
        ``certain`` (value), ``pert`` (low, mode, high), ``uniform`` and ``loguniform``
        (low, high), ``normal`` (mean, sd, optional low and high as bounds) or
        ``discrete`` (values, weights).
    unit
        One of `UNITS`; all parameters are in it.
    source
        A bibliography key (several are separated by ``;``), ``from-memory`` or ``elicited``.
    path
        Where the number was declared; its name in the sampling, kept by copies that a
        measure makes.

    Notes
    -----
    PERT is the beta distribution with mean (low + 4 mode + high) / 6. Source: clark-1962.
    """

    shape: Shape
    unit: str = "1"
    low: float = math.nan
    mode: float = math.nan
    high: float = math.nan
    mean: float = math.nan
    sd: float = math.nan
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    source: str = ""
    confidence: str = ""
    note: str = ""
    path: str = field(default="", compare=False)

    @property
    def is_certain(self) -> bool:
        """Whether the number is one plain value."""
        return self.shape == "certain"

    @property
    def sources(self) -> tuple[str, ...]:
        """The bibliography keys, one by one."""
        return split_sources(self.source)

    @property
    def value(self) -> float:
        """The central value: the value, the mode, or the median of the shape."""
        match self.shape:
            case "certain" | "pert":
                return self.mode
            case "uniform":
                return (self.low + self.high) / 2
            case "loguniform":
                return math.sqrt(self.low * self.high)
            case "normal":
                return self.mean
            case "discrete":
                return self.values[self.weights.index(max(self.weights))]

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and largest value the number can take."""
        match self.shape:
            case "certain":
                return self.mode, self.mode
            case "discrete":
                return min(self.values), max(self.values)
            case "normal":
                low = self.mean - 6 * self.sd if math.isnan(self.low) else self.low
                high = self.mean + 6 * self.sd if math.isnan(self.high) else self.high
                return low, high
            case _:
                return self.low, self.high

    def quantile(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values at cumulative probabilities `u`, each strictly between 0 and 1."""
        import numpy as np

        u = np.asarray(u, dtype=np.float64)
        match self.shape:
            case "certain":
                return np.full_like(u, self.mode)
            case "uniform":
                drawn = self.low + (self.high - self.low) * u
            case "loguniform":
                start, end = math.log(self.low), math.log(self.high)
                drawn = np.exp(start + (end - start) * u)
            case "pert":
                drawn = self._pert_quantile(u)
            case "normal":
                drawn = self._normal_quantile(u)
            case "discrete":
                edges = np.cumsum(self.weights) / sum(self.weights)
                index = np.searchsorted(edges, u, side="right")
                return np.asarray(self.values)[np.minimum(index, len(self.values) - 1)]
        # Rounding, and a normal's far tails, must not leave the support that was checked.
        low, high = self.support
        return np.minimum(np.maximum(drawn, low), high)

    @property
    def relative_mode(self) -> float:
        """Where the mode lies from the lowest value (0) to the highest (1)."""
        return (self.mode - self.low) / (self.high - self.low)

    def _pert_quantile(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        width = self.high - self.low
        nodes, cumulative = pert_table(self.relative_mode)
        return np.asarray(self.low + width * np.interp(u, cumulative, nodes), dtype=np.float64)

    def _normal_quantile(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np
        from scipy.special import ndtr, ndtri

        floor = 0.0 if math.isnan(self.low) else float(ndtr((self.low - self.mean) / self.sd))
        ceiling = 1.0 if math.isnan(self.high) else float(ndtr((self.high - self.mean) / self.sd))
        drawn = ndtri(floor + (ceiling - floor) * u)
        return np.asarray(self.mean + self.sd * drawn, dtype=np.float64)

    def mapped(self, change: Callable[[float], float]) -> Quantity:
        """The quantity with an increasing, linear `change` done to every parameter."""

        def changed(value: float) -> float:
            return value if math.isnan(value) else change(value)

        return replace(
            self,
            low=changed(self.low),
            mode=changed(self.mode),
            high=changed(self.high),
            mean=changed(self.mean),
            sd=self.sd if math.isnan(self.sd) else self.sd * (change(1.0) - change(0.0)),
            values=tuple(change(value) for value in self.values),
        )

    def described(self) -> dict[str, object]:
        """The mapping that `read_quantity` makes this of, unit and shape included."""
        if self.is_certain:
            return {"value": self.mode, "unit": self.unit}
        keys = ("low", "mode", "high", "mean", "sd")
        numbers: dict[str, object] = {
            key: value for key in keys if not math.isnan(value := getattr(self, key))
        }
        if self.shape == "discrete":
            numbers = {"values": list(self.values), "weights": list(self.weights)}
        return {"shape": self.shape, **numbers, "unit": self.unit}

    def __str__(self) -> str:
        unit = "" if self.unit in ("1", "share") else f" {self.unit}"
        match self.shape:
            case "certain":
                return f"{self.mode:g}{unit}"
            case "pert":
                return f"{self.low:g} to {self.high:g} (mode {self.mode:g}){unit}"
            case "normal":
                return f"{self.mean:g} +- {self.sd:g}{unit}"
            case "discrete":
                return f"one of {', '.join(f'{value:g}' for value in self.values)}{unit}"
            case _:
                return f"{self.low:g} to {self.high:g}{unit}"


@lru_cache(maxsize=4096)
def split_sources(source: str) -> tuple[str, ...]:
    """The bibliography keys in a source text, one by one."""
    return tuple(key.strip() for key in source.split(";") if key.strip())


@lru_cache(maxsize=512)
def pert_table(mode: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes on 0..1 and the PERT's cumulative probability at each, for a mode on 0..1.

    Worlds need hundreds of thousands of quantiles, and inverting the incomplete beta function
    for each takes longer than the war. Read off 513 nodes, which lie closer at the ends, they
    are within 2e-5 of the range.
    """
    import numpy as np
    from scipy.special import betainc

    nodes = (1.0 - np.cos(np.pi * np.arange(513) / 512)) / 2.0
    return nodes, np.asarray(betainc(1 + 4 * mode, 5 - 4 * mode, nodes))
