"""What is kept of Intercom: the tables, their keys and columns, and nothing else."""

from ingestion.connector import Column, Table

ADMINS = Table(
    name="admins",
    key=("id",),
    is_whole=True,
    description="Teammates; one who was removed is no longer listed.",
    columns={
        "id": Column("string"),
        "name": Column("string"),
        "email": Column("string"),
    },
)
CONTACTS = Table(
    name="contacts",
    key=("id",),
    time="updated_at",
    description="Users and leads; who was archived, deleted or lost a merge is no longer found.",
    columns={
        "id": Column("string"),
        "external_id": Column("string"),
        "role": Column("string"),
        "name": Column("string"),
        "email": Column("string"),
        "phone": Column("string"),
        "language": Column("string", path="language_override", optional=True),
        "opted_out": Column("boolean", path="unsubscribed_from_emails", optional=True),
        "country": Column("string", path="location.country_code", optional=True),
        "city": Column("string", path="location.city", optional=True),
        "created_at": Column("epoch_s"),
        "updated_at": Column("epoch_s"),
    },
)
CONVERSATIONS = Table(
    name="conversations",
    key=("id",),
    time="updated_at",
    description="Conversations with their rating; title and text are left at the vendor.",
    columns={
        "id": Column("string"),
        "contact_id": Column("string"),
        "state": Column("string"),
        "priority": Column("string", optional=True),
        "admin_assignee_id": Column("string", optional=True),
        "team_assignee_id": Column("string", optional=True),
        "source_type": Column("string", path="source.type"),
        "delivered_as": Column("string", path="source.delivered_as", optional=True),
        "brand": Column("string", optional=True),
        "topic": Column("string", optional=True),
        "tags": Column("json"),
        # A conversation that nobody was asked to rate has none.
        "rating": Column("bigint", path="conversation_rating.rating", optional=True),
        "rating_remark": Column("string", path="conversation_rating.remark", optional=True),
        "rating_contact_id": Column("string", path="conversation_rating.contact.id", optional=True),
        "rated_at": Column("epoch_s", path="conversation_rating.created_at", optional=True),
        "last_close_at": Column("epoch_s", path="statistics.last_close_at", optional=True),
        "created_at": Column("epoch_s"),
        "updated_at": Column("epoch_s"),
    },
)
CONVERSATION_PARTS = Table(
    name="conversation_parts",
    key=("id",),
    time="updated_at",
    description="What was said and done in a conversation; its first message is an `opening`.",
    columns={
        "id": Column("string"),
        "conversation_id": Column("string"),
        "part_type": Column("string"),
        "author_type": Column("string", path="author.type"),
        "author_id": Column("string", path="author.id"),
        "from_ai_agent": Column("boolean", path="author.from_ai_agent", optional=True),
        "assigned_to_type": Column("string", path="assigned_to.type", optional=True),
        "assigned_to_id": Column("string", path="assigned_to.id", optional=True),
        "body": Column("string"),
        "redacted": Column("boolean", optional=True),
        "created_at": Column("epoch_s"),
        "updated_at": Column("epoch_s"),
    },
)
TABLES = (ADMINS, CONTACTS, CONVERSATIONS, CONVERSATION_PARTS)
