"""One thing broken in a section, and the one problem that must come of it, in its place."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from glacis.scenario.check import check


class Case(NamedTuple):
    """What is replaced, and the problem that it makes."""

    change: tuple[str, str]
    code: str
    path: str
    """Below the section."""
    there: str
    """What stands where the problem is."""
    told: str
    """Part of what is told of it."""


def assert_only_problem(folder: Path, name: str, case: Case) -> None:
    """The scenario in a folder, whose section stands in NAME.yaml, has the case's problem alone."""
    (problem,) = check(folder).problems
    assert (problem.code, problem.path) == (case.code, f"{name}.{case.path}")
    assert case.told in f"{problem.what}; {problem.repair}"
    mark = problem.mark
    assert mark.file.endswith(f"{name}.yaml")
    text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[mark.line - 1][mark.column - 1 :].startswith(case.there)
