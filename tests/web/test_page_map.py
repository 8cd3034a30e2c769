"""The map's gap, axes and names; hours in print; a link's baseline; a target; charts' files."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from driving import LONG, Served, assert_open_to_all, at_rest, headline, lever, turn_to, watched

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
AXES = re.compile("^Axes of the attack")


def axes(page: Any) -> Any:
    return page.get_by_role("img", name=AXES).locator("path")


def preset(page: Any, name: str) -> None:
    page.get_by_role("combobox", name="Posture").select_option(name)
    page.wait_for_function("name => location.search.includes(`posture=${name}`)", arg=name)
    at_rest(page)


# ---- the map ------------------------------------------------------------------------------------


def test_the_gap_is_drawn_as_wide_as_it_is(page: Any) -> None:
    page.locator(".theatre svg").get_by_text("about 65 km", exact=True).wait_for(timeout=LONG)
    drawn = page.locator(".names path.gap").last.get_attribute("d")
    ends = [tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.]+,[\d.]+", drawn)[-2:]]
    (x1, y1), (x2, y2) = ends
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    bar = page.locator(".scale line")
    words = page.locator(".scale text").inner_html()
    km_a_pixel = float(words.split()[0]) / float(bar.get_attribute("x2"))
    assert length * km_a_pixel == pytest.approx(65.8, rel=0.05)


def test_axes_are_those_of_the_option_on_show(page: Any) -> None:
    axes(page).first.wait_for(timeout=LONG)
    assault = axes(page).count()
    told = page.get_by_role("img", name=AXES).get_attribute("aria-label")
    assert "Main axis to Riga" in told
    page.get_by_role("combobox", name="What Red does").select_option("narva")
    page.wait_for_function(
        "() => /^Axes of the attack. Across the bridge/.test("
        "[...document.querySelectorAll('svg')].map(one => one.getAttribute('aria-label') ?? '')"
        ".find(words => words.startsWith('Axes')) ?? '')",
        timeout=LONG,
    )
    assert axes(page).count() < assault
    box = page.get_by_role("checkbox", name="Axes of the attack")
    box.uncheck()
    assert axes(page).count() == 0
    box.check()
    assert axes(page).count() > 0


def test_axes_follow_a_variant(page: Any) -> None:
    axes(page).first.wait_for(timeout=LONG)
    assert "Grodno to Alytus" in page.get_by_role("img", name=AXES).get_attribute("aria-label")
    page.get_by_text("Variants", exact=False).first.click()
    page.get_by_role("checkbox", name=re.compile("Belarus.*closed|Belarus keeps", re.I)).check()
    page.wait_for_function(
        "() => ![...document.querySelectorAll('svg')].some("
        "one => /^Axes.*Grodno to Alytus/.test(one.getAttribute('aria-label') ?? ''))",
        timeout=LONG,
    )
    at_rest(page)


def test_names_stand_above_symbols_and_beside_them(page: Any) -> None:
    axes(page).first.wait_for(timeout=LONG)
    found = page.evaluate(
        """() => {
          const boxes = all =>
            [...document.querySelectorAll(all)].map(one => one.getBoundingClientRect());
          const symbols = boxes('.map svg path.frame');
          const names = boxes('.map svg.names text.name');
          const hit = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
            * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
          const covered = names.filter(name =>
            symbols.some(one => hit(name, one) > 0.25 * name.width * name.height));
          const last = [...document.querySelectorAll('.map > svg')].at(-1);
          return [symbols.length, names.length, covered.length, last.classList.contains('names')];
        }"""
    )
    symbols, names, covered, is_last = found
    assert symbols > 20
    assert names > 35
    assert covered <= names / 8
    assert is_last


# ---- hours in print -----------------------------------------------------------------------------


def test_hours_of_the_game_in_print_come_with_their_words(page: Any) -> None:
    card = page.get_by_role("region", name="Hours until Red is there")
    card.locator("svg").get_by_text("60 h", exact=True).wait_for()
    assert card.locator("line.known").count() == 3  # Tallinn, Riga, and the first of the two
    assert card.get_by_text("Red reaches the outskirts of Tallinn or Riga within 60 hours").count()
    assert card.get_by_text("shlapak-johnson-2016").count()
    turn_to(page, "kuwait-1990", titled="Kuwait")
    assert card.locator("rect.span").count() == 2
    assert card.get_by_text("First tanks reach Kuwait City").count()
    assert card.get_by_text("Tallinn").count() == 0


# ---- the baseline in a link ---------------------------------------------------------------------


def test_a_link_shows_the_same_baseline(page: Any, browser: Any) -> None:
    preset(page, "forward")
    lever(page, "Minehunter").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => location.search.includes('lever.minehunter=')")
    page.get_by_role("button", name="Pin as baseline").click()
    page.wait_for_function("() => location.search.includes('pin=forward&pin.lever.minehunter=')")
    preset(page, "porcupine")
    change = page.locator(".change").first.inner_text()
    assert "against The stauncher presence, changed" in change
    other = browser.new_page()
    other.goto(page.url)
    at_rest(other)
    assert other.locator(".change").first.inner_text() == change
    ghosts = [one.locator("path.ghost").get_attribute("d") for one in (page, other)]
    assert ghosts[0] == ghosts[1]
    assert other.url == page.url
    other.close()


# ---- a target -----------------------------------------------------------------------------------


def test_a_target_is_missed_and_met(page: Any) -> None:
    assert page.get_by_role("region", name="A target to hit").count() == 0
    page.get_by_role("button", name="Set a target").click()
    card = page.get_by_role("region", name="A target to hit")
    card.get_by_text("goes farthest").wait_for(timeout=LONG)
    value = card.get_by_role("spinbutton", name="Value")
    assert 0 < float(value.input_value()) < headline(page)
    value.fill("30")
    value.press("Tab")
    verdict = card.locator("dd b")
    verdict.filter(has_text="✗ Not met").wait_for()
    card.get_by_text("Nothing that you tried meets it.").wait_for()
    preset(page, "forward")
    verdict.filter(has_text="✓ Met").wait_for()
    best = card.get_by_text(re.compile(r"^The stauncher presence: [\d.]+\s% for EUR\s[\d.]+\sbn"))
    best.first.wait_for()
    preset(page, "retrench")
    verdict.filter(has_text="✗ Not met").wait_for()
    card.get_by_role("button", name="Show it").click()
    page.wait_for_function("() => location.search.includes('posture=forward')")
    at_rest(page)
    verdict.filter(has_text="✓ Met").wait_for()
    page.wait_for_function(
        "() => !document.querySelector('section[aria-busy=true]')", timeout=LONG
    )  # the presets are known in all worlds


def test_a_guess_comes_before_the_target(page: Any) -> None:
    page.get_by_role("button", name="Set a target").click()
    card = page.get_by_role("region", name="A target to hit")
    card.get_by_text("goes farthest").wait_for(timeout=LONG)
    page.get_by_role("button", name="Teach: guess first").click()
    card.get_by_text("Guess first").wait_for()
    assert card.get_by_text(re.compile(r"Met|Not met|goes farthest")).count() == 0
    assert page.get_by_role("button", name="Table: Red attacks").count() == 0
    page.get_by_role("button", name="Show the answer").click()
    card.get_by_text("Not met").wait_for()


# ---- tables and files ---------------------------------------------------------------------------


def saved(page: Any, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    where = folder / waiting.value.suggested_filename
    waiting.value.save_as(where)
    return where


CHARTS = {
    "Red attacks": ("p-attack", 20),
    "What moved most": ("moved", 3),
    "Hours until Red is there": ("hours", 4),
    "How it ends": ("endings", 8),
}


def test_each_chart_has_its_table_and_its_files(page: Any, tmp_path: Path) -> None:
    preset(page, "forward")
    sha = page.evaluate(
        "async () => (await (await fetch('api/v1/scenarios/baltic')).json()).sha256"
    )
    for title, (name, rows) in CHARTS.items():
        page.get_by_role("button", name=f"Table: {title}", exact=True).click()
        table = page.get_by_role("region", name=f"Table: {title}", exact=True)
        assert table.locator("tbody tr").count() == rows
        page.get_by_role("button", name=f"Table: {title}", exact=True).click()
        assert table.count() == 0

        written = saved(page, f"CSV: {title}", tmp_path)
        assert written.name == f"glacis-baltic-{name}.csv"
        lines = written.read_text(encoding="utf-8").splitlines()
        told = "\n".join(line for line in lines if line.startswith("# "))
        for fact in (sha, "it does not forecast", "512 worlds, seed 1", "?posture=forward"):
            assert fact in told
        values = list(csv.reader(line for line in lines if not line.startswith("# ")))
        assert len(values) == 1 + rows
        assert all(len(row) == len(values[0]) for row in values)

        drawn = ElementTree.parse(saved(page, f"SVG: {title}", tmp_path)).getroot()
        assert drawn.tag == f"{SVG}svg"
        words = " ".join("".join(one.itertext()) for one in drawn.iter(f"{SVG}text"))
        assert sha in words
        assert "it does not forecast" in words
        inner = drawn.find(f"{SVG}svg")
        assert inner is not None
        assert all("class" not in one.attrib for one in drawn.iter())
        assert any(one.get("fill", "").startswith("rgb") for one in inner.iter())


def test_a_table_has_the_numbers_of_its_chart(page: Any, tmp_path: Path) -> None:
    lines = saved(page, "CSV: How it ends", tmp_path).read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("# ")))
    shares = {row["ending"]: float(row["now (share)"]) for row in rows}
    assert sum(shares.values()) == pytest.approx(1.0)
    card = page.get_by_role("region", name="How it ends", exact=True)
    shown = card.locator("li").filter(has_text="Deterred").locator("b").inner_text()
    assert float(re.findall(r"[\d.]+", shown)[0]) == pytest.approx(
        100 * shares["Deterred"], abs=0.5
    )


@pytest.mark.parametrize("scheme, width", [("light", 1440), ("dark", 390)])
def test_what_opens_stands_in_nobodys_way(
    browser: Any, server: Served, scheme: str, width: int
) -> None:
    with watched(browser, server.address, scheme=scheme, width=width) as opened:
        opened.get_by_role("button", name="Set a target").click()
        opened.get_by_text("goes farthest").wait_for(timeout=LONG)
        for title in ("Red attacks", "Hours until Red is there", "How it ends"):
            opened.get_by_role("button", name=f"Table: {title}", exact=True).click()
        opened.locator(".theatre summary", has_text="Key").click()
        assert_open_to_all(opened)
        opened.get_by_role("button", name="Open your own").click()
        assert_open_to_all(opened)
