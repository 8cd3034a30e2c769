"""Saved studies: whole or not at all, whoever dies and whoever else writes."""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from glacis.errors import InputError
from glacis.web.store import INDEX, SERVER_ENDED, NoSuchStudy, Store

REQUEST = {"scenario": "baltic", "worlds": 200, "years": [2027, 2030], "fine": True}

ADDS = """
import sys
from pathlib import Path
from glacis.web.store import Store

store = Store(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(25):
    study = store.add("claims", f"{sys.argv[2]} {number}", {"number": number})
    store.update(study.id, status="running", progress=0.5)
    store.finish(study.id, {"by": sys.argv[2], "number": number})
store.close()
"""

HOLDS = """
import sys
from pathlib import Path
from glacis.web.store import Store

store = Store(Path(sys.argv[1]))
waiting = store.add("claims", "waiting", {})
running = store.update(store.add("claims", "running", {}).id, status="running", progress=0.25)
print(waiting.id, running.id, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "studies")) as made:
        yield made


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_study_is_told_from_its_beginning_to_its_end(store: Store) -> None:
    study = store.add("claims", "Ledger of Suwałki", REQUEST)
    assert (study.status, study.progress, study.finished, study.error) == ("waiting", 0, None, None)
    assert store.get(study.id) == study
    assert store.result(study.id) is None
    running = store.update(study.id, status="running", progress=0.5)
    assert (running.status, running.progress, running.has_ended) == ("running", 0.5, False)
    done = store.finish(study.id, {"share": 0.3, "none": float("nan"), "pair": (1, 2)})
    assert (done.status, done.progress, done.has_ended) == ("done", 1.0, True)
    assert done.finished is not None
    assert done.finished >= done.created
    assert done.request == REQUEST
    assert store.result(study.id) == {"share": 0.3, "none": None, "pair": [1, 2]}


def test_the_newest_comes_first(store: Store) -> None:
    made = [store.add("grid", str(number), {}).id for number in range(4)]
    assert [study.id for study in store.all()] == made[::-1]
    assert len(set(made)) == 4


def test_what_has_ended_stays_as_it_is(store: Store) -> None:
    study = store.add("grid", "a", {})
    cancelled = store.update(study.id, status="cancelled")
    assert store.update(study.id, status="running", progress=0.9) == cancelled
    assert store.finish(study.id, {"late": True}) == cancelled
    assert store.result(study.id) is None


def test_a_failure_keeps_its_words(store: Store) -> None:
    error = {"message": "forces.red: too many", "problems": [{"line": 3, "what": "too many"}]}
    study = store.add("grid", "a", {})
    assert store.update(study.id, status="failed", error=error).error == error


def test_all_survives_the_server(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        study = store.finish(store.add("grid", "a", REQUEST).id, {"cells": [1, 2, 3]})
    with closing(Store(tmp_path)) as store:
        assert store.adopt() == []
        assert store.all() == [study]
        assert store.result(study.id) == {"cells": [1, 2, 3]}
        assert not store.message


def test_files_hold_plain_json_and_nothing_else_is_left(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        study = store.finish(store.add("grid", "a", REQUEST).id, {"cells": [1]})
    kept = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert kept <= {INDEX, "studies.lock", f"results/{study.id}.json"}
    assert json.loads((tmp_path / "results" / f"{study.id}.json").read_text()) == {"cells": [1]}
    with closing(sqlite3.connect(tmp_path / INDEX)) as connection:
        (request,) = connection.execute("SELECT request FROM studies").fetchone()
    assert json.loads(request) == REQUEST


@pytest.mark.parametrize("request_", [{"bad": {1, 2}}, {"bad": float("nan")}, {"bad": b"bytes"}])
def test_a_request_that_is_no_json_is_refused(store: Store, request_: dict[str, object]) -> None:
    with pytest.raises(InputError, match="request: is no JSON"):
        store.add("grid", "a", request_)
    assert store.all() == []


def test_broken_letters_do_no_harm(store: Store) -> None:
    assert store.add("grid", "half \ud83d", {"note": "half \ud83d"}).title == "half ?"
    assert store.all()[0].request == {"note": "half \ud83d"}


def test_what_is_deleted_is_gone(store: Store) -> None:
    study = store.finish(store.add("grid", "a", {}).id, {"x": 1})
    store.delete(study.id)
    assert store.all() == []
    assert list((store.folder / "results").iterdir()) == []
    for call in (store.get, store.result, store.delete):
        with pytest.raises(NoSuchStudy, match="there is none"):
            call(study.id)


def test_a_study_deleted_at_work_leaves_no_result(store: Store) -> None:
    study = store.add("grid", "a", {})
    store.delete(study.id)
    with pytest.raises(NoSuchStudy):
        store.finish(study.id, {"x": 1})
    assert list((store.folder / "results").iterdir()) == []


@pytest.mark.parametrize(
    "id",
    ["", "../studies", "0" * 15, "0" * 17, "0" * 16 + "\n", "A" * 16, "\uff10" * 16, "' OR 1=1 --"],
)
def test_hostile_ids_reach_no_file(store: Store, id: str) -> None:
    store.add("grid", "a", {})
    for call in (store.get, store.result, store.delete, store.update):
        with pytest.raises(NoSuchStudy):
            call(id)
    with pytest.raises(NoSuchStudy):
        store.finish(id, {"x": 1})
    assert len(store.all()) == 1
    assert list((store.folder / "results").iterdir()) == []


@pytest.mark.parametrize("content", [None, "", "{", "[1]", "\x00\xff"])
def test_a_broken_result_is_told_in_words(store: Store, content: str | None) -> None:
    study = store.finish(store.add("grid", "a", {}).id, {"x": 1})
    path = store.folder / "results" / f"{study.id}.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match="gone or broken; delete the study and start it again"):
        store.result(study.id)


@pytest.mark.parametrize("owner, name", [(os, "fsync"), (Path, "replace")])
def test_a_result_that_finds_no_room_is_not_there_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    study = store.add("grid", "a", {})

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        with pytest.raises(InputError, match=r"cannot be used \(No space left on device\)"):
            store.finish(study.id, {"x": 1})
    assert list((store.folder / "results").iterdir()) == []
    assert store.get(study.id) == study
    assert store.finish(study.id, {"x": 1}).status == "done"


def test_two_servers_write_at_once(tmp_path: Path) -> None:
    servers = [start(ADDS, str(tmp_path), name) for name in ("one", "two")]
    for server in servers:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
    for server in servers:  # both are awake: now at once
        assert server.stdin is not None
        server.stdin.write("go\n")
        server.stdin.flush()
    for server in servers:
        server.communicate(timeout=30)
        assert server.returncode == 0
    with closing(Store(tmp_path)) as store:
        found = store.all()
        assert not store.message
        assert {study.status for study in found} == {"done"}
        told = [store.result(study.id) for study in found]
    assert {study.title for study in found} == {f"{r['by']} {r['number']}" for r in told if r}
    for name in ("one", "two"):
        assert [s.request["number"] for s in found if s.title.startswith(name)] == [*range(25)][
            ::-1
        ]


def test_the_studies_of_a_dead_server_are_ended_and_those_of_a_living_one_are_not(
    tmp_path: Path,
) -> None:
    with start(HOLDS, str(tmp_path)) as server, closing(Store(tmp_path)) as store:
        assert server.stdout is not None
        waiting, running = server.stdout.readline().split()
        own = store.add("grid", "own", {})
        assert store.adopt() == []
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        (tmp_path / "results" / f"{running}.part").write_text("{")  # it died as it wrote
        left = store.adopt()
        assert [(study.id, study.status) for study in left] == [
            (waiting, "failed"),
            (running, "failed"),
        ]
        assert left[1].error == {"message": SERVER_ENDED, "problems": []}
        assert left[1].progress == 0.25
        assert store.get(own.id) == own
        assert list((tmp_path / "results").iterdir()) == []
        assert store.adopt() == []


def test_a_result_saved_at_the_last_moment_counts(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        study = store.update(store.add("grid", "a", {}).id, status="running")
    (tmp_path / "results" / f"{study.id}.json").write_text('{"x": 1}')  # and then it was killed
    with closing(Store(tmp_path)) as store:
        assert [one.status for one in store.adopt()] == ["done"]
        assert store.result(study.id) == {"x": 1}


def broken_page(path: Path) -> None:
    """A sound header, and rubbish in the pages behind it."""
    with closing(Store(path.parent)) as store:
        for number in range(60):
            store.add("grid", str(number), {"filler": "x" * 400})
    content = path.read_bytes()
    path.write_bytes(content[:4096] + os.urandom(len(content) - 4096))


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE moz_places (url TEXT)")


def same_version_other_columns(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE studies (id TEXT)")
        connection.execute("PRAGMA user_version = 1")


def no_database(path: Path) -> None:
    path.write_bytes(b"once a database, now a diary " * 100)


@pytest.mark.parametrize(
    "spoil",
    [broken_page, foreign, same_version_other_columns, no_database],
    ids=lambda f: f.__name__,
)
def test_a_broken_index_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: object
) -> None:
    assert callable(spoil)
    for number in (1, 2):
        (tmp_path / INDEX).unlink(missing_ok=True)
        spoil(tmp_path / INDEX)
        before = (tmp_path / INDEX).read_bytes()
        caplog.clear()
        with closing(Store(tmp_path)) as store:
            assert f"{INDEX}.broken-{number}" in store.message
            assert store.all() == []
            store.add("grid", "a", {})
        assert (tmp_path / f"{INDEX}.broken-{number}").read_bytes() == before
        warnings = [r for r in caplog.records if r.levelno == logging.WARNING]
        assert [record.getMessage() for record in warnings] == [store.message]


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_a_stray_journal_does_not_spoil_the_next_index(tmp_path: Path, ending: str) -> None:
    no_database(tmp_path / INDEX)
    (tmp_path / f"{INDEX}{ending}").write_bytes(b"of the diary")
    with closing(Store(tmp_path)) as store:
        store.add("grid", "a", {})
    assert not list(tmp_path.glob(f"{INDEX}-*"))
    with closing(Store(tmp_path)) as store:
        assert [study.title for study in store.all()] == ["a"]


def test_an_index_that_breaks_at_work_is_set_aside(store: Store) -> None:
    store.add("grid", "a", {})
    no_database(store.folder / INDEX)
    with pytest.raises(InputError, match=r"broken-1 .*try again"):
        store.all()
    assert store.add("grid", "b", {}).title == "b"


def test_an_index_of_a_newer_glacis_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / INDEX)) as connection:
        connection.execute("PRAGMA user_version = 2")
    before = (tmp_path / INDEX).read_bytes()
    with pytest.raises(InputError, match=rf"{INDEX}: was made by a newer glacis .*move the file"):
        Store(tmp_path)
    assert (tmp_path / INDEX).read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be used"):
        Store(tmp_path / "file" / "studies")


def test_a_folder_that_goes_away_is_told_in_words(store: Store) -> None:
    store.folder.rename(store.folder.with_name("elsewhere"))
    with pytest.raises(InputError, match="cannot be used"):
        store.all()
    with pytest.raises(InputError, match="cannot be used"):
        store.add("grid", "a", {})
