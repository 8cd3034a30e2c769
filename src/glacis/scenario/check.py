"""Check a scenario: every problem at once, and what its numbers rest on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from glacis.errors import Problem, ScenarioError
from glacis.scenario.build import Document, attempt
from glacis.scenario.model import Scenario
from glacis.scenario.outline import members
from glacis.scenario.override import variant_put
from glacis.scenario.posture import posture_put
from glacis.scenario.read import examine
from glacis.scenario.soundness import cross_problems
from glacis.scenario.summary import Counts, counted
from glacis.scenario.tree import Node

#: Past this many problems nobody reads on, and trying every posture would only repeat them.
MAX_TRIED = 200


@dataclass(frozen=True)
class Report:
    """What `check` found: the scenario's name, its problems in file order, and its counts.

    Attributes
    ----------
    name
        Bundled name, or that of the folder or file.
    problems
        Everything that is wrong; empty if the scenario can be used.
    counts
        How many there are of everything; None if fields are broken.
    """

    name: str
    problems: tuple[Problem, ...]
    counts: Counts | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def record(self) -> dict[str, Any]:
        """The report as plain data, for ``glacis check --json``."""
        return {
            "schema": 1,
            "scenario": self.name,
            "sound": self.is_sound,
            "problems": [problem.record() for problem in self.problems],
            "counts": None if self.counts is None else asdict(self.counts),
        }


def check(where: str | Path) -> Report:
    """Everything that is wrong with the scenario at `where`, and what its numbers rest on.

    Beyond what reading finds, each posture and each variant is applied and checked as if it
    had been written out.

    Raises
    ------
    InputError
        If there is nothing to read at `where`.
    """
    found = examine(where)
    problems = found.problems
    if found.is_whole and len(problems) <= MAX_TRIED:
        problems += trial_problems(found.document, found.scenario, problems)
    counts = None if found.scenario is None else counted(found.scenario)
    return Report(found.document.name, ScenarioError(problems).problems, counts)


def trial_problems(
    document: Document, scenario: Scenario | None, known: list[Problem]
) -> list[Problem]:
    """What goes wrong when a posture or a variant is applied, told where it is declared.

    Parameters
    ----------
    scenario
        The document's, or None if its fields are broken.
    known
        Problems of the scenario as it stands, which would only come again.
    """
    told = {(problem.code, problem.path) for problem in known}
    problems: list[Problem] = []
    for section, put in (("postures", posture_put), ("variants", variant_put)):
        for name, node in members(document.tree.child(section)).items():
            try:
                tree = put(document.tree, name)
            except ScenarioError as error:
                problems += error.problems
                continue
            if tree is not document.tree:
                found = _found(document, tree, scenario)
                new = [problem for problem in found if (problem.code, problem.path) not in told]
                problems += [_applied(problem, f"{section}.{name}", node) for problem in new]
    return problems


def _found(document: Document, tree: Node, base: Scenario | None) -> list[Problem]:
    """What is wrong with a tree made from a document's by overrides."""
    _, problems = attempt(replace(document, tree=tree), base)
    return problems + cross_problems(tree, document.bibliography, since=document.tree)


def _applied(problem: Problem, path: str, node: Node) -> Problem:
    """A problem of the scenario changed, as one of what changed it."""
    what = f"applied, {problem.path}: {problem.what}"
    return Problem(problem.code, node.mark, path, what, problem.repair)
