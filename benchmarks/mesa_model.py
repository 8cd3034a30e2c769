"""The ground campaign as a Mesa model: the same rules on the same network, in plain Python.

Formations are Mesa agents; places and roads are plain objects. The rules are the engine's own
functions, run as Python: with ``NUMBA_DISABLE_JIT=1`` (which `compare_mesa` sets) the decorators
of `glacis.campaign` hand back the functions as they are written. They read and write attributes,
so they work on agents as they do on the engine's tables, and do so faster than on tables, whose
fields cost Python much more to reach. Mesa drives the steps and moves each agent in turn.

`compare_mesa` runs it in a process of its own and holds its wars against the engine's.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import mesa
import numba
import numpy as np

from glacis.campaign import kernel
from glacis.campaign.compile import Compiled, compile_option
from glacis.campaign.movement import advance
from glacis.campaign.run import draw_worlds
from glacis.campaign.state import MOVING, SCENE, SUMMARY, Rolls
from glacis.scenario.read import read_scenario
from glacis.streams import split_seed

NO_FILM = SimpleNamespace(hour=())


class Formation(mesa.Agent):
    """One battalion; its attributes are the fields of the engine's table of formations."""

    def __init__(self, model: War, fields: SimpleNamespace, index: int) -> None:
        super().__init__(model)
        self.__dict__.update(vars(fields))
        self.ways = SimpleNamespace(hop=model.ways.hop, route=Row(model.ways.route, index))

    def advance(self, begin: float, end: float) -> None:
        """Move for one step, if under way."""
        if self.status == MOVING:
            war = self.model
            scene, roll = war.scene, Rolls([0], [])
            count, scene.afield = scene.afield, 1  # the rule is told of this formation alone
            rest = (war.places, war.roads, self.ways, roll, war.world, scene, war.summary)
            advance([self], *rest, begin, end)
            scene.afield = count


class Grid(dict[Any, int]):
    """An array of whole numbers that Python reads quickly: its indices are the keys."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        super().__init__(zip(np.ndindex(array.shape), array.ravel().tolist(), strict=True))
        self.shape = array.shape


class Row:
    """One row of a grid, as a grid of its own."""

    def __init__(self, grid: Grid, row: int) -> None:
        self._cells = [grid[row, column] for column in range(grid.shape[1])]

    def __getitem__(self, at: tuple[int, int]) -> int:
        return self._cells[at[1]]


class War(mesa.Model):
    """One world's campaign.

    Parameters
    ----------
    compiled
        The option to be played.
    draws
        The Quantities of some worlds.
    number
        Which of them this is.
    """

    def __init__(self, compiled: Compiled, draws: Any, number: int, *, seed: int) -> None:
        super().__init__(rng=0)  # never drawn from: luck is the engine's
        self.clock = compiled.ways.clock.tolist()
        self.ways = SimpleNamespace(
            hop=Grid(compiled.ways.hop),
            route=Grid(compiled.ways.route),
            out=Grid(compiled.ways.out),
        )
        self.world = plain(draws.worlds[number])
        self.places = dealt(compiled.places, draws.places[number])
        self.roads = dealt(compiled.roads, draws.roads[number])
        self.formations = [
            Formation(self, fields, index)
            for index, fields in enumerate(dealt(compiled.forces, draws.forces[number]))
        ]
        self.scene = plain(np.zeros(1, SCENE)[0])
        self.scene.k0, self.scene.k1 = split_seed(seed)
        self.scene.number = self.world.number
        self.scene.reinforced = 1
        self.summary = plain(np.zeros(1, SUMMARY)[0])
        self.summary.first_crossing = np.inf
        self.rolls = Rolls([0] * len(self.formations), [0] * len(self.formations))
        kernel._begin(self.formations, self.places, self.roads, self.ways, self.world, self.scene)

    def step(self) -> None:
        """One step of the campaign's clock, unless nothing stirs."""
        begin, end = self.clock[self.steps - 1], self.clock[self.steps]
        if kernel._stirs(self.formations, self.scene, end):
            kernel._step(
                self.formations,
                self.places,
                self.roads,
                self.ways,
                self.rolls,
                self.world,
                self.scene,
                self.summary,
                begin,
                end,
            )

    def play(self) -> War:
        """All steps."""
        for _ in range(len(self.clock) - 1):
            self.step()
        return self


def advance_by_agents(forces: list[Formation], *rest: Any) -> None:
    """The engine's loop over formations, as Mesa runs it: every agent moves in its turn."""
    forces[0].model.agents.do("advance", *rest[-2:])


def plain(record: Any) -> SimpleNamespace:
    """A row of a table as an object with plain numbers, lists and objects."""
    found = SimpleNamespace()
    for name in record.dtype.names:
        value = record[name]
        if getattr(value, "dtype", None) is not None and value.dtype.names:
            value = plain(value)
        elif isinstance(value, np.ndarray | np.generic):
            value = value.tolist()
        setattr(found, name, value)
    return found


def dealt(table: Any, draws: Any) -> list[SimpleNamespace]:
    """The rows of a table as objects, with one world's draws in them."""
    rows = [plain(row) for row in table]
    for row, drawn in zip(rows, draws, strict=True):
        row.draw = plain(drawn)
    return rows


def play(scenario: str, posture: str, worlds: int, *, seed: int) -> dict[str, Any]:
    """Some worlds of a scenario's assault, answered in full, and the seconds they took."""
    assert numba.config.DISABLE_JIT, "run me with NUMBA_DISABLE_JIT=1"
    read = read_scenario(scenario)
    compiled = compile_option(read.posture(posture), "assault")
    draws = compiled.draws(draw_worlds(read, worlds, seed))
    kernel.advance = advance_by_agents
    start = time.perf_counter()
    wars = [War(compiled, draws, number, seed=seed).play() for number in range(worlds)]
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "formations": len(compiled.members),
        "reached": [hours(place.reached for place in war.places) for war in wars],
        "falls": [hours(place.falls for place in war.places) for war in wars],
        "strength": [[force.strength for force in war.formations] for war in wars],
    }


def hours(values: Iterable[float]) -> list[float | None]:
    """Hours as JSON holds them: none where a thing did not happen."""
    return [float(value) if np.isfinite(value) else None for value in values]
