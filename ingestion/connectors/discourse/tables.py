"""What is kept of Discourse: the tables, their keys and columns, and nothing else."""

from ingestion.connector import Column, Table

USERS = Table(
    name="users",
    key=("id",),
    time="created_at",
    is_whole=True,
    description="Accounts, staff and the forum's own included; who was deleted or merged is gone.",
    columns={
        "id": Column("string"),
        # A forum may do without names; who may not see addresses gets none.
        "name": Column("string", optional=True),
        "username": Column("string"),  # likes are asked for by it
        "email": Column("string", optional=True),
        "admin": Column("boolean"),
        "moderator": Column("boolean"),
        "staged": Column("boolean"),
        "last_seen_at": Column("timestamp"),
        "created_at": Column("timestamp"),
    },
)
POSTS = Table(
    name="posts",
    key=("id",),
    time="created_at",
    description="Public posts; of a hidden or withdrawn one the text is left at the forum.",
    columns={
        "id": Column("string"),
        "topic_id": Column("string"),
        "post_number": Column("bigint"),
        "post_type": Column("bigint"),
        "user_id": Column("string"),
        "body": Column("string", path="raw"),
        "staff": Column("boolean"),
        "via_email": Column("boolean", optional=True),
        "version": Column("bigint"),
        "hidden": Column("boolean"),
        "user_deleted": Column("boolean"),
        "created_at": Column("timestamp"),
        "updated_at": Column("timestamp"),
    },
)
LIKES = Table(
    name="likes",
    key=("post_id", "user_id"),
    time="created_at",
    description="Who likes which post, and since when.",
    columns={
        "post_id": Column("string"),
        "user_id": Column("string", path="acting_user_id"),
        "created_at": Column("timestamp"),
    },
)
TABLES = (USERS, POSTS, LIKES)
