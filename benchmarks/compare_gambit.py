"""How many times faster games are solved than by Gambit, on the same games in one run.

First it checks that both play them alike, then it compares milliseconds a game on one thread::

    python -m venv gambit-env && gambit-env/bin/pip install . pygambit
    gambit-env/bin/python benchmarks/compare_gambit.py [--games 20] [--precision 5] [--json FILE]
    gambit-env/bin/python benchmarks/compare_gambit.py --file world.efg

The second compares the answers to one game in a file, such as `glacis game baltic --efg FILE`
writes.

Gambit is under the GPL, so no environment of glacis's own holds it; without it this says so and
ends. Ends with 1 if the answers differ or the ratio is below the bar.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from glacis.crisis.efg import read_efg, write_efg
from glacis.crisis.equilibrium import Games, solve, solve_games
from glacis.crisis.tree import Game, Outcome
from glacis.executor import Runner
from glacis.study.games import AGREEMENT, golden, random_games

BAR = 1000.0
ROUNDS = 40  # how often ours are solved, to have something to measure


def with_numbers(game: Game, games: Games, world: int) -> Game:
    """The game of one world; chances are even, so that both read the same numbers."""
    from dataclasses import replace

    outcomes = tuple(
        Outcome(tuple(games.payoffs[world, n].tolist()), str(n)) for n in range(len(game.nodes))
    )
    nodes = tuple(
        replace(node, outcome=n if node.set < 0 else -1) for n, node in enumerate(game.nodes)
    )
    return replace(game, nodes=nodes, outcomes=outcomes)


def gambit(game: Game, precision: float) -> tuple[list[float], float]:
    """Gambit's probabilities, and the seconds it took."""
    import pygambit

    read = pygambit.read_efg(io.BytesIO(write_efg(game).encode()))
    started = time.perf_counter()
    (found,) = pygambit.qre.logit_solve_lambda(read, lam=precision)
    seconds = time.perf_counter() - started
    return [float(found[k]) for k in range(len(found))], seconds


def compare(count: int, precision: float) -> dict[str, Any]:
    """Both on the largest tree of the golden games, payoffs standard normal."""
    tree = golden()[-1]
    games = random_games(tree.game, count, seed=3)
    games = games._replace(
        precisions=np.full(count, precision), chances=np.full_like(games.chances, 0.5)
    )
    answers = [gambit(with_numbers(tree.game, games, w), precision) for w in range(count)]
    many = Games(*(np.concatenate([column] * ROUNDS) for column in games))
    runner = Runner(workers=1)
    found = solve_games(tree.game, games, runner=runner)
    started = time.perf_counter()
    solve_games(tree.game, many, runner=runner)
    ours = (time.perf_counter() - started) / (count * ROUNDS)
    theirs = float(np.mean([seconds for _, seconds in answers]))
    difference = np.abs(found.share - np.array([shares for shares, _ in answers])).max()
    return {
        "games": count,
        "leaves": len(tree.game.terminals),
        "precision": precision,
        "largest_difference": float(difference),
        "gambit_ms": 1000 * theirs,
        "glacis_ms": 1000 * ours,
        "ratio": theirs / ours,
        "bar": BAR,
    }


def compare_file(file: Path, precision: float) -> int:
    """Both on one game in a file: print, and 1 if the answers differ."""
    game = read_efg(file)
    theirs, seconds = gambit(game, precision)
    ours = [share for one in solve(game, precision=precision).shares for share in one]
    difference = float(np.abs(np.array(ours) - np.array(theirs)).max())
    print(
        f"{file.name}: {len(game.terminals)} leaves at precision {precision:g}; largest difference "
        f"{difference:.1e} in {len(ours)} probabilities; Gambit {seconds:.1f} s"
    )
    return 0 if difference <= AGREEMENT else 1


def main() -> int:
    """Compare, print, and say by the exit code whether the bar is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--games", type=int, default=20)
    parser.add_argument("--precision", type=float, default=5.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    try:
        import pygambit  # noqa: F401 - only whether it is there
    except ImportError:
        print("compare_gambit: pygambit is not installed, so there is nothing to compare with")
        return 0
    if given.file:
        return compare_file(given.file, given.precision)
    found = compare(given.games, given.precision)
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(
        f"{found['games']} games of {found['leaves']} leaves at precision {found['precision']:g}, "
        f"one thread: Gambit {found['gambit_ms']:.0f} ms, glacis {found['glacis_ms']:.3f} ms a "
        f"game; {found['ratio']:,.0f} times (bar {BAR:,.0f}); "
        f"largest difference {found['largest_difference']:.1e}"
    )
    return 0 if found["ratio"] >= BAR and found["largest_difference"] <= AGREEMENT else 1


if __name__ == "__main__":
    sys.exit(main())
