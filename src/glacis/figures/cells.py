"""The ground around places: what is nearer to each than to any other, and within reach of it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def nearest_cells(points: Floats, far: float = 1e5) -> list[Floats]:
    """For each point the area that is nearer to it than to any other, as a closed ring."""
    from scipy.spatial import Voronoi

    around = far * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 2], [2, 0], [0, -2], [-2, 0]])
    graph = Voronoi(np.concatenate([points, points.mean(axis=0) + around]))
    rings = []
    for point in range(len(points)):
        corners = graph.vertices[graph.regions[graph.point_region[point]]]
        turn = np.arctan2(*(corners - points[point]).T[::-1])
        ring = corners[np.argsort(turn)]
        rings.append(np.concatenate([ring, ring[:1]]))
    return rings


def within(ring: Floats, middle: Floats, *, radius: float) -> Floats:
    """The part of a convex area that lies within a circle (of 60 corners), as a closed ring."""
    corners = list(ring[:-1])
    for angle in np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False):
        outward = np.array([math.cos(angle), math.sin(angle)])
        over = [float((corner - middle) @ outward) - radius for corner in corners]
        kept: list[Floats] = []
        for i, corner in enumerate(corners):
            if (over[i - 1] > 0.0) != (over[i] > 0.0):
                share = over[i - 1] / (over[i - 1] - over[i])
                kept.append(corners[i - 1] + share * (corner - corners[i - 1]))
            if over[i] <= 0.0:
                kept.append(corner)
        corners = kept
    return np.array([*corners, corners[0]])
