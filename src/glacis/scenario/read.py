"""Folder to Scenario: files to one tree, `extends` resolved, overrides done, models built."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from glacis.errors import InputError, Mark, Problem, ScenarioError
from glacis.scenario.build import FORMAT, Document, attempt
from glacis.scenario.extends import find_base, laid_on
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import PROVENANCE_KEYS
from glacis.scenario.soundness import cross_problems
from glacis.scenario.sources import BIBLIOGRAPHY, bundled_keys, keys_in
from glacis.scenario.table import read_csv
from glacis.scenario.text import Refused, read_yaml
from glacis.scenario.tree import Node

TEMPLATE = "template"
ENDINGS = (".yaml", ".csv")
MAX_FILES = 64
MAX_BYTES = 2_000_000
MAX_TOTAL = 1_500_000
MAX_TABLE_DEPTH = 4


def scenarios_folder() -> Path:
    """The folder of the bundled scenarios."""
    return Path(str(files("glacis") / "scenarios"))


def bundled_names() -> list[str]:
    """Names of the bundled scenarios, without the template."""
    return sorted(
        entry.name
        for entry in scenarios_folder().iterdir()
        if entry.name != TEMPLATE and (entry / "scenario.yaml").is_file()
    )


def read_scenario(where: str | Path, *, replace: Mapping[str, object] | None = None) -> Scenario:
    """The scenario at `where`: a bundled name, a folder, or one YAML file.

    Parameters
    ----------
    replace
        Overrides, as for `Scenario.replace`: dotted path to new value.

    Raises
    ------
    InputError
        If there is no scenario at `where`.
    ScenarioError
        With every problem found, each with file, line, column, path and repair.
    """
    found = examine(where)
    if found.scenario is None or found.problems:
        raise ScenarioError(found.problems)
    return found.scenario.replace(replace) if replace else found.scenario


@dataclass(frozen=True)
class Examination:
    """What was found at a place: the document, its scenario if that can be built, the problems.

    `is_whole` says that no file and no section is missing, so that what leads nowhere is wrong.
    """

    document: Document
    scenario: Scenario | None
    problems: list[Problem]
    is_whole: bool


def examine(where: str | Path) -> Examination:
    """What stands at `where`, and every problem of its files, its fields and between them.

    Raises
    ------
    InputError
        If there is nothing to read at `where`.
    """
    reading = read_document(where)
    document, problems = reading.document, list(reading.problems)
    newer = _newer_format(document.tree)
    if newer is not None:
        return Examination(document, None, [newer], is_whole=False)
    scenario, wrong_fields = attempt(document)
    if reading.is_partial:
        # What a file that could not be read may have held is not to be missed elsewhere.
        problems += [problem for problem in wrong_fields if problem.code != "missing-key"]
        return Examination(document, None, problems, is_whole=False)
    is_whole = not any(
        problem.code == "missing-key" and "." not in problem.path for problem in wrong_fields
    )
    problems += wrong_fields
    problems += cross_problems(document.tree, document.bibliography)
    return Examination(document, scenario, problems, is_whole)


def _newer_format(tree: Node) -> Problem | None:
    """The one problem worth telling of a scenario written for a glacis to come."""
    node = tree.child("format")
    if node is None or not isinstance(node.content, int) or node.content <= FORMAT:
        return None
    return Problem(
        "newer-format",
        node.mark,
        "format",
        f"the scenario's format is {node.content}, and this glacis reads {FORMAT}",
        "update glacis",
    )


@dataclass(frozen=True)
class Reading:
    """A scenario's tree, `extends` resolved but not yet validated, and the files' problems.

    `is_partial` says that a file could not be read, so that what it holds is unknown.
    """

    document: Document
    problems: tuple[Problem, ...]
    is_partial: bool


@dataclass
class _Progress:
    """What one reading of files has met so far."""

    problems: list[Problem] = field(default_factory=list)
    is_partial: bool = False
    characters: int = 0
    seen: set[Path] = field(default_factory=set)


def read_document(where: str | Path) -> Reading:
    """The tree at `where`.

    Raises
    ------
    InputError
        If there is nothing to read at `where`.
    """
    try:
        folder, file, paths = _find(where)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        given = repr(str(where)[:200])
        raise InputError(f"{given}: cannot be read ({reason}); give another path") from None
    progress = _Progress()
    document = _read(folder, paths, progress)
    name = file.stem if file is not None else folder.name
    tree = document.tree.rooted()
    document = replace(document, name=name, file=file, tree=tree, written=tree)
    return Reading(document, tuple(progress.problems), progress.is_partial)


def _find(where: str | Path) -> tuple[Path, Path | None, list[Path]]:
    """Folder, file if one was named, and files of a scenario.

    What exists under a path wins over a bundled name, a folder that holds no scenario does not.
    """
    path = Path(where)
    is_bundled = str(where) in [*bundled_names(), TEMPLATE]
    if path.is_file() and str(where):
        path = path.resolve()
        return path.parent, path, [path]
    paths = _scenario_files(path) if path.is_dir() and str(where) else []
    if not paths and is_bundled:
        path = scenarios_folder() / str(where)
        paths = _scenario_files(path)
    if not paths:
        names = ", ".join(bundled_names())
        what = "holds no .yaml file" if path.is_dir() and str(where) else "no such scenario"
        raise InputError(
            f"{str(where)[:200] or repr('')}: {what}; give a folder, a file, or one of: {names} "
            "(`glacis new DIR` writes a template)"
        )
    if len(paths) > MAX_FILES:
        raise InputError(f"{where}: more than {MAX_FILES} files; is this a scenario's folder?")
    return path.resolve(), None, paths


def _scenario_files(folder: Path) -> list[Path]:
    """A folder's files in name order, those of a near-miss ending too, so that they are told."""
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.suffix in (*ENDINGS, ".yml") and not entry.name.startswith(".")
    )


def _read(folder: Path, paths: list[Path], progress: _Progress) -> Document:
    """The files' tree laid on what it extends; its problems are kept in `progress`."""
    progress.seen.update(path.resolve() for path in paths)
    tree = Node({}, Mark(f"{folder.name}/{paths[0].name}"))
    digest = hashlib.sha256()
    for path in paths:
        label = f"{folder.name}/{path.name}"
        try:
            text = _text(path, label, progress)
            digest.update(f"{path.name}\n{len(text)}\n{text}\n".encode())
            part = _read_file(path, text, label, progress.problems)
        except Refused as refused:
            progress.problems.append(refused.problem)
            progress.is_partial |= refused.problem.code not in ("empty-file", "file-ending")
            continue
        tree = _joined(tree, part, "", progress.problems)
    keys = bundled_keys() | _own_keys(folder, progress)
    document = Document(
        folder.name, folder, tree, tree, digest.hexdigest(), keys, files=tuple(paths)
    )
    return _extended(document, progress)


def _own_keys(folder: Path, progress: _Progress) -> frozenset[str]:
    """The keys of the folder's own bibliography, if it has one."""
    path = folder / BIBLIOGRAPHY
    if not path.exists():
        return frozenset()
    try:
        return keys_in(_text(path, f"{folder.name}/{BIBLIOGRAPHY}", progress))
    except Refused as refused:
        progress.problems.append(refused.problem)
        progress.is_partial = True
        return frozenset()


def _text(path: Path, label: str, progress: _Progress) -> str:
    """The file's text, a byte-order mark dropped, line ends made one."""
    try:
        if _leads_out(path):
            raise _refusal(
                "symlink", label, "is a link that leads out of the folder", "copy the file here"
            )
        # A pipe or a device would never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise _refusal("unreadable", label, "is no regular file", "remove it")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise _refusal("too-large", label, f"has more than {MAX_BYTES:,} bytes", "split it")
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what, repair = f"is not UTF-8 ({error.reason})", "save it as UTF-8"
        raise Refused(Problem("not-utf8", Mark(label, line), "", what, repair)) from None
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise _refusal("unreadable", label, what, "check that it is there and yours") from None
    progress.characters += len(text)
    if progress.characters > MAX_TOTAL:
        what = f"with it the files have more than {MAX_TOTAL:,} characters"
        raise _refusal("too-large", label, what, "is this one scenario? Take some out")
    return text


def _refusal(code: str, label: str, what: str, repair: str) -> Refused:
    return Refused(Problem(code, Mark(label), "", what, repair))


def _leads_out(path: Path) -> bool:
    """Whether a file is a link out of its folder. Packages may be linked together as they like."""
    folder = path.parent.resolve()
    if not path.is_symlink() or folder.is_relative_to(scenarios_folder().resolve()):
        return False
    return not path.resolve().is_relative_to(folder)


def _read_file(path: Path, text: str, label: str, problems: list[Problem]) -> Node:
    """One file's tree; a table ``a.b.csv`` stands at path ``a.b``."""
    if path.suffix == ".yml":
        raise _refusal("file-ending", label, "ends in .yml, which is not read", "name it .yaml")
    if path.suffix == ".csv":
        parts = path.stem.split(".")
        if len(parts) > MAX_TABLE_DEPTH or not all(parts):
            what = "its name is no path of a table"
            raise _refusal("bad-table", label, what, "name it as theatre.places.csv is named")
        node = read_csv(text, label, problems, path=path.stem)
        for part in reversed(parts):
            node = Node({part: node}, node.mark)
        return node
    node = read_yaml(text, label, problems)
    if node.content in (None, {}):
        what, repair = "the file holds no section", "write one, or remove the file"
        raise _refusal("empty-file", label, what, repair)
    if not node.is_mapping:
        what, repair = "the file must hold sections by name", "begin it with a key such as title:"
        raise _refusal("wrong-type", label, what, repair)
    # A file's own source, confidence and note hold for its numbers only, so they are
    # handed to its sections here: after joining, the files can no longer be told apart.
    own = node.own_provenance()
    members = {
        name: replace(child, provenance=own)
        for name, child in node.content.items()
        if name not in PROVENANCE_KEYS
    }
    return Node(members, node.mark)


def _joined(tree: Node, part: Node, path: str, problems: list[Problem]) -> Node:
    """Two files' trees as one; what both give is a problem, unless both give sections."""
    for name, child in part.content.items():
        here = f"{path}.{name}" if path else name
        there = tree.content.get(name)
        if there is None:
            tree = tree.with_child(name, child)
        elif there.is_mapping and child.is_mapping and not there.is_quantity:
            both = _joined(there.handed_down(), child.handed_down(), here, problems)
            tree = tree.with_child(name, both)
        else:
            problems.append(
                Problem(
                    "duplicate-key",
                    child.mark,
                    here,
                    "is given in two files",
                    f"remove one (the other is at {there.mark})",
                )
            )
    return tree


def _extended(document: Document, progress: _Progress) -> Document:
    """The document laid on the scenario it extends, as far as ``inherits`` says."""
    written = document.tree.child("extends")
    if written is None:
        return document
    alone = document.tree.with_child("extends", None).with_child("inherits", None)
    inherits = document.tree.child("inherits")
    document = replace(document, tree=alone)
    found = find_base(written, document.folder, scenarios_folder(), bundled_names())
    if isinstance(found, Problem):
        progress.problems.append(found)
        progress.is_partial = True
        return document
    if found.parent == scenarios_folder():
        base, problems = _bundled(found.name)
        progress.problems += problems
    else:
        paths = [found] if found.is_file() else _scenario_files(found)
        folder = found if found.is_dir() else found.parent
        resolved = {path.resolve() for path in paths}
        if not paths or resolved & progress.seen or len(progress.seen) > MAX_FILES:
            what = "extends itself" if paths else "what it names holds no .yaml file"
            problem = Problem("unknown-scenario", written.mark, "extends", what, "name another")
            progress.problems.append(problem)
            progress.is_partial = True
            return document
        base = _read(folder, paths, progress)
    own_base = () if found.parent == scenarios_folder() else base.files
    both = f"{base.sha256}\n{document.sha256}".encode()
    return replace(
        document,
        tree=laid_on(base.tree.rooted(), alone, inherits, progress.problems),
        sha256=hashlib.sha256(both).hexdigest(),
        bibliography=document.bibliography | base.bibliography,
        files=(*document.files, *own_base),
    )


@cache
def _bundled(name: str) -> tuple[Document, tuple[Problem, ...]]:
    """A bundled scenario to be extended, and what is wrong with its files (nothing, we trust)."""
    folder, progress = scenarios_folder() / name, _Progress()
    document = _read(folder, _scenario_files(folder), progress)
    return document, tuple(progress.problems)
