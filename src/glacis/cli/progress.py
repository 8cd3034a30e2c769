"""Progress of long work on standard error, and the threads that do it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from glacis.cli.output import console

if TYPE_CHECKING:
    from glacis.executor import Runner


@contextmanager
def working(title: str, *, workers: int | None = None) -> Iterator[Runner]:
    """A runner whose progress shows, with the time left, while the block runs.

    The bar is drawn on a terminal only and goes when the block ends; what must be said, such
    as that kernels are compiled, is said everywhere. ``-q`` silences both.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from glacis.executor import Runner

    stream = console(is_error=True)
    is_quiet = logging.getLogger("glacis").level >= logging.ERROR
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(
        *columns, console=stream, transient=True, disable=is_quiet or not stream.is_terminal
    )
    with bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        def announce(sentence: str) -> None:
            if not is_quiet:
                stream.print(sentence, style="dim", soft_wrap=True)

        yield Runner(workers=workers, progress=show, announce=announce)
