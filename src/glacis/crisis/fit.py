"""Payoffs and precision of a game, estimated from how it was played: a strategic logit.

Everybody is taken to play the agent logit equilibrium on the principal branch, with payoffs linear
in what is to be found. A play ends at a leaf with the product of the probabilities along its way,
those of chance included; the estimates make all plays together the likeliest. Logarithms come from
what actions are worth, not from probabilities, so none is infinite and no floor is needed.

Only precision times payoffs shows in play. With precision given, estimates are in its units. It can
be found beside payoffs only if the game's own numbers fix a difference of payoffs that matters;
else the fit says what is not identified. Source: mckelvey-palfrey-1998, signorino-tarar-2006.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glacis.crisis.equilibrium import Games, solve_games
from glacis.crisis.layout import chance_logs, layout_of, payoffs_of
from glacis.crisis.standards import STEEP
from glacis.crisis.tree import Game
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Fit", "Plays", "Weight", "fit", "simulate_plays"]

CONVERGED, NOT_IDENTIFIED, STUCK = "converged", "not identified", "stuck"
PRECISION = "precision"

# What follows is in natural units: one of precision times payoff, at a typical covariate.
FINE, COARSE = 1e-5, 2e-4
"""Steps of the differences that give slopes, and of those that give curvatures."""
LEVEL, NEARLY_LEVEL = 1e-7, 1e-6
"""Slope of the log likelihood by play where the search ends, and the most for convergence."""
FLAT, INVOLVED = 1e-6, 1e-3
"""Curvature by play that is none (rounding gives 1e-8), and the part in it that tells whose."""
BATCH = 50_000
"""Games solved at once, unless one point needs more."""

_OPTIONS: Any = {
    "gtol": LEVEL,
    "maxiter": 200,
    "initial_trust_radius": 1.0,
    "max_trust_radius": 10.0,
}
_CORNERS = np.array([(1, 1), (1, -1), (-1, 1), (-1, -1)])


@dataclass(frozen=True, eq=False)
class Weight:
    """Something that payoffs hang on, in a proportion that is to be found."""

    name: str
    adds: ArrayLike
    """(outcomes, players) what one unit of it adds to the payoffs of each of ``game.outcomes``."""
    value: float = 0.0
    """From where `fit` searches; in `simulate_plays`, what holds."""


@dataclass(frozen=True, eq=False)
class Plays:
    """How a game was played, row by row."""

    ends: ArrayLike
    """(rows,) where the play ended, as an index into ``game.terminals``."""
    counts: ArrayLike | None = None
    """(rows,) how many plays a row stands for; 1 if left out."""
    covariates: ArrayLike | None = None
    """(rows, weights) by what each weight is multiplied in a row; 1 if left out."""


@dataclass(frozen=True)
class Fit:
    """What makes the plays the likeliest, how sure that is, and whether it can be relied on."""

    names: tuple[str, ...]
    estimates: tuple[float, ...]
    """Of the weights, in the units of the payoffs."""
    standard_errors: tuple[float, ...]
    """Of the weights, from the observed information; NaN for what is not identified."""
    covariance: tuple[tuple[float, ...], ...]
    """Of the weights and, last, of the logarithm of precision if that was estimated."""
    log_likelihood: float
    log_likelihood_even: float
    """The same at indifference, where precision is 0 and everybody chooses evenly."""
    plays: int
    precision: float
    precision_error: float | None
    """Standard error of precision; nothing if precision was given."""
    status: str
    """``converged``; ``not identified`` if some direction does not matter, as where precision and
    all payoffs float, or somebody always chooses the same, so that likelihood rises without end;
    ``stuck`` if the search ended at no maximum, or an equilibrium next to it did not converge."""
    not_identified: tuple[str, ...]
    """Weights, and `precision`, that can change without changing how likely the plays are."""
    iterations: int
    solved: int
    """Games solved on the way, of which `unsolved` did not converge."""
    unsolved: int
    unsolved_rows: int
    """Rows of which an equilibrium did not converge at the estimates, or next to them."""

    @property
    def is_converged(self) -> bool:
        """Whether estimates and standard errors can be relied on."""
        return self.status == CONVERGED

    def to_record(self) -> dict[str, Any]:
        """The fit as plain data, field by field; null for what is no number."""
        return {name: _plain(value) for name, value in vars(self).items()}

    def summary(self) -> pd.DataFrame:
        """A row for each weight, and for free precision; intervals of 95 %; status in ``attrs``."""
        import pandas as pd

        wide, names = NormalDist().inv_cdf(0.975), list(self.names)
        pairs = zip(self.estimates, self.standard_errors, strict=True)
        rows = [(b, s, b / s, b - wide * s, b + wide * s) for b, s in pairs]
        if (error := self.precision_error) is not None:
            names.append(PRECISION)
            at, factor = self.precision, np.exp(wide * error / self.precision)
            rows.append((at, error, at / error, at / factor, at * factor))
        columns = ["estimate", "standard_error", "z", "lower", "upper"]
        frame = pd.DataFrame(rows, index=pd.Index(names, name="weight"), columns=columns)
        frame.attrs["status"] = self.status
        return frame


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def fit(
    game: Game,
    weights: Sequence[Weight] = (),
    *,
    plays: Plays,
    precision: float | None = 1.0,
    runner: Runner | None = None,
) -> Fit:
    """Weights, and precision if asked for, by maximum likelihood.

    Newton's search within a trusted region, by central differences, all of whose games are solved
    together, finds a maximum uphill from the weights' `value`; there may be others.

    Parameters
    ----------
    precision
        By the unit of payoffs; None to estimate it, on the scale of its logarithm.

    Raises
    ------
    InputError
        If weights or plays do not fit the game or each other, or nothing is to be estimated.
    Cancelled
        If the runner's cancel event is set.
    """
    from scipy.optimize import minimize

    form = _form_of(game, weights)
    if precision is not None and not 0 < precision < math.inf:
        raise InputError(f"precision: must be finite and > 0 (got {precision:g}); or give None")
    if not weights and precision is not None:
        raise InputError("weights: there is nothing to estimate; give a weight, or precision=None")
    search = _Search(form, _tally(form, plays), precision, runner)
    ways: Any = {"jac": lambda at: search.around(at)[0], "hess": lambda at: search.around(at)[1]}
    found = minimize(search.loss, search.start, method="trust-exact", options=_OPTIONS, **ways)
    return _told(search, found.x, names=[one.name for one in weights], iterations=int(found.nit))


def simulate_plays(
    game: Game,
    weights: Sequence[Weight] = (),
    *,
    precision: float,
    seed: int,
    plays: int = 1,
    covariates: ArrayLike | None = None,
) -> Plays:
    """Plays drawn from the equilibrium, each in a row of its own.

    Weights have the values that hold. `plays` is how many for each row of `covariates`, one after
    the other; how many at all without them. Raises `InputError` if numbers do not fit the game or
    each other, or some equilibrium does not converge.
    """
    form = _form_of(game, weights)
    for name, number, least in (("plays", plays, 1), ("seed", seed, 0)):
        if number < least:
            raise InputError(f"{name}: must be >= {least} (got {number}); give a larger number")
    rows = 1 if covariates is None else len(np.atleast_1d(np.asarray(covariates)))
    given = _numbers("covariates", covariates, (rows, len(weights)))
    distinct, back = _distinct(given)
    chances = np.tile(np.exp(form.chance), (len(distinct), 1))
    precisions = np.full(len(distinct), float(precision))
    solved = solve_games(game, Games(form.payoffs(distinct * form.values), chances, precisions))
    if failed := int(np.sum(solved.status != 0)):
        odd = f"{failed} of {len(distinct)} equilibria did not converge at precision {precision:g}"
        raise InputError(f"precision: {odd}; give a lower one")
    shares = np.concatenate([solved.share, chances], axis=1)
    reached = np.stack([shares[:, way > 0].prod(axis=1) for way in form.ways], axis=1)
    bounds = np.cumsum(reached, axis=1) / reached.sum(axis=1, keepdims=True)
    luck = np.random.Generator(np.random.Philox(seed)).random((rows, plays))
    ends = [np.searchsorted(bounds[k], u, side="right") for k, u in zip(back, luck, strict=True)]
    told = None if covariates is None else np.repeat(given, plays, axis=0)
    return Plays(np.minimum(ends, len(form.ways) - 1).reshape(-1), covariates=told)


class _Form(NamedTuple):
    """A game with N nodes, L leaves and K weights, as far as a likelihood hangs on it.

    (K,) values at the start; (N, players) own payoffs, (K, N, players) what weights add; (L, A + C)
    1 for actions and draws on the way to a leaf, (L, N) for nodes; (H + 1,) first action of a set.
    """

    game: Game
    values: Floats
    own: Floats
    adds: Floats
    ways: Floats
    passed: Floats
    first: Ints
    chance: Floats

    def payoffs(self, weights: Floats) -> Floats:
        """(W, N, players) of W worlds, from (W, K) weights times covariates.

        Each player's lie around 0: choices are the same, and rounding is least.
        """
        payoffs = self.own + np.tensordot(weights, self.adds, axes=1)
        ends = self.passed @ payoffs
        payoffs[:, 0] -= (ends.max(axis=1) + ends.min(axis=1)) / 2
        return payoffs

    def ranges(self, payoffs: Floats) -> Floats:
        """(W,) from the least to the most that a player can get, where that is most."""
        return np.ptp(self.passed @ payoffs, axis=1).max(axis=1)

    def leaf_logs(self, worths: Floats, precisions: Floats) -> Floats:
        """(W, L) log probability of every leaf, where actions are worth (W, A) to their movers."""
        odds = precisions[:, None] * worths
        totals = np.logaddexp.reduceat(odds, self.first[:-1], axis=1)
        logs = odds - np.repeat(totals, np.diff(self.first), axis=1)
        actions = int(self.first[-1])
        return logs @ self.ways[:, :actions].T + self.ways[:, actions:] @ self.chance


def _form_of(game: Game, weights: Sequence[Weight]) -> _Form:
    names = [one.name for one in weights]
    if twice := [name for k, name in enumerate(names) if name in (*names[:k], PRECISION)]:
        raise InputError(f"weights: the name {twice[0]} is taken; give every weight its own")
    if not game.decisions:
        raise InputError("game: no player ever chooses; give one where play shows something")
    values = _numbers("weights: their values", [one.value for one in weights], (len(weights),))
    own, shape = payoffs_of(game), (len(game.outcomes), len(game.players))
    nodes = np.zeros((len(weights), *own.shape))
    for k, one in enumerate(weights):
        adds = _numbers(f"weight {one.name}: adds, by outcome and player,", one.adds, shape)
        nodes[k] = payoffs_of(game.with_payoffs(dict(enumerate(map(tuple, adds.tolist())))))
    layout, chance = layout_of(game), chance_logs(game)
    ways = np.zeros((len(game.terminals), len(layout.column) + len(chance)))
    passed = np.zeros((len(game.terminals), len(game.nodes)))
    for row, node in enumerate(game.terminals):
        while node > 0:
            passed[row, node] = ways[row, layout.way[node]] = 1
            node = game.nodes[node].parent  # noqa: PLW2901  # up the tree
    passed[:, 0] = 1
    return _Form(game, values, own, nodes, ways, passed, layout.first, chance)


class _Tally(NamedTuple):
    """Plays by D distinct games: (D, K) covariates, (D, L) how many ended where, (D,) rows."""

    covariates: Floats
    times: Floats
    rows: Ints


def _tally(form: _Form, plays: Plays) -> _Tally:
    ends, leaves, rows = np.asarray(plays.ends), len(form.ways), np.size(plays.ends)
    if ends.shape != (rows,) or not rows:
        raise InputError(f"ends: must be a list with rows, not {ends.shape}; give the play's leaf")
    if not np.issubdtype(ends.dtype, np.integer):
        raise InputError(f"ends: must be whole numbers (got {ends[0]}); give indices of leaves")
    repair = f"give an index into game.terminals, from 0 to {leaves - 1}"
    _refuse_rows("ends", (ends < 0) | (ends >= leaves), given=ends, repair=repair)
    counts = _numbers("counts", plays.counts, (rows,))
    odd = (counts < 0) | (counts != np.floor(counts))
    _refuse_rows("counts", odd, given=counts, repair="give whole numbers of 0 or more")
    if not counts.any():
        raise InputError("counts: there are no plays, only 0; give some")
    covariates = _numbers("covariates", plays.covariates, (rows, len(form.adds)))
    never = form.ways[:, form.first[-1] :] @ (form.chance <= math.log(np.finfo(float).tiny))
    repair = "chance never leads there; leave the row out, or give it some probability"
    _refuse_rows("ends", (never[ends] > 0) & (counts > 0), given=ends, repair=repair)
    kept = counts > 0
    distinct, back = _distinct(covariates[kept])
    times: Floats = np.zeros((len(distinct), leaves))
    np.add.at(times.reshape(-1), back * leaves + np.asarray(ends[kept], dtype=int), counts[kept])
    return _Tally(distinct, times, np.bincount(back))


def _distinct(covariates: Floats) -> tuple[Floats, Ints]:
    distinct, back = np.unique(covariates, axis=0, return_inverse=True)
    return np.asarray(distinct), back.reshape(-1)


def _numbers(where: str, given: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    try:
        found = np.ones(shape) if given is None else np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{where} must be numbers; give an array of shape {shape}") from None
    if found.shape != shape:
        raise InputError(f"{where} must have shape {shape} (got {found.shape}); give such an array")
    if not np.isfinite(found).all():
        raise InputError(f"{where} must be finite (got {found[~np.isfinite(found)][0]}); mend it")
    return found


def _refuse_rows(where: str, is_odd: NDArray[np.bool_], *, given: Any, repair: str) -> None:
    if (rows := np.flatnonzero(is_odd)).size:
        raise InputError(f"{where}: row {rows[0] + 1} has {given[rows[0]]:g}; {repair}")


class _Search:
    """The log likelihood at points: weights times `units`, and the log of a free precision."""

    def __init__(self, form: _Form, tally: _Tally, fixed: float | None, runner: Runner | None):
        self.form, self.tally, self.fixed, self.runner = form, tally, fixed, runner
        self.plays = tally.times.sum()
        self.solved = self.unsolved = 0
        self.even = tally.times @ form.leaf_logs(np.zeros((1, int(form.first[-1]))), np.zeros(1))[0]
        self._last: Any = None
        typical = np.sqrt(tally.times.sum(axis=1) @ tally.covariates**2 / self.plays)
        sizes = typical * form.ranges(form.adds)
        widest = form.ranges(form.payoffs(tally.covariates * form.values)).max()
        self.first = fixed or 1 / (widest or 1.0)
        self.units: Floats = self.first * np.where(sizes > 0, sizes, 1.0)
        self.start = np.append(form.values * self.units, [math.log(self.first)] * (fixed is None))

    def split(self, points: Floats) -> tuple[Floats, Floats]:
        """(P, K) weights and (P,) precisions of P points."""
        weights = points[:, : len(self.units)] / self.units
        if self.fixed is not None:
            return weights, np.full(len(points), self.fixed)
        return weights, np.exp(np.minimum(points[:, -1], 700.0))

    def games(self, points: Floats) -> tuple[Floats, Floats]:
        """Payoffs and precisions, all games of the first point first."""
        weights, precisions = self.split(points)
        games, k = self.tally.covariates.shape
        worlds = (weights[:, None] * self.tally.covariates).reshape(len(points) * games, k)
        return self.form.payoffs(worlds), np.repeat(precisions, games)

    def reach(self, point: Floats) -> float:
        """Precision times the range of payoffs, where that is most."""
        payoffs, precisions = self.games(point[None])
        return float((precisions * self.form.ranges(payoffs)).max())

    def natural(self, point: Floats) -> Floats:
        """(n,) how far a unit of the point moves choices."""
        shift = self.split(point[None])[1][0] / self.first
        return np.append(np.full(len(self.units), shift), max(1.0, self.reach(point)))[: len(point)]

    def logs(self, points: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """(P, D) log likelihoods, as if played evenly where one failed, and (D,) which ever did."""
        form, games = self.form, len(self.tally.times)
        found, failed = np.empty((len(points), games)), np.zeros((len(points), games), dtype=bool)
        each = max(1, BATCH // games)
        for part in (slice(k, k + each) for k in range(0, len(points), each)):
            payoffs, precisions = self.games(points[part])
            numbers = Games(payoffs, np.tile(np.exp(form.chance), (len(payoffs), 1)), precisions)
            solved = solve_games(form.game, numbers, runner=self.runner)
            logs = form.leaf_logs(solved.worth, precisions).reshape(-1, *self.tally.times.shape)
            failed[part] = (solved.status != 0).reshape(-1, games)
            found[part] = np.where(failed[part], self.even, (logs * self.tally.times).sum(axis=2))
        self.solved, self.unsolved = self.solved + failed.size, self.unsolved + int(failed.sum())
        return found, np.any(failed, axis=0)

    def loss(self, point: Floats) -> float:
        """Log likelihood by play, upside down; infinite where choice is too steep to solve."""
        is_steep = not self.reach(point) <= STEEP
        return math.inf if is_steep else -float(self.logs(point[None])[0].sum() / self.plays)

    def around(self, point: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Slope and curvature of `loss`, from games solved together, and which of D got stuck."""
        if self._last and self._last[0] == point.tobytes():
            return self._last[1]
        n, steps = len(point), 1 / self.natural(point)
        units, (one, other) = np.diag(steps), np.triu_indices(n)
        corners = [COARSE * (a * units[one] + b * units[other]) for a, b in _CORNERS]
        logs, failed = self.logs(point + np.concatenate([FINE * units, -FINE * units, *corners]))
        found = -logs[:, ~failed].sum(axis=1) / self.plays
        slope = (found[:n] - found[n : 2 * n]) / (2 * FINE * steps)
        bends = _CORNERS.prod(axis=1) @ found[2 * n :].reshape(4, -1)
        curve = np.zeros((n, n))
        curve[one, other] = bends / (4 * COARSE**2 * steps[one] * steps[other])
        self._last = point.tobytes(), (slope, curve + np.triu(curve, 1).T, failed)
        return self._last[1]


def _told(search: _Search, point: Floats, *, names: list[str], iterations: int) -> Fit:
    """The fit at the point where the search ended."""
    slope, curve, failed = search.around(point)
    natural = search.natural(point)
    values, vectors = np.linalg.eigh(curve / np.outer(natural, natural))
    known, flat = vectors[:, values >= FLAT], vectors[:, np.abs(values) < FLAT]
    status = NOT_IDENTIFIED if flat.size else CONVERGED
    if failed.any() or not np.abs(slope / natural).max() <= NEARLY_LEVEL or values[0] <= -FLAT:
        status = STUCK
    scaled = known / (natural * np.append(search.units, 1.0)[: len(point)])[:, None]
    covariance = scaled / (values[values >= FLAT] * search.plays) @ scaled.T
    lost = (known**2).sum(axis=1) < 1 - INVOLVED**2
    idle = (flat**2).sum(axis=1) > INVOLVED**2
    covariance[lost], covariance[:, lost] = math.nan, math.nan
    errors = np.sqrt(np.diag(covariance))
    weights, precisions = search.split(point[None])
    return Fit(
        names=tuple(names),
        estimates=tuple(weights[0].tolist()),
        standard_errors=tuple(errors[: len(names)].tolist()),
        covariance=tuple(map(tuple, covariance.tolist())),
        log_likelihood=float(search.logs(point[None])[0].sum()),
        log_likelihood_even=float(search.even.sum()),
        plays=int(search.plays),
        precision=float(precisions[0]),
        precision_error=float(precisions[0] * errors[-1]) if search.fixed is None else None,
        status=status,
        not_identified=tuple(n for n, i in zip([*names, PRECISION], idle, strict=False) if i),
        iterations=iterations,
        solved=search.solved,
        unsolved=search.unsolved,
        unsolved_rows=int(search.tally.rows[failed].sum()),
    )
