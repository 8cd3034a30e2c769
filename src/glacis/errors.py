"""What glacis raises, and how a problem in a file is told.

GlacisError
├── InputError            something given from outside is wrong; the command line exits with 2
│   └── ProblemsError     a file has problems; carries all of them
│       ├── ScenarioError     of a scenario
│       └── GameError         of a game
└── Cancelled             a run was asked to stop
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_TEXT = 500


class GlacisError(Exception):
    """Anything glacis raises on purpose."""


class InputError(GlacisError, ValueError):
    """Something given from outside (a file, a flag, an argument) is wrong."""


class Cancelled(GlacisError):
    """A run was asked to stop before its end."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Where something was written: file, line and column, both counted from 1.

    Line 0 stands for what has no lines: an override from the command line or from code.
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a scenario: a stable code, where, what, and what to do.

    Each is one line, however long or broken the keys and values are that it quotes.
    """

    code: str
    mark: Mark
    path: str
    what: str
    repair: str

    def __post_init__(self) -> None:
        for name in ("path", "what", "repair"):
            object.__setattr__(self, name, _one_line(getattr(self, name)))

    def __str__(self) -> str:
        where = f"{self.mark} {self.path}" if self.path else str(self.mark)
        return f"{where}: {self.what}; {self.repair}"

    def record(self) -> dict[str, str | int]:
        """The problem as plain data, for ``glacis check --json``."""
        return {
            "code": self.code,
            "file": self.mark.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "path": self.path,
            "what": self.what,
            "repair": self.repair,
        }


def _one_line(text: str) -> str:
    text = text.replace("\n", "\\n").replace("\t", "\\t")
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 3] + "..."


class ProblemsError(InputError):
    """Something read cannot be used; `problems` holds everything found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.mark, p.path, p.code)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ScenarioError(ProblemsError):
    """A scenario cannot be used."""


class GameError(ProblemsError):
    """A game's file has problems, or what it holds is no game that can be solved."""
