from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from glacis.errors import InputError, ScenarioError
from glacis.scenario.model import Scenario, walk_quantities
from glacis.scenario.quantity import CONFIDENCES, ELICITED, FROM_MEMORY
from glacis.scenario.read import read_scenario
from glacis.scenario.sources import bundled_keys
from glacis.study import testbed
from glacis.study.arena import Arena
from glacis.study.battles import COLUMNS, read_battles
from glacis.study.beds import ROOT, Ground, parse_beds, read_beds

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared" / "data" / "cdb90_dev.csv"

#: Combat in which every pressed day costs the same share, whatever the odds.
LOGARITHMIC = {
    "campaign.combat.attacker_loss": 0.02,
    "campaign.combat.defender_loss": 0.04,
    "campaign.combat.exponent": 0,
    "campaign.combat.dispersion": 0,
    "campaign.combat.sustained_tempo": 1,
    "campaign.combat.press_at": 0.001,
}
EQUAL = LOGARITHMIC | {
    "campaign.combat.attacker_loss": 0.03,
    "campaign.combat.defender_loss": 0.03,
    "campaign.combat.exponent": 0.5,
    "campaign.combat.breakpoint_red": 0.4,
    "campaign.combat.breakpoint_blue": 0.4,
}


@pytest.fixture(scope="module")
def baltic() -> Scenario:
    return read_scenario("baltic")


@pytest.fixture(scope="module")
def arena(baltic: Scenario) -> Arena:
    return Arena.open(256, 5, scenario=baltic)


def plain(baltic: Scenario, changes: dict[str, object], worlds: int = 4) -> Arena:
    return Arena.open(worlds, 1, scenario=baltic.replace(changes))


# What the beds hold.


def test_every_number_of_the_beds_is_sourced() -> None:
    known = {*bundled_keys(), ELICITED, FROM_MEMORY}
    for path, number in walk_quantities(read_beds(), ROOT):
        assert number.path == path
        assert number.sources, path
        assert set(number.sources) <= known, path
        assert number.confidence in CONFIDENCES, path
        assert number.note or ELICITED not in number.sources, path


def test_the_record_is_of_672_engagements() -> None:
    ratios = read_beds().outcomes.ratios
    assert sum(row.engagements.value for row in ratios) == 672
    edges = [edge.value for row in ratios for edge in (row.low, row.high)]
    assert edges == sorted(edges)


def test_covariates_count_the_same_engagements() -> None:
    covariates = read_beds().outcomes.covariates
    counts = {
        sum(number.value for number in covariates.posture.values()),
        sum(number.value for number in covariates.surprise.values()),
        sum(ground.number.value for ground in covariates.ground),
        sum(covariates.days.weights),
    }
    assert counts == {163}


def test_beds_are_frozen() -> None:
    with pytest.raises(ValidationError):
        read_beds().scenario = "other"  # type: ignore[misc]


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"beds\.yaml:2:1 scenario: stands here a second time"):
        parse_beds("scenario: baltic\nscenario: baltic\n", "beds.yaml")


@pytest.mark.parametrize(
    "ground, terrain",
    [
        (Ground(relief="R", cover="M"), "mixed"),
        (Ground(relief="F", cover="M"), "open"),
        (Ground(relief="F", cover="W"), "forest"),
        (Ground(relief="G", cover="W"), "mountain"),
        (Ground(relief="R", cover="D"), "desert"),
        (Ground(relief="F", cover="M", special="U"), "urban"),
        (Ground(), "mixed"),
    ],
)
def test_terrain_codes(ground: Ground, terrain: str) -> None:
    assert read_beds().codes.terrain_of(ground) == terrain


def test_posture_codes() -> None:
    codes = read_beds().codes
    assert [codes.posture_of(code) for code in ("FD", "WD", "", "??")] == [
        "fortified",
        "withdrawal",
        "hasty",
        "hasty",
    ]


# What an arena does.


def test_equal_sides_fare_alike(baltic: Scenario) -> None:
    ring = plain(baltic, EQUAL)
    fought = ring.fight(np.ones(4), 2.0)
    assert fought.attacker_lost == pytest.approx(fought.defender_lost)
    assert list(fought.won) == [0.5] * 4
    assert list(fought.undecided) == [1.0] * 4


def test_who_is_stronger_wins_among_equals(baltic: Scenario) -> None:
    ring = plain(baltic, EQUAL)
    assert ring.fight(np.full(4, 1.5), 2.0).won == pytest.approx(1.0)
    assert ring.fight(np.full(4, 1 / 1.5), 2.0).won == pytest.approx(0.0)


def test_swapping_sides_of_equals_swaps_their_losses(baltic: Scenario) -> None:
    ring = plain(baltic, EQUAL)
    up, down = (ring.fight(np.full(4, odds), 5.0, breaks=False) for odds in (3.0, 1 / 3.0))
    assert up.attacker_lost == pytest.approx(down.defender_lost)
    assert up.defender_lost == pytest.approx(down.attacker_lost)


def test_logarithmic_losses_have_a_closed_form(baltic: Scenario) -> None:
    fought = plain(baltic, LOGARITHMIC).fight(np.full(4, 3.0), 10.0, breaks=False)
    assert fought.attacker_lost == pytest.approx(1 - math.exp(-0.02 * 10))
    assert fought.defender_lost == pytest.approx(1 - math.exp(-0.04 * 10))


def test_square_law_keeps_lanchesters_invariant(baltic: Scenario) -> None:
    changes = LOGARITHMIC | {"campaign.combat.exponent": 1}
    ratio = 2.0
    fought = plain(baltic, changes).fight(np.full(4, ratio), 4.0, breaks=False)
    attacker, defender = 1 - fought.attacker_lost, 1 - fought.defender_lost
    now = 0.04 * (ratio * attacker) ** 2 - 0.02 * defender**2
    assert now == pytest.approx(0.04 * ratio**2 - 0.02, rel=0.01)


def test_a_side_that_breaks_first_loses(baltic: Scenario) -> None:
    changes = LOGARITHMIC | {
        "campaign.combat.breakpoint_red": 0.3,
        "campaign.combat.breakpoint_blue": 0.3,
    }
    fought = plain(baltic, changes).fight(np.ones(4), 30.0)
    assert list(fought.won) == [1.0] * 4
    assert list(fought.undecided) == [0.0] * 4
    assert fought.defender_lost == pytest.approx(0.3, abs=0.01)


def test_room_cuts_power_and_losses_alike(baltic: Scenario) -> None:
    ring = plain(baltic, LOGARITHMIC | {"campaign.combat.exponent": 0.5})
    odds, room = np.full(4, 2.0), np.full(4, 0.5)
    cut = ring.fight(odds, 1.0, breaks=False, room=room)
    half = ring.fight(odds * room, 1.0, breaks=False)
    assert cut.attacker_lost == pytest.approx(half.attacker_lost / 2, rel=0.03)
    assert cut.defender_lost == pytest.approx(half.defender_lost, rel=0.03)
    assert list(odds) == [2.0] * 4


def test_more_ratio_never_wins_less_often(arena: Arena) -> None:
    luck = arena.dispersed(arena.luck("ladder", 1)[:, 0])
    wins = [float(arena.fight(ratio * luck, 3.0).won.mean()) for ratio in np.geomspace(0.2, 20, 15)]
    assert np.all(np.diff(wins) >= 0)
    assert wins[-1] > wins[0]


def test_surprise_decays_and_is_whoevers_it_was(arena: Arena) -> None:
    kinds = arena.beds.factors.surprise
    at_once, later = arena.surprise(1, 1e-6), arena.surprise(1, 30.0)
    assert at_once == pytest.approx(arena.values(kinds.minor), rel=1e-3)
    assert np.all((later > 1.0) & (later < at_once))
    assert arena.surprise(-3, 2.0) == pytest.approx(1.0 / arena.surprise(3, 2.0))
    assert list(np.unique(arena.surprise(0, 2.0))) == [1.0]


def test_power_counts_people_and_tanks(arena: Arena) -> None:
    assert arena.power(2000, 0, "open") == pytest.approx(2 * arena.power(1000, 0, "open"))
    assert np.all(arena.power(1000, 20, "open") > arena.power(1000, 0, "open"))
    # No more people serve tanks than there are.
    assert arena.power(1000, 500, "open") == pytest.approx(arena.power(1000, 80, "open"))


def test_luck_has_an_address(arena: Arena, baltic: Scenario) -> None:
    drawn = arena.luck("somewhere", 3)
    assert drawn.shape == (256, 3)
    assert np.all((drawn > 0) & (drawn < 1))
    fewer = Arena.open(16, 5, scenario=baltic)
    assert np.array_equal(fewer.luck("somewhere", 2), drawn[:16, :2])
    assert not np.any(arena.luck("elsewhere", 3) == drawn)
    assert not np.any(Arena.open(16, 6, scenario=baltic).luck("somewhere", 3) == drawn[:16])


# The beds.


def test_outcomes_rise_with_the_ratio(arena: Arena) -> None:
    found = testbed.outcomes(arena)
    modelled = [row["modelled_pct"] for row in found["rows"]]
    assert modelled[0] < 50 < modelled[-1]
    gaps = [row["modelled_pct"] - row["observed_pct"] for row in found["rows"]]
    weights = [row["engagements"] for row in found["rows"]]
    rmse = math.sqrt(np.average(np.square(gaps), weights=weights))
    assert found["rmse_points"] == pytest.approx(rmse)
    assert found["bias_points"] == pytest.approx(np.average(gaps, weights=weights))
    assert found["constant_rmse_points"] == pytest.approx(15.5, abs=0.05)
    assert found["sampling_error_points"] == pytest.approx(5.4, abs=0.05)


def test_attrition_is_the_arithmetic_it_says(baltic: Scenario) -> None:
    found = testbed.attrition(plain(baltic, LOGARITHMIC, worlds=64))
    defender = 100 * (1 - math.exp(-0.04 * 30)) / 30
    assert found["defender_pct_a_day"] == pytest.approx(defender)
    room = found["attacker_with_room_share"]
    assert 0.5 < room < 1
    assert found["attacker_pct_a_day"] == pytest.approx(
        100 * (1 - math.exp(-0.02 * 30 * room)) / 30, rel=0.01
    )
    ratio = 2.24 * found["attacker_pct_a_day"] / found["defender_pct_a_day"]
    assert found["loss_ratio"] == pytest.approx(ratio)
    assert found["observed_loss_ratio"] == pytest.approx(0.77, abs=0.005)


def test_room_is_four_battalions_on_seven_kilometres(baltic: Scenario) -> None:
    bed = read_beds().attrition
    ring = plain(baltic, LOGARITHMIC)
    battalions = 2.24 * bed.defenders.value / ring.values(bed.people_per_battalion)
    expected = np.minimum(1, 0.57 * 150 / battalions).mean()
    assert testbed.attrition(ring)["attacker_with_room_share"] == pytest.approx(expected)


def test_auc_by_hand() -> None:
    score = np.array([1.0, 2.0, 3.0, 3.0])
    assert testbed.auc(score, np.array([False, True, False, True])) == pytest.approx(2.5 / 4)
    assert math.isnan(testbed.auc(score, np.ones(4, dtype=bool)))


def test_agreement_by_hand() -> None:
    found = testbed.Agreement.of(np.array([0.0, 2.0]), np.array([1.0, 5.0]))
    assert found == pytest.approx((math.sqrt(5), -2.0, 2.0))
    assert math.isnan(testbed.Agreement.of(np.array([]), np.array([])).rmse)
    assert math.isnan(testbed.Agreement.of(np.ones(2), np.array([1.0, 2.0])).slope)


# The battle file.


def row(**given: object) -> dict[str, object]:
    told = {
        "isqno": 1,
        "def_posture1": "PD",
        "terrain_relief": "R",
        "terrain_cover": "M",
        "year": 1944,
        "days_calendar": 2,
        "att_strength": 20000,
        "def_strength": 10000,
        "att_casualties": 1000,
        "def_casualties": 900,
        "surprise": 0,
        "attacker_result": 1,
        "flag_loss_gt_strength": 0,
        "name": 'ONE, "OF" MANY',
        "adv_morale": 4,
    }
    return told | given


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    """A battle file; cells that need quotes get them."""
    columns = ["name", *COLUMNS, "adv_morale"]

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text

    lines = [",".join(columns)]
    lines += [",".join(cell(one.get(name)) for name in columns) for one in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def battle_file(tmp_path: Path) -> Path:
    rows = [
        row(isqno=1),
        row(isqno=2, att_strength=9000, attacker_result=-1, att_casualties=3000),
        row(isqno=3, year=1815, att_tanks=0, def_tanks=0, attacker_result=0),
        row(isqno=4, year=1917, attacker_result=-1, att_casualties=0),
        row(isqno=5, att_tanks=300, surprise=2, def_casualties=4000, days_calendar=None),
        row(isqno=6, flag_loss_gt_strength=1, att_casualties=1),
        row(isqno=7, att_strength=None),
    ]
    return write(tmp_path / "battles.csv", rows)


def test_battles_are_counted(arena: Arena, battle_file: Path) -> None:
    found = testbed.battles(arena, read_battles(battle_file))
    assert (found["battles"], found["dropped"]) == (7, 2)
    assert (found["all"]["with_losses"], found["all"]["with_winner"]) == (4, 4)
    assert (found["from_1930"]["with_losses"], found["from_1930"]["with_winner"]) == (3, 3)
    assert found["all"]["rmse"] > 0
    assert found["all"]["constant_rmse"] >= found["all"]["ratio_rmse"]
    assert 0 <= found["all"]["auc"] <= 1


def test_judgements_after_the_fact_are_not_read(arena: Arena, tmp_path: Path) -> None:
    one, other = [
        testbed.battles(arena, read_battles(write(tmp_path / f"{n}.csv", [row(adv_morale=told)])))
        for n, told in enumerate((-4, "nonsense"))
    ]
    assert one["all"] == pytest.approx(other["all"], nan_ok=True)


def test_order_of_battles_changes_nothing(arena: Arena, battle_file: Path) -> None:
    battles = read_battles(battle_file)
    one, other = (testbed.battles(arena, some)["all"] for some in (battles, battles[::-1]))
    assert one == pytest.approx(other)


def test_no_battle_of_a_kind_is_no_error(arena: Arena, tmp_path: Path) -> None:
    old = read_battles(write(tmp_path / "old.csv", [row(year=1650, attacker_result=0)]))
    found = testbed.battles(arena, old)
    assert found["from_1930"] == {"with_losses": 0, "with_winner": 0}
    assert math.isnan(found["all"]["auc"])


def broken_files() -> Iterator[tuple[str, bytes, str]]:
    header = ",".join(COLUMNS)
    good = ",".join(str(row().get(name, "")) for name in COLUMNS)
    yield "empty", b"", ":1:1: is empty"
    yield "blank", b" \n\n", ":1:1: is empty"
    yield "header alone", header.encode(), ":1:1: holds no engagement"
    yield "no CSV", b"{'a': 1}\n", ":1:1: lacks the columns isqno"
    yield "one column gone", header.replace("year,", "").encode(), ":1:1: lacks the column year;"
    yield "binary", b"isqno\n\xff\xfe", ":2:1: is not UTF-8"
    yield "quote", f'{header}\n"{good}\n'.encode(), ":2:1: is not CSV"
    yield "short line", f"{header}\n{good}\n1,2\n".encode(), ":3:1: 2 cells where"
    wrong = good.replace("20000", "many")
    column = wrong.index("many") + 1
    yield "text", f"{header}\n{wrong}\n".encode(), f":2:{column} att_strength: must be a number"
    yield "NaN", f"{header}\n{good.replace('20000', 'nan')}\n".encode(), "att_strength: must be"
    yield "zero", f"{header}\n{good.replace('20000', '0')}\n".encode(), "from 1 to 1e+09 (got '0')"
    yield "twice", f"{header},year\n{good},1\n".encode(), "year: stands twice"


@pytest.mark.parametrize(
    "content, told", [pytest.param(*case[1:], id=case[0]) for case in broken_files()]
)
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_battles(path)
    assert str(caught.value).startswith(f"{path}:")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file_and_no_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", "nul\0.csv"):
        with pytest.raises(InputError, match=r"no such file|cannot be read"):
            read_battles(path)


def test_a_marked_and_dos_ended_file_is_read(tmp_path: Path) -> None:
    text = write(tmp_path / "unix.csv", [row(), row(isqno=2)]).read_text(encoding="utf-8")
    path = tmp_path / "dos.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_battles(path) == read_battles(tmp_path / "unix.csv")


# The real file, where it is at hand.

needs_file = pytest.mark.skipif(
    not SHARED.is_file(), reason=f"no battle file at {SHARED.name}: T4 is not measured here"
)


@needs_file
def test_t4_is_met_with_nothing_fitted(baltic: Scenario) -> None:
    found = testbed.battles(Arena.open(512, 0, scenario=baltic), read_battles(SHARED))
    every = found["all"]
    assert (found["battles"], found["dropped"], every["with_losses"]) == (414, 3, 407)
    assert every["constant_rmse"] == pytest.approx(1.34, abs=0.005)
    assert every["ratio_auc"] == pytest.approx(0.584, abs=0.005)
    assert every["rmse"] < 1.32
    assert every["auc"] > 0.60


@needs_file
def test_covariates_are_what_the_script_prints() -> None:
    script = REPOSITORY / "scripts" / "covariates"
    done = subprocess.run(
        [sys.executable, script, "--cdb90", SHARED], capture_output=True, text=True, check=True
    )
    lines = [line.strip() for line in done.stdout.splitlines()]
    held = [
        line.strip()
        for line in (REPOSITORY / "src" / "glacis" / "study" / "testbeds.yaml")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    first = held.index(lines[1])
    assert held[first : first + len(lines) - 1] == lines[1:]
