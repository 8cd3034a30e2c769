"""The report: one page that stands alone, says what the numbers say, and trusts no scenario."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glacis.cli import main
from glacis.figures.compared import Estimate
from glacis.report.document import command, report
from glacis.report.references import references
from glacis.report.sentences import UNSURE, answer, strongest, told_points
from glacis.report.tables import ASSUMPTIONS, assumptions
from glacis.study.compare import Comparison, compare

POSTURES = ["tripwire", "forward", "none"]
LEDGER = [
    {
        "id": "overrun-60h",
        "statement": "Red reaches Tallinn or Riga within <60> hours",
        "kind": "fact",
        "share": 0.62,
        "low": 0.58,
        "high": 0.66,
        "verdict": "leans",
        "assumed": False,
        "hangs_on": "campaign.movement.unopposed",
        "notes": ["RAND's games found 36 to 60 hours"],
        "reds": {"red-2021": "leans", "late-2022": "fails"},
    },
    {"id": "bare", "share": None, "verdict": "holds", "assumed": True},
]


@pytest.fixture(scope="module")
def study() -> Comparison:
    return compare("baltic", POSTURES, worlds=24)


@pytest.fixture(scope="module")
def page(study: Comparison) -> str:
    return report(study, LEDGER)


def changed(study: Comparison, **variables: Any) -> Comparison:
    """The same study with variables of its second posture replaced."""
    dataset = study.dataset.copy(deep=True)
    for name, values in variables.items():
        dataset[name].loc[{"posture": study.postures[1]}] = values
    return replace(study, dataset=dataset)


def of(study: Comparison, *postures: str) -> Comparison:
    return replace(study, dataset=study.dataset.sel(posture=list(postures)))


class Reader(HTMLParser):
    """Tags with their attributes, and whether every one is closed."""

    VOID = frozenset({"meta", "img", "br", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.waiting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.waiting.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.waiting.pop() == tag

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attrs for name, attrs in self.tags if name == tag)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert not reader.waiting
    return reader


def test_the_page_stands_alone(page: str) -> None:
    found = read(page)
    assert not list(found.all("script")) + list(found.all("link")) + list(found.all("iframe"))
    sources = [attrs["src"] or "" for attrs in found.all("img")]
    assert len(sources) == 5  # two maps, three figures
    assert all(src.startswith("data:image/png;base64,") for src in sources)
    hrefs = [attrs["href"] or "" for attrs in found.all("a")]
    ids = {attrs.get("id") for _, attrs in found.tags}
    assert all(href.startswith("#") and href[1:] in ids for href in hrefs)
    bare = re.sub(r"data:image/png;base64,[^\"]*", "", page)
    assert not re.search(r"url\(|@import|https?://", bare)


def test_the_page_can_be_read_by_anyone(page: str) -> None:
    found = read(page)
    assert next(found.all("html"))["lang"] == "en"
    assert all((attrs["alt"] or "").strip() for attrs in found.all("img"))
    assert all(attrs.get("scope") in ("col", "row") for attrs in found.all("th"))
    tables, captions = list(found.all("table")), list(found.all("caption"))
    assert len(tables) == len(captions) > 4
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert next(found.all("a"))["class"] == "skip"
    boxes = [attrs for attrs in found.all("div") if attrs.get("class") == "scroll"]
    assert all(attrs.get("tabindex") == "0" and attrs.get("aria-label") for attrs in boxes)


def test_the_same_study_gives_the_same_page(study: Comparison, page: str) -> None:
    assert report(study, LEDGER) == page


def test_no_template_trusts_what_it_is_given() -> None:
    for entry in (files("glacis.report") / "templates").iterdir():
        text = entry.read_text(encoding="utf-8")
        assert "safe" not in text.replace("unsafe-inline", ""), entry.name
        assert "autoescape" not in text


def test_what_a_scenario_says_is_never_markup(study: Comparison) -> None:
    evil = '<script>alert("x")</script>'
    own = {"name": evil, "description": evil, "measures": []}
    scenario = study.scenario.replace({"title": evil, "description": evil, "postures.forward": own})
    told = report(Comparison(scenario, of(study, "tripwire", "forward").dataset))
    assert evil not in told
    assert "&lt;script&gt;" in told
    assert not list(read(told).all("script"))


def test_the_ledger_is_told_or_left_out(study: Comparison, page: str) -> None:
    assert "within &lt;60&gt; hours" in page
    assert "62\u00a0% (58 to 66\u00a0%)" in page
    assert "assumed (holds)" in page
    assert '<th scope="col">late-2022</th>' in page
    alone = report(of(study, "tripwire"), paths=("alliance.public.presence_gain",))
    assert 'id="claims"' not in alone
    assert 'id="differences"' not in alone


def test_a_scenario_without_prices_has_a_report(study: Comparison) -> None:
    bare = ["loss", "expected_loss", "loss_without_posture", "p_second_theatre"]
    told = report(replace(study, dataset=study.dataset.drop_vars(bare)))
    assert 'id="losses"' not in told
    assert "prices no losses" in told


def test_the_command_makes_it_again(study: Comparison) -> None:
    scenario = study.scenario.variant("late-2022").replace({"campaign.warning.days": "1..2"})
    told = command(Comparison(scenario, study.dataset), "my dir")
    assert told == (
        "glacis report 'my dir' -o report.html --posture tripwire --posture forward --posture none "
        "--seed 1 --worlds 24 --variant late-2022 --set campaign.warning.days=1..2"
    )


def test_the_first_sentence_names_the_strongest(study: Comparison) -> None:
    assert strongest(study) == "forward"
    told = answer(study).effect
    assert "forward (The stauncher presence) lowers the likelihood that Red attacks most" in told
    assert "95\u00a0% interval" in told
    assert "includes zero" not in told


def test_the_first_sentence_turns_round(study: Comparison) -> None:
    worse = answer(of(study, "forward", "tripwire", "none")).effect
    assert worse.startswith("None of the other postures lowers")
    assert "raises it by" in worse
    base = study.values("p_attack", "tripwire")
    ripple = 0.01 * np.resize([1.0, -1.0], study.n)
    level = changed(of(study, "tripwire", "forward"), p_attack=base + ripple)
    assert answer(level).effect.startswith("No posture is told to lower")
    assert "that interval includes zero" in answer(level).effect


def test_a_rival_that_cannot_be_told_apart_is_named(study: Comparison) -> None:
    assert "cannot be told" not in answer(study).effect
    near = study.values("p_attack", "forward") + 0.01 * np.resize([1.0, -1.0], study.n)
    dataset = study.dataset.copy(deep=True)
    dataset["p_attack"].loc[{"posture": "none"}] = near
    assert "cannot be told from it" in answer(replace(study, dataset=dataset)).effect


def test_the_second_sentence_tells_channels_largest_first(study: Comparison) -> None:
    pair = of(study, "tripwire", "forward")
    told = answer(changed(pair, channel_war=-0.2, channel_answer=0.05, channel_threat=0.0)).means
    assert "against tripwire, what Red expects of the war lowers the likelihood by 20.0" in told
    assert "the answer that Red expects of the council raises it by 5.0\u00a0points" in told
    assert "threat" not in told
    unsure = np.resize([0.2, -0.19], study.n)
    told = answer(changed(pair, channel_war=unsure, channel_answer=0.0, channel_threat=0.0)).means
    assert f"raises the likelihood by 0.5\u00a0points, {UNSURE}" in told
    still = answer(changed(pair, channel_war=0.0, channel_answer=0.0, channel_threat=0.0)).means
    assert "nothing that Red expects or feels is changed" in still


def test_the_third_sentence_sets_cost_against_what_is_prevented(study: Comparison) -> None:
    pair = of(study, "tripwire", "forward")
    assert re.search(
        r"costs EUR\W[\d.,]+\Wbn more than tripwire and prevents", answer(pair).balance
    )
    assert "less is lost" in answer(pair).balance
    loss = study.values("loss_without_posture", "tripwire")
    dear = changed(pair, loss_without_posture=loss, expected_loss=loss + 26.0)
    assert "more is lost" in answer(dear).balance
    assert "costs more than it prevents" in answer(dear).balance
    noise = 30.0 * np.resize([1.0, -1.0], study.n)
    level = answer(changed(pair, loss_without_posture=loss, expected_loss=loss + noise)).balance
    assert "is not told from zero" in level
    back = answer(of(study, "forward", "tripwire")).balance
    assert "tripwire saves EUR" in back
    assert "but adds" in back or "and adds" in back


def test_points_are_told_with_their_interval() -> None:
    assert (
        told_points(Estimate(-28.4, 3.2, -60, 0)) == "28\u00a0points (95\u00a0% interval 25 to 32)"
    )
    assert told_points(Estimate(0.4, 1.2, -2, 3)) == (
        "0.4\u00a0points (95\u00a0% interval \u22120.8 to +1.6)"
    )
    assert "single world" in told_points(Estimate(0.4, np.inf, 0.4, 0.4))


def test_one_world_has_no_interval(study: Comparison) -> None:
    one = replace(study, dataset=study.dataset.isel(world=[0]))
    for sentence in answer(one):
        assert "nan" not in sentence
        assert "inf " not in sentence


def test_assumptions_are_uncertain_numbers_with_sources_spelled_out(study: Comparison) -> None:
    found = assumptions(study.scenario, ASSUMPTIONS)
    paths = {one.path for one in found}
    assert {"crisis.optimism", "belief.base"} <= paths
    for prefix in ASSUMPTIONS:
        assert any(path.startswith(prefix) for path in paths), prefix
    listed = references(study.scenario, [key for one in found for key in one.sources])
    assert len(listed) > 5
    assert not any("not in a bibliography" in one.text for one in listed)
    (one,) = references(study.scenario, ["shlapak-johnson-2016"])
    assert one.text == (
        "David A. Shlapak and Michael Johnson. Reinforcing Deterrence on NATO's Eastern Flank: "
        "Wargaming the Defense of the Baltics. RAND Corporation RR-1253-A, 2016."
    )
    assert "not in a bibliography" in references(study.scenario, ["nobody-1900"])[0].text


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "report.html"
    given = ["report", "baltic", "-o", str(page), "--posture", "tripwire", "--worlds", "4"]
    assert main(given) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert str(page) in capsys.readouterr().err


@pytest.mark.parametrize(
    "given, told",
    [
        (["baltic", "-o", "/no-such-folder/report.html"], "cannot be written there"),
        (["baltic", "-o", "report.html", "--posture", "nobody"], "nobody"),
        (["template", "-o", "report.html"], "has no alliance"),
        (["baltic"], "output"),
    ],
)
def test_what_cannot_be_done_is_refused(
    given: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", *given]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
