"""A campaign in pictures: arrivals on the map, hours by posture, losses by side and over time."""

from __future__ import annotations

from glacis.figures.arrival import arrival_map
from glacis.figures.hours import hours_distribution
from glacis.figures.losses import losses_chart, losses_over_time

__all__ = ["arrival_map", "hours_distribution", "losses_chart", "losses_over_time"]
