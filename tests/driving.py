"""The page driven as a user does: a server in a process of its own, and a headless Chromium.

For tests (``tests/web``), benchmarks and ``scripts/screenshots``. Needs Debian's ``chromium`` and
the dependency group ``browser``.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from glacis.folders import cache_folder
from glacis.web.live import REST

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
"""What looks for barriers to those who see or hear little; `npm ci` brings it."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG = 180_000
"""Milliseconds: the first answer may wait for kernels to compile."""
HAND_RESTS = 700.0
"""Milliseconds after which the hand has rested, and the page asked for the full answer."""


def warm(folder: Path) -> Path:
    """A server's home with nothing in it but the kernels that were compiled before."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    (folder / "cache").symlink_to(cache_folder(), target_is_directory=True)
    return folder


class Served:
    """A server in a process of its own.

    Parameters
    ----------
    home
        Its folder for kernels and studies.
    port
        0 takes any that is free.
    python
        Interpreter of the environment that glacis is installed in.
    path
        Where it finds other programs; as here if left out.
    """

    def __init__(
        self, home: Path, port: int = 0, *, python: str = sys.executable, path: str | None = None
    ) -> None:
        self.home, self._python = home, python
        self._path = os.environ["PATH"] if path is None else path
        self.start(port)

    def start(self, port: int) -> None:
        """Start it (again); returns once it can be reached."""
        command = [self._python, "-m", "glacis", "serve", "--port", str(port)]
        own = {"GLACIS_HOME": str(self.home), "PATH": self._path, "PYTHONUNBUFFERED": "1"}
        environment = {**os.environ, **own}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        if not words:
            raise RuntimeError(f"the server ended with {self.process.wait()} before it listened")
        self.address = words[-1]
        self.port = int(self.address.rpartition(":")[2])

    def until_ready(self) -> None:
        """Wait until its kernels are compiled."""
        while True:
            with urlopen(f"{self.address}/api/v1/health", timeout=60) as answer:
                if json.load(answer)["ready"]:
                    return
            time.sleep(0.2)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal; its exit code."""
        self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextmanager
def served(home: Path) -> Iterator[Served]:
    """A server while it is wanted."""
    server = Served(home)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser with a fresh profile."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def at_rest(page: Any, *, after_ms: float = HAND_RESTS) -> None:
    """Wait until the full answer to what is set is there, looked for from so long after."""
    page.wait_for_timeout(after_ms)
    page.wait_for_function(
        "worlds => !document.querySelector('section[aria-busy=true]') && "
        "RegExp(`^${worlds} worlds$`, 'm').test(document.body.innerText)",
        arg=REST,
        timeout=LONG,
    )


def turn_to(page: Any, name: str, *, titled: str) -> None:
    """Choose another scenario; wait until it is there, and the full answer to it."""
    page.get_by_role("combobox", name="Scenario").select_option(name)
    page.wait_for_function("words => document.title.includes(words)", arg=titled, timeout=LONG)
    at_rest(page)


@contextmanager
def watched(browser: Any, address: str, *, scheme: str, width: int) -> Iterator[Any]:
    """The page at rest in one theme and width, ready for `assert_open_to_all`."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(address)
    at_rest(page)
    page.add_script_tag(path=str(AXE))
    yield page
    context.close()


def assert_open_to_all(page: Any, about: str = "") -> None:
    """Nothing as it stands bars anybody, by axe-core, and nothing is wider than the window."""
    found = page.evaluate(
        "async () => (await axe.run()).violations.map(v => [v.id, v.nodes[0].html])"
    )
    assert found == [], about
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), about


def headline(page: Any) -> float:
    """The large number."""
    return float(re.findall(r"[\d.]+", page.locator(".big").first.inner_text())[0])


def lever(page: Any, name: str) -> Any:
    """The slider of that name."""
    return page.get_by_role("slider", name=name, exact=True)
