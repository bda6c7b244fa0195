"""What was published of answers that were promised confidentiality is told once (domain, 7)."""

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, slots=True)
class Once:
    """A published model of which protected rows are told once; `key` is what is told at once."""

    model: str
    memory: str
    key: tuple[str, ...]


# Not yet final, or not measured: nothing was told.
FINAL = ("ok", "low_n", "stale", "suppressed")
TOLD_ONCE = (
    Once(
        "pub_metric_values", "published_once",
        ("audience", "metric", "definition_version", "period_kind", "period_start", "segment"),
    ),
    Once(
        "pub_survey_nonresponse", "nonresponse_told",
        ("instrument", "period_kind", "period_start", "measure"),
    ),
    Once(
        "pub_survey_exclusions", "exclusions_told",
        ("instrument", "question", "period_kind", "period_start"),
    ),
    Once("pub_culture", "culture_told", ("instrument", "period_start")),
    Once("pub_alignment", "alignment_told", ("instrument", "question", "period_start")),
)  # fmt: skip


def remember_told(db: duckdb.DuckDBPyConnection, serving: Path) -> int:
    """Note the protected rows that readers have, and are not noted yet; return how many.

    It is done before the next build and out of what is served, so a publication that was held back
    or broken off is never remembered and one that went out always is.
    """
    if not serving.exists():
        return 0
    db.execute(f"attach '{serving}' as told (read_only)")
    try:
        return sum(_remember(db, once) for once in TOLD_ONCE)
    finally:
        db.execute("detach told")


def _remember(db: duckdb.DuckDBPyConnection, once: Once) -> int:
    columns = db.execute(
        "select list(column_name) from duckdb_columns() "
        "where database_name = 'told' and table_name = ?",
        [once.model],
    ).fetchall()[0][0]
    if "is_protected" not in (columns or ()):
        return 0  # published before this was said of a row
    # How late a source was is of that day; the figure is final.
    lasting = (
        "* replace (case when status = 'stale' and n_eff < 30 then 'low_n' "
        "when status = 'stale' then 'ok' else status end as status)"
    )
    same = " and ".join(f"before.{name} is not distinct from now.{name}" for name in once.key)
    done = db.execute(
        f"""
        insert into ops.{once.memory} by name
        select {lasting if "n_eff" in columns else "*"}
        from told.{once.model} as now
        where is_protected and list_contains(?, status)
        and not exists (from ops.{once.memory} as before where {same})
        """,
        [[*FINAL]],
    ).fetchone()
    return int(done[0]) if done else 0
