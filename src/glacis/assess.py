"""Where campaign, alliance and crisis meet; nothing else lets one know of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glacis.alliance.council import (
    ANSWERS,
    Answers,
    Chances,
    Luck,
    answers,
    chances,
    delay_hours,
)
from glacis.alliance.leanings import TERMS, Leanings, Seen, drawn, leanings, seated
from glacis.campaign.joint_record import nuclear_chance
from glacis.campaign.record import Campaign
from glacis.campaign.run import MAX_DAYS, draw_worlds, run_campaign
from glacis.campaign.statistics import statistics
from glacis.errors import InputError
from glacis.executor import Runner
from glacis.forecast import Columns, chance, mean
from glacis.jit import load_kernels
from glacis.kernels import Floats
from glacis.scenario.alliance import Alliance
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.streams import Stream, entity_hash, split_seed
from glacis.worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CouncilStudy", "council"]

FULL = ANSWERS.index("full")
LOST_FORCE = 0.5
"""Share of the forward force destroyed from which its deaths would have to be enough."""


@dataclass(frozen=True, repr=False)
class CouncilStudy:
    """How the alliance answers one attack under one posture, in every world."""

    scenario: Scenario
    posture: str
    option: str
    seed: int
    seen: Seen
    lean: Leanings
    chances: Chances
    answers: Answers
    delay_hours: Floats
    forward_destroyed: Floats
    """(W,) share of the forward force destroyed or captured in the end; NaN without one."""

    @property
    def worlds(self) -> int:
        """How many worlds were looked at."""
        return len(self.delay_hours)

    def made_of(self) -> str:
        """What the study was made of, in words: changes, worlds and seed."""
        document = self.scenario.document
        changes = [*document.variants, *(f"{path} = {value}" for path, value in document.overrides)]
        under = f" under {', '.join(changes)}" if changes else ""
        return f"Scenario {document.name}{under}, {self.worlds:,} worlds, seed {self.seed}"

    def pivotal(self) -> str:
        """The members without whom there is no full answer, by name."""
        alliance = _alliance(self.scenario)
        return " and ".join(alliance.members[name].name for name in alliance.council.pivotal)

    def coalition(self) -> int:
        """How many willing members are enough."""
        return _alliance(self.scenario).council.coalition

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
        alliance = _alliance(self.scenario)
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
        terms = np.median(self.lean.terms, axis=0)
        full = np.median(self.chances.member_full, axis=0)
        none = np.median(self.chances.member_none, axis=0)
        support = np.median(self.lean.support, axis=0)
        members = _alliance(self.scenario).members
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

    def to_record(self) -> dict[str, Any]:
        """The result as plain data, for ``glacis alliance --json``."""
        from glacis import __version__

        document = self.scenario.document
        found = self.chances
        return {
            "schema": 1,
            "glacis": __version__,
            "scenario": document.name,
            "scenario_sha256": document.sha256,
            "variants": list(document.variants),
            "overrides": dict(document.overrides),
            "seed": self.seed,
            "worlds": self.worlds,
            "posture": self.posture,
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
        How many worlds. Forecasts are learnt on them, each world's on the others: below a thousand
        they know little, and a world's own forecast moves with the number.

    Raises
    ------
    InputError
        If the scenario has no alliance, or no such posture or option.
    Cancelled
        If the runner's cancel event is set.
    """
    if isinstance(scenario, str):
        scenario = read_scenario(scenario)
    alliance = _alliance(scenario)
    worlds = draw_worlds(scenario, runs, seed)
    posed = scenario.posture(posture or scenario.default_posture or "")
    there = _stationed(posed, alliance, worlds)
    delay = delay_hours(
        alliance, worlds, chances(alliance, worlds, _before(alliance, worlds, there))
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
    seen = _seen(fought, alliance, worlds, there=there, delay=delay)
    lean = leanings(alliance, worlds, seen)
    found = chances(alliance, worlds, lean)
    return CouncilStudy(
        scenario=scenario,
        posture=posed.document.posture,
        option=fought.dataset.attrs["option"],
        seed=seed,
        seen=seen,
        lean=lean,
        chances=found,
        answers=answers(alliance, worlds, lean, _luck(lean.members, worlds)),
        delay_hours=delay,
        forward_destroyed=fought.forward_share("destroyed"),
    )


def _alliance(scenario: Scenario) -> Alliance:
    if scenario.alliance is None:
        raise InputError(
            f"{scenario.name} has no alliance, so nobody answers; write one (baltic's "
            "alliance.yaml shows how; `glacis where` names its folder)"
        )
    return scenario.alliance


def _stationed(posed: Scenario, alliance: Alliance, worlds: Worlds) -> Floats:
    """(W, n) people whom each member that is not attacked has there from the start."""
    names = list(seated(alliance))
    people = np.zeros((len(worlds), len(names)))
    for formation in posed.forces.blue.values():
        nation = posed.nations[formation.nation]
        is_guest = formation.joins == "in-place" and nation.role == "guarantor"
        stands = posed.nations[posed.theatre.places[formation.start].nation].role == "protege"
        if is_guest and stands and formation.nation in names:
            strength = worlds.values(formation.strength)
            people[:, names.index(formation.nation)] += worlds.values(formation.people) * strength
    return people


def _before(alliance: Alliance, worlds: Worlds, there: Floats) -> Leanings:
    """How members lean before anything is seen: at even odds, with nothing lost or feared."""
    nothing = np.zeros(len(worlds))
    unseen = Seen(
        odds=np.full(len(worlds), 0.5),
        dead=nothing,
        own_dead=np.zeros_like(there),
        own_troops=there,
        casualties=nothing,
        nuclear=nothing,
    )
    return leanings(alliance, worlds, unseen)


def _seen(
    fought: Campaign, alliance: Alliance, worlds: Worlds, *, there: Floats, delay: Floats
) -> Seen:
    """What the members see when they decide, and what they expect from there on."""
    columns = _columns(fought, worlds)
    public = drawn(alliance.public, worlds)
    total = fought.losses("blue")
    after = np.maximum(total - fought.values("seen_blue_casualties"), 0.0)
    dead = fought.values("seen_forward_casualties") * public["killed"]
    shares = there / np.maximum(there.sum(axis=1, keepdims=True), 1.0)
    return Seen(
        odds=chance(_succeeds(fought, delay + 24.0 * public["horizon_days"]), columns),
        dead=dead,
        own_dead=dead[:, None] * shares,
        own_troops=there,
        casualties=np.maximum(mean(after, columns), 0.0),
        nuclear=np.clip(mean(nuclear_chance(fought), columns), 0.0, 1.0),
    )


def _succeeds(fought: Campaign, by_hour: Floats) -> Floats:
    """1 where the objectives never fall, or nothing of Blue's is Red's any more by that hour."""
    stands = fought.falls("any") == 0
    return np.asarray((stands | (fought.values("retaken_hour") <= by_hour)).astype(float))


def _columns(fought: Campaign, worlds: Worlds) -> Columns:
    """What is seen at the decision, and every Quantity's place in its distribution."""
    seen = [
        fought.values(f"seen_{name}")
        for name in ("forward_casualties", "blue_casualties", "people_lost", "places_lost")
    ]
    known = np.column_stack([np.log1p(seen[0]), np.log1p(seen[1]), seen[2], seen[3]])
    placed = np.column_stack([worlds.probabilities(path) for path in worlds.paths])
    return Columns(known, placed)


def _luck(members: tuple[str, ...], worlds: Worlds) -> Luck:
    """What chance adds to each member and to all, by address, so that no posture changes it."""
    fill = load_kernels("glacis.luck").fill
    words = split_seed(worlds.seed)

    def uniform(stream: Stream, entity: str, draws: int = 1) -> Floats:
        drawn_ = np.empty((len(worlds), draws))
        fill(*words, int(stream), entity_hash(entity), worlds.start, drawn_)
        return drawn_

    shared = uniform(Stream.COUNCIL, "council", 2)
    return Luck(
        shock=shared[:, 0],
        member=np.column_stack([uniform(Stream.MEMBER, name) for name in members]),
        abstention=np.column_stack([uniform(Stream.ABSTENTION, name) for name in members]),
        expectation=shared[:, 1],
    )
