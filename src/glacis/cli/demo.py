"""The demonstration: the main job on the bundled Baltic scenario, from the war to a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from glacis.cli.claims import tell_counts
from glacis.cli.compare_tables import tell_comparison
from glacis.cli.options import Json, Run
from glacis.cli.output import (
    is_standard_output,
    refuse_unwritable,
    say,
    warn,
    write_json,
    write_text,
)

SCENARIO = "baltic"
FIRST = "tripwire"
DEMO_RUN = Run(seed=7, worlds=320)


def demo(
    *,
    output: Annotated[
        Path, Parameter(name=["--output", "-o"], metavar="FILE", help="Where the report goes.")
    ] = Path("glacis-report.html"),
    run: Run = DEMO_RUN,
    json: Json = None,
) -> None:
    """Compare the Baltic postures, audit the argument, write an illustrated report."""
    from glacis.assess.chain import Sparing
    from glacis.cli.progress import working
    from glacis.report.document import report
    from glacis.scenario.read import read_scenario
    from glacis.study.cases import Cases
    from glacis.study.claims import audited, claims_of
    from glacis.study.compare import compared

    refuse_unwritable(json, output)
    read = read_scenario(SCENARIO)
    postures = [FIRST, *(name for name in read.postures if name != FIRST)]
    cases = Cases(read, run.worlds, run.seed)
    with working("postures", workers=run.workers) as runner:
        study = compared(
            read,
            postures,
            worlds=run.worlds,
            seed=run.seed,
            runner=runner,
            sparing=Sparing(cases.fights),
        )
    is_silent = is_standard_output(json)
    if not is_silent:
        tell_comparison(study)
    with working("claims", workers=run.workers) as runner:
        ledger = audited(cases, reds=claims_of(read).reds[:1], runner=runner)
    if not is_silent:
        say("\nThe argument under test, claim by claim", style="bold")
        tell_counts(ledger)
        say("`glacis claims baltic` prints the ledger, against three Reds.", style="dim")
    record = ledger.to_record()["claims"]
    with working("report", workers=run.workers) as runner:
        page = report(study, record, where=SCENARIO, runner=runner)
    write_text(output, page)
    if json is not None:
        write_json(json, study.to_record() | {"claims": record})
    tell = warn if is_silent else say
    tell(f"\nReport: {output} (one file; open it in a browser)")
    tell("Page: `glacis serve` opens it; move a lever, and the whole model answers")
