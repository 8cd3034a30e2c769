"""What the members see when they decide, from the campaign that they look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from glacis.alliance.council import Luck
from glacis.alliance.leanings import Leanings, Seen, leanings, seated
from glacis.campaign.joint_record import nuclear_chance
from glacis.campaign.record import Campaign
from glacis.errors import InputError
from glacis.forecast import PILOT, Candidates, Columns, Learnt, Task, learn
from glacis.jit import load_kernels
from glacis.kernels import Floats
from glacis.scenario.alliance import Alliance
from glacis.scenario.model import Place, Scenario
from glacis.streams import Stream, entity_hash, split_seed
from glacis.worlds import Worlds


def alliance_of(scenario: Scenario) -> Alliance:
    """The scenario's alliance.

    Raises
    ------
    InputError
        If it has none.
    """
    if scenario.alliance is None:
        raise InputError(
            f"{scenario.name} has no alliance, so nobody answers; write one (baltic's "
            "alliance.yaml shows how; `glacis where` names its folder)"
        )
    return scenario.alliance


def stationed(posed: Scenario, alliance: Alliance, worlds: Worlds) -> Floats:
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


def before(alliance: Alliance, worlds: Worlds, there: Floats) -> Leanings:
    """How members lean before anything is seen: at even odds, with nothing lost or feared.

    All that they defend is at stake.
    """
    nothing = np.zeros(len(worlds))
    unseen = Seen(
        odds=np.full(len(worlds), 0.5),
        dead=nothing,
        own_dead=np.zeros_like(there),
        own_troops=there,
        casualties=nothing,
        nuclear=nothing,
        at_stake=np.ones(len(worlds)),
    )
    return leanings(alliance, worlds, unseen)


class SeenLearnt(NamedTuple):
    """What the pilot tells of a war to those who have seen how it began."""

    odds: Learnt
    casualties: Learnt
    nuclear: Learnt


class Look(NamedTuple):
    """From where members look at a war: who they are, when they decide, what there is to see."""

    alliance: Alliance
    worlds: Worlds
    there: Floats
    """(W, n) people whom each member has there."""
    delay: Floats
    """(W,) hours after H-hour at which they decide."""
    places: Candidates

    @property
    def pilot_places(self) -> Candidates:
        """The places of the pilot's worlds."""
        if len(self.worlds) <= PILOT:
            return self.places
        return placed(self.worlds.chunk(0, PILOT))


def tasks_seen(fought: Campaign, look: Look) -> list[Task]:
    """What there is to learn for `SeenLearnt`, in its order."""
    known = columns_of(fought, look.places).known
    success = succeeds(fought, horizon_hours(look.alliance, look.worlds, look.delay))
    return [
        Task(success, known, is_share=True),
        Task(casualties_after(fought), known, is_share=False),
        Task(nuclear_chance(fought), known, is_share=False),
    ]


def learn_seen(fought: Campaign, look: Look) -> SeenLearnt:
    """What members can know at the decision of how a reinforced war goes on, by the pilot's.

    Parameters
    ----------
    fought, look
        Of all worlds from the first on; the pilot's are learnt from.
    """
    tasks = [
        task._replace(result=task.result[:PILOT], known=task.known[:PILOT])
        for task in tasks_seen(fought, look)
    ]
    return SeenLearnt(*learn(tasks, look.pilot_places))


def seen_at_decision(fought: Campaign, look: Look, learnt: SeenLearnt) -> Seen:
    """What the members see when they decide, and what they expect from there on."""
    columns, worlds = columns_of(fought, look.places), look.worlds
    dead = fought.values("seen_forward_casualties") * worlds.values(look.alliance.public.killed)
    return Seen(
        odds=learnt.odds.told(columns, worlds.indices),
        dead=dead,
        own_dead=dead[:, None] * shares_of(look.there),
        own_troops=look.there,
        casualties=np.maximum(learnt.casualties.told(columns, worlds.indices), 0.0),
        nuclear=np.clip(learnt.nuclear.told(columns, worlds.indices), 0.0, 1.0),
        at_stake=at_stake(fought.scenario, fought.option, worlds),
    )


def shares_of(there: Floats) -> Floats:
    """(W, n) each member's share of the people that stand there."""
    return np.asarray(there / np.maximum(there.sum(axis=1, keepdims=True), 1.0))


def casualties_after(fought: Campaign) -> Floats:
    """Blue's people killed and wounded from the decision on, in each world."""
    return np.maximum(fought.losses("blue") - fought.values("seen_blue_casualties"), 0.0)


def at_stake(scenario: Scenario, option: str, worlds: Worlds) -> Floats:
    """(W,) share of the defended states' people who live in an option's objectives."""
    places = scenario.theatre.places
    aimed = [places[name] for name in scenario.options[option].objectives]
    return people_in(aimed, worlds) / defended_people(scenario, worlds)


def defended_people(scenario: Scenario, worlds: Worlds) -> Floats:
    """(W,) people in the places of the defended states."""
    own = [
        place
        for place in scenario.theatre.places.values()
        if scenario.nations[place.nation].role == "protege"
    ]
    return np.maximum(people_in(own, worlds), 1.0)


def people_in(places: Iterable[Place], worlds: Worlds) -> Floats:
    """(W,) people who live in some places."""
    return np.asarray(sum((worlds.values(one.population) for one in places), np.zeros(len(worlds))))


def horizon_hours(alliance: Alliance, worlds: Worlds, delay: Floats) -> Floats:
    """(W,) hours after H-hour by which success must come to count, for an answer after `delay`."""
    return np.asarray(delay + 24.0 * worlds.values(alliance.public.horizon_days))


def succeeds(fought: Campaign, by_hour: Floats) -> Floats:
    """1 where the objectives never fall, or nothing of Blue's is Red's any more by that hour."""
    stands = fought.falls("any") == 0
    return np.asarray((stands | (fought.values("retaken_hour") <= by_hour)).astype(float))


def columns_of(fought: Campaign, places: Candidates) -> Columns:
    """What is seen at the decision, and every Quantity's place in its distribution."""
    seen = [
        fought.values(f"seen_{name}")
        for name in ("forward_casualties", "blue_casualties", "people_lost", "places_lost")
    ]
    known = np.column_stack([np.log1p(seen[0]), np.log1p(seen[1]), seen[2], seen[3]])
    return Columns(known, places)


def placed(worlds: Worlds) -> Candidates:
    """Every Quantity's place in its distribution, in each world."""
    paths = worlds.paths
    return Candidates(len(paths), lambda number: worlds.probabilities(paths[number]))


def luck_of(members: tuple[str, ...], worlds: Worlds) -> Luck:
    """What chance adds to each member and to all, by address, so that no posture changes it."""
    shared = _uniform(worlds, Stream.COUNCIL, "council", draws=2)
    return Luck(
        shock=shared[:, 0],
        member=np.column_stack([luck_for(worlds, Stream.MEMBER, name) for name in members]),
        abstention=np.column_stack([luck_for(worlds, Stream.ABSTENTION, name) for name in members]),
        expectation=shared[:, 1],
    )


def luck_for(worlds: Worlds, stream: Stream, entity: str) -> Floats:
    """(W,) luck of one kind and entity, uniform from 0 to 1."""
    return np.asarray(_uniform(worlds, stream, entity)[:, 0])


def _uniform(worlds: Worlds, stream: Stream, entity: str, *, draws: int = 1) -> Floats:
    """(W, draws) the same."""
    found = np.empty((len(worlds), draws))
    fill = load_kernels("glacis.luck").fill
    fill(*split_seed(worlds.seed), int(stream), entity_hash(entity), worlds.start, found)
    return found
