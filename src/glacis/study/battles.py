"""The battle file of CDB90: read, checked, and told by line and column where it is wrong.

The file is not shipped. Columns ``adv_*`` were judged after the fact and are never read.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from glacis.errors import InputError, Mark, Problem
from glacis.scenario.build import shown
from glacis.study.beds import Ground

MAX_BYTES = 20_000_000
CODES = ("isqno", "def_posture1", "terrain_relief", "terrain_cover", "terrain_special")

#: Columns of numbers: the least and greatest value each may have.
NUMBERS: dict[str, tuple[float, float]] = {
    "year": (-4000, 3000),
    "days_calendar": (0, 10_000),
    "att_strength": (1, 1e9),
    "def_strength": (1, 1e9),
    "att_casualties": (0, 1e9),
    "def_casualties": (0, 1e9),
    "att_tanks": (0, 1e6),
    "def_tanks": (0, 1e6),
    "surprise": (-3, 3),
    "attacker_result": (-1, 1),
    "flag_loss_gt_strength": (0, 1),
}
COLUMNS = (*CODES, *NUMBERS)


class Battle(NamedTuple):
    """One engagement; NaN where a number was not recorded."""

    name: str
    year: float
    days: float
    attackers: float
    defenders: float
    attacker_casualties: float
    defender_casualties: float
    attacker_tanks: float
    defender_tanks: float
    surprise: int
    result: float  # 1 the attacker won, 0 a draw, -1 it lost
    is_sound: bool  # not more losses than people
    posture: str
    ground: Ground

    @property
    def is_known(self) -> bool:
        """Whether enough was recorded to fight it again."""
        return not math.isnan(self.attackers + self.defenders)


def read_battles(where: str | Path) -> tuple[Battle, ...]:
    """Every engagement of a battle file, in its order.

    Raises
    ------
    InputError
        At the first thing wrong: no such file, not CSV, columns missing, a cell that is no
        number or out of range.
    """
    rows = _rows(_text(Path(where)), str(where))
    line, header = next(rows, (1, []))
    places = _places(header, Mark(str(where), line))
    battles = [_battle(cells, places, line, str(where)) for line, cells in rows if cells]
    if not battles:
        raise _error(Mark(str(where), line), "", "holds no engagement", "give the battle file")
    return tuple(battles)


def _error(mark: Mark, column: str, what: str, repair: str) -> InputError:
    return InputError(str(Problem("bad-battles", mark, column, what, repair)))


def _text(path: Path) -> str:
    mark = Mark(str(path))
    try:
        if not path.is_file():
            raise _error(mark, "", "no such file", "give the battle file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise _error(mark, "", f"cannot be read ({reason})", "give another file") from None
    if len(content) > MAX_BYTES:
        raise _error(mark, "", f"has more than {MAX_BYTES:,} bytes", "give the battle file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise _error(Mark(str(path), line, column), "", "is not UTF-8", "give a CSV file") from None
    if not text.strip():
        raise _error(mark, "", "is empty", "give the battle file")
    return text


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every line."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        mark = Mark(file, max(reader.line_num, 1))
        raise _error(mark, "", f"is not CSV ({error})", "correct the line") from None


def _places(header: Sequence[str], mark: Mark) -> dict[str, int]:
    """The position of each column that is read."""
    names = [name.strip() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        what = f"lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
        raise _error(
            mark, "", what, "give CDB90 as CSV, the names of its columns in the first line"
        )
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise _error(mark, twice[0], "stands twice in the first line", "remove one")
    return {name: names.index(name) for name in COLUMNS} | {"": len(names)}


def _battle(cells: Sequence[str], places: dict[str, int], line: int, file: str) -> Battle:
    if len(cells) != places[""]:
        what = f"{len(cells)} cells where the first line has {places['']}"
        raise _error(Mark(file, line), "", what, "add or remove commas")

    def code(name: str) -> str:
        return cells[places[name]].strip()

    def number(name: str) -> float:
        value = _number(code(name), *NUMBERS[name])
        if value is None:
            least, most = NUMBERS[name]
            what = f"must be a number from {least:g} to {most:g} (got {shown(code(name))})"
            column = 1 + len(_line(cells[: places[name]]))
            raise _error(Mark(file, line, column), name, what, "correct it, or leave it empty")
        return value

    surprise = number("surprise")
    return Battle(
        name=code("isqno"),
        year=number("year"),
        days=number("days_calendar"),
        attackers=number("att_strength"),
        defenders=number("def_strength"),
        attacker_casualties=number("att_casualties"),
        defender_casualties=number("def_casualties"),
        attacker_tanks=number("att_tanks"),
        defender_tanks=number("def_tanks"),
        surprise=0 if math.isnan(surprise) else round(surprise),
        result=number("attacker_result"),
        is_sound=number("flag_loss_gt_strength") != 1,
        posture=code("def_posture1"),
        ground=Ground(
            relief=code("terrain_relief"),
            cover=code("terrain_cover"),
            special=code("terrain_special"),
        ),
    )


def _number(text: str, least: float, most: float) -> float | None:
    """A cell's number, NaN if it is empty, None if it holds something else."""
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return None
    return value if least <= value <= most else None


def _line(cells: Sequence[str]) -> str:
    """Cells as they stand in a line, up to the comma before the next."""
    quoted = (f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & set(',"') else c for c in cells)
    return "".join(f"{cell}," for cell in quoted)
