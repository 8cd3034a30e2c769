"""A scenario's crisis bound to the war: its chances, and what every end is worth, world by world.

The tree is the scenario's; what fills it comes from outside, as one `Prospect` for each option.
Red's own view of them gives the game that it plays; the prospects as they come about give what
happens then. Attributes of an end are what moves pay on the way, and what the war says; their
weighted sum is scaled so that the status quo is worth 0 and an uncontested full success 1 (to
Blue, -1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np

from glacis.crisis.form import Grown, grow
from glacis.crisis.tree import CHANCE
from glacis.errors import InputError
from glacis.kernels import Floats
from glacis.scenario.crisis import GREY_ZONE, REFRAIN, SMALLEST_SCALE, Crisis
from glacis.scenario.game import ANSWERS, Move
from glacis.scenario.game import CHANCE as DRAWS
from glacis.scenario.quantity import Quantity

FULL = ANSWERS.index("full")
MEASURES = ("ground", "red-losses", "blue-losses", "nuclear")
"""What the war says of an end, in the order of `Prospect.measured`."""
HELD, GAINED = 0, 1
"""Whether Red holds an objective when the council decides."""
UNREINFORCED, REINFORCED = 0, 1
DECISION, END = 0, 1

TINY = 1e-9

Values: TypeAlias = Callable[[Quantity], Floats]


class Prospect(NamedTuple):
    """What comes of one option, or what somebody expects of it, in each of W worlds."""

    gained: Floats
    """(W,) probability that Red holds an objective when the council decides."""
    answer: Floats
    """(2, W, 3) of each answer, in the order of `ANSWERS`, by `HELD` or `GAINED`."""
    measured: Floats
    """(2, 2, 2, W, 4) `MEASURES`, by `HELD` or `GAINED`, by branch, and as of decision or end."""
    aim: Floats
    """(W,) share of the defended states' people who live where the attack aims."""

    @property
    def full(self) -> Floats:
        """(W,) probability of a full answer, over whether Red has gained by then."""
        return _by_state(self.answer[:, :, FULL], Drawn(None, ""), self)

    def first(self, number: int) -> Prospect:
        """The same of the first worlds."""
        part = slice(0, number)
        return Prospect(
            self.gained[part], self.answer[:, part], self.measured[:, :, :, part], self.aim[part]
        )


@dataclass(frozen=True)
class View:
    """How the chances of the game look to somebody, in each of W worlds."""

    prospects: Mapping[str, Prospect]
    """By option."""
    insecure: Floats
    """(W,) share of insecure types in Red."""
    is_reds: bool
    """Whether what Red believes of other chances counts, where it errs."""


class Drawn(NamedTuple):
    """What chance has drawn of the war on a way."""

    gained: bool | None
    """Whether Red holds an objective at the decision; None if the game does not draw it."""
    answer: str
    """The council's; empty without one."""


@dataclass(frozen=True)
class End:
    """One leaf of the game, in the terms of the scenario."""

    node: int
    act: str
    """``refrain``, ``grey-zone``, or an option of the scenario."""
    tempers: Mapping[str, str]
    """Player to its type, where chance has drawn it."""
    drawn: Drawn
    branch: int
    """`REINFORCED` if the council's help comes and stays; else `UNREINFORCED`."""
    until: int
    """`DECISION` or `END`; the latter where there is no war."""


class _Draw(NamedTuple):
    """What the probabilities of a set of chance hang on, besides who looks."""

    stage: str
    option: str
    """The attack that goes on; empty before one."""
    before: Drawn


class Fate(NamedTuple):
    """What leaves of the game have in common, as far as it is told how a world ends."""

    act: str
    answer: str
    """The council's; empty if it was not asked."""
    branch: int
    until: int
    last: str
    """What the last move says of the war: `Move.war`; ``end`` if nothing does."""
    keeps: Quantity | None
    """Share of the ground that Red then holds which it keeps; all of it if None."""
    ordered: tuple[Quantity, ...]
    """What moves add to the probability of nuclear use."""


@dataclass(frozen=True)
class Bound:
    """The tree of a scenario's crisis, and what is needed to fill it."""

    crisis: Crisis
    grown: Grown
    options: Mapping[str, str]
    """Armed option to its kind."""

    @cached_property
    def ends(self) -> tuple[End, ...]:
        """The leaves, in the order of the tree."""
        return tuple(self._end(node) for node in self.grown.game.terminals)

    @cached_property
    def acts(self) -> frozenset[str]:
        """All that Red can do: ``refrain``, ``grey-zone``, options of the scenario."""
        return frozenset(end.act for end in self.ends)

    @cached_property
    def events(self) -> frozenset[str]:
        """What the game draws by forecasts."""
        moves = (move for stage in self.crisis.stages.values() for move in stage.actions.values())
        return frozenset(move.forecast for move in moves if move.forecast)

    @cached_property
    def fates(self) -> tuple[tuple[Fate, tuple[int, ...]], ...]:
        """Each distinct fate, and the ends that share it, by their place in `ends`."""
        found: dict[tuple[object, ...], tuple[Fate, list[int]]] = {}
        for number, end in enumerate(self.ends):
            one = self._fate(end)
            key = (*one[:5], id(one.keeps), *map(id, one.ordered))
            found.setdefault(key, (one, []))[1].append(number)
        return tuple((one, tuple(numbers)) for one, numbers in found.values())

    def _fate(self, end: End) -> Fate:
        attributes = self.crisis.attributes.values()
        nuclear = [a for a, one in enumerate(attributes) if one.measure == "nuclear"]
        paid = self._along(end.node, self.grown.bills)
        said = [move.war for move in self._moves(self.grown.taken[end.node]) if move.war]
        return Fate(
            act=end.act,
            answer=end.drawn.answer,
            branch=end.branch,
            until=end.until,
            last=said[-1] if said else "end",
            keeps=self._keeps(end),
            ordered=tuple(one for a, one in paid if a in nuclear),
        )

    def _end(self, node: int) -> End:
        taken = self.grown.taken[node]
        acts = [self._act(name, action) for name, action in taken.items()]
        tempers = {
            self.crisis.types[action].player: action
            for name, action in taken.items()
            if self.crisis.stages[name].player == DRAWS and action in self.crisis.types
        }
        said = [move.war for move in self._moves(taken) if move.war]
        drawn, last = self._drawn(taken), said[-1] if said else "end"
        is_helped = drawn.answer == "full" and last != "abandoned"
        return End(
            node=node,
            act=next(act for act in acts if act),
            tempers=tempers,
            drawn=drawn,
            branch=REINFORCED if is_helped else UNREINFORCED,
            until=DECISION if last == "decision" else END,
        )

    def _act(self, stage: str, action: str) -> str:
        """What Red does by an action: refrain, harm short of war, an option; or nothing of it."""
        is_red = self.crisis.stages[stage].player == self.crisis.challenger
        return action if is_red and action in (REFRAIN, GREY_ZONE, *self.options) else ""

    def _moves(self, taken: Mapping[str, str]) -> Iterator[Move]:
        for name, action in taken.items():
            yield self.crisis.stages[name].actions[action]

    def _drawn(self, taken: Mapping[str, str]) -> Drawn:
        gained, answer = None, ""
        for name, action in taken.items():
            moves = self.crisis.stages[name].actions
            bound = [move.forecast for move in moves.values() if move.forecast]
            event = moves[action].forecast
            if set(bound) & set(ANSWERS):
                rest = [one for one in ANSWERS if one not in bound]
                answer = event or (rest[0] if len(rest) == 1 else "")
            elif "gained" in bound:
                gained = event is not None
        return Drawn(gained, answer)

    def chances(self, view: View, values: Values) -> Floats:
        """(W, C) probabilities of chance as somebody sees them, set after set."""
        found = {draw: self._likely(draw, view, values) for draw in dict.fromkeys(self._draws)}
        tables = [found[draw] for draw in self._draws]
        return np.concatenate([np.empty((len(view.insecure), 0)), *tables], axis=1)

    @cached_property
    def _draws(self) -> tuple[_Draw, ...]:
        """What is drawn at each set of chance."""
        found = []
        for number, one in enumerate(self.grown.game.sets):
            if one.player == CHANCE:
                (node,) = self.grown.game.members(number)
                before = self.grown.taken[node]
                acts = [self._act(name, action) for name, action in before.items()]
                option = next((act for act in acts if act in self.options), "")
                found.append(_Draw(self.grown.drawn_at[number], option, self._drawn(before)))
        return tuple(found)

    def _likely(self, draw: _Draw, view: View, values: Values) -> Floats:
        """(W, actions) how likely each of a stage's draws is."""
        moves = self.crisis.stages[draw.stage].actions.values()
        given = [self._chance(move, draw, view, values) for move in moves]
        known = [one for one in given if one is not None]
        rest = np.clip(1.0 - sum(known, np.zeros(len(view.insecure))), 0.0, 1.0)
        table = np.column_stack([rest if one is None else one for one in given])
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    def _chance(self, move: Move, draw: _Draw, view: View, values: Values) -> Floats | None:
        """The probability of a draw; None for that which takes the rest."""
        if move.forecast is None:
            stated = move.believed if view.is_reds and move.believed else move.probability
            return None if stated is None else values(stated)
        if move.forecast == "insecure":
            return view.insecure
        prospect = view.prospects[draw.option]
        if move.forecast == "gained":
            return prospect.gained
        by_state = prospect.answer[:, :, ANSWERS.index(move.forecast)]
        return _by_state(by_state, draw.before, prospect)

    def attributes(
        self, view: View, values: Values, *, threat: Floats
    ) -> tuple[tuple[str, ...], Floats]:
        """Names of the attributes, and (W, ends, attributes) what every end brings of each."""
        names = tuple(self.crisis.attributes)
        found = np.empty((len(self.ends), len(names), len(threat)))
        drawn: dict[int, Floats] = {}
        told: dict[tuple[str, Drawn, int, int, str], Floats | float] = {}

        def measured(end: End, measure: str) -> Floats | float:
            key = end.act, end.drawn, end.branch, end.until, measure
            if key not in told:
                told[key] = self._measured(end, measure, view)
            return told[key]

        def value(one: Quantity) -> Floats:
            if id(one) not in drawn:
                drawn[id(one)] = values(one)
            return drawn[id(one)]

        for alike in self._alike:
            e, end = alike[0], self.ends[alike[0]]
            brought = np.zeros((len(names), len(threat)))
            for a, one in self._paid[e]:
                brought[a] += value(one)
            kept = self._kept(end, value, len(threat))
            if self._won[e]:
                ground = kept * measured(end, "ground")
                won = np.clip(ground / np.maximum(view.prospects[end.act].aim, TINY), 0.0, 1.0)
                for a, one in self._won[e]:
                    brought[a] += value(one) * won
            for a, attribute in enumerate(self.crisis.attributes.values()):
                if attribute.measure == "threat":
                    brought[a] += threat if end.act == REFRAIN else 0.0
                elif attribute.measure is not None:
                    share = kept if attribute.measure == "ground" else 1.0
                    brought[a] += measured(end, attribute.measure) * share
            found[list(alike)] = brought
        return names, np.ascontiguousarray(np.moveaxis(found, 2, 0))

    @cached_property
    def _alike(self) -> tuple[tuple[int, ...], ...]:
        """Ends, by their place in `ends`, that bring the same: only the types in them differ."""
        found: dict[tuple[object, ...], list[int]] = {}
        for e, end in enumerate(self.ends):
            terms = [
                (a, id(one)) for one_way in (self._paid[e], self._won[e]) for a, one in one_way
            ]
            split = len(self._paid[e])
            key = (end.act, end.drawn, end.branch, end.until, id(self._keeps(end)), split, *terms)
            found.setdefault(key, []).append(e)
        return tuple(map(tuple, found.values()))

    def _kept(self, end: End, value: Values, worlds: int) -> Floats:
        """(W,) share of the ground that Red holds in the end which it keeps."""
        keeps = self._keeps(end)
        return np.ones(worlds) if keeps is None else value(keeps)

    def _keeps(self, end: End) -> Quantity | None:
        said = [move.keeps for move in self._moves(self.grown.taken[end.node]) if move.keeps]
        return said[-1] if said else None

    @cached_property
    def _paid(self) -> tuple[tuple[tuple[int, Quantity], ...], ...]:
        """For each end, by attribute, all that is paid on the way to it."""
        return tuple(self._along(end.node, self.grown.bills) for end in self.ends)

    @cached_property
    def _won(self) -> tuple[tuple[tuple[int, Quantity], ...], ...]:
        """For each end of a war, what is paid by the share of the aim that is kept."""
        return tuple(
            self._along(end.node, self.grown.wins) if end.act in self.options else ()
            for end in self.ends
        )

    def _along(
        self, node: int, terms: Callable[[int], tuple[Mapping[str, Quantity], ...]]
    ) -> tuple[tuple[int, Quantity], ...]:
        """All that the moves on the way to a node pay, and of which attribute."""
        names, found = list(self.crisis.attributes), []
        while node >= 0:
            found += [
                (names.index(name), one) for bill in terms(node) for name, one in bill.items()
            ]
            node = self.grown.game.nodes[node].parent
        return tuple(found)

    def _measured(self, end: End, measure: str, view: View) -> Floats | float:
        """What the war says of an end; nothing where there is none."""
        if end.act not in self.options:
            return 0.0
        prospect = view.prospects[end.act]
        table = prospect.measured[:, end.branch, end.until, :, MEASURES.index(measure)]
        return _by_state(table, end.drawn, prospect)

    def payoffs(self, names: tuple[str, ...], attributes: Floats, values: Values) -> Floats:
        """(W, nodes, players) what everybody gets at every node, from attributes of the ends.

        A player whose type no chance has drawn has made no move; it gets the mean of its types.
        """
        game = self.grown.game
        found = np.zeros((len(attributes), len(game.nodes), len(game.players)))
        worth = {name: self.worths(name, names, attributes, values) for name in self.crisis.types}
        for p, player in enumerate(game.players):
            own = [name for name, one in self.crisis.types.items() if one.player == player]
            for drawn in {end.tempers.get(player): None for end in self.ends}:
                mine = [e for e, end in enumerate(self.ends) if end.tempers.get(player) == drawn]
                told = [worth[name][:, mine] for name in ([drawn] if drawn else own)]
                found[:, [self.ends[e].node for e in mine], p] = sum(told) / len(told)
        return found

    def worths(
        self, temper: str, names: tuple[str, ...], attributes: Floats, values: Values
    ) -> Floats:
        """(W, ends) what each end is worth to a type.

        Raises
        ------
        InputError
            As for `scale`.
        """
        weights = _table(names, self.crisis.types[temper].weights, values, len(attributes))
        scale = self.scale(temper, values, len(attributes))
        return np.asarray(np.einsum("wea,wa->we", attributes, weights) / scale[:, None])

    def scale(self, temper: str, values: Values, worlds: int) -> Floats:
        """(W,) what an uncontested full success is worth to a type, by its weights' own unit.

        Raises
        ------
        InputError
            If it is worth no more than the status quo to one of Red's types, or no less to
            another player's.
        """
        names = tuple(self.crisis.attributes)
        one = self.crisis.types[temper]
        weights = _table(names, one.weights, values, worlds)
        goal = _table(names, self.crisis.success, values, worlds)
        found = (weights * goal).sum(axis=1)
        found *= 1.0 if one.player == self.crisis.challenger else -1.0
        if not np.all(found > SMALLEST_SCALE):
            raise InputError(
                f"crisis.types.{temper}: an uncontested full success must be worth more than the "
                f"status quo to Red, and less to Blue (got {found.min():.3g} in some world); "
                "change its weights"
            )
        return np.asarray(found)


def _by_state(table: Floats, drawn: Drawn, prospect: Prospect) -> Floats:
    """An entry of a table of (held, gained); where the tree does not draw which, their mean.

    After an answer they are as likely as they make it likely.
    """
    if drawn.gained is not None:
        return np.asarray(table[GAINED if drawn.gained else HELD])
    mass = np.stack([1.0 - prospect.gained, prospect.gained])
    if drawn.answer:
        given = mass * prospect.answer[:, :, ANSWERS.index(drawn.answer)]
        total = given.sum(axis=0)
        mass = np.where(total > 0, given / np.where(total > 0, total, 1.0), mass)
    return np.asarray((mass * table).sum(axis=0))


def _table(
    names: tuple[str, ...], given: Mapping[str, Quantity], values: Values, worlds: int
) -> Floats:
    """(W, names) what is given for each name in every world; nothing for the others."""
    columns = [values(given[name]) if name in given else np.zeros(worlds) for name in names]
    return np.column_stack(columns)


def bind(crisis: Crisis, options: Mapping[str, str]) -> Bound:
    """The tree of a crisis, ready to be filled.

    Parameters
    ----------
    options
        Ids of the scenario's armed options, and the kind of each.

    Raises
    ------
    InputError
        If it has too many nodes.
    """
    return Bound(crisis, grow(crisis), options)
