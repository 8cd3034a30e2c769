"""The audit of an argument: every claim of the ledger tested in every world, under every Red.

A share is agreement over stated ranges, not a probability that the claim is true. Verdicts are
computed; what each hangs on most is the number that explains most of its margin's variance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.assess.origin import made_of
from glacis.campaign.run import MAX_WORLDS, draw_worlds
from glacis.campaign.statistics import CERTAIN
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.claims import Claim, Claims, Reading
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import Quantity
from glacis.scenario.read import read_scenario
from glacis.scenario.wording import words_of
from glacis.study.cases import Cases
from glacis.study.importance import conditional_means, importance, most
from glacis.study.parts import PART_SHARE, part_shares
from glacis.study.readings import OF_ALL, Frame, read
from glacis.study.weighing import Weighed, finite_of, readings, weigh

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Entry", "Ledger", "audited", "claims", "verdict", "words"]

VERDICTS = ((0.8, "holds"), (0.5, "leans"), (0.2, "contested"), (0.0, "fails"))
CLEAR = 0.8
"""Share of worlds from which, over the whole range of a number, a test comes out the same."""
DOMINANT = 0.8
"""Share of the margin's variance above which one number decides."""


@dataclass(frozen=True)
class Hangs:
    """The number that a claim hangs on most."""

    path: str
    words: str
    """What it is, in words."""
    share: float
    """Of the variance of the margin that it explains by itself."""
    quantity: Quantity


@dataclass(frozen=True)
class Entry:
    """One claim under one Red, in every world."""

    weighed: Weighed
    share: float
    """Of worlds in which it holds, those inside the margin counted half; NaN if never defined."""
    low: float
    high: float
    defined: float
    """Share of worlds in which the test can be made."""

    @property
    def verdict(self) -> str:
        """The verdict, in one word or, where the interval crosses a bar, two."""
        return verdict(self.share, self.low, self.high)


@dataclass(frozen=True, repr=False)
class Ledger:
    """All claims of a scenario, tested.

    Attributes
    ----------
    entries
        By claim and then by variant of Red, the first of which is the ledger's own.
    """

    scenario: Scenario
    seed: int
    worlds: int
    entries: dict[str, dict[str, Entry]]
    beside: dict[str, dict[str, Entry]]
    """By claim, what is told beside it under the first Red."""
    hangs: dict[str, Hangs | None]
    assumed: dict[str, bool]
    cases: Cases = field(repr=False)

    def __repr__(self) -> str:
        return f"<Ledger {self.made_of()}, {len(self.entries)} claims>"

    def made_of(self) -> str:
        """What it was made of, in words: changes, worlds and seed."""
        return made_of(self.scenario, worlds=self.worlds, seed=self.seed)

    @property
    def claims(self) -> dict[str, Claim]:
        """The claims as declared."""
        return claims_of(self.scenario).ledger

    @property
    def reds(self) -> tuple[str, ...]:
        """The variants of Red."""
        return tuple(next(iter(self.entries.values())))

    def verdicts(self) -> dict[str, int]:
        """How many claims come to which verdict under the first Red, by their first word."""
        told = [by_red[self.reds[0]].verdict.split(" or ")[0] for by_red in self.entries.values()]
        return {name: told.count(name) for _, name in VERDICTS}

    def depends_on_red(self, claim: str) -> bool:
        """Whether the verdict is another under another Red, and not by the intervals' reach."""
        told = [set(one.verdict.split(" or ")) for one in self.entries[claim].values()]
        return any(not (one & two) for one in told for two in told)

    def summary(self) -> pd.DataFrame:
        """A row for each claim."""
        import pandas as pd

        rows = list(self.to_record()["claims"])
        columns = ["id", "share", "low", "high", "verdict", "assumed", "hangs_on"]
        return pd.DataFrame(rows)[columns].set_index("id")

    def to_record(self) -> dict[str, Any]:
        """The result as the stable JSON of ``glacis claims``."""
        from glacis.study.claims_record import record_of

        return record_of(self)


def claims_of(scenario: Scenario) -> Claims:
    """The scenario's ledger.

    Raises
    ------
    InputError
        If it has none.
    """
    if scenario.claims is None:
        raise InputError(
            f"{scenario.name} has no claims to test; write some (baltic's claims.yaml shows how; "
            "`glacis where` names its folder)"
        )
    return scenario.claims


def claims(
    scenario: Scenario | str,
    only: str | None = None,
    *,
    worlds: int = 2_000,
    seed: int = 1,
    reds: Sequence[str] | None = None,
    runner: Runner | None = None,
) -> Ledger:
    """Every claim of a scenario's ledger, tested in every world under every Red.

    Parameters
    ----------
    scenario
        Without a posture applied; or a bundled name or a path.
    only
        One claim; all if left out.
    worlds
        How many. The parts of a posture are weighed in fewer: see `glacis.study.parts`.

    reds
        Variants of Red to test under; the ledger's own if left out.

    Raises
    ------
    InputError
        If there is no ledger or claim, a test cannot be read, or a number is out of range.
    Cancelled
        If the runner's cancel event is set.
    """
    if isinstance(scenario, str):
        scenario = read_scenario(scenario)
    ledger = claims_of(scenario)
    if only is not None and only not in ledger.ledger:
        known = ", ".join(ledger.ledger)
        raise InputError(f"{scenario.name} has no claim {only!r}; choose among: {known}")
    if not 1 <= worlds <= MAX_WORLDS:
        raise InputError(f"worlds must be 1 to {MAX_WORLDS:,} (got {worlds:,})")
    return audited(Cases(scenario, worlds, seed), only, reds=reds, runner=runner)


def audited(
    cases: Cases,
    only: str | None = None,
    *,
    reds: Sequence[str] | None = None,
    runner: Runner | None = None,
) -> Ledger:
    """The same of a scenario's cases, some of which may be known.

    Raises
    ------
    InputError, Cancelled
        As for `claims`.
    """
    ledger = claims_of(cases.scenario)
    chosen = {name: one for name, one in ledger.ledger.items() if only in (None, name)}
    under = tuple(reds or ledger.reds)
    for red in under:
        for claim in chosen.values():
            _ask(cases, claim, red, with_beside=red == under[0])
    cases.run(runner)
    first = under[0]
    entries = {
        name: {red: _entry(cases, claim, red, runner) for red in under}
        for name, claim in chosen.items()
    }
    beside = {
        name: {
            label: _of_test(weigh(test, _reader(cases, first, runner)))
            for label, test in claim.beside.items()
        }
        for name, claim in chosen.items()
    }
    hangs = {name: _hangs(cases, first, entries[name][first]) for name in chosen}
    assumed = {
        name: _is_assumed(cases, chosen[name], first, entries[name][first], hangs[name])
        for name in chosen
    }
    return Ledger(cases.scenario, cases.seed, cases.worlds, entries, beside, hangs, assumed, cases)


def _ask(cases: Cases, claim: Claim, red: str, *, with_beside: bool) -> None:
    tests = [claim.test, *(claim.beside.values() if with_beside else ())]
    for test in tests:
        for reading in readings(test):
            if reading.read != PART_SHARE:
                others = cases.scenario.postures if reading.read in OF_ALL else ()
                cases.ask(reading, red, others)


def _reader(cases: Cases, red: str, runner: Runner | None) -> Any:
    def one(reading: Reading) -> Floats:
        if reading.read == PART_SHARE:
            return part_shares(cases, reading, red, runner)
        study = cases.found[cases.where(reading, red)]
        return read(Frame(study, reading, cases.posture(reading)[0]))

    return one


def _entry(cases: Cases, claim: Claim, red: str, runner: Runner | None) -> Entry:
    return _of_test(weigh(claim.test, _reader(cases, red, runner)))


def _of_test(weighed: Weighed) -> Entry:
    kept = weighed.score[~np.isnan(weighed.score)]
    if not len(kept):
        return Entry(weighed, math.nan, math.nan, math.nan, 0.0)
    share = float(kept.mean())
    low, high = interval(share, len(kept))
    return Entry(weighed, share, low, high, len(kept) / len(weighed.score))


def interval(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share over n worlds. Source: wilson-1927."""
    z2 = CERTAIN**2 / n
    centre = (share + z2 / 2) / (1 + z2)
    half = CERTAIN / (1 + z2) * math.sqrt(share * (1 - share) / n + z2 / (4 * n))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def words(share: float) -> str:
    """The word for a share of worlds."""
    return next(name for least, name in VERDICTS if share >= least)


def verdict(share: float, low: float, high: float) -> str:
    """The verdict: the word of the share, and any other that its interval reaches."""
    if math.isnan(share):
        return "undefined"
    told = [words(share), *(words(end) for end in (low, high) if words(end) != words(share))]
    return " or ".join(dict.fromkeys(told))


def _hangs(cases: Cases, red: str, entry: Entry) -> Hangs | None:
    """The number that explains most of a margin's variance; None if none stands above noise."""
    scenario = _scenario(cases, red)
    n = len(entry.weighed.margin)
    worlds = draw_worlds(scenario, n, cases.seed)
    margin = finite_of(entry.weighed.margin)
    if np.isfinite(margin).sum() < 2 or np.nanstd(margin) == 0:
        return None
    found = importance(_places(cases, red, n), margin)
    best = most(found)
    if best is None:
        return None
    path = worlds.paths[best]
    quantities = {one.path: one for _, one in scenario.quantities()}
    return Hangs(path, words_of(scenario, path), float(found.share[best]), quantities[path])


def _places(cases: Cases, red: str, n: int) -> Floats:
    """(n, q) every Quantity's place in its distribution; drawn once for all claims."""
    key = (red, n)
    if key not in cases.places:
        worlds = draw_worlds(_scenario(cases, red), n, cases.seed)
        cases.places[key] = np.column_stack([worlds.probabilities(path) for path in worlds.paths])
    return cases.places[key]


def _scenario(cases: Cases, red: str) -> Scenario:
    return cases.scenario.variant(red) if red else cases.scenario


def _is_assumed(cases: Cases, claim: Claim, red: str, entry: Entry, hangs: Hangs | None) -> bool:
    """Whether one elicited number, or one that names what is tested, decides by itself."""
    if hangs is not None and hangs.share > DOMINANT:
        is_judged = "elicited" in hangs.quantity.source or hangs.path in claim.rests_on
        if is_judged:
            return True
    return any(_decides(cases, red, path, entry) for path in claim.rests_on)


def _decides(cases: Cases, red: str, path: str, entry: Entry) -> bool:
    """Whether the test comes out the same over the whole range of a number that names it.

    The range was then drawn on one side of the bar.
    """
    n = len(entry.weighed.score)
    worlds = draw_worlds(_scenario(cases, red), n, cases.seed)
    if path not in worlds.paths:
        return False
    told = conditional_means(worlds.probabilities(path), entry.weighed.score).mean
    told = told[np.isfinite(told)]
    return bool(len(told)) and bool((told >= CLEAR).all() or (told <= 1 - CLEAR).all())
