"""Tree to Scenario: the models built, and every field's problem told with place and repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from glacis.errors import Problem, ScenarioError
from glacis.scenario.arms import ArmName
from glacis.scenario.model import Scenario
from glacis.scenario.outline import MAX_SUGGESTIONS
from glacis.scenario.quantity import Quantity
from glacis.scenario.remembered import remembered
from glacis.scenario.soundness import cross_problems
from glacis.scenario.tree import Node, written

FORMAT = 1

_WANTED = {
    "string": "text",
    "dict": "a mapping",
    "model": "a mapping",
    "tuple": "a list",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a plain number",
}


@dataclass(frozen=True)
class Document:
    """A scenario as written, and what has been done to it.

    Attributes
    ----------
    name
        Bundled name, or the folder's name.
    folder
        Where it was read from (the map's land stands there too).
    tree
        The whole tree, rooted: every node has its path and provenance.
    written
        The tree as it was read; `tree` is it with what has been applied since.
    sha256
        Of the files, in name order, and of those it extends.
    bibliography
        The keys it may cite: its own, those of what it extends, and glacis's.
    files
        All that were read, those inside the folder that it extends too.
    file
        The one file read, if it was not a folder.
    variants, overrides, posture
        What has been applied since.
    """

    name: str
    folder: Path
    tree: Node
    written: Node
    sha256: str
    bibliography: frozenset[str]
    files: tuple[Path, ...] = ()
    file: Path | None = None
    variants: tuple[str, ...] = ()
    overrides: tuple[tuple[str, object], ...] = ()
    posture: str = ""


def build(document: Document, base: Scenario | None = None) -> Scenario:
    """The scenario of a document, validated field by field and across fields.

    Parameters
    ----------
    base
        A scenario whose tree this one's was made from by overrides. What they left alone is
        taken from it as it stands, so a posture costs milliseconds.

    Raises
    ------
    ScenarioError
        With every problem.
    """
    scenario, problems = attempt(document, base)
    since = None if base is None else base.document.tree
    problems += cross_problems(document.tree, document.bibliography, since=since)
    if scenario is None or problems:
        raise ScenarioError(problems)
    return scenario


def attempt(
    document: Document, base: Scenario | None = None
) -> tuple[Scenario | None, list[Problem]]:
    """The scenario if its fields are in order, and their problems if not."""
    tree = document.tree
    if base is None:
        written = tree.plain()
    else:
        written = _reusing(tree, base.document.tree, base, _added(base))
    try:
        scenario = Scenario.model_validate(written)
    except ValidationError as error:
        return None, field_problems(error, tree)
    if scenario is base:  # nothing was changed, and pydantic gives back the very same object
        scenario = scenario.model_copy()
    scenario._document = document
    return scenario, []


def _reusing(node: Node, old: Node, value: object, added: Mapping[int, Quantity]) -> Any:
    """Plain data of a changed tree, in which unchanged parts are the models built before.

    Parameters
    ----------
    added
        By the identity of its node, each number that measures give to what they add.
    """
    if node is old:
        return value
    if not (node.is_mapping and old.is_mapping and isinstance(value, BaseModel | dict)):
        return _plain(node, added)
    members = {}
    for name, child in node.content.items():
        before, built = old.content.get(name), _member(value, name)
        same = before is not None and built is not None
        members[name] = _reusing(child, before, built, added) if same else _plain(child, added)
    return written(members, node.path, node.provenance)


def _plain(node: Node, added: Mapping[int, Quantity]) -> Any:
    """Plain data of something new, in which numbers that a measure gave it are those built."""
    if id(node) in added:
        return added[id(node)]
    if not node.is_mapping:
        return node.plain()
    members = {name: _plain(child, added) for name, child in node.content.items()}
    return written(members, node.path, node.provenance)


@remembered(8)  # postures of a study that are made side by side
def _added(scenario: Scenario) -> dict[int, Quantity]:
    """By the identity of its node, each number that measures give to what they add."""
    found: dict[int, Quantity] = {}
    for name, measure in scenario.measures.items():
        for number, effect in enumerate(measure.effects):
            node = scenario.document.tree.get(f"measures.{name}.effects.{number}.add")
            if effect.add is None or node is None:
                continue
            built = vars(effect.add).items()
            numbers = {key: one for key, one in built if isinstance(one, Quantity)}
            found |= {id(node.content[key]): one for key, one in numbers.items()}
    return found


def _member(value: BaseModel | dict[str, Any], name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name)
    return getattr(value, _aliases(type(value)).get(name, name), None)


@cache
def _aliases(record: type[BaseModel]) -> dict[str, str]:
    """What fields are called that are written otherwise."""
    return {field.alias: own for own, field in record.model_fields.items() if field.alias}


def field_problems(error: ValidationError, tree: Node, *, shown_by: str = "") -> list[Problem]:
    """pydantic's findings as problems with places and repairs.

    Parameters
    ----------
    shown_by
        What shows every key, if the tree is no scenario.
    """
    details = error.errors(include_url=False)
    problems = [_problem(dict(detail), tree, number) for number, detail in enumerate(details)]
    if not shown_by:
        return problems
    return [
        replace(one, repair=f"add it ({shown_by})") if one.code == "missing-key" else one
        for one in problems
    ]


def _problem(detail: dict[str, Any], tree: Node, number: int) -> Problem:
    parts = [str(part) for part in detail["loc"] if part != "[key]"]
    code, what, repair = _told(detail, parts)
    # Suggestions cost time; a file with hundreds of unknown keys is no scenario.
    if code == "unknown-key" and number < MAX_SUGGESTIONS:
        repair = _known_keys(parts)
    return Problem(code, tree.nearest(parts).mark, ".".join(parts), what, repair)


def _told(detail: dict[str, Any], parts: Sequence[str]) -> tuple[str, str, str]:
    """Code, what is wrong, and what to do."""
    context = detail.get("ctx") or {}
    kind, raw = str(detail["type"]), detail.get("input")
    match kind:
        case "quantity":
            return context["code"], context["what"], context["repair"]
        case "extra_forbidden":
            return "unknown-key", "unknown key", "correct its name, or remove it"
        case "missing":
            return "missing-key", "is missing", f"add it ({_shown_by(parts)})"
        case "literal_error" if parts == ["format"]:
            return _format_told(raw)
        case "literal_error":
            return "not-allowed", f"is {shown(raw)}", f"use {context.get('expected')}"
        case "too_short":
            return "not-valid", "holds nothing", "give it at least one entry"
        case "string_pattern_mismatch":
            return "bad-id", f"{shown(raw)} is no id", _id_hint(str(context.get("pattern")))
        case _ if (wanted := _WANTED.get(kind.partition("_")[0])) and _is_about_type(kind):
            quoted = " in quotes" if wanted == "text" and isinstance(raw, int | float) else ""
            return "wrong-type", f"must be {wanted} (got {shown(raw)})", f"write {wanted}{quoted}"
        case _:
            message = str(detail.get("msg", "is not valid"))
            return (
                "not-valid",
                f"{message[:1].lower()}{message[1:]} (got {shown(raw)})",
                "correct it",
            )


def _shown_by(parts: Sequence[str]) -> str:
    """Where an example of a key stands: the template, or for the arms a bundled scenario."""
    of_arms = parts[0] == "campaign" and len(parts) > 2 and parts[1] in get_args(ArmName)
    if of_arms or parts[0] in ("systems", "arsenals"):
        return "baltic's files show every key of the arms; `glacis where` names their folder"
    if parts[0] in ("alliance", "belief", "crisis"):
        return f"baltic's {parts[0]}.yaml shows every key; `glacis where` names its folder"
    return "`glacis new DIR` shows every key"


def _is_about_type(kind: str) -> bool:
    return kind.endswith(("_type", "_parsing", "_from_float", "_attributes_type", "_parsing_size"))


def _format_told(raw: object) -> tuple[str, str, str]:
    if isinstance(raw, int) and raw > FORMAT:
        return (
            "newer-format",
            f"the scenario's format is {shown(raw)}, and this glacis reads {FORMAT}",
            "update glacis",
        )
    return "not-allowed", f"is {shown(raw)}", f"write format: {FORMAT}"


def _known_keys(parts: Sequence[str]) -> str:
    from glacis.scenario.declared import keys_at

    keys = keys_at(parts[:-1])
    if parts[-1] == "system" and "type" in keys:
        return "a formation's type names its system: write type"
    near = get_close_matches(parts[-1][:64], keys, n=2)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"remove it, or use one of: {', '.join(keys)}" if keys else "remove it"


def _id_hint(pattern: str) -> str:
    if "A-Z" in pattern:
        return "a nation's id is two or three capitals, such as EE"
    return "use lower-case letters, digits and hyphens"


def shown(raw: object) -> str:
    """A value as messages quote it: on one line, and short."""
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list | tuple):
        return "a list"
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return str(raw).lower()
    text = raw if isinstance(raw, str) else repr(raw)
    text = text if len(text) <= 60 else text[:57] + "..."
    return repr(str(text)) if isinstance(raw, str) else text
