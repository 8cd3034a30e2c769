"""Equilibria: known ones, what their certificates say, and that nothing fails in silence."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from gametrees import ENTRY, SIGNAL, pennies, random_game
from glacis.crisis import equilibrium, tracing, values
from glacis.crisis.efg import read_efg
from glacis.crisis.equilibrium import Equilibrium, Games, branches, solve, solve_games
from glacis.crisis.layout import chance_logs, layout_of, payoffs_of
from glacis.crisis.tree import CHANCE, Game, InformationSet, Node, Outcome
from glacis.errors import Cancelled, InputError
from glacis.executor import Runner


def choice(*payoffs: float) -> Game:
    """One player chooses once."""
    actions = tuple(f"a{k}" for k in range(len(payoffs)))
    leaves = tuple(Node(0, k, -1, k) for k in range(len(payoffs)))
    outcomes = tuple(Outcome((value,)) for value in payoffs)
    return Game(("one",), (InformationSet(0, 1, actions),), (Node(-1, 0, 0), *leaves), outcomes)


def copies(game: Game, precisions: list[float]) -> Games:
    worlds = len(precisions)
    return Games(
        np.repeat(payoffs_of(game)[None], worlds, axis=0),
        np.repeat(np.exp(chance_logs(game))[None], worlds, axis=0),
        np.array(precisions),
    )


@pytest.mark.parametrize("precision", [0.0, 0.3, 5.0, 80.0])
def test_a_single_choice_is_logit(precision: float) -> None:
    found = solve(choice(1.0, 0.25, -2.0), precision=precision)
    weights = np.exp(precision * np.array([1.0, 0.25, -2.0]))
    assert found.shares[0] == pytest.approx(weights / weights.sum(), abs=1e-12)
    assert found.is_converged


def test_backward_induction_in_the_limit() -> None:
    found = solve(read_efg(ENTRY))
    assert np.ravel(found.shares) == pytest.approx([0.0, 1.0, 1.0, 0.0])
    assert found.regret == pytest.approx(0.0, abs=1e-9)
    assert found.worths[1] == pytest.approx((1.0, -1.0))


@pytest.mark.parametrize("precision", [1.0, 30.0, math.inf])
def test_matching_pennies_is_mixed(precision: float) -> None:
    found = solve(pennies(scale=3.0), precision=precision)
    assert np.ravel(found.shares) == pytest.approx([0.5] * 4, abs=1e-9)


@pytest.mark.parametrize("precision", [1.8, 1.85, 1.866, 1.87, 1.9])
def test_a_correction_that_crosses_the_goal_does_not_run_past_it(precision: float) -> None:
    payoffs = {0: (0.0, 0.0), 1: (-0.17938225, -0.17938225), 2: (0.00744159, -0.00349293)}
    found = solve(read_efg(ENTRY).with_payoffs(payoffs), precision=precision)
    assert found.is_converged
    assert found.residual < 1e-10


@pytest.mark.parametrize("precision", [0.1, 0.3, 1.0])
def test_small_precisions_converge_too(precision: float) -> None:
    game, worlds = read_efg(ENTRY), 20_000
    luck = np.random.Generator(np.random.Philox(8))
    payoffs = np.zeros((worlds, len(game.nodes), 2))
    payoffs[:, list(game.terminals)] = luck.normal(size=(worlds, len(game.terminals), 2))
    games = Games(payoffs, np.zeros((worlds, 0)), np.full(worlds, precision))
    found = solve_games(game, games)
    assert (found.status == 0).all()
    assert found.residual.max() < 1e-10


def test_shares_hang_on_precision_times_payoffs() -> None:
    game = random_game(3)
    larger = replace(
        game, outcomes=tuple(Outcome(tuple(4 * x + 7 for x in o.payoffs)) for o in game.outcomes)
    )
    one, other = solve(game, precision=8.0), solve(larger, precision=2.0)
    assert np.concatenate(one.shares) == pytest.approx(np.concatenate(other.shares), abs=1e-11)


def test_the_signalling_game_has_a_sequential_equilibrium() -> None:
    found = solve(read_efg(SIGNAL))
    strong, weak, up, stay = found.shares
    assert strong == pytest.approx((1.0, 0.0), abs=1e-6)
    assert weak == pytest.approx((0.5, 0.5), abs=1e-6)
    assert up == pytest.approx((1.0, 0.0), abs=1e-6)
    assert stay == pytest.approx((0.0, 1.0), abs=1e-6)
    assert found.beliefs[2] == pytest.approx((2 / 3, 1 / 3), abs=1e-6)
    assert found.beliefs[3] == pytest.approx((0.0, 1.0), abs=1e-6)


def test_beliefs_hold_where_nobody_comes() -> None:
    """Both kinds stay out, by far; the one that loses less by entering is thought to have."""
    actions = ("out", "in")
    sets = (
        InformationSet(CHANCE, 1, ("a", "b"), "", (0.5, 0.5)),
        InformationSet(0, 1, actions),
        InformationSet(1, 1, ("l", "r")),
        InformationSet(0, 2, actions),
    )
    nodes = (
        Node(-1, 0, 0),
        Node(0, 0, 1),
        Node(1, 0, -1, 0),
        Node(1, 1, 2),
        Node(3, 0, -1, 1),
        Node(3, 1, -1, 2),
        Node(0, 1, 3),
        Node(6, 0, -1, 0),
        Node(6, 1, 2),
        Node(8, 0, -1, 3),
        Node(8, 1, -1, 4),
    )
    outcomes = tuple(Outcome(pair) for pair in ((0, 0), (-50, 1), (-50, 0), (-90, 0), (-90, 1)))
    found = solve(Game(("I", "U"), sets, nodes, outcomes))
    assert found.reached()[3] == 0.0
    assert found.beliefs[2] == pytest.approx((1.0, 0.0))
    assert found.shares[2] == pytest.approx((1.0, 0.0))


def test_splitting_an_option_leaves_the_first_choice_alone() -> None:
    """Choice is nested: two ways to do the same do not make it likelier that it is done."""

    def act(variants: int) -> Game:
        leaves = tuple(Node(2, k, -1, 1) for k in range(variants))
        nodes = (Node(-1, 0, 0), Node(0, 0, -1, 0), Node(0, 1, 1), *leaves)
        names = tuple(f"v{k}" for k in range(variants))
        sets = (InformationSet(0, 1, ("refrain", "act")), InformationSet(0, 2, names))
        return Game(("red",), sets, nodes, (Outcome((0.0,)), Outcome((0.3,))))

    one, two, five = (solve(act(k), precision=6.0).shares[0] for k in (1, 2, 5))
    assert one == pytest.approx(two, abs=1e-15)
    assert one == pytest.approx(five, abs=1e-15)


@pytest.mark.parametrize("seed", range(8))
def test_slopes_are_those_of_the_worths(seed: int) -> None:
    game = random_game(seed, leaves=18, players=1 + seed % 3)
    layout, payoffs, logs = layout_of(game), payoffs_of(game), chance_logs(game)
    scratch = values.new_scratch(layout, len(logs))
    actions, n = len(layout.column), layout.unknowns
    scratch.log[actions:], scratch.share[actions:] = logs, np.exp(logs)
    luck = np.random.Generator(np.random.Philox(seed))
    odds = luck.normal(size=n + 1)

    def worths(at: np.ndarray) -> np.ndarray:
        values.set_shares(layout, at, scratch)
        values.set_beliefs(layout, scratch)
        values.set_worths(layout, payoffs, scratch)
        return scratch.worth.copy()

    step = 1e-6
    measured = np.array(
        [
            (worths(odds + step * unit) - worths(odds - step * unit)) / (2 * step)
            for unit in np.eye(n + 1)[:n]
        ]
    ).reshape(n, actions)
    plain = worths(odds)
    tracing.look(layout, payoffs, odds, scratch)
    assert scratch.worth == pytest.approx(plain, abs=1e-12)
    assert pytest.approx(measured, abs=1e-7) == scratch.slope_worth.T


def expected(found: Equilibrium, player: int, shares: tuple[tuple[float, ...], ...]) -> float:
    """What a player gets if everybody plays so, node by node."""
    played = replace(found, shares=shares)
    game = found.game
    return math.fsum(
        reach * game.outcomes[node.outcome].payoffs[player]
        for node, reach in zip(game.nodes, played.reached(), strict=True)
        if node.outcome >= 0
    )


@pytest.mark.parametrize("seed", range(8))
def test_regret_is_the_best_of_all_pure_answers(seed: int) -> None:
    game = random_game(seed, leaves=12)
    found = solve(game, precision=3.0)
    most = 0.0
    for player in range(2):
        own = [h for h, k in enumerate(game.decisions) if game.sets[k].player == player]
        plain = expected(found, player, found.shares)
        for pure in itertools.product(*(range(len(found.shares[h])) for h in own)):
            changed = list(found.shares)
            for h, a in zip(own, pure, strict=True):
                changed[h] = tuple(float(k == a) for k in range(len(found.shares[h])))
            most = max(most, expected(found, player, tuple(changed)) - plain)
    assert found.regret == pytest.approx(most, abs=1e-10)


def test_the_least_credible_last_move() -> None:
    found = solve(read_efg(ENTRY), precision=2.0)
    fight = found.shares[1][1]
    assert found.last_place == 1
    assert found.last_loss == pytest.approx(2.0 * fight)


def test_games_without_choice_are_solved() -> None:
    sets = (InformationSet(CHANCE, 1, ("a", "b"), "", (0.25, 0.75)),)
    nodes = (Node(-1, 0, 0), Node(0, 0, -1, 0), Node(0, 1, -1, 1))
    found = solve(Game(("one",), sets, nodes, (Outcome((4.0,)), Outcome((0.0,)))))
    assert found.shares == ()
    assert found.is_converged
    assert found.reached() == (1.0, 0.25, 0.75)
    flat = solve(choice(2.0, 2.0), precision=50.0)
    assert flat.shares == ((0.5, 0.5),)


def test_a_chance_that_never_happens() -> None:
    game = read_efg(SIGNAL.replace('"Strong" 1/2 "Weak" 1/2', '"Strong" 1 "Weak" 0'))
    found = solve(game, precision=4.0)
    assert found.is_converged
    assert found.beliefs[2][0] == pytest.approx(1.0)


def test_worlds_do_not_hang_on_chunks_or_threads() -> None:
    game = random_game(5, leaves=16)
    games = copies(game, list(np.linspace(0.5, 40.0, 37)))
    plain = solve_games(game, games, runner=Runner(workers=1))
    for runner in (Runner(workers=2, chunk=5), Runner(workers=2, chunk=1)):
        other = solve_games(game, games, runner=runner)
        assert all((a == b).all() for a, b in zip(plain, other, strict=True))
    assert (plain.status == 0).all()


def test_progress_and_cancel() -> None:
    import threading

    game, told = pennies(), []
    games = copies(game, [1.0] * 10)
    solve_games(game, games, runner=Runner(chunk=4, progress=lambda *two: told.append(two)))
    assert told == [(4, 10), (8, 10), (10, 10)]
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        solve_games(game, games, runner=Runner(cancel=cancel))


def test_no_worlds() -> None:
    game = pennies()
    none = Games(np.zeros((0, 7, 2)), np.zeros((0, 0)), np.zeros(0))
    assert solve_games(game, none).share.shape == (0, 4)


def coordination(first: float = 2.0, second: float = 1.0) -> Game:
    """Both want the same, and one of the two ways may be better."""
    pairs = ((first, first), (0.0, 0.0), (0.0, 0.0), (second, second))
    return pennies().with_payoffs(dict(enumerate(pairs)))


def test_other_branches_are_found() -> None:
    found = branches(coordination(), precision=20.0, starts=20)
    first = sorted(one.shares[0][0] for one in found)
    assert len(found) == 3
    assert first == pytest.approx([0.0, 1 / 3, 1.0], abs=0.02)
    assert found[0].shares[0][0] > 0.99  # the better one grows out of indifference
    assert all(one.is_converged for one in found)


def test_other_branches_are_found_in_the_limit() -> None:
    found = branches(coordination(), starts=20)
    first = sorted(one.shares[0][0] for one in found)
    assert first == pytest.approx([0.0, 1 / 3, 1.0], abs=1e-6)


def test_branches_are_the_same_for_the_same_seed() -> None:
    one, other = (branches(coordination(), precision=9.0, starts=5, seed=4) for _ in range(2))
    assert [found.shares for found in one] == [found.shares for found in other]


def test_a_fork_is_noted() -> None:
    """Where both ways are alike, the branch of indifference crosses another."""
    found = solve(coordination(2.0, 2.0), precision=20.0)
    assert found.shares[0] == pytest.approx((0.5, 0.5))
    assert found.forks == 1


@pytest.mark.parametrize("precision", [-1.0, math.nan])
def test_odd_precisions_are_refused(precision: float) -> None:
    with pytest.raises(InputError, match="precision: must be >= 0"):
        solve(pennies(), precision=precision)


SOUND = Games(np.zeros((1, 15, 2)), np.array([[0.5, 0.5]]), np.ones(1))


@pytest.mark.parametrize(
    "change, message",
    [
        ({"payoffs": np.zeros((1, 3, 2))}, r"payoffs: must be of shape \(1, 15, 2\)"),
        ({"payoffs": np.zeros((1, 15, 5))}, r"payoffs: must be of shape \(1, 15, 2\)"),
        ({"payoffs": np.full((1, 15, 2), np.nan)}, "payoffs: must be numbers within"),
        ({"payoffs": np.full((1, 15, 2), 1e300)}, "payoffs: must be numbers within"),
        ({"chances": np.zeros((1, 0))}, r"chances: must be of shape \(1, 2\)"),
        ({"chances": np.array([[0.9, 0.9]])}, "chances: must be probabilities that add up to 1"),
        ({"chances": np.array([[1.5, -0.5]])}, "chances: must be probabilities that add up to 1"),
    ],
)
def test_numbers_must_fit_the_form(change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solve_games(read_efg(SIGNAL), SOUND._replace(**change))


def dilemma(scale: float = 1.0, shift: float = 0.0) -> Game:
    """The prisoner's dilemma, the first player's payoffs in another unit and from another zero."""
    game = pennies()
    pairs = ((2.0, 2.0), (0.0, 3.0), (3.0, 0.0), (1.0, 1.0))
    return game.with_payoffs({k: (scale * a + shift, b) for k, (a, b) in enumerate(pairs)})


@pytest.mark.parametrize("scale, shift", [(1, 1e7), (1, -1e9), (1e4, 0), (1e-4, 5), (1e4, 1e6)])
def test_units_and_zeros_of_one_player_do_not_matter_in_the_limit(
    scale: float, shift: float
) -> None:
    found = solve(dilemma(scale, shift))
    assert found.is_converged
    assert [share[1] for share in found.shares] == pytest.approx([1.0, 1.0], abs=1e-5)
    assert found.worths[0][1] == pytest.approx(scale + shift, rel=1e-6)


@pytest.mark.parametrize("scale", [1e-9, 1e3, 1e9])
def test_units_of_the_other_player_do_not_matter_at_a_precision(scale: float) -> None:
    found = solve(dilemma(scale), precision=5.0)
    first, second = found.shares[0][1], found.shares[1][1]
    assert found.is_converged
    assert first == pytest.approx(1 / (1 + np.exp(-5 * scale)), abs=1e-6)
    assert second == pytest.approx(1 / (1 + np.exp(-5)), abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_uneven_payoffs_are_held_to_each_players_own_range(seed: int) -> None:
    game = random_game(seed, leaves=16)
    uneven = replace(
        game, outcomes=tuple(Outcome((1e3 * o.payoffs[0], o.payoffs[1])) for o in game.outcomes)
    )
    found = solve(uneven)
    assert found.is_converged
    own = np.ptp([one.payoffs[1] for one in uneven.outcomes])
    for player in range(2):
        chosen = [h for h, k in enumerate(game.decisions) if game.sets[k].player == player]
        unit = own * (1e3 if player == 0 else 1)
        for h in chosen:
            lost = max(found.worths[h]) - np.dot(found.shares[h], found.worths[h])
            assert lost <= 1e-4 * unit


def test_an_exact_equilibrium_at_a_fork_is_one() -> None:
    """At precision 2 pure coordination on two equal ways is where the branch forks."""
    found = solve(coordination(1.0, 1.0), precision=2.0)
    assert found.residual == pytest.approx(0.0, abs=1e-12)
    assert found.is_converged


@pytest.mark.parametrize("starts, seed", [(-1, 1), (3, -1)])
def test_odd_searches_are_refused(starts: int, seed: int) -> None:
    with pytest.raises(InputError, match="must be >= 0"):
        branches(pennies(), precision=1.0, starts=starts, seed=seed)


def test_large_games_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equilibrium, "MAX_UNKNOWNS", 1)
    with pytest.raises(InputError, match="too large to solve: 7 nodes and 2 free actions"):
        solve(pennies())


def test_what_does_not_converge_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = equilibrium.load_kernels("glacis.crisis.kernel")
    real = kernel.solve_games

    def fails(*given: object) -> None:
        real(*given)
        given[-1].status[:] = tracing.STUCK  # type: ignore[attr-defined]

    monkeypatch.setattr(kernel, "solve_games", fails)
    found = solve(pennies(), precision=1.0)
    assert found.status == "stuck"
    assert not found.is_converged
    assert found.to_record()["status"] == "stuck"


def test_the_summary_has_a_row_for_each_action() -> None:
    found = solve(read_efg(ENTRY), precision=3.0)
    frame = found.summary()
    assert list(frame.index.get_level_values("action")) == ["out", "in", "accommodate", "fight"]
    assert frame["share"].to_list() == pytest.approx(list(np.concatenate(found.shares)))
    assert repr(found) == "<Equilibrium of 'Entry deterrence' at precision 3, converged>"


def test_the_record_has_the_stable_shape() -> None:
    record = solve(
        read_efg(ENTRY.replace('"accommodate" "fight"', '"a" "a"')), precision=5.0
    ).to_record()
    assert record["players"] == ["Entrant", "Incumbent"]
    assert record["precision"] == 5.0
    assert [(one["player"], one["number"]) for one in record["infosets"]] == [
        ("Entrant", 1),
        ("Incumbent", 1),
    ]
    assert list(record["infosets"][1]["actions"]) == ["a", "a#2"]
    assert record["infosets"][0]["beliefs"] == [1.0]
    assert record["status"] == "converged"
    assert record["residual"] < 1e-8
    assert solve(read_efg(ENTRY)).to_record()["precision"] is None
