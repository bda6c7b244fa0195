"""The input contracts that a mapping can fill: columns as dbt declares them, and which are ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ingestion.connector import Column, ColumnType, Table, Whose

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Read as data, so that a contract's column is said once.
CONTRACTS = Path(__file__).parents[2] / "dbt_project" / "models" / "contracts"

# Ids that other rows point to: they carry the system's name, so that two mappings of one system
# meet. The key of anything else carries the mapping's own name and never collides with another's.
REFERRED = {"account_id", "organisation_id", "ticket_id", "question_id", "response_id"}
# Names that end like an id and are values: another system's key, a registry's location.
VALUES = {"source_record_id", "external_id", "location_id"}


@dataclass(frozen=True, slots=True)
class Promise:
    """What a contract asks of a mapping.

    `event_date` is the column without which rows are undated and need `as_of`; `needed` have to be
    mapped and have a value in each row; `mapped` have to be mapped and may be empty; `defaults` are
    what rows say where their mapping says nothing. `record` is the column that names the record
    itself where it is not mapped; `limits` {column: (condition, sentence)} say which values (`{}`)
    are none of the column; `part_of` {column: table.column} is what rows hang on that name no
    account.
    """

    event_date: str | None = None
    needed: tuple[str, ...] = ()
    mapped: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    record: str | None = None
    limits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    part_of: Mapping[str, str] = field(default_factory=dict)


PROMISES = {
    "person_observations": Promise(defaults={"account_kind": "record"}),
    "organisations": Promise(needed=("name",)),
    "membership_evidence": Promise("valid_from", ("account_id", "audience")),
    "consents": Promise("valid_from", ("account_id", "purpose", "state")),
    "touchpoints": Promise("occurred_at", ("touchpoint_type",)),
    "survey_questions": Promise(None, ("instrument", "metric_role")),
    "survey_invitations": Promise("sent_at", ("instrument", "status")),
    "survey_answers": Promise(
        "answered_at",
        ("instrument", "metric_role", "confidentiality"),
        ("answer_value",),
        {"response_status": "complete"},
        record="response_id",
    ),
    "feedback_turns": Promise("occurred_at", ("feedback_kind",)),
    "feedback_labels": Promise(
        needed=("label_kind", "label", "labeller", "labeller_version"),
        record="turn_id",
        part_of={"turn_id": "feedback_turns.turn_id"},
        limits={
            "label_kind": (
                "{} not in ('sentiment', 'topic', 'emotion')",
                "is none of sentiment, topic and emotion",
            ),
            "label": ("length({}) > 64", "is longer than the 64 characters of a label"),
            "score": ("{} not between 0 and 1", "is not between 0 and 1"),
        },
    ),
    "tickets": Promise("created_at", ("touchpoint_type",)),
    "ticket_events": Promise(
        "occurred_at", ("ticket_id", "event_type"), part_of={"ticket_id": "tickets.ticket_id"}
    ),
    "employments": Promise("valid_from", ("account_id",)),
    "orders": Promise("ordered_at", ("order_kind", "status")),
    "activities": Promise("occurred_at", ("account_id", "activity_type")),
    "work_events": Promise("occurred_at", ("account_id", "work_event_type")),
    "audit_visits": Promise(
        "visited_at", ("visit_id", "visit_kind", "journey", "stage"), ("score", "scale_max")
    ),
    "audience_counts": Promise("counted_on", ("audience", "people")),
}


@dataclass(frozen=True, slots=True)
class Contract:
    """An input contract: its key and its columns without `source`, which is the connector."""

    name: str
    description: str
    key: str
    columns: Mapping[str, ColumnType]
    promise: Promise

    @property
    def mappable(self) -> list[str]:
        """Columns that a mapping may fill by name; ids and attributes have a place of their own."""
        placed = {self.key, "source_record_id", "attributes"}
        return [name for name in self.columns if name not in placed]

    def prefixed_by(self, column: str) -> str | None:
        """Return whose name a column's ids carry, `system` or `kind`; None for plain values."""
        if column in VALUES or not column.endswith("_id"):
            return None
        return "kind" if column == self.key and column not in REFERRED else "system"


def read_contract(name: str) -> Contract:
    """Read one contract from dbt's YAML."""
    text = (CONTRACTS / f"{name}.yml").read_text(encoding="utf-8")
    model: dict[str, Any] = yaml.load(text, Loader=LOADER)["models"][0]
    columns = {column["name"]: column for column in model["columns"]}
    key = next(
        name
        for name, column in columns.items()
        if any("is_key" in test for test in column.get("data_tests", []))
    )
    types = {name: column["data_type"] for name, column in columns.items() if name != "source"}
    return Contract(name, model["description"], key, types, PROMISES[name])


def raw_table(contract: Contract, teller: str, places: tuple[str, ...]) -> Table:
    """Return the raw table of a contract: one row per record and `teller`, who tells of it.

    `places` are columns that say where a row was read.
    """
    columns = {name: Column(type_) for name, type_ in contract.columns.items()}
    house = {name: Column("string") for name in (*places, "mapping", "mapping_version")}
    return Table(
        name=contract.name,
        key=(contract.key, teller),
        columns=columns | house,
        stream="mapping_version",
        description=f"{contract.description} One row per record and {teller}.",
    )


FILLABLE: dict[str, Contract] = {name: read_contract(name) for name in PROMISES}

# A contract's columns say whose its rows are: `account_id`, or what they hang on.
WHOSE: dict[str, Whose] = {
    name: Whose(
        "account_id" if "account_id" in of.columns else None,
        dict(of.promise.part_of),
        tuple(column for column in of.columns if column.endswith("_account_id")),
        of.promise.event_date,
    )
    for name, of in FILLABLE.items()
    if "account_id" in of.columns or of.promise.part_of
}
