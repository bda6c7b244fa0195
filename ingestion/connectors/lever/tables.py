"""What is kept of Lever: the tables, their keys and columns, and nothing else.

An offer's fields hold pay and an opportunity's forms hold opinions; neither is declared.
"""

from ingestion.connector import Column, Table

OPPORTUNITIES = Table(
    name="opportunities",
    key=("id",),
    time="updated_at",
    description=(
        "One candidacy each, archived ones too, with the stages it went through; of a deleted one "
        "nothing is kept but whose it was."
    ),
    columns={
        "id": Column("string"),
        "contact_id": Column("string", "contact"),
        "name": Column("string"),
        "emails": Column("json"),
        "phones": Column("json"),
        "stage_id": Column("string", "stage"),
        "stage_changes": Column("json", "stageChanges"),
        "archive_reason_id": Column("string", "archived.reason", optional=True),
        "archived_at": Column("epoch_ms", "archived.archivedAt", optional=True),
        "is_anonymized": Column("boolean", "isAnonymized"),
        "created_at": Column("epoch_ms", "createdAt"),
        "updated_at": Column("epoch_ms", "updatedAt", optional=True),
    },
)
OFFERS = Table(
    name="offers",
    key=("id",),
    time="created_at",
    description="Offers made in an opportunity, with how far each came.",
    columns={
        "id": Column("string"),
        "opportunity_id": Column("string"),
        "status": Column("string"),
        "created_at": Column("epoch_ms", "createdAt"),
        "sent_at": Column("epoch_ms", "sentAt", optional=True),
        "signed_at": Column("epoch_ms", "signatures.candidate.signedAt", optional=True),
    },
)
STAGES = Table(
    name="stages",
    key=("id",),
    is_whole=True,
    description="The stages of the pipelines; most are the account's own.",
    columns={"id": Column("string"), "name": Column("string", "text")},
)
ARCHIVE_REASONS = Table(
    name="archive_reasons",
    key=("id",),
    is_whole=True,
    description="Why an opportunity is over; `type` says whether somebody was hired.",
    columns={
        "id": Column("string"),
        "name": Column("string", "text"),
        "type": Column("string"),
    },
)
TABLES = (OPPORTUNITIES, OFFERS, STAGES, ARCHIVE_REASONS)
