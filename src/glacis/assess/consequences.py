"""What endings set off elsewhere and what they cost, over all the ways in which a world may end.

The rest of the world and the prices look at one ending at a time. Here each class of endings is
handed to them, and what they say is weighed by how likely the class is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from glacis.alliance.council import carried
from glacis.alliance.leanings import seated
from glacis.assess.choice import CrisisStudy
from glacis.assess.loss import (
    TERMS,
    Ending,
    ExpectedLoss,
    expected_loss,
    loss_terms,
    no_attack,
    posture_cost_beur,
)
from glacis.assess.outcome import CLASSES, Tally, merge
from glacis.assess.posed import Situation
from glacis.crisis.binding import END, MEASURES, REINFORCED, TINY
from glacis.kernels import Floats
from glacis.ripple.aftermath import OUTCOMES, PEACE, Aftermath, peace, stood
from glacis.ripple.credibility import credibility
from glacis.ripple.proliferation import programmes, within
from glacis.ripple.theatres import second_theatres
from glacis.scenario.game import ANSWERS
from glacis.scenario.loss import Loss
from glacis.scenario.ripple import Ripple

GROUND = MEASURES.index("ground")
_SINGLE = ("p_second", "crises", "programmes", "early_programmes")
"""Fields of `Elsewhere` that hold one number a world."""


@dataclass(frozen=True)
class Elsewhere:
    """What is expected of the rest of the world, in each of W worlds; G guarantors."""

    p_second: Floats
    """(W,) probability of a crisis in another theatre within the years that are counted."""
    crises: Floats
    """(W,) how many theatres have one."""
    programmes: Floats
    """(W,) programmes of allies' own within the years that are counted."""
    early_programmes: Floats
    """(W,) the same within the years of the prices; as `programmes` where nothing has a price."""
    before: Floats
    """(W, G) credibility before any war."""
    after: Floats
    """(W, G) credibility after what happened."""


@dataclass(frozen=True)
class Peace:
    """What a posture changes in the rest of the world while no attack comes."""

    stationing: Floats
    """(W, G) share of each guarantor's people that it ties down."""
    reassurance: Floats
    """(W,) resolve times capability that it shows, above what the base posture does."""


def peace_under(study: CrisisStudy, situation: Situation, section: Ripple) -> Peace:
    """What a posture changes elsewhere in peace.

    Others see what the members would most likely do if it came to an assault, and whether that
    would hold; above the posture whose level is taken as given. Source: elicited.
    """
    worlds = situation.worlds
    shown, base = _shown(study), 0.0 if study.today is None else _shown(study.today)
    added = np.zeros(len(worlds)) if study.today is None else shown - base
    room = np.where(added >= 0, 1.0 - base, base)
    members = list(seated(situation.posed.alliance))
    tied = np.zeros((len(worlds), len(section.guarantors)))
    for g, one in enumerate(section.guarantors.values()):
        own = [members.index(name) for name in one.members if name in members]
        if one.troops is not None and own:
            people = sum((situation.there[:, k] for k in own), np.zeros(len(worlds)))
            tied[:, g] = np.minimum(people / worlds.values(one.troops), 1.0)
    return Peace(tied, np.asarray(added / np.maximum(room, TINY)))


def _shown(study: CrisisStudy) -> Floats:
    """(W,) how likely an assault is answered in full, times the share of its aim that it fails."""
    names = [name for name, one in study.scenario.options.items() if one.kind == "assault"]
    told = study.prospects.forecast
    found = [told[name] for name in names if name in told] or list(told.values())
    each = []
    for one in found:
        held, gained = one.measured[:, REINFORCED, END, :, GROUND]
        ground = (1 - one.gained) * held + one.gained * gained
        lost = np.clip(ground / np.maximum(one.aim, TINY), 0.0, 1.0)
        each.append(one.full * (1 - lost))
    return np.asarray(np.mean(each, axis=0))


@dataclass(frozen=True)
class Consequences:
    """What follows of a posture elsewhere, in each of W worlds."""

    told: dict[int, Elsewhere]
    """Given an attack that ends in a class, by its number in `CLASSES`."""
    attacked: Elsewhere
    """Given that an attack comes."""
    quiet: Elsewhere
    """If none comes."""
    by_outcome: dict[str, Elsewhere]
    """Given an attack that ends so; NaN where it cannot."""
    by_answer: dict[str, Elsewhere]
    """Given an attack that is answered so; NaN where it cannot be."""
    lost_blocked: Floats
    """(W, G) share of its resolve that a guarantor loses if it would stand and another blocks."""
    lost_aside: Floats
    """(W, G) the same if it stands aside itself."""


def consequences(study: CrisisStudy, situation: Situation, tally: Tally) -> Consequences | None:
    """What a posture sets off elsewhere; None where the rest of the world is not declared."""
    section, worlds = situation.posed.scenario.ripple, situation.worlds
    if section is None:
        return None
    here, wide = peace_under(study, situation, section), len(section.guarantors)
    calm = peace(section, worlds, stationing=here.stationing, reassurance=here.reassurance)
    quiet, told = _told(section, situation, tally, here, calm)
    tables = {number: _table(one) for number, one in told.items()}

    def over(column: int, name: str) -> Elsewhere:
        own = {c: one for c, one in tables.items() if CLASSES[c][column] == name}
        return _over(own, tally.share, wide)

    return Consequences(
        told=told,
        attacked=_over(tables, tally.share, wide),
        quiet=quiet,
        by_outcome={name: over(0, name) for name in OUTCOMES if name not in PEACE},
        by_answer={name: over(1, name) for name in ANSWERS},
        lost_blocked=_unanswered(section, situation, calm, stands=1.0),
        lost_aside=_unanswered(section, situation, calm, stands=0.0),
    )


def _unanswered(section: Ripple, situation: Situation, calm: Aftermath, *, stands: float) -> Floats:
    """(W, G) share of resolve lost if nobody answers, and all guarantors stood so far."""
    outcome = np.full_like(calm.outcome, OUTCOMES.index("inaction"))
    stood_ = np.full_like(calm.stood, stands)
    attacked = calm._replace(outcome=outcome, stood=stood_)
    return credibility(section, situation.worlds, attacked).lost


def _told(
    section: Ripple, situation: Situation, tally: Tally, here: Peace, calm: Aftermath
) -> tuple[Elsewhere, dict[int, Elsewhere]]:
    """What peace sets off, and what each class of endings does, by number.

    Other theatres and credibility look at the answer, and whether the war was left undecided; only
    programmes look at the outcome as such. So the former are asked once for each such group.
    """
    groups = told_alike(tally)
    after = aftermaths(section, situation, tally, here, groups)
    quiet, *shared = elsewhere(section, situation, [calm, *after])
    told = {number: one for numbers, one in zip(groups, shared, strict=True) for number in numbers}
    apart = [[number] for numbers in groups if len(numbers) > 1 for number in numbers]
    own = aftermaths(section, situation, tally, here, apart)
    for (number,), found in zip(apart, _programmes(section, situation, own), strict=True):
        told[number] = replace(told[number], **found)
    return quiet, told


def told_alike(tally: Tally) -> list[list[int]]:
    """Numbers of the classes that an attack can end in, by what other theatres look at."""
    groups: dict[tuple[str, bool], list[int]] = {}
    for number in _reached(tally):
        outcome, answer = CLASSES[number]
        groups.setdefault((answer, outcome == "stalemate"), []).append(number)
    return list(groups.values())


def aftermaths(
    section: Ripple, situation: Situation, tally: Tally, here: Peace, groups: Sequence[list[int]]
) -> list[Aftermath]:
    """What is told elsewhere of each group of classes that share an answer, by their mean."""
    if not groups:
        return []
    worlds, alliance = situation.worlds, situation.posed.alliance
    each, merged = np.ones(len(worlds), dtype=np.int64), [merge(tally, one) for one in groups]
    held = stood(
        section,
        tuple(seated(alliance)),
        stands=np.concatenate([one.stands for one in merged]),
        carried=carried(alliance, worlds.times(len(groups))),
    )
    return [
        Aftermath(
            outcome=each * OUTCOMES.index(outcome),
            answer=each * ANSWERS.index(answer),
            stood=own,
            fighting_days=mean.days,
            munitions_spent=np.clip(mean.munitions, 0.0, 1.0),
            stationing=here.stationing,
            reassurance=here.reassurance,
        )
        for (outcome, answer), mean, own in zip(
            (CLASSES[numbers[0]] for numbers in groups),
            merged,
            np.split(held, len(groups)),
            strict=True,
        )
    ]


def elsewhere(section: Ripple, situation: Situation, after: Sequence[Aftermath]) -> list[Elsewhere]:
    """What the rest of the world makes of some aftermaths, which are told all at once."""
    worlds, every = situation.worlds.times(len(after)), _joined(after)
    crises = second_theatres(section, worlds, every)
    trust = credibility(section, worlds, every)
    parts = zip(
        *(
            np.split(one, len(after))
            for one in (crises.p_second_theatre, crises.expected, trust.before, trust.after)
        ),
        strict=True,
    )
    return [
        Elsewhere(second, number, before=before, after=after, **found)
        for (second, number, before, after), found in zip(
            parts, _programmes(section, situation, after), strict=True
        )
    ]


def _joined(after: Sequence[Aftermath]) -> Aftermath:
    """Some aftermaths as one, of the same worlds so many times over."""
    return Aftermath._make(np.concatenate(one) for one in zip(*after, strict=True))


def _programmes(
    section: Ripple, situation: Situation, after: Sequence[Aftermath]
) -> list[dict[str, Floats]]:
    """Programmes within the years of the section, and within those of the prices, after each."""
    if not after:
        return []
    priced, worlds = situation.posed.scenario.loss, situation.worlds.times(len(after))
    found = programmes(section, worlds, _joined(after))
    years = section.protectees.years if priced is None else priced.years
    early = within(years, section, worlds, found.factor)
    each = (np.split(one.expected, len(after)) for one in (found, early))
    return [{"programmes": own, "early_programmes": soon} for own, soon in zip(*each, strict=True)]


def _over(tables: dict[int, Floats], shares: Floats, guarantors: int) -> Elsewhere:
    """The mean of what classes set off, by how likely they are; NaN where none comes about.

    Parameters
    ----------
    tables
        Of `_table`, by number of class.
    """
    first = len(_SINGLE) + guarantors
    found = weighed(tables, shares, first + guarantors)
    single = {name: np.ascontiguousarray(found[:, k]) for k, name in enumerate(_SINGLE)}
    before = np.ascontiguousarray(found[:, len(_SINGLE) : first])
    return Elsewhere(**single, before=before, after=np.ascontiguousarray(found[:, first:]))


def _table(one: Elsewhere) -> Floats:
    """(W, 4 + 2 G) all that is set off, side by side: an average is taken of it in one go."""
    return np.column_stack([*(getattr(one, name) for name in _SINGLE), one.before, one.after])


def weighed(values: dict[int, Floats], shares: Floats, wide: int) -> Floats:
    """(W, wide) the mean over classes of (W, wide) each, by how likely they are.

    NaN where none of them comes about.
    """
    total = sum((shares[number] for number in values), np.zeros(shares.shape[1]))
    found = np.zeros((shares.shape[1], wide))
    for number, one in values.items():
        found = found + shares[number][:, None] * one
    scale = np.where(total > 0, total, 1.0)[:, None]
    return np.where(total[:, None] > 0, found / scale, np.nan)


@dataclass(frozen=True)
class Bill:
    """What a posture costs and what is lost all the same, in EUR bn, in each of W worlds."""

    expected: ExpectedLoss
    given_attack: dict[str, Floats]
    """(W,) each term, given that an attack comes."""
    by_outcome: Floats
    """(W, outcomes) what is expected to be lost in attacks that end so."""


def priced(
    situation: Situation,
    tally: Tally,
    world: Consequences | None,
    *,
    base: Elsewhere | None,
    p_attacked: Floats,
    section: Loss,
) -> Bill:
    """What a posture costs and what is lost all the same.

    Parameters
    ----------
    base
        What is expected elsewhere in peace under the posture that costs are counted from.
    section
        The prices.
    """
    worlds, total = situation.worlds, _total(tally)
    armed = _reached(tally)
    then = [None if world is None else world.told[number] for number in armed]
    endings = [
        _beside(_ending(situation, tally, number, section), one, base)
        for number, one in zip(armed, then, strict=True)
    ]
    quiet = _beside(no_attack(section, worlds), None if world is None else world.quiet, base)
    every = Ending._make(np.concatenate(one) for one in zip(quiet, *endings, strict=True))
    lost = loss_terms(section, worlds.times(1 + len(armed)), every)
    each = np.stack([lost[name].reshape(1 + len(armed), -1) for name in TERMS])
    terms, by_outcome = np.zeros((len(TERMS), len(worlds))), np.zeros((len(worlds), len(OUTCOMES)))
    for row, number in enumerate(armed, start=1):
        share = tally.share[number] / np.maximum(total, TINY)
        terms = terms + share * each[:, row]
        for one in p_attacked * share * each[:, row]:
            by_outcome[:, OUTCOMES.index(CLASSES[number][0])] += one
    cost = posture_cost_beur(situation.posed.base, situation.posed.posture, worlds)
    peaceful = dict(zip(TERMS, each[:, 0], strict=True))
    given = dict(zip(TERMS, terms, strict=True))
    expected = expected_loss(given, p_attacked, posture_cost=cost, peace=peaceful)
    return Bill(expected, given, by_outcome)


def _reached(tally: Tally) -> list[int]:
    """Numbers of the classes that an attack ends in, in some world at least."""
    return [
        number
        for number, (outcome, _) in enumerate(CLASSES)
        if outcome not in PEACE and tally.share[number].any()
    ]


def _total(tally: Tally) -> Floats:
    """(W,) probability of an attack, at a moment of decision."""
    return sum((tally.share[number] for number in _reached(tally)), np.zeros(tally.share.shape[1]))


def _beside(ending: Ending, then: Elsewhere | None, base: Elsewhere | None) -> Ending:
    """An ending with what it sets off elsewhere, above the base posture's peace."""
    if then is None or base is None:
        return ending
    return ending._replace(
        second_theatres=then.crises - base.crises,
        programmes=then.early_programmes - base.early_programmes,
    )


def _ending(situation: Situation, tally: Tally, number: int, section: Loss) -> Ending:
    """What a class of endings comes to by its mean, apart from what it sets off elsewhere."""
    outcome, answer = CLASSES[number]
    worlds, mean = situation.worlds, merge(tally, [number])
    answered = np.zeros((len(worlds), len(ANSWERS)))
    answered[:, ANSWERS.index(answer)] = 1.0
    killed = worlds.values(situation.posed.alliance.public.killed)
    columns = [situation.posed.states.index(name) for name in section.gdp]
    return Ending(
        answer=answered,
        dead=killed * mean.blue_casualties,
        wounded=(1 - killed) * mean.blue_casualties,
        civilians=mean.civilians,
        occupied=np.clip(mean.occupied[:, columns], 0.0, 1.0),
        fighting_days=mean.days,
        munitions_spent=np.clip(mean.munitions, 0.0, 1.0),
        nuclear_use=np.full(len(worlds), float(outcome == "nuclear_use")),
        second_theatres=np.zeros(len(worlds)),
        programmes=np.zeros(len(worlds)),
    )


__all__ = ["Bill", "Consequences", "Elsewhere", "Peace", "consequences", "peace_under", "priced"]
