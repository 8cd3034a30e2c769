"""The test beds of combat: engagements and campaigns of history, fought by the engine (T3, T4, T5).

Each gives what was measured as plain data. No curve of force ratio stands here or anywhere: the
engine is given the odds, and what comes of them is compared with the record.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.kernels import Floats
from glacis.study.arena import Arena
from glacis.study.battles import Battle
from glacis.study.beds import RatioBin

Measured = dict[str, Any]


class Agreement(NamedTuple):
    """How well predictions agree with what was observed."""

    rmse: float
    bias: float  # predicted less observed, on average
    slope: float  # of the observed on the predicted; 1 is right

    @classmethod
    def of(cls, predicted: Floats, observed: Floats, weights: Floats | None = None) -> Agreement:
        """The agreement of two series; NaN where it is undefined."""
        if len(predicted) == 0:
            return cls(math.nan, math.nan, math.nan)
        gap = predicted - observed
        centred = predicted - np.average(predicted, weights=weights)
        spread = float(np.average(centred**2, weights=weights))
        joint = float(np.average(centred * observed, weights=weights))
        return cls(
            rmse=math.sqrt(float(np.average(gap**2, weights=weights))),
            bias=float(np.average(gap, weights=weights)),
            slope=joint / spread if spread > 0.0 else math.nan,
        )


def outcomes(arena: Arena) -> Measured:
    """T3: how often the attacker wins at each force ratio, and how far that is from the record.

    Covariates are drawn one by one at the frequencies of the battle data; the ratio within its
    range log-uniformly. Source: lawrence-2019, cdb90.
    """
    table = arena.beds.outcomes.ratios
    rows = [_ratio_row(arena, row) for row in table]
    observed, modelled, numbers = (
        np.array([row[name] for row in rows])
        for name in ("observed_pct", "modelled_pct", "engagements")
    )
    agreement = Agreement.of(modelled, observed, numbers)
    share = observed / 100.0
    constant = np.full(len(rows), np.average(observed, weights=numbers))
    noise = np.average(share * (1.0 - share) / numbers, weights=numbers)
    return {
        "rmse_points": agreement.rmse,
        "bias_points": agreement.bias,
        "slope": agreement.slope,
        "constant_rmse_points": Agreement.of(constant, observed, numbers).rmse,
        "sampling_error_points": 100.0 * math.sqrt(float(noise)),
        "engagements": int(numbers.sum()),
        "undecided_share": float(
            np.average([row["undecided_share"] for row in rows], weights=numbers)
        ),
        "rows": rows,
    }


def _ratio_row(arena: Arena, row: RatioBin) -> Measured:
    """Engagements of one range of ratios, one in each world."""
    luck = arena.luck(f"ratio/{row.low.value:g}", 6).T
    low, high = math.log(row.low.value), math.log(row.high.value)
    ratio = np.exp(low + (high - low) * luck[0])
    days = arena.beds.outcomes.covariates.days.quantile(luck[1])
    odds = ratio * _advantage(arena, luck[2:5], days) * arena.dispersed(luck[5])
    fought = arena.fight(odds, days)
    return {
        "ratio": [row.low.value, row.high.value],
        "engagements": int(row.engagements.value),
        "observed_pct": 100.0 * row.wins.value,
        "modelled_pct": 100.0 * float(fought.won.mean()),
        "undecided_share": float(fought.undecided.mean()),
    }


def _advantage(arena: Arena, luck: Floats, days: Floats) -> Floats:
    """Factor on the odds by posture, ground and surprise, drawn at their frequencies."""
    covariates, codes = arena.beds.outcomes.covariates, arena.beds.codes
    posture = _drawn(
        luck[0],
        [number.value for number in covariates.posture.values()],
        [arena.posture(codes.posture_of(code)) for code in covariates.posture],
    )
    terrain = _drawn(
        luck[1],
        [ground.number.value for ground in covariates.ground],
        [arena.terrain(codes.terrain_of(ground)) for ground in covariates.ground],
    )
    surprise = _drawn(
        luck[2],
        [number.value for number in covariates.surprise.values()],
        [arena.surprise(int(level), days) for level in covariates.surprise],
    )
    return surprise / (posture * terrain)


def _drawn(luck: Floats, counts: Sequence[float], values: Sequence[Floats]) -> Floats:
    """In each world one of several values, as often as counted."""
    edges = np.cumsum(counts)[:-1] / np.sum(counts)
    chosen = np.searchsorted(edges, luck, side="right")
    return np.asarray(np.stack(values)[chosen, np.arange(len(luck))])


def attrition(arena: Arena) -> Measured:
    """T5: daily losses of both sides in an average campaign, and their ratio.

    Personnel become battalions by a division's slice, and only as many of the attacker's fight
    as the front has room for. Nobody gives up or is captured. Source: lawrence-cadb.
    """
    bed, combat = arena.beds.attrition, arena.scenario.campaign.combat
    ratio, days = bed.ratio.value, bed.days.value
    battalions = ratio * bed.defenders.value / arena.values(bed.people_per_battalion)
    most = arena.values(combat.density) * bed.front_km.value
    room = np.minimum(1.0, most / battalions)
    luck = arena.dispersed(arena.luck("attrition", 1)[:, 0])
    odds = ratio / (arena.posture(bed.posture) * arena.terrain(bed.terrain)) * luck
    fought = arena.fight(odds, days, breaks=False, room=room)
    attacker, defender = (
        float(lost.mean()) / days for lost in (fought.attacker_lost, fought.defender_lost)
    )
    losses = ratio * attacker / defender
    record = bed.attackers_lost.value / bed.defenders_lost.value
    return {
        "attacker_pct_a_day": 100.0 * attacker,
        "defender_pct_a_day": 100.0 * defender,
        "loss_ratio": losses,
        "observed_attacker_pct_a_day": 100.0 * bed.attacker_loss.value,
        "observed_defender_pct_a_day": 100.0 * bed.defender_loss.value,
        "observed_loss_ratio": record,
        "attacker_over_observed": attacker / bed.attacker_loss.value,
        "defender_over_observed": defender / bed.defender_loss.value,
        "loss_ratio_over_observed": losses / record,
        "median_attacker_pct_a_day": 100.0 * float(np.median(fought.attacker_lost)) / days,
        "median_defender_pct_a_day": 100.0 * float(np.median(fought.defender_lost)) / days,
        "attacker_with_room_share": float(room.mean()),
    }


def battles(arena: Arena, fields: Sequence[Battle]) -> Measured:
    """T4: loss ratios and winners of recorded battles, all and the modern ones.

    Each battle is fought in every world, once by a draw of luck and once by its opposite; its
    prediction is the mean over them. Source: cdb90.
    """
    usable = [battle for battle in fields if battle.is_sound and battle.is_known]
    foretold = [_foretell(arena, battle) for battle in usable]
    year = arena.beds.battles.modern_from.value
    modern = np.array([battle.year >= year for battle in usable], dtype=bool)
    return {
        "battles": len(fields),
        "dropped": len(fields) - len(usable),
        "all": _compared(usable, foretold, np.ones(len(usable), dtype=bool)),
        f"from_{year:g}": _compared(usable, foretold, modern),
    }


def _foretell(arena: Arena, battle: Battle) -> tuple[float, float]:
    """Log of the attacker's casualties over the defender's, and the attacker's chance to win."""
    codes, longest = arena.beds.codes, arena.beds.outcomes.covariates.days.support[1]
    terrain = codes.terrain_of(battle.ground)
    days = min(max(1.0, battle.days), longest) if battle.days == battle.days else 1.0
    odds = arena.power(battle.attackers, _known(battle.attacker_tanks), terrain)
    odds /= arena.power(battle.defenders, _known(battle.defender_tanks), terrain)
    odds *= arena.surprise(battle.surprise, days)
    odds /= arena.posture(codes.posture_of(battle.posture)) * arena.terrain(terrain)
    luck = arena.dispersed(arena.luck(f"battle/{battle.name}", 1)[:, 0])
    # Each draw and its opposite: what little the battles' number averages out is then small.
    fought = [arena.fight(odds * luck, days), arena.fight(odds / luck, days)]
    ratio = [np.log(one.attacker_lost / one.defender_lost) for one in fought]
    people = math.log(battle.attackers / battle.defenders)
    return people + float(np.mean(ratio)), float(np.mean([one.won for one in fought]))


def _known(tanks: float) -> float:
    """None, where none were recorded."""
    return 0.0 if math.isnan(tanks) else tanks


def _compared(
    usable: Sequence[Battle], foretold: Sequence[tuple[float, float]], chosen: NDArray[np.bool_]
) -> Measured:
    """Model and baselines against some of the battles."""
    if not chosen.any():
        return {"with_losses": 0, "with_winner": 0}
    predicted, chance = np.array(foretold)[chosen].T
    some = [battle for battle, is_chosen in zip(usable, chosen, strict=True) if is_chosen]
    people = np.log([battle.attackers / battle.defenders for battle in some])
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.log([b.attacker_casualties for b in some]) - np.log(
            [b.defender_casualties for b in some]
        )
    known = np.isfinite(observed)
    result = np.array([battle.result for battle in some])
    decided = np.isin(result, (-1.0, 1.0))
    agreement = Agreement.of(predicted[known], observed[known])
    return {
        "with_losses": int(known.sum()),
        "rmse": agreement.rmse,
        "bias": agreement.bias,
        "slope": agreement.slope,
        "rmse_without_bias": math.sqrt(max(0.0, agreement.rmse**2 - agreement.bias**2)),
        "constant_rmse": _fitted_rmse(np.zeros(int(known.sum())), observed[known]),
        "ratio_rmse": _fitted_rmse(people[known], observed[known]),
        "with_winner": int(decided.sum()),
        "auc": auc(chance[decided], result[decided] == 1.0),
        "ratio_auc": auc(people[decided], result[decided] == 1.0),
    }


def _fitted_rmse(predictor: Floats, observed: Floats) -> float:
    """RMSE of the line through the data themselves: what a baseline can reach at best."""
    if len(observed) == 0:
        return math.nan
    centred = observed - observed.mean()
    predictor = predictor - predictor.mean()
    power = float((predictor**2).sum())
    slope = float((predictor * centred).sum()) / power if power > 0.0 else 0.0
    return math.sqrt(float(((centred - slope * predictor) ** 2).mean()))


def auc(score: Floats, won: NDArray[np.bool_]) -> float:
    """Chance that a battle won scores above one that was lost, ties counted half."""
    from scipy.stats import rankdata

    wins, defeats = int(won.sum()), int((~won).sum())
    if wins == 0 or defeats == 0:
        return math.nan
    above = float(rankdata(score)[won].sum()) - wins * (wins + 1) / 2
    return above / (wins * defeats)
