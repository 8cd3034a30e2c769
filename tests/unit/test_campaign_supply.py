"""Who is in supply: attackers from where they came, garrisons from where they stand."""

from __future__ import annotations

import numpy as np
import pytest

from glacis.campaign.combat import suffer
from glacis.campaign.state import BLUE, FORCE, PLACE, RED, ROAD, SCENE, WORLD, Rolls, table


@pytest.fixture
def duel() -> tuple[np.recarray, np.recarray, np.recarray, np.recarray]:
    """A Red battalion on a road from place 0, and a Blue one in place 1, in contact."""
    forces, places, roads, world = table(2, FORCE), table(2, PLACE), table(2, ROAD), table(1, WORLD)
    places["holder"] = [RED, BLUE]
    places[1].contact = 1
    places[1].odds = 1.0
    roads["origin"], roads["toward"] = [0, 1], [1, 0]
    roads[0].room = 1.0
    for f, (side, node, road) in enumerate(((RED, 0, 0), (BLUE, 1, -1))):
        force = forces[f]
        force.side, force.node, force.road, force.front = side, node, road, 1
        force.strength = 1.0
    world["combat"]["press_at"] = 1.0
    places["fed"] = 1.0
    return forces, places, roads, world


def rolls() -> Rolls:
    """Both fight, and the first road is driven on."""
    return Rolls(*(np.array([0, 1]) for _ in Rolls._fields))


def scene() -> np.record:
    """A scene with one road on the list."""
    found = table(1, SCENE)
    found["used"] = 1
    return found[0]


@pytest.mark.parametrize("supplied", [True, False])
@pytest.mark.parametrize("side", [RED, BLUE])
def test_hunger_depends_on_ones_own_lines(
    duel: tuple[np.recarray, np.recarray, np.recarray, np.recarray], side: int, *, supplied: bool
) -> None:
    forces, places, roads, world = duel
    home = 0 if side == RED else 1
    places[home].supplied[side] = supplied
    fighter = forces[0] if side == RED else forces[1]
    fighter.hungry = 30.0  # it has been cut off for a while
    suffer(forces, places, roads, rolls(), 2, world[0], scene(), 6.0)
    assert fighter.hungry == (0.0 if supplied else 36.0)
    assert fighter.fed == (1.0 if supplied else 0.0)


def test_half_of_the_need_makes_hungry_half_as_fast(
    duel: tuple[np.recarray, np.recarray, np.recarray, np.recarray],
) -> None:
    forces, places, roads, world = duel
    places[0].supplied[RED] = 1
    places[0].fed[RED] = 0.5
    suffer(forces, places, roads, rolls(), 2, world[0], scene(), 6.0)
    assert forces[0].hungry == 3.0
    assert forces[0].fed == 0.5
