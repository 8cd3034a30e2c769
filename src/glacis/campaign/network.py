"""The theatre as a graph: who may use which road, the quickest way, distances that matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from glacis.campaign.state import BLUE, RED
from glacis.kernels import Floats, Ints
from glacis.scenario.model import Scenario


@dataclass(frozen=True)
class Network:
    """Places and legs of a scenario by index, in id order, with each side's roads.

    Roads are chosen on the map before the war: by central values, on ground that is a
    side's own, the other's, or open to it. Source: dijkstra-1959.
    """

    scenario: Scenario

    @cached_property
    def places(self) -> list[str]:
        """Place ids by index."""
        return sorted(self.scenario.theatre.places)

    @cached_property
    def legs(self) -> list[str]:
        """Leg ids by index."""
        return sorted(self.scenario.theatre.legs)

    @cached_property
    def index(self) -> dict[str, int]:
        """Index of each place id."""
        return {place: v for v, place in enumerate(self.places)}

    @cached_property
    def ends(self) -> Ints:
        """(G, 2) place indices of each leg's start and end."""
        legs = self.scenario.theatre.legs
        return np.array(
            [[self.index[legs[g].start], self.index[legs[g].end]] for g in self.legs],
            dtype=np.int64,
        ).reshape(-1, 2)

    @cached_property
    def holder(self) -> Ints:
        """(V,) side that holds each place at the start; who lets Red through counts as Red's."""
        return np.array([self._holder(place) for place in self.places], dtype=np.int64)

    def _holder(self, place: str) -> int:
        nation = self.scenario.nations[self.scenario.theatre.places[place].nation]
        if nation.side == "neutral":
            return RED if nation.access in ("transit", "co-belligerent") else -1
        return RED if nation.side == "red" else BLUE

    @cached_property
    def passable(self) -> Ints:
        """(2, G): Red may use every leg between places not closed to it; Blue only Blue's own."""
        ends = self.holder[self.ends]
        blue = (ends == BLUE).all(axis=1)
        red = (ends >= 0).all(axis=1)
        return np.stack([blue, red]).astype(np.int64)

    @cached_property
    def out(self) -> Ints:
        """(V, most) roads out of each place, -1 padded; road ``2 g + 1`` is leg ``g`` backwards."""
        at: list[list[int]] = [[] for _ in self.places]
        for g, (a, b) in enumerate(self.ends):
            at[a].append(2 * g)
            at[b].append(2 * g + 1)
        most = max((len(roads) for roads in at), default=0) + 1
        return np.array([roads + [-1] * (most - len(roads)) for roads in at], dtype=np.int64)

    @cached_property
    def km(self) -> Floats:
        """(G,) central lengths."""
        legs = self.scenario.theatre.legs
        return np.array([legs[g].km.value for g in self.legs])

    def shortest(self, side: int) -> tuple[Floats, NDArray[np.int32]]:
        """Distances in km between all places on a side's roads, and predecessors."""
        return self._shortest[side]

    @cached_property
    def _shortest(self) -> tuple[tuple[Floats, NDArray[np.int32]], ...]:
        return tuple(self._search(side) for side in (BLUE, RED))

    def _search(self, side: int) -> tuple[Floats, NDArray[np.int32]]:
        usable = self.passable[side] == 1
        ends, km = self.ends[usable], np.maximum(self.km[usable], 1e-6)
        return _searched(tuple(map(tuple, ends.tolist())), tuple(km.tolist()), len(self.places))

    def hops(self, side: int) -> Ints:
        """(V, V) the road to take from the first place towards the second, -1 if none."""
        _, before = self.shortest(side)
        road_of: dict[tuple[int, int], int] = {}
        for g in np.argsort(-self.km, kind="stable"):  # of two roads, the shorter comes last
            if self.passable[side, g]:
                a, b = (int(end) for end in self.ends[g])
                road_of[a, b], road_of[b, a] = 2 * int(g), 2 * int(g) + 1
        count = len(self.places)
        roads = np.full((count, count), -1, dtype=np.int64)
        for ends, road in road_of.items():
            roads[ends] = road
        # Roads run both ways, so the predecessor on the way from the target is the next place.
        following = np.ascontiguousarray(before.T)
        hop = roads[np.arange(count)[:, np.newaxis], np.maximum(following, 0)]
        hop[following < 0] = -1
        return hop

    def depth_km(self, side: int) -> Floats:
        """(V,) km by any road from the nearest place the other side holds at the start."""
        distance, _ = self.shortest(RED)
        enemy = self.holder == (1 - side)
        if not enemy.any():
            return np.zeros(len(self.places))
        nearest = distance[:, enemy].min(axis=1)
        return np.where(np.isfinite(nearest), nearest, 1e6)

    def rail_km(self) -> Floats:
        """(V,) km by road from Red's nearest railhead on its own ground."""
        distance, _ = self.shortest(RED)
        places = self.scenario.theatre.places
        heads = [
            v
            for v, place in enumerate(self.places)
            if places[place].railhead and self.holder[v] == RED
        ]
        if not heads:
            return np.zeros(len(self.places))
        nearest = distance[:, heads].min(axis=1)
        return np.where(np.isfinite(nearest), nearest, 1e6)


@lru_cache(maxsize=32)  # a posture that builds no road leaves every way as it was
def _searched(
    ends: tuple[tuple[int, int], ...], km: tuple[float, ...], count: int
) -> tuple[Floats, NDArray[np.int32]]:
    """Distances between so many places over roads, and predecessors; not to be written to."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    # Two roads between the same places: the shorter one counts (a sparse array would add them).
    best: dict[tuple[int, int], float] = {}
    for (a, b), length in zip(ends, km, strict=True):
        for pair in ((a, b), (b, a)):
            best[pair] = min(length, best.get(pair, np.inf))
    rows, columns = ([pair[i] for pair in best] for i in range(2))
    graph = csr_array((list(best.values()), (rows, columns)), shape=(count, count))
    distance, before = dijkstra(graph, return_predecessors=True)
    return distance, before
