"""A scenario of one's own on the page: opened, refused with all that is wrong, never kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from driving import LONG, Served, at_rest, headline, lever, turn_to
from glacis.scenario.read import scenarios_folder

pytestmark = pytest.mark.browser

SCENARIOS = Path(__file__).parents[1] / "scenarios"
REFUSED = "Failed to load resource: the server responded with a status of 422"


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def open_dialog(page: Any) -> Any:
    page.get_by_role("button", name="Open your own").click()
    dialog = page.get_by_role("dialog", name="Open your own scenario")
    dialog.wait_for()
    return dialog


def choose(dialog: Any, paths: list[Path]) -> None:
    dialog.locator("input[type=file][multiple]").first.set_input_files(paths)


def said_nothing_else(page: Any) -> None:
    """The browser itself says on its console that a request was refused."""
    assert all(line.startswith(REFUSED) for line in page.said), page.said
    page.said.clear()  # or the page's own fixture takes it for an error


def test_a_broken_one_tells_each_problem_and_loses_nothing(page: Any) -> None:
    lever(page, "Minehunter").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('minehunter=1')")
    at_rest(page)
    before, address = headline(page), page.url
    dialog = open_dialog(page)
    choose(dialog, files_of(SCENARIOS / "broken"))
    heading = dialog.get_by_role("heading", name=re.compile(r"It cannot be opened: \d+ problems"))
    heading.wait_for(timeout=LONG)
    assert heading.evaluate("one => one === document.activeElement")
    problems = dialog.get_by_role("list", name="Problems").get_by_role("listitem")
    assert problems.count() > 3
    for text in problems.all_inner_texts():
        assert re.search(r"^[\w.]+\.(yaml|csv|bib):\d+:\d+", text), text
        assert "Repair: " in text
    dialog.get_by_role("button", name="Copy the list").click()
    dialog.get_by_text("Copied").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert len(copied.splitlines()) == problems.count()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    opener = page.get_by_role("button", name="Open your own")
    assert opener.evaluate("one => one === document.activeElement")
    assert page.url == address
    assert headline(page) == before
    assert lever(page, "Minehunter").input_value() == "1"
    said_nothing_else(page)


def test_the_focus_stays_in_the_dialog(page: Any) -> None:
    dialog = open_dialog(page)
    for _ in range(6):
        page.keyboard.press("Tab")
        outside = page.evaluate(
            "() => { const one = document.activeElement;"
            " return one !== document.body && !one.closest('dialog'); }"
        )
        assert not outside
    assert dialog.is_visible()


def test_a_sound_one_opens(page: Any, browser: Any) -> None:
    dialog = open_dialog(page)
    choose(dialog, files_of(SCENARIOS / "mini"))
    dialog.wait_for(state="hidden", timeout=LONG)
    scenario = page.get_by_role("combobox", name="Scenario")
    assert scenario.input_value().startswith("upload-")
    page.wait_for_function("() => location.search.includes('scenario=upload-')")
    at_rest(page)
    assert lever(page, "Minehunter").count() == 0
    other = browser.new_page()
    other.goto(page.url)
    at_rest(other)
    assert headline(other) == headline(page)
    other.close()


def test_a_folder_is_dropped_on_the_page(page: Any) -> None:
    given = [(path.name, path.read_text(encoding="utf-8")) for path in files_of(SCENARIOS / "mini")]
    page.evaluate(
        "given => { const data = new DataTransfer();"
        " for (const [name, text] of given) data.items.add(new File([text], name));"
        " for (const type of ['dragover', 'drop']) document.body.dispatchEvent("
        "  new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true})); }",
        [*given, ("README.md", "not a scenario's")],
    )
    page.wait_for_function("() => location.search.includes('scenario=upload-')", timeout=LONG)
    at_rest(page)


def test_a_folder_is_chosen(page: Any) -> None:
    dialog = open_dialog(page)
    chooser = dialog.locator("input[type=file][webkitdirectory]")
    chooser.set_input_files(scenarios_folder() / "template")
    dialog.wait_for(state="hidden", timeout=LONG)
    page.wait_for_function("() => location.search.includes('scenario=upload-')")
    at_rest(page)


def test_what_is_no_scenario_is_refused_without_asking(page: Any, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    dialog = open_dialog(page)
    choose(dialog, [picture])
    dialog.get_by_text("None of these can be a scenario's file.").wait_for()
    dialog.get_by_text("picture.png").wait_for()
    large = tmp_path / "large.yaml"
    large.write_bytes(b"a: 1\n" * 1_000_000)
    choose(dialog, [large])
    dialog.get_by_text(re.compile("are too much")).wait_for()
    assert page.said == []


def test_a_link_to_what_the_server_no_longer_holds_says_so(browser: Any, server: Served) -> None:
    opened = browser.new_page()
    opened.goto(f"{server.address}/?scenario=upload-0123456789ab&lever.minehunter=3")
    at_rest(opened)
    opened.get_by_text("does not hold the scenario upload-0123456789ab").wait_for()
    assert lever(opened, "Minehunter").input_value() == "0"
    opened.close()


def test_a_scenario_of_war_alone_has_only_its_own(page: Any) -> None:
    turn_to(page, "kuwait-1990", titled="Kuwait")
    theatre = page.locator(".theatre svg")
    theatre.get_by_text("Kuwait City", exact=True).first.wait_for(timeout=LONG)
    assert theatre.get_by_text("Tallinn", exact=True).count() == 0
    assert lever(page, "Minehunter").count() == 0
    results = page.locator("#results")
    for absent in ("Red attacks", "Full answer", "Second theatre", "How it ends"):
        assert results.get_by_text(absent, exact=True).count() == 0
    assert page.get_by_label("How the alliance answers").count() == 0
