"""Scenario to folder: its files copied, and what was changed since written into the copies."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from glacis.errors import GlacisError, InputError
from glacis.scenario.edit import Change, edit_files
from glacis.scenario.read import TEMPLATE, read_document, read_scenario, scenarios_folder
from glacis.scenario.schema import SCHEMA_FILE, schema_text
from glacis.scenario.sources import BIBLIOGRAPHY
from glacis.scenario.tree import Node

if TYPE_CHECKING:
    from glacis.scenario.build import Document
    from glacis.scenario.model import Scenario

#: Files of a scenario's folder that are read by others than `glacis.scenario.read`.
COMPANIONS = (BIBLIOGRAPHY, "land.json")


def write_scenario(scenario: Scenario, folder: str | Path) -> Path:
    """Write a scenario, with its overrides and variants, as a folder that reads back the same.

    Its files are copied as they are, ``extends`` too; what was changed since they were read is
    written into them, comments and order kept. The folder appears whole or not at all.

    Returns
    -------
    pathlib.Path
        The folder written.

    Raises
    ------
    InputError
        If the folder is not empty or cannot be written, the scenario's files have changed since
        they were read, or a posture has been applied (write the scenario before).
    """
    document = scenario.document
    if document.posture:
        raise InputError(
            f"posture {document.posture!r} has been applied; write the scenario without it, "
            "and apply it to what is read back"
        )
    if read_document(document.file or document.folder).document.sha256 != document.sha256:
        raise InputError(f"{document.folder}: its files have changed; read the scenario again")
    with _new_folder(Path(folder)) as temporary:
        _copy(document, temporary)
        edit_files(temporary, list(changes(document.tree, document.written)), document)
        if not _is_same(read_scenario(temporary), scenario):
            raise GlacisError("what was written does not read back the same; nothing was kept")
    return Path(folder)


def _is_same(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios say the same, wherever they stand."""
    return all(getattr(one, name) == getattr(other, name) for name in type(one).model_fields)


def write_template(folder: str | Path) -> Path:
    """Write the commented template scenario and the editor's schema into a new folder.

    Raises
    ------
    InputError
        If the folder is not empty or cannot be written.
    """
    source = scenarios_folder() / TEMPLATE
    with _new_folder(Path(folder)) as temporary:
        for path in _plain_files(source):
            shutil.copyfile(path, temporary / path.name)
        (temporary / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
    return Path(folder)


def _plain_files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file())


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `folder` once everything in it is written."""
    temporary: Path | None = None
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(f"{folder}: exists and is not empty; name a new folder")
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".glacis-", dir=folder.absolute().parent))
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o777 & ~umask)
        if folder.exists():
            folder.rmdir()
        temporary.rename(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{folder}: cannot be written ({reason}); name another folder") from None
    finally:
        if temporary is not None and temporary.exists():
            shutil.rmtree(temporary, ignore_errors=True)


def _copy(document: Document, folder: Path) -> None:
    """The files that were read, and those that stand beside them."""
    places = {path.parent for path in document.files}
    beside = [place / name for place in places for name in COMPANIONS if (place / name).is_file()]
    for path in (*document.files, *beside):
        target = folder / path.resolve().relative_to(document.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def changes(new: Node, old: Node, path: tuple[str, ...] = ()) -> Iterator[Change]:
    """What was replaced, added or (None) taken away, by path, in the order of the tree."""
    if new is old:
        return
    is_section = new.is_mapping and old.is_mapping and not (new.is_quantity or old.is_quantity)
    if not is_section:
        yield Change(path, new, old)
        return
    for name, child in new.content.items():
        if name in old.content:
            yield from changes(child, old.content[name], (*path, name))
        else:
            yield Change((*path, name), child, None)
    for name, child in old.content.items():
        if name not in new.content:
            yield Change((*path, name), None, child)
