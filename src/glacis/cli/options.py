"""Options that several commands share, each declared once.

A command takes `Changes` and `Run` as parameters; cyclopts spreads their fields out as flags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from glacis.errors import InputError

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario

#: A scenario as given on the command line.
Where = Annotated[str, Parameter(help="Bundled name, folder or YAML file.", show_default=False)]

#: Where a result goes as JSON.
Json = Annotated[
    str | None,
    Parameter(
        name="--json",
        metavar="FILE",
        allow_leading_hyphen=True,
        help="Write the result as JSON; - is standard output, where nothing else is then printed.",
    ),
]

PostureName = Annotated[str, Parameter(name="--posture", help="One of the scenario's postures.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Changes:
    """What is changed about a scenario before it is used."""

    set: Annotated[
        tuple[str, ...],
        Parameter(
            name="--set",
            metavar="PATH=VALUE",
            consume_multiple=False,
            negative="",
            show_default=False,
            help="Replace a number, such as campaign.warning.days=2 or ...=1..3; may be repeated.",
        ),
    ] = ()
    variant: Annotated[
        tuple[str, ...],
        Parameter(
            name="--variant",
            metavar="NAME",
            consume_multiple=False,
            negative="",
            show_default=False,
            help="Apply a named variant of the scenario; may be repeated.",
        ),
    ] = ()

    def read(self, where: str) -> Scenario:
        """The scenario at `where` with its variants and then the replacements applied.

        Raises
        ------
        InputError
            If there is no such scenario, or it has problems, or a change does not fit it.
        """
        from glacis.scenario.read import read_scenario

        changes = [parsed_change(text) for text in self.set]
        values = dict(changes)
        paths = [path for path, _ in changes]
        if twice := [path for path in values if paths.count(path) > 1]:
            raise InputError(
                f"--set {twice[0]}: is given twice; give it once (a list as a,b or [a, b])"
            )
        scenario = read_scenario(where)
        if self.variant:
            scenario = scenario.variant(*self.variant)
        return scenario.replace(values) if values else scenario


def parsed_change(text: str) -> tuple[str, object]:
    """Path and value of ``PATH=VALUE``; the value may be a mapping in braces, or null.

    Raises
    ------
    InputError
        If it is not of that form.
    """
    path, equals, value = (part.strip() for part in text.partition("="))
    if not (path and equals and value):
        raise InputError(f"--set {text}: must be PATH=VALUE; write campaign.warning.days=2")
    if value[0] in "{[":
        return path, _structured(value)
    return path, None if value == "null" else value


def _structured(value: str) -> object:
    """A value in braces or brackets, read as YAML is read in files."""
    from glacis.scenario.text import Refused, read_yaml

    try:
        return read_yaml(value, "--set", []).bare()
    except Refused as refused:
        raise InputError(str(refused.problem)) from None


#: The defaults of commands: nothing changed.
UNCHANGED = Changes()


@Parameter(name="*")
@dataclass(frozen=True)
class Run:
    """How worlds are drawn and run."""

    seed: Annotated[int, Parameter(help="The luck and the draws; 0 is a seed.")] = 1
    worlds: Annotated[
        int,
        Parameter(
            name=["--worlds", "--runs"],
            help="How many sets of assumptions to draw, and run once each.",
        ),
    ] = 2_000
    workers: Annotated[
        int | None, Parameter(help="Threads; all processors if left out. Changes no result.")
    ] = None


#: The defaults of commands that run worlds.
USUAL = Run()
