"""Games that ship with glacis, and games in files: Gambit's format, or stages declared in YAML."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from glacis.crisis.efg import MOST_TOLD, read_efg
from glacis.crisis.form import unrolled
from glacis.crisis.tree import Game, faults
from glacis.errors import GameError, InputError, Mark, Problem
from glacis.scenario.build import field_problems
from glacis.scenario.game import GameFile
from glacis.scenario.game_check import game_problems
from glacis.scenario.text import Refused, read_yaml
from glacis.scenario.tree import Node

__all__ = ["catalogue_names", "game_of", "read_form", "read_game"]

MAX_BYTES = 2_000_000
SHOWN_BY = "the bundled games, such as tripwire, show every key; so does docs/reference/games.md"


def catalogue_names() -> list[str]:
    """Names of the bundled games."""
    return sorted(entry.stem for entry in _folder().glob("*.yaml"))


def _folder() -> Path:
    return Path(str(files("glacis") / "crisis" / "catalogue"))


def read_game(where: str | Path) -> Game:
    """The game at `where`: a bundled name, a file in Gambit's format, or one of declared stages.

    Raises
    ------
    InputError
        If there is no game at `where`.
    GameError
        With every problem found, each with file, line and column.
    """
    path = Path(where)
    if path.suffix.lower() == ".efg":
        return read_efg(path)
    return game_of(read_form(where))


def game_of(form: GameFile) -> Game:
    """The tree of a declared game.

    Raises
    ------
    InputError
        If it grows too large.
    GameError
        If it cannot be solved.
    """
    game = unrolled(form, title=form.title)
    if found := faults(game):
        told = [Problem(one.code, Mark("the game", 0), "", one.what, one.repair) for one in found]
        raise GameError(told[:MOST_TOLD])
    return game


def read_form(where: str | Path) -> GameFile:
    """The declared game at `where`, a bundled name or a YAML file.

    Raises
    ------
    InputError
        If there is no game at `where`.
    GameError
        With every problem found, each with file, line and column.
    """
    path = Path(where)
    if str(where) in catalogue_names() and not path.exists():
        path = _folder() / f"{where}.yaml"
    problems: list[Problem] = []
    try:
        tree = read_yaml(_text(path, where), path.name, problems).rooted()
    except Refused as refused:
        raise GameError([refused.problem]) from None
    form, wrong = _built(tree)
    problems += wrong
    problems += game_problems(tree)
    if form is None or problems:
        raise GameError(problems)
    return form


def _text(path: Path, where: str | Path) -> str:
    try:
        if not path.is_file():
            names = ", ".join(catalogue_names())
            raise InputError(
                f"{str(where)[:200] or repr('')}: no such game; "
                f"give a file (.efg or .yaml), or one of: {names}"
            )
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(where)[:200]}: cannot be read ({reason}); give another") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{path}: has more than {MAX_BYTES:,} bytes; is this a game?")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: is not UTF-8 text; save it as UTF-8") from None


def _built(tree: Node) -> tuple[GameFile | None, list[Problem]]:
    try:
        return GameFile.model_validate(tree.plain()), []
    except ValidationError as error:
        return None, field_problems(error, tree, shown_by=SHOWN_BY)
