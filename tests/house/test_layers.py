"""Imports run one way: the table "Who may import whom" of architecture.md, enforced."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
ARCHITECTURE = ROOT / "docs" / "explanation" / "architecture.md"
MODULES = sorted((SOURCE / "glacis").rglob("*.py"))

#: These meet only in `assess`, whatever the table says.
STRANGERS = frozenset({"campaign", "alliance", "crisis", "ripple"})
HEAVY = ("llvmlite", "matplotlib", "numba", "pandas", "scipy", "xarray")

ROW = re.compile(r"^\| `(?P<layer>\w+)/?` \|[^|]*\|(?P<may>[^|]*)\|$", re.MULTILINE)


@cache
def layers() -> dict[str, frozenset[str]]:
    """Layer to the layers it may import, read from the architecture's table.

    Who may import a layer may import what that layer may import.
    """
    allowed: dict[str, frozenset[str]] = {}
    for row in ROW.finditer(ARCHITECTURE.read_text(encoding="utf-8")):
        layer, may = row["layer"], row["may"].strip()
        named: frozenset[str]
        if may == "nothing":
            named = frozenset()
        elif may == "all above":
            named = frozenset(allowed)
        else:
            told = frozenset(re.findall(r"\w+", may))
            assert told <= set(allowed), f"{layer} may import {may}: name layers above it"
            named = told.union(*(allowed[other] for other in told))
        allowed[layer] = named - STRANGERS if layer in STRANGERS else named
    assert allowed, f"no table of layers in {ARCHITECTURE.name}"
    return allowed


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str:
    """The second part of a dotted name; empty for the package itself."""
    return [*module.split("."), ""][1]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every glacis module or name that a file imports, wherever in it."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "glacis":
                yield node.lineno, name


def breaches(path: Path) -> list[str]:
    own = layer_of(module_name(path))
    if own not in layers():
        return [f"{own} is in no row of the table; give it one"]
    found = []
    for line, name in imported(path):
        other = layer_of(name)
        if other in (own, "__version__"):
            continue
        if other not in layers():
            found.append(f"line {line}: {name}; import it from the module that defines it")
        elif other not in layers()[own]:
            found.append(f"line {line}: {own} may not import {other} ({name})")
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_point_one_way(path: Path) -> None:
    # The package's own files stand outside: they hand out names (lazily; see below).
    if path.parent == SOURCE / "glacis" and path.name in ("__init__.py", "__main__.py"):
        return
    assert not breaches(path), "\n".join(breaches(path))


def is_kernel(path: Path) -> bool:
    return "\n@kernel\n" in path.read_text(encoding="utf-8")


def at_run_time(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes but those that only type checkers look at."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_kernels_are_loaded_and_not_imported(path: Path) -> None:
    """Imported plainly, numba would keep their machine code where it goes stale."""
    kernels = {module_name(other) for other in MODULES if is_kernel(other)}
    assert "glacis.campaign.kernel" in kernels
    if path in map(_path_of, kernels):
        return
    for node in at_run_time(ast.parse(path.read_text(encoding="utf-8"))):
        named = []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            named = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        assert not kernels & set(named), f"line {node.lineno}: load it with `load_kernels`"


def _path_of(module: str) -> Path:
    return SOURCE / (module.replace(".", "/") + ".py")


def test_strangers_never_meet() -> None:
    for layer, may in layers().items():
        if layer in STRANGERS:
            assert not (may & STRANGERS), f"{layer} may not know {may & STRANGERS}"


def test_a_breach_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "SOURCE", tmp_path)
    module = tmp_path / "glacis" / "scenario" / "wrong.py"
    module.parent.mkdir(parents=True)
    module.write_text(
        "from glacis.errors import InputError\n"
        "from . import model\n"
        "def late():\n"
        "    from ..campaign import kernel\n"
        "    import glacis.cli\n"
        "    from glacis import read_scenario\n",
        encoding="utf-8",
    )
    assert [breach.split(":")[0] for breach in breaches(module)] == ["line 4", "line 5", "line 6"]


@pytest.mark.parametrize("module", ["glacis", "glacis.cli"])
def test_nothing_heavy_is_loaded_by_importing(module: str) -> None:
    code = (
        f"import sys, {module}\nprint(*sorted(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [], f"import {module} loads {done.stdout.strip()}"
