"""What must hold across fields: references, roads and plans, measures, sources.

Everything here looks at the tree, so that one broken field hides no other problem.
"""

from __future__ import annotations

from collections.abc import Callable

from glacis.errors import Problem
from glacis.scenario.alliance_check import check_alliance
from glacis.scenario.arms_check import check_arms
from glacis.scenario.belief_check import check_belief
from glacis.scenario.claims_check import check_claims
from glacis.scenario.crisis_check import check_crisis
from glacis.scenario.effects import check_effects, check_targets
from glacis.scenario.geography import check_geography
from glacis.scenario.loss_check import check_loss
from glacis.scenario.outline import Outline
from glacis.scenario.references import REFERENCES
from glacis.scenario.ripple_check import check_ripple
from glacis.scenario.sources import check_sources
from glacis.scenario.tree import Node

Check = Callable[[Outline, frozenset[str]], None]
"""Adds problems to an outline, given the keys that may be cited."""


def _of_tree(check: Callable[[Outline], None]) -> Check:
    return lambda outline, bibliography: check(outline)


#: Every check, in order, and the sections that it looks at; none named, it looks at the whole tree.
CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    *((_of_tree(check), sections) for check, sections in REFERENCES),
    (_of_tree(check_geography), ("nations", "theatre", "forces", "options")),
    (
        _of_tree(check_arms),
        ("systems", "types", "theatre", "nations", "forces", "campaign", "objectives"),
    ),
    (check_belief, ("belief",)),
    (_of_tree(check_effects), ("measures",)),
    (_of_tree(check_targets), ()),
    (_of_tree(check_alliance), ("alliance", "nations")),
    (
        _of_tree(check_crisis),
        ("crisis", "alliance", "belief", "nations", "postures", "types", "systems", "options"),
    ),
    (_of_tree(check_ripple), ("ripple", "alliance", "nations")),
    (_of_tree(check_loss), ("loss", "nations", "postures")),
    (_of_tree(check_claims), ("claims", "postures", "variants", "measures")),
)


def cross_problems(
    tree: Node, bibliography: frozenset[str], *, since: Node | None = None
) -> list[Problem]:
    """Every problem between the fields of a scenario.

    Parameters
    ----------
    bibliography
        The keys that may be cited.
    since
        A sound tree that this one was made from by overrides: sections that are in both, and the
        sources of what is, are not looked at again.
    """
    outline = Outline(tree, since)
    for check, sections in CHECKS:
        if not (sections and outline.is_known(*sections)):
            check(outline, bibliography)
    check_sources(outline, bibliography, since=since)
    return outline.problems
