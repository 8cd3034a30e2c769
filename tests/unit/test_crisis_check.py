"""What must hold of a crisis: every problem that can be told, with its place and a repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

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
Told = tuple[str, str, str, str]
Case = tuple[tuple[str, ...], str, str, str, str]

#: A crisis for the scenario of four towns, which has neither an alliance nor a register of belief.
SECTION = """source: elicited
confidence: low
note: invented
crisis:
  players: [red, blue]
  challenger: red
  precision: 5
  optimism: 1
  insight: 0
  occasions_per_year: 0.1
  provocation: {above: thin, within_km: 300, half: 2, weights: {armour: 1}}
  attributes:
    ground: {name: Ground, measure: ground}
    threat: {name: Threat, measure: threat}
    promise: {name: A promise broken}
  success: {ground: 1, promise: 1}
  types:
    hungry: {name: Hungry, player: red, weights: {ground: 1, promise: 0.5}}
    afraid: {name: Afraid, player: red, weights: {ground: 1, threat: -1}}
    firm: {name: Firm, player: blue, weights: {ground: -1}}
    weak: {name: Weak, player: blue, weights: {ground: -0.5}}
  stages:
    nature:
      player: chance
      seen_by: red
      actions:
        afraid: {then: act, probability: 0.4}
        hungry: {then: act}
    act:
      player: red
      actions:
        refrain: {}
        grey-zone: {pays: {promise: 0.1}}
        assault: {then: push}
        grab: {then: push}
    push:
      player: chance
      actions:
        gained: {then: nerve, forecast: gained}
        held: {then: nerve}
    nerve:
      player: chance
      seen_by: blue
      actions:
        firm: {then: reply, probability: 0.7, believed: 0.5}
        weak: {then: reply}
    reply:
      player: blue
      actions:
        give-in:
          war: decision
          keeps: 1
          cases:
            - when: {act: grab}
              pays: {promise: -0.5}
        fight: {war: end}
"""

#: (Old, new, ...), code, path, what stands at the place, part of what is told.
PROBLEMS: dict[str, Case] = {
    "attribute of a payment": (
        ("pays: {promise: 0.1}", "pays: {promize: 0.1}"),
        "unknown-attribute", "crisis.stages.act.actions.grey-zone.pays.promize", "0.1",
        "no attribute 'promize'; did you mean promise?",
    ),
    "player in place of an attribute": (
        ("pays: {promise: 0.1}", "pays: {red: 0.1}"),
        "unknown-attribute", "crisis.stages.act.actions.grey-zone.pays.red", "0.1",
        "no attribute 'red'",
    ),
    "attribute of a case": (
        ("pays: {promise: -0.5}", "pays: {promises: -0.5}"),
        "unknown-attribute", "crisis.stages.reply.actions.give-in.cases.0.pays.promises", "-0.5",
        "no attribute 'promises'; did you mean promise?",
    ),
    "attribute of weights": (
        ("threat: -1}", "thret: -1}"),
        "unknown-attribute", "crisis.types.afraid.weights.thret", "-1",
        "no attribute 'thret'; did you mean threat?",
    ),
    "attribute of success": (
        ("success: {ground: 1,", "success: {grund: 1,"),
        "unknown-attribute", "crisis.success.grund", "1,",
        "no attribute 'grund'; did you mean ground?",
    ),
    "player of a type": (
        ("Weak, player: blue", "Weak, player: blu"),
        "unknown-player", "crisis.types.weak.player", "blu,",
        "no player 'blu'; did you mean blue?",
    ),
    "challenger": (
        ("challenger: red", "challenger: russia"),
        "unknown-player", "crisis.challenger", "russia",
        "no player 'russia'; use one of: red, blue",
    ),
    "chance as challenger": (
        ("challenger: red", "challenger: chance"),
        "unknown-player", "crisis.challenger", "chance", "no player 'chance'",
    ),
    "player of a stage": (
        ("act:\n      player: red", "act:\n      player: rde"),
        "unknown-player", "crisis.stages.act.player", "rde", "no player 'rde'",
    ),
    "stage that follows": (
        ("assault: {then: push}", "assault: {then: psh}"),
        "unknown-stage", "crisis.stages.act.actions.assault.then", "psh", "did you mean push?",
    ),
    "stage of a case": (
        ("when: {act: grab}", "when: {atc: grab}"),
        "unknown-stage", "crisis.stages.reply.actions.give-in.cases.0.when.atc", "grab",
        "did you mean act?",
    ),
    "action of a case": (
        ("when: {act: grab}", "when: {act: [grub]}"),
        "unknown-action", "crisis.stages.reply.actions.give-in.cases.0.when.act.0", "grub",
        "did you mean grab",
    ),
    "circle": (
        ("fight: {war: end}", "fight: {war: end, then: push}"),
        "circle", "crisis.stages.reply.actions.fight.then", "push", "leads back to push",
    ),
    "posture of the provocation": (
        ("above: thin", "above: thinn"),
        "unknown-posture", "crisis.provocation.above", "thinn", "did you mean thin or thick?",
    ),
    "type of the provocation": (
        ("weights: {armour: 1}", "weights: {armor: 1}"),
        "unknown-type", "crisis.provocation.weights.armor", "1}", "did you mean armour?",
    ),
    "probability and forecast": (
        ("forecast: gained}", "forecast: gained, probability: 0.5}"),
        "not-allowed", "crisis.stages.push.actions.gained.forecast", "gained,",
        "a draw cannot have both; leave out probability or forecast",
    ),
    "stated and forecast draws": (
        ("    nerve:\n", "        fled: {then: nerve, probability: 0.5}\n    nerve:\n"),
        "not-allowed", "crisis.stages.push.actions.fled", "{then",
        "some draws of a stage are forecast, and some have probabilities; give all the one or",
    ),
    "one event drawn twice": (
        ("    nerve:\n", "        more: {then: nerve, forecast: gained}\n    nerve:\n"),
        "not-allowed", "crisis.stages.push.actions.more.forecast", "gained}",
        "gained is drawn twice; draw each event once",
    ),
    "events of two kinds": (
        ("    nerve:\n", "        lost: {then: nerve, forecast: full}\n    nerve:\n"),
        "not-allowed", "crisis.stages.push.actions.lost.forecast", "full}",
        "full and gained cannot both be draws of one stage; draw each event once, and others at",
    ),
    "gained after the answer": (
        (
            "gained: {then: nerve, forecast: gained}", "full: {then: late, forecast: full}",
            "    nerve:\n", "    late:\n      player: chance\n      actions:\n"
            "        gained: {then: nerve, forecast: gained}\n        held: {then: nerve}\n"
            "    nerve:\n",
        ),
        "not-allowed", "crisis.stages.late.actions.gained", "{then",
        "it is drawn after the answer, which hangs on it; draw it before the answer",
    ),
    "belief without a probability": (
        ("weak: {then: reply}", "weak: {then: reply, believed: 0.5}"),
        "not-allowed", "crisis.stages.nerve.actions.weak.believed", "0.5",
        "only a stated probability can be mistaken; leave believed out",
    ),
    "belief beside a forecast": (
        ("forecast: gained}", "forecast: gained, believed: 0.9}"),
        "not-allowed", "crisis.stages.push.actions.gained.believed", "0.9",
        "only a stated probability can be mistaken; leave believed out",
    ),
    "beliefs that add up to more": (
        (
            "0.7, believed: 0.5}", "0.4, believed: 0.9}", "weak: {then: reply}",
            "weak: {then: reply, probability: 0.4, believed: 0..0.9}\n        mist: {then: reply}",
        ),
        "probability-sum", "crisis.stages.nerve.actions", "player",
        "the beliefs can add up to 1.8; lower them",
    ),
    "belief that leaves too little to a probability": (
        (
            "0.7, believed: 0.5}", "0.4, believed: 0.9}", "weak: {then: reply}",
            "weak: {then: reply, probability: 0.4}\n        mist: {then: reply}",
        ),
        "probability-sum", "crisis.stages.nerve.actions", "player",
        "the beliefs can add up to 1.3; lower them",
    ),
    "probabilities that add up to more than is believed": (
        (
            "0.7, believed: 0.5}", "0.7, believed: 0.2}", "weak: {then: reply}",
            "weak: {then: reply, probability: 0.4}\n        mist: {then: reply}",
        ),
        "probability-sum", "crisis.stages.nerve.actions", "player",
        "the probabilities can add up to 1.1; lower them",
    ),
    "forecast of a player": (
        ("grab: {then: push}", "grab: {then: push, forecast: gained}"),
        "not-allowed", "crisis.stages.act.actions.grab.forecast", "gained", "only chance draws",
    ),
    "belief of a player": (
        ("fight: {war: end}", "fight: {war: end, believed: 0.5}"),
        "not-allowed", "crisis.stages.reply.actions.fight.believed", "0.5", "only chance draws",
    ),
    "probability of a player": (
        ("fight: {war: end}", "fight: {war: end, probability: 0.5}"),
        "not-allowed", "crisis.stages.reply.actions.fight.probability", "0.5", "only chance draws",
    ),
    "every draw bound": (
        ("held: {then: nerve}", "held: {then: nerve, probability: 0.5}"),
        "probability-sum", "crisis.stages.push.actions", "player", "every draw has a probability",
    ),
    "no draw bound": (
        (", forecast: gained}", "}"),
        "probability-sum", "crisis.stages.push.actions", "player", "2 draws have none",
    ),
    "forecast left empty": (
        ("forecast: gained}", "forecast: }"),
        "probability-sum", "crisis.stages.push.actions", "player", "2 draws have none",
    ),
    "forecast of nothing known": (
        ("forecast: gained}", "forecast: won}"),
        "not-allowed", "crisis.stages.push.actions.gained.forecast", "won", "'gained'",
    ),
    "insecure types without a register": (
        ("probability: 0.4", "forecast: insecure"),
        "not-allowed", "crisis.stages.nature.actions.afraid", "{then",
        "no belief.insecure to draw it from; write belief.insecure",
    ),
    "war before an attack": (
        ("refrain: {}", "refrain: {war: end}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{war",
        "no attack has been chosen, so `war` means nothing; remove `war`",
    ),
    "war of the grey zone": (
        ("{pays: {promise: 0.1}}", "{war: decision, pays: {promise: 0.1}}"),
        "not-allowed", "crisis.stages.act.actions.grey-zone", "{war",
        "no attack has been chosen, so `war` means nothing; remove `war`",
    ),
    "keeps before an attack": (
        ("refrain: {}", "refrain: {keeps: 0.5}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{keeps",
        "no attack has been chosen, so `keeps` means nothing; remove `keeps`",
    ),
    "keeps at a draw before an attack": (
        ("hungry: {then: act}", "hungry: {then: act, keeps: 0}"),
        "not-allowed", "crisis.stages.nature.actions.hungry", "{then",
        "no attack has been chosen, so `keeps` means nothing; remove `keeps`",
    ),
    "end without an act": (
        ("refrain: {}", "wait: {}"),
        "not-allowed", "crisis.stages.act.actions.wait", "{}",
        "Red does nothing that counts; let each way have one of refrain, grey-zone, assault, grab",
    ),
    "end with two acts": (
        (
            "fight: {war: end}", "fight: {then: again}\n    again:\n      player: red\n"
            "      actions:\n        go-on: {war: end}\n        refrain: {war: end}",
        ),
        "not-allowed", "crisis.stages.again.actions.refrain", "{war",
        "on a way that ends here Red does assault and refrain; let each way have one of refrain",
    ),
    "attack drawn by chance": (
        (
            "grab: {then: push}", "grab: {then: push}\n        toss: {then: luck}",
            "    push:\n", "    luck:\n      player: chance\n      actions:\n"
            "        assault: {probability: 0.5}\n        refrain: {}\n    push:\n",
        ),
        "not-allowed", "crisis.stages.luck.actions.assault", "{prob",
        "Red does nothing that counts; let each way have one of refrain, grey-zone, assault, grab",
    ),
    "attack of Blue": (
        (
            "grab: {then: push}", "grab: {then: push}\n        wait: {then: strike}",
            "    push:\n", "    strike:\n      player: blue\n      actions:\n"
            "        assault: {}\n        refrain: {}\n    push:\n",
        ),
        "not-allowed", "crisis.stages.strike.actions.assault", "{}",
        "Red does nothing that counts; let each way have one of refrain, grey-zone, assault, grab",
    ),
    "type drawn twice": (
        (
            "hungry: {then: act}", "hungry: {then: mood}",
            "    act:\n", "    mood:\n      player: chance\n      actions:\n"
            "        afraid: {then: act, probability: 0.1}\n        hungry: {then: act}\n"
            "    act:\n",
        ),
        "not-allowed", "crisis.stages.act.actions.refrain", "{}",
        "red moves, and chance draws 2 types of it; draw one of afraid, hungry before",
    ),
    "war left empty at an end": (
        ("fight: {war: end}", "fight: {war: }"),
        "not-allowed", "crisis.stages.reply.actions.fight", "{war",
        "nothing says until when the war goes on; write `war: decision` or `war: end`",
    ),
    "alliance left empty": (
        ("forecast: gained}", "forecast: full}", "crisis:\n", "alliance:\nbelief:\ncrisis:\n"),
        "not-allowed", "crisis.stages.push.actions.gained", "{then",
        "the scenario has no alliance to draw it from; write alliance",
    ),
    "war without an end": (
        ("fight: {war: end}", "fight: {}"),
        "not-allowed", "crisis.stages.reply.actions.fight", "{}",
        "nothing says until when the war goes on; write `war: decision` or `war: end`",
    ),
    "no type of Blue": (
        (
            "    firm: {name: Firm, player: blue, weights: {ground: -1}}\n", "",
            "    weak: {name: Weak, player: blue, weights: {ground: -0.5}}\n", "",
        ),
        "not-allowed", "crisis.stages.act.actions.refrain", "{}",
        "no type says what blue cares about; declare one under crisis.types",
    ),
    "type that no chance draws": (
        ("afraid: {then: act, probability: 0.4}", "clouds: {then: act, probability: 0.4}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{}",
        "red moves, and no chance draws which type it is; draw one of afraid, hungry before",
    ),
}  # fmt: skip


#: What else the same texts bring: two faults, or one that is told of different ends.
BESIDES: dict[str, tuple[Told, ...]] = {
    "probability and forecast": ((
        "not-allowed", "crisis.stages.push.actions.gained", "{then",
        "some draws of a stage are forecast, and some have probabilities",
    ),),
    "every draw bound": ((
        "not-allowed", "crisis.stages.push.actions.held", "{then",
        "some draws of a stage are forecast, and some have probabilities",
    ),),
    "gained after the answer": tuple(
        ("not-allowed", "crisis.stages.push.actions.full", "{then", f"no {section} to draw it from")
        for section in ("alliance", "belief")
    ),
    "end with two acts": ((
        "not-allowed", "crisis.stages.again.actions.refrain", "{war",
        "on a way that ends here Red does grab and refrain",
    ),),
    "attack of Blue": ((
        "not-allowed", "crisis.stages.strike.actions.assault", "{}",
        "blue moves, and no chance draws which type it is; draw one of firm, weak before",
    ),),
    "alliance left empty": ((
        "not-allowed", "crisis.stages.push.actions.gained", "{then",
        "the scenario has no belief to draw it from; write belief",
    ),),
}  # fmt: skip


def told_of(broken: Broken, *pairs: str) -> tuple[Problem, ...]:
    """All problems of the scenario of four towns with the section, texts in it replaced."""
    text = SECTION
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    folder = broken("crisis.yaml")
    (folder / "crisis.yaml").write_text(text, encoding="utf-8")
    return check(folder).problems


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


def test_a_crisis_left_empty_counts_as_left_out(broken: Broken) -> None:
    folder = broken("crisis.yaml", "", "crisis:\n")
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


@pytest.mark.parametrize("event", ["none", "limited", "full"])
def test_an_answer_needs_an_alliance_and_a_register(broken: Broken, event: str) -> None:
    found = told_of(broken, "forecast: gained", f"forecast: {event}")
    assert {(one.code, one.path) for one in found} == {
        ("not-allowed", "crisis.stages.push.actions.gained")
    }
    assert [one.what for one in found] == [
        f"the scenario has no {section} to draw it from" for section in ("alliance", "belief")
    ]


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
            for key in ("war", "keeps")
        ),
    ]
    mark = found[0].mark
    assert all(one.mark.line > mark.line and one.mark.file == mark.file for one in found[1:])


def test_an_alliance_that_is_gone_is_missed(baltic: Scenario) -> None:
    """At the first draw that needs it."""
    tree = baltic.document.tree.with_child("alliance", None)
    assert [(one.path, one.what) for one in problems_of(tree)] == [
        ("crisis.stages.answer.actions.limited", "the scenario has no alliance to draw it from")
    ]


def test_a_register_that_is_gone_is_missed(baltic: Scenario) -> None:
    tree = baltic.document.tree.with_child("belief", None)
    found = [(one.path.rpartition(".")[2], one.what) for one in problems_of(tree)]
    assert found == [
        ("insecure", "the scenario has no belief.insecure to draw it from"),
        ("limited", "the scenario has no belief to draw it from"),
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


#: Texts that may be replaced without a problem.
SOUND: dict[str, tuple[str, ...]] = {
    "war left empty before an attack": ("refrain: {}", "refrain: {war: }"),
    "keeps left empty before an attack": ("refrain: {}", "refrain: {keeps: }"),
    "chances left empty at the rest": (
        "hungry: {then: act}", "hungry: {then: act, forecast: , believed: , probability: }",
    ),
    "refraining of Blue": ("fight: {war: end}", "fight: {war: end}\n        refrain: {war: end}"),
    "attack of Blue after Red's": (
        "fight: {war: end}", "fight: {war: end}\n        assault: {war: end}",
    ),
    "grey zone drawn by chance": ("gained: {then: nerve, f", "grey-zone: {then: nerve, f"),
    "beliefs that leave nothing": (
        "0.7, believed: 0.5}", "0.2, believed: 0.5}", "weak: {then: reply}",
        "weak: {then: reply, probability: 0.4, believed: 0.5}\n        mist: {then: reply}",
        "    firm: {", "    mist: {name: Mist, player: blue, weights: {ground: -2}}\n    firm: {",
    ),
    "war dated by the attack": (
        "assault: {then: push}", "assault: {then: push, war: decision, keeps: 0.5}",
    ),
    "belief of nothing": ("believed: 0.5", "believed: 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", SOUND)
def test_what_is_no_problem(broken: Broken, case: str) -> None:
    assert told_of(broken, *SOUND[case]) == ()


def test_a_crisis_without_chance_is_sound(broken: Broken) -> None:
    scenario = read_scenario(broken("crisis.yaml", "", SECTION))
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
        ("right: {}", "right: {keeps: 0.5}", "15:22", "move.actions.right.keeps"),
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
    tree = examine(broken("crisis.yaml", "", SECTION)).document.tree
    crisis = tree.get("crisis")
    assert crisis is not None
    paths = list(paths_of(crisis, "crisis"))
    assert len(paths) > 100
    for path in paths:
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
    ],
)
def test_broken_fields_are_told(broken: Broken, field: str, junk: object, code: str) -> None:
    scenario = read_scenario(broken("crisis.yaml", "", SECTION))
    with pytest.raises(ScenarioError) as caught:
        scenario.replace({f"crisis.{field}": junk})
    found = [(one.code, one.path) for one in caught.value.problems]
    assert any(told == code and path.startswith(f"crisis.{field}") for told, path in found), found
