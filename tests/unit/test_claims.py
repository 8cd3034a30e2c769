"""The ledger: every claim computed, none written down, and mechanisms that move it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from glacis.errors import InputError
from glacis.scenario.check import check
from glacis.scenario.claims import MADE, VARIABLES
from glacis.scenario.model import Scenario
from glacis.scenario.read import read_scenario
from glacis.scenario.wording import words_of
from glacis.study.cases import FIGHTS_KEPT
from glacis.study.claims import Ledger, claims
from glacis.study.compare import compare
from glacis.study.parts import PART_SHARE
from glacis.study.readings import READERS
from placed import Case, assert_only_problem

WORLDS = 96


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


def ledger_of(scenario: Scenario, claim: str, worlds: int = WORLDS) -> Ledger:
    return claims(scenario, claim, worlds=worlds, seed=3, reds=["red-2021"])


def share(scenario: Scenario, claim: str) -> float:
    return ledger_of(scenario, claim).entries[claim]["red-2021"].share


def test_all_thirty_two_stand_in_the_scenario(baltic: Scenario) -> None:
    assert baltic.claims is not None
    ledger = baltic.claims.ledger
    assert len(ledger) == 32
    for one in ledger.values():
        assert one.statement.endswith((".", ".)"))
        assert one.source
    text = (Path(baltic.document.folder) / "claims.yaml").read_text(encoding="utf-8")
    assert "verdict:" not in text


def test_what_can_be_read_is_declared(baltic: Scenario) -> None:
    study = compare(baltic, ["tripwire"], worlds=4)
    assert set(VARIABLES) == set(map(str, study.dataset.data_vars))
    assert set(MADE) == {*READERS, PART_SHARE}


def test_a_signal_that_tells_nothing_invites_nobody(baltic: Scenario) -> None:
    path = "belief.signals.pledges-undelivered.likelihood"
    assert share(baltic, "pledges-undelivered") > 0.3
    assert share(baltic.replace({path: 1}), "pledges-undelivered") == 0


def test_mines_that_are_not_laid_close_no_port(baltic: Scenario) -> None:
    assert share(baltic, "mines-close-ports") > 0.8
    calm = baltic.replace({"systems.minelayer-*.mines": 0})
    assert share(calm, "mines-close-ports") < 0.2


def test_without_provocation_build_up_is_outweighed(baltic: Scenario) -> None:
    calm = baltic.replace({"crisis.types.insecure.weights.threat": 0})
    assert share(calm, "provocation-outweighed") > share(baltic, "provocation-outweighed") + 0.5


def test_launchers_without_a_nuclear_role_raise_nothing(baltic: Scenario) -> None:
    calm = baltic.replace({"campaign.escalation.use_or_lose": 0})
    assert share(baltic, "use-it-or-lose-it") > 0.05
    assert share(calm, "use-it-or-lose-it") == 0


def test_deaths_and_odds_that_move_nobody_steady_nobody(baltic: Scenario) -> None:
    """Without what a force does to its members' will, a larger one does not steady them."""
    moved = ("even_loss", "doubtful_loss", "presence_gain", "deaths_gain")
    changes: dict[str, object] = {f"alliance.public.{name}": 0 for name in moved}
    own = ("odds", "own_troops", "own_dead", "cost", "nuclear")
    changes |= {f"alliance.government.{name}": 0 for name in own}
    numb = baltic.replace(changes)
    assert share(baltic, "forward-steadies-support") > 0.9
    assert share(numb, "forward-steadies-support") == pytest.approx(0.5, abs=0.05)


def test_reputation_that_tells_nothing_collapses_nowhere(baltic: Scenario) -> None:
    numb = baltic.replace({"ripple.reputation.reading": 0})
    assert share(baltic, "credibility-collapse") > 0.2
    assert share(numb, "credibility-collapse") < 0.05
    assert share(numb, "one-block-suffices") == 0


def test_a_number_that_decides_alone_is_named(baltic: Scenario) -> None:
    ledger = ledger_of(baltic, "credibility-collapse", 400)
    hangs = ledger.hangs["credibility-collapse"]
    assert hangs is not None
    assert hangs.path == "ripple.reputation.reading"
    assert hangs.words == words_of(baltic, hangs.path)
    (record,) = ledger.to_record()["claims"]
    assert (record["hangs_on"], record["hangs_on_words"]) == (hangs.path, hangs.words)
    assert ledger.assumed["credibility-collapse"] == (hangs.share > 0.8)


def test_a_red_of_a_claim_stands_in_the_ledgers_place(baltic: Scenario) -> None:
    ledger = claims(baltic, "weaker-red", worlds=24, reds=["reconstituted"])
    asked = [where.variants for where in ledger.cases.asked]
    assert ("late-2022",) in asked
    assert ("reconstituted", "late-2022") not in asked


def test_what_no_other_case_needs_is_let_go_of(baltic: Scenario) -> None:
    cases = claims(baltic, "forward-deters", worlds=24).cases
    assert len(cases.found) == 3
    assert all(study.chain is None for study in cases.found.values())
    assert 0 < len(cases.fights) <= FIGHTS_KEPT


def test_the_same_seed_gives_the_same_ledger(baltic: Scenario) -> None:
    one, two = (claims(baltic, "forward-deters", worlds=24, seed=5).to_record() for _ in range(2))
    assert one == two
    record = one["claims"][0]
    promised = {"id", "share", "low", "high", "verdict", "assumed", "hangs_on", "notes"}
    assert promised <= set(record)
    assert list(record["reds"]) == ["red-2021", "late-2022", "reconstituted"]


def test_parts_share_out_the_whole_fall(baltic: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glacis.study.parts.WORLDS", 12)
    ledger = ledger_of(baltic, "each-part-counts", 12)
    (values,) = ledger.cases.parts.values()
    assert list(values) == ["minehunters", "armour", "air-power", "fortification", "infrastructure"]
    study = compare(baltic.variant("red-2021"), ["tripwire", "forward"], worlds=12, seed=3)
    fall = -study.difference("loss_without_posture", "forward")
    assert np.sum(list(values.values()), axis=0) == pytest.approx(fall)


@pytest.mark.parametrize(
    "case",
    [
        Case(
            ("reds: [red-2021,", "reds: [red-2020,"),
            "unknown-variant", "reds.0", "red-2020", "there is no",
        ),
        Case(
            ("minehunters: minehunter", "minehunters: minehunters"),
            "unknown-measure", "parts.forward.minehunters", "minehunters", "did you mean",
        ),
        Case(
            ("{read: axis_power_ratio,", "{read: power_ratio,"),
            "unknown-reading", "ledger.force-disparity.test.reading.read",
            "power_ratio", "nothing is called",
        ),
        Case(
            ("posture: tripwire}\n        at_least: 3", "posture: tripwires}\n        at_least: 3"),
            "unknown-posture", "ledger.force-disparity.test.reading.posture",
            "tripwires", "there is no",
        ),
        Case(
            ("        at_least: 3\n", "        at_least: 3\n        at_most: 4\n"),
            "unclear-test", "ledger.force-disparity.test", "reading", "several forms",
        ),
        Case(
            ("        at_least: 3\n", "        times: 3\n"),
            "unclear-test", "ledger.force-disparity.test", "reading", "compared with nothing",
        ),
    ],
)  # fmt: skip
def test_a_broken_ledger_is_told_in_its_place(case: Case, tmp_path: Path, baltic: Scenario) -> None:
    folder = tmp_path / "ledger"
    folder.mkdir()
    for file in Path(baltic.document.folder).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    path = folder / "claims.yaml"
    text = path.read_text(encoding="utf-8")
    assert case.change[0] in text
    path.write_text(text.replace(*case.change, 1), encoding="utf-8")
    assert_only_problem(folder, "claims", case)


def test_bad_requests_are_refused(baltic: Scenario) -> None:
    with pytest.raises(InputError, match="no claim"):
        claims(baltic, "nothing", worlds=8)
    with pytest.raises(InputError, match="no claims to test"):
        claims("georgia-2008", worlds=8)
    with pytest.raises(InputError, match="worlds must be"):
        claims(baltic, "forward-deters", worlds=0)


def test_the_ledger_is_sound() -> None:
    assert check("baltic").is_sound
