"""Red's belief: closed forms, what a register must keep, and the register of the Baltic."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glacis.crisis.belief import (
    Values,
    belief_in_answer,
    belief_timeline,
    moved,
    register,
    share_insecure,
)
from glacis.errors import InputError, ScenarioError
from glacis.scenario.belief import Belief, is_day
from glacis.scenario.check import check
from glacis.scenario.model import Scenario
from glacis.scenario.quantity import ELICITED, Quantity
from glacis.scenario.read import read_scenario
from glacis.worlds import Worlds, sample

Broken = Callable[..., Path]

certain: Values = Worlds.values.__get__(sample([], 3, 0))


def belief(
    base: float, independence: float, **likelihoods: float | tuple[float, str, str]
) -> Belief:
    """A register of certain numbers: likelihood, or (likelihood, day, about), by id."""
    signals = {}
    for name, told in likelihoods.items():
        likelihood, day, about = told if isinstance(told, tuple) else (told, "2022-01-01", "will")
        signals[name] = {"name": name, "date": day, "about": about, "likelihood": likelihood}
    return Belief.model_validate({"base": base, "independence": independence, "signals": signals})


def told(probability: float, *factors: float) -> float:
    """The probability after its odds are multiplied."""
    odds = probability / (1 - probability) * math.prod(factors)
    return odds / (1 + odds)


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def worlds(baltic: Scenario) -> Worlds:
    return sample(baltic.quantities(), 2_000, 1)


def test_no_signal_leaves_the_base() -> None:
    assert belief_in_answer(belief(0.3, 1), certain) == pytest.approx([0.3] * 3, abs=1e-15)


def test_one_signal_multiplies_the_odds() -> None:
    one = belief(0.5, 1, act=3.0)
    assert belief_in_answer(one, certain) == pytest.approx([0.75] * 3)


def test_several_signals_multiply_them_together() -> None:
    several = belief(0.2, 1, a=3.0, b=0.5, c=1.5)
    assert belief_in_answer(several, certain) == pytest.approx([told(0.2, 3.0, 0.5, 1.5)] * 3)


def test_dependent_signals_count_for_less() -> None:
    whole, discounted = belief(0.4, 1, a=3.0, b=2.0), belief(0.4, 0.3, a=3.0, b=2.0)
    assert belief_in_answer(whole, certain)[0] == pytest.approx(told(0.4, 6.0))
    assert belief_in_answer(discounted, certain)[0] == pytest.approx(told(0.4, 6.0**0.3))


def test_a_likelihood_of_one_moves_nothing() -> None:
    moving, still = belief(0.4, 0.7, a=2.0), belief(0.4, 0.7, a=2.0, b=1.0)
    assert np.array_equal(belief_in_answer(moving, certain), belief_in_answer(still, certain))


def test_signals_that_undo_each_other_leave_the_base() -> None:
    assert belief_in_answer(belief(0.37, 0.6, a=4.0, b=0.25), certain)[0] == pytest.approx(0.37)


def test_the_order_does_not_matter() -> None:
    acts = {"a": 3.0, "b": 0.5, "c": 1.7}
    found = {
        belief_in_answer(belief(0.4, 0.6, **dict(order)), certain)[0].round(14)
        for order in itertools.permutations(acts.items())
    }
    assert len(found) == 1


@pytest.mark.parametrize("base", [0.0, 1.0])
@pytest.mark.parametrize("likelihood", [1e-14, 0.5, 1.0, 2.0, 1e14])
def test_certainty_is_not_moved(base: float, likelihood: float) -> None:
    several = belief(base, 1, **{f"s{i}": likelihood for i in range(30)})
    assert (belief_in_answer(several, certain) == base).all()


@pytest.mark.parametrize("likelihood, end", [(1e14, 1.0), (1e-14, 0.0)])
def test_overwhelming_evidence_is_no_error(likelihood: float, end: float) -> None:
    several = belief(0.5, 1, **{f"s{i}": likelihood for i in range(30)})
    assert belief_in_answer(several, certain)[0] == pytest.approx(end, abs=1e-300)


shares = st.floats(0.01, 0.99)
factors = st.lists(st.floats(0.05, 20.0), max_size=6)


@given(shares, st.floats(0.01, 1.0), factors, st.floats(1.0, 20.0))
def test_a_good_signal_never_lowers_and_a_bad_one_never_raises(
    base: float, independence: float, others: list[float], good: float
) -> None:
    acts = {f"s{i}": factor for i, factor in enumerate(others)}
    (before, *_) = belief_in_answer(belief(base, independence, **acts), certain)
    (better, *_) = belief_in_answer(belief(base, independence, **acts, z=good), certain)
    (worse, *_) = belief_in_answer(belief(base, independence, **acts, z=1 / good), certain)
    assert worse - 1e-12 <= before <= better + 1e-12


@given(shares, st.floats(0.01, 1.0), factors)
def test_more_independence_moves_farther(base: float, some: float, acts: list[float]) -> None:
    named = {f"s{i}": factor for i, factor in enumerate(acts)}
    (less, *_) = belief_in_answer(belief(base, some, **named), certain)
    (more, *_) = belief_in_answer(belief(base, 1, **named), certain)
    assert abs(less - base) <= abs(more - base) + 1e-12


def test_only_what_was_known_by_a_day_counts() -> None:
    dated = belief(0.5, 1, late=(2.0, "2022-03-02", "will"), early=(3.0, "2022-03-01", "will"))
    for until, wanted in (
        ("2022-02-28", 0.5),
        ("2022-03-01", 0.75),
        ("2022-03-02", told(0.5, 6.0)),
        (None, told(0.5, 6.0)),
    ):
        assert belief_in_answer(dated, certain, until=until)[0] == pytest.approx(wanted)


def test_without_a_signal_is_as_if_it_had_not_happened() -> None:
    both, one = belief(0.4, 0.5, a=3.0, b=0.5), belief(0.4, 0.5, a=3.0)
    assert belief_in_answer(both, certain, without=["b"])[0] == belief_in_answer(one, certain)[0]
    assert belief_in_answer(both, certain, without=["a", "b"])[0] == pytest.approx(0.4)


def test_signals_about_red_move_its_type_and_not_the_will() -> None:
    acts = belief(
        0.5,
        1,
        will=3.0,
        fear=(0.25, "2022-01-01", "red"),
        arms=(2.0, "2022-01-02", "will; capability"),
    )
    assert belief_in_answer(acts, certain)[0] == pytest.approx(told(0.5, 6.0))
    prior = np.array([0.0, 0.2, 0.5])
    found = share_insecure(acts, certain, prior=prior)
    assert found == pytest.approx([0.0, told(0.2, 0.25), told(0.5, 0.25)])
    assert share_insecure(acts, certain, prior=prior, without=["fear"]) == pytest.approx(prior)
    assert share_insecure(acts, certain, prior=prior, until="2021-12-31") == pytest.approx(prior)


def test_what_does_not_exist_is_refused() -> None:
    one = belief(0.5, 1, act=3.0)
    with pytest.raises(InputError, match="no signal 'acts'; choose among: act"):
        belief_in_answer(one, certain, without=["acts"])
    with pytest.raises(InputError, match="no day of the calendar"):
        belief_in_answer(one, certain, until="2022-02-30")


def test_a_number_that_was_not_sampled_is_refused(baltic: Scenario) -> None:
    assert baltic.belief is not None
    some = [(path, one) for path, one in baltic.quantities() if "transit-climb-down" not in path]
    few = sample(some, 8, 1)
    with pytest.raises(InputError, match=r"transit-climb-down\.likelihood: was not among"):
        belief_in_answer(baltic.belief, few.values)
    without = belief_in_answer(baltic.belief, few.values, without=["transit-climb-down"])
    assert without.shape == (8,)


@pytest.mark.parametrize(
    "text, is_one",
    [
        ("2022-02-24", True),
        ("2024-02-29", True),
        ("2022-02-29", False),
        ("2022-13-01", False),
        ("20220224", False),
        ("2022-W08-4", False),
        ("2022-2-24", False),
        ("24 February 2022", False),
        ("", False),
    ],
)
def test_days(text: str, is_one: bool) -> None:
    assert is_day(text) is is_one


SECTION = """
belief:
  base: {value: 0.5, source: mini-survey, confidence: high}
  independence: {low: 0.3, high: 1, source: elicited, confidence: low, note: a judgement}
  signals:
    act:
      name: An act
      date: 2022-02-24
      source: mini-survey
      confidence: high
      likelihood: {low: 0.9, high: 2, source: elicited, confidence: low, note: a judgement}
"""

#: (old, new), code, path, what stands there, part of the repair.
PROBLEMS: dict[str, tuple[tuple[str, str], str, str, str, str]] = {
    "no day": (
        ("2022-02-24", "2022-02-30"),
        "bad-date", "belief.signals.act.date", "2022-02-30", "write it YYYY-MM-DD",
    ),
    "no date": (
        ("2022-02-24", "spring"),
        "bad-date", "belief.signals.act.date", "spring", "write it YYYY-MM-DD",
    ),
    "number for date": (
        ("2022-02-24", "20220224"),
        "wrong-type", "belief.signals.act.date", "20220224", "in quotes",
    ),
    "date left out": (
        ("      date: 2022-02-24\n", ""),
        "missing-key", "belief.signals.act.date", "name: An act", "add it",
    ),
    "always good": (
        ("low: 0.9, high: 2,", "low: 1.1, high: 2,"),
        "excludes-no-effect", "belief.signals.act.likelihood", "{low: 1.1", "widen it to include 1",
    ),
    "always bad": (
        ("low: 0.9, high: 2,", "low: 0.5, mode: 0.6, high: 0.9,"),
        "excludes-no-effect", "belief.signals.act.likelihood", "{low: 0.5", "widen it to include 1",
    ),
    "impossible": (
        ("low: 0.9, high: 2,", "low: 0, high: 2,"),
        "out-of-bounds", "belief.signals.act.likelihood", "{low: 0,", "above 0",
    ),
    "base above 1": (
        ("value: 0.5", "value: 1.5"),
        "out-of-bounds", "belief.base", "{value: 1.5", "between 0 and 1",
    ),
    "independence of 0": (
        ("low: 0.3", "low: 0"),
        "out-of-bounds", "belief.independence", "{low: 0,", "between 0 and 1",
    ),
    "independence above 1": (
        ("high: 1,", "high: 2,"),
        "out-of-bounds", "belief.independence", "{low: 0.3", "between 0 and 1",
    ),
    "unknown subject": (
        ("      source", "      about: blue\n      source"),
        "not-allowed", "belief.signals.act.about.0", "blue", "use 'will', 'capability' or 'red'",
    ),
    "two hypotheses": (
        ("      source", "      about: [will, red]\n      source"),
        "not-allowed", "belief.signals.act.about", "[will, red]", "make two signals",
    ),
    "capability alone": (
        ("      source", "      about: capability\n      source"),
        "no-effect", "belief.signals.act.about", "capability", "add will",
    ),
    "about nothing": (
        ("      source", "      about: []\n      source"),
        "no-effect", "belief.signals.act.about", "[]", "add will",
    ),
    "act without a source": (
        ("      source: mini-survey\n", ""),
        "missing-source", "belief.signals.act", "name: An act", "on the signal",
    ),
    "act of an unknown source": (
        ("      source: mini-survey", "      source: [from-memory, mini-surveys]"),
        "unknown-source", "belief.signals.act", "[from-memory", "did you mean mini-survey",
    ),
    "elicited act": (
        ("      source: mini-survey", "      source: elicited"),
        "not-allowed", "belief.signals.act.source", "elicited", "cite who reports it",
    ),
    "judgement without a note": (
        ("high: 2, source: elicited, confidence: low, note: a judgement",
         "high: 2, source: elicited, confidence: low"),
        "missing-note", "belief.signals.act.likelihood", "{low: 0.9", "write `note:`",
    ),
    "bad id": (("    act:", "    An Act:"), "bad-id", "belief.signals.An Act", "", "lower-case"),
    "unknown key": (
        ("      name: An act\n", "      name: An act\n      when: 2022\n"),
        "unknown-key", "belief.signals.act.when", "2022", "use one of: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_every_problem_has_its_place(broken: Broken, case: str) -> None:
    (old, new), code, path, there, repair = PROBLEMS[case]
    assert old in SECTION
    text = SECTION.replace(old, new, 1)
    folder = broken("belief.yaml", "", text)
    (problem,) = check(folder).problems
    assert (problem.code, problem.path) == (code, path)
    assert repair in problem.repair
    mark = problem.mark
    assert mark.file.endswith("belief.yaml")
    assert text.splitlines()[mark.line - 1][mark.column - 1 :].startswith(there)


def test_a_source_that_a_number_inherits_is_told_once(broken: Broken) -> None:
    text = SECTION.replace(
        "high: 2, source: elicited, confidence: low, note: a judgement", "high: 2"
    )
    folder = broken(
        "belief.yaml", "", text.replace("source: mini-survey\n", "source: nobody-1900\n")
    )
    assert [problem.code for problem in check(folder).problems] == ["unknown-source"]


def test_a_sound_section_is_no_problem(broken: Broken) -> None:
    folder = broken("belief.yaml", "", SECTION)
    assert check(folder).problems == ()
    one = read_scenario(folder)
    assert one.belief is not None
    assert one.belief.signals["act"].about == ("will",)
    assert "belief.signals.act.likelihood" in dict(one.quantities())


def test_a_certain_likelihood_may_be_anything(broken: Broken) -> None:
    folder = broken("belief.yaml", "", SECTION.replace("low: 0.9, high: 2,", "value: 3,"))
    assert check(folder).problems == ()


def test_a_changed_register_is_checked_too(baltic: Scenario) -> None:
    path = "belief.signals.americans-sent.likelihood"
    with pytest.raises(ScenarioError, match=f"{path}: its range, 2 to 3, leaves out 1"):
        baltic.replace({path: "2..3"})
    assert baltic.replace({path: 2.5}).belief is not None


def test_the_baltic_register_is_dated_and_has_both_sides(baltic: Scenario) -> None:
    assert baltic.belief is not None
    signals = baltic.belief.signals
    for moves in ("will", "red"):
        days = [one.date for one in signals.values() if one.moves == moves]
        assert days == sorted(days)
    assert min(one.date for one in signals.values()) >= "2022-01-01"
    assert max(one.date for one in signals.values()) <= "2022-12-31"
    centres = [one.likelihood.value for one in signals.values() if one.moves == "will"]
    assert sum(centre > 1 for centre in centres) >= 4
    assert sum(centre < 1 for centre in centres) >= 4
    assert any(one.moves == "red" for one in signals.values())


def test_every_likelihood_of_the_baltic_is_a_judgement_that_includes_no_effect(
    baltic: Scenario,
) -> None:
    assert baltic.belief is not None
    for signal in baltic.belief.signals.values():
        low, high = signal.likelihood.support
        assert low < 1 < high
        assert ELICITED in signal.likelihood.sources
        assert signal.likelihood.note
        assert signal.source
        assert ELICITED not in signal.source


def test_the_baltic_base_is_the_record_of_alliances(baltic: Scenario) -> None:
    assert baltic.belief is not None
    base, independence = baltic.belief.base, baltic.belief.independence
    assert (base.shape, base.low, base.mode, base.high) == ("pert", 0.22, 0.50, 0.75)
    assert independence.support == (0.3, 1.0)


def test_the_timeline_ends_at_the_belief(baltic: Scenario, worlds: Worlds) -> None:
    assert baltic.belief is not None
    course = belief_timeline(baltic, worlds)
    signals = register(baltic.belief, moves="will")
    assert list(course["signal"].to_numpy()) == list(signals)
    assert course.sizes["date"] == len({one.date for one in signals.values()})
    assert (np.diff(course["date"].to_numpy()) > np.timedelta64(0, "D")).all()
    assert np.array_equal(course["base"], worlds.values(baltic.belief.base))
    assert np.array_equal(course["belief"][-1], belief_in_answer(baltic.belief, worlds.values))
    for day, found in zip(course["date"].to_numpy(), course["belief"].to_numpy(), strict=True):
        until = str(day.astype("datetime64[D]"))
        assert np.array_equal(found, belief_in_answer(baltic.belief, worlds.values, until=until))
    last = baltic.belief.signals["americans-sent"].likelihood
    assert np.array_equal(course["likelihood"].sel(signal="americans-sent"), worlds.values(last))
    assert course.attrs["seed"] == 1
    assert course.attrs["scenario_sha256"] == baltic.document.sha256


def test_each_step_of_the_timeline_is_that_of_its_signals(baltic: Scenario, worlds: Worlds) -> None:
    assert baltic.belief is not None
    course = belief_timeline(baltic, worlds)
    beliefs = np.vstack([course["base"].to_numpy(), course["belief"].to_numpy()])
    steps = np.diff(np.log(beliefs / (1 - beliefs)), axis=0)
    share = worlds.values(baltic.belief.independence)
    logs = np.log(course["likelihood"].to_numpy())
    for day, step in zip(course["date"].to_numpy(), steps, strict=True):
        assert np.allclose(step, share * logs[course["day"].to_numpy() == day].sum(axis=0))


def test_a_timeline_without_a_signal_leaves_its_day_out(baltic: Scenario, worlds: Worlds) -> None:
    course = belief_timeline(baltic, worlds, without=["transit-climb-down"])
    assert "transit-climb-down" not in course["signal"]
    assert np.datetime64("2022-07-13") not in course["date"].to_numpy()
    assert course.attrs["without"] == ["transit-climb-down"]
    assert float(course["belief"][-1].median()) > float(
        belief_timeline(baltic, worlds)["belief"][-1].median()
    )


def test_a_register_without_signals_has_a_timeline_of_its_base(baltic: Scenario) -> None:
    bare = baltic.replace({"belief.signals": {}})
    course = belief_timeline(bare, sample(bare.quantities(), 4, 1))
    assert course["belief"].shape == (0, 4)
    assert course["base"].shape == (4,)


def test_a_scenario_without_a_register_is_refused(mini: Scenario) -> None:
    with pytest.raises(InputError, match="mini: has no section belief"):
        belief_timeline(mini, sample(mini.quantities(), 4, 1))


def test_worlds_do_not_depend_on_their_chunk(baltic: Scenario, worlds: Worlds) -> None:
    assert baltic.belief is not None
    whole = belief_in_answer(baltic.belief, worlds.values)
    part = belief_in_answer(baltic.belief, worlds.chunk(300, 556).values)
    assert np.array_equal(whole[300:556], part)


def test_moved_is_bayes_rule() -> None:
    prior, likelihood = np.array([0.2, 0.7]), np.array([3.0, 0.4])
    wanted = prior * likelihood / (prior * likelihood + 1 - prior)
    assert moved(prior, np.log(likelihood)) == pytest.approx(wanted)


def test_values_are_those_of_the_quantities(worlds: Worlds) -> None:
    """The register reads nothing but what it is handed."""
    asked: list[Quantity] = []

    def values(quantity: Quantity) -> np.ndarray:
        asked.append(quantity)
        return np.full(2, quantity.value)

    belief_in_answer(belief(0.5, 1, a=2.0, fear=(3.0, "2022-01-01", "red")), values)
    assert len(asked) == 3
