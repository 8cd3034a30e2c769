"""The house rules that a linter does not know: size, names, signatures, and cited sources."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "glacis"
MODULES = sorted(PACKAGE.rglob("*.py"))

MAX_FUNCTION_LINES = 60
MAX_MODULE_LINES = 450
MAX_PARAMETERS = 6
MAX_POSITIONAL = 2

FORBIDDEN_MODULES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager"})
FORBIDDEN_NAME = re.compile(
    r"^process_data$|(^|_)(utils?|helpers?|misc|manager)$|(Utils?|Helpers?|Misc|Manager)$"
)
AMERICAN = re.compile(
    r"(^|_)(color|center|behavior|neighbor|defense|armor|meter|organiz|analyz)", re.IGNORECASE
)

#: `Source: key1, key2.` in a docstring; `elicited` needs no entry.
SOURCE_MARK = re.compile(r"\bSources?:")
CITATION = re.compile(r"\bSource: ([\w-]+(?:,\s+[\w-]+)*)\.(?=\s|$)")
FOOTNOTE = re.compile(r"\[[a-z][\w-]*\]_")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def body_lines(function: Function) -> int:
    """Lines from `def` to the end, the docstring left out."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    docstring = ast.get_docstring(function, clean=False)
    return lines - (docstring.count("\n") + 1 if docstring else 0)


def decorators(function: Function) -> set[str]:
    """Last names of a function's decorators: ``njit`` for ``@numba.njit(nogil=True)``."""
    plain = [item.func if isinstance(item, ast.Call) else item for item in function.decorator_list]
    return {
        item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", "") for item in plain
    }


def has_free_signature(function: Function) -> bool:
    """Kernels take arrays by position, a command's parameters are flags, Python sets dunders'."""
    outside = {"njit", "jit", "rule", "workshop", "kernel", "overload", "command", "default"}
    return bool(decorators(function) & outside) or function.name.startswith("__")


def parameters(function: Function) -> list[ast.arg]:
    every = function.args
    named = [*every.posonlyargs, *every.args, *every.kwonlyargs]
    return [argument for argument in named if argument.arg not in ("self", "cls")]


def is_boolean(argument: ast.arg) -> bool:
    return isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool"


every_module = pytest.mark.parametrize("path", MODULES, ids=module_name)


@every_module
def test_size(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_MODULE_LINES, f"{lines} lines; split it by what it is about"
    long = [
        f"{function.name} (line {function.lineno}): {body_lines(function)} lines"
        for function in functions(path)
        if body_lines(function) > MAX_FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


@every_module
def test_parameters(path: Path) -> None:
    found = []
    for function in functions(path):
        if has_free_signature(function):
            continue
        given = parameters(function)
        if len(given) > MAX_PARAMETERS:
            found.append(f"{function.name} (line {function.lineno}): {len(given)} parameters")
        found += [
            f"{function.name} (line {function.lineno}): {argument.arg} is a boolean by position"
            for argument in given
            if is_boolean(argument) and argument not in function.args.kwonlyargs
        ]
    assert not found, "\n".join(found)


@every_module
def test_names(path: Path) -> None:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    assert not FORBIDDEN_MODULES & set(parts), "name the module for what it is about"
    defined = [
        node.name for node in ast.walk(tree(path)) if isinstance(node, Function | ast.ClassDef)
    ]
    defined += [argument.arg for function in functions(path) for argument in parameters(function)]
    assert not [name for name in defined if FORBIDDEN_NAME.search(name)]
    assert not [name for name in defined if AMERICAN.search(name)], "British spelling"


@every_module
def test_all_can_be_imported(path: Path) -> None:
    if not any(
        isinstance(target, ast.Name) and target.id == "__all__"
        for node in tree(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ):
        return
    module = importlib.import_module(module_name(path))
    missing = [name for name in module.__all__ if not hasattr(module, name)]
    assert not missing
    assert len(set(module.__all__)) == len(module.__all__)


def public_functions() -> Iterator[tuple[str, inspect.Signature]]:
    """Functions and methods that `import glacis` offers, with their signatures."""
    glacis = importlib.import_module("glacis")
    for name in glacis.__all__:
        offered = getattr(glacis, name)
        if inspect.isfunction(offered):
            yield name, inspect.signature(offered)
        elif inspect.isclass(offered):
            for method, member in vars(offered).items():
                if inspect.isfunction(member) and not method.startswith("_"):
                    yield f"{name}.{method}", inspect.signature(member)


def test_public_functions_take_keywords_after_the_second() -> None:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    found = []
    for name, signature in public_functions():
        given = [
            parameter.name
            for parameter in signature.parameters.values()
            if parameter.kind in positional and parameter.name != "self"
        ]
        if len(given) > MAX_POSITIONAL:
            found.append(
                f"glacis.{name}({', '.join(given)}): make all after the second keyword-only"
            )
    assert not found, "\n".join(found)


@cache
def bibliography() -> frozenset[str]:
    text = (PACKAGE / "references.bib").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^@\w+\{([^,\s]+),", text, re.MULTILINE))


def citation_problems(docstring: str) -> list[str]:
    """What is wrong with the sources that a docstring names."""
    cited = CITATION.findall(docstring)
    problems = [f"{mark}: write `Source: key1, key2.`" for mark in FOOTNOTE.findall(docstring)]
    if len(SOURCE_MARK.findall(docstring)) != len(cited):
        problems.append("a source is not written as `Source: key1, key2.`")
    keys = {key for group in cited for key in re.split(r",\s+", group)}
    unknown = sorted(keys - bibliography() - {"elicited"})
    return problems + [f"{key} is not in references.bib" for key in unknown]


@every_module
def test_cited_sources_exist(path: Path) -> None:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = [
        f"{getattr(node, 'name', 'the module')}: {problem}"
        for node in ast.walk(tree(path))
        if isinstance(node, documented)
        for problem in citation_problems(ast.get_docstring(node) or "")
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "docstring, problems",
    [
        ("Speed by regime. Source: from-memory.", 0),
        ("Two works.\n\nSource: from-memory,\ntripwire-article-2022.", 0),
        ("A judgement. Source: elicited.", 0),
        ("Source: no-such-work-1901.", 1),
        ("Source: from-memory", 1),
        ("As in [salmon-2011]_.", 1),
        ("Nothing cited; the source of a number is its own field.", 0),
    ],
)
def test_citations_are_judged(docstring: str, problems: int) -> None:
    assert len(citation_problems(docstring)) == problems
