"""A normalised package held against raw: what is new, changed, unchanged or there twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from ingestion.landing import Tally, arrow_schema
from ingestion.rereading import read_again
from ingestion.tombstones import bury
from storage import has


@dataclass(frozen=True, slots=True)
class TableCount:
    """extracted = new + changed + unchanged + duplicate + quarantined, in rows.

    `living` are those of the extracted that the vendor listed as being there; None where a load
    does not read the whole list. `still` are the living of the unchanged. `held` are the living
    rows of raw that are as young as the oldest that came, `missing` those of them that did not come
    again. `kept_out` are rows of erased persons, in none of the others.
    """

    table: str
    extracted: int
    new: int
    changed: int
    unchanged: int
    duplicate: int
    quarantined: int
    living: int | None = None
    undeclared: Mapping[str, int] = field(default_factory=dict)
    held: int = 0
    missing: int = 0
    kept_out: int = 0
    still: int = 0

    @property
    def accounted(self) -> int:
        return self.new + self.changed + self.unchanged + self.duplicate + self.quarantined


def classify(
    db: duckdb.DuckDBPyConnection, source: str, tally: Tally, files: list[Path]
) -> TableCount:
    """Leave only new and changed rows in a package's first file, and count the others."""
    table = tally.table
    if not files:
        return _table_count(tally, {})
    key = ", ".join(f'"{name}"' for name in table.key)
    newest = f'"{table.time}" desc nulls last,' if table.time else ""
    current = f"raw_{source}.{table.name}"
    is_known = has(db, current)
    has_rows = is_known and db.execute(f"from {current} limit 1").fetchone() is not None
    if not has_rows and _is_unique(db, key, files):
        return _table_count(tally, {"new": _rows(db, files)})  # the files are right as they are
    if not is_known:
        empty = arrow_schema(table).empty_table()  # noqa: F841 - DuckDB reads it by name
        current = "empty"
    paths = [[str(path) for path in files]]
    # Narrow, so that a long table is held against raw in the memory of its keys.
    db.execute(
        f"""
        create or replace temp table package as
        with ranked as (
            select {key}, _content_hash, _deleted_reason, filename, file_row_number,
            row_number() over (
                partition by {key} order by {newest} filename desc, file_row_number desc
            ) as _rank
            from read_parquet(?, filename = true, file_row_number = true)
        )
        select ranked.* exclude (_rank), case
            when _rank > 1 then 'duplicate'
            when current._content_hash is null then 'new'
            when current._content_hash = ranked._content_hash then 'unchanged'
            else 'changed'
        end as _class
        from ranked left join (select {key}, _content_hash from {current}) as current using ({key})
        """,
        paths,
    )
    db.execute(
        """
        create or replace temp table fresh as
        select * exclude (filename, file_row_number)
        from read_parquet(?, filename = true, file_row_number = true)
        semi join (from package where _class in ('new', 'changed'))
            using (filename, file_row_number)
        """,
        paths,
    )
    counts = dict(db.execute("select _class, count(*) from package group by all").fetchall())
    still = db.execute(
        "select count(*) from package where _class = 'unchanged' and _deleted_reason is null"
    ).fetchall()[0][0]
    held = (0, 0)
    if is_known:
        held = read_again(db, table, current, paths)
        buried = bury(db, tally, current, load_id=files[0].parents[1].name)
        tally.extracted += buried
        counts["changed"] = counts.get("changed", 0) + buried
    for path in files:
        path.unlink()
    if counts.get("new", 0) + counts.get("changed", 0):
        db.execute(f"copy fresh to '{files[0]}' (format parquet)")
    return replace(_table_count(tally, counts), held=held[0], missing=held[1], still=still)


def _is_unique(db: duckdb.DuckDBPyConnection, key: str, files: list[Path]) -> bool:
    query = f"select 1 from read_parquet(?) group by {key} having count(*) > 1 limit 1"
    return db.execute(query, [[str(path) for path in files]]).fetchone() is None


def _rows(db: duckdb.DuckDBPyConnection, files: list[Path]) -> int:
    counted = db.execute("select count(*) from read_parquet(?)", [[str(path) for path in files]])
    return int(counted.fetchall()[0][0])


def _table_count(tally: Tally, counts: Mapping[str, int]) -> TableCount:
    classes = {name: counts.get(name, 0) for name in ("new", "changed", "unchanged", "duplicate")}
    extracted = tally.extracted or sum(counts.values())
    return TableCount(
        tally.table.name,
        extracted,
        **classes,
        quarantined=tally.quarantined,
        living=tally.living if tally.table.is_whole else None,
        undeclared=dict(tally.undeclared),
        kept_out=tally.kept_out,
    )
