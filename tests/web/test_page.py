"""The page in a real browser: what it shows moves with what is set, and no other host is asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from glacis.folders import cache_folder

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG = 180_000  # milliseconds: the first answer may wait for kernels to compile


class Served:
    """A server in a process of its own."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        self.start(port)

    def start(self, port: int) -> None:
        command = [sys.executable, "-m", "glacis", "serve", "--port", str(port)]
        environment = {**os.environ, "GLACIS_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[-1]
        self.port = int(self.address.rpartition(":")[2])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        code = self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own, but for kernels that were compiled before."""
    folder = tmp_path_factory.mktemp("home")
    cache_folder().mkdir(parents=True, exist_ok=True)
    (folder / "cache").symlink_to(cache_folder(), target_is_directory=True)
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    served = Served(home)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, server: Served) -> Iterator[Any]:
    """The page at rest, watched: it may say nothing on the console and ask no other host."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
    opened, said, asked = context.new_page(), [], []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.said = said
    opened.goto(server.address)
    at_rest(opened)
    yield opened
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(server.address).netloc}
    assert opened.said == []
    context.close()


def at_rest(page: Any) -> None:
    """Wait until the full answer to what is set is there."""
    page.wait_for_timeout(700)  # the hand must have rested, and the page have asked
    page.wait_for_function(
        "() => !document.querySelector('section[aria-busy=true]') && "
        "/^512 worlds$/m.test(document.body.innerText)",
        timeout=LONG,
    )


def headline(page: Any) -> float:
    return float(re.findall(r"[\d.]+", page.locator(".big").first.inner_text())[0])


def lever(page: Any, name: str) -> Any:
    return page.get_by_role("slider", name=name, exact=True)


def test_it_opens_with_results(page: Any) -> None:
    assert page.get_by_role("heading", name="glacis").is_visible()
    assert page.get_by_role("banner").get_by_text("it does not forecast").is_visible()
    assert 30 < headline(page) < 60
    assert page.get_by_text("Move a lever.").is_visible()
    for name in ("Tallinn", "Vilnius"):
        assert page.locator("svg").get_by_text(name, exact=True).first.is_visible()


def test_a_lever_moves_the_number_and_the_address(page: Any) -> None:
    before = headline(page)
    brigades = lever(page, "Heavy brigade forward")
    brigades.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('heavy-brigade-forward=3')")
    page.wait_for_function(
        "before => Number(document.querySelector('.big').innerText.match(/[\\d.]+/)[0]) < before",
        arg=before,
        timeout=LONG,
    )
    at_rest(page)
    assert headline(page) < before - 3
    assert brigades.get_attribute("aria-valuetext").startswith("3 of 6")


def test_a_lever_is_dragged(page: Any) -> None:
    hunters = lever(page, "Minehunter")
    hunters.scroll_into_view_if_needed()
    box = hunters.bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(box["x"] + 9 + step * box["width"] / 20, box["y"] + box["height"] / 2)
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('minehunter=')")
    assert 8 <= int(hunters.input_value()) <= 12
    at_rest(page)


def test_presets_undo_and_redo(page: Any) -> None:
    before = headline(page)
    page.get_by_role("combobox", name="Posture").select_option("forward")
    page.wait_for_function("() => location.search.includes('posture=forward')")
    page.wait_for_function(
        "before => Number(document.querySelector('.big').innerText.match(/[\\d.]+/)[0]) < before",
        arg=before - 5,
        timeout=LONG,
    )
    at_rest(page)
    after = headline(page)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("() => !location.search.includes('posture=forward')")
    at_rest(page)
    assert headline(page) == before
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function("() => location.search.includes('posture=forward')")
    at_rest(page)
    assert headline(page) == after


def test_a_pin_is_what_changes_are_told_from(page: Any) -> None:
    page.get_by_role("combobox", name="Posture").select_option("forward")
    page.wait_for_function("() => location.search.includes('posture=forward')")
    at_rest(page)
    assert page.locator(".change").first.inner_text().startswith("\u2212")
    page.get_by_role("button", name="Pin as baseline").click()
    page.get_by_text("no change").first.wait_for(timeout=LONG)


def test_an_address_gives_the_state_again(page: Any, browser: Any, server: Served) -> None:
    lever(page, "Minehunter").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('minehunter=1')")
    at_rest(page)
    other = browser.new_page()
    other.goto(page.url)
    at_rest(other)
    assert lever(other, "Minehunter").input_value() == "1"
    assert headline(other) == headline(page)
    other.close()


def test_the_war_is_played(page: Any) -> None:
    play = page.get_by_role("button", name="Play", exact=True)
    play.scroll_into_view_if_needed()
    clock = page.get_by_role("slider", name="Time of the war")
    clock.wait_for(timeout=LONG)
    clock.fill("0")
    units = page.locator("svg g[transform]")
    before = units.evaluate_all("all => all.map(one => one.getAttribute('transform')).join()")
    play.click()
    page.wait_for_function(
        "() => Number(document.querySelector('input[aria-valuetext*=\"H+\"]').value) > 30",
        timeout=LONG,
    )
    page.get_by_role("button", name="Pause").click()
    after = units.evaluate_all("all => all.map(one => one.getAttribute('transform')).join()")
    assert after != before


def test_another_scenario_brings_its_own_levers(page: Any) -> None:
    page.get_by_role("combobox", name="Scenario").select_option("kuwait-1990")
    page.locator("svg").get_by_text("Kuwait", exact=False).first.wait_for(timeout=LONG)
    at_rest(page)
    assert lever(page, "Minehunter").count() == 0


def test_a_server_that_went_is_missed_and_found_again(browser: Any, home: Path) -> None:
    served = Served(home)
    page = browser.new_page()
    page.goto(served.address)
    at_rest(page)
    served.stop(signal.SIGKILL)
    page.get_by_role("status").or_(page.get_by_role("alert")).filter(
        has_text=re.compile("connect|server", re.IGNORECASE)
    ).first.wait_for(timeout=LONG)
    served.start(served.port)
    lever(page, "Minehunter").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('minehunter=1')")
    at_rest(page)
    page.close()
    assert served.stop() in (0, -signal.SIGTERM)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_stands_in_the_way_of_anybody(
    browser: Any, server: Served, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(server.address)
    at_rest(page)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        "async () => (await axe.run()).violations.map(v => [v.id, v.nodes[0].html])"
    )
    assert found == []
    unnamed = page.evaluate(
        "() => [...document.querySelectorAll('button, input, select, a[href], summary')]"
        ".filter(one => !(one.labels?.length || one.textContent?.trim() || "
        "one.getAttribute('aria-label'))).map(one => one.outerHTML)"
    )
    assert unnamed == []
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= width
    context.close()
