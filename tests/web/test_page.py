"""The page in a real browser: what it shows moves with what is set, and no other host is asked."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Any

import pytest

from driving import LONG, Served, assert_open_to_all, at_rest, headline, lever, turn_to, watched

pytestmark = pytest.mark.browser


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
    turn_to(page, "kuwait-1990", titled="Kuwait")
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
    with watched(browser, server.address, scheme=scheme, width=width) as page:
        assert_open_to_all(page)
        unnamed = page.evaluate(
            "() => [...document.querySelectorAll('button, input, select, a[href], summary')]"
            ".filter(one => !(one.labels?.length || one.textContent?.trim() || "
            "one.getAttribute('aria-label'))).map(one => one.outerHTML)"
        )
        assert unnamed == []
