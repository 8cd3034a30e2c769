"""The scenario: everything a run needs to know, as frozen models.

The declarations here are the only ones: the JSON Schema, the reference tables of the
docs, overrides and error messages are all read from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, PrivateAttr

from glacis.scenario.alliance import Alliance
from glacis.scenario.belief import Belief
from glacis.scenario.claims import Claims, PostureLine
from glacis.scenario.crisis import Crisis
from glacis.scenario.engine import Campaign
from glacis.scenario.fields import (
    BattalionsPerDay,
    Collection,
    Factor,
    FormationId,
    Hours,
    Id,
    Ids,
    Km,
    KmPerHour,
    Latitude,
    Longitude,
    Measured,
    Meur,
    MeurPerYear,
    Months,
    NationId,
    Number,
    People,
    Record,
    Share,
    Squadrons,
    Text,
    TrainsPerDay,
)
from glacis.scenario.loss import Loss
from glacis.scenario.quantity import Quantity
from glacis.scenario.ripple import Ripple
from glacis.scenario.systems import Arsenals, Lane, System

if TYPE_CHECKING:
    from glacis.scenario.build import Document

Terrain = Literal["open", "mixed", "forest", "marsh", "urban", "desert", "mountain"]
Side = Literal["red", "blue"]


class Nation(Record):
    """A state: which side it is on, what it is in the argument, and who may cross it."""

    name: Text
    side: Literal["red", "blue", "neutral"]
    role: Literal["challenger", "protege", "guarantor", "bystander"] = Field(
        description="challenger, protege (defended state), guarantor (promised help), bystander"
    )
    access: Literal["closed", "transit", "co-belligerent"] = Field(
        "closed",
        description="a neutral state's rule for Red: closed, transit (may pass) or co-belligerent",
    )


class Place(Record):
    """A node of the theatre: a town, base or junction."""

    name: Text
    nation: NationId
    lat: Latitude
    lon: Longitude
    terrain: Terrain = Field("mixed", description="what its defenders fight from")
    population: People = Field(description="people who live there")
    area_km2: Annotated[
        Quantity | None,
        Measured("km2", above=0),
        Field(description="land that is its own, where shares of area are to be told"),
    ] = None
    fortification: Share = Field(description="0 open to 1 deep prepared belts")
    railhead: bool = Field(False, description="whether supply arrives there by rail")
    airfield: Annotated[
        Squadrons | None, Field(description="squadrons that its airfields serve, if it has any")
    ] = None
    port: Annotated[
        BattalionsPerDay | None, Field(description="battalions a day that its port lands, if any")
    ] = None
    channel_nm: Annotated[
        Quantity | None,
        Measured("nm", above=0),
        Field(description="length of its approach that must be swept when mined"),
    ] = None


class Leg(Record):
    """A road between two places."""

    start: str = Field(alias="from", description="place at kilometre 0")
    end: str = Field(alias="to", description="place at the other end")
    road: Text = ""
    km: Annotated[Quantity, Measured("km", above=0), Field(description="length by road")]
    border_km: Km | None = Field(None, description="kilometre of the border crossing, if any")
    terrain: Terrain = "mixed"
    lanes: Annotated[Factor, Field(description="lanes in all, both directions")]
    frontage_km: Annotated[Km, Field(description="width on which a force can deploy along it")]
    demolition_hours: Annotated[
        Hours, Field(description="delay to the first column if everything prepared is fired")
    ]
    fortified_km: Annotated[Km, Field(description="kilometres of belts across or along it")]
    trains: Annotated[
        TrainsPerDay | None, Field(description="trains a day on the railway along it, if any")
    ] = None
    gauge: Literal["standard", "broad"] = Field("standard", description="of that railway")
    exposed: Annotated[
        Share | None, Field(description="share within reach of enemy guns on their own ground")
    ] = None


class Gauges(Record):
    """The gauge of each side's own trains."""

    red: Literal["standard", "broad"] = "broad"
    blue: Literal["standard", "broad"] = "standard"


class Theatre(Record):
    """The map: places, the roads and railways between them, and the lanes across the sea."""

    places: Annotated[dict[Id, Place], Collection]
    legs: Annotated[dict[Id, Leg], Collection]
    lanes: Annotated[dict[Id, Lane], Collection] = Field(default_factory=dict)
    gauges: Gauges = Gauges()


class ForceType(Record):
    """What a battalion of one kind is worth and how it moves."""

    name: Text
    symbol: Id = Field("infantry", description="unit symbol on maps")
    power: Annotated[Factor, Field(description="combat power of a full battalion; armour is 1")]
    close_terrain: Annotated[
        Factor,
        Field(description="power in forest, marsh, town and mountain over power in the open"),
    ]
    mobility_kmh: Annotated[KmPerHour, Field(description="pace at which it can break contact")]


class Formation(Record):
    """A battalion, squadron, battery or ship group with a nation, a type and a start."""

    name: Text = ""
    nation: NationId
    type: Id = Field(description="a battalion's type, or a system")
    parent: str = Field("", description="the higher formation, by which plans name it")
    start: str = Field(description="place where it is when the story begins")
    people: People
    strength: Annotated[Share, Field(description="share of full strength at the start")]
    notice_hours: Annotated[
        Hours,
        Field(description="from the order (alert, H-hour, or the council's answer) to moving"),
    ]
    defends: str | None = Field(None, description="place it defends; its start if left out")
    orders: Literal["hold", "delay"] = Field("hold", description="stand, or trade ground for time")
    joins: Literal["in-place", "reinforced"] = Field(
        "in-place", description="there from the start, or only if the council answers in full"
    )
    comes_by: Literal["road", "air", "sea"] = Field(
        "road", description="how it comes to its start: on the road network, flown in, or shipped"
    )
    lanes: Ids = Field((), description="by sea: the lanes that it may take, the best first")
    overland: str | None = Field(
        None, description="place from which it goes by road if it is kept waiting too long"
    )
    origin: Text = Field("", description="where it comes from, if that is off the map")


class Forces(Record):
    """Both sides' formations."""

    red: Annotated[dict[FormationId, Formation], Collection]
    blue: Annotated[dict[FormationId, Formation], Collection]


class Thrust(Record):
    """One axis of an attack: who goes, along which places, to what end."""

    name: Text = ""
    forces: Ids = Field(description="ids or parents of Red formations")
    route: Ids = Field(description="places in order; the last is the thrust's end")
    delay_hours: Annotated[
        Hours | None, Field(description="hours after H-hour that it starts; at once if left out")
    ] = None


class Option(Record):
    """One armed move of Red: its kind, thrusts and objectives."""

    name: Text
    kind: Literal["assault", "limited"]
    description: Text = ""
    objectives: Ids = Field(description="places Red means to take and hold")
    thrusts: Annotated[dict[Id, Thrust], Collection]
    counter_attack: Ids = Field(
        (), description="ids or parents of Blue formations that strike back at once"
    )
    supported_by: Ids | None = Field(
        None, description="ids or parents of Red systems that take part; all if left out"
    )


class Objectives(Record):
    """Places whose fate is reported, and groups of them (the first reached counts)."""

    places: Ids
    groups: dict[Id, Ids] = Field(default_factory=dict)
    corridor: Ids = Field((), description="legs whose flow of reinforcements is reported")


class Added(Record):
    """Formations that one unit of a measure adds; numbered within the measure and place."""

    number: int = Field(1, ge=1, le=50)
    side: Side = "blue"
    name: Text = ""
    nation: NationId
    type: Id
    people: People
    strength: Share
    notice_hours: Hours
    start: str | None = Field(None, description="where it waits; the posture's place if left out")
    orders: Literal["hold", "delay"] = "hold"
    joins: Literal["in-place", "reinforced"] = "in-place"


class Change(Record):
    """A named Quantity changed by one unit of a measure: moved by, multiplied, or set."""

    path: str = Field(description="path of the Quantity; {at} stands for the posture's place")
    by: Number | None = None
    times: Number | None = None
    to: Number | None = None


class Effect(Record):
    """What one unit of a measure does: adds formations or changes a Quantity."""

    add: Added | None = None
    change: Change | None = None


class Measure(Record):
    """One purchasable thing, with its cost and lead time."""

    name: Text
    unit: Text = Field("one", description="what one of it is")
    description: Text = ""
    one_off_meur: Annotated[Meur, Field(description="to buy and base one unit")]
    running_meur: Annotated[MeurPerYear, Field(description="to keep one unit for a year")]
    lead_months: Annotated[Months, Field(description="from the decision to ready")]
    effects: tuple[Effect, ...]


class Posture(Record):
    """A set of measures with places; applied to a scenario it gives a scenario."""

    name: Text
    description: Text
    measures: tuple[PostureLine, ...] = ()


class Variant(Record):
    """A named override of the scenario."""

    name: Text
    description: Text = ""
    set: dict[str, Any]


class Correlation(Record):
    """A rank correlation between two Quantities."""

    between: tuple[str, str]
    rank: float = Field(gt=-1, lt=1)


class Target(Record):
    """A figure from history or a published game that the model is held to."""

    id: str = Field(description="the target's number in the docs, such as T6")
    name: Text
    kind: Literal["replication", "calibration", "validation", "consistency"]
    posture: Id
    option: Id
    response: Literal["none", "full"] = "none"
    variants: Ids = ()
    measure: Literal["reached", "falls"]
    place: Id = Field(description="a place, or a group of the objectives")
    observed_hours: Annotated[
        Hours | None, Field(description="when it happened, or in the published game")
    ] = None
    median_hours: tuple[float, float] | None = Field(None, description="bar on the median")
    share_under: tuple[float, float] | None = Field(
        None, description="[hours, share]: at least this share is sooner"
    )
    share_under_most: tuple[float, float] | None = Field(
        None, description="[hours, share]: at most this share is sooner"
    )
    max_spread: float | None = Field(None, description="bar on P90/P10")


class Scenario(BaseModel):
    """A theatre, its forces, the plans, and what can be changed about them.

    Read one with `glacis.read_scenario`; change one with `replace`, `variant` or `posture`.
    Each gives a new scenario.
    """

    model_config = Record.model_config

    format: Literal[1]
    title: Text
    description: Text
    date: Text = Field("", description="the time the scenario describes")
    nations: Annotated[dict[NationId, Nation], Collection]
    theatre: Theatre
    types: Annotated[dict[Id, ForceType], Collection]
    systems: Annotated[dict[Id, System], Collection] = Field(default_factory=dict)
    arsenals: Arsenals = Arsenals()
    forces: Forces
    campaign: Campaign
    objectives: Objectives
    options: Annotated[dict[Id, Option], Collection]
    alliance: Alliance | None = None
    belief: Belief | None = None
    crisis: Crisis | None = None
    ripple: Ripple | None = None
    loss: Loss | None = None
    claims: Claims | None = None
    measures: Annotated[dict[Id, Measure], Collection] = Field(default_factory=dict)
    postures: Annotated[dict[Id, Posture], Collection]
    default_posture: Id | None = None
    variants: Annotated[dict[Id, Variant], Collection] = Field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()
    targets: tuple[Target, ...] = ()

    _document: Document = PrivateAttr()
    _quantities: tuple[tuple[str, Quantity], ...] = PrivateAttr(())

    @property
    def document(self) -> Document:
        """The scenario as written, and what has been applied to it since."""
        return self._document

    @property
    def name(self) -> str:
        """Its bundled name, or its folder's."""
        return self._document.name

    def quantities(self) -> tuple[tuple[str, Quantity], ...]:
        """Every number of the scenario with its path, in the order of the model."""
        if not self._quantities:
            self._quantities = tuple(walk_quantities(self))
        return self._quantities

    def replace(self, changes: Mapping[str, object] | None = None, **values: object) -> Scenario:
        """The scenario with numbers replaced; all others keep their values in every world.

        Parameters
        ----------
        changes
            Dotted path (whose parts may hold ``*``) to new value: a number, a text such
            as ``60..130``, or a mapping such as ``{"low": 1, "high": 2}``.
        values
            The same by keyword, with ``__`` for the dots.

        Raises
        ------
        ScenarioError
            If a path fits nothing, or a value does not suit its field.
        """
        from glacis.scenario.override import replaced

        named = {name.replace("__", "."): value for name, value in values.items()}
        return replaced(self, dict(changes or {}) | named)

    def variant(self, *names: str) -> Scenario:
        """The scenario under its named variants, applied in order."""
        from glacis.scenario.override import varied

        return varied(self, names)

    def posture(self, name: str) -> Scenario:
        """The scenario under one of its postures."""
        from glacis.scenario.posture import applied

        return applied(self, name)

    def __repr__(self) -> str:
        document = self._document
        applied = [f", variant {name!r}" for name in document.variants]
        applied += [f", {path}={value!r}" for path, value in document.overrides]
        applied += [f", posture {document.posture!r}"] if document.posture else []
        return f"<Scenario {self.name!r}{''.join(applied)}>"

    def __str__(self) -> str:
        return self.title

    def _repr_html_(self) -> str:
        from glacis.scenario.summary import html

        return html(self)


def named(forces: dict[str, Formation], names: Iterable[str]) -> list[tuple[str, Formation]]:
    """Formations by id or by parent, each once, in the order of the names."""
    found: dict[str, Formation] = {}
    for wanted in names:
        for name, formation in forces.items():
            if wanted in (name, formation.parent):
                found.setdefault(name, formation)
    return list(found.items())


def walk_quantities(model: object, prefix: str = "") -> Iterator[tuple[str, Quantity]]:
    """Every Quantity below `model` with its path, in declaration order."""
    if isinstance(model, Quantity):
        yield prefix, model
    elif isinstance(model, BaseModel):
        for name in type(model).model_fields:
            yield from walk_quantities(getattr(model, name), _join(prefix, name))
    elif isinstance(model, dict):
        for key, value in model.items():
            yield from walk_quantities(value, _join(prefix, str(key)))
    elif isinstance(model, tuple):
        for index, value in enumerate(model):
            yield from walk_quantities(value, _join(prefix, str(index)))


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
