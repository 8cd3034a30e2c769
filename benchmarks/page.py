"""The page's budgets, measured on the page itself in a headless Chromium.

Needs Chromium (Debian's package) and the dependency group ``browser``::

    .venv/bin/python benchmarks/page.py [--json FILE]

Times are of the real model and server on this machine; the server runs in a process of its own.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from glacis.web.app import page_folder

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from figures import Measured, report

from driving import at_rest, chromium, lever, served

KEYS = 24


PAINTED = """() => window.painted.length > 0
  && /while you move/.test(document.body.innerText)"""
WATCH = """() => {
  // What a bar or a line is drawn by; that the card is busy is no answer.
  const DRAWN = ['d', 'points', 'x', 'x1', 'y', 'y1', 'height'];
  const big = document.querySelector('.big'), bars = big.closest('section');
  window.painted = [];
  new MutationObserver(() => requestAnimationFrame(() => window.painted.push(performance.now())))
    .observe(bars, {subtree: true, characterData: true, attributeFilter: DRAWN});
  window.pressed = [];
  addEventListener('keydown', () => window.pressed.push(performance.now()), true);
}"""


def keys_to_chart(page: Page) -> list[float]:
    """Milliseconds from a key on a lever to the new number and chart, key after key."""
    lever(page, "Fortified kilometre").focus()
    page.evaluate(WATCH)
    found = []
    for number in range(KEYS):
        page.evaluate("() => { window.painted = []; window.pressed = []; }")
        page.keyboard.press("ArrowRight" if number < KEYS - 4 else "ArrowLeft")
        page.wait_for_function(PAINTED)
        found.append(page.evaluate("() => window.painted.at(-1) - window.pressed[0]"))
        page.wait_for_timeout(120)
    return found


FULL = """() => {
  const card = document.querySelector('.big').closest('section');
  return card.ariaBusy !== 'true' && card.innerText.includes('512 worlds');
}"""


def rest_seconds(page: Page) -> tuple[float, float]:
    """Seconds from the last key to the full answer, and to the run on the map that comes after."""
    lever(page, "Minehunter").focus()
    started = time.perf_counter()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)  # the card is busy by now
    page.wait_for_function(FULL)
    full = time.perf_counter() - started
    at_rest(page, after_ms=100)
    return full, time.perf_counter() - started


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


def measured() -> Iterator[Measured]:
    """Every figure, one after the other."""
    yield Measured("page_kb", page_kb(), "kB", 350)
    home = Path(os.environ.get("GLACIS_HOME") or tempfile.mkdtemp())
    with served(home) as server:
        server.until_ready()  # kernels are compiled, and files are in the system's cache
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        started = time.perf_counter()
        with served(home) as server:
            page.goto(server.address)
            page.locator(".big").wait_for(timeout=120_000)
            yield Measured("launch_to_first_number_s", time.perf_counter() - started, "s", 4)
            at_rest(page)
            times = sorted(keys_to_chart(page))
            yield Measured("key_to_chart_median_ms", statistics.median(times), "ms", 150)
            yield Measured("key_to_chart_p90_ms", times[int(0.9 * len(times))], "ms", 300)
            at_rest(page, after_ms=1_500)
            full, whole = rest_seconds(page)
            yield Measured("full_tier_s", full, "s", 2)
            yield Measured("full_tier_with_map_s", whole, "s", None)
            yield Measured("playback_frames_per_s", frames_a_second(page), "1/s", 45, is_least=True)


def main() -> int:
    """Measure and print; a budget that is missed is told, and no failure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path)
    report(measured(), parser.parse_args().json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
