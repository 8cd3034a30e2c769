"""The command that writes the illustrated report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from glacis.cli.options import UNCHANGED, USUAL, Changes, Run, Where
from glacis.cli.output import refuse_unwritable, warn, write_text
from glacis.cli.progress import working
from glacis.errors import InputError

if TYPE_CHECKING:
    from glacis.executor import Runner
    from glacis.study.cases import Cases


#: Where the page goes.
Page = Annotated[
    Path,
    Parameter(
        name=["--output", "-o"],
        metavar="FILE",
        help="Where the page goes, such as report.html.",
    ),
]
#: Which postures.
Compared = Annotated[
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
]
#: Whether the ledger is in it.
WithClaims = Annotated[
    bool,
    Parameter(help="Test the scenario's claims too, against the first of its Reds."),
]


def report(
    scenario: Where,
    /,
    *,
    output: Page,
    posture: Compared = (),
    claims: WithClaims = True,
    run: Run = USUAL,
    changes: Changes = UNCHANGED,
) -> None:
    """Write an illustrated report of postures compared: one HTML file that needs no network."""
    from glacis.assess.chain import Sparing
    from glacis.forecast import PILOT
    from glacis.report.document import report as written
    from glacis.study.cases import Cases
    from glacis.study.compare import compared, missing

    refuse_unwritable(output)
    read = changes.read(scenario)
    if lacking := missing(read):
        raise InputError(
            f"{read.name} has no {lacking[0]}, so that there is no choice to report on; "
            "`glacis campaign SCENARIO --figure DIR` draws its war"
        )
    # The ledger is tested in the pilot's worlds, whose wars the comparison has fought.
    cases = Cases(read, min(run.worlds, PILOT), run.seed)
    with working("worlds", workers=run.workers) as runner:
        study = compared(
            read,
            posture,
            worlds=run.worlds,
            seed=run.seed,
            runner=runner,
            sparing=Sparing(cases.fights),
        )
    ledger = None
    if claims and read.claims is not None:
        with working("claims", workers=run.workers) as runner:
            ledger = _ledger(cases, runner)
    with working("report", workers=run.workers) as runner:
        page = written(study, ledger=ledger, where=scenario, runner=runner)
    write_text(output, page)
    warn(f"written: {output}", style="dim")


def _ledger(cases: Cases, runner: Runner) -> list[dict[str, Any]]:
    """The claims as data, against the first of the ledger's Reds."""
    from glacis.study.claims import audited, claims_of

    ledger = audited(cases, reds=claims_of(cases.scenario).reds[:1], runner=runner)
    found: list[dict[str, Any]] = ledger.to_record()["claims"]
    return found
