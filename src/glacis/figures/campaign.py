"""A campaign in pictures: arrivals on the map, hours and losses, the arms, the front, munitions."""

from __future__ import annotations

from glacis.figures.arms import arms_over_time
from glacis.figures.arrival import arrival_map
from glacis.figures.arrivals import arrivals_chart
from glacis.figures.front import front_over_time
from glacis.figures.hours import hours_distribution
from glacis.figures.losses import losses_chart, losses_over_time
from glacis.figures.munitions import munitions_chart

__all__ = [
    "arms_over_time",
    "arrival_map",
    "arrivals_chart",
    "front_over_time",
    "hours_distribution",
    "losses_chart",
    "losses_over_time",
    "munitions_chart",
]
