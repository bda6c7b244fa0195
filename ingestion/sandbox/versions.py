"""What the vendors hold, as versions: one row per record and change, with when it shows.

Every table has its own columns (``TABLES``) plus two that all share: ``visible_from``, when the
vendor's API first shows this version, and ``is_gone``, true for a record that vanished without
trace. Dates are ISO text, text is ``str`` or None, times are UTC stamps, ``Int`` may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ingestion.sandbox.clock import MINUTE, NEVER, stamps

# The CRM's search index trails its own clock; no version shows later than this after its instant.
LONGEST_INDEX_LAG = 40 * MINUTE

Columns = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Table:
    """One system table: its key and the kind of each column."""

    key: tuple[str, ...]
    columns: dict[str, str]


def _table(key: str, **kinds: str) -> Table:
    columns = {name: kind for kind, names in kinds.items() for name in names.split()}
    return Table(tuple(key.split()), columns)


TABLES: dict[str, Table] = {
    "organisations": _table(
        "organisation_id",
        int="organisation_id owner_id",
        str="name domain kind country",
        time="created_at updated_at archived_at",
    ),
    "crm_owners": _table(
        "owner_id",
        int="owner_id",
        str="email first_name last_name",
        time="created_at updated_at",
        bool="archived",
    ),
    "contacts": _table(
        "contact_id",
        int="contact_id owner_id",
        Int="organisation_id merged_into",
        str="person_uid first_name last_name email phone city country language birth_date"
        " lifecycle_stage audience_roles archive_reason merged_ids",
        bool="opted_out",
        time="created_at updated_at archived_at",
    ),
    "deals": _table(
        "deal_id",
        int="deal_id contact_id owner_id",
        Int="organisation_id",
        str="pipeline stage name currency",
        float="amount",
        time="created_at updated_at close_at entered_appointment_at entered_qualified_at"
        " entered_contract_at entered_won_at entered_lost_at archived_at",
    ),
    "crm_feedback": _table(
        "submission_id",
        int="submission_id contact_id value",
        str="survey_name survey_type response_group content channel",
        time="submitted_at updated_at",
    ),
    "surveys": _table(
        "survey_id",
        str="survey_id name instrument",
        bool="is_active",
        time="created_at updated_at",
    ),
    "survey_questions": _table(
        "survey_id question_id",
        str="survey_id question_id text question_type selector choices role",
    ),
    "survey_contacts": _table(
        "contact_id",
        str="contact_id mailing_list_id person_uid first_name last_name email phone language"
        " external_reference",
        bool="unsubscribed",
        time="created_at updated_at",
    ),
    "distributions": _table(
        "distribution_id",
        str="distribution_id survey_id mailing_list_id",
        time="sent_at closes_at created_at updated_at",
    ),
    "survey_invitations": _table(
        "distribution_id contact_id",
        str="distribution_id contact_id status response_id",
        time="sent_at opened_at started_at completed_at",
    ),
    "survey_responses": _table(
        "response_id",
        str="response_id survey_id contact_id distribution_id ip_address language answers",
        int="status finished duration",
        Int="ticket_id",
        time="started_at ended_at recorded_at",
    ),
    "employees": _table(
        "employee_id",
        int="employee_id",
        Int="supervisor_id",
        str="person_uid employee_number first_name last_name work_email personal_email mobile_phone"
        " hire_date termination_date status department division job_title location",
        bool="deleted",
        time="updated_at",
    ),
    "employee_jobs": _table(
        "row_id",
        int="row_id employee_id",
        Int="reports_to",
        str="date department division job_title location",
        time="recorded_at",
    ),
    "employee_statuses": _table(
        "row_id",
        int="row_id employee_id",
        str="date employment_status termination_type",
        time="recorded_at",
    ),
    "support_users": _table(
        "user_id",
        int="user_id",
        Int="organization_id",
        str="person_uid name email phone role external_id time_zone locale employee_number",
        bool="active merged",
        time="created_at updated_at",
    ),
    "support_organizations": _table(
        "organization_id",
        int="organization_id",
        str="name domain_names",
        time="created_at updated_at",
    ),
    "tickets": _table(
        "ticket_id",
        int="ticket_id requester_id brand_id",
        Int="assignee_id organization_id",
        str="channel subject description priority status tags topic",
        time="created_at updated_at generated_at solved_at",
        bool="is_test",
    ),
    "ticket_events": _table(
        "event_id",
        int="event_id ticket_id",
        Int="actor_id",
        str="actor_role event_type value previous_value via",
        bool="is_public",
        time="created_at",
    ),
    "satisfaction_ratings": _table(
        "rating_id",
        int="rating_id ticket_id requester_id",
        Int="assignee_id",
        str="score comment reason",
        time="created_at updated_at",
    ),
    "orders": _table(
        "order_id",
        str="order_id kind person_uid email name time_zone currency status location",
        float="amount refunded_amount cost",
        Int="delivery_rating",
        time="ordered_at updated_at",
    ),
    "memberships_file": _table(
        "member_number",
        str="member_number person_uid email name kind valid_from valid_to",
        time="updated_at",
    ),
    "calls": _table(
        "call_id",
        str="call_id person_uid email",
        time="called_at ended_at",
    ),
    "trainings": _table(
        "completion_id",
        str="completion_id person_uid employee_number email training",
        float="hours",
        time="completed_at",
    ),
    "walks": _table(
        "visit_id criterion",
        str="visit_id visit_kind journey stage criterion",
        float="score scale_max",
        time="visited_at",
    ),
    "shares": _table(
        "share_id",
        str="share_id person_uid email kind",
        time="shared_at",
    ),
    "subscribers": _table(
        "subscriber_id",
        int="subscriber_id",
        str="list_id person_uid email first_name last_name language status",
        time="confirmed_at updated_at",
    ),
    "campaigns": _table(
        "campaign_id", int="emails_sent", str="campaign_id list_id title", time="sent_at"
    ),
    "campaign_activity": _table(
        "activity_id",
        int="activity_id subscriber_id",
        str="campaign_id email action",
        time="occurred_at",
    ),
    "erasures": _table("person_uid", str="person_uid", time="erased_at"),
    "candidates": _table(
        "candidate_id",
        int="candidate_id",
        str="person_uid first_name last_name email phone",
        time="created_at updated_at anonymized_at",
    ),
    "applications": _table(
        "application_id",
        int="application_id candidate_id job_id",
        str="origin stage reason",
        time="created_at updated_at decided_at deleted_at",
    ),
    "application_stages": _table(
        "application_id stage",
        int="application_id",
        str="stage",
        time="entered_at",
    ),
    "job_offers": _table(
        "offer_id",
        int="offer_id application_id",
        str="status",
        time="created_at approved_at sent_at signed_at updated_at",
    ),
    "community_users": _table(
        "user_id",
        int="user_id",
        str="person_uid username name email",
        bool="is_moderator",
        time="created_at updated_at",
    ),
    "community_posts": _table(
        "post_id",
        int="post_id topic_id post_number user_id category_id version",
        Int="reply_to_post_number",
        str="body",
        bool="hidden user_deleted",
        time="created_at updated_at",
    ),
    "community_likes": _table(
        "post_id user_id", int="post_id user_id", time="created_at undone_at"
    ),
    "film_comments": _table(
        "comment_id",
        int="like_count",
        str="comment_id parent_id video_id author_channel_id person_uid author_name body",
        time="published_at updated_at",
    ),
    "film_channels": _table(
        "channel_id",
        int="subscribers views films",
        str="channel_id title",
        time="updated_at",
    ),
}


def timeline(
    created: np.ndarray, changes: list[np.ndarray], ends: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return (row, instant) of every version: the creation and each later change up to the end."""
    instants = np.column_stack([created, *changes])
    last = NEVER - 1 if ends is None else np.minimum(ends, NEVER - 1)[:, None]
    keep = (instants >= created[:, None]) & (instants <= last)
    rows, _ = np.nonzero(keep)
    moments = instants[keep]
    order = np.lexsort((moments, rows))
    rows, moments = rows[order], moments[order]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (rows[1:] != rows[:-1]) | (moments[1:] != moments[:-1])
    return rows[fresh], moments[fresh]


def index_lag(moments: np.ndarray) -> np.ndarray:
    """Return the seconds by which the CRM's search index trails each instant (most: none)."""
    mixed = (moments.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    lag = (mixed % np.uint64(LONGEST_INDEX_LAG)).astype(np.int64)
    return np.where(mixed % np.uint64(5) == 0, lag, 0)


def build(name: str, columns: Columns, shown: np.ndarray, horizon: int) -> pd.DataFrame:
    """Return one table of versions, in the order in which the vendor came to show them.

    ``columns`` holds seconds for times and numpy arrays for the rest, versions of a record in their
    own order; ``shown`` the second each version shows; what shows from ``horizon`` on is left out.
    """
    table = TABLES[name]
    columns = {"is_gone": np.zeros(len(shown), dtype=bool), **columns}
    missing = set(table.columns) - set(columns)
    if missing:
        raise KeyError(f"{name}: no values for {', '.join(sorted(missing))}.")
    shown = _never_before_the_last_version(table, columns, shown)
    order = np.argsort(shown, kind="stable")
    order = order[shown[order] < horizon]
    typed = {
        column: typed_column(kind, columns[column][order]) for column, kind in table.columns.items()
    }
    typed["visible_from"] = stamps(shown[order])
    typed["is_gone"] = columns["is_gone"][order]
    return pd.DataFrame(typed)


def typed_column(kind: str, values: np.ndarray) -> object:
    """Return the values as the kind of column the table declares."""
    if kind == "time":
        return stamps(values)
    if kind == "str":
        return pd.Series(values, dtype=object)
    if kind == "Int":
        return pd.array(values, dtype="Int64")
    return np.asarray(values).astype({"int": np.int64, "float": float, "bool": bool}[kind])


def _never_before_the_last_version(table: Table, columns: Columns, shown: np.ndarray) -> np.ndarray:
    keys = [columns[column] for column in table.key]
    frame = pd.DataFrame({f"key_{i}": key for i, key in enumerate(keys)})
    frame["shown"] = shown
    grouped = frame.groupby(list(frame.columns[:-1]), sort=False)["shown"]
    return grouped.cummax().to_numpy()


def latest(name: str, versions: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """Return the records of one table as the vendor shows them at ``moment``, ordered by key."""
    key = list(TABLES[name].key)
    seen = versions["visible_from"].searchsorted(moment, side="right")
    current = versions.iloc[:seen].drop_duplicates(key, keep="last")
    current = current[~current["is_gone"]].drop(columns="is_gone")
    return current.sort_values(key, kind="stable").reset_index(drop=True)
