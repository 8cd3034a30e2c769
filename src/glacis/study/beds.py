"""The numbers of the test beds: `testbeds.yaml`, read and checked as scenarios are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from glacis.errors import Problem, ScenarioError
from glacis.scenario.fields import (
    Collection,
    Days,
    Factor,
    Id,
    Km,
    Measured,
    Mines,
    NonNegative,
    Number,
    People,
    Record,
    Share,
    ShareADay,
    Ships,
    Text,
)
from glacis.scenario.model import Terrain
from glacis.scenario.quantity import Quantity
from glacis.scenario.text import read_yaml

FILE = "testbeds.yaml"
ROOT = "testbeds"
"""First part of the path of every number here, so that none has a scenario number's name."""

UNKNOWN = "unknown"
PostureName = Literal["hasty", "prepared", "fortified", "delay", "withdrawal"]


class Surprise(Record):
    """What surprise is worth, by how complete it was."""

    minor: Factor
    substantial: Factor
    complete: Factor


class Factors(Record):
    """Factors that the battle data need and a scenario has not."""

    delay: Annotated[Factor, Field(description="defender's factor in a delaying action")]
    withdrawal: Annotated[Factor, Field(description="defender's factor in a withdrawal")]
    surprise: Surprise


class Ground(Record):
    """Ground as the battle data code it; what is left out was not recorded."""

    relief: str = ""
    cover: str = ""
    special: str = ""


class TerrainRule(Ground):
    """Which of the scenario's terrains a code stands for."""

    terrain: Terrain = Field(alias="is")

    def fits(self, ground: Ground) -> bool:
        """Whether everything that the rule names is so."""
        pairs = (
            (self.relief, ground.relief),
            (self.cover, ground.cover),
            (self.special, ground.special),
        )
        return all(wanted in ("", found) for wanted, found in pairs)


class Codes(Record):
    """How the codes of the battle data are read."""

    posture: dict[str, PostureName]
    unknown_posture: PostureName
    terrain: tuple[TerrainRule, ...]
    unknown_terrain: Terrain

    def posture_of(self, code: str) -> PostureName:
        """The posture that a code stands for."""
        return self.posture.get(code, self.unknown_posture)

    def terrain_of(self, ground: Ground) -> Terrain:
        """The scenario's terrain for ground as recorded."""
        fitting = (rule.terrain for rule in self.terrain if rule.fits(ground))
        return next(fitting, self.unknown_terrain)


class Arm(Record):
    """A kind of battalion and how many people make one."""

    kind: Id = Field(description="a battalion type of the scenario")
    people: People


class TankArm(Arm):
    """A kind of battalion with tanks."""

    tanks: Annotated[NonNegative, Field(description="tanks of one battalion")]


class Manning(Record):
    """Personnel and tanks of a force as battalions."""

    armour: TankArm
    others: Arm


class RatioBin(Record):
    """Engagements of a range of force ratios, and how often the attacker won."""

    low: Factor
    high: Factor
    wins: Share
    engagements: Annotated[NonNegative, Field(description="how many there are")]


class GroundCount(Ground):
    """How many engagements were fought on one kind of ground."""

    number: NonNegative


class Covariates(Record):
    """How engagements were fought: counts by posture, surprise and ground, and their lengths."""

    posture: Annotated[dict[str, NonNegative], Collection]
    surprise: Annotated[dict[str, NonNegative], Collection]
    ground: tuple[GroundCount, ...]
    days: Days


class OutcomeBar(Record):
    """What T3 is held to."""

    rmse_points: Number


class Outcomes(Record):
    """T3: engagements by force ratio, and who won them."""

    ratios: tuple[RatioBin, ...]
    covariates: Covariates
    bar: OutcomeBar


class BattleBars(Record):
    """T4: what the battle file's losses and winners are held to."""

    rmse: Number
    auc: Number
    modern_from: Annotated[Number, Field(description="year from which battles are apart as well")]


class Attrition(Record):
    """T5: an average campaign, its daily losses, and the bars."""

    ratio: Annotated[Factor, Field(description="attacker's personnel over the defender's")]
    days: Days
    front_km: Km
    posture: PostureName
    terrain: Terrain
    defenders: People
    people_per_battalion: Annotated[People, Field(description="of all people, for each battalion")]
    attacker_loss: ShareADay
    defender_loss: ShareADay
    attackers_lost: People
    defenders_lost: People
    within_loss: Annotated[Factor, Field(description="most factor between model and record")]
    within_ratio: Annotated[Factor, Field(description="the same, for the ratio of the losses")]


class Operation(Record):
    """One operation against mines: its ships, how long they worked, and what they cleared."""

    name: Text
    ships: Ships
    days: Days
    mines: Annotated[
        Mines, Field(description="mines cleared, or, beside the six, all that lay there")
    ]


class ClearanceBar(Record):
    """What T9 is held to."""

    inside: Annotated[NonNegative, Field(description="operations observed within 10-90 %")]
    near: Annotated[NonNegative, Field(description="operations observed near the median")]
    within: Annotated[Factor, Field(description="most factor from the median that is near")]


class Clearance(Record):
    """T9: operations that cleared mines; each is foretold from the others."""

    operations: Annotated[dict[Id, Operation], Collection]
    beside: Annotated[
        dict[Id, Operation],
        Collection,
        Field(description="mines of wars, foretold from all operations and held to nothing"),
    ]
    bar: ClearanceBar


class Rebuilding(Record):
    """One published figure: the years to make a class of munitions again, at one pace."""

    stock: Id = Field(description="a class of Blue's arsenals")
    pace: Literal["recent", "surge"] = Field(
        description="at the recent rate of production, or as it grows"
    )
    years: Annotated[Quantity, Measured("years", above=0)]


class Rebuild(Record):
    """T10: published years to make again what was given away."""

    rows: tuple[Rebuilding, ...]


class HazardBar(Record):
    """What one conditional probability of T14 is held to."""

    low: Share
    high: Share


class Hazard(Record):
    """T14: nuclear use that nobody ordered, given how the war goes."""

    back_under: Id = Field(description="posture under which Blue must come back")
    held_under: Id = Field(description="posture under which it holds, where it does")
    counter_offensive: HazardBar
    repelled: HazardBar


class SupportBar(Record):
    """What a change of support is held to, in shares of a public."""

    low: Number
    high: Number


class Answer(Record):
    """T13: how likely the council answers in full, given an assault."""

    posture: Id
    full: HazardBar


class Support(Record):
    """T7: what moves publics, where that was measured."""

    base: Share
    dead: People = Field(description="dead of an allied force that stood there")
    doubtful: Share = Field(description="probability of success in the case of bad odds")
    presence_and_deaths: SupportBar
    bad_odds: SupportBar


class SuccessBar(Record):
    """A share of crises that deterrence is held to end well in."""

    low: Share
    high: Share


class Crises(Record):
    """T8: generic crises, and what is needed to play them without a campaign.

    Likelihoods are of the protector's will, as those of signals are.
    """

    worlds: Annotated[int, Field(ge=1, le=1000, description="in which each crisis is played")]
    alliance: Annotated[Factor, Field(description="likelihood of an alliance")]
    ties: Annotated[Factor, Field(description="likelihood of ties of trade and history")]
    firm: Annotated[Factor, Field(description="likelihood of having been firm before")]
    backed_down: Annotated[Factor, Field(description="likelihood of having backed down before")]
    reinforced: Annotated[
        Factor, Field(description="defender's forces with its protector's, over its own")
    ]
    grab: Annotated[Share, Field(description="share of the prize that a limited grab takes")]
    quick_losses: Annotated[Share, Field(description="losses if nobody comes to help")]
    war_losses: Annotated[Share, Field(description="losses of a war with the protector")]
    limited: Annotated[
        Share, Field(description="share of answers below a full one that are limited")
    ]
    success: SuccessBar
    rise: Annotated[
        Share, Field(description="least gain from three to one against the defender to parity")
    ]


class Presence(Record):
    """T12: what a small presence in the country does to harm short of war."""

    without: Id
    small: Id = Field(alias="with")
    fall: Annotated[Share, Field(description="fall of assault from which a world counts")]


class Beds(Record):
    """All test beds."""

    scenario: Id
    factors: Factors
    codes: Codes
    people: Manning
    outcomes: Outcomes
    battles: BattleBars
    attrition: Attrition
    clearance: Clearance
    rebuild: Rebuild
    hazard: Hazard
    support: Support
    answer: Answer
    crises: Crises
    presence: Presence


def parse_beds(text: str, file: str = FILE) -> Beds:
    """The test beds written in a YAML text.

    Raises
    ------
    ScenarioError
        If a key stands twice.
    pydantic.ValidationError
        If a field is not what it should be.
    """
    problems: list[Problem] = []
    tree = read_yaml(text, file, problems).rooted(ROOT)
    if problems:
        raise ScenarioError(problems)
    return Beds.model_validate(tree.plain())


@cache
def read_beds() -> Beds:
    """The test beds that come with glacis."""
    return parse_beds((files("glacis.study") / FILE).read_text(encoding="utf-8"))
