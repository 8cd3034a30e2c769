"""What an equilibrium is held to, and where the limit is taken to be."""

from __future__ import annotations

SMALLEST_SPAN = 1e-300
RESIDUAL = 1e-8
"""The largest misfit of an equilibrium at a given precision."""
LIMIT = 1e7
"""Precision, in ranges of payoffs, that stands for the limit."""
LIMIT_REGRET = 1e-6
"""The largest regret of the limit, and the largest loss at any set, in its player's range."""
MOST_UNEVEN = 1e5
"""How many times wider one player's payoffs may be than another's, for the limit of both."""
STEEP = 1e6
"""Precision from which rounding alone may exceed the residual: more of it is then allowed, and what
is left over is judged by regret."""
WAYPOINT = 50.0
"""Precision at which a branch other than the principal is picked up on the way to the limit."""
ALIKE = 1e-14
"""How far apart, in ranges of payoffs, rounding may bring gains that are the same at all nodes of a
set. Taken for the same where they are not, they move no share by more than a quarter of the
residual at `STEEP`; taken for different where they are the same, they cost time alone."""
