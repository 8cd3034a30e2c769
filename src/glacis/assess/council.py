"""How the alliance answers one attack, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.alliance.council import Answers, Chances, answers, chances, delay_hours
from glacis.alliance.leanings import TERMS, Leanings, Seen, leanings
from glacis.assess.decision import (
    Look,
    alliance_of,
    before,
    horizon_hours,
    learn_seen,
    luck_of,
    placed,
    seen_at_decision,
    stationed,
    succeeds,
)
from glacis.assess.origin import head_of, made_of
from glacis.campaign.record import Campaign
from glacis.campaign.run import MAX_DAYS, draw_worlds, run_campaign
from glacis.campaign.statistics import statistics
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.kernels import Floats
from glacis.scenario.game import ANSWERS
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CouncilStudy", "council", "council_of"]

FULL = ANSWERS.index("full")
LOST_FORCE = 0.5
"""Share of the forward force destroyed from which its deaths would have to be enough."""


@dataclass(frozen=True, repr=False)
class CouncilStudy:
    """How the alliance answers one attack under one posture, in every world."""

    scenario: Scenario
    posture: str
    option: str
    look: Look
    """From where the members look at the attack."""
    seen: Seen
    lean: Leanings
    chances: Chances
    answers: Answers
    delay_hours: Floats
    forward_destroyed: Floats
    """(W,) share of the forward force destroyed or captured in the end; NaN without one."""
    succeeded: Floats
    """(W,) 1 where that of which the odds are came about: the objectives stood, or were retaken."""

    @property
    def seed(self) -> int:
        """That of the worlds."""
        return self.look.worlds.seed

    @property
    def worlds(self) -> int:
        """How many worlds were looked at."""
        return len(self.delay_hours)

    def made_of(self) -> str:
        """What the study was made of, in words: changes, worlds and seed."""
        return made_of(self.scenario, worlds=self.worlds, seed=self.seed)

    def pivotal(self) -> str:
        """The members without whom there is no full answer, by name."""
        alliance = alliance_of(self.scenario)
        return " and ".join(alliance.members[name].name for name in alliance.council.pivotal)

    def coalition(self) -> int:
        """How many willing members are enough."""
        return alliance_of(self.scenario).council.coalition

    def __repr__(self) -> str:
        return f"<CouncilStudy {self.made_of()}, posture {self.posture!r}, {self.option!r}>"

    def not_enough_blood(self) -> Floats:
        """Probability of less than a full answer in the worlds where the forward force is lost."""
        lost = self.forward_destroyed >= LOST_FORCE
        return np.asarray(1.0 - self.chances.full[lost])

    def deciding_terms(self) -> list[str]:
        """For each world, which term decided: the weightiest behind the answer that was given.

        Where it was full, of the pivotal members' terms that which pulls most towards it. Where it
        was not, that which pulls most away, of the pivotal members who withheld it, or of all who
        did if the pivotal stood.
        """
        alliance = alliance_of(self.scenario)
        is_pivotal = np.array([name in alliance.council.pivotal for name in self.lean.members])
        is_full = (self.answers.answer == FULL)[:, None]
        withheld = ~self.answers.stands
        key = withheld & is_pivotal
        rows = np.where(is_full, is_pivotal, np.where(key.any(axis=1)[:, None], key, withheld))
        weights = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)
        terms = np.einsum("wn,wnt->wt", weights, self.lean.terms)
        return [TERMS[k] for k in np.where(is_full, terms, -terms).argmax(axis=1)]

    def explained(self, world: int) -> dict[str, Any]:
        """One world: what was seen, who stood, who blocked, and which term decided.

        Raises
        ------
        InputError
            If there is no such world.
        """
        if not 0 <= world < self.worlds:
            raise InputError(f"world {world}: must be from 0 to {self.worlds - 1}")
        names = np.array(self.lean.members)
        return {
            "world": world,
            "answer": ANSWERS[self.answers.answer[world]],
            "p_full": float(self.chances.full[world]),
            "odds": float(self.seen.odds[world]),
            "dead": float(self.seen.dead[world]),
            "stood": names[self.answers.stands[world]].tolist(),
            "blocked": names[self.answers.blocks[world]].tolist(),
            "decided_by": self.deciding_terms()[world],
            "terms": {
                name: dict(zip(TERMS, self.lean.terms[world, k].tolist(), strict=True))
                for k, name in enumerate(self.lean.members)
            },
        }

    def summary(self) -> pd.DataFrame:
        """A row for each member: support, how it leans, and what weighs most for and against."""
        import pandas as pd

        return pd.DataFrame(self.member_records()).set_index("member")

    def member_records(self) -> list[dict[str, Any]]:
        """The same as plain data, medians over worlds."""
        terms = self.terms()
        full = np.median(self.chances.member_full, axis=0)
        none = np.median(self.chances.member_none, axis=0)
        support = np.median(self.lean.support, axis=0)
        members = alliance_of(self.scenario).members
        return [
            {
                "member": name,
                "name": members[name].name,
                "support": float(support[k]),
                "full": float(full[k]),
                "limited": float(1 - full[k] - none[k]),
                "none": float(none[k]),
                "most_for": TERMS[int(terms[k].argmax())],
                "most_against": TERMS[int(terms[k].argmin())],
            }
            for k, name in enumerate(self.lean.members)
        ]

    def terms(self) -> Floats:
        """(n, terms) what moves each member, in log odds of a full answer: medians over worlds."""
        return np.asarray(np.median(self.lean.terms, axis=0))

    def p_blocks(self) -> Floats:
        """(W, n) how likely each member leans to nothing and says so, and does not abstain."""
        abstain = self.look.worlds.values(self.look.alliance.council.abstain)
        return np.asarray(self.chances.member_none * (1.0 - abstain[:, None]))

    def to_record(self) -> dict[str, Any]:
        """The result as plain data, for ``glacis alliance --json``."""
        found, origin = self.chances, {"worlds": self.worlds, "seed": self.seed}
        return {
            **head_of(self.scenario, **origin, posture=self.posture),
            "option": self.option,
            "response": {name: statistics(getattr(found, name)) for name in ANSWERS},
            "by_consensus": statistics(found.by_consensus),
            "by_coalition": statistics(found.by_coalition),
            "by_pivotal_alone": statistics(found.pivotal),
            "two_fixed_points": statistics(found.several),
            "odds": statistics(self.seen.odds),
            "dead": statistics(self.seen.dead),
            "expected_casualties": statistics(self.seen.casualties),
            "expected_nuclear_use": statistics(self.seen.nuclear),
            "decision_hours": statistics(self.delay_hours),
            "not_enough_blood": {
                "share_of_worlds": float(np.mean(self.forward_destroyed >= LOST_FORCE)),
                **statistics(self.not_enough_blood()),
            },
            "decided_by": self.decided_by(),
            "members": self.member_records(),
        }

    def decided_by(self) -> dict[str, float]:
        """Share of worlds in which each term decided, the most frequent first."""
        told = self.deciding_terms()
        shares = {name: told.count(name) / len(told) for name in set(told)}
        return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


def council(
    scenario: Scenario | str,
    posture: str | None = None,
    *,
    option: str = "assault",
    runs: int = 2_000,
    seed: int = 1,
    runner: Runner | None = None,
) -> CouncilStudy:
    """How the alliance answers an attack: what it sees at the decision, and what comes of that.

    Parameters
    ----------
    scenario
        Without a posture applied; or a bundled name or a path.
    posture
        One of the scenario's; its default if left out.
    option
        Red's option, or a kind that only one has.
    runs
        How many worlds. Forecasts are learnt on the first thousand, each world's on the others:
        from fewer they know little.

    Raises
    ------
    InputError
        If the scenario has no alliance, or no such posture or option.
    Cancelled
        If the runner's cancel event is set.
    """
    if isinstance(scenario, str):
        scenario = read_scenario(scenario)
    alliance = alliance_of(scenario)
    worlds = draw_worlds(scenario, runs, seed)
    posed = scenario.posture(posture or scenario.default_posture or "")
    there = stationed(posed, alliance, worlds)
    delay = delay_hours(
        alliance, worlds, chances(alliance, worlds, before(alliance, worlds, there))
    )
    fought = run_campaign(
        scenario,
        posture,
        runs=runs,
        seed=seed,
        runner=runner,
        option=option,
        response="full",
        days=float(MAX_DAYS),
        decision_hours=delay,
    )
    return council_of(scenario, fought, Look(alliance, worlds, there, delay, placed(worlds)))


def council_of(scenario: Scenario, fought: Campaign, look: Look) -> CouncilStudy:
    """How the alliance answers an attack that is fought already.

    Parameters
    ----------
    scenario
        Without a posture applied.
    fought
        The attack as it is if the answer is full, followed to the longest day, in worlds from the
        first on.
    look
        From where the members look at it.
    """
    alliance, worlds, delay = look.alliance, look.worlds, look.delay
    seen = seen_at_decision(fought, look, learn_seen(fought, look))
    lean = leanings(alliance, worlds, seen)
    return CouncilStudy(
        scenario=scenario,
        posture=fought.posture,
        option=fought.option,
        look=look,
        seen=seen,
        lean=lean,
        chances=chances(alliance, worlds, lean),
        answers=answers(alliance, worlds, lean, luck_of(lean.members, worlds)),
        delay_hours=delay,
        forward_destroyed=fought.forward_share("destroyed"),
        succeeded=succeeds(fought, horizon_hours(alliance, worlds, delay)),
    )
