"""What must hold of the register of signals: dates, what each speaks of, and its grounds."""

from __future__ import annotations

from glacis.scenario.belief import is_day
from glacis.scenario.outline import Outline, check_no_effect, texts_in
from glacis.scenario.quantity import ELICITED, FROM_MEMORY, Provenance, split_sources
from glacis.scenario.sources import BIBLIOGRAPHY
from glacis.scenario.tree import Node


def check_belief(outline: Outline, bibliography: frozenset[str]) -> None:
    """Adds the problems of signals without a day, that prove too much, or of which nothing tells.

    Parameters
    ----------
    bibliography
        The keys that may be cited for an act.
    """
    for name, signal in outline.members("belief.signals").items():
        path = f"belief.signals.{name}"
        _check_date(outline, f"{path}.date", signal.child("date"))
        _check_about(outline, f"{path}.about", signal)
        check_no_effect(
            outline,
            f"{path}.likelihood",
            signal.child("likelihood"),
            measured=("1", 1.0),
            words="the act tells nothing",
        )
        _check_event(outline, path, signal, bibliography)


def _check_date(outline: Outline, path: str, node: Node | None) -> None:
    if node is not None and isinstance(node.content, str) and not is_day(node.content):
        what = f"{node.content[:64]!r} is no day of the calendar"
        outline.add("bad-date", (path, node.mark), what, "write it YYYY-MM-DD, such as 2022-02-24")


def _check_about(outline: Outline, path: str, signal: Node) -> None:
    """A likelihood is of two hypotheses: on the will or on Red's type, never on both or neither."""
    node = signal.child("about")
    about = set(texts_in(node))
    if node is None:
        return
    if "red" in about and len(about) > 1:
        what = "one likelihood cannot weigh both Red's type and the alliance"
        outline.add("not-allowed", (path, node.mark), what, "make two signals of it")
    elif about == {"capability"} or node.content == []:
        what = "it speaks of neither the alliance's will nor Red's type, so it moves nothing"
        outline.add("no-effect", (path, node.mark), what, "add will, or leave the signal out")


def _check_event(outline: Outline, path: str, signal: Node, bibliography: frozenset[str]) -> None:
    """That the act happened is a fact: it has a source of its own, and is nobody's judgement."""
    if not signal.is_mapping:
        return
    told = signal.provenance
    sources = split_sources(told.source)
    place = path, told.place or signal.mark
    if not sources:
        repair = "write `source:` on the signal: a bibliography key or from-memory"
        outline.add("missing-source", place, "nothing says that it happened", repair)
    if ELICITED in sources:
        what, repair = (
            "an act is no judgement",
            f"cite who reports it; {ELICITED} is its likelihood",
        )
        outline.add("not-allowed", (f"{path}.source", place[1]), what, repair)
    if _is_inherited(signal.child("likelihood"), told):
        return  # told of the number
    for key in sources:
        if key not in bibliography and key not in (ELICITED, FROM_MEMORY):
            add = f"add it to {BIBLIOGRAPHY} in the scenario's folder"
            near = outline.nearest(key, bibliography, "")
            what = f"{key[:64]!r} is in no bibliography"
            outline.add("unknown-source", place, what, f"{near} Or {add}" if near else add)


def _is_inherited(likelihood: Node | None, outer: Provenance) -> bool:
    return likelihood is not None and likelihood.provenance.source == outer.source
