"""Games for tests: a few by hand, and random ones of perfect recall."""

from __future__ import annotations

import numpy as np

from glacis.crisis.tree import CHANCE, Game, InformationSet, Node, Outcome

ENTRY = """EFG 2 R "Entry deterrence" { "Entrant" "Incumbent" }
"a comment"

p "" 1 1 "entry" { "out" "in" } 0
t "" 1 "stay out" { 0, 2 }
p "" 2 1 "answer" { "accommodate" "fight" } 0
t "" 2 "share" { 1, 1 }
t "" 3 "war" { -1, -1 }
"""

SIGNAL = """EFG 2 R "Princess Bride signaling game (from Watson)" { "Wesley" "Prince" }
""

c "" 1 "" { "Strong" 1/2 "Weak" 1/2 } 0
p "" 1 1 "" { "Up" "Stay" } 0
p "" 2 1 "" { "Surrender" "Fight" } 0
t "" 1 "Outcome1" { 1, 0 }
t "" 2 "Outcome2" { 0, -2 }
p "" 2 2 "" { "Surrender" "Fight" } 0
t "" 3 "Outcome3" { 1, 0 }
t "" 4 "Outcome4" { 0, -2 }
p "" 1 2 "" { "Up" "Stay" } 0
p "" 2 1 "" { "Surrender" "Fight" } 0
t "" 5 "Outcome5" { -1, 0 }
t "" 6 "Outcome6" { -3, 1 }
p "" 2 2 "" { "Surrender" "Fight" } 0
t "" 7 "Outcome7" { 1, 0 }
t "" 8 "Outcome8" { -1, 1 }
"""


def pennies(*, scale: float = 1.0) -> Game:
    """Matching pennies; the second player does not see what the first does."""
    outcomes = tuple(Outcome((scale * x, -scale * x)) for x in (1.0, -1.0, -1.0, 1.0))
    nodes = (
        Node(-1, 0, 0),
        Node(0, 0, 1),
        Node(1, 0, -1, 0),
        Node(1, 1, -1, 1),
        Node(0, 1, 1),
        Node(4, 0, -1, 2),
        Node(4, 1, -1, 3),
    )
    sets = (InformationSet(0, 1, ("heads", "tails")), InformationSet(1, 1, ("heads", "tails")))
    return Game(("even", "odd"), sets, nodes, outcomes, "Matching pennies")


def random_game(seed: int, *, leaves: int = 12, players: int = 2, seen: float = 0.5) -> Game:
    """A random tree in which some moves are hidden from some players; all remember their own.

    Players see a move of another, or of chance, with a probability of `seen`, or they do not; sets
    hold the nodes with the same view and as many actions.
    """
    luck = np.random.Generator(np.random.Philox(seed))
    nodes: list[Node] = []
    outcomes: list[Outcome] = []
    sets: list[InformationSet] = []
    known: dict[tuple[object, ...], int] = {}

    def grow(parent: int, branch: int, size: int, views: tuple[tuple[object, ...], ...]) -> None:
        here = len(nodes)
        if size == 1:
            outcomes.append(Outcome(tuple(luck.normal(size=players).tolist())))
            nodes.append(Node(parent, branch, -1, len(outcomes) - 1))
            return
        mover = int(luck.integers(-1, players))
        count = min(size, int(luck.choice([2, 2, 3])))
        key = (mover, count, views[mover], len(views[mover])) if mover >= 0 else (here,)
        if key not in known:
            actions = tuple(f"a{k}" for k in range(count))
            chances = tuple(luck.dirichlet(np.ones(count)).tolist()) if mover == CHANCE else ()
            number = 1 + sum(one.player == mover for one in sets)
            known[key] = len(sets)
            sets.append(InformationSet(mover, number, actions, "", chances))
        nodes.append(Node(parent, branch, known[key]))
        cuts = sorted(luck.choice(np.arange(1, size), count - 1, replace=False).tolist())
        seen_by = luck.random(players) < seen
        for k, part in enumerate(np.diff([0, *cuts, size])):
            after = tuple(
                (*view, known[key], k) if p == mover else (*view, (here, k)) if seen_by[p] else view
                for p, view in enumerate(views)
            )
            grow(here, k, int(part), after)

    grow(-1, 0, leaves, ((),) * players)
    names = tuple(f"P{k + 1}" for k in range(players))
    return Game(names, tuple(sets), tuple(nodes), tuple(outcomes), f"random {seed}")
