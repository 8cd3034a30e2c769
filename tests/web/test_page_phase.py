"""Sensitivity and the phase diagram in a real browser: drivers are told, the dot sets the page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from driving import LONG, Served, assert_open_to_all, at_rest, headline, lever, turn_to, watched

pytestmark = pytest.mark.browser

DOT = "g.dot"


def open_phase(page: Any) -> None:
    page.get_by_role("tab", name="Phase diagram").click()
    page.get_by_role("tab", name="Phase diagram").scroll_into_view_if_needed()
    page.get_by_role("button", name="Make the field").wait_for(timeout=LONG)


def choose(page: Any, across: str, upwards: str) -> None:
    page.get_by_role("combobox", name="Across", exact=True).select_option(across)
    page.get_by_role("combobox", name="Upwards", exact=True).select_option(upwards)


def dot_slider(page: Any, name: str) -> Any:
    group = page.get_by_role("group", name=re.compile("Where the page stands"))
    slider = group.get_by_role("slider", name=name, exact=True)
    slider.wait_for(state="attached", timeout=LONG)
    return slider


def dot_at(page: Any) -> tuple[float, float]:
    box = page.locator(DOT).locator(".core").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_first_tab_tells_what_drives_the_headline(page: Any) -> None:
    tab = page.get_by_role("tab", name="Sensitivity")
    assert tab.get_attribute("aria-selected") == "true"
    tab.scroll_into_view_if_needed()
    page.get_by_role("heading", name=re.compile("“Red attacks” hangs most on")).wait_for(
        timeout=LONG
    )
    panel = page.get_by_role("tabpanel", name="Sensitivity")
    first = panel.locator("tbody tr").first.inner_text()
    assert re.search(r"more of it (raises|lowers) the figure: \d+.% in its lowest third", first)
    assert re.search(r"confidence (low|medium|high)", first)
    path = panel.locator("tbody code").first.inner_text()
    panel.get_by_label("What drives").select_option("falls_any")
    page.get_by_role("heading", name=re.compile("“An objective falls”")).wait_for(timeout=LONG)
    assert panel.locator("tbody code").first.inner_text() != path


def test_the_drivers_follow_the_posture(page: Any) -> None:
    page.get_by_role("tab", name="Sensitivity").scroll_into_view_if_needed()
    panel = page.get_by_role("tabpanel", name="Sensitivity")
    panel.locator("tbody tr").first.wait_for(timeout=LONG)
    before = panel.locator("tbody").inner_text()
    page.get_by_role("combobox", name="Posture").select_option("forward")
    at_rest(page)
    panel.scroll_into_view_if_needed()
    page.wait_for_function(
        "before => "
        "document.querySelector('[role=tabpanel]:not([hidden]) tbody').innerText !== before",
        arg=before,
        timeout=LONG,
    )


def test_a_figure_tells_its_drivers_when_it_is_looked_at(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda one: "sensitivity" in one.url and asked.append(one.post_data or ""))
    name = page.get_by_role("button", name="An objective falls", exact=True)
    note = page.get_by_role("tooltip").filter(has_text=re.compile("What drives|stands out"))
    assert not any('"falls_any"' in one for one in asked)
    name.focus()
    note.wait_for(timeout=LONG)
    assert any('"falls_any"' in one for one in asked)
    assert note.locator("li").count() <= 3
    told = note.inner_text()
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")
    page.get_by_role("heading", name="In figures").click()
    name.hover()
    note.wait_for(timeout=LONG)
    assert note.inner_text() == told
    assert sum('"falls_any"' in one for one in asked) == 1
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1440
    page.mouse.move(5, 5)
    note.wait_for(state="hidden")


def test_the_dot_is_moved_by_keys_and_sets_two_levers(page: Any) -> None:
    before = headline(page)
    open_phase(page)
    choose(page, "lever:heavy-brigade-forward", "lever:minehunter")
    brigades = dot_slider(page, "Heavy brigade forward")
    dot_slider(page, "Minehunter")
    was = dot_at(page)
    brigades.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    page.wait_for_function("() => location.search.includes('minehunter=3')")
    assert "heavy-brigade-forward=1" in page.url
    assert brigades.get_attribute("aria-valuetext").startswith("1 ")
    assert lever(page, "Minehunter").first.input_value() == "3"
    now = dot_at(page)
    assert now[0] > was[0]
    assert now[1] < was[1]
    at_rest(page)
    assert headline(page) < before
    page.keyboard.press("End")
    page.wait_for_function("() => location.search.includes('heavy-brigade-forward=6')")
    assert "beyond the tested range" in brigades.get_attribute("aria-valuetext")
    page.keyboard.press("Control+z")
    page.wait_for_function("() => location.search.includes('heavy-brigade-forward=1')")


def test_the_dot_is_dragged_and_sets_two_levers(page: Any) -> None:
    before = headline(page)
    open_phase(page)
    choose(page, "lever:heavy-brigade-forward", "lever:minehunter")
    dot_slider(page, "Heavy brigade forward")
    dot_slider(page, "Minehunter")
    page.locator(DOT).scroll_into_view_if_needed()
    x, y = dot_at(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y - 60, steps=4)
    page.mouse.move(x + 360, y - 170, steps=12)
    page.mouse.up()
    page.wait_for_function(
        "() => /heavy-brigade-forward=[23]/.test(location.search) && "
        "/minehunter=([89]|1[0-2])/.test(location.search)",
        timeout=LONG,
    )
    at_rest(page)
    assert headline(page) < before - 3


def test_a_number_in_doubt_is_fixed_by_the_dot_and_let_go(page: Any) -> None:
    open_phase(page)
    page.get_by_text("It is hollow").wait_for()
    base = (
        page.get_by_role("group", name=re.compile("Where the page stands"))
        .get_by_role("slider")
        .nth(1)
    )
    base.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => location.search.includes('set.belief.base=0.47')")
    assert "heavy-brigade-forward" not in page.url
    at_rest(page)
    page.get_by_role("button", name=re.compile("Draw it again in each world")).click()
    page.wait_for_function("() => !location.search.includes('set.belief.base')")
    page.get_by_text("It is hollow").wait_for()


def test_a_field_agrees_with_the_page_and_says_what_it_is_of(page: Any) -> None:
    open_phase(page)
    choose(page, "lever:pre-delegated-authority", "lever:home-basing-us")
    dot_slider(page, "Pre-delegated authority").wait_for(state="attached")
    page.get_by_role("button", name="Make the field").click()
    page.get_by_role("progressbar", name="Making the field").wait_for()
    page.locator(DOT).wait_for()
    page.get_by_role("heading", name=re.compile("“Red attacks” (runs from|is)")).wait_for(
        timeout=LONG
    )
    numbers = page.locator("svg text.mean").all_text_contents()
    assert len(numbers) == 4
    shown = page.locator(".big").first.inner_text()
    assert numbers[0] == shown  # no unit of either: where the page stands
    page.get_by_text("As a table").click()
    table = page.get_by_role("tabpanel", name="Phase diagram").locator("table")
    assert table.locator("td.number").all_inner_texts()[2] == shown
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    assert len(download.value.path().read_text().splitlines()) == 5
    lever(page, "Minehunter").first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("The page is set otherwise now; make it again.").wait_for(timeout=LONG)
    assert page.locator("svg text.mean").all_text_contents() == numbers


def test_a_field_under_way_is_cancelled(page: Any) -> None:
    open_phase(page)
    page.get_by_role("button", name="Make the field").click()
    page.get_by_role("tabpanel", name="Phase diagram").get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for(timeout=LONG)
    assert page.get_by_role("button", name="Make the field").is_visible()


def test_a_number_that_has_no_range_is_told(page: Any) -> None:
    open_phase(page)
    box = page.get_by_role("combobox", name="Across: any number in doubt, by its path").or_(
        page.get_by_label("Across: any number in doubt, by its path")
    )
    box.first.fill("theatre.places.tallinn.lat")
    box.first.press("Enter")
    page.get_by_role("alert").filter(has_text="is not in doubt").wait_for()
    box.first.fill("crisis.insight")
    box.first.press("Enter")
    dot_slider(page, re.compile("Crisis, insight"))  # type: ignore[arg-type]  # Playwright takes both


def test_a_war_alone_has_both_tabs(page: Any) -> None:
    turn_to(page, "kuwait-1990", titled="Kuwait")
    page.get_by_role("tab", name="Sensitivity").scroll_into_view_if_needed()
    page.get_by_role("heading", name=re.compile("“An objective falls”")).wait_for(timeout=LONG)
    open_phase(page)
    assert page.get_by_role("group", name=re.compile("Where the page stands")).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("tab", ["Sensitivity", "Phase diagram"])
def test_neither_tab_stands_in_the_way_of_anybody(
    browser: Any, server: Served, scheme: str, width: int, tab: str
) -> None:
    with watched(browser, server.address, scheme=scheme, width=width) as page:
        page.get_by_role("tab", name=tab).click()
        panel = page.get_by_role("tabpanel", name=tab)
        panel.scroll_into_view_if_needed()
        panel.locator("tbody tr, g.dot").first.wait_for(timeout=LONG)
        assert_open_to_all(page)
