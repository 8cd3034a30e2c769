"""What measures change and what correlations join: paths that lead to numbers."""

from __future__ import annotations

from glacis.scenario.numeral import QuantityError, read_quantity
from glacis.scenario.outline import Outline, items, text_of
from glacis.scenario.tree import Node

WAYS = ("by", "times", "to")


def check_effects(outline: Outline) -> None:
    """Adds the problems of measures' effects, but for where they lead."""
    for name, measure in outline.members("measures").items():
        effects = measure.child("effects")
        if effects is not None and effects.content == []:
            outline.add(
                "empty-section",
                (f"measures.{name}.effects", effects.mark),
                "the measure does nothing",
                "give it an effect, or remove it",
            )
        for path, effect in items(effects, f"measures.{name}.effects"):
            _check_effect(outline, path, effect)


def check_targets(outline: Outline) -> None:
    """Adds the problems of measures that change nothing there is, and of correlations.

    What leads into a section that is as it was found sound is not looked at again.
    """
    is_known = outline.is_known("measures")
    for name, measure in outline.members("measures").items():
        for path, effect in items(measure.child("effects"), f"measures.{name}.effects"):
            change = effect.child("change")
            target = None if change is None or not change.is_mapping else change.child("path")
            section = text_of(target).partition(".")[0]
            if not (is_known and section.isidentifier() and outline.is_known(section)):
                _check_target(outline, f"{path}.change.path", target)
    for path, pair in items(outline.tree.child("correlations"), "correlations"):
        _check_correlation(outline, path, pair)


def _check_effect(outline: Outline, path: str, effect: Node) -> None:
    given = [kind for kind in ("add", "change") if effect.child(kind) is not None]
    if effect.is_mapping and len(given) != 1:
        outline.add(
            "unclear-effect",
            (path, effect.mark),
            "does nothing" if not given else "does two things",
            "give `add` or `change`; an effect for each",
        )
    change = effect.child("change")
    if change is None or not change.is_mapping:
        return
    ways = [way for way in WAYS if change.child(way) is not None]
    if len(ways) != 1:
        outline.add(
            "unclear-effect",
            (f"{path}.change", change.mark),
            "says no change" if not ways else f"says {' and '.join(ways)}",
            "give one of by, times, to",
        )
    for way in {"by", "times"}.intersection(ways):
        _check_certain(outline, f"{path}.change.{way}", change.nearest([way]))


def _check_certain(outline: Outline, path: str, number: Node) -> None:
    """A sum or product of two uncertain numbers is no Quantity; one of them must be plain."""
    try:
        is_certain = read_quantity(number.plain(), "1").is_certain
    except QuantityError:
        return
    if not is_certain:
        outline.add(
            "uncertain-change",
            (path, number.mark),
            "by and times need a plain number",
            "use `to` for an uncertain value",
        )


def _check_target(outline: Outline, path: str, node: Node | None) -> None:
    """The path of a change leads to something, at some place at least."""
    written = text_of(node)
    if node is None or not written or outline.is_missing(written):
        return
    if not outline.tree.has_match(written.replace("{at}", "*")):
        outline.add(
            "unknown-path",
            (path, node.mark),
            f"{written[:120]} leads to no value",
            "give a path such as campaign.warning.days or theatre.legs.{at}.fortified_km",
        )


def _check_correlation(outline: Outline, path: str, pair: Node) -> None:
    ends = list(items(pair.child("between"), f"{path}.between"))
    texts = [text_of(end) for _, end in ends]
    for where, end in ends:
        target = outline.tree.get(text_of(end)) if text_of(end) else None
        if outline.is_missing(text_of(end)):
            continue
        if text_of(end) and (target is None or not _is_uncertain(target)):
            outline.add(
                "unknown-path",
                (where, end.mark),
                f"{text_of(end)[:120]} is no uncertain number of the scenario",
                "give the path of a range, as `Scenario.quantities()` lists it",
            )
    if len(texts) == 2 and texts[0] == texts[1]:
        outline.add("self-loop", (path, pair.mark), "joins a number to itself", "name two numbers")


def _is_uncertain(node: Node) -> bool:
    try:
        return not read_quantity(node.plain(), "1").is_certain
    except QuantityError as error:
        return error.code in ("unknown-unit", "wrong-unit")
