"""What commands print: tables and sentences for people, JSON for programs."""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from glacis.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

STANDARD_OUTPUT = "-"
PIPE_WIDTH = 100

#: A column's name and how it is lined up.
Column = tuple[str, Literal["left", "right"]]


def console(*, is_error: bool = False) -> Console:
    """A console on standard output or error; without colour where nobody would see it."""
    from rich.console import Console

    class Plain(Console):
        """A console that leaves a closed pipe to `glacis.cli.main`."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    stream = sys.stderr if is_error else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPE_WIDTH
    return Plain(file=stream, width=width, highlight=False, markup=False, emoji=False)


def say(text: str, *, style: str = "") -> None:
    """A line on standard output, never broken or taken as markup."""
    console().print(text, style=style, soft_wrap=True)


def warn(text: str, *, style: str = "") -> None:
    """A line on standard error, never broken or taken as markup."""
    console(is_error=True).print(text, style=style, soft_wrap=True)


def warn_if_coarse(worlds: int) -> None:
    """Say on standard error that so few worlds teach forecasts little, if they do."""
    from glacis.forecast import ENOUGH

    if worlds < ENOUGH:
        warn(f"forecasts learnt on fewer than {ENOUGH:,} worlds are coarse; give more", style="dim")


def percent(share: float | None, *, fine: bool = False) -> str:
    """A share in per cent, with a decimal if `fine`; a dash where undefined."""
    if share is None:
        return "\u2013"
    return f"{100 * share:.1f} %" if fine else f"{100 * share:.0f} %"


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """A table on standard output; cells are plain text. Columns without names get no header."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_header=any(name for name, _ in columns),
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    for name, justify in columns:
        grid.add_column(Text(name), justify=justify)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    console().print(grid)


def is_standard_output(target: str | None) -> bool:
    """Whether ``--json`` claims standard output for itself."""
    return target == STANDARD_OUTPUT


def json_text(result: Mapping[str, Any]) -> str:
    """A result as it stands in a file."""
    return json.dumps(without_nan(result), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(target: str, result: Mapping[str, Any]) -> None:
    """`result` as JSON in a file, all of it or nothing, or on standard output for ``-``.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    text = json_text(result)
    if is_standard_output(target):
        sys.stdout.write(text)
        return
    write_text(Path(target), text)


def refuse_unwritable(*targets: str | Path | None) -> None:
    """Refuses files that could not be written, before long work is done for them.

    Raises
    ------
    InputError
        If the folder of one does not exist or takes no files.
    """
    for target in targets:
        if target is not None and not is_standard_output(str(target)):
            _refuse_unwritable(target)


def _refuse_unwritable(target: str | Path) -> None:
    folder = Path(target).parent
    try:
        is_fit = folder.is_dir() and os.access(folder, os.W_OK) and not Path(target).is_dir()
    except (OSError, ValueError):
        is_fit = False
    if not is_fit:
        raise InputError(f"{target}: cannot be written there; give a path in a folder that exists")


def write_text(path: Path, text: str) -> None:
    """A file written whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, delete=False
        ) as stream:
            temporary = Path(stream.name)
            stream.write(text)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise InputError(f"{path}: cannot be written ({reason}); give another path") from None


def write_figures(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Figures as PNG in a folder, which is made if need be; the same figure gives the same bytes.

    Raises
    ------
    InputError
        If they cannot be written.
    """
    paths = [folder / f"{name}.png" for name in figures]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, figure in zip(paths, figures.values(), strict=True):
            figure.savefig(path, metadata={"Software": None})
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{folder}: cannot be written ({reason}); give another folder") from None
    return paths


def named_in(method: Mapping[str, Any], key: str) -> list[str]:
    """The names that a result's method gives.

    Raises
    ------
    InputError
        If it gives none.
    """
    names = method.get(key)
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise InputError(f"method.{key}: must be a list of names")
    return names


def without_nan(value: Any) -> Any:
    """Plain data in which what is undefined is null: JSON knows no NaN."""
    if isinstance(value, Mapping):
        return {str(key): without_nan(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(child) for child in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
