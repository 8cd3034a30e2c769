"""What must hold across fields: references, roads and plans, measures, sources.

Everything here looks at the tree, so that one broken field hides no other problem.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from glacis.errors import Problem
from glacis.scenario.alliance_check import check_alliance
from glacis.scenario.arms_check import check_arms
from glacis.scenario.belief_check import check_belief
from glacis.scenario.claims_check import check_claims
from glacis.scenario.crisis_check import check_crisis
from glacis.scenario.effects import check_effects, check_targets
from glacis.scenario.geography import check_geography, check_ground
from glacis.scenario.loss_check import check_loss
from glacis.scenario.outline import Outline
from glacis.scenario.references import REFERENCES
from glacis.scenario.ripple_check import check_ripple
from glacis.scenario.sources import check_sources
from glacis.scenario.tree import Node


class Check(NamedTuple):
    """A check, and what its findings hang on."""

    run: Callable[[Outline, frozenset[str]], None]
    """Adds problems to an outline, given the keys that may be cited."""
    looks_at: tuple[str, ...] = ()
    """Paths, as `Outline.is_known` takes them; if there are none, it looks at the whole tree."""
    names: tuple[str, ...] = ()
    """Collections in which it finds what is named elsewhere, however much is added to them."""

    def is_needed(self, outline: Outline) -> bool:
        """Whether something has changed that its findings hang on."""
        is_known = self.looks_at and outline.is_known(*self.looks_at)
        return not (is_known and outline.has_grown(*self.names))


def _of_tree(check: Callable[[Outline], None], *hangs_on: tuple[str, ...]) -> Check:
    return Check(lambda outline, bibliography: check(outline), *hangs_on)


#: Every check, in order.
CHECKS = (
    *(_of_tree(*one) for one in REFERENCES),
    _of_tree(check_ground, ("nations", "theatre.places", "forces")),
    _of_tree(
        check_geography,
        (
            *("nations", "theatre.places", "options", "forces.red"),
            *(f"theatre.legs.*.{name}" for name in ("from", "to", "km", "border_km")),
        ),
    ),
    _of_tree(
        check_arms,
        ("systems", "types", "theatre", "nations", "forces", "campaign", "objectives"),
    ),
    Check(check_belief, ("belief",)),
    _of_tree(check_effects, ("measures",)),
    _of_tree(check_targets),
    _of_tree(check_alliance, ("alliance", "nations")),
    _of_tree(
        check_crisis,
        ("crisis", "alliance", "belief", "nations", "types", "systems", "options"),
        ("postures",),
    ),
    _of_tree(check_ripple, ("ripple", "alliance", "nations")),
    _of_tree(check_loss, ("loss", "nations"), ("postures",)),
    _of_tree(check_claims, ("claims", "variants", "measures"), ("postures",)),
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
        A sound tree that this one was made from by overrides: what is in both, and the sources of
        that, are not looked at again.
    """
    outline = Outline(tree, since)
    for check in CHECKS:
        if check.is_needed(outline):
            check.run(outline, bibliography)
    check_sources(outline, bibliography, since=since)
    return outline.problems
