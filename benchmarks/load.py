"""Many who move sliders at once: errors, moves without an answer, and what the server holds.

Needs Linux::

    .venv/bin/python benchmarks/load.py [--json FILE] [--seconds 60] [--clients 20]

The server runs in a process of its own, on this machine's processors.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from websockets.sync.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from figures import Measured, report

from driving import served

CLIENTS, SOME = 20, 10
PAUSE_SECONDS = 0.1
"""Between two moves of one hand."""
PATIENCE_SECONDS = 60.0
SETTLING_SECONDS = 5.0
"""From the last socket's end to the look at memory."""
MB = 1_000_000
LEVERS = {"fortified-km": 100, "minehunter": 20, "heavy-brigade-forward": 6}
"""Levers that are moved, and how far."""


def memory_mb(process: int) -> float:
    """What a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / MB


@dataclass
class Found:
    """What came of some clients' moves."""

    moves: int = 0
    answers: int = 0
    last_answered: int = 0
    errors: list[str] = field(default_factory=list)
    most_mb: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Hand:
    """One client that moves levers for some time, rests, and wants its last move answered."""

    def __init__(self, address: str, number: int, found: Found) -> None:
        self.url = address.replace("http", "ws") + "/api/v1/live"
        self.number, self.found = number, found
        self.asked = 0
        self.last = -1
        self.is_answered = threading.Event()

    def __call__(self, seconds: float) -> None:
        """Move for so many seconds, then rest until the full answer is there."""
        try:
            with connect(self.url, max_size=None) as socket:
                reader = threading.Thread(target=self._read, args=(socket,), daemon=True)
                reader.start()
                until = time.monotonic() + seconds
                while time.monotonic() < until:
                    self._ask(socket, "drag")
                    time.sleep(PAUSE_SECONDS)
                self.last = self.asked + 1
                self._ask(socket, "rest")
                is_answered = self.is_answered.wait(PATIENCE_SECONDS)
        except Exception as error:
            self._fail(f"{type(error).__name__}: {error}")
            is_answered = False
        with self.found.lock:
            self.found.moves += self.asked
            self.found.last_answered += is_answered

    def _ask(self, socket: ClientConnection, tier: str) -> None:
        self.asked += 1
        lever = list(LEVERS)[(self.asked // 40 + self.number) % len(LEVERS)]
        units = (self.asked + 7 * self.number) % (LEVERS[lever] + 1)
        state = {"posture": "forward", "levers": {lever: units}}
        socket.send(json.dumps({"id": self.asked, "tier": tier, "state": state}))

    def _read(self, socket: ClientConnection) -> None:
        """Count answers, until the socket is closed."""
        for text in socket:
            told = json.loads(text)
            if "error" in told:
                self._fail(told["error"]["message"])
            if "result" in told:
                with self.found.lock:
                    self.found.answers += 1
                if told["id"] == self.last:
                    self.is_answered.set()

    def _fail(self, words: str) -> None:
        with self.found.lock:
            self.found.errors.append(words)


def load(address: str, process: int, *, seconds: float, clients: int) -> Found:
    """Clients that all move levers at once."""
    found = Found()
    threads = [
        threading.Thread(target=Hand(address, number, found), args=(seconds,))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        found.most_mb = max(found.most_mb, memory_mb(process))
        time.sleep(0.25)
    return found


def measured(seconds: float, clients: int) -> Iterator[Measured]:
    """Every figure, one after the other."""
    home = Path(os.environ.get("GLACIS_HOME") or tempfile.mkdtemp())
    with served(home) as server:
        at = server.address, server.process.pid
        load(*at, seconds=seconds / 4, clients=1)
        time.sleep(SETTLING_SECONDS)
        before = memory_mb(at[1])
        yield Measured("server_one_client_mb", before, "MB", 500)
        some = load(*at, seconds=seconds / 2, clients=SOME)
        yield Measured("server_ten_clients_mb", some.most_mb, "MB", 700)
        found = load(*at, seconds=seconds, clients=clients)
        for words in dict.fromkeys(found.errors):
            print(f"error: {words}", file=sys.stderr)
        yield Measured("load_moves", found.moves, "", clients, is_least=True)
        yield Measured("load_answers_per_s", found.answers / seconds, "1/s", 1, is_least=True)
        yield Measured("load_errors", len(found.errors), "", 0)
        yield Measured("load_last_moves_unanswered", clients - found.last_answered, "", 0)
        yield Measured("load_most_mb", found.most_mb, "MB", 700)
        time.sleep(SETTLING_SECONDS)
        grown = memory_mb(at[1]) / before - 1
        yield Measured("load_memory_growth_percent", 100 * grown, "%", 10)


def main() -> int:
    """Measure and print; a bar that is missed is told, and no failure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0, help="of moving levers")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    asked = parser.parse_args()
    report(measured(asked.seconds, asked.clients), asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
