"""How worlds end: the exclusive outcomes, and what each class of endings does to whom.

A leaf of the game says what was done and answered; the war that happens says what came of it. Every
leaf's probability falls to one outcome: the first line of `glacis.ripple.aftermath.OUTCOMES` that
applies. Leaves that are told alike are summed up in classes of outcome and answer, with the means
of what the rest of the world and the prices look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glacis.assess.choice import CrisisStudy
from glacis.assess.expected import gained_by
from glacis.assess.posed import Situation
from glacis.assess.wars import HOURS_A_DAY, Fought, Wars
from glacis.crisis.binding import DECISION, REINFORCED, TINY, Fate
from glacis.kernels import Floats
from glacis.ripple.aftermath import OUTCOMES
from glacis.scenario.crisis import GREY_ZONE, REFRAIN
from glacis.scenario.game import ANSWERS

ENDINGS = ("stopped", "fought_out", "abandoned")
"""How the fighting ended: at the decision, by settlement or ceasefire; in the field; in the field
after the help that was decided on was withdrawn."""
_LAST = dict(zip(("decision", "end", "abandoned"), ENDINGS, strict=True))
CLASSES = tuple((outcome, answer) for outcome in OUTCOMES for answer in ANSWERS)
"""Outcome and answer of each class; those of peace have no answer and stand under the first."""


class Tally(NamedTuple):
    """Sums over the leaves of each of `CLASSES`, weighed by probability, in each of W worlds."""

    share: Floats
    """(C, W) probability."""
    days: Floats
    """(C, W) of fighting."""
    munitions: Floats
    """(C, W) share spent."""
    blue_casualties: Floats
    civilians: Floats
    occupied: Floats
    """(C, W, N) share of each defended state's people on ground that Red keeps."""
    stands: Floats
    """(C, W, n) share of each member that was for a full answer."""


def merge(tally: Tally, numbers: Sequence[int]) -> Tally:
    """Some classes as one: (W,) their probability, and (W, ...) the means of all the rest."""
    share = sum((tally.share[c] for c in numbers), np.zeros(tally.share.shape[1]))
    scale = np.maximum(share, TINY)

    def mean(sums: Floats) -> Floats:
        added = sum((sums[c] for c in numbers), np.zeros(sums.shape[1:]))
        return np.asarray(added / (scale if added.ndim == 1 else scale[:, None]))

    return Tally(share, *(mean(sums) for sums in tally[1:]))


@dataclass(frozen=True)
class Ended:
    """How W worlds end under a posture."""

    tally: Tally
    ending: Floats
    """(W, endings) probability of each of `ENDINGS`; the rest is peace."""
    ground: Floats
    """(W,) share of the defended people on ground that Red keeps, expected, whatever it does."""
    area: Floats | None
    """(W,) share of the defended land that it keeps; None where places have no area."""

    @property
    def outcome(self) -> Floats:
        """(W, outcomes) probability of each of `OUTCOMES`; they add up to 1."""
        by_answer = self.tally.share.reshape(len(OUTCOMES), len(ANSWERS), -1)
        return np.asarray(by_answer.sum(axis=1).T)


class _Was(NamedTuple):
    """What a war came to as far as it went, in each world."""

    days: Floats
    munitions: Floats
    blue_casualties: Floats
    civilians: Floats
    nuclear: Floats
    took: NDArray[np.bool_]
    """(W,) whether Red held an objective past the decision."""
    people: Floats
    """(W,) share of the defended people who live where Red holds the ground."""
    area: Floats
    """(W,) share of the defended land; none where places have no area."""
    lives_in: Floats
    """(N, W) share of each state's people who live where Red holds the ground."""


def outcomes_of(
    act: str, answer: str, *, took: NDArray[np.bool_], holds: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    """Where a world in which no nuclear weapon is used ends in what: in one of them, everywhere.

    Parameters
    ----------
    act
        What Red did: ``refrain``, ``grey-zone``, or an armed option.
    answer
        The council's; empty if it was not asked.
    took
        (W,) whether Red held an objective past the decision.
    holds
        (W,) whether it holds ground in the end.
    """
    if act in (REFRAIN, GREY_ZONE):
        return {"deterred" if act == REFRAIN else "grey_zone": np.ones_like(holds)}
    kept = {"full": "stalemate", "limited": "sanctions_only"}.get(answer, "inaction")
    return {kept: holds, "retaken": took & ~holds, "repelled": ~took & ~holds}


def ended(study: CrisisStudy, situation: Situation, wars: Wars) -> Ended:
    """How each world ends: the council's own chances, the war that happens."""
    counted, bound = np.ascontiguousarray(study.counted().T), study.played.bound
    worlds, values = len(situation.worlds), situation.worlds.values
    sums = np.zeros((len(CLASSES), _wide(situation)[-1], worlds))
    ending, (ground, area) = np.zeros((len(ENDINGS), worlds)), np.zeros((2, worlds))
    was: dict[tuple[str, bool, int], _Was] = {}
    stands: dict[tuple[str, bool], Floats] = {}
    for fate, numbers in bound.fates:
        mass = np.zeros(worlds)
        for number in numbers:
            mass += counted[number]
        if fate.act in bound.options:
            how = fate.act, fate.until == DECISION, fate.branch
            if how not in was:
                was[how] = _was(situation, wars[fate.act], fate)
            whose = fate.act, fate.answer == "full"
            if whose not in stands:
                stands[whose] = _stands(study, whose[0], is_full=whose[1])
            kept = np.ones(worlds) if fate.keeps is None else values(fate.keeps)
            war = _War(fate, mass, kept, was[how], stands[whose])
            _add_war(sums, study, situation, war)
            ending[ENDINGS.index(_LAST[fate.last])] += mass
            ground += mass * (kept * was[how].people)
            area += mass * (kept * was[how].area)
        else:
            nothing = np.zeros(worlds, dtype=np.bool_)
            (name,) = outcomes_of(fate.act, "", took=nothing, holds=nothing)
            sums[CLASSES.index((name, ANSWERS[0])), 0] += mass
    lost = None if situation.area is None else area
    return Ended(_tally(sums, situation), np.ascontiguousarray(ending.T), ground, lost)


def _wide(situation: Situation) -> tuple[int, int, int]:
    """Where, in a row of sums, the states and the members begin, and how wide it is."""
    single = len(Tally._fields) - 2
    members = single + len(situation.posed.states)
    return single, members, members + situation.there.shape[1]


def _tally(sums: Floats, situation: Situation) -> Tally:
    """(C, wide, W) sums as a tally: each of its fields in one piece."""
    single, members, _ = _wide(situation)
    singles = (sums[:, k] for k in range(single))
    parts = (part.transpose(0, 2, 1) for part in (sums[:, single:members], sums[:, members:]))
    return Tally(*map(np.ascontiguousarray, (*singles, *parts)))


class _War(NamedTuple):
    """Leaves that end a war in the same way, in each of W worlds."""

    fate: Fate
    mass: Floats
    """(W,) how likely they are."""
    kept: Floats
    """(W,) share of the ground that Red then holds which it keeps."""
    was: _Was
    stands: Floats
    """(n, W)."""


def _add_war(sums: Floats, study: CrisisStudy, situation: Situation, war: _War) -> None:
    """Add a war's leaves to the (C, wide, W) sums of a tally."""
    values, crisis, (fate, mass, kept, was, stands) = situation.worlds.values, study.crisis, war
    least = TINY if crisis.holding is None else values(crisis.holding)
    holds = kept * was.people / np.maximum(situation.aims[fate.act], TINY) >= least
    ordered = sum((values(one) for one in fate.ordered), np.zeros(len(mass)))
    nuclear = np.clip(was.nuclear + ordered, 0.0, 1.0)
    brought = np.vstack(
        [
            np.ones(len(mass)),
            was.days,
            was.munitions,
            was.blue_casualties,
            was.civilians,
            was.lives_in * kept,
            stands,
        ]
    )
    shares = {"nuclear_use": mass * nuclear}
    for name, where in outcomes_of(fate.act, fate.answer, took=was.took, holds=holds).items():
        shares[name] = mass * (1 - nuclear) * where
    for name, share in shares.items():
        if share.any():
            sums[CLASSES.index((name, fate.answer or ANSWERS[0]))] += share * brought


def _stands(study: CrisisStudy, act: str, *, is_full: bool) -> Floats:
    """(n, W) how likely each member was for a full answer, given whether that was the council's."""
    chances = study.prospects.council[act]
    given = chances.full if is_full else 1 - chances.full
    joint = chances.stands if is_full else chances.member_full - chances.stands
    found = np.clip(joint / np.maximum(given, TINY)[:, None], 0.0, 1.0)
    return np.ascontiguousarray(found.T)


def _was(situation: Situation, fought: Fought, fate: Fate) -> _Was:
    war = fought.helped
    if fate.until == DECISION:
        nothing = np.zeros(len(situation.delay))
        return _Was(
            days=situation.delay / HOURS_A_DAY,
            munitions=nothing,
            blue_casualties=war.values("seen_blue_casualties"),
            civilians=war.values("seen_civilians"),
            nuclear=nothing,
            took=gained_by(situation, fought) > 0,
            **_lost(situation, war.record.falls <= situation.delay[:, None]),
        )
    helped = fate.branch == REINFORCED
    close, war = (
        (fought.helped_close, fought.helped) if helped else (fought.alone_close, fought.alone)
    )
    objectives = situation.posed.scenario.options[fate.act].objectives
    return _Was(
        days=close.hour / HOURS_A_DAY,
        munitions=close.munitions_spent,
        blue_casualties=close.blue_casualties,
        civilians=close.civilians,
        nuclear=close.nuclear,
        took=war.first_of(objectives, "falls") <= close.hour,
        **_lost(situation, close.held),
    )


def _lost(situation: Situation, held: NDArray[np.bool_]) -> dict[str, Floats]:
    """What is lost with places that Red holds, as `_Was` has it."""
    people, land = situation.people * held, situation.area
    return {
        "people": people.sum(axis=1) / situation.defended_people,
        "area": np.zeros(len(held))
        if land is None
        else (land * held).sum(axis=1) / land.sum(axis=1),
        "lives_in": np.array(
            [(people * own).sum(axis=1) / total for own, total in situation.lives_in]
        ).reshape(-1, len(held)),
    }
