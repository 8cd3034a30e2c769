"""What a war would cost, and what it costs to prevent it: in EUR bn, at present value.

Every term is one posture's, in each of W worlds, given that an attack comes and how it ends. What
falls in the war itself counts in full, as does a nuclear weapon; what comes in later years counts
for less, and what comes after the horizon for nothing. Credibility lost has no price of its own,
and Red's losses do not count. The prices are the scenario's section `loss`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.game import ANSWERS
from glacis.scenario.loss import Loss
from glacis.scenario.model import Scenario
from glacis.scenario.override import unknown_name
from glacis.scenario.quantity import UNITS, Quantity
from glacis.worlds import Worlds

NO_DISCOUNT = 1e-12
"""A yearly rate below which nothing is lost by waiting."""
MEUR_A_BEUR = UNITS["beur"][1] / UNITS["meur"][1]

POSTURE = "posture"
TERMS = (
    "dead",
    "wounded",
    "civilians",
    "occupied",
    "war",
    "munitions",
    "world_shock",
    "nuclear",
    "second_theatres",
    "programmes",
)
"""Everything that is counted beside the posture itself, in the order in which it is told."""

#: What may be negative: a posture can leave less to fear elsewhere than the base does.
SIGNED = ("second_theatres", "programmes")
SHARES = ("answer", "occupied", "munitions_spent", "nuclear_use")


class Ending(NamedTuple):
    """How an attack ended in each of W worlds, or that none came (see `no_attack`)."""

    answer: Floats
    """(W, 3) share, or probability, of each of `ANSWERS` (none, limited, full); 0 in peace."""
    dead: Floats
    """(W,) Blue's troops killed, the defended nations' own among them."""
    wounded: Floats
    """(W,) Blue's troops wounded."""
    civilians: Floats
    """(W,) civilians killed or wounded, as the campaign counts them."""
    occupied: Floats
    """(W, N) share of each defended nation's people who live on ground that Red holds when the
    fighting ends, in the order of `Loss.gdp`."""
    fighting_days: Floats
    """(W,) from H-hour to the end of the fighting."""
    munitions_spent: Floats
    """(W,) share spent of what the arsenals hold, 0 to 1."""
    nuclear_use: Floats
    """(W,) probability that a nuclear weapon is used, or whether one was."""
    second_theatres: Floats
    """(W,) crises expected in other theatres within the horizon, above what the base posture's
    peace brings."""
    programmes: Floats
    """(W,) new nuclear programmes expected, likewise."""


def no_attack(
    section: Loss,
    worlds: Worlds,
    *,
    second_theatres: Floats | float = 0.0,
    programmes: Floats | float = 0.0,
) -> Ending:
    """The same worlds if no attack comes, with what the posture changes elsewhere all the same.

    Parameters
    ----------
    second_theatres, programmes
        As in `Ending`; a number holds for every world.
    """
    none = np.zeros(worlds.n)
    return Ending(
        answer=np.zeros((worlds.n, len(ANSWERS))),
        dead=none,
        wounded=none,
        civilians=none,
        occupied=np.zeros((worlds.n, len(section.gdp))),
        fighting_days=none,
        munitions_spent=none,
        nuclear_use=none,
        second_theatres=np.broadcast_to(np.asarray(second_theatres, dtype=float), (worlds.n,)),
        programmes=np.broadcast_to(np.asarray(programmes, dtype=float), (worlds.n,)),
    )


def loss_terms(section: Loss, worlds: Worlds, ending: Ending) -> dict[str, Floats]:
    """What an ending costs: each of `TERMS` in EUR bn, (W,), at present value.

    A life is worth what people would pay to lower the risk of losing one, over that risk. What
    comes in later years is spread evenly: output of occupied ground over the years that it stays
    so, the world's shock over the first, crises and programmes over the horizon.
    Source: oecd-2012, elicited.

    Raises
    ------
    InputError
        If an array of the ending has not the shape that it says, or holds what cannot be.
    """
    _check_ending(section, worlds, ending)
    of = worlds.record(section)
    life = of["life"] / MEUR_A_BEUR
    evenly = annuity(of["discount"], section.years) / section.years
    harmed = of["wounded"] + of["civilians_dead"] * (1 - of["wounded"])
    return {
        "dead": life * ending.dead,
        "wounded": life * of["wounded"] * ending.wounded,
        "civilians": life * harmed * ending.civilians,
        "occupied": _occupied(section, worlds, ending.occupied),
        "war": _war(section, worlds, ending),
        "munitions": of["munitions"] * ending.munitions_spent,
        "world_shock": _world_shock(section, worlds, ending.answer),
        "nuclear": of["nuclear"] * ending.nuclear_use,
        "second_theatres": of["second_theatre"] * ending.second_theatres * evenly,
        "programmes": of["programme"] * ending.programmes * evenly,
    }


def at_low_nuclear_end(section: Loss) -> Loss:
    """The same prices with nuclear use at the low end of its range."""
    one = section.nuclear
    low = Quantity("certain", one.unit, mode=one.support[0], source=one.source, path=one.path)
    return section.model_copy(update={"nuclear": low})


class ExpectedLoss(NamedTuple):
    """What a posture and the war that it does not prevent cost together, in EUR bn."""

    terms: dict[str, Floats]
    """(W,) `POSTURE`, then each of `TERMS` times how likely it is to be lost."""

    @property
    def total(self) -> Floats:
        """(W,) all of it."""
        return _summed(self.terms)

    @property
    def without_posture(self) -> Floats:
        """(W,) all but the posture's own cost."""
        return _summed({name: one for name, one in self.terms.items() if name != POSTURE})


def expected_loss(
    terms: Mapping[str, Floats],
    p_attacked: Floats,
    *,
    posture_cost: Floats,
    peace: Mapping[str, Floats] | None = None,
) -> ExpectedLoss:
    """What a posture costs and what is lost all the same, each weighed by how likely it is.

    Parameters
    ----------
    terms
        Of `loss_terms`, given that an attack comes.
    p_attacked
        (W,) probability that one comes within the horizon.
    posture_cost
        (W,) of `posture_cost_beur`.
    peace
        Of `loss_terms` for `no_attack`; nothing is lost in peace if left out.

    Raises
    ------
    InputError
        If a probability is not within 0 and 1.
    """
    p = np.asarray(p_attacked, dtype=float)
    if not np.all((p >= 0) & (p <= 1)):
        raise InputError("p_attacked: must be from 0 to 1 in every world; give a probability")
    quiet = peace or {}
    found = {POSTURE: np.asarray(posture_cost, dtype=float)}
    for name, term in terms.items():
        found[name] = p * term + (1 - p) * quiet.get(name, np.zeros_like(p))
    return ExpectedLoss(found)


class PostureMoney(NamedTuple):
    """What a posture's measures cost in each of W worlds, in EUR million."""

    one_off: Floats
    """(W,) to buy and base them."""
    annual: Floats
    """(W,) to keep them for a year."""


def posture_money(scenario: Scenario, posture: str, worlds: Worlds) -> PostureMoney:
    """What all measures of a posture cost, as `glacis postures` adds them up, world by world.

    Parameters
    ----------
    scenario
        Without a posture applied.

    Raises
    ------
    InputError
        If there is no such posture.
    """
    if posture not in scenario.postures:
        raise InputError(unknown_name(scenario, "posture", posture))
    one_off, annual = np.zeros(worlds.n), np.zeros(worlds.n)
    for line in scenario.postures[posture].measures:
        measure = scenario.measures[line.measure]
        one_off += line.quantity * worlds.values(measure.one_off_meur)
        annual += line.quantity * worlds.values(measure.running_meur)
    return PostureMoney(one_off, annual)


def posture_cost_beur(scenario: Scenario, posture: str, worlds: Worlds) -> Floats:
    """(W,) EUR bn that a posture costs above the base posture, at present value over the horizon.

    All is bought at once and kept from then on, so that measures that come later cost too much by
    what keeping them until then would cost. What both postures hold cancels; a posture that holds
    less than the base costs less than nothing.

    Raises
    ------
    InputError
        If the scenario has no prices, or no such posture.
    """
    section = loss_of(scenario)
    one, base = (posture_money(scenario, name, worlds) for name in (posture, section.above))
    years = annuity(worlds.values(section.discount), section.years)
    return (one.one_off - base.one_off + (one.annual - base.annual) * years) / MEUR_A_BEUR


def loss_of(scenario: Scenario) -> Loss:
    """The scenario's prices.

    Raises
    ------
    InputError
        If it has none.
    """
    if scenario.loss is None:
        raise InputError(
            f"{scenario.name} has no loss, so nothing has a price; write one (baltic's loss.yaml "
            "shows how; `glacis where` names its folder)"
        )
    return scenario.loss


def annuity(discount: Floats, years: Floats | float) -> Floats:
    """Present value of 1 a year, paid evenly over so many years from now on.

    Discounting is by 1 + `discount` a year, so that it is (1 - (1 + d)^-years) / ln(1 + d); just
    the years if d is 0.
    """
    log = np.log1p(np.asarray(discount, dtype=float))
    is_felt = log > NO_DISCOUNT
    rate = np.where(is_felt, log, 1.0)
    return np.asarray(np.where(is_felt, -np.expm1(-rate * years) / rate, years), dtype=float)


def _occupied(section: Loss, worlds: Worlds, occupied: Floats) -> Floats:
    """(W,) output of the ground that Red keeps, by the people on it, until the horizon at most."""
    output = np.zeros(worlds.n)
    for column, gdp in enumerate(section.gdp.values()):
        output = output + worlds.values(gdp) * occupied[:, column]
    years = np.minimum(worlds.values(section.occupied_years), section.years)
    lost = worlds.values(section.idle) * annuity(worlds.values(section.discount), years)
    return np.asarray(output * lost)


def _war(section: Loss, worlds: Worlds, ending: Ending) -> Floats:
    """(W,) what the days of fighting cost at each answer's price."""
    a_day = worlds.record(section.war)
    priced = [a_day[name] * ending.answer[:, n] for n, name in enumerate(ANSWERS)]
    return np.asarray(sum(priced) * ending.fighting_days / MEUR_A_BEUR)


def _world_shock(section: Loss, worlds: Worlds, answer: Floats) -> Floats:
    """(W,) the world's output lost in the first year: as measured where aid and sanctions answered.

    Source: oecd-2022, elicited.
    """
    of = worlds.record(section.world)
    weight = of["unanswered"] * answer[:, 0] + answer[:, 1] + of["fought"] * answer[:, 2]
    lost = np.minimum(of["lost"] * weight, 1.0)
    return np.asarray(of["output"] * lost * annuity(worlds.values(section.discount), 1.0))


def _check_ending(section: Loss, worlds: Worlds, ending: Ending) -> None:
    shapes = {"answer": (worlds.n, len(ANSWERS)), "occupied": (worlds.n, len(section.gdp))}
    for name, given in ending._asdict().items():
        values, shape = np.asarray(given), shapes.get(name, (worlds.n,))
        if values.shape != shape:
            raise InputError(
                f"ending.{name}: must have the shape {shape} (got {values.shape}); give one for "
                "each world"
            )
        least = -np.inf if name in SIGNED else 0.0
        most = 1.0 + 1e-9 if name in SHARES else np.inf
        if not np.all(np.isfinite(values) & (values >= least) & (values <= most)):
            raise InputError(
                f"ending.{name}: must be {_bounds(name)} in every world (got from "
                f"{values.min():g} to {values.max():g})"
            )
    if np.any(ending.answer.sum(axis=1) > 1.0 + 1e-9):
        raise InputError("ending.answer: shares must add up to at most 1 in every world")


def _bounds(name: str) -> str:
    if name in SHARES:
        return "from 0 to 1"
    return "a finite number" if name in SIGNED else "a finite number of at least 0"


def _summed(terms: Mapping[str, Floats]) -> Floats:
    """(W,) the sum of terms, one after the other."""
    first, *others = terms.values()
    found = first
    for one in others:
        found = found + one
    return found


__all__ = [
    "POSTURE",
    "TERMS",
    "Ending",
    "ExpectedLoss",
    "PostureMoney",
    "annuity",
    "at_low_nuclear_end",
    "expected_loss",
    "loss_of",
    "loss_terms",
    "no_attack",
    "posture_cost_beur",
    "posture_money",
]
