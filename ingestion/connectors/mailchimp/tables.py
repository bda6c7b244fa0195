"""What is kept of Mailchimp: the tables, their keys and columns, and nothing else."""

from ingestion.connector import Column, Table

LISTS = Table(
    name="lists",
    key=("id",),
    is_whole=True,
    description="Audiences, as the vendor calls its lists of members.",
    columns={
        "id": Column("string"),
        "name": Column("string"),
        "date_created": Column("timestamp"),
    },
)
MEMBERS = Table(
    name="members",
    # `id` is a hash of the address and changes with it.
    key=("list_id", "contact_id"),
    time="last_changed",
    description="Members of audiences; who was archived or deleted for good is a tombstone.",
    columns={
        "list_id": Column("string"),
        "contact_id": Column("string"),
        "email_id": Column("string", path="id"),
        "email_address": Column("string"),
        "first_name": Column("string", path="merge_fields.FNAME", optional=True),
        "last_name": Column("string", path="merge_fields.LNAME", optional=True),
        "language": Column("string", optional=True),
        "status": Column("string"),
        "timestamp_opt": Column("timestamp"),
        "last_changed": Column("timestamp"),
    },
)
CAMPAIGNS = Table(
    name="campaigns",
    key=("id",),
    time="send_time",
    is_whole=True,
    description="Campaigns that were sent, with how many got them.",
    columns={
        "id": Column("string"),
        "list_id": Column("string", path="recipients.list_id"),
        "title": Column("string", path="settings.title"),
        "emails_sent": Column("bigint"),
        "send_time": Column("timestamp"),
    },
)
ACTIVITY = Table(
    name="activity",
    key=("campaign_id", "email_id", "action", "timestamp"),
    time="timestamp",
    description="Who opened or clicked a campaign, or could not be reached; neither link nor IP.",
    columns={
        "campaign_id": Column("string"),
        "email_id": Column("string"),
        "action": Column("string"),
        "type": Column("string", optional=True),
        "timestamp": Column("timestamp"),
    },
)
TABLES = (LISTS, MEMBERS, CAMPAIGNS, ACTIVITY)
