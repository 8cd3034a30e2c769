"""What `glacis assess --explain` prints: one world, from the forces that met to what Red chose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from glacis.cli.output import Column, percent, say, table

if TYPE_CHECKING:
    from glacis.scenario.model import Scenario


def tell_explained(scenario: Scenario, traced: dict[str, Any]) -> None:
    """Tell a trace of `glacis.assess.explain`."""
    say(
        f"World {traced['world']} under {traced['posture']}: how its "
        f"{percent(traced['p_attack'])} came about",
        style="bold",
    )
    _tell_forces(traced["forces"], traced["war"])
    _tell_war(traced["war"])
    _tell_options(scenario, traced)
    _tell_worth(traced)
    _tell_end(traced)


def _tell_forces(forces: dict[str, Any], war: dict[str, Any]) -> None:
    ratio = forces["ratio_on_the_axes"]
    against = (
        "there is no forward force"
        if math.isnan(ratio)
        else f"{ratio:.1f} to 1 against the forward force"
    )
    say(
        f"1. Forces ({forces['option']}): Red brings the power of {forces['red_power']:.0f} tank "
        f"battalions, {against} of {forces['forward_power']:.1f}; Blue in all "
        f"{forces['blue_power']:.1f}. By luck of quality Red's count "
        f"{forces['red_quality_over_blue']:.2f} times Blue's."
    )


def _tell_war(war: dict[str, Any]) -> None:
    reached = [
        f"{name} {hours:.0f} h" if hours is not None else f"{name} never"
        for name, hours in war["hours_to"].items()
    ]
    say(
        f"2. War: reached {', '.join(reached)}. The council answers after "
        f"{war['decision_hours']:.0f} h."
    )
    back = war["retaken_hours"]
    gave_out = war["cohesion_gave_out_day"]
    if back is not None and gave_out is not None and back <= 24 * gave_out:
        gave_out = None  # the effort had come to its end
    words = [
        "the ground is retaken on day " + f"{back / 24:.0f}" if back is not None else "",
        f"cohesion gives out on day {gave_out:.0f}" if gave_out is not None else "",
    ]
    told = "; ".join(word for word in words if word) or "no ground is won back, and cohesion lasts"
    say(
        f"   If the answer is full: {told}. {war['blue_casualties']:,.0f} of Blue's and "
        f"{war['red_casualties']:,.0f} of Red's killed and wounded; nuclear use that nobody orders "
        f"{percent(war['nuclear_chance'], fine=True)}."
    )


def _tell_options(scenario: Scenario, traced: dict[str, Any]) -> None:
    columns: list[Column] = [
        ("option", "left"),
        ("Red expects to gain early", "right"),
        ("Red expects a full answer", "right"),
        ("members would give it", "right"),
        ("chosen", "right"),
    ]
    rows = [
        (
            scenario.options[name].name,
            percent(traced["belief"]["gains_by_option"][name]),
            percent(traced["belief"]["full_by_option"][name]),
            percent(found["full"]),
            percent(traced["choice"].get(name, 0.0), fine=True),
        )
        for name, found in traced["council"].items()
    ]
    table(columns, rows, title="3. What Red expects, and what the members would do")
    for name, found in list(traced["council"].items())[-1:]:
        say(
            f"   {scenario.options[name].name}: {found['willing']:.0f} of {found['members']} "
            "members more likely for a full answer than not; readiest "
            f"{', '.join(found['most_willing'])}, least {', '.join(found['least_willing'])}."
        )


def _tell_worth(traced: dict[str, Any]) -> None:
    by_type = traced["worth"]["by_type"]
    acts = list(next(iter(by_type.values()))) if by_type else []
    columns: list[Column] = [("worth to Red", "left"), *((temper, "right") for temper in by_type)]
    rows = [(act, *(f"{told[act]:+.2f}" for told in by_type.values())) for act in acts]
    table(columns, rows, title="4. What each act is worth; 1 is an uncontested full success")
    belief = traced["belief"]
    say(
        f"   Insecure with {percent(belief['share_insecure'])}, threat felt "
        f"{belief['threat']:.2f}, precision {traced['worth']['precision']:.1f}. With all worths "
        f"equal the tree alone makes it {percent(traced['p_attack_blind'])}."
    )


def _tell_end(traced: dict[str, Any]) -> None:
    acts = traced["choice"]
    told = ", ".join(
        f"{name.replace('_', ' ')} {percent(acts[name])}"
        for name in ("refrain", "grey_zone", "limited", "assault")
        if name in acts
    )
    ends = ", ".join(
        f"{name.replace('_', ' ')} {percent(share, fine=True)}"
        for name, share in traced["ending"].items()
        if share >= 0.0005
    )
    say(f"5. Choice: {told}.")
    say(f"6. Ending: {ends}.")
