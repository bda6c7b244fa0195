"""A mapping: the YAML that says what a table of texts holds and which contract it fills.

YAML scalars are read as text (`Yes` stays `Yes`, a code `01` keeps its nought), typed by the
models below and held against the contract, so that a wrong mapping is one sentence.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from ingestion.mapping.contracts import FILLABLE, Contract

NAME = r"^[a-z][a-z0-9_]*$"
NUMBERS = {"double", "bigint"}
TIMES = {"date", "timestamp"}
ROW_NUMBER = "row_number"
# What a source may hold and a warehouse of experience may not, by words in the header.
DENIED = re.compile(
    r"salary|wage|payroll|income|dailyrate|hourlyrate|monthlyrate|iban|bank.?account|passport"
    r"|social.?security|national.?id|tax.?id|religio|diagnos|union.?member|absence.?reason",
    re.IGNORECASE,
)

Name = Annotated[str, StringConstraints(pattern=NAME)]
Text = Annotated[str, StringConstraints(min_length=1)]
# One text or a list of them.
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    Field(min_length=1),
]


class Strict(BaseModel):
    """A part of a mapping: frozen, and a key that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """One column, and how its text is read.

    `missing` are codes that say there is no value (counted, then null); `codes` maps what is said
    to what the contract says, and a code that it does not name is set aside; `scale` bounds a
    number, `format` is strptime's, `decimal` the decimal mark, `required` sets empty cells aside.
    """

    column: Text
    format: Texts | None = None
    decimal: Literal[".", ","] | None = None
    codes: dict[str, str] = {}
    missing: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    required: bool = False

    @field_validator("scale")
    @classmethod
    def _ascends(cls, scale: tuple[float, float] | None) -> tuple[float, float] | None:
        if scale and not scale[0] < scale[1]:
            raise ValueError("a scale goes from its lowest to its highest code, e.g. [1, 5]")
        return scale


# `email: E-mail` is short for `email: {column: E-mail}`.
Read = Annotated[
    Source,
    BeforeValidator(lambda value: {"column": value} if isinstance(value, str) else value),
]


class ZoneColumn(Strict):
    """A time zone that each row names in a column of its own."""

    column: Text


class Instrument(Strict):
    """The survey that the answers come from, as the registry of instruments would say it."""

    key: Name
    label: Text
    family: Literal["customer", "workforce", "fan", "partner", "funding", "education", "public"]
    minors: bool = False
    confidentiality: Literal["anonymous", "confidential", "identified"] = "identified"

    @model_validator(mode="before")
    @classmethod
    def _protect(cls, said: Any) -> Any:
        """Take confidential for the workforce and for minors where nothing is said."""
        if not isinstance(said, dict) or "confidentiality" in said:
            return said
        is_protected = said.get("family") == "workforce" or said.get("minors") == "true"
        return {**said, "confidentiality": "confidential" if is_protected else "identified"}


class Mapping(Strict):
    """What one table of texts holds; see docs/mappings.md for every key."""

    kind: Name
    description: str = ""
    contract: str
    record_id: Texts
    system: Name | None = None
    columns: dict[str, Read] = {}
    constants: dict[str, Text] = {}
    segments: dict[Name, Read] = {}
    attributes: dict[Name, Read] = {}
    instrument: Instrument | None = None
    as_of: date | None = None
    time_zone: str | ZoneColumn | None = None
    only_with: Text | None = None
    soft_delete: Text | None = None

    PLACING: ClassVar[frozenset[str]] = frozenset()  # keys that say where to look, not how to read

    @field_validator("contract")
    @classmethod
    def _is_fillable(cls, contract: str) -> str:
        if contract not in FILLABLE:
            raise ValueError(
                f"{contract!r} is none that a mapping fills; take {', '.join(FILLABLE)}"
            )
        return contract

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, zone: str | ZoneColumn | None) -> str | ZoneColumn | None:
        if isinstance(zone, str) and zone not in available_timezones():
            raise ValueError(f"{zone!r} is no IANA time zone; write it like Europe/Berlin")
        return zone

    @model_validator(mode="after")
    def _fits_its_contract(self) -> Self:
        checks = (_names, _extras, _readings, _promises, _privacy)
        for problem in chain.from_iterable(check(self) for check in checks):
            raise ValueError(problem)
        return self

    @property
    def target(self) -> Contract:
        return FILLABLE[self.contract]

    @property
    def ids_of(self) -> str:
        """The system whose ids the rows carry: the prefix of ids that other rows point to."""
        return self.system or self.kind

    @property
    def is_numbered(self) -> bool:
        """Whether the rows have no record id of their own."""
        return self.record_id == (ROW_NUMBER,)

    @property
    def extras(self) -> dict[str, Source]:
        """What goes into the JSON column `attributes`."""
        return {**self.segments, **self.attributes}

    @property
    def declared(self) -> dict[str, str]:
        """Every value that the mapping says and no row does, by contract column."""
        answer = self.columns.get("answer_value")
        low, high = (answer.scale if answer else None) or (None, None)
        said = {
            **self.target.promise.defaults,
            "instrument": self.instrument and self.instrument.key,
            "confidentiality": self.instrument and self.instrument.confidentiality,
            "snapshot_date": self.as_of and str(self.as_of),
            "counted_on": self.as_of and str(self.as_of),
            "question_id": answer and answer.column,
            "scale_min": None if low is None else f"{low:g}",
            "scale_max": None if high is None else f"{high:g}",
            **self.constants,
        }
        return {name: value for name, value in said.items() if value and self._takes(name)}

    def _takes(self, column: str) -> bool:
        return column in self.target.columns and column not in self.columns

    @property
    def said(self) -> dict[str, str]:
        """What is declared, in the mapping's own words: constants, dates, scales, the survey."""
        said = dict(self.constants)
        if self.as_of:
            said["as_of"] = str(self.as_of)
        if isinstance(self.time_zone, str):
            said["time_zone"] = self.time_zone
        if self.instrument:
            survey = self.instrument.model_dump(exclude={"minors"})
            said |= {f"instrument.{name}": str(value) for name, value in survey.items()}
        for name, part in self.reads.items():
            if part.scale:
                said[f"{name}.scale"] = f"{part.scale[0]:g} to {part.scale[1]:g}"
            if part.missing:
                said[f"{name}.missing"] = ", ".join(part.missing)
        return dict(sorted(said.items()))

    @property
    def is_undated(self) -> bool:
        """Whether neither the rows nor the mapping say when anything in it was so."""
        date_column = self.target.promise.event_date
        given = {*self.columns, *self.constants}
        return bool(date_column) and not self.as_of and not given & {date_column, "snapshot_date"}

    @property
    def reads(self) -> dict[str, Source]:
        """Every column that is read for its value, by the name it gets."""
        extras = {f"attributes.{name}": part for name, part in self.extras.items()}
        return self.columns | extras

    @property
    def headers(self) -> list[str]:
        """Columns that the source has to have."""
        names = [part.column for part in self.reads.values()]
        names += [] if self.is_numbered else self.record_id
        names += [self.time_zone.column] if isinstance(self.time_zone, ZoneColumn) else []
        names += [name for name in (self.only_with, self.soft_delete) if name]
        return list(dict.fromkeys(names))

    @property
    def digest(self) -> str:
        """A hash that changes when the mapping would read otherwise."""
        said = self.model_dump_json(exclude={"description", *self.PLACING}, exclude_defaults=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def _names(mapping: Mapping) -> Iterator[str]:
    """Say what stands under a name that the contract does not have, or twice."""
    known = mapping.target.mappable
    for part, names in (("columns", mapping.columns), ("constants", mapping.constants)):
        for name in names:
            if name not in known:
                yield f"{part}.{name}: {mapping.contract} takes {', '.join(known)}"
    for name in mapping.constants:
        if name in mapping.columns:
            yield f"constants.{name}: stands under columns too; keep one of the two"
        if mapping.instrument and name in {"instrument", "confidentiality"}:
            yield f"constants.{name}: the key instrument says it already; keep one of the two"
    if mapping.instrument and "instrument" not in mapping.target.columns:
        yield f"instrument: {mapping.contract} holds no answers; remove it"


def _extras(mapping: Mapping) -> Iterator[str]:
    """Say what is kept as a segment or an attribute where the contract has none."""
    if mapping.extras and "attributes" not in mapping.target.columns:
        yield f"segments: {mapping.contract} has no attributes to keep them in; remove them"
    if mapping.segments and mapping.contract == "person_observations":
        yield "segments: a person has attributes; move them there"
    if mapping.attributes and mapping.contract != "person_observations":
        yield f"attributes: {mapping.contract} has segments; move them there"


def _readings(mapping: Mapping) -> Iterator[str]:
    """Say what asks a column to be read as something that it is not."""
    types = mapping.target.columns
    for name, part in mapping.reads.items():
        kind = types.get(name, "string")
        if part.scale and kind not in NUMBERS:
            yield f"columns.{name}.scale: {name} is a {kind}; remove the scale"
        if part.decimal and kind not in NUMBERS:
            yield f"columns.{name}.decimal: {name} is a {kind}; remove the decimal mark"
        if part.format and kind not in TIMES:
            yield f"columns.{name}.format: {name} is a {kind}; remove the format"
        if part.format and len({"%z" in text for text in part.format}) > 1:
            yield f"columns.{name}.format: give all formats an offset (%z), or none"
    if mapping.time_zone is None and any(
        types.get(name) == "timestamp" for name in {*mapping.columns, *mapping.declared}
    ):
        yield "time_zone: is missing; say in which zone the times are, e.g. Europe/Berlin"


def _promises(mapping: Mapping) -> Iterator[str]:
    """Say what the contract needs and the mapping does not give."""
    promise = mapping.target.promise
    if not mapping.reads:
        yield "columns: is missing; map at least one column"
    given = {*mapping.columns, *mapping.declared}
    for name in (*promise.needed, *promise.mapped):
        if name not in given and name in {"instrument", "confidentiality"}:
            yield "instrument: is missing; say key, label and family of the survey"
        if name not in given:
            yield f"columns.{name}: {mapping.contract} needs it; map it or give it as a constant"
    if mapping.contract == "survey_answers" and "scale_min" not in given:
        yield "columns.answer_value.scale: is missing; say the lowest and highest code, e.g. [1, 5]"
    if mapping.contract == "feedback_labels":
        yield from _turn(mapping)
    if mapping.as_of and "snapshot_date" in mapping.constants:
        yield "constants.snapshot_date: as_of says it already; keep one of the two"


def _turn(mapping: Mapping) -> Iterator[str]:
    """Say why labels name no turn: a turn's id carries the kind of the mapping that landed it."""
    if not mapping.system:
        yield "system: is missing; say the kind of the mapping of the texts, e.g. shop_reviews"
    if mapping.is_numbered and "turn_id" not in mapping.columns:
        yield "columns.turn_id: rows have no id, so they name no turn; map it"


def _privacy(mapping: Mapping) -> Iterator[str]:
    """Say what may not land."""
    for header in mapping.headers:
        if DENIED.search(header):
            yield f"columns: {header!r} looks like pay or an identity number; remove it"
    instrument = mapping.instrument.confidentiality if mapping.instrument else None
    if "anonymous" in {instrument, mapping.declared.get("confidentiality")}:
        for name in {*mapping.columns, *mapping.constants} & {"account_id", "ticket_id"}:
            yield f"columns.{name}: the instrument is anonymous; remove it"
