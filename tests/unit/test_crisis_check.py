"""What must hold of a crisis: every problem that can be told, with its place and a repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

from crisistexts import ALLIES, BESIDES, PROBLEMS, SECTION, SOUND
from glacis.crisis.reading import read_form
from glacis.errors import GameError, Problem, ScenarioError
from glacis.scenario import crisis_check
from glacis.scenario.check import check
from glacis.scenario.crisis_check import check_crisis
from glacis.scenario.model import Scenario
from glacis.scenario.outline import Outline
from glacis.scenario.override import put_at, to_node
from glacis.scenario.read import examine, read_scenario
from glacis.scenario.tree import Node

Broken = Callable[..., Path]


def four_towns(broken: Broken, *, allies: str = ALLIES, section: str = SECTION) -> Path:
    """The scenario of four towns with a crisis, and with what a crisis needs."""
    folder = broken("scenario.yaml")
    (folder / "allies.yaml").write_text(allies, encoding="utf-8")
    (folder / "crisis.yaml").write_text(section, encoding="utf-8")
    return folder


def told_of(broken: Broken, *pairs: str) -> tuple[Problem, ...]:
    """All problems of the scenario of four towns with the section, texts in it replaced."""
    return check(four_towns(broken, section=changed(SECTION, *pairs))).problems


def changed(text: str, *pairs: str) -> str:
    """A text in which each first of a pair is replaced, where it comes first, by the second."""
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def problems_of(tree: Node) -> list[Problem]:
    """What the check of the crisis tells of a tree."""
    outline = Outline(tree)
    check_crisis(outline)
    return outline.problems


def problems_by(scenario: Scenario, changes: dict[str, object]) -> dict[str, str]:
    """What each problem that changes make says, by its path."""
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(changes)
    return {found.path: f"{found.code}: {found.what}" for found in caught.value.problems}


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


def mark_of(problem: Problem, folder: Path) -> str:
    """What stands at the place of a problem in the crisis's file, to the end of its line."""
    assert problem.mark.file.endswith("crisis.yaml")
    lines = (folder / "crisis.yaml").read_text("utf-8").split("\n")
    return lines[problem.mark.line - 1][problem.mark.column - 1 :]


@pytest.mark.parametrize("case", PROBLEMS)
def test_every_problem_has_its_place(broken: Broken, case: str) -> None:
    pairs, *first = PROBLEMS[case]
    found = list(told_of(broken, *pairs))
    for code, path, there, told in (tuple(first), *BESIDES.get(case, ())):
        fits = [one for one in found if one.path == path and told in f"{one.what}; {one.repair}"]
        assert [one.code for one in fits] == [code], "\n".join(map(str, found))
        assert mark_of(fits[0], broken("crisis.yaml")).startswith(there)
        found.remove(fits[0])
    assert not found, "\n".join(map(str, found))  # one fault is told once


def test_a_sound_crisis_is_no_problem(broken: Broken) -> None:
    assert told_of(broken) == ()
    found = read_scenario(broken("crisis.yaml")).crisis
    assert found is not None
    assert list(found.types) == ["hungry", "afraid", "firm", "weak"]


def test_a_scenario_without_a_crisis_is_sound(mini: Scenario) -> None:
    assert mini.crisis is None
    assert problems_of(mini.document.tree) == []


def test_a_crisis_left_empty_counts_as_left_out_and_needs_nothing(broken: Broken) -> None:
    folder = four_towns(broken, allies=NOTHING, section="crisis:\n")
    assert check(folder).problems == ()
    assert read_scenario(folder).crisis is None


def test_the_bundled_baltic_is_sound(baltic: Scenario) -> None:
    assert problems_of(baltic.document.tree) == []
    assert check("baltic").problems == ()


def test_a_problem_stands_in_the_file_that_made_it(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(
        "extends: baltic\ntitle: Other\ncrisis:\n  challenger: blu\n  success:\n"
        "    territory: {value: 1, source: elicited, confidence: low, note: x}\n"
        "    glory: {value: 1, source: elicited, confidence: low, note: x}\n",
        encoding="utf-8",
    )
    found = [str(one) for one in check(path).problems]
    assert [one.split(" ")[0].rpartition("/")[2] for one in found] == [
        "other.yaml:4:15",
        "other.yaml:7:12",
    ]
    assert "crisis.challenger: there is no player 'blu'; did you mean blue?" in found[0]
    assert "crisis.success.glory: there is no attribute 'glory'" in found[1]


# ---- what a crisis owes the war ------------------------------------------------------------------


NOTHING = "alliance:\nbelief:\n"
"""Sections that are left empty count as left out."""
SECTIONS = ("alliance", "belief")


@pytest.mark.parametrize("event", ["gained", "limited", "full", "insecure"])
def test_a_crisis_needs_an_alliance_and_a_register(broken: Broken, event: str) -> None:
    """Told once, whether or not anything is drawn from them."""
    section = changed(SECTION, "forecast: gained", f"forecast: {event}")
    found = check(four_towns(broken, allies=NOTHING, section=section)).problems
    assert [(one.code, one.path, one.what, one.repair) for one in found] == [
        (
            "missing-key",
            "crisis",
            f"the scenario has no {name}, and a crisis needs one",
            f"write {name}",
        )
        for name in SECTIONS
    ]
    assert {mark_of(one, broken("crisis.yaml")) for one in found} == {"players: [red, blue]"}


@pytest.mark.parametrize("role", ["challenger", "guarantor", "bystander"])
def test_a_crisis_is_about_a_protege(broken: Broken, role: str) -> None:
    folder = four_towns(broken)
    broken("scenario.yaml", "role: protege", f"role: {role}")
    (problem,) = check(folder).problems
    assert (problem.code, problem.path) == ("not-allowed", "nations")
    assert problem.what == "no nation is a protege, so that there is nothing to attack"
    assert problem.repair == "give the defended states `role: protege`"
    assert problem.mark.file.endswith("scenario.yaml")
    (folder / "crisis.yaml").unlink()
    assert check(folder).problems == ()


def test_one_protege_is_enough(broken: Broken) -> None:
    folder = four_towns(broken)
    broken("scenario.yaml", "role: guarantor", "role: protege")
    assert check(folder).problems == ()


def test_nations_that_are_not_there_are_missed_once(broken: Broken) -> None:
    tree = examine(four_towns(broken)).document.tree
    assert problems_of(tree.with_child("nations", None)) == []


@pytest.mark.parametrize("event", ["gained", "none", "limited", "full"])
def test_the_war_is_not_forecast_before_an_attack(baltic: Scenario, event: str) -> None:
    """As an answer it comes before what was gained too, whichever the answer is."""
    path = "crisis.stages.red-type.actions.insecure"
    again = "not-allowed: {} has been drawn before on this way"
    if event == "gained":
        besides = {"crisis.stages.push.actions.gained": again.format("gained")}
    else:
        late = "not-allowed: it is drawn after the answer, which hangs on it"
        besides = {"crisis.stages.push.actions.gained": late} | {
            f"crisis.stages.answer.actions.{one}": again.format(one) for one in ("limited", "full")
        }
    assert problems_by(baltic, {f"{path}.forecast": event}) == besides | {
        path: "not-allowed: no attack has been chosen before"
    }


def test_what_was_gained_is_not_drawn_after_the_answer(baltic: Scenario) -> None:
    """On whichever of the ways it comes to that."""
    gained = {"then": "sanctioned", "forecast": "gained"}
    late = {"player": "chance", "actions": {"gained": gained, "held": {"then": "sanctioned"}}}
    changes: dict[str, object] = {
        "crisis.stages.push.actions.gained.forecast": None,
        "crisis.stages.push.actions.gained.probability": 0.5,
        "crisis.stages.answer.actions.limited.then": "late",
        "crisis.stages.late": late,
    }
    assert problems_by(baltic, changes) == {
        "crisis.stages.late.actions.gained": (
            "not-allowed: it is drawn after the answer, which hangs on it"
        )
    }


KINDS = (("insecure",), ("gained",), ("none", "limited", "full"))


@pytest.mark.parametrize("first, second", list(permutations(sum(KINDS, ()), 2)))
def test_draws_of_a_stage_are_of_one_kind(broken: Broken, first: str, second: str) -> None:
    draws = f"other: {{then: nerve, forecast: {second}}}\n        held: {{then: nerve}}"
    found = told_of(broken, "forecast: gained", f"forecast: {first}", "held: {then: nerve}", draws)
    told = [(one.path, one.what) for one in found if "cannot both be" in one.what]
    what = f"{second} and {first} cannot both be draws of one stage"
    is_one_kind = any({first, second} <= set(kind) for kind in KINDS)
    assert told == ([] if is_one_kind else [("crisis.stages.push.actions.other.forecast", what)])


def test_refraining_is_no_attack(broken: Broken) -> None:
    found = told_of(broken, "refrain: {}\n", "refrain: {then: push}\n")
    assert [(one.code, one.path, one.what) for one in found] == [
        (
            "not-allowed",
            "crisis.stages.push.actions.gained",
            "no attack has been chosen before",
        ),
        *(
            (
                "not-allowed",
                "crisis.stages.reply.actions.give-in",
                f"no attack has been chosen, so `{key}` means nothing",
            )
            for key in ("war", "keeps", "wins")
        ),
    ]
    mark = found[0].mark
    assert all(one.mark.line > mark.line and one.mark.file == mark.file for one in found[1:])


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_gone_is_missed(baltic: Scenario, section: str) -> None:
    """Once, and not at each of the draws that need it."""
    tree = baltic.document.tree.with_child(section, None)
    assert [(one.path, one.what) for one in problems_of(tree)] == [
        ("crisis", f"the scenario has no {section}, and a crisis needs one")
    ]


def test_shares_of_types_need_their_base(baltic: Scenario) -> None:
    assert problems_by(baltic, {"belief.insecure": None}) == {
        "crisis.stages.red-type.actions.insecure": (
            "not-allowed: the scenario has no belief.insecure to draw it from"
        )
    }


def test_a_war_without_an_end_in_the_baltic(baltic: Scenario) -> None:
    path = "crisis.stages.resolve.actions.press-on"
    assert problems_by(baltic, {f"{path}.war": None}) == {
        path: "not-allowed: nothing says until when the war goes on"
    }


def test_an_end_may_be_told_on_the_way(broken: Broken) -> None:
    pairs = (
        "held: {then: nerve}",
        "held: {then: nerve, war: end}",
        "fight: {war: end}",
        "fight: {}",
    )
    (problem,) = told_of(broken, *pairs)  # where it was gained, nothing says so
    assert problem.path == "crisis.stages.reply.actions.fight"
    assert problem.what == "nothing says until when the war goes on"
    both = (*pairs, "forecast: gained}", "forecast: gained, war: decision}")
    assert told_of(broken, *both) == ()


def test_a_register_may_speak_of_types(broken: Broken) -> None:
    section = changed(SECTION, "probability: 0.4", "forecast: insecure")
    known = changed(ALLIES, "{base: 0.5,", "{base: 0.5, insecure: 0.3,")
    assert check(four_towns(broken, allies=known, section=section)).problems == ()


def test_options_nearly_named_are_told_before_the_ends(broken: Broken) -> None:
    """And each of them; what is not like any is told by the ends that it leads to."""
    more = "assault: {then: push}", "asault: {then: push}\n        assaullt: {war: end}"
    assert [(one.code, one.path) for one in told_of(broken, *more)] == [
        ("unknown-option", f"crisis.stages.act.actions.{name}") for name in ("asault", "assaullt")
    ]
    beside = "assault: {then: push}", "assault: {then: push}\n        asault: {then: push}"
    for pairs in (beside, ("assault: {then: push}", "charge: {then: push}")):
        found = told_of(broken, *pairs)
        assert {one.code for one in found} == {"not-allowed"}
        assert any(one.what.endswith("Red does nothing that counts") for one in found)


def test_scales_are_told_of_each_type(broken: Broken) -> None:
    """A success that may be a failure is none for anybody."""
    found = told_of(broken, "success: {ground: 1, promise: 1}", "success: {ground: -0.5..2}")
    worst = {"hungry": -0.5, "afraid": -0.5, "firm": 0.5, "weak": 0.25}
    assert [(one.code, one.path) for one in found] == [
        ("out-of-bounds", f"crisis.types.{name}") for name in worst
    ]
    for problem, least in zip(found, worst.values(), strict=True):
        assert problem.what.endswith(f"(at worst {least})")
        assert problem.repair == "change its weights, or crisis.success"


def test_scales_in_the_baltic(baltic: Scenario) -> None:
    """To the reluctant the promise alone may be what is lost; if that too may be none, nothing."""
    path = "crisis.types.reluctant.weights"
    zero = {f"{path}.territory.high": 0, f"{path}.fracture.high": 0}
    what = "an uncontested full success need not be a loss to Blue"
    found = problems_by(baltic, zero)
    assert list(found) == ["crisis.types.reluctant"]
    assert found["crisis.types.reluctant"].startswith(f"out-of-bounds: {what} (at worst ")
    assert baltic.replace({f"{path}.territory.high": 0}).crisis is not None


def test_a_weight_that_is_none_is_told_once(broken: Broken) -> None:
    found = told_of(broken, "weights: {ground: -0.5}", "weights: {ground: much}")
    assert [(one.code, one.path) for one in found] == [
        ("not-a-number", "crisis.types.weak.weights.ground")
    ]


def test_an_option_that_is_gone_counts_no_more(baltic: Scenario) -> None:
    found = problems_by(baltic, {"options.narva": None})
    assert any(told.endswith("Red does nothing that counts") for told in found.values())


def test_who_makes_no_move_needs_no_draw(broken: Broken) -> None:
    """On a way on which Blue never moves its type may stay undrawn: refraining, the grey zone."""
    assert not any("blue moves" in one.what for one in told_of(broken))
    undrawn = (
        *("firm: {then: reply,", "clouds: {then: reply,"),
        *("weak: {then: reply}", "sun: {then: reply}"),
    )
    (problem,) = told_of(broken, *undrawn)  # of both of Blue's answers, told at the first
    assert problem.path == "crisis.stages.reply.actions.give-in"
    assert problem.what == (
        "on a way that ends here blue moves, and no chance draws which type it is"
    )


def test_a_player_of_one_type_needs_no_draw(broken: Broken) -> None:
    one = ("    weak: {name: Weak, player: blue, weights: {ground: -0.5}}\n", "")
    assert told_of(broken, *one) == ()


def test_a_type_that_a_player_chooses_is_not_drawn(broken: Broken) -> None:
    chosen = ("  nature:\n      player: chance\n      seen_by: red\n",
              "  nature:\n      player: red\n", ", probability: 0.4}", "}")  # fmt: skip
    (problem,) = told_of(broken, *chosen)
    assert problem.path == "crisis.stages.act.actions.refrain"
    assert "red moves, and no chance draws which type it is" in problem.what


@pytest.mark.parametrize("case", SOUND)
def test_what_is_no_problem(broken: Broken, case: str) -> None:
    assert told_of(broken, *SOUND[case]) == ()


def test_a_crisis_without_chance_is_sound(broken: Broken) -> None:
    scenario = read_scenario(four_towns(broken))
    changes: dict[str, object] = {
        **dict.fromkeys(("crisis.stages.nature", "crisis.stages.push", "crisis.stages.nerve")),
        **dict.fromkeys(("crisis.types.afraid", "crisis.types.weak")),
        **dict.fromkeys(
            (f"crisis.stages.act.actions.{attack}.then" for attack in ("assault", "grab")), "reply"
        ),
    }
    found = scenario.replace(changes).crisis
    assert found is not None
    assert list(found.stages) == ["act", "reply"]


@pytest.mark.parametrize("most", [1, 2, 10])
def test_too_many_ways_are_told(broken: Broken, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(crisis_check, "MAX_STORIES", most)
    (problem,) = told_of(broken)
    assert (problem.code, problem.path) == ("out-of-bounds", "crisis.stages")
    assert f"more than {most} ways that differ" in problem.what
    assert problem.repair == "merge stages"
    assert mark_of(problem, broken("crisis.yaml")) == "nature:"


def test_what_was_found_before_too_many_ways_is_kept(
    broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crisis_check, "MAX_STORIES", 5)
    found = told_of(broken, "refrain: {}", "refrain: {war: end}")
    assert [(one.code, one.path) for one in found] == [
        ("out-of-bounds", "crisis.stages"),
        ("not-allowed", "crisis.stages.act.actions.refrain"),
    ]


def test_ways_that_mean_the_same_count_once(
    broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty draws of luck, one after another, are a million ways; nothing hangs on any."""
    monkeypatch.setattr(crisis_check, "MAX_STORIES", 100)
    stages = [
        f"    luck-{n}:\n      player: chance\n      actions:\n"
        f"        good: {{then: luck-{n + 1}, probability: 0.5}}\n"
        f"        bad: {{then: luck-{n + 1}}}\n"
        for n in range(20)
    ]
    found = told_of(
        broken,
        *("afraid: {then: act,", "afraid: {then: luck-0,"),
        *("hungry: {then: act}", "hungry: {then: luck-0}"),
        *("    act:\n", "".join(stages).replace("luck-20", "act") + "    act:\n"),
    )
    assert found == ()


# ---- games that stand alone ----------------------------------------------------------------------

ALONE = """format: 1
title: A test
description: Chance draws; one moves.
players: a
stages:
  draw:
    player: chance
    actions:
      rain: {then: move, probability: 0.5}
      sun: {then: move}
  move:
    player: a
    actions:
      left: {pays: {a: 1}}
      right: {}
"""


@pytest.mark.parametrize(
    "old, new, place, path",
    [
        ("probability: 0.5}", "forecast: gained}", "9:36", "draw.actions.rain.forecast"),
        ("0.5}", "0.5, believed: 0.4}", "9:54", "draw.actions.rain.believed"),
        ("right: {}", "right: {war: end}", "15:20", "move.actions.right.war"),
        ("right: {}", "right: {war: abandoned}", "15:20", "move.actions.right.war"),
        ("right: {}", "right: {keeps: 0.5}", "15:22", "move.actions.right.keeps"),
        ("right: {}", "right: {wins: {a: 1}}", "15:21", "move.actions.right.wins"),
    ],
)
def test_a_game_that_stands_alone_has_no_war(
    old: str, new: str, place: str, path: str, tmp_path: Path
) -> None:
    file = tmp_path / "game.yaml"
    assert old in ALONE
    file.write_text(ALONE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GameError) as raised:
        read_form(file)
    (problem,) = raised.value.problems
    assert problem.code == "not-allowed"
    assert str(problem).startswith(
        f"game.yaml:{place} stages.{path}: only the crisis of a scenario"
    )


def test_what_is_left_empty_is_not_bound(tmp_path: Path) -> None:
    file = tmp_path / "game.yaml"
    empty = "right: {war: , keeps: , forecast: , believed: }"
    file.write_text(ALONE.replace("right: {}", empty), encoding="utf-8")
    assert read_form(file).stages["move"].actions["right"].war is None


# ---- broken fields -------------------------------------------------------------------------------

JUNK: tuple[object, ...] = (
    None, "", "gained", "red", 3.5, -1, True, [], ["act", 1], [[None]], {}, {"x": None},
    {"act": {"then": "act"}}, {"value": "x"},
)  # fmt: skip


def paths_of(node: Node, path: str) -> Iterator[str]:
    """Every path from here down."""
    yield path
    for name, child in node.children():
        yield from paths_of(child, f"{path}.{name}")


def test_broken_fields_never_stop_the_check(broken: Broken) -> None:
    tree = examine(four_towns(broken)).document.tree
    crisis = tree.get("crisis")
    assert crisis is not None
    paths = list(paths_of(crisis, "crisis"))
    assert len(paths) > 100
    for path in (*paths, "alliance", "belief", "options", "nations", "nations.NO.role"):
        for junk in JUNK:
            problems_of(put_at(tree, path, to_node(junk)))
        problems_of(put_at(tree, path, None))


@pytest.mark.parametrize(
    "field, junk, code",
    [
        ("stages", "text", "wrong-type"),
        ("stages", [], "wrong-type"),
        ("stages", {}, "not-valid"),
        ("types", 3, "wrong-type"),
        ("attributes", ["ground"], "wrong-type"),
        ("players", {"red": 1}, "wrong-type"),
        ("success", "all of it", "wrong-type"),
        ("success", {}, "not-valid"),
        ("provocation", "strong", "wrong-type"),
        ("provocation.weights", [1], "wrong-type"),
        ("stages.act.actions", "refrain", "wrong-type"),
        ("stages.act.actions.refrain", "x", "wrong-type"),
        ("stages.reply.actions.give-in.cases", {"when": 1}, "wrong-type"),
        ("stages.nerve.actions.firm.believed", 1.5, "out-of-bounds"),
        ("stages.reply.actions.give-in.keeps", -0.1, "out-of-bounds"),
        ("stages.reply.actions.give-in.war", "now", "not-allowed"),
        ("attributes.ground.measure", "sea", "not-allowed"),
        ("precision", 0, "out-of-bounds"),
        ("types.firm.weights", {}, "not-valid"),
        ("stages.reply.actions.give-in.wins", 0.5, "wrong-type"),
        ("stages.reply.actions.give-in.wins.promise", "much", "not-a-number"),
        ("stages.reply.actions.give-in.cases.0.wins", [1], "wrong-type"),
    ],
)
def test_broken_fields_are_told(broken: Broken, field: str, junk: object, code: str) -> None:
    scenario = read_scenario(four_towns(broken))
    with pytest.raises(ScenarioError) as caught:
        scenario.replace({f"crisis.{field}": junk})
    found = [(one.code, one.path) for one in caught.value.problems]
    assert any(told == code and path.startswith(f"crisis.{field}") for told, path in found), found


@pytest.mark.parametrize("field", ["success", "stages", "types.firm.weights"])
def test_what_holds_nothing_is_told_so(broken: Broken, field: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(four_towns(broken)).replace({f"crisis.{field}": {}})
    told = [(one.path, one.what, one.repair) for one in caught.value.problems]
    assert (f"crisis.{field}", "holds nothing", "give it at least one entry") in told


@pytest.mark.parametrize(
    "path", ["alliance.council.coalition", "belief.base", "crisis.optimism", "crisis.success"]
)
def test_what_is_missing_is_shown_in_the_baltic(broken: Broken, path: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(four_towns(broken)).replace({path: None})
    section = path.partition(".")[0]
    shown = f"add it (baltic's {section}.yaml shows every key; `glacis where` names its folder)"
    told = [(one.code, one.path, one.repair) for one in caught.value.problems]
    assert ("missing-key", path, shown) in told
