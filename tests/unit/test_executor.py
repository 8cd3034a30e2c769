"""Chunks: in order, bounded, stoppable."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from typing import Any

import pytest

from glacis import executor
from glacis.errors import Cancelled, InputError
from glacis.executor import Runner, available_cpus, run_chunks

WAIT_SECONDS = 10.0

INTERRUPTED = """
import signal, time
from glacis.executor import Runner, run_chunks

# A shell's job in the background ignores Ctrl-C, and so would this.
signal.signal(signal.SIGINT, signal.default_int_handler)

started = []

def task(start, stop):
    started.append(start)
    if start == 0:
        print("started", flush=True)
    time.sleep(0.2)

try:
    list(run_chunks(task, 10_000, Runner(chunk=1, workers=2)))
except KeyboardInterrupt:
    print("stopped after", len(started), flush=True)
"""


def bounds(start: int, stop: int) -> tuple[int, int]:
    return start, stop


@pytest.mark.parametrize("workers", [None, 1, 2, 5])
def test_results_come_in_world_order(workers: int | None) -> None:
    def slow_first(start: int, stop: int) -> tuple[int, int]:
        time.sleep(0.02 if start == 0 else 0.0)
        return start, stop

    assert list(run_chunks(slow_first, 10, Runner(chunk=4, workers=workers))) == [
        (0, 4),
        (4, 8),
        (8, 10),
    ]


def test_no_worlds_give_no_results() -> None:
    assert list(run_chunks(bounds, 0)) == []


def test_the_default_chunk_is_256_worlds() -> None:
    assert list(run_chunks(bounds, 300, Runner(workers=1))) == [(0, 256), (256, 300)]


def test_progress_counts_worlds_on_the_callers_thread() -> None:
    told: list[tuple[int, int]] = []
    threads = set()

    def progress(done: int, n: int) -> None:
        told.append((done, n))
        threads.add(threading.current_thread())

    list(run_chunks(bounds, 10, Runner(chunk=4, workers=2, progress=progress)))
    assert told == [(4, 10), (8, 10), (10, 10)]
    assert threads == {threading.current_thread()}


def test_what_goes_on_meanwhile_goes_on_once_beside_the_first_chunks() -> None:
    done: list[str] = []
    begun = threading.Event()

    def task(start: int, stop: int) -> int:
        begun.wait(WAIT_SECONDS)
        done.append("chunk")
        return start

    def meanwhile() -> None:
        done.append(f"meanwhile on {threading.current_thread().name}")
        begun.set()

    assert list(run_chunks(task, 3, Runner(chunk=1, workers=2), meanwhile=meanwhile)) == [0, 1, 2]
    assert done == [f"meanwhile on {threading.current_thread().name}", *["chunk"] * 3]
    assert list(run_chunks(task, 0, meanwhile=meanwhile)) == []
    assert len(done) == 4


def test_chunks_in_flight_are_bounded() -> None:
    started: list[int] = []

    def task(start: int, stop: int) -> int:
        started.append(start)
        return start

    for taken, _ in enumerate(run_chunks(task, 100, Runner(chunk=1, workers=2)), start=1):
        time.sleep(0.002)
        assert len(started) <= taken + 4


def test_an_error_reaches_the_caller_and_drops_what_waits() -> None:
    started: list[int] = []

    def task(start: int, stop: int) -> int:
        started.append(start)
        if start == 3:
            raise ZeroDivisionError("world 3")
        return start

    results = run_chunks(task, 1000, Runner(chunk=1, workers=2))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ZeroDivisionError, match="world 3"):
        next(results)
    assert len(started) <= 7


def test_no_thread_is_left_when_the_caller_stops_taking() -> None:
    for _ in run_chunks(bounds, 1000, Runner(chunk=1, workers=2)):
        break
    deadline = time.monotonic() + WAIT_SECONDS
    while any(thread.name.startswith("glacis") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_cancel_stops_the_run() -> None:
    cancel = threading.Event()
    started: list[int] = []

    def task(start: int, stop: int) -> int:
        started.append(start)
        return start

    results = run_chunks(task, 1000, Runner(chunk=1, workers=2, cancel=cancel))
    assert next(results) == 0
    cancel.set()
    with pytest.raises(Cancelled):
        next(results)
    assert len(started) <= 5


def test_cancel_is_noticed_while_a_chunk_runs() -> None:
    cancel = threading.Event()

    def task(start: int, stop: int) -> int:
        cancel.set()
        time.sleep(0.2)
        return start

    with pytest.raises(Cancelled):
        list(run_chunks(task, 2, Runner(chunk=1, workers=1, cancel=cancel)))


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_stops_promptly() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            process.send_signal(signal.SIGINT)
            printed, _ = process.communicate(timeout=WAIT_SECONDS)
        finally:
            process.kill()  # a process that hangs fails this test, and holds up no other
    assert process.returncode == 0
    assert int(printed.removeprefix("stopped after ")) < 20  # of 10,000; 4 unless all stands still


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl-C as a terminal has it, also where the tests are a job in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
def test_ctrl_c_waits_for_what_holds_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    reached_end = []

    def interrupted_wait(*args: Any, **options: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        reached_end.append(True)
        return wait(*args, **options)

    monkeypatch.setattr(executor, "wait", interrupted_wait)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        list(run_chunks(bounds, 10, Runner(chunk=1, workers=2)))
    assert reached_end == [True]
    assert signal.getsignal(signal.SIGINT) is before


def test_where_ctrl_c_is_ignored_it_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted_wait(*args: Any, **options: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return wait(*args, **options)

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        monkeypatch.setattr(executor, "wait", interrupted_wait)
        assert list(run_chunks(bounds, 3, Runner(chunk=1, workers=2))) == [(0, 1), (1, 2), (2, 3)]
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    "n,chunk,workers,message",
    [
        (-1, 256, 1, "worlds: must be >= 0"),
        (1, 0, 1, "chunk: must be >= 1"),
        (1, 256, 0, "workers: must be >= 1"),
    ],
)
def test_wrong_arguments_are_refused_at_once(
    n: int, chunk: int, workers: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        run_chunks(bounds, n, Runner(chunk=chunk, workers=workers))


def test_there_is_a_processor() -> None:
    assert available_cpus() >= 1


def test_a_single_chunk_runs_on_the_callers_thread() -> None:
    told: list[tuple[int, int]] = []
    order: list[str] = []

    def task(start: int, stop: int) -> tuple[int, int, str]:
        order.append("chunk")
        return start, stop, threading.current_thread().name

    runner = Runner(chunk=8, workers=4, progress=lambda done, n: told.append((done, n)))
    found = list(run_chunks(task, 8, runner, meanwhile=lambda: order.append("meanwhile")))
    assert found == [(0, 8, threading.current_thread().name)]
    assert told == [(8, 8)]
    assert order == ["meanwhile", "chunk"]


def test_a_single_chunk_is_cancelled_before_it_runs_and_after() -> None:
    cancel = threading.Event()
    runner = Runner(chunk=8, cancel=cancel)
    with pytest.raises(Cancelled):
        next(run_chunks(lambda *_: cancel.set(), 8, runner))
    with pytest.raises(Cancelled):
        next(run_chunks(lambda *_: pytest.fail("it ran"), 8, runner))
