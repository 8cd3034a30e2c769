"""Saved studies: an index in SQLite and one file for each result, which outlive the server."""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from glacis.errors import InputError
from glacis.web.worker import json_text

__all__ = ["SERVER_ENDED", "NoSuchStudy", "Status", "Store", "Study"]

Status = Literal["waiting", "running", "done", "failed", "cancelled"]

INDEX = "studies.sqlite"
VERSION = 1  # of the index's tables, kept in its user_version

SERVER_ENDED = "the server ended before it was done; start it again"

_BUSY_SECONDS = 10.0
_ID = re.compile(r"[0-9a-f]{16}")
_FIELDS = "id, kind, title, request, status, progress, created, finished, error"
_OWNER = "owner_pid, owner_token"
_TABLE = """
CREATE TABLE studies (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL, title TEXT NOT NULL, request TEXT NOT NULL,
    status TEXT NOT NULL, progress REAL NOT NULL,
    created TEXT NOT NULL, finished TEXT, error TEXT,
    owner_pid INTEGER NOT NULL, owner_token TEXT NOT NULL
)
"""
_UNENDED = "status IN ('waiting', 'running')"
_BROKEN_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_log = logging.getLogger("glacis")


class NoSuchStudy(InputError):
    """No saved study has that id."""


class _Broken(Exception):
    """The index cannot be read, or is somebody else's."""


@dataclass(frozen=True, slots=True)
class Study:
    """A saved study: what was asked for, and how far it is.

    `created` and `finished` are ISO 8601 in UTC; `error` holds a `message` and a list of
    `problems`, each a record as of `glacis.errors.Problem` with its `text`.
    """

    id: str
    kind: str
    title: str
    request: dict[str, Any]
    status: Status
    progress: float
    created: str
    finished: str | None
    error: dict[str, Any] | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in ("waiting", "running")


class Store:
    """Saved studies in `folder`, which is made if need be; any number of servers may share it.

    Safe to use from several threads. What it writes is there whole or not at all. A broken or
    foreign index is set aside, never deleted; `message` then says so, and is empty otherwise.

    Raises
    ------
    InputError
        If the folder cannot be written, or the index was made by a newer glacis; by every method,
        if the index cannot be read or written.
    NoSuchStudy
        By every method that takes an id, if no study has it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.message = ""
        self._index = folder / INDEX
        self._results = folder / "results"
        self._servers = folder / "servers"
        try:
            self._results.mkdir(parents=True, exist_ok=True)
            self._servers.mkdir(exist_ok=True)
            self._check()
            self._token = secrets.token_hex(8)
            self._claim = _lock(self._claim_path(self._token), wait_seconds=0.0)
        except OSError as error:
            raise _unusable(folder, error) from None

    def close(self) -> None:
        """Give up the studies of this store: those not ended are free for `adopt`; do so last."""
        self._claim.close()
        self._claim_path(self._token).unlink(missing_ok=True)

    def add(self, kind: str, title: str, request: Mapping[str, Any]) -> Study:
        """A new study that waits to be worked on; `InputError` if its request is no JSON."""
        try:
            asked = json.dumps(request, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InputError(f"request: is no JSON ({error}); give texts and numbers") from None
        new = secrets.token_hex(8)
        given = (new, _clean(kind), _clean(title), asked, "waiting", 0.0, _now())
        owner = (os.getpid(), self._token)
        with self._transaction() as connection:
            connection.execute(
                f"INSERT INTO studies ({_FIELDS}, {_OWNER}) VALUES (?,?,?,?,?,?,?,NULL,NULL,?,?)",
                (*given, *owner),
            )
        return self.get(new)

    def get(self, id: str) -> Study:
        """The study of that id."""
        with self._connection() as connection:
            found = connection.execute(
                f"SELECT {_FIELDS} FROM studies WHERE id = ?", (_checked(id),)
            ).fetchall()
        if not found:
            raise _unknown(id)
        return _study(found[0])

    def all(self) -> list[Study]:
        """All studies, the newest first."""
        with self._connection() as connection:
            rows = connection.execute(f"SELECT {_FIELDS} FROM studies ORDER BY number DESC")
            return [_study(row) for row in rows]

    def update(
        self,
        id: str,
        *,
        status: Status | None = None,
        progress: float | None = None,
        error: Mapping[str, Any] | None = None,
    ) -> Study:
        """The study with what is given changed; one that has ended stays as it is."""
        finished = None if status in (None, "waiting", "running") else _now()
        told = None if error is None else json_text(error)
        with self._transaction() as connection:
            connection.execute(
                "UPDATE studies SET status = coalesce(?, status), progress = coalesce(?, progress),"
                " error = coalesce(?, error), finished = coalesce(?, finished)"
                f" WHERE id = ? AND {_UNENDED}",
                (status, progress, told, finished, _checked(id)),
            )
        return self.get(id)

    def finish(self, id: str, result: Mapping[str, Any] | str) -> Study:
        """The study, done, with its result saved: plain data, or that as JSON."""
        study = self.get(id)
        if study.has_ended:
            return study
        path = self._result_path(id)
        try:
            _write_whole(path, result if isinstance(result, str) else json_text(result))
        except OSError as error:
            raise _unusable(path, error) from None
        try:
            return self.update(id, status="done", progress=1.0)
        except NoSuchStudy:  # deleted meanwhile
            path.unlink(missing_ok=True)
            raise

    def result(self, id: str) -> dict[str, Any] | None:
        """What a done study found, else None; `InputError` if its file is gone or broken."""
        if self.get(id).status != "done":
            return None
        path = self._result_path(id)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise InputError(f"{path}: is gone or broken; delete the study and start it again")
        return found

    def delete(self, id: str) -> None:
        """Forget a study and its result; cancel one that is not ended first."""
        with self._transaction() as connection:
            done = connection.execute("DELETE FROM studies WHERE id = ?", (_checked(id),))
            if not done.rowcount:
                raise _unknown(id)
            self._result_path(id).unlink(missing_ok=True)

    def adopt(self) -> list[Study]:
        """The studies that dead servers left, ended in words; those of living ones are left alone.

        One whose result was saved at the last moment is done.
        """
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT id, owner_token FROM studies WHERE {_UNENDED} ORDER BY number"
            ).fetchall()
        dead = {token for token in {row[1] for row in rows} if not self._lives(token)}
        left = [self._end(id) for id, token in rows if token in dead]
        for token in dead:
            self._claim_path(token).unlink(missing_ok=True)
        return left

    def _lives(self, token: str) -> bool:
        """Whether a server still holds the lock of that token."""
        path = self._claim_path(token)
        if not path.exists():
            return False
        try:
            _lock(path, wait_seconds=0.0).close()
        except InputError:
            return True
        return False

    def _claim_path(self, token: str) -> Path:
        return self._servers / f"{_checked(token)}.lock"

    def _end(self, id: str) -> Study:
        path = self._result_path(id)
        if path.exists():
            return self.update(id, status="done", progress=1.0)
        path.with_suffix(".part").unlink(missing_ok=True)
        return self.update(id, status="failed", error={"message": SERVER_ENDED, "problems": []})

    def _result_path(self, id: str) -> Path:
        return self._results / f"{_checked(id)}.json"

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own to each piece of work: short, and no thread shares it."""
        try:
            with closing(_connect(self._index)) as connection:
                yield connection
        except (_Broken, sqlite3.Error, OSError) as error:
            if _is_broken(error):
                self._check()
                raise InputError(f"{self.message or self._index}; try again") from None
            raise _unusable(self._index, error) from None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection on which all is written or nothing."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _check(self) -> None:
        """Sees to it that there is a sound index; one server at a time."""
        with closing(_lock(self.folder / "studies.lock", wait_seconds=_BUSY_SECONDS)):
            try:
                _try_out(self._index)
                return
            except (_Broken, sqlite3.Error) as error:
                if not _is_broken(error):
                    raise _unusable(self._index, error) from None
            aside = _set_aside(self._index)
            _try_out(self._index)
        self.message = (
            f"{self._index}: is broken or not an index of glacis; it was kept as {aside.name} and a"
            f" new one begun, and the results of its studies are still in {self._results}"
        )
        _log.warning(self.message)


def _connect(index: Path) -> sqlite3.Connection:
    """A connection to an index that has our table; `InputError` if a newer glacis made it."""
    connection = sqlite3.connect(index, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        if _version(connection, index) == 0:
            connection.execute("BEGIN IMMEDIATE")
            if _version(connection, index) == 0:  # else another server was quicker
                _begin(connection)
            connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection, index: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise InputError(
            f"{index}: was made by a newer glacis (version {version} of the index, this one knows"
            f" {VERSION}); install that one, or move the file away to begin a new index"
        )
    return version


def _begin(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise _Broken
    connection.execute(_TABLE)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _try_out(index: Path) -> None:
    """Reads the whole index once, and its columns."""
    with closing(_connect(index)) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _Broken
        columns = {row[1] for row in connection.execute("PRAGMA table_info(studies)")}
    if not columns >= set(f"{_FIELDS}, {_OWNER}".split(", ")):
        raise _Broken


def _is_broken(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # its low byte is the plain code
    return isinstance(error, _Broken) or (code is not None and code & 0xFF in _BROKEN_CODES)


def _set_aside(index: Path) -> Path:
    """The index under another name, with its journals: one left behind would spoil the next."""
    number = 1
    while (aside := index.with_name(f"{index.name}.broken-{number}")).exists():
        number += 1
    index.rename(aside)
    for ending in ("-journal", "-wal", "-shm"):
        journal = index.with_name(index.name + ending)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + ending))
    return aside


def _study(row: tuple[Any, ...]) -> Study:
    id, kind, title, request, status, progress, created, finished, error = row
    asked, told = json.loads(request), json.loads(error) if error else None
    return Study(id, kind, title, asked, status, progress, created, finished, told)


def _lock(path: Path, *, wait_seconds: float) -> sqlite3.Connection:
    """A lock on a file until it is closed or the process dies; `InputError` if another has it.

    SQLite knows how on every system.
    """
    held = sqlite3.connect(path, wait_seconds, isolation_level=None, check_same_thread=False)
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        held.close()
        raise _unusable(path, error) from None
    return held


def _write_whole(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _checked(id: str) -> str:
    """An id as glacis makes them: it becomes part of a file's name."""
    if not _ID.fullmatch(id):
        raise _unknown(id)
    return id


def _unknown(id: str) -> NoSuchStudy:
    return NoSuchStudy(f"study {id!r:.40}: there is none; take an id from the list of studies")


def _unusable(path: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(f"{path}: cannot be used ({reason}); see to the folder, or give another one")


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
