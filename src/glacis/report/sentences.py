"""The answer in three sentences, made from the numbers: they turn round when these do.

A change whose 95 % interval includes zero is never told as a change without saying so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from glacis.assess.loss import POSTURE
from glacis.figures.compared import Estimate, estimate
from glacis.figures.words import percent, signed, told_money
from glacis.study.compare import Comparison

POINTS = 100.0
FEW = 9.95  # below it a tenth is told
MOSTLY = 0.5  # share of what is prevented from which its largest part is named
CHANNELS = {
    "war": "what Red expects of the war",
    "answer": "the answer that Red expects of the council",
    "threat": "what Red feels as a threat",
}
UNSURE = "whose 95\u00a0% interval includes zero"


class Answer(NamedTuple):
    """Three sentences: what is changed most, through what, and at which price."""

    effect: str
    means: str
    balance: str


def answer(study: Comparison) -> Answer:
    """What a comparison says, in three sentences about the posture with the rarest attack."""
    if len(study.postures) == 1:
        return Answer(_alone(study), _channels_alone(study), _cost_alone(study))
    return Answer(_effect(study), _means(study), _balance(study))


def strongest(study: Comparison) -> str:
    """The posture but the first under which Red attacks least; the first if it is alone."""
    first, *others = study.postures
    return min(others, key=lambda name: _change(study, name).mean) if others else first


def named(study: Comparison, posture: str) -> str:
    """A posture's short name, and its title where that says more."""
    title = study.scenario.postures[posture].name
    return posture if title.lower() == posture.replace("-", " ") else f"{posture} ({title})"


def told_points(found: Estimate, *, unit: str = "points") -> str:
    """A change without its sign, with its interval: ``28 points (95 % interval 24 to 31)``."""
    low, high = sorted(abs(end) for end in found.ends) if found.is_sure else found.ends
    digits = 0 if min(abs(found.mean), 10.0 * found.half) >= FEW else 1
    size = f"{abs(found.mean):,.{digits}f}\u00a0{unit}"
    if not math.isfinite(found.half):
        return f"{size} (in a single world)"
    ends = [
        signed(end, digits) if not found.is_sure else f"{end:,.{digits}f}" for end in (low, high)
    ]
    return f"{size} (95\u00a0% interval {ends[0]} to {ends[1]})"


def _change(study: Comparison, posture: str, name: str = "p_attack") -> Estimate:
    return estimate(POINTS * study.difference(name, posture))


def _mean(study: Comparison, posture: str, name: str = "p_attack") -> float:
    return estimate(study.values(name, posture)).mean


def _effect(study: Comparison) -> str:
    """Which posture lowers the attack most, by how much, and whether another does as well."""
    first, best = study.postures[0], strongest(study)
    change = _change(study, best)
    moment = "at a moment of decision, a crisis in which Red weighs an attack"
    if not change.is_sure:
        way = "lower" if change.mean < 0 else "higher"
        return (
            f"No posture is told to lower the likelihood that Red attacks below what it is under "
            f"{named(study, first)}, {percent(_mean(study, first))} {moment}: under "
            f"{named(study, best)}, where it is least, it is {way} by {told_points(change)}, "
            "and that interval includes zero."
        )
    if change.mean > 0:
        return (
            f"None of the other postures lowers the likelihood that Red attacks below what it is "
            f"under {named(study, first)}, {percent(_mean(study, first))} {moment}: least of them "
            f"{named(study, best)}, which raises it by {told_points(change)}."
        )
    most = " most" if len(study.postures) > 2 else ""
    return (
        f"Of what is compared with {named(study, first)}, {named(study, best)} lowers the "
        f"likelihood that Red attacks{most}: {moment}, "
        f"from {percent(_mean(study, first))} to {percent(_mean(study, best))}, by "
        f"{told_points(change)}, and over five years from "
        f"{percent(_mean(study, first, 'p_attack_5y'))} to "
        f"{percent(_mean(study, best, 'p_attack_5y'))}{_rival(study, best)}."
    )


def _rival(study: Comparison, best: str) -> str:
    """The next best posture, if it cannot be told from the best."""
    rest = [name for name in study.postures[1:] if name != best]
    if not rest:
        return ""
    second = min(rest, key=lambda name: _mean(study, name))
    apart = study.values("p_attack", second) - study.values("p_attack", best)
    if estimate(apart).is_sure:
        return ""
    return f"; {named(study, second)} cannot be told from it"


def _means(study: Comparison) -> str:
    """Through which of Red's expectations, and what Red does instead."""
    best = strongest(study)
    found = {name: _change(study, best, f"channel_{name}") for name in CHANNELS}
    return f"Under {best}, {_channels(study, found, best)}{_instead(study, best)}."


def _channels(study: Comparison, found: Mapping[str, Estimate], posture: str) -> str:
    """Each channel by itself, the largest first; those that are not told from zero say so."""
    order = sorted(found, key=lambda name: -abs(found[name].mean))
    shown = [name for name in order if f"{abs(found[name].mean):.1f}" != "0.0"]
    if not shown:
        return "nothing that Red expects or feels is changed by a tenth of a point"
    parts: list[str] = []
    for name in shown:
        one = found[name]
        sure = "" if one.is_sure else f", {UNSURE}"
        way = "lowers" if one.mean < 0 else "raises"
        what = "it" if parts else "the likelihood"
        parts.append(f"{CHANNELS[name]} {way} {what} by {abs(one.mean):.1f}\u00a0points{sure}")
    crisis = study.scenario.crisis
    above = crisis.provocation.above if crisis else posture
    # Channels are told from the posture that Red takes as given, which can be the last of the two.
    base = study.postures[0] if above == posture else above
    listed = "; ".join(parts)
    return f"taken one at a time against {base}, {listed} (these need not add up)"


def _instead(study: Comparison, posture: str) -> str:
    moved = study.displacement(posture)
    gone = estimate(-POINTS * study.difference("acts", posture, act="assault"))
    if math.isnan(moved) or not gone.is_sure:
        return ""
    if moved <= 0.005:
        return ", and what goes of full assaults is not made up for by lesser acts"
    return (
        f", and for every ten full assaults that do not come there are {10.0 * moved:.1f} more "
        "limited grabs and acts in the grey zone"
    )


def _balance(study: Comparison) -> str:
    """What the posture costs beside what it prevents."""
    first, best = study.postures[0], strongest(study)
    if not study.has("expected_loss"):
        return _unpriced(study, best)
    cost = estimate(study.difference("loss", best, term=POSTURE))
    saved = estimate(-study.difference("loss_without_posture", best))
    net = estimate(study.difference("expected_loss", best))
    section = study.scenario.loss
    years = f"{section.years:g}" if section else "some"
    price = f"EUR\u00a0{told_money(abs(cost.mean))}\u00a0bn"
    priced = f"costs {price} more than" if cost.mean >= 0 else f"saves {price} against"
    beside = "prevents" if saved.mean >= 0 else "adds"
    but = "and" if (cost.mean >= 0) == (saved.mean >= 0) else "but"
    unsure = "" if saved.is_sure else f", {UNSURE}"
    prevented = f"EUR\u00a0{told_money(abs(saved.mean))}\u00a0bn of expected loss{unsure}"
    return (
        f"Over {years} years at present value {best} {priced} {first} {but} {beside} {prevented}"
        f"{_shock(study, best, saved)}: on balance {_net(net, cost)}{_least(study, best)}."
    )


def _shock(study: Comparison, posture: str, saved: Estimate) -> str:
    """That most of what is prevented is the world's shock, where it is so."""
    part = -estimate(study.difference("loss", posture, term="world_shock")).mean
    if saved.mean <= 0 or part / saved.mean < MOSTLY:
        return ""
    share = min(part / saved.mean, 1.0)
    return f", {percent(share)} of it the shock to the world's economy"


def _net(net: Estimate, cost: Estimate) -> str:
    if not math.isfinite(net.half):
        return f"EUR\u00a0{signed(net.mean)}\u00a0bn in a single world"
    if not net.is_sure:
        low, high = (signed(end) for end in net.ends)
        return (
            f"the change, EUR\u00a0{signed(net.mean)}\u00a0bn, is not told from zero "
            f"(95\u00a0% interval {low} to {high})"
        )
    small, large = (told_money(end) for end in sorted(abs(end) for end in net.ends))
    way = "less" if net.mean < 0 else "more"
    more = ", so that it costs more than it prevents" if net.mean > 0 and cost.mean > 0 else ""
    return (
        f"EUR\u00a0{told_money(abs(net.mean))}\u00a0bn {way} is lost "
        f"(95\u00a0% interval {small} to {large}){more}"
    )


def _least(study: Comparison, best: str) -> str:
    """Where the expected loss is least in all, if that is another posture."""
    total = {name: _mean(study, name, "expected_loss") for name in study.postures}
    least = min(total, key=total.__getitem__)
    if least == best:
        return ""
    apart = estimate(study.values("expected_loss", least) - study.values("expected_loss", best))
    sure = "" if apart.is_sure else ", though the two cannot be told apart"
    return f"; least is lost under {least}{sure}"


def _unpriced(study: Comparison, posture: str) -> str:
    annual, once = (_mean(study, posture, name) for name in ("annual_cost", "one_off_cost"))
    return (
        f"{posture} costs EUR\u00a0{annual:,.0f}\u00a0m a year and EUR\u00a0{once:,.0f}\u00a0m to "
        "buy; the scenario prices no losses, so what it prevents has no price here."
    )


def _alone(study: Comparison) -> str:
    (posture,) = study.postures
    found = estimate(study.values("p_attack", posture))
    within = ""
    if math.isfinite(found.half):
        low, high = (min(max(end, 0.0), 1.0) for end in found.ends)
        within = f" (95\u00a0% interval {100 * low:.0f} to {percent(high)})"
    return (
        f"Under {named(study, posture)} Red attacks in {percent(found.mean)} of moments of "
        f"decision, crises in which it weighs an attack{within}, and over five years in "
        f"{percent(_mean(study, posture, 'p_attack_5y'))}; with no second posture there is "
        "nothing to compare it with."
    )


def _channels_alone(study: Comparison) -> str:
    (posture,) = study.postures
    found = {name: estimate(POINTS * study.values(f"channel_{name}", posture)) for name in CHANNELS}
    return f"Under {posture}, {_channels(study, found, posture)}."


def _cost_alone(study: Comparison) -> str:
    (posture,) = study.postures
    if not study.has("expected_loss"):
        return _unpriced(study, posture)
    found = estimate(study.values("expected_loss", posture))
    spread = f"{told_money(found.p05)} to {told_money(found.p95)}"
    return (
        f"EUR\u00a0{told_money(found.mean)}\u00a0bn are lost on average, its cost included, "
        f"and from {spread} in the middle nine in ten of worlds."
    )


__all__ = ["Answer", "answer", "named", "strongest", "told_points"]
