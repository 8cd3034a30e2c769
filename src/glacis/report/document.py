"""The report of a comparison: everything a reader needs to judge it, in one file."""

from __future__ import annotations

import base64
import io
import json
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from glacis.executor import Runner
from glacis.report import tables
from glacis.report.references import references
from glacis.report.sentences import answer, named, strongest
from glacis.scenario.quantity import ELICITED, FROM_MEMORY
from glacis.scenario.summary import provenance_counts
from glacis.study.compare import Comparison

if TYPE_CHECKING:
    from jinja2 import Environment
    from matplotlib.figure import Figure

MAP_RUNS = 512
"""Runs behind a map at most: its medians move by less than its bands with more."""
TEMPLATE = "report.html"


class Picture(NamedTuple):
    """A figure, inlined."""

    uri: str
    alt: str
    caption: str
    width: int
    height: int


def report(
    study: Comparison,
    ledger: Sequence[Mapping[str, Any]] | None = None,
    *,
    paths: Sequence[str] = tables.ASSUMPTIONS,
    where: str | None = None,
    runner: Runner | None = None,
) -> str:
    """One self-contained page of HTML; the same comparison gives the same text.

    Parameters
    ----------
    ledger
        The claims ledger's records; its section is left out if there is none.
    paths
        Which assumptions are listed: uncertain numbers at these paths and below them.
    where
        The scenario as the command that makes the report again names it; its own name if left
        out.
    runner
        For the campaigns that the maps are drawn from.

    Raises
    ------
    Cancelled
        If the runner's cancel event is set.
    """
    listed = tables.assumptions(study.scenario, paths)
    keys = [key for one in listed for key in one.sources]
    page = _environment().get_template(TEMPLATE)
    return page.render(
        study=study,
        scenario=study.scenario,
        option=study.scenario.options[study.option],
        best=strongest(study),
        named=lambda posture: named(study, posture),
        answer=answer(study),
        maps=list(_maps(study, runner or Runner())),
        pictures=_pictures(study),
        overview=tables.overview(study),
        outcomes=tables.outcomes(study),
        differences=tables.differences(study) if len(study.postures) > 1 else None,
        losses=tables.losses(study) if study.has("loss") else None,
        ledger=None if ledger is None else tables.ledger_rows(ledger),
        variants=_variants(ledger or ()),
        assumptions=listed,
        rests_on=tables.rests_on,
        kinds=_kinds(listed),
        counts=provenance_counts(study.scenario),
        references=references(study.scenario, keys),
        origin=study.dataset.attrs,
        command=command(study, where),
    )


def command(study: Comparison, where: str | None = None) -> str:
    """What to type to make the report again."""
    document = study.scenario.document
    words = ["glacis", "report", where or document.name, "-o", "report.html"]
    for posture in study.postures:
        words += ["--posture", posture]
    words += ["--seed", str(study.seed), "--worlds", str(study.n)]
    for name in document.variants:
        words += ["--variant", name]
    for path, value in document.overrides:
        told = value if isinstance(value, str) else json.dumps(value)
        words += ["--set", f"{path}={told}"]
    return shlex.join(words)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("glacis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _pictures(study: Comparison) -> dict[str, Picture]:
    """The comparison's figures, those that it has."""
    found = {"outcomes": _picture(study.plot.outcomes(), "How it ends under each posture.")}
    if len(study.postures) > 1:
        told = f"What each posture changes from {study.postures[0]}."
        found["differences"] = _picture(study.plot.differences(), told)
    if study.has("loss"):
        found["losses"] = _picture(study.plot.losses(), "Expected loss, term by term.")
    return found


def _maps(study: Comparison, runner: Runner) -> Iterator[Picture]:
    """The ground that is lost under the first posture and the strongest, if the answer is full."""
    from glacis.campaign.run import run_campaign
    from glacis.figures.arrival import arrival_map

    option = study.scenario.options[study.option].name
    for posture in dict.fromkeys((study.postures[0], strongest(study))):
        played = run_campaign(
            study.scenario,
            posture,
            option=study.option,
            runs=min(study.n, MAP_RUNS),
            seed=study.seed,
            runner=runner,
        )
        told = f"{named(study, posture)}: {option}, with a full answer."
        yield _picture(arrival_map(played), told)


def _picture(figure: Figure, caption: str) -> Picture:
    """A figure as PNG in the page itself; what it says in words is its sentence."""
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    uri = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
    sentence = " ".join(figure.texts[0].get_text().split())
    width, height = (round(side * figure.dpi) for side in figure.get_size_inches())
    return Picture(uri, sentence, caption, width, height)


def _variants(ledger: Sequence[Mapping[str, Any]]) -> list[str]:
    """The Reds that verdicts are told for, in the order in which they first stand."""
    return [str(name) for name in dict.fromkeys(k for one in ledger for k in one.get("reds") or ())]


def _kinds(listed: Sequence[tables.Assumption]) -> dict[str, int]:
    """How many of the listed rest on judgement, on memory and on a source."""
    found: Counter[str] = Counter()
    for one in listed:
        found[
            next((kind for kind in (ELICITED, FROM_MEMORY) if kind in one.sources), "sourced")
        ] += 1
    return dict(found)


__all__ = ["command", "report"]
