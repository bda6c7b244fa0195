"""What a whole reading did not bring is gone."""

import duckdb

from ingestion.landing import Scope, Tally


def bury(db: duckdb.DuckDBPyConnection, tally: Tally, current: str, load_id: str) -> int:
    """Add a tombstone to `fresh` for each row of a scope that no page brought; return how many.

    `current` is the raw table; `package` and `fresh` are temporary tables, the keys of all rows
    that a load brought and its new and changed rows. What was set aside was brought. An erasing
    scope also empties tombstones that still hold something, and notes how much of the living rows
    it takes.
    """
    key = ", ".join(f'"{name}"' for name in tally.table.key)
    # A column that was declared since the last load holds nothing yet, and may not be there.
    there = {name for name, *_ in db.execute(f"describe {current}").fetchall()}
    parts = ", ".join(f'"{name}"::varchar' for name in tally.table.key)
    count = 0
    for scope in tally.scopes:
        kept = [*tally.table.key, *scope.where] if scope.erases else list(tally.table.columns)
        held = [f'"{name}" is not null' for name in there & {*tally.table.columns} - {*kept}]
        is_left = " or ".join(["_deleted_reason is null", *(held if scope.erases else [])])
        of_scope = " and ".join(["true", *(f'"{name}" = ?' for name in scope.where)])
        buried = db.execute(
            f"""
            insert into fresh by name
            select
                columns(lambda name: name in ?),
                md5(_content_hash || ?) as _content_hash, ? as _deleted_reason,
                ? as _dlt_load_id
            from {current} anti join package using ({key}) anti join fresh using ({key})
            where {of_scope} and ({is_left}) and concat_ws(':', {parts}) not in (select unnest(?))
            """,
            [kept, scope.reason, scope.reason, load_id, *scope.where.values(), list(tally.aside)],
        ).fetchone()
        count += buried[0] if buried else 0
        if scope.erases and buried and buried[0]:
            _note_emptied(db, tally, current, of_scope, scope)
    return count


def _note_emptied(
    db: duckdb.DuckDBPyConnection, tally: Tally, current: str, of_scope: str, scope: Scope
) -> None:
    """Note how much of a scope's living rows is gone without a word of the vendor."""
    key = ", ".join(f'"{name}"' for name in tally.table.key)
    living = f"from {current} where {of_scope} and _deleted_reason is null"
    ((last, gone),) = db.execute(
        f"""
        select count(*), count(*) filter (fresh._deleted_reason = ?)
        from (select {key} {living}) left join fresh using ({key})
        """,
        [scope.reason, *scope.where.values()],
    ).fetchall()
    worst = tally.emptied
    if worst is None or (last - gone) * worst[1] < worst[0] * last:
        tally.emptied = last - gone, last
