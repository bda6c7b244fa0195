"""What is kept of YouTube: the tables, their keys and columns, and nothing else."""

from ingestion.connector import Column, Table

CHANNEL_STATISTICS = Table(
    name="channel_statistics",
    key=("id", "counted_on"),
    time="counted_at",
    description="Counts of our channels, as they were last asked for on a day.",
    columns={
        "id": Column("string"),
        "counted_on": Column("date"),
        "counted_at": Column("timestamp"),
        # Rounded by the vendor to three figures; left out where the channel hides it.
        "subscribers": Column("bigint", path="statistics.subscriberCount", optional=True),
        "hides_subscribers": Column("boolean", path="statistics.hiddenSubscriberCount"),
        "views": Column("bigint", path="statistics.viewCount"),
        "videos": Column("bigint", path="statistics.videoCount"),
    },
)
COMMENTS = Table(
    name="comments",
    key=("id",),
    time="published_at",
    description="Comments on our channels and their films, and replies to those.",
    columns={
        "id": Column("string"),
        "channel_id": Column("string"),  # whose films were commented on: one of ours
        "parent_id": Column("string", path="snippet.parentId", optional=True),
        "video_id": Column("string", path="snippet.videoId", optional=True),
        "author_channel_id": Column("string", path="snippet.authorChannelId.value", optional=True),
        "body": Column("string", path="snippet.textDisplay"),
        "like_count": Column("bigint", path="snippet.likeCount"),
        "published_at": Column("timestamp", path="snippet.publishedAt"),
        "updated_at": Column("timestamp", path="snippet.updatedAt"),
    },
)
TABLES = (CHANNEL_STATISTICS, COMMENTS)
