"""What must hold of the prices of a war: a posture to count from, and every defended nation."""

from __future__ import annotations

from glacis.scenario.outline import Outline, text_of


def check_loss(outline: Outline) -> None:
    """Adds the problems of the posture that costs are counted from, and of nations' output."""
    if outline.tree.get("loss") is None:
        return
    above = outline.tree.get("loss.above")
    outline.refer("posture", "loss.above", above, outline.members("postures"))
    section = outline.tree.get("loss.gdp")
    if section is not None and section.is_mapping:
        _check_nations(outline)


def _check_nations(outline: Outline) -> None:
    """All defended nations, and no others: only their ground can be occupied."""
    given, nations = outline.members("loss.gdp"), outline.members("nations")
    defended = [name for name, one in nations.items() if text_of(one.child("role")) == "protege"]
    for name, node in given.items():
        where = (f"loss.gdp.{name}", node.mark)
        if name not in nations:
            repair = outline.nearest(name, defended, "declare it among the nations")
            outline.add("unknown-nation", where, f"there is no nation {name[:64]!r}", repair)
        elif name not in defended:
            what, repair = "is no defended nation", "leave it out, or give it `role: protege`"
            outline.add("not-allowed", where, what, repair)
    missing = [name for name in defended if name not in given]
    if missing and given:
        where = ("loss.gdp", outline.tree.nearest(["loss", "gdp"]).mark)
        what = f"lacks {', '.join(missing)[:200]}, which can be occupied too"
        outline.add("missing-key", where, what, "give what each defended nation produces in a year")
