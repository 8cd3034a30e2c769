"""The scenarios that the page can open: the bundled ones, and what was uploaded to this server."""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from glacis.errors import InputError, Problem, ScenarioError
from glacis.scenario.check import Report, check
from glacis.scenario.model import Scenario
from glacis.scenario.read import MAX_FILES, bundled_names, read_scenario, scenarios_folder
from glacis.scenario.text import read_yaml

MOST_UPLOADS = 8
"""Uploaded scenarios that are kept; the one used longest ago goes."""
UPLOAD = "upload-"
ENDINGS = (".yaml", ".csv", ".bib", ".json")
"""Of the files that make a scenario."""
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.(yaml|csv|bib|json)")


class Library:
    """Scenarios by id, each read once.

    Parameters
    ----------
    folder
        Where uploaded files stand while the server lives; nothing is written outside it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._read: dict[str, Scenario] = {}
        self._uploads: OrderedDict[str, Path] = OrderedDict()

    def names(self) -> list[str]:
        """Ids of all scenarios, uploaded ones last."""
        with self._lock:
            return [*bundled_names(), *self._uploads]

    def heads(self) -> list[dict[str, str]]:
        """Id, title, date and description of all scenarios; a bundled one is not read for that."""
        found = []
        for name in self.names():
            told = _head(name) if name not in self._read else None
            if told is None:
                one = self.scenario(name)
                told = {"title": one.title, "date": one.date, "description": one.description}
            found.append({"id": name, **told})
        return found

    def scenario(self, name: str) -> Scenario:
        """The scenario of that id.

        Raises
        ------
        InputError
            If there is none.
        """
        with self._lock:
            if name not in self._read:
                self._read[name] = read_scenario(self._where(name))
            if name in self._uploads:
                self._uploads.move_to_end(name)
            return self._read[name]

    def folder(self, name: str) -> str:
        """What `read_scenario` finds the scenario by, in another process too.

        Raises
        ------
        InputError
            If there is none.
        """
        with self._lock:
            return str(self._where(name))

    def add(self, files: Mapping[str, bytes]) -> tuple[str, Scenario]:
        """Keep an uploaded scenario; its id and itself.

        Raises
        ------
        InputError
            If a file's name or the number of files does not do.
        ScenarioError
            With every problem of its files.
        """
        name = UPLOAD + _digest(files)
        where = self._write(name, files)
        try:
            scenario = read_scenario(where)
        except ScenarioError as error:
            shutil.rmtree(where, ignore_errors=True)
            raise ScenarioError(_as_given(error.problems, where)) from None
        with self._lock:
            self._read[name], self._uploads[name] = scenario, where
            self._uploads.move_to_end(name)
            while len(self._uploads) > MOST_UPLOADS:
                old, gone = self._uploads.popitem(last=False)
                self._read.pop(old, None)
                shutil.rmtree(gone, ignore_errors=True)
        return name, scenario

    def check(self, files: Mapping[str, bytes]) -> Report:
        """What is wrong with an uploaded scenario, of which nothing is kept.

        Raises
        ------
        InputError
            If a file's name or the number of files does not do.
        """
        where = self._write(f"check-{_digest(files)}-{threading.get_ident()}", files)
        try:
            found = check(where)
            return replace(found, problems=tuple(_as_given(found.problems, where)))
        finally:
            shutil.rmtree(where, ignore_errors=True)

    def _where(self, name: str) -> str | Path:
        if name in self._uploads:
            return self._uploads[name]
        if name not in bundled_names():
            known = ", ".join([*bundled_names(), *self._uploads])
            raise InputError(f"no scenario {name[:64]!r}; choose among: {known}")
        return name

    def _write(self, name: str, files: Mapping[str, bytes]) -> Path:
        if not 1 <= len(files) <= MAX_FILES:
            raise InputError(f"files: give 1 to {MAX_FILES} (got {len(files)})")
        for file in files:
            if not _FILE_NAME.fullmatch(file):
                raise InputError(
                    f"files: {file[:80]!r} is no name of a scenario's file; give .yaml, .csv, .bib "
                    "or .json files without folders"
                )
        where = self._folder / name
        where.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (where / file).write_bytes(content)
        return where


@cache
def _head(name: str) -> dict[str, str] | None:
    """The head of a bundled scenario's own file, if it holds all of it."""
    path = scenarios_folder() / name / "scenario.yaml"
    if not path.is_file():
        return None
    tree = read_yaml(path.read_text(encoding="utf-8"), path.name, [])
    told = {key: tree.get(key) for key in ("title", "date", "description")}
    if any(node is None or not isinstance(node.content, str) for node in told.values()):
        return None
    return {key: str(node.content).strip() for key, node in told.items() if node is not None}


def _as_given(problems: Iterable[Problem], where: Path) -> list[Problem]:
    """Problems with files named as they were given, not by the folder that they were put in."""
    kept = f"{where.name}/"
    return [
        replace(one, mark=replace(one.mark, file=one.mark.file.removeprefix(kept)))
        for one in problems
    ]


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode("utf-8", "replace") + b"\0" + files[name] + b"\0")
    return digest.hexdigest()[:12]


__all__ = ["ENDINGS", "MOST_UPLOADS", "UPLOAD", "Library"]
