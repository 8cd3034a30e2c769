"""Estimates: known ones recovered, closed forms met, and nothing that fails in silence."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gametrees import ENTRY, SIGNAL
from glacis.crisis import equilibrium
from glacis.crisis.efg import read_efg
from glacis.crisis.equilibrium import solve
from glacis.crisis.fit import Fit, Plays, Weight, fit, simulate_plays
from glacis.crisis.tree import CHANCE, Game, InformationSet, Node, Outcome
from glacis.errors import InputError

TRUTH = {"share": 0.8, "war": -0.5, "fight": 0.7}
MADE = 1.5


def choice(*payoffs: float) -> Game:
    """One player chooses once."""
    leaves = tuple(Node(0, k, -1, k) for k in range(len(payoffs)))
    actions = tuple(f"a{k}" for k in range(len(payoffs)))
    outcomes = tuple(Outcome((value,)) for value in payoffs)
    return Game(("one",), (InformationSet(0, 1, actions),), (Node(-1, 0, 0), *leaves), outcomes)


def one_of(leaf: int, leaves: int) -> list[list[float]]:
    """Adds to the payoff of one leaf of a single choice."""
    return [[float(k == leaf)] for k in range(leaves)]


def entry(*, is_empty: bool = False) -> Game:
    game = read_efg(ENTRY)
    return game.with_payoffs(dict.fromkeys(range(3), (0.0, 0.0))) if is_empty else game


def entry_weights(values: dict[str, float]) -> list[Weight]:
    """Leaves are: out, share, war."""
    adds = {
        "share": [[0, 0], [1, 1], [0, 0]],
        "war": [[0, 0], [0, 0], [1, 0]],
        "fight": [[0, 0], [0, 0], [0, 1]],
    }
    return [Weight(name, adds[name], values.get(name, 0.0)) for name in TRUTH]


def covariates(rows: int, *, seed: int = 5) -> np.ndarray:
    return np.random.Generator(np.random.Philox(seed)).normal(size=(rows, 3))


def distance(found: Fit, truth: Sequence[float]) -> list[float]:
    """How many standard errors estimates are off."""
    return [
        abs(b - t) / s
        for b, s, t in zip(found.estimates, found.standard_errors, truth, strict=True)
    ]


def informed(plays: Plays, game: Game, weights: list[Weight], **more: Any) -> Fit:
    """A fit that begins at 0, whatever the plays were made with."""
    return fit(game, [replace(one, value=0.0) for one in weights], plays=plays, **more)


@pytest.mark.parametrize("precision", [0.5, 1.0, 4.0])
def test_a_single_choice_has_a_closed_form(precision: float) -> None:
    ends = Plays([0, 1, 2], counts=[50, 130, 20])
    weights = [Weight("b", one_of(1, 3)), Weight("c", one_of(2, 3))]
    found = fit(choice(0.0, 0.0, 0.0), weights, plays=ends, precision=precision)
    wanted = [math.log(130 / 50) / precision, math.log(20 / 50) / precision]
    assert found.estimates == pytest.approx(wanted, abs=1e-6)
    errors = [math.sqrt(1 / 130 + 1 / 50) / precision, math.sqrt(1 / 20 + 1 / 50) / precision]
    assert found.standard_errors == pytest.approx(errors, rel=1e-6)
    assert found.covariance[0][1] == pytest.approx(1 / 50 / precision**2, rel=1e-5)
    likeliest = sum(n * math.log(n / 200) for n in (50, 130, 20))
    assert found.log_likelihood == pytest.approx(likeliest, rel=1e-12)
    assert found.log_likelihood_even == pytest.approx(200 * math.log(1 / 3))
    assert (found.plays, found.precision, found.precision_error) == (200, precision, None)
    assert found.is_converged
    assert 0 < found.iterations < 20


def test_precision_has_a_closed_form() -> None:
    """Precision is the log odds of what is fixed; the weight is a ratio of log odds."""
    ends = Plays([0, 1, 2], counts=[50, 130, 200])
    found = fit(choice(0.0, 2.0, 0.0), [Weight("c", one_of(2, 3))], plays=ends, precision=None)
    log_one, log_two = math.log(130 / 50), math.log(200 / 50)
    assert found.precision == pytest.approx(log_one / 2, rel=1e-6)
    assert found.precision_error == pytest.approx(math.sqrt(1 / 130 + 1 / 50) / 2, rel=1e-5)
    assert found.estimates == pytest.approx([2 * log_two / log_one], rel=1e-6)
    slopes = np.array([-2 * log_two / log_one**2, 2 / log_one])
    odds = np.diag([1 / 130, 1 / 200]) + 1 / 50
    assert found.standard_errors == pytest.approx([math.sqrt(slopes @ odds @ slopes)], rel=1e-5)
    assert found.is_converged


def test_shares_hang_on_an_offset_of_payoffs_no_more_than_by_rounding() -> None:
    ends = Plays([0, 1], counts=[30, 70])
    found = fit(choice(1e3, 1e3), [Weight("b", one_of(1, 2))], plays=ends)
    assert found.estimates == pytest.approx([math.log(7 / 3)], abs=1e-6)
    assert found.standard_errors == pytest.approx([math.sqrt(1 / 30 + 1 / 70)], rel=1e-4)


@pytest.mark.parametrize("precision", [MADE, None])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_plays_were_made_with_is_recovered(precision: float | None, seed: int) -> None:
    weights = entry_weights(TRUTH)
    made = simulate_plays(
        entry(), weights, precision=MADE, seed=seed, plays=4, covariates=covariates(250)
    )
    found = informed(made, entry(), weights, precision=precision)
    assert found.is_converged
    assert max(distance(found, list(TRUTH.values()))) < 3
    assert max(found.standard_errors) < 0.4
    if precision is None:
        assert found.precision_error is not None
        assert abs(found.precision - MADE) < 3 * found.precision_error < 0.6
    assert found.log_likelihood_even < found.log_likelihood < 0
    assert (found.unsolved, found.unsolved_rows) == (0, 0)


def test_a_game_of_hidden_moves_and_chance_is_recovered() -> None:
    game = read_efg(SIGNAL)
    cost = [[0.0, 0.0]] * 5 + [[-1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    win = [[0.0, 0.0], [0.0, 1.0]] * 4
    weights = [Weight("cost", cost, -1.0), Weight("win", win, 0.6)]
    made = simulate_plays(game, weights, precision=1.2, seed=3, plays=20_000)
    found = informed(made, game, weights, precision=None)
    assert found.is_converged
    assert max(distance(found, [-1.0, 0.6])) < 3
    assert found.precision_error is not None
    assert abs(found.precision - 1.2) < 3 * found.precision_error
    assert found.log_likelihood == pytest.approx(by_hand(game, weights, made, found), rel=1e-10)


def by_hand(game: Game, weights: list[Weight], plays: Plays, found: Fit) -> float:
    """The log likelihood leaf by leaf, from the game solved on its own."""
    payoffs = {
        k: tuple(
            own
            + sum(
                b * np.asarray(w.adds)[k][i] for b, w in zip(found.estimates, weights, strict=True)
            )
            for i, own in enumerate(one.payoffs)
        )
        for k, one in enumerate(game.outcomes)
    }
    reached = solve(game.with_payoffs(payoffs), precision=found.precision).reached()
    times = np.bincount(np.asarray(plays.ends), minlength=len(game.terminals))
    pairs = zip(times, game.terminals, strict=True)
    return math.fsum(n * math.log(reached[leaf]) for n, leaf in pairs if n)


def test_standard_errors_are_as_large_as_the_scatter() -> None:
    weights, scores = [Weight("b", one_of(1, 2), 0.4)], []
    for seed in range(60):
        made = simulate_plays(choice(0.0, 0.0), weights, precision=1.0, seed=seed, plays=200)
        found = informed(made, choice(0.0, 0.0), weights)
        scores.append((found.estimates[0] - 0.4) / found.standard_errors[0])
    assert abs(np.mean(scores)) < 0.4
    assert 0.75 < np.std(scores) < 1.25


def test_covariates_multiply_weights() -> None:
    """Two kinds of rows, of which each has its own log odds."""
    plays = Plays([0, 1, 0, 1], [60, 40, 20, 80], [[1.0, 0.0], [1.0, 0.0], [1.0, 2.0], [1.0, 2.0]])
    weights = [Weight("level", one_of(1, 2)), Weight("slope", one_of(1, 2))]
    found = fit(choice(0.0, 0.0), weights, plays=plays)
    low, high = math.log(40 / 60), math.log(80 / 20)
    assert found.estimates == pytest.approx([low, (high - low) / 2], abs=1e-6)
    spread = math.sqrt(1 / 60 + 1 / 40 + 1 / 20 + 1 / 80) / 2
    assert found.standard_errors[1] == pytest.approx(spread, rel=1e-6)


def test_units_of_covariates_do_not_matter() -> None:
    plays = Plays([0, 1, 0, 1], [60, 40, 20, 80], [[1e5], [1e5], [3e5], [3e5]])
    small = replace(plays, covariates=[[1.0], [1.0], [3.0], [3.0]])
    one, other = (
        fit(choice(0.0, 0.0), [Weight("b", one_of(1, 2))], plays=p) for p in (plays, small)
    )
    assert one.estimates[0] * 1e5 == pytest.approx(other.estimates[0], rel=1e-6)
    assert one.standard_errors[0] * 1e5 == pytest.approx(other.standard_errors[0], rel=1e-6)
    assert one.is_converged


def test_counts_are_repeated_rows() -> None:
    weights, given = entry_weights(TRUTH), covariates(30)
    made = simulate_plays(entry(), weights, precision=MADE, seed=1, covariates=given)
    counts = np.arange(30) % 4
    counted = replace(made, counts=counts)
    repeated = Plays(np.repeat(made.ends, counts), None, np.repeat(given, counts, axis=0))
    one, other = (informed(plays, entry(), weights) for plays in (counted, repeated))
    assert one == other
    assert one.plays == counts.sum()


def test_plays_hang_on_the_seed() -> None:
    weights = entry_weights(TRUTH)
    one, same, other = (
        simulate_plays(entry(), weights, precision=MADE, seed=seed, plays=200) for seed in (0, 0, 1)
    )
    assert np.array_equal(one.ends, same.ends)
    assert not np.array_equal(one.ends, other.ends)
    assert one.covariates is None


def test_plays_are_drawn_from_the_equilibrium() -> None:
    game = read_efg(SIGNAL)
    reached = np.array(solve(game, precision=1.0).reached())[list(game.terminals)]
    ends = np.asarray(simulate_plays(game, precision=1.0, seed=1, plays=40_000).ends)
    drawn = np.bincount(ends, minlength=8) / 40_000
    assert drawn == pytest.approx(reached, abs=0.012)
    rows = simulate_plays(
        choice(0.0, 0.0),
        [Weight("b", one_of(1, 2), 50.0)],
        precision=1.0,
        seed=1,
        plays=2,
        covariates=[[1.0], [-1.0]],
    )
    assert np.asarray(rows.ends).tolist() == [1, 1, 0, 0]
    assert np.asarray(rows.covariates).tolist() == [[1.0], [1.0], [-1.0], [-1.0]]


def test_plays_of_the_limit() -> None:
    ends = simulate_plays(entry(), precision=math.inf, seed=0, plays=20).ends
    assert np.asarray(ends).tolist() == [1] * 20


def test_precision_and_all_payoffs_cannot_float() -> None:
    game = choice(0.0, 0.0, 0.0)
    weights = [Weight("b", one_of(1, 3), 0.3), Weight("c", one_of(2, 3), 0.2)]
    plays = Plays([0, 1, 2], counts=[50, 130, 20])
    found = fit(game, weights, plays=plays, precision=None)
    assert found.status == "not identified"
    assert found.not_identified == ("b", "c", "precision")
    assert all(map(math.isnan, found.standard_errors))
    assert found.log_likelihood == pytest.approx(sum(n * math.log(n / 200) for n in (50, 130, 20)))


def test_what_is_identified_keeps_its_error() -> None:
    """One weight adds to all leaves alike, and so to no choice."""
    weights = [Weight("b", one_of(1, 2)), Weight("all", [[1.0], [1.0]])]
    found = fit(choice(0.0, 0.0), weights, plays=Plays([0, 1], counts=[30, 70]))
    assert found.status == "not identified"
    assert found.not_identified == ("all",)
    assert found.estimates[0] == pytest.approx(math.log(7 / 3), abs=1e-6)
    assert found.standard_errors[0] == pytest.approx(math.sqrt(1 / 30 + 1 / 70), rel=1e-6)
    assert math.isnan(found.standard_errors[1])


def test_always_the_same_is_not_identified() -> None:
    found = fit(choice(0.0, 0.0), [Weight("b", one_of(1, 2))], plays=Plays([1] * 10))
    assert found.status == "not identified"
    assert found.log_likelihood == pytest.approx(0.0, abs=1e-4)
    precise = fit(choice(0.0, 1.0), plays=Plays([1] * 10), precision=None)
    assert precise.not_identified == ("precision",)


def test_two_weights_that_do_the_same_are_not_identified() -> None:
    weights = [Weight("b", one_of(1, 2)), Weight("twice", [[0.0], [2.0]])]
    found = fit(choice(0.0, 0.0), weights, plays=Plays([0, 1], counts=[30, 70]))
    assert found.not_identified == ("b", "twice")


def test_a_vanishing_probability_is_no_infinity() -> None:
    found = fit(
        choice(0.0, 0.0), [Weight("b", one_of(1, 2), 900.0)], plays=Plays([0, 1], counts=[1, 9])
    )
    assert found.estimates == pytest.approx([math.log(9)], abs=1e-6)
    assert math.isfinite(found.log_likelihood)


def test_what_does_not_converge_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = equilibrium.load_kernels("glacis.crisis.kernel")
    real = kernel.solve_games
    plays = Plays([0, 1, 1, 0, 1, 0], covariates=[[1.0], [2.0], [1.0], [2.0], [2.0], [1.0]])

    def fails(*given: Any) -> None:
        real(*given)
        is_second = np.ptp(given[1][:, :, 0], axis=1) > 0
        given[-1].status[is_second] = equilibrium.STATUSES.index("stuck")

    game, weights = choice(0.0, 0.0), [Weight("b", one_of(1, 2))]
    before = fit(game, weights, plays=plays)
    assert (before.status, before.unsolved, before.unsolved_rows) == ("converged", 0, 0)
    monkeypatch.setattr(kernel, "solve_games", fails)
    found = fit(game, [replace(weights[0], value=0.3)], plays=plays)
    assert found.status == "stuck"
    assert 0 < found.unsolved <= found.solved
    assert found.unsolved_rows == 6
    assert found.log_likelihood == pytest.approx(found.log_likelihood_even)
    with pytest.raises(InputError, match="1 of 1 equilibria did not converge at precision 1; give"):
        simulate_plays(choice(0.0, 1.0), precision=1.0, seed=1)


def test_a_search_that_ends_early_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    import glacis.crisis.fit as module

    monkeypatch.setitem(module._OPTIONS, "maxiter", 1)
    found = fit(
        choice(0.0, 0.0), [Weight("b", one_of(1, 2), 5.0)], plays=Plays([0, 1], counts=[40, 60])
    )
    assert found.status == "stuck"
    assert not found.is_converged


def test_batches_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = entry_weights(TRUTH)
    made = simulate_plays(entry(), weights, precision=MADE, seed=1, covariates=covariates(40))
    one = informed(made, entry(), weights)
    monkeypatch.setattr("glacis.crisis.fit.BATCH", 90)
    assert informed(made, entry(), weights) == one


def test_the_record_is_plain() -> None:
    plays = Plays([0, 1, 2], counts=[50, 130, 200])
    found = fit(choice(0.0, 2.0, 0.0), [Weight("c", one_of(2, 3))], plays=plays, precision=None)
    record = found.to_record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["names"] == ["c"]
    assert record["estimates"] == list(found.estimates)
    assert len(record["covariance"]) == 2
    assert record["status"] == "converged"
    lost = fit(choice(0.0, 0.0), [Weight("b", one_of(1, 2))], plays=Plays([1] * 9)).to_record()
    assert lost["standard_errors"] == [None]
    assert lost["precision_error"] is None
    json.dumps(lost, allow_nan=False)


def test_the_summary_has_intervals() -> None:
    plays = Plays([0, 1, 2], counts=[50, 130, 200])
    found = fit(choice(0.0, 2.0, 0.0), [Weight("c", one_of(2, 3))], plays=plays, precision=None)
    table = found.summary()
    assert list(table.index) == ["c", "precision"]
    assert list(table.columns) == ["estimate", "standard_error", "z", "lower", "upper"]
    b, s = found.estimates[0], found.standard_errors[0]
    assert table.loc["c"].tolist() == pytest.approx(
        [b, s, b / s, b - 1.96 * s, b + 1.96 * s], rel=1e-4
    )
    low, high = table.loc["precision", "lower"], table.loc["precision", "upper"]
    assert low < found.precision < high
    assert low * high == pytest.approx(found.precision**2)
    assert table.attrs["status"] == "converged"
    fixed = fit(choice(0.0, 0.0), [Weight("b", one_of(1, 2))], plays=Plays([0, 1]))
    assert list(fixed.summary().index) == ["b"]


B = Weight("b", one_of(1, 2))
TWO = Plays([0, 1])


@pytest.mark.parametrize(
    "weights, given, message",
    [
        ([B], {"plays": Plays([])}, "ends: must be a list with rows"),
        ([B], {"plays": Plays([[0, 1]])}, "ends: must be a list with rows"),
        ([B], {"plays": Plays([0.5, 1.0])}, r"ends: must be whole numbers \(got 0.5\); give"),
        ([B], {"plays": Plays([0, 2])}, "ends: row 2 has 2; give an index .* from 0 to 1"),
        ([B], {"plays": Plays([-1])}, "ends: row 1 has -1; give an index"),
        ([B], {"plays": Plays([0, 1], [1, -1])}, "counts: row 2 has -1; give whole numbers"),
        ([B], {"plays": Plays([0, 1], [1, 0.5])}, "counts: row 2 has 0.5; give whole numbers"),
        ([B], {"plays": Plays([0, 1], [0, 0])}, "counts: there are no plays"),
        ([B], {"plays": Plays([0, 1], [1])}, r"counts must have shape \(2,\) \(got \(1,\)\)"),
        ([B], {"plays": Plays([0, 1], ["a", "b"])}, "counts must be numbers; give an array"),
        ([B], {"plays": Plays([0], None, [[1, 2]])}, r"covariates must have shape \(1, 1\)"),
        ([B], {"plays": Plays([0], None, [[math.nan]])}, r"covariates must be finite \(got nan\)"),
        ([B, B], {"plays": TWO}, "weights: the name b is taken; give every weight its own"),
        ([replace(B, name="precision")], {"plays": TWO}, "weights: the name precision is taken"),
        ([Weight("w", [[1.0]])], {"plays": TWO}, r"weight w: adds, .* must have shape \(2, 1\)"),
        ([Weight("w", [[1.0], [math.inf]])], {"plays": TWO}, "weight w: adds, .* must be finite"),
        ([replace(B, value=math.nan)], {"plays": TWO}, "weights: their values must be finite"),
        ([B], {"plays": TWO, "precision": -1.0}, r"precision: must be finite and > 0 \(got -1\)"),
        ([B], {"plays": TWO, "precision": 0.0}, r"precision: must be finite and > 0 \(got 0\)"),
        ([B], {"plays": TWO, "precision": math.inf}, r"precision: must be .* \(got inf\)"),
        ([B], {"plays": TWO, "precision": math.nan}, r"precision: must be .* \(got nan\)"),
        ([], {"plays": TWO}, "weights: there is nothing to estimate"),
    ],
)
def test_bad_input_is_refused(weights: list[Weight], given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(choice(0.0, 0.0), weights, **given)


def lot(*probabilities: float, has_choice: bool = True) -> Game:
    """A lot; after its first side, a player chooses."""
    sets = (
        InformationSet(CHANCE, 1, ("a", "b"), "", probabilities),
        InformationSet(0, 1, ("l", "r")),
    )
    if not has_choice:
        nodes: tuple[Node, ...] = (Node(-1, 0, 0), Node(0, 0, -1, 0), Node(0, 1, -1, 1))
        return Game(("one",), sets[:1], nodes, (Outcome((0.0,)), Outcome((1.0,))))
    nodes = (Node(-1, 0, 0), Node(0, 0, 1), Node(1, 0, -1, 0), Node(1, 1, -1, 1), Node(0, 1, -1, 0))
    return Game(("one",), sets, nodes, (Outcome((0.0,)), Outcome((0.0,))))


def test_lots_count_and_do_not_disturb() -> None:
    plays = Plays([0, 1, 2], counts=[30, 70, 100])
    found = fit(lot(0.25, 0.75), [B], plays=plays)
    assert found.estimates == pytest.approx([math.log(7 / 3)], abs=1e-6)
    wanted = 100 * math.log(0.25) + 100 * math.log(0.75) + 30 * math.log(0.3) + 70 * math.log(0.7)
    assert found.log_likelihood == pytest.approx(wanted)


def test_what_chance_never_does_is_refused() -> None:
    with pytest.raises(InputError, match="ends: row 2 has 2; chance never leads there; leave"):
        fit(lot(1.0, 0.0), [B], plays=Plays([0, 2]))
    assert fit(lot(1.0, 0.0), [B], plays=Plays([0, 2, 1], counts=[2, 0, 1])).plays == 3
    with pytest.raises(InputError, match="game: no player ever chooses"):
        fit(lot(0.5, 0.5, has_choice=False), plays=Plays([0]), precision=None)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"plays": 0}, r"plays: must be >= 1 \(got 0\)"),
        ({"seed": -1}, r"seed: must be >= 0 \(got -1\)"),
        ({"precision": -1.0}, "precision: must be >= 0"),
        ({"covariates": [1.0]}, "covariates must have shape"),
        ({"covariates": 1.0}, "covariates must have shape"),
    ],
)
def test_bad_simulations_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulate_plays(choice(0.0, 0.0), [B], **{"precision": 1.0, "seed": 1, **given})
