from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from glacis.scenario.check import check

Broken = Callable[..., Path]
Case = tuple[str, tuple[str, ...], str, str, str]

SCENARIO, MEASURES, RED, PLACES = (
    "scenario.yaml",
    "measures.yaml",
    "forces.red.csv",
    "theatre.places.csv",
)

#: File, (old, new, ...), code, path, part of the repair.
CASES: dict[str, Case] = {
    "unknown key": (
        SCENARIO, ("lanes: 2\n", "lanes: 2\n      lanse: 3\n"),
        "unknown-key", "theatre.legs.a-b.lanse", "did you mean lanes",
    ),
    "unknown section": (
        SCENARIO, ("title:", "nation: {}\ntitle:"),
        "unknown-key", "nation", "did you mean nations",
    ),
    "unknown column": (
        RED, (",strength,", ",strenght,"),
        "unknown-key", "forces.red.tanks-1.strenght", "did you mean strength",
    ),
    "missing key": (
        SCENARIO, ("      lanes: 2\n", ""), "missing-key", "theatre.legs.a-b.lanes", "add it",
    ),
    "wrong type": (
        SCENARIO, ("route: [alpha, bravo]\n", "route: {alpha: bravo}\n"),
        "wrong-type", "options.grab.thrusts.main.route", "write a list",
    ),
    "number for text": (
        SCENARIO, ("title: Mini", "title: 104"), "wrong-type", "title", "in quotes",
    ),
    "not allowed": (
        SCENARIO, ("kind: limited", "kind: small"),
        "not-allowed", "options.grab.kind", "use 'assault' or 'limited'",
    ),
    "bad id": (
        SCENARIO, ("a-b:", "A_B!:"), "bad-id", "theatre.legs.A_B!", "lower-case letters",
    ),
    "bad nation": (
        SCENARIO, ("  GUA:", "  guaranty:"), "bad-id", "nations.guaranty", "capitals",
    ),
    "bad format": (SCENARIO, ("format: 1", "format: one"), "not-allowed", "format", "format: 1"),
    "no number": (
        SCENARIO, ("km: 60", "km: far"), "not-a-number", "theatre.legs.b-c.km", "a number in km",
    ),
    "unit error": (
        SCENARIO, ("km: 60", "km: {value: 60, unit: days}"),
        "wrong-unit", "theatre.legs.b-c.km", "write it in km",
    ),
    "unknown unit": (
        SCENARIO, ("km: 60", "km: {value: 60, unit: miles}"),
        "unknown-unit", "theatre.legs.b-c.km", "write it in km",
    ),
    "impossible range": (
        SCENARIO, ("1..2..6", "1..9..6"),
        "impossible-range", "theatre.legs.b-c.demolition_hours", "order them",
    ),
    "out of bounds": (
        RED, ("0.9..1.0", "0.9..1.1"),
        "out-of-bounds", "forces.red.tanks-1.strength", "a share between 0 and 1",
    ),
    "border beyond the leg": (
        SCENARIO, ("border_km: 40", "border_km: 140"),
        "impossible-range", "theatre.legs.a-b.border_km", "from its start",
    ),
    "unknown place of a leg": (
        SCENARIO, ("to: bravo", "to: brave"),
        "unknown-place", "theatre.legs.a-b.to", "did you mean bravo",
    ),
    "unknown place of a formation": (
        RED, ("first-army,alpha,450", "first-army,alfa,450"),
        "unknown-place", "forces.red.tanks-1.start", "did you mean alpha",
    ),
    "unknown place to defend": (
        SCENARIO, ("defends: charlie", "defends: charles"),
        "unknown-place", "forces.blue.relief.defends", "did you mean charlie",
    ),
    "unknown place of a route": (
        SCENARIO, ("route: [alpha, bravo]", "route: [alpha, bravoo]"),
        "unknown-place", "options.grab.thrusts.main.route.1", "did you mean bravo",
    ),
    "unknown objective": (
        SCENARIO, ("objectives: bravo", "objectives: zzz"),
        "unknown-place", "options.grab.objectives", "use one of: alpha, bravo",
    ),
    "unknown place of a group": (
        SCENARIO, ("first: [bravo, charlie]", "first: [bravo, cherlie]"),
        "unknown-place", "objectives.groups.first.1", "did you mean charlie",
    ),
    "unknown nation": (
        PLACES, ("Bravo,NO", "Bravo,NOR"), "unknown-nation", "theatre.places.bravo.nation", "NO",
    ),
    "unknown type": (
        RED, ("RED,armour", "RED,armor"),
        "unknown-type", "forces.red.tanks-1.type", "did you mean armour",
    ),
    "unknown type of a measure": (
        MEASURES, ("type: light", "type: ligth"),
        "unknown-type", "measures.battlegroup.effects.0.add.type", "did you mean light",
    ),
    "unknown formation": (
        SCENARIO, ("forces: [tanks-1]", "forces: [tanks-7]"),
        "unknown-formation", "options.grab.thrusts.main.forces.0", "did you mean tanks-",
    ),
    "unknown formation of Blue": (
        SCENARIO, ("counter_attack: home", "counter_attack: tanks-1"),
        "unknown-formation", "options.grab.counter_attack", "use one of: garrison, home",
    ),
    "unknown measure": (
        MEASURES, ("measure: belt", "measure: bels"),
        "unknown-measure", "postures.thick.measures.1.measure", "did you mean belt",
    ),
    "unknown leg": (
        MEASURES, ("at: a-b", "at: a-z"),
        "unknown-path", "postures.thick.measures.1.at", "give a place or leg",
    ),
    "nowhere to add": (
        MEASURES, ("{measure: battlegroup, at: bravo}", "{measure: battlegroup}"),
        "missing-key", "postures.thin.measures.0.at", "at: PLACE",
    ),
    "unknown default posture": (
        MEASURES, ("default_posture: thin", "default_posture: thinn"),
        "unknown-posture", "default_posture", "did you mean thin",
    ),
    "unknown posture of a target": (
        MEASURES, ("posture: thin\n    option", "posture: zz\n    option"),
        "unknown-posture", "targets.0.posture", "use one of: bare, thin, thick",
    ),
    "unknown option": (
        MEASURES, ("option: assault", "option: asault"),
        "unknown-option", "targets.0.option", "did you mean assault",
    ),
    "unknown variant": (
        MEASURES, ("variants: sudden", "variants: [sudden, sudde]"),
        "unknown-variant", "targets.0.variants.1", "did you mean sudden",
    ),
    "unknown place of a target": (
        MEASURES, ("place: first", "place: fist"), "unknown-place", "targets.0.place", "first",
    ),
    "path of a variant": (
        MEASURES, ("forces.red.*.notice_hours", "forces.rod.*.notice_hours"),
        "unknown-path", "variants.sudden.set.forces.rod.*.notice_hours", "did you mean red",
    ),
    "key of a variant": (
        MEASURES, ("campaign.warning.days:", "campaign.warning.day:"),
        "unknown-key", "variants.sudden", "did you mean days",
    ),
    "value of a variant": (
        MEASURES, ("campaign.warning.days: 0", "campaign.warning.days: -1"),
        "out-of-bounds", "variants.sudden", "of at least 0",
    ),
    "posture that breaks a bound": (
        MEASURES, ("{low: 0.8, high: 1}}", "{low: 0.8, high: 3}}"),
        "out-of-bounds", "postures.thick", "between 0 and 1",
    ),
    "path of a change": (
        MEASURES, ("path: campaign.warning.acted", "path: campaign.warning.act"),
        "unknown-path", "measures.orders.effects.0.change.path", "give a path",
    ),
    "uncertain change": (
        MEASURES, ("times: 0.5", "times: 0.5..0.6"),
        "uncertain-change", "measures.orders.effects.1.change.times", "use `to`",
    ),
    "two changes in one": (
        MEASURES, ("times: 0.5", "times: 0.5, by: 2"),
        "unclear-effect", "measures.orders.effects.1.change", "one of by, times, to",
    ),
    "no effect": (
        MEASURES, ("- change: {path: campaign.warning.decision_days, times: 0.5}", "- {}"),
        "unclear-effect", "measures.orders.effects.1", "`add` or `change`",
    ),
    "path of a correlation": (
        MEASURES, ("campaign.movement.light_delay", "campaign.movement.light"),
        "unknown-path", "correlations.0.between.1", "path of a range",
    ),
    "correlation of a plain number": (
        MEASURES, ("campaign.movement.light_delay", "campaign.combat.hasty"),
        "unknown-path", "correlations.0.between.1", "path of a range",
    ),
    "correlation with itself": (
        MEASURES, ("campaign.movement.light_delay", "campaign.movement.unopposed"),
        "self-loop", "correlations.0", "two numbers",
    ),
    "place off every road": (
        PLACES, ("delta,", "echo,Echo,GUA,50,14,open,1,,,,0,\ndelta,"),
        "unreachable-place", "theatre.places.echo", "add a leg",
    ),
    "leg to itself": (
        SCENARIO, ("from: charlie, to: delta", "from: delta, to: delta"),
        "self-loop", "theatre.legs.c-d", "its other end",
    ),
    "leg told twice": (
        SCENARIO,
        (
            "    b-c:",
            "    b-a: {from: bravo, to: alpha, km: 1, lanes: 1, frontage_km: 1, "
            "demolition_hours: 0, fortified_km: 0}\n    b-c:",
        ),
        "duplicate-leg", "theatre.legs.b-a", "remove one",
    ),
    "route without a road": (
        SCENARIO, ("route: [alpha, bravo, charlie]", "route: [alpha, charlie, bravo]"),
        "unreachable-objective", "options.assault.thrusts.main.route.1", "go by bravo",
    ),
    "objective on no route": (
        SCENARIO, ("objectives: bravo", "objectives: [bravo, charlie]"),
        "unreachable-objective", "options.grab.objectives.1", "add it to a route",
    ),
    "start off the road": (
        SCENARIO, ("from: alpha\n", "from: charlie\n"),
        "unreachable-objective", "options.grab.thrusts.main.route.1", "add the leg",
    ),
    "start on the other side's ground": (
        SCENARIO, ("start: charlie", "start: alpha"),
        "wrong-ground", "forces.blue.garrison.start", "its own side",
    ),
    "border left out": (
        SCENARIO, ("      border_km: 40\n", ""),
        "missing-key", "theatre.legs.a-b.border_km", "kilometre of the border",
    ),
    "start on closed ground": (
        SCENARIO, ("{name: Redland, side: red,", "{name: Redland, side: neutral, access: closed,"),
        "closed-ground", "options.grab.thrusts.main.route.0", "to transit",
    ),
    "empty objectives": (
        SCENARIO, ("places: [bravo, charlie]", "places: []"),
        "empty-section", "objectives.places", "name the places",
    ),
    "empty group": (
        SCENARIO, ("first: [bravo, charlie]", "first: []"),
        "empty-section", "objectives.groups.first", "name its places",
    ),
    "group named as a place": (
        SCENARIO, ("groups: {first:", "groups: {bravo:"),
        "duplicate-id", "objectives.groups.bravo", "rename the group",
    ),
    "one id on both sides": (
        SCENARIO, ("    garrison:", "    tanks-1:"),
        "duplicate-id", "forces.blue.tanks-1", "rename one",
    ),
    "formation of the other side": (
        RED, ("104,RED", "104,GUA"), "wrong-side", "forces.red.tanks-2.nation", "forces.blue",
    ),
    "duplicate key": (
        SCENARIO, ("      lanes: 2\n", "      lanes: 2\n      lanes: 3\n"),
        "duplicate-key", "theatre.legs.a-b.lanes", "remove one",
    ),
    "duplicate row": (
        RED, ("tanks-2,", "tanks-1,"), "duplicate-key", "forces.red.tanks-1", "rename one",
    ),
    "unknown source": (
        SCENARIO, ("source: mini-survey", "source: mini-surveys"),
        "unknown-source", "theatre.legs.a-b.km", "did you mean mini-survey",
    ),
    "one unknown source of two": (
        PLACES, ("mini-survey; elicited", "elicited; nobody-1900"),
        "unknown-source", "theatre.places.bravo.population", "add it to references.bib",
    ),
    "unknown confidence": (
        PLACES, ("elicited,medium", "elicited,sure"),
        "not-allowed", "theatre.places.bravo.population", "high, medium, low",
    ),
    "confidence of a section": (
        SCENARIO, ("    confidence: high\n", "    confidence: sure\n"),
        "not-allowed", "theatre.legs.a-b.km", "high, medium, low",
    ),
    "missing source of a section": (
        SCENARIO, ("    source: mini-survey\n", ""),
        "missing-source", "theatre.legs", "write `source:`",
    ),
    "missing source of one number": (
        SCENARIO, ("{value: 2, source: elicited, confidence: low, note: invented}", "2"),
        "missing-source", "options.grab.thrusts.main.delay_hours", "write `source:`",
    ),
    "missing confidence": (
        SCENARIO, ("    confidence: high\n", ""),
        "missing-confidence", "theatre.legs", "high, medium or low",
    ),
    "missing note": (
        PLACES, (',"counted, then rounded",', ",,"),
        "missing-note", "theatre.places.bravo.population", "write `note:`",
    ),
    "bad table": (
        PLACES, ("open,40000,", "open,40000,,"), "bad-table", "theatre.places", "add or remove",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_problem_has_a_place_and_a_repair(broken: Broken, case: Case) -> None:
    name, pairs, code, path, repair = case
    report = check(broken(name, *pairs))
    found = [problem for problem in report.problems if (problem.code, problem.path) == (code, path)]
    assert found, "\n".join(map(str, report.problems))
    assert all(problem.mark.file == f"broken/{name}" for problem in found)
    assert all(problem.mark.line > 1 or path == "format" for problem in found)
    assert repair in found[0].repair


def test_nothing_is_wrong_with_mini(mini_folder: Path) -> None:
    report = check(mini_folder)
    assert report.is_sound
    assert report.counts is not None
    assert (report.counts.places, report.counts.legs) == (4, 3)
    numbers = report.counts.provenance
    assert numbers.numbers == numbers.certain + numbers.uncertain
    assert numbers.numbers == numbers.sourced + numbers.from_memory + numbers.elicited
    assert numbers.numbers == numbers.high + numbers.medium + numbers.low


def test_one_broken_field_hides_nothing(broken: Broken) -> None:
    broken("scenario.yaml", "km: 60", "km: far", "to: bravo", "to: brave")
    broken("forces.red.csv", "RED,armour", "RED,armor")
    folder = broken("measures.yaml", "measure: belt", "measure: bels", "at: bravo}", "at: brav}")
    codes = [problem.code for problem in check(folder).problems]
    assert set(codes) >= {"not-a-number", "unknown-place", "unknown-type", "unknown-measure"}


def test_a_missing_section_is_told_once(broken: Broken) -> None:
    folder = broken("scenario.yaml")
    (folder / "campaign.yaml").unlink()
    (folder / "theatre.places.csv").unlink()
    report = check(folder)
    told = [(problem.code, problem.path) for problem in report.problems]
    assert ("missing-key", "campaign") in told
    assert all(code == "missing-key" or "at" in path for code, path in told), told
    assert report.counts is None


def test_a_problem_of_the_base_is_not_told_for_every_posture(broken: Broken) -> None:
    folder = broken("scenario.yaml", "start: charlie", "start: charly")
    assert len(check(folder).problems) == 1


def test_problems_come_in_the_order_of_the_files(broken: Broken) -> None:
    broken("measures.yaml", "measure: belt", "measure: bels")
    folder = broken("scenario.yaml", "start: charlie", "start: charly", "to: bravo", "to: brave")
    marks = [problem.mark for problem in check(folder).problems]
    assert marks == sorted(marks)


def test_the_record_is_plain_data(broken: Broken) -> None:
    record = check(broken("scenario.yaml", "km: 60", "km: -60")).record()
    assert record["sound"] is False
    assert record["counts"] is None
    (problem,) = record["problems"]
    assert problem["code"] == "out-of-bounds"
    assert sorted(problem) == ["code", "column", "file", "line", "path", "repair", "what"]


def test_a_thousand_problems_come_quickly(broken: Broken) -> None:
    folder = broken("scenario.yaml")
    rows = "".join(f"r{n},R,ZZ,t{n},p,x{n},1,mini-survey,high,1,0\n" for n in range(1_000))
    with (folder / "forces.red.csv").open("a", encoding="utf-8") as stream:
        stream.write(rows)
    assert len(check(folder).problems) == 3_000


def test_every_code_is_in_the_docs() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "reference" / "problem-codes.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([a-z0-9-]+)`", page))
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (root / "src/glacis/scenario").glob("*.py")
    )
    makers = r"(?:Problem|add|refusal|_refusal|_problem|_unknown|QuantityError|return)"
    used = set(
        re.findall(makers + r'\(?\s*"([a-z0-9]+(?:-[a-z0-9]+)+|alias|tag|symlink)",', source)
    )
    used |= {case[2] for case in CASES.values()}
    assert len(used) > 40
    assert used <= told, used - told
