"""Games in Gambit's text format for extensive games (``.efg``): read, checked, and written.

A file is a heading (``EFG 2 R "title" { "player" ... } "comment"``) and the nodes in preorder, each
with its kind (``c`` chance, ``p`` personal, ``t`` terminal), name, information set, actions,
outcome and payoffs. Actions and payoffs may be left out where a set or an outcome is named again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, NoReturn

from glacis.crisis.tree import CHANCE, Fault, Game, InformationSet, Node, Outcome, faults
from glacis.errors import GameError, InputError, Mark, Problem

__all__ = ["read_efg", "write_efg"]

MAX_CHARACTERS = 4_000_000
MAX_NODES = 50_000
MAX_DIGITS = 400
MOST_TOLD = 20  # problems of a game that can be read

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<number>[-+]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)(?![\w./]))
    |(?P<mark>[{},])
    |(?P<word>[A-Za-z]\w*)
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_efg(source: Path | str) -> Game:
    """The game in a file, or in a text that begins like one.

    Parameters
    ----------
    source
        A path; or the text itself.

    Raises
    ------
    InputError
        If the file cannot be read.
    GameError
        If it is no game in this format, or one that cannot be solved: each problem with file, line
        and column.
    """
    if isinstance(source, str) and source.lstrip()[:4].upper().startswith("EFG"):
        return _Reader(source, "<text>").game()
    path = Path(source)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_CHARACTERS + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{path}: cannot be read ({reason}); give a file in Gambit's format"
        ) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: is not UTF-8 text; save it as UTF-8") from None
    if len(raw) > MAX_CHARACTERS:
        raise InputError(f"{path}: is longer than {MAX_CHARACTERS:,} characters; prune the game")
    return _Reader(text, str(path)).game()


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Reader:
    """Reads one file, token after token; the first thing that is no game ends it."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file, self.position = text, file, 0
        self.token = self.scanned()
        self.players: tuple[str, ...] = ()
        self.sets: list[InformationSet] = []
        self.numbers: dict[tuple[int, int], int] = {}
        self.outcomes: list[Outcome] = []
        self.outcome_numbers: dict[int, int] = {}
        self.nodes: list[Node] = []
        self.starts: list[int] = []

    # ---- tokens ------------------------------------------------------------------------------

    def next(self) -> _Token:
        """The current token; the one after it becomes the current one."""
        before, self.token = self.token, self.scanned()
        return before

    def scanned(self) -> _Token:
        """The token that stands next in the text."""
        found = _TOKEN.match(self.text, self.position)
        if found is None or found.lastgroup is None:
            at = len(self.text) - len(self.text[self.position :].lstrip())
            if self.text[at] == '"':
                self.refuse(at, "syntax", "a quotation is not closed", 'close it with "')
            self.refuse(
                at,
                "syntax",
                f"cannot read {self.text[at : at + 20].split()[0]!r}",
                "write a number, a quoted name, a brace or one of c, p, t",
            )
        self.position = found.end()
        kind = found.lastgroup
        return _Token(kind, found.group(kind), found.start(kind))

    def refuse(self, at: int, code: str, what: str, repair: str) -> NoReturn:
        raise GameError([self.problem(at, code, what, repair)])

    def problem(self, at: int, code: str, what: str, repair: str) -> Problem:
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return Problem(code, Mark(self.file, line, column), "", what, repair)

    def expect(self, kind: str, what: str) -> _Token:
        if self.token.kind != kind:
            self.unexpected(what)
        return self.next()

    def unexpected(self, what: str) -> NoReturn:
        got = self.token.text if self.token.kind != "end" else "the end of the file"
        self.refuse(
            self.token.at, "syntax", f"{got[:40]} stands where {what} should", f"give {what}"
        )

    def quoted(self, what: str) -> str:
        return _ESCAPED.sub(r"\1", self.expect("text", what).text[1:-1])

    def whole(self, what: str) -> int:
        token = self.expect("number", what)
        if not token.text.isdigit() or len(token.text) > 9:
            self.refuse(token.at, "number", f"{token.text} is no {what}", "give a whole number")
        return int(token.text)

    def number(self, what: str) -> Fraction:
        token = self.expect("number", what)
        if len(token.text) > MAX_DIGITS or re.fullmatch(r".*/0+", token.text):
            self.refuse(token.at, "number", f"{token.text[:40]} is no number", "give a number")
        return Fraction(token.text)

    def mark(self, text: str) -> None:
        if self.token.kind != "mark" or self.token.text != text:
            self.unexpected(text)
        self.next()

    def is_mark(self, text: str) -> bool:
        return self.token.kind == "mark" and self.token.text == text

    # ---- the game ----------------------------------------------------------------------------

    def game(self) -> Game:
        title = self.heading()
        self.tree()
        if self.token.kind != "end":
            self.refuse(
                self.token.at, "syntax", "the game has ended before this", "remove what follows"
            )
        game = Game(self.players, tuple(self.sets), tuple(self.nodes), tuple(self.outcomes), title)
        if found := faults(game):
            raise GameError([self.located(fault, len(found)) for fault in found[:MOST_TOLD]])
        return game

    def located(self, fault: Fault, number: int) -> Problem:
        more = f" ({number:,} problems in all)" if number > MOST_TOLD else ""
        return self.problem(self.starts[fault.node], fault.code, fault.what + more, fault.repair)

    def heading(self) -> str:
        is_efg = self.token.kind == "word" and self.token.text.upper() == "EFG"
        if not is_efg:
            self.unexpected("the heading EFG 2 R")
        self.next()
        version = self.token
        if self.whole("the version, 2") != 2:
            self.refuse(version.at, "version", "this version is not read", "save it as EFG 2 R")
        if self.token.kind != "word" or self.token.text.upper() not in ("R", "D"):
            self.unexpected("R")
        self.next()
        title = self.quoted("the title in quotes")
        self.mark("{")
        names: list[str] = []
        while not self.is_mark("}"):
            names.append(self.quoted("a player's name in quotes, or }"))
        self.mark("}")
        self.players = tuple(names)
        if self.token.kind == "text":
            self.next()  # a comment
        return title

    def tree(self) -> None:
        """Nodes in preorder; `open` holds those whose branches are not all read."""
        open_nodes: list[tuple[int, int]] = [(-1, 0)]
        while open_nodes:
            parent, branch = open_nodes.pop()
            if len(self.nodes) >= MAX_NODES:
                self.refuse(
                    self.token.at, "too-large", f"more than {MAX_NODES:,} nodes", "prune the game"
                )
            self.starts.append(self.token.at)
            number = len(self.nodes)
            self.nodes.append(self.node(parent, branch))
            held = self.nodes[number].set
            if held >= 0:
                last = len(self.sets[held].actions)
                open_nodes += [(number, b) for b in reversed(range(last))]

    def node(self, parent: int, branch: int) -> Node:
        kinds = {"c": self.chance, "p": self.personal, "t": self.nothing}
        if self.token.kind != "word" or self.token.text not in kinds:
            self.unexpected("a node (c, p or t)")
        read = kinds[self.next().text]
        label = self.quoted("the node's name in quotes")
        return Node(parent, branch, read(), self.outcome(), label)

    def nothing(self) -> int:
        return -1

    def chance(self) -> int:
        return self.information_set(CHANCE)

    def personal(self) -> int:
        at = self.token.at
        player = self.whole("number of a player")
        if not 1 <= player <= len(self.players):
            self.refuse(
                at,
                "player",
                f"there is no player {player}",
                f"give one from 1 to {len(self.players)}",
            )
        return self.information_set(player - 1)

    def information_set(self, player: int) -> int:
        at = self.token.at
        number = self.whole("number of an information set")
        key = (player, number)
        label = self.quoted("name") if self.token.kind == "text" else ""
        given: tuple[tuple[str, ...], tuple[float, ...]] | None = None
        if self.is_mark("{"):
            given = self.actions(is_chance=player == CHANCE)
        if key not in self.numbers:
            if given is None:
                self.refuse(
                    at,
                    "set",
                    f"information set {number} is new and has no actions",
                    "give them in braces",
                )
            self.numbers[key] = len(self.sets)
            self.sets.append(InformationSet(player, number, given[0], label, given[1]))
        held = self.sets[self.numbers[key]]
        if given is not None and given != (held.actions, held.probabilities):
            self.refuse(
                at,
                "set",
                f"information set {number} had other actions or probabilities before "
                f"({', '.join(held.actions)})",
                "give it a number of its own, or the same actions",
            )
        return self.numbers[key]

    def actions(self, *, is_chance: bool) -> tuple[tuple[str, ...], tuple[float, ...]]:
        self.mark("{")
        at = self.token.at
        labels: list[str] = []
        chances: list[float] = []
        while not self.is_mark("}"):
            labels.append(self.quoted("an action in quotes, or }"))
            if is_chance:
                chances.append(self.value("the probability of that action"))
        self.mark("}")
        if not labels:
            self.refuse(at, "set", "a set has no actions", "give one or more, or make it a t node")
        return tuple(labels), tuple(chances)

    def outcome(self) -> int:
        at = self.token.at
        number = self.whole("number of an outcome (0 for none)")
        label = self.quoted("name") if self.token.kind == "text" else ""
        payoffs = self.payoffs() if self.is_mark("{") else None
        if number == 0:
            if payoffs is not None:
                self.refuse(at, "outcome", "outcome 0 has payoffs", "give it a number of its own")
            return -1
        if number not in self.outcome_numbers:
            if payoffs is None:
                self.refuse(
                    at,
                    "outcome",
                    f"outcome {number} is new and has no payoffs",
                    "give them in braces, one for each player",
                )
            self.outcome_numbers[number] = len(self.outcomes)
            self.outcomes.append(Outcome(payoffs, label))
        held = self.outcome_numbers[number]
        if payoffs is not None and payoffs != self.outcomes[held].payoffs:
            self.refuse(
                at,
                "outcome",
                f"outcome {number} had other payoffs before",
                "give it a number of its own, or the same payoffs",
            )
        return held

    def payoffs(self) -> tuple[float, ...]:
        at = self.token.at
        self.mark("{")
        given: list[float] = []
        while not self.is_mark("}"):
            given.append(self.value("a payoff, or }"))
            if self.is_mark(","):
                self.next()
        self.mark("}")
        if len(given) != len(self.players):
            self.refuse(
                at,
                "payoffs",
                f"{len(given)} payoffs for {len(self.players)} players",
                "give one for each",
            )
        return tuple(given)

    def value(self, what: str) -> float:
        """A number that a float can hold."""
        at = self.token.at
        try:
            return float(self.number(what))
        except OverflowError:
            self.refuse(at, "number", "this number is too large", "give it in a larger unit")


def write_efg(game: Game) -> str:
    """`game` in Gambit's text format; chances add up to 1 exactly, as Gambit asks."""
    labels = _labels(game)
    lines = [f"EFG 2 R {_quote(game.title)} {{ {' '.join(map(_quote, game.players))} }}", '""', ""]
    for node in game.nodes:
        kind = f"t {_quote(node.label)}"
        if node.set >= 0:
            kind = _written_set(game, node, labels[node.set])
        lines.append(f"{kind} {_written_outcome(game, node.outcome)}")
    return "\n".join(lines) + "\n"


def _labels(game: Game) -> list[str]:
    """Labels of sets; a player's second set of one name gets its number, as Gambit asks."""
    met: set[tuple[int, str]] = set()
    labels = []
    for one in game.sets:
        is_new = not one.label or (one.player, one.label) not in met
        labels.append(one.label if is_new else f"{one.label} {one.number}")
        met.add((one.player, labels[-1]))
    return labels


def _written_set(game: Game, node: Node, label: str) -> str:
    one = game.sets[node.set]
    if one.player == CHANCE:
        chances = _exact(one.probabilities)
        pairs = zip(one.actions, chances, strict=True)
        inside = " ".join(f"{_quote(action)} {chance}" for action, chance in pairs)
        return f"c {_quote(node.label)} {one.number} {_quote(label)} {{ {inside} }}"
    inside = " ".join(map(_quote, one.actions))
    who = f"{one.player + 1} {one.number}"
    return f"p {_quote(node.label)} {who} {_quote(label)} {{ {inside} }}"


def _written_outcome(game: Game, number: int) -> str:
    if number < 0:
        return "0"
    one = game.outcomes[number]
    payoffs = ", ".join(repr(float(value)) for value in one.payoffs)
    return f"{number + 1} {_quote(one.label)} {{ {payoffs} }}"


def _exact(chances: Sequence[float]) -> list[Fraction]:
    """Fractions that print short where they can, the largest of them what the others leave."""
    exact = [Fraction(repr(float(chance))) for chance in chances]
    largest = max(range(len(exact)), key=exact.__getitem__)
    exact[largest] += 1 - sum(exact)
    return exact


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
