"""What must hold across fields: references, roads and plans, measures, sources.

Everything here looks at the tree, so that one broken field hides no other problem.
"""

from __future__ import annotations

from glacis.errors import Problem
from glacis.scenario.alliance_check import check_alliance
from glacis.scenario.arms_check import check_arms
from glacis.scenario.belief_check import check_belief
from glacis.scenario.crisis_check import check_crisis
from glacis.scenario.effects import check_effects
from glacis.scenario.geography import check_geography
from glacis.scenario.loss_check import check_loss
from glacis.scenario.outline import Outline
from glacis.scenario.references import check_references
from glacis.scenario.ripple_check import check_ripple
from glacis.scenario.sources import check_sources
from glacis.scenario.tree import Node


def cross_problems(
    tree: Node, bibliography: frozenset[str], *, since: Node | None = None
) -> list[Problem]:
    """Every problem between the fields of a scenario.

    Parameters
    ----------
    bibliography
        The keys that may be cited.
    since
        A sound tree that this one was made from by overrides: the sources of what is in both are
        not looked at again.
    """
    outline = Outline(tree)
    check_references(outline)
    check_geography(outline)
    check_arms(outline)
    check_belief(outline, bibliography)
    check_effects(outline)
    check_alliance(outline)
    check_crisis(outline)
    check_ripple(outline)
    check_loss(outline)
    check_sources(outline, bibliography, since=since)
    return outline.problems
