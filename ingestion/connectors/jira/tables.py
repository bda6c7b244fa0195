"""What is kept of Jira Service Management: the tables, their keys and columns, nothing else."""

from ingestion.connector import Column, Table

ISSUES = Table(
    name="issues",
    key=("id",),
    time="updated",
    description="Requests of service projects with their text; the id stays when one is moved.",
    columns={
        "id": Column("string"),
        "key": Column("string"),
        "project_key": Column("string", path="fields.project.key"),
        "reporter_id": Column("string", path="fields.reporter.accountId"),
        "creator_id": Column("string", path="fields.creator.accountId"),
        "assignee_id": Column("string", path="fields.assignee.accountId"),
        "priority_id": Column("string", path="fields.priority.id", optional=True),
        "status_id": Column("string", path="fields.status.id"),
        "resolution_id": Column("string", path="fields.resolution.id"),
        "labels": Column("json", path="fields.labels"),
        # Picked from custom fields, from a property and from a document.
        "organization_id": Column("string", optional=True),
        "topic": Column("string", optional=True),
        "channel": Column("string", optional=True),
        "description": Column("string", optional=True),
        "created": Column("timestamp", path="fields.created"),
        "updated": Column("timestamp", path="fields.updated"),
        "resolved": Column("timestamp", path="fields.resolutiondate"),
    },
)
CHANGES = Table(
    name="changes",
    key=("history_id", "field"),
    time="created",
    description="Changes of status, assignee and priority; no other field's.",
    columns={
        "history_id": Column("string"),
        "field": Column("string"),
        "issue_id": Column("string"),
        # What the system does has no author.
        "author_id": Column("string", path="author.accountId", optional=True),
        "from_id": Column("string", path="from"),
        "to_id": Column("string", path="to"),
        "created": Column("timestamp"),
    },
)
COMMENTS = Table(
    name="comments",
    key=("id",),
    time="updated",
    description="What was written in a request; the customer does not see all of it.",
    columns={
        "id": Column("string"),
        "issue_id": Column("string"),
        "author_id": Column("string", path="author.accountId", optional=True),
        "is_public": Column("boolean", path="jsdPublic", optional=True),
        "body": Column("string"),
        "created": Column("timestamp"),
        "updated": Column("timestamp"),
    },
)
USERS = Table(
    name="users",
    key=("account_id",),
    description="Who reported, was assigned, wrote or changed something in a request.",
    columns={
        "account_id": Column("string", path="accountId"),
        "account_type": Column("string", path="accountType", optional=True),
        "display_name": Column("string", path="displayName"),
        # Shown as the person's own privacy settings allow.
        "email": Column("string", path="emailAddress", optional=True),
        "is_active": Column("boolean", path="active"),
    },
)
FEEDBACK = Table(
    name="feedback",
    key=("issue_id",),
    description="How satisfied a customer was with a request, 1 to 5; only what was given.",
    columns={
        "issue_id": Column("string"),
        "type": Column("string", optional=True),
        "rating": Column("bigint"),
        "comment": Column("string", path="comment.body", optional=True),
        "rated_at": Column("timestamp", optional=True),
    },
)
STATUSES = Table(
    name="statuses",
    key=("id",),
    is_whole=True,
    description="Statuses of all workflows, each with the category that says how far it is.",
    columns={
        "id": Column("string"),
        "name": Column("string"),
        "category": Column("string", path="statusCategory.key"),
    },
)
ORGANIZATIONS = Table(
    name="organizations",
    key=("id",),
    is_whole=True,
    description="Customers' organisations.",
    columns={"id": Column("string"), "name": Column("string")},
)
TABLES = (STATUSES, ORGANIZATIONS, ISSUES, CHANGES, COMMENTS, USERS, FEEDBACK)
