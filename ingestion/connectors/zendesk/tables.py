"""What is kept of Zendesk: the tables, their keys and columns, and nothing else."""

from ingestion.connector import Column, Table

TABLES = (
    Table(
        name="tickets",
        key=("id",),
        time="generated_at",
        description="Tickets, deleted ones included; subject and text are left at the vendor.",
        columns={
            "id": Column("bigint"),
            "requester_id": Column("bigint"),
            "assignee_id": Column("bigint"),
            "group_id": Column("bigint", optional=True),
            "organization_id": Column("bigint"),
            "brand_id": Column("bigint"),
            "channel": Column("string", path="via.channel"),
            "priority": Column("string"),
            "status": Column("string"),
            "tags": Column("json"),
            "topic": Column("string", optional=True),
            "created_at": Column("timestamp"),
            "updated_at": Column("timestamp"),
            "generated_at": Column("epoch_s", path="generated_timestamp"),
            # A deleted ticket has no metric set.
            "solved_at": Column("timestamp", path="metric_set.solved_at", optional=True),
        },
    ),
    Table(
        name="users",
        key=("id",),
        time="updated_at",
        description="End users and agents; the loser of a merge is one that is no longer active.",
        columns={
            "id": Column("bigint"),
            "name": Column("string"),
            "email": Column("string"),
            "phone": Column("string"),
            "role": Column("string"),
            "active": Column("boolean"),
            "external_id": Column("string"),
            "employee_number": Column("string", path="user_fields.employee_number", optional=True),
            "organization_id": Column("bigint"),
            "locale": Column("string"),
            "time_zone": Column("string"),
            "created_at": Column("timestamp"),
            "updated_at": Column("timestamp"),
        },
    ),
    Table(
        name="organizations",
        key=("id",),
        time="updated_at",
        description="Organizations that users belong to.",
        columns={
            "id": Column("bigint"),
            "name": Column("string"),
            "domain_names": Column("json"),
            "created_at": Column("timestamp"),
            "updated_at": Column("timestamp"),
        },
    ),
    Table(
        name="ticket_events",
        key=("id",),
        time="created_at",
        description="One update of one ticket; what changed stands in child_events.",
        columns={
            "id": Column("bigint"),
            "ticket_id": Column("bigint"),
            "updater_id": Column("bigint"),
            "via": Column("string"),
            "created_at": Column("timestamp"),
            "child_events": Column("json"),
        },
    ),
    Table(
        name="satisfaction_ratings",
        key=("id",),
        time="updated_at",
        description="Ratings offered and given: offered, good or bad, with comment and reason.",
        columns={
            "id": Column("bigint"),
            "ticket_id": Column("bigint"),
            "requester_id": Column("bigint"),
            "assignee_id": Column("bigint"),
            "score": Column("string"),
            "comment": Column("string", optional=True),
            "reason": Column("string", optional=True),
            "created_at": Column("timestamp"),
            "updated_at": Column("timestamp"),
        },
    ),
)

# The keys that are kept of each entry in child_events, whatever else the vendor sends.
CHILD_EVENT = (
    "id",
    "event_type",
    "author_id",
    "public",
    "body",
    "status",
    "assignee_id",
    "group_id",
    "priority",
    "previous_value",
)
