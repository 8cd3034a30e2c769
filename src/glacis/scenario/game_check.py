"""What must hold of a declared game: names that lead somewhere, no circles, chances that add up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from glacis.errors import Problem
from glacis.scenario.game import ANSWERS, CHANCE
from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.outline import Outline, items, members, text_of
from glacis.scenario.tree import Node

#: Events that are draws of one thing; others cannot be draws of the same stage.
KINDS = (("insecure",), ("gained",), ANSWERS)
DRAWN_BY = ("probability", "forecast", "believed")
BOUND = ("forecast", "believed", "war", "keeps", "wins")
"""Keys of a move that bind it to the war of a scenario."""


def game_problems(tree: Node) -> list[Problem]:
    """Every problem between the fields of a game's file."""
    outline = Outline(tree)
    check_game(outline, "")
    return outline.problems


def check_game(outline: Outline, path: str, *, attributes: Collection[str] | None = None) -> None:
    """Adds the problems of the game declared at a path.

    Parameters
    ----------
    attributes
        What the moves of a crisis pay; in any other game they pay the players.
    """
    game = outline.tree.get(path)
    if game is None or not game.is_mapping:
        return
    dot = f"{path}." if path else ""
    stages = outline.members(f"{dot}stages")
    named = [text_of(node) for _, node in items(game.child("players"), "")]
    players = set(named)
    if twice := sorted({one for one in named if named.count(one) > 1}):
        where = (f"{dot}players", game.nearest(["players"]).mark)
        outline.add("duplicate-id", where, f"{twice[0]!r} is named twice", "name each once")
    if CHANCE in players:
        where = (f"{dot}players", game.nearest(["players"]).mark)
        what, repair = "chance is no player", "name the players only; chance may move anyhow"
        outline.add("not-allowed", where, what, repair)
    outline.refer("stage", f"{dot}start", game.child("start"), stages)
    for name, stage in stages.items():
        here = f"{dot}stages.{name}"
        _check_stage(outline, here, stage, players)
        for action, move in members(stage.child("actions")).items():
            _check_bills(outline, f"{here}.actions.{action}", move, players, attributes)
            if attributes is None:
                _refuse_bound(outline, f"{here}.actions.{action}", move)
    _check_order(outline, f"{dot}stages", game)
    _check_cases(outline, f"{dot}stages")


def _check_stage(outline: Outline, path: str, stage: Node, players: set[str]) -> None:
    movers = {*players, CHANCE}
    outline.refer("player", f"{path}.player", stage.child("player"), movers)
    for where, node in items(stage.child("seen_by"), f"{path}.seen_by"):
        outline.refer("player", where, node, players)
    actions = members(stage.child("actions"))
    stages = outline.members(path.rpartition(".")[0])
    for name, move in actions.items():
        outline.refer("stage", f"{path}.actions.{name}.then", move.child("then"), stages)
        for number, case in cases_of(move):
            where = f"{path}.actions.{name}.cases.{number}"
            _check_when(outline, f"{where}.when", case.child("when"), stages)
    if text_of(stage.child("player")) == CHANCE:
        _check_draws(outline, path, stage, actions)
        return
    for name, move in actions.items():
        for key in DRAWN_BY:
            chance = given(move, key)
            if chance is not None:
                where = f"{path}.actions.{name}.{key}"
                what, repair = "only chance draws by a probability", "remove it, or let chance move"
                outline.add("not-allowed", (where, chance.mark), what, repair)


def cases_of(move: Node) -> list[tuple[str, Node]]:
    """The cases of a move, by number."""
    cases = move.child("cases")
    return [] if cases is None else list(cases.children())


def _check_bills(
    outline: Outline,
    path: str,
    move: Node,
    players: set[str],
    attributes: Collection[str] | None,
) -> None:
    """Whoever, or whatever, a move pays exists."""
    kind, known = ("player", players) if attributes is None else ("attribute", attributes)
    bills = [(path, move), *((f"{path}.cases.{k}", case) for k, case in cases_of(move))]
    for where, bill in bills:
        paid = [
            (key, name, node)
            for key in ("pays", "wins")
            for name, node in members(bill.child(key)).items()
        ]
        for key, name, node in paid:
            if name not in known:
                repair = outline.nearest(name, known, f"name one of the {kind}s")
                what = f"there is no {kind} {name[:64]!r}"
                outline.add(f"unknown-{kind}", (f"{where}.{key}.{name}", node.mark), what, repair)


def _refuse_bound(outline: Outline, path: str, move: Node) -> None:
    """A game that stands alone has no war to be bound to."""
    places = [(path, move), *((f"{path}.cases.{k}", case) for k, case in cases_of(move))]
    for where, one in places:
        for key in BOUND:
            node = given(one, key)
            if node is not None:
                what, repair = "only the crisis of a scenario is bound to a war", "remove it"
                outline.add("not-allowed", (f"{where}.{key}", node.mark), what, repair)


def _check_when(outline: Outline, path: str, when: Node | None, stages: Mapping[str, Node]) -> None:
    """A case names stages, and actions that can be taken there."""
    for name, taken in members(when).items():
        if name not in stages:
            repair = outline.nearest(name, stages, "name a stage that exists")
            what = f"there is no stage {name[:64]!r}"
            outline.add("unknown-stage", (f"{path}.{name}", taken.mark), what, repair)
            continue
        actions = members(stages[name].child("actions"))
        for where, action in items(taken, f"{path}.{name}"):
            outline.refer("action", where, action, actions)


def _check_draws(outline: Outline, path: str, stage: Node, actions: dict[str, Node]) -> None:
    """One draw leaves its probability out and takes what the others leave."""
    stated = {name: given(move, "probability") for name, move in actions.items()}
    open_ = [
        name
        for name, move in actions.items()
        if stated[name] is None and given(move, "forecast") is None
    ]
    _check_bound_draws(outline, path, actions)
    if len(open_) != 1:
        what = "every draw has a probability" if not open_ else f"{len(open_)} draws have none"
        repair = "leave it out at one draw, which takes the rest"
        outline.add("probability-sum", (f"{path}.actions", stage.mark), what, repair)
        return
    believed = {name: given(move, "believed") for name, move in actions.items() if stated[name]}
    taken_for = {name: node or stated[name] for name, node in believed.items()}
    for words, nodes in (("probabilities", stated), ("beliefs", taken_for)):
        most = sum(_most(node) for node in nodes.values() if node is not None)
        if most > 1:
            what = f"the {words} can add up to {most:g}"
            repair = "lower them, so that what is left is never less than nothing"
            outline.add("probability-sum", (f"{path}.actions", stage.mark), what, repair)
            return


def _check_bound_draws(outline: Outline, path: str, actions: dict[str, Node]) -> None:
    """Draws of a stage are forecast or have probabilities, and each event is drawn once."""
    seen: list[str] = []
    for name, move in actions.items():
        where = f"{path}.actions.{name}"
        stated, bound = given(move, "probability"), given(move, "forecast")
        believed, event = given(move, "believed"), text_of(bound)
        if bound is not None and stated is not None:
            what, repair = "a draw cannot have both", "leave out probability or forecast"
            outline.add("not-allowed", (f"{where}.forecast", bound.mark), what, repair)
        if believed is not None and stated is None:
            what, repair = "only a stated probability can be mistaken", "leave believed out"
            outline.add("not-allowed", (f"{where}.believed", believed.mark), what, repair)
        if bound is not None and event:
            kind = next((kind for kind in KINDS if event in kind), (event,))
            odd = [one for one in seen if one == event or one not in kind]
            if odd:
                what = (
                    f"{event} is drawn twice"
                    if odd[0] == event
                    else f"{event} and {odd[0]} cannot both be draws of one stage"
                )
                repair = "draw each event once, and others at stages of their own"
                outline.add("not-allowed", (f"{where}.forecast", bound.mark), what, repair)
            seen.append(event)
    fixed = [name for name, move in actions.items() if given(move, "probability") is not None]
    if seen and fixed:
        what = "some draws of a stage are forecast, and some have probabilities"
        repair = "give all the one or the other; one draw takes the rest"
        node = actions[fixed[0]]
        outline.add("not-allowed", (f"{path}.actions.{fixed[0]}", node.mark), what, repair)


def given(record: Node, name: str) -> Node | None:
    """What a key holds; left empty, it counts as left out."""
    node = record.child(name)
    return None if node is None or node.content is None else node


def _most(node: Node) -> float:
    """The most that a probability can be; nothing if it is none, which its field tells."""
    try:
        low, high = read_quantity(node.plain(), "share").support
    except QuantityError:
        return 0.0
    return high if 0 <= low <= high <= 1 else 0.0


def _check_order(outline: Outline, path: str, game: Node) -> None:
    """Adds the problem of a circle, and of every stage that nothing leads to."""
    stages = outline.members(path)
    start = text_of(game.child("start")) or next(iter(stages), "")
    order: list[str] = []
    state: dict[str, bool] = {}  # False while open, True when done
    waiting: list[tuple[str, bool]] = [(start, False)]
    while waiting:
        name, is_done = waiting.pop()
        if is_done:
            state[name] = True
            order.append(name)
        elif name in stages and name not in state:
            state[name] = False
            waiting.append((name, True))
            for where, node, after in _following(f"{path}.{name}", stages[name]):
                if state.get(after) is False:
                    what = f"leads back to {after}, so the game has no end"
                    outline.add("circle", (where, node.mark), what, "let it end, or go on")
                else:
                    waiting.append((after, False))
    for name, stage in stages.items():
        if name not in state and start in stages:
            what, repair = "nothing leads to it", "let an action lead here, or remove it"
            outline.add("no-effect", (f"{path}.{name}", stage.mark), what, repair)


def _check_cases(outline: Outline, path: str) -> None:
    """A case that names a stage through which nothing comes here would never fit."""
    stages = outline.members(path)
    before = {name: _ways_to(name, stages) for name in stages}
    for name, stage in stages.items():
        for action, move in members(stage.child("actions")).items():
            for number, case in cases_of(move):
                for other, taken in members(case.child("when")).items():
                    if other in stages and other not in before[name]:
                        where = f"{path}.{name}.actions.{action}.cases.{number}.when.{other}"
                        what = f"nothing comes here through {other}, so it never fits"
                        repair = "name a stage that comes before, or remove the case"
                        outline.add("no-effect", (where, taken.mark), what, repair)


def _ways_to(name: str, stages: Mapping[str, Node]) -> set[str]:
    """All stages from which a stage can be reached."""
    leads = {
        other: {after for _, _, after in _following("", stage)} for other, stage in stages.items()
    }
    found: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        fresh = {other for other, after in leads.items() if here in after} - found
        found |= fresh
        waiting += fresh
    return found


def _following(path: str, stage: Node) -> Iterator[tuple[str, Node, str]]:
    for name, move in members(stage.child("actions")).items():
        node = move.child("then")
        if node is not None and text_of(node):
            yield f"{path}.actions.{name}.then", node, text_of(node)
