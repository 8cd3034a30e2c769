"""The page and a server that is not there yet, goes, or comes back: it recovers by itself."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from driving import LONG, Served, at_rest, headline, lever

pytestmark = pytest.mark.browser

API = "**/api/v1/**"


def test_a_page_that_opens_too_soon_waits_for_its_server(browser: Any, server: Served) -> None:
    page = browser.new_page()
    refused: list[str] = []

    def refuse(route: Any) -> None:
        refused.append(route.request.url)
        route.abort("connectionrefused")

    page.route(API, refuse)
    page.goto(server.address)
    page.get_by_role("status").filter(has_text="does not answer; trying again").wait_for()
    while len(refused) < 3:
        page.wait_for_timeout(100)
    page.unroute(API)
    at_rest(page)
    assert 30 < headline(page) < 60
    assert page.get_by_text("trying again").count() == 0
    assert page.get_by_role("alert").count() == 0
    page.close()


def test_a_server_that_is_killed_and_started_again_is_asked_what_it_missed(
    browser: Any, home: Path
) -> None:
    served = Served(home)
    page = browser.new_page()
    page.goto(served.address)
    at_rest(page)
    before = headline(page)
    served.stop(signal.SIGKILL)
    page.get_by_role("status").filter(has_text="What you see is the last answer").wait_for()
    assert headline(page) == before
    lever(page, "Heavy brigade forward").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1_500)  # the map asks for the run of what was set, and hears nothing
    served.start(served.port)
    page.wait_for_function(
        "before => Number(document.querySelector('.big').innerText.match(/[\\d.]+/)[0]) < before",
        arg=before - 3,
        timeout=LONG,
    )
    at_rest(page)
    assert page.get_by_text("trying again").count() == 0
    assert page.get_by_role("alert").count() == 0
    page.close()
    assert served.stop() in (0, -signal.SIGTERM)


def test_a_scenario_chosen_while_the_server_is_away_is_opened_when_it_is_back(
    page: Any,
) -> None:
    page.route(API, lambda route: route.abort("connectionrefused"))
    scenario = page.get_by_role("combobox", name="Scenario")
    scenario.select_option("georgia-2008")
    scenario.select_option("kuwait-1990")
    page.get_by_text("trying again").first.wait_for()
    page.unroute(API)
    page.wait_for_function("() => document.title.includes('Kuwait')", timeout=LONG)
    at_rest(page)
    assert page.get_by_text("trying again").count() == 0
    assert "kuwait-1990" in page.url
    page.said.clear()  # refused requests are told there
