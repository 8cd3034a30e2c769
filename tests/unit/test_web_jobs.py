"""Slow studies in a process of their own: done, failed, cancelled, killed, and told."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from glacis.errors import InputError
from glacis.web.jobs import Jobs, QueueFull
from glacis.web.store import SERVER_ENDED, NoSuchStudy, Store, Study

WAIT_SECONDS = 15.0

# Not of this file: the started process imports them by name.
TARGETS = """
import os, signal, sys, threading, time
from pathlib import Path

from glacis.errors import Cancelled, InputError, Mark, Problem, ScenarioError


def add(request, report, cancel):
    report(1, 1)
    return {"sum": sum(request["numbers"]), "pid": os.getpid(), "none": float("inf"),
            "heavy": sorted({"numpy", "numba", "sqlite3"} & set(sys.modules)),
            "interrupt": signal.getsignal(signal.SIGINT) is signal.SIG_IGN}


def note(request, report, cancel):
    with Path(request["file"]).open("a") as stream:
        stream.write(request["word"])
    return {}


def patient(request, report, cancel):
    Path(request["file"]).write_text(str(os.getpid()))
    report(1, 4)
    if cancel.wait(30):
        raise Cancelled("stopped")
    return {}


def deaf(request, report, cancel):
    Path(request["file"]).write_text(str(os.getpid()))
    time.sleep(30)


def hasty(request, report, cancel):
    Path(request["file"]).write_text(str(os.getpid()))
    cancel.wait(30)
    return {"in": "time"}


def steps(request, report, cancel):
    for done in range(request["steps"]):
        time.sleep(0.01)
        report(0, 0)
        report(done, request["steps"])
    report(request["steps"], request["steps"])
    Path(request["file"]).touch()
    cancel.wait(30)
    return {}


def linger(request, report, cancel):
    def work_on():
        for done in range(500, 1000):
            report(done, 1000)
            time.sleep(0.002)

    threading.Thread(target=work_on, daemon=True).start()
    return {}


def refuse(request, report, cancel):
    raise InputError("worlds: too many; give fewer")


def wrong_scenario(request, report, cancel):
    mark = Mark("forces.yaml", 6, 15)
    raise ScenarioError([Problem("low", mark, "forces.red", "must be >= 0 (got -1)", "give more")])


def stumble(request, report, cancel):
    raise KeyError("first\\nsecond")


def leave(request, report, cancel):
    os._exit(3)


def numbers(request, report, cancel):
    return [1, 2]


def text(request, report, cancel):
    return {"bad": {1, 2}}
"""

DIES = """
import sys
from pathlib import Path
from glacis.web.jobs import Jobs
from glacis.web.store import Store

if __name__ == "__main__":
    jobs = Jobs(Store(Path(sys.argv[1])), target=lambda kind: f"slow_targets:{kind}")
    jobs.start()
    print(jobs.submit("patient", "a", {"file": sys.argv[2]}).id, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "studies")) as made:
        yield made


@pytest.fixture
def targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the module of targets, known to the processes that are started."""
    folder = tmp_path / "targets"
    folder.mkdir()
    (folder / "slow_targets.py").write_text(TARGETS)
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def jobs(store: Store, targets: Path) -> Iterator[Jobs]:
    made = Jobs(store, target=lambda kind: f"slow_targets:{kind}", waiting_at_most=3)
    made.start()
    yield made
    made.close(0.5)


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def ended(store: Store, study: Study) -> Study:
    until(lambda: store.get(study.id).has_ended)
    return store.get(study.id)


def written_pid(path: Path) -> int:
    until(lambda: path.exists() and path.read_text())
    return int(path.read_text())


def is_alive(pid: int) -> bool:
    """Whether a process works: one that ended and was not yet asked after does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_studies_are_done_one_after_another_by_one_process(store: Store, jobs: Jobs) -> None:
    first = jobs.submit("add", "one", {"numbers": [1, 2]})
    second = jobs.submit("add", "two", {"numbers": [3, 4]})
    assert [ended(store, study).status for study in (first, second)] == ["done", "done"]
    found = [store.result(study.id) or {} for study in (first, second)]
    assert [result["sum"] for result in found] == [3, 7]
    assert found[0]["pid"] == found[1]["pid"] != os.getpid()
    assert found[0]["none"] is None
    assert found[0]["heavy"] == []
    assert found[0]["interrupt"] is True
    assert jobs.progress(first.id) == 1.0


def test_no_process_before_the_first_study(store: Store, targets: Path) -> None:
    code = (
        "import sys, multiprocessing; from pathlib import Path\n"
        "from glacis.web.jobs import Jobs; from glacis.web.store import Store\n"
        "jobs = Jobs(Store(Path(sys.argv[1])), target={}); jobs.start()\n"
        "assert not multiprocessing.active_children()\n"
        "jobs.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(store.folder)], check=False, timeout=20)
    assert done.returncode == 0


def test_what_was_given_wrong_is_told_in_its_words(store: Store, jobs: Jobs) -> None:
    refused = ended(store, jobs.submit("refuse", "a", {}))
    assert refused.status == "failed"
    assert refused.error == {"message": "worlds: too many; give fewer", "problems": []}
    wrong = ended(store, jobs.submit("wrong_scenario", "a", {}))
    text = "forces.yaml:6:15 forces.red: must be >= 0 (got -1); give more"
    problem = {
        "code": "low",
        "file": "forces.yaml",
        "line": 6,
        "column": 15,
        "path": "forces.red",
        "what": "must be >= 0 (got -1)",
        "repair": "give more",
    }
    assert wrong.error == {"message": text, "problems": [problem]}


@pytest.mark.parametrize(
    "kind, name, logged",
    [
        ("stumble", "KeyError", "in stumble"),
        ("numbers", "TypeError", "a result is an object with names, not a list"),
        ("text", "TypeError", "Object of type set is not JSON serializable"),
        ("missing", "AttributeError", "module 'slow_targets' has no attribute 'missing'"),
    ],
)
def test_our_own_mistakes_are_told_and_logged(
    store: Store, jobs: Jobs, caplog: pytest.LogCaptureFixture, kind: str, name: str, logged: str
) -> None:
    study = ended(store, jobs.submit(kind, "a", {}))
    assert study.status == "failed"
    assert study.error is not None
    assert study.error["message"] == f"something went wrong inside glacis ({name})"
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert logged in record.getMessage()
    assert "Traceback" in record.getMessage()


def test_progress_never_goes_back(store: Store, jobs: Jobs, tmp_path: Path) -> None:
    study = jobs.submit("steps", "a", {"steps": 60, "file": str(tmp_path / "through")})
    seen = [0.0]
    end = time.monotonic() + WAIT_SECONDS
    while seen[-1] < 1.0 and time.monotonic() < end:
        seen.append(jobs.progress(study.id))
        time.sleep(0.01)
    assert seen[-1] == 1.0
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert store.get(study.id).progress == 0.0  # told in memory, not written
    jobs.cancel(study.id)
    assert ended(store, study).progress == 1.0


def test_late_progress_of_one_study_is_not_taken_for_that_of_the_next(
    jobs: Jobs, tmp_path: Path
) -> None:
    jobs.submit("linger", "a", {})
    study = jobs.submit("patient", "b", {"file": str(tmp_path / "pid")})
    written_pid(tmp_path / "pid")
    seen = {jobs.progress(study.id)}
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        seen.add(jobs.progress(study.id))
        time.sleep(0.01)
    assert seen - {0.0} == {0.25}


def test_a_study_at_work_is_cancelled_and_the_process_goes_on(
    store: Store, jobs: Jobs, tmp_path: Path
) -> None:
    file = tmp_path / "pid"
    study = jobs.submit("patient", "a", {"file": str(file)})
    pid = written_pid(file)
    until(lambda: jobs.progress(study.id) > 0)
    began = time.monotonic()
    assert jobs.cancel(study.id).id == study.id
    cancelled = ended(store, study)
    assert time.monotonic() - began < 3
    assert (cancelled.status, cancelled.progress, cancelled.error) == ("cancelled", 0.25, None)
    assert jobs.cancel(study.id) == cancelled
    after = ended(store, jobs.submit("add", "b", {"numbers": []}))
    assert (store.result(after.id) or {})["pid"] == pid


def test_one_that_does_not_heed_is_ended(
    store: Store, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_grace_seconds", 0.3)
    file = tmp_path / "pid"
    study = jobs.submit("deaf", "a", {"file": str(file)})
    pid = written_pid(file)
    jobs.cancel(study.id)
    assert ended(store, study).status == "cancelled"
    assert not is_alive(pid)
    after = ended(store, jobs.submit("add", "b", {"numbers": []}))
    assert (store.result(after.id) or {})["pid"] != pid


def test_one_that_ends_well_in_spite_of_it_was_cancelled(
    store: Store, jobs: Jobs, tmp_path: Path
) -> None:
    file = tmp_path / "pid"
    study = jobs.submit("hasty", "a", {"file": str(file)})
    written_pid(file)
    jobs.cancel(study.id)
    assert ended(store, study).status == "cancelled"
    assert store.result(study.id) is None


def test_a_cancelled_study_that_waits_never_runs(store: Store, jobs: Jobs, tmp_path: Path) -> None:
    file, notes = tmp_path / "pid", tmp_path / "notes"
    at_work = jobs.submit("patient", "a", {"file": str(file)})
    written_pid(file)
    waiting = jobs.submit("note", "b", {"file": str(notes), "word": "b"})
    gone = jobs.submit("note", "c", {"file": str(notes), "word": "c"})
    last = jobs.submit("note", "d", {"file": str(notes), "word": "d"})
    assert jobs.cancel(waiting.id).status == "cancelled"
    store.delete(gone.id)
    jobs.cancel(at_work.id)
    assert ended(store, last).status == "done"
    assert notes.read_text() == "d"
    assert store.get(waiting.id).status == "cancelled"


def test_a_full_queue_refuses(store: Store, jobs: Jobs, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    jobs.submit("patient", "a", {"file": str(file)})
    written_pid(file)
    waiting = [jobs.submit("add", str(number), {"numbers": []}) for number in range(3)]
    with pytest.raises(QueueFull, match="3 wait already; cancel one or wait for its end"):
        jobs.submit("add", "too many", {"numbers": []})
    assert len(store.all()) == 4
    jobs.cancel(waiting[1].id)
    jobs.submit("add", "fits now", {"numbers": []})


def test_a_killed_process_fails_its_study_and_no_other(
    store: Store, jobs: Jobs, tmp_path: Path
) -> None:
    kept = ended(store, jobs.submit("add", "kept", {"numbers": [5]}))
    file = tmp_path / "pid"
    study = jobs.submit("patient", "a", {"file": str(file)})
    after = jobs.submit("add", "b", {"numbers": [1]})
    pid = written_pid(file)
    os.kill(pid, signal.SIGKILL)
    failed = ended(store, study)
    assert failed.status == "failed"
    assert failed.error is not None
    assert failed.error["message"].endswith("ended early (killed by SIGKILL); start it again")
    assert ended(store, after).status == "done"
    assert (store.result(after.id) or {})["pid"] != pid
    assert (store.result(kept.id) or {})["sum"] == 5


def test_a_process_that_died_idle_is_replaced(store: Store, jobs: Jobs) -> None:
    first = ended(store, jobs.submit("add", "a", {"numbers": []}))
    pid = (store.result(first.id) or {})["pid"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: not is_alive(pid))
    assert ended(store, jobs.submit("add", "b", {"numbers": []})).status == "done"


def test_a_process_that_leaves_is_told_by_its_code(store: Store, jobs: Jobs) -> None:
    error = ended(store, jobs.submit("leave", "a", {})).error
    assert error is not None
    assert "exit code 3" in error["message"]


@pytest.mark.parametrize("kind", ["patient", "deaf"])
def test_closing_ends_all_soon_and_says_so(
    store: Store, targets: Path, tmp_path: Path, kind: str
) -> None:
    jobs = Jobs(store, target={"slow": f"slow_targets:{kind}"})
    jobs.start()
    file = tmp_path / "pid"
    studies = [jobs.submit("slow", name, {"file": str(file)}) for name in ("a", "b")]
    pid = written_pid(file)
    began = time.monotonic()
    jobs.close(0.5)
    assert time.monotonic() - began < 4
    assert not is_alive(pid)
    for study in (store.get(study.id) for study in studies):
        assert study.status == "cancelled"
        assert study.error == {"message": SERVER_ENDED, "problems": []}
    jobs.close(0.5)
    with pytest.raises(InputError, match="the server is ending"):
        jobs.submit("slow", "c", {})


def test_a_result_that_comes_as_the_server_closes_is_kept(
    store: Store, jobs: Jobs, tmp_path: Path
) -> None:
    file = tmp_path / "pid"
    study = jobs.submit("hasty", "a", {"file": str(file)})
    written_pid(file)
    jobs.close(3.0)
    assert store.result(study.id) == {"in": "time"}


def test_closing_what_never_started(store: Store) -> None:
    jobs = Jobs(store, target={"a": "b:c"})
    waiting = jobs.submit("a", "a", {})
    jobs.close()
    assert store.get(waiting.id).status == "cancelled"


def test_a_server_that_is_killed_takes_its_process_with_it(
    store: Store, targets: Path, tmp_path: Path
) -> None:
    script, file = tmp_path / "server.py", tmp_path / "pid"
    script.write_text(DIES)
    path = os.pathsep.join([str(targets), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        [sys.executable, str(script), str(store.folder), str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as server:
        assert server.stdout is not None
        id = server.stdout.readline().strip()
        pid = written_pid(file)
        jobs = Jobs(store, target={})
        with pytest.raises(InputError, match="another server works on it; cancel it there"):
            jobs.cancel(id)
        assert store.adopt() == []
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: not is_alive(pid))
    assert [(study.id, study.status) for study in store.adopt()] == [(id, "failed")]


def test_a_result_that_cannot_be_written_fails_in_words(
    store: Store, jobs: Jobs, tmp_path: Path
) -> None:
    results = store.folder / "results"
    results.rename(store.folder / "elsewhere")
    study = ended(store, jobs.submit("add", "a", {"numbers": []}))
    assert study.status == "failed"
    assert study.error is not None
    assert "cannot be used (No such file or directory)" in study.error["message"]


def test_unknown_kinds_and_ids_are_refused(store: Store) -> None:
    jobs = Jobs(store, target={"claims": "a:b"})
    with pytest.raises(InputError, match="no study is called 'ledger'"):
        jobs.submit("ledger", "a", {})
    for call in (jobs.cancel, jobs.progress):
        with pytest.raises(NoSuchStudy):
            call("../../etc/passwd")
    assert store.all() == []
