"""What must hold of a crisis: names that lead somewhere, and ends of which enough is known.

The checks of any game stand in `game_check`; here is what a game owes the war that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from glacis.scenario.crisis import GREY_ZONE, REFRAIN, SMALLEST_SCALE
from glacis.scenario.game import ANSWERS, CHANCE
from glacis.scenario.game_check import cases_of, check_game, given
from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.outline import Outline, members, text_of, texts_in
from glacis.scenario.tree import Node

UNARMED = (REFRAIN, GREY_ZONE)
MAX_STORIES = 20_000

#: Events that need an attack to have been chosen, and the sections that others need.
OF_AN_ATTACK = ("gained", *ANSWERS)
NEEDS = {"insecure": "belief.insecure"}


def check_crisis(outline: Outline) -> None:
    """Adds the problems of the crisis, if there is one."""
    crisis = outline.tree.get("crisis")
    if crisis is None or not crisis.is_mapping:
        return
    attributes, players = outline.members("crisis.attributes"), _players(crisis)
    known = len(outline.problems)
    _check_needed(outline, crisis)
    check_game(outline, "crisis", attributes=attributes)
    outline.refer("player", "crisis.challenger", crisis.child("challenger"), players)
    _check_names(outline, "crisis.success", "attribute", attributes)
    for name, temper in outline.members("crisis.types").items():
        path = f"crisis.types.{name}"
        outline.refer("player", f"{path}.player", temper.child("player"), players)
        _check_names(outline, f"{path}.weights", "attribute", attributes)
    _check_provocation(outline)
    if len(outline.problems) == known:
        _check_acts(outline)
    if len(outline.problems) == known:
        _check_ends(outline, players)
        _check_scales(outline)


def _check_needed(outline: Outline, crisis: Node) -> None:
    """A crisis is about a war over somebody, which an alliance answers and Red has a view of."""
    for section in ("alliance", "belief"):
        node = outline.tree.get(section)
        if node is None or node.content is None:
            what = f"the scenario has no {section}, and a crisis needs one"
            outline.add("missing-key", ("crisis", crisis.mark), what, f"write {section}")
    nations = outline.members("nations").values()
    if nations and not any(text_of(one.child("role")) == "protege" for one in nations):
        what = "no nation is a protege, so that there is nothing to attack"
        repair = "give the defended states `role: protege`"
        outline.add(
            "not-allowed", ("nations", outline.tree.nearest(["nations"]).mark), what, repair
        )


def _players(crisis: Node) -> list[str]:
    return texts_in(crisis.child("players"))


def _check_names(outline: Outline, path: str, kind: str, known: dict[str, Node]) -> None:
    """The keys of a mapping name things that exist."""
    for name, node in outline.members(path).items():
        if name not in known:
            repair = outline.nearest(name, known, f"name one of the {kind}s")
            what = f"there is no {kind} {name[:64]!r}"
            outline.add(f"unknown-{kind}", (f"{path}.{name}", node.mark), what, repair)


def _check_provocation(outline: Outline) -> None:
    path = "crisis.provocation"
    above = outline.tree.get(f"{path}.above")
    outline.refer("posture", f"{path}.above", above, outline.members("postures"))
    kinds = outline.members("types") | outline.members("systems")
    _check_names(outline, f"{path}.weights", "type", kinds)


def _check_acts(outline: Outline) -> None:
    """Red can refrain somewhere; and no act of its is an option, misspelt."""
    challenger = text_of(outline.tree.get("crisis.challenger"))
    options = outline.members("options")
    acts = {
        name: (f"crisis.stages.{stage}.actions.{name}", move)
        for stage, one in outline.members("crisis.stages").items()
        if text_of(one.child("player")) == challenger
        for name, move in members(one.child("actions")).items()
    }
    if challenger and REFRAIN not in acts:
        node = outline.tree.nearest(["crisis", "stages"])
        what, repair = "nowhere does Red refrain", f"give it an action named {REFRAIN}"
        outline.add("missing-key", ("crisis.stages", node.mark), what, repair)
    for name, (path, move) in acts.items():
        near = get_close_matches(name, [one for one in options if one not in acts], n=1, cutoff=0.8)
        if near and name not in (*options, *UNARMED):
            what, repair = f"there is no option {name[:64]!r}", f"did you mean {near[0]}?"
            outline.add("unknown-option", (path, move.mark), what, repair)


def _check_scales(outline: Outline) -> None:
    """An uncontested full success is worth something to Red and costs Blue, in every world."""
    challenger = text_of(outline.tree.get("crisis.challenger"))
    success = {name: _support(one) for name, one in outline.members("crisis.success").items()}
    for name, temper in outline.members("crisis.types").items():
        sign = 1.0 if text_of(temper.child("player")) == challenger else -1.0
        weights = {at: _support(one) for at, one in members(temper.child("weights")).items()}
        spans = [*weights.values(), *success.values()]
        if None in spans or not weights or not success:
            continue  # a matter for the fields
        worst = sum(
            min(sign * w * s for w in weights[at] or () for s in span or ())
            for at, span in success.items()
            if at in weights
        )
        if worst <= SMALLEST_SCALE:
            side = "worth more than the status quo to Red" if sign > 0 else "a loss to Blue"
            least = f"at worst {sign * worst + 0.0:.3g}"
            what = f"an uncontested full success need not be {side} ({least})"
            repair = "change its weights, or crisis.success"
            outline.add("out-of-bounds", (f"crisis.types.{name}", temper.mark), what, repair)


def _support(node: Node) -> tuple[float, float] | None:
    try:
        return read_quantity(node.plain(), "1").support
    except QuantityError:
        return None


@dataclass(frozen=True)
class _Story:
    """How the game came to a stage, as far as it matters."""

    stage: str
    options: frozenset[str] = frozenset()
    unarmed: frozenset[str] = frozenset()
    tempers: frozenset[str] = frozenset()
    movers: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    is_war_dated: bool = False

    def after(self, move: Node, action: str, *, known: _Known, mover: str) -> _Story:
        """The same, one move on."""
        is_drawn = mover == CHANCE
        done = {action} if mover == known.challenger else set()
        return _Story(
            text_of(move.child("then")),
            self.options | (done & known.options),
            self.unarmed | (done & set(UNARMED)),
            self.tempers | ({action} & known.tempers if is_drawn else set()),
            self.movers | ({mover} if not is_drawn else set()),
            self.events | known.drawn_at.get(self.stage, frozenset()),
            self.is_war_dated or given(move, "war") is not None,
        )


@dataclass(frozen=True)
class _Known:
    """The names that have a meaning in a crisis."""

    challenger: str
    options: frozenset[str]
    tempers: frozenset[str]
    of_player: dict[str, frozenset[str]]
    drawn_at: dict[str, frozenset[str]]
    """The events that are drawn at each stage."""


def _check_ends(outline: Outline, players: list[str]) -> None:
    """Each end says what Red did, and whom each player was; and, after an attack, when it ended."""
    tempers = outline.members("crisis.types")
    known = _Known(
        text_of(outline.tree.get("crisis.challenger")),
        frozenset(outline.members("options")),
        frozenset(tempers),
        {
            player: frozenset(
                name for name, one in tempers.items() if text_of(one.child("player")) == player
            )
            for player in players
        },
        dict(_drawn_at(outline)),
    )
    told: set[str] = set()  # the same fault of many ends once
    for path, move, before, after in _moves(outline, known):
        for what, repair in _faults(outline, move, before, after, known):
            if what not in told:
                told.add(what)
                outline.add("not-allowed", (path, move.mark), what, repair)


def _drawn_at(outline: Outline) -> Iterator[tuple[str, frozenset[str]]]:
    for name, stage in outline.members("crisis.stages").items():
        moves = members(stage.child("actions")).values()
        told = {text_of(given(move, "forecast")) for move in moves} - {""}
        yield name, frozenset(told | set(ANSWERS) if told & set(ANSWERS) else told)


def _moves(outline: Outline, known: _Known) -> Iterator[tuple[str, Node, _Story, _Story]]:
    """Every move in every story that leads to it."""
    stages = outline.members("crisis.stages")
    start = text_of(outline.tree.get("crisis.start")) or next(iter(stages), "")
    waiting, seen = [_Story(start)], set[_Story]()
    while waiting:
        story = waiting.pop()
        if story in seen or story.stage not in stages:
            continue
        if len(seen) >= MAX_STORIES:
            node = outline.tree.nearest(["crisis", "stages"])
            what = f"the game can go more than {MAX_STORIES:,} ways that differ in what they mean"
            outline.add("out-of-bounds", ("crisis.stages", node.mark), what, "merge stages")
            return
        seen.add(story)
        stage = stages[story.stage]
        mover = text_of(stage.child("player"))
        for action, move in members(stage.child("actions")).items():
            after = story.after(move, action, known=known, mover=mover)
            yield f"crisis.stages.{story.stage}.actions.{action}", move, story, after
            waiting.append(after)


def _faults(
    outline: Outline, move: Node, before: _Story, after: _Story, known: _Known
) -> Iterator[tuple[str, str]]:
    """What is wrong with a move in one story, and the repair."""
    event = text_of(given(move, "forecast"))
    if event in before.events:
        yield f"{event} has been drawn before on this way", "draw it once"
    if event == "gained" and before.events & set(ANSWERS):
        yield "it is drawn after the answer, which hangs on it", "draw it before the answer"
    if event in OF_AN_ATTACK and not before.options:
        yield "no attack has been chosen before", "let an option of the scenario come before it"
    if event in NEEDS:
        node = outline.tree.get(NEEDS[event])
        if node is None or node.content is None:
            yield f"the scenario has no {NEEDS[event]} to draw it from", f"write {NEEDS[event]}"
    cases = [case for _, case in cases_of(move)]
    for key in ("war", "keeps", "wins"):
        is_said = any(given(one, key) is not None for one in (move, *cases))
        if is_said and not after.options:
            yield f"no attack has been chosen, so `{key}` means nothing", f"remove `{key}`"
    if not after.stage:
        yield from _faults_of_end(after, known)


def _faults_of_end(end: _Story, known: _Known) -> Iterator[tuple[str, str]]:
    done = [*sorted(end.options), *sorted(end.unarmed)]
    if len(done) != 1:
        what = f"on a way that ends here Red does {' and '.join(done) or 'nothing that counts'}"
        yield what, f"let each way have one of {', '.join([*UNARMED, *sorted(known.options)])}"
    if end.options and not end.is_war_dated:
        yield (
            "nothing says until when the war goes on",
            "write `war: decision`, `end` or `abandoned`",
        )
    for player, own in known.of_player.items():
        if not own:
            yield f"no type says what {player} cares about", "declare one under crisis.types"
        elif len(own) > 1 and len(own & end.tempers) != 1 and player in end.movers:
            drawn = len(own & end.tempers)
            told = (
                f"chance draws {drawn} types of it" if drawn else "no chance draws which type it is"
            )
            what = f"on a way that ends here {player} moves, and {told}"
            yield what, f"draw one of {', '.join(sorted(own))} before"
