"""The tabs below the page in a real browser: the game, the alliance, the rest of the world."""

from __future__ import annotations

import re
from typing import Any

import pytest

from driving import LONG, Served, assert_open_to_all, headline, turn_to, watched

pytestmark = pytest.mark.browser
TABS = ("Game", "Alliance", "Ripple")


def opened(page: Any, name: str) -> Any:
    """The panel of a tab, once its answer is there."""
    page.get_by_role("tab", name=name, exact=True).click()
    panel = page.get_by_role("tabpanel", name=name, exact=True)
    panel.get_by_role("heading").first.wait_for(timeout=LONG)
    return panel


def percents(words: str) -> list[float]:
    return [float(number) for number in re.findall(r"([\d.]+)\s?%", words)]


def test_tabs_stand_in_order_and_where_the_scenario_has_the_part(page: Any) -> None:
    names = page.get_by_role("tab").all_inner_texts()
    own = [names.index(name) for name in ("Compare", "Claims", *TABS, "Assumptions")]
    assert own == sorted(own)
    turn_to(page, "kuwait-1990", titled="Kuwait")
    left = page.get_by_role("tab").all_inner_texts()
    assert not {*TABS, "Claims"} & set(left)
    assert "Assumptions" in left


def test_each_tab_asks_when_it_is_opened_and_no_sooner(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.wait_for_timeout(500)
    assert not {"game", "alliance", "ripple"} & set(asked)
    opened(page, "Alliance")
    assert (asked.count("alliance"), asked.count("game"), asked.count("ripple")) == (1, 0, 0)
    opened(page, "Game")
    opened(page, "Alliance")
    page.wait_for_timeout(300)
    assert (asked.count("alliance"), asked.count("game"), asked.count("ripple")) == (1, 1, 0)


def test_the_tree_agrees_with_the_headline(page: Any) -> None:
    panel = opened(page, "Game")
    title = panel.get_by_role("heading").first.inner_text()
    assert percents(title)[0] == headline(page)
    tree = panel.get_by_role("img", name=re.compile("^At a moment of decision"))
    ends = tree.locator("text.end")
    before, words = ends.count(), ends.all_text_contents()
    assert before > 8
    assert any(one.startswith("24 ends") for one in words)
    assert any("Red" in one for one in words)
    panel.get_by_label("Fold").select_option("0.05")
    assert ends.count() < before
    panel.get_by_role("radio", name="as it comes about").check()
    assert not any("Red" in one for one in ends.all_text_contents())
    panel.get_by_label("Fold").select_option("0")
    assert ends.count() == 196
    panel.get_by_text("The ends as a table (196 in all)").click()
    rows = panel.get_by_role("table", name="Ends of the game").get_by_role("row")
    assert rows.count() == 197


def test_belief_is_told_beside_the_truth_and_over_time(page: Any) -> None:
    panel = opened(page, "Game")
    gap = panel.get_by_role("heading", name=re.compile("^Red takes the alliance|^Red sees"))
    expected, true = percents(gap.inner_text())
    table = panel.get_by_role("table", name="Probability of a full answer")
    cells = table.get_by_role("row").nth(2), table.get_by_role("row").nth(3)
    assert [percents(cell.inner_text())[0] for cell in cells] == [expected, true]
    signals = panel.get_by_role("heading", name=re.compile("dated signals moved Red's belief"))
    count = int(signals.inner_text().split()[0])
    assert (
        panel.get_by_role("img", name=re.compile("dated signals")).locator("text.sign").count()
        == count
    )
    assert panel.get_by_text("20,000 American troops sent to Europe").is_visible()


def test_the_last_result_stays_until_the_next_is_there(page: Any) -> None:
    panel = opened(page, "Game")
    title = panel.get_by_role("heading").first
    before = title.inner_text()
    page.get_by_role("combobox", name="Posture").select_option("forward")
    title.scroll_into_view_if_needed()
    panel.locator("section[aria-busy=true]").wait_for(timeout=LONG)
    assert title.inner_text() == before
    page.wait_for_function(
        "before => !document.querySelector('section[aria-busy=true]') && "
        "document.querySelector('[role=tabpanel]:not([hidden]) h3').innerText !== before",
        arg=before,
        timeout=LONG,
    )
    assert percents(title.inner_text())[0] == headline(page)
    assert panel.get_by_text("Against \u201cTripwire, 2022\u201d: \u2212").is_visible()


def test_a_member_is_opened_by_keyboard(page: Any) -> None:
    panel = opened(page, "Alliance")
    assert panel.get_by_role("heading", name=re.compile("^To .* the alliance answers")).is_visible()
    hungary = panel.get_by_role("button", name="Hungary")
    hungary.focus()
    page.keyboard.press("Enter")
    assert hungary.get_attribute("aria-expanded") == "true"
    terms = panel.get_by_role("table", name=re.compile("^What moves Hungary"))
    assert terms.get_by_role("row").count() == 13
    numbers = [
        float(words.replace("\u2212", "-"))
        for words in terms.locator("td.number").all_inner_texts()
    ]
    assert numbers == sorted(numbers, reverse=True)
    panel.get_by_label("Order").select_option("blocks")
    first = panel.locator("tbody tr").filter(has=page.get_by_role("button")).first.inner_text()
    likeliest = panel.get_by_role("heading", name=re.compile("block consensus")).inner_text()
    assert likeliest.startswith(first.split()[0])


def test_each_of_reds_options_has_an_answer_of_its_own(page: Any) -> None:
    panel = opened(page, "Alliance")
    title = panel.get_by_role("heading").first
    before = title.inner_text()
    panel.get_by_label("Red's option").select_option("narva")
    assert "Narva" in title.inner_text()
    assert title.inner_text() != before
    full = panel.get_by_role("row", name=re.compile("^A full answer"))
    assert percents(full.inner_text())[0] == percents(title.inner_text())[0]


def test_the_rest_of_the_world_year_by_year(page: Any) -> None:
    panel = opened(page, "Ripple")
    title = panel.get_by_role("heading").first.inner_text()
    quiet, attacked = percents(title)[:2]
    assert quiet < attacked
    charts = panel.get_by_role("img", name=re.compile("by year 1, 2, 3, 4, 5"))
    assert charts.count() == 4
    any_of_them = panel.get_by_role("row", name=re.compile("^Any of them"))
    assert percents(any_of_them.inner_text())[:2] == [quiet, attacked]
    assert panel.get_by_role("heading", name=re.compile("^The American guarantee")).is_visible()
    assert panel.get_by_role("heading", name=re.compile("^New nuclear programmes")).is_visible()


def test_what_was_told_can_be_taken_home(page: Any) -> None:
    panel = opened(page, "Ripple")
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download as JSON").click()
    assert download.value.suggested_filename == "glacis-ripple.json"
    assert download.value.path().read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_tabs_stand_in_nobodys_way(
    browser: Any, server: Served, scheme: str, width: int
) -> None:
    with watched(browser, server.address, scheme=scheme, width=width) as page:
        for name in TABS:
            panel = opened(page, name)
            if name == "Alliance":
                panel.get_by_role("button", name="Hungary").click()
            if name == "Game":
                panel.get_by_text("The ends as a table").click()
            assert_open_to_all(page, name)
            scrolled = panel.evaluate(
                "one => [...one.querySelectorAll('*')]"
                ".filter(e => e.scrollWidth > e.clientWidth + 1"
                " && getComputedStyle(e).overflowX === 'auto').map(e => [e.tabIndex, e.ariaLabel])"
            )
            assert all(tab == 0 and label for tab, label in scrolled), name
            assert bool(scrolled) or width > 400, name
