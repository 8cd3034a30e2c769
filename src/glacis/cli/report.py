"""The command that writes the illustrated report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from glacis.cli.options import UNCHANGED, USUAL, Changes, Run, Where
from glacis.cli.output import refuse_unwritable, warn, write_text
from glacis.cli.progress import working


def report(
    scenario: Where,
    /,
    *,
    output: Annotated[
        Path,
        Parameter(
            name=["--output", "-o"],
            metavar="FILE",
            help="Where the page goes, such as report.html.",
        ),
    ],
    posture: Annotated[
        tuple[str, ...],
        Parameter(
            name="--posture",
            metavar="NAME",
            consume_multiple=False,
            negative="",
            show_default=False,
            help="One to compare, the first the one that differences are told from; may be "
            "repeated. All of the scenario's if left out.",
        ),
    ] = (),
    run: Run = USUAL,
    changes: Changes = UNCHANGED,
) -> None:
    """Write an illustrated report of postures compared: one HTML file that needs no network."""
    from glacis.report.document import report as written
    from glacis.study.compare import compare

    refuse_unwritable(output)
    read = changes.read(scenario)
    with working("worlds", workers=run.workers) as runner:
        study = compare(read, posture, worlds=run.worlds, seed=run.seed, runner=runner.part(0, 2))
        page = written(study, ledger=None, where=scenario, runner=runner.part(1, 2))
    write_text(output, page)
    warn(f"written: {output}", style="dim")
