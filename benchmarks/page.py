"""The page's budgets, measured on the page itself in a headless Chromium.

Needs Chromium (Debian's package) and the dependency group ``browser``::

    .venv/bin/python benchmarks/page.py [--json FILE] [--seconds 20]

Times are of the real model and server on this machine; the server runs in a process of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from websockets.sync.client import connect

from glacis.web.app import page_folder

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KEYS = 24
CLIENTS = 20
MB = 1_000_000


@dataclass(frozen=True)
class Measured:
    """One figure beside its budget."""

    name: str
    value: float
    unit: str
    budget: float
    is_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the budget is kept."""
        return self.value >= self.budget if self.is_least else self.value <= self.budget


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int, float]]:
    """A server: its address, its process, and when it was started."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "glacis", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "GLACIS_HOME": str(home)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    try:
        yield address, process.pid, started
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def memory_mb(process: int) -> float:
    """What a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / MB


def at_rest(page: Page) -> None:
    """Wait until the full answer is there."""
    page.wait_for_function(
        "() => !document.querySelector('section[aria-busy=true]') && "
        "/^512 worlds$/m.test(document.body.innerText)",
        timeout=120_000,
    )


PAINTED = """() => window.painted.length > 0
  && /while you move/.test(document.body.innerText)"""
WATCH = """() => {
  const big = document.querySelector('.big'), bars = big.closest('section');
  window.painted = [];
  new MutationObserver(() => requestAnimationFrame(() => window.painted.push(performance.now())))
    .observe(bars, {subtree: true, childList: true, characterData: true, attributes: true});
  window.pressed = [];
  addEventListener('keydown', () => window.pressed.push(performance.now()), true);
}"""


def keys_to_chart(page: Page) -> list[float]:
    """Milliseconds from a key on a lever to the new number and chart, key after key."""
    lever = page.get_by_role("slider", name="Fortified kilometre", exact=True)
    lever.focus()
    page.evaluate(WATCH)
    found = []
    for number in range(KEYS):
        page.evaluate("() => { window.painted = []; window.pressed = []; }")
        page.keyboard.press("ArrowRight" if number < KEYS - 4 else "ArrowLeft")
        page.wait_for_function(PAINTED)
        found.append(page.evaluate("() => window.painted.at(-1) - window.pressed[0]"))
        page.wait_for_timeout(120)
    return found


def rest_seconds(page: Page) -> float:
    """Seconds from the last key to the full answer."""
    page.get_by_role("slider", name="Minehunter", exact=True).focus()
    started = time.perf_counter()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    at_rest(page)
    return time.perf_counter() - started


FRAMES = """() => new Promise(done => {
  const times = []; const until = performance.now() + 3000;
  const tick = now => {
    times.push(now);
    if (now < until) requestAnimationFrame(tick); else done(times.length / 3);
  };
  requestAnimationFrame(tick);
})"""


def frames_a_second(page: Page) -> float:
    """Frames a second while the war is played."""
    play = page.get_by_role("button", name="Play", exact=True)
    play.scroll_into_view_if_needed()
    page.get_by_role("slider", name="Time of the war").fill("0")
    play.click()
    return float(page.evaluate(FRAMES))


def page_kb() -> float:
    """What the page weighs as it travels, fonts left out."""
    files = [one for one in page_folder().iterdir() if one.suffix in (".html", ".js", ".css")]
    return sum(len(gzip.compress(one.read_bytes())) for one in files) / 1000


def move(address: str, seconds: float, found: dict[str, Any]) -> None:
    """One client that moves a lever for some time, and wants its last move answered."""
    url = address.replace("http", "ws") + "/api/v1/live"
    number, until = 0, time.monotonic() + seconds
    with connect(url, max_size=None) as socket:

        def read() -> None:
            for text in socket:
                told = json.loads(text)
                if "error" in told:
                    found["errors"].append(told["error"]["message"])
                if told.get("id") == number and "result" in told and time.monotonic() >= until:
                    found["answered"] += 1
                    socket.close()
                    return

        reader = threading.Thread(target=read)
        reader.start()
        while time.monotonic() < until:
            number += 1
            state = {"posture": "forward", "levers": {"fortified-km": number % 100}}
            socket.send(json.dumps({"id": number, "tier": "drag", "state": state}))
            time.sleep(0.1)
        number += 1
        state = {"posture": "forward", "levers": {"minehunter": number % 20}}
        socket.send(json.dumps({"id": number, "tier": "drag", "state": state}))
        reader.join(timeout=60)
        found["moves"] += number


def load(address: str, process: int, seconds: float, clients: int) -> dict[str, Any]:
    """Clients that all move levers at once."""
    found: dict[str, Any] = {"errors": [], "answered": 0, "moves": 0, "most_mb": 0.0}
    threads = [
        threading.Thread(target=move, args=(address, seconds, found)) for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        found["most_mb"] = max(found["most_mb"], memory_mb(process))
        time.sleep(0.25)
    return found


def measured(seconds: float) -> Iterator[Measured]:
    """Every figure, one after the other."""
    yield Measured("page_kb", page_kb(), "kB", 350)
    home = Path(os.environ.get("GLACIS_HOME") or tempfile.mkdtemp())
    with served(home) as (_, _, _):
        pass  # kernels are compiled, and files are in the system's cache
    with sync_playwright() as playwright, served(home) as (address, process, started):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(address)
        page.locator(".big").wait_for(timeout=120_000)
        yield Measured("launch_to_first_number_s", time.perf_counter() - started, "s", 4)
        at_rest(page)
        times = sorted(keys_to_chart(page))
        yield Measured("key_to_chart_median_ms", statistics.median(times), "ms", 150)
        yield Measured("key_to_chart_p90_ms", times[int(0.9 * len(times))], "ms", 300)
        page.wait_for_timeout(1500)
        at_rest(page)
        yield Measured("full_tier_s", rest_seconds(page), "s", 2)
        yield Measured("playback_frames_per_s", frames_a_second(page), "1/s", 45, is_least=True)
        page.close()
        browser.close()
        before = memory_mb(process)
        yield Measured("server_one_client_mb", before, "MB", 500)
        ten = load(address, process, seconds / 2, 10)
        yield Measured("server_ten_clients_mb", ten["most_mb"], "MB", 700)
        found = load(address, process, seconds, CLIENTS)
        yield Measured("load_errors", len(found["errors"]), "", 0)
        yield Measured("load_last_moves_unanswered", CLIENTS - found["answered"], "", 0)
        time.sleep(2)
        grown = memory_mb(process) / ten["most_mb"] - 1
        yield Measured("load_memory_growth_percent", 100 * grown, "%", 10)


def main() -> int:
    """Measure and print; a budget that is missed is told, and no failure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0, help="of moving levers under load")
    asked = parser.parse_args()
    found = []
    for one in measured(asked.seconds):
        bound = "at least" if one.is_least else "at most"
        verdict = "met" if one.met else "MISSED"
        print(f"{one.name:32}{one.value:10,.1f} {one.unit:4} {bound} {one.budget:g}  {verdict}")
        found.append(vars(one) | {"met": one.met})
    if asked.json is not None:
        asked.json.write_text(json.dumps({"figures": found}, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
