"""The tables of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glacis.cli.output import Column, percent, say, table, warn_if_coarse

if TYPE_CHECKING:
    from glacis.study.compare import Comparison

OUTCOME_WORDS = {
    "nuclear_use": "nuclear use",
    "deterred": "deterred",
    "grey_zone": "grey zone",
    "repelled": "repelled",
    "retaken": "retaken",
    "stalemate": "stalemate",
    "sanctions_only": "sanctions",
    "inaction": "no answer",
}


def tell_comparison(study: Comparison) -> None:
    """The tables of a comparison."""
    say(study.scenario.title, style="bold")
    say(f"{study.made_of()}.", style="dim")
    if not study.has("p_attack"):
        _tell_wars(study)
        return
    warn_if_coarse(study.n)
    _tell_choice(study)
    _tell_endings(study)
    if study.has("expected_loss"):
        _tell_losses(study)
    say(
        "A tendency at a moment of decision under stated assumptions: it compares postures, and "
        "forecasts nothing.",
        style="dim",
    )


def _tell_choice(study: Comparison) -> None:
    first = study.postures[0]
    several = len(study.postures) > 1
    columns: list[Column] = [
        ("posture", "left"),
        ("attack", "right"),
        ("5 to 95 %", "right"),
    ]
    if several:
        columns.append((f"points from {first}", "right"))
    columns += [
        ("building up", "right"),
        ("full answer", "right"),
        ("any falls", "right"),
        ("hours", "right"),
    ]
    rows = []
    for name in study.postures:
        p = study.values("p_attack", name)
        low, high = _spread(p)
        change = [] if not several else ["" if name == first else _change(study, name)]
        rows.append(
            (
                name,
                percent(p.mean()),
                f"{low} to {high}",
                *change,
                percent(study.values("p_attack_buildup", name).mean()),
                percent(_answer(study, name)),
                percent(_mean(study, "falls_any", name)),
                _hours(study, name),
            )
        )
    table(columns, rows, title="At a moment of decision")
    say(
        "Attack: a limited grab or a full assault. Answer, fall and hours are of an assault: the "
        "median hours to the first objective's outskirts, where it is reached.",
        style="dim",
    )


def _tell_wars(study: Comparison) -> None:
    """The war alone, of a scenario in which nobody decides anything."""
    from glacis.study.compare import missing

    columns: list[Column] = [
        ("posture", "left"),
        ("any falls", "right"),
        ("hours", "right"),
        ("Blue's killed and wounded", "right"),
        ("Red's", "right"),
        ("EUR m a year", "right"),
    ]
    rows = [
        (
            name,
            percent(_mean(study, "falls_any", name)),
            _hours(study, name),
            f"{study.values('blue_casualties', name).mean():,.0f}",
            f"{study.values('red_casualties', name).mean():,.0f}",
            f"{study.values('annual_cost', name).mean():,.0f}",
        )
        for name in study.postures
    ]
    table(columns, rows, title=f"The war ({study.scenario.options[study.option].name}), means")
    say(
        f"The scenario has no {', no '.join(missing(study.scenario))}: the war alone is told, as "
        "if it were answered in full. Hours are the median to the first objective's outskirts.",
        style="dim",
    )


def _answer(study: Comparison, posture: str) -> float:
    return float(study.values("response", posture, option=study.option, answer="full").mean())


def _mean(study: Comparison, name: str, posture: str) -> float | None:
    return float(study.values(name, posture).mean()) if study.has(name) else None


def _change(study: Comparison, posture: str) -> str:
    from glacis.study.compare import half_width

    moved = study.difference("p_attack", posture)
    return f"{100 * moved.mean():+.0f} \u00b1 {100 * half_width(moved):.1f}"


def _spread(values: Any) -> tuple[str, str]:
    import numpy as np

    low, high = np.percentile(values, [5, 95])
    return f"{100 * low:.0f}", percent(high)


def _hours(study: Comparison, posture: str) -> str:
    import numpy as np

    if not study.has("hours_to"):
        return ""
    first = study.values("hours_to", posture).min(axis=1)
    reached = first[np.isfinite(first)]
    return f"{np.median(reached):.0f}" if len(reached) else "\u2013"


def _tell_endings(study: Comparison) -> None:
    names = [name for name in OUTCOME_WORDS if name != "nuclear_use"] + ["nuclear_use"]
    columns: list[Column] = [("posture", "left"), *((OUTCOME_WORDS[n], "right") for n in names)]
    rows = [
        (
            posture,
            *(
                percent(study.values("outcomes", posture, outcome=n).mean(), fine=True)
                for n in names
            ),
        )
        for posture in study.postures
    ]
    table(columns, rows, title="How it ends, of all moments of decision")


def _tell_losses(study: Comparison) -> None:
    columns: list[Column] = [
        ("posture", "left"),
        ("attack in 5 years", "right"),
        ("posture's cost", "right"),
        ("expected loss", "right"),
        ("of it world shock", "right"),
        ("nuclear", "right"),
        ("second theatre", "right"),
        ("programmes", "right"),
    ]
    rows = [
        (
            name,
            percent(study.values("p_attack_5y", name).mean(), fine=True),
            f"{study.values('loss', name, term='posture').mean():.1f}",
            f"{study.values('loss_without_posture', name).mean():.0f}",
            f"{study.values('loss', name, term='world_shock').mean():.0f}",
            f"{study.values('loss', name, term='nuclear').mean():.1f}",
            percent(_mean(study, "p_second_theatre", name), fine=True),
            "\u2013"
            if not study.has("new_programmes")
            else f"{study.values('new_programmes', name).mean():.3f}",
        )
        for name in study.postures
    ]
    table(columns, rows, title="Over five years, in EUR bn at present value")
    say(
        "Posture's cost is above that of the posture that costs are counted from, and not in the "
        "expected loss beside it. Programmes are counted over their own years.",
        style="dim",
    )


def tell_growth(study: Comparison, growth: dict[str, float]) -> None:
    """What comes back of the assaults removed, and what growth of Red would undo the denial."""
    import math

    first = study.postures[0]
    for name in study.postures[1:]:
        moved = study.displacement(name)
        words = []
        if not math.isnan(moved):
            words.append(
                f"of each point of assault removed, {moved:.2f} come back as grey zone or "
                "limited grabs"
            )
        found = growth.get(name, math.nan)
        if math.isinf(found):
            words.append("no growth of Red's ground force that was tried undoes its denial")
        elif found <= 1:
            words.append(f"it denies no more than {first}")
        elif not math.isnan(found):
            words.append(
                f"Red's ground force would have to be {found:.1f} times as large to undo its denial"
            )
        if words:
            say(f"{name}: {'; '.join(words)}.")
