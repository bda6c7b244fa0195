"""Ids that stay: each cluster keeps the oldest id its accounts had, and history is kept.

Works on temp tables `affected` (account_id) and `clusters` (account_id, label, evidence). Leaves
`bound`, how these were bound until now and before; of it `held`, what held until now; `desired`,
what holds; and of that `rebound`, what did not hold before.
"""

from collections.abc import Iterator
from datetime import datetime

import duckdb
import pyarrow as pa

from identity.subjects import Subject


def bind(
    db: duckdb.DuckDBPyConnection, subject: Subject, as_of: datetime, ids: Iterator[str]
) -> dict[str, int]:
    """Give each cluster an id, mint for the new, write the bindings that changed.

    Returns `minted`, `merged` (ids that now point to an older one) and `moved` (accounts whose id
    changed).
    """
    _claim(db, subject)
    minted = _mint(db, subject, as_of, ids)
    merged = _merge(db, subject)
    moved = _rebind(db, subject, as_of)
    return {"minted": minted, "merged": merged, "moved": moved}


def _claim(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Leave in `owners` which cluster owns which id that its accounts had last, or once."""
    bindings, ids, entity = subject.table("bindings"), subject.table("ids"), subject.id
    db.execute(
        f"""
        create or replace temp table bound as
        select *, row_number() over (
            partition by account_id order by valid_to is null desc, valid_from desc
        ) = 1 as is_last
        from {bindings} semi join affected using (account_id);

        create or replace temp table had as
        select clusters.label, bound.{entity} as entity_id, bound.is_last,
            min(clusters.account_id) as first_account
        from clusters inner join bound using (account_id)
        group by clusters.label, bound.{entity}, bound.is_last;

        -- What was split keeps the id where the smallest account went.
        create or replace temp table owners as
        select had.label, had.entity_id, ids.minted_number
        from had inner join {ids} as ids on had.entity_id = ids.{entity}
        where had.is_last
        qualify row_number() over (partition by had.entity_id order by had.first_account) = 1;

        -- Who was merged once and stands alone again gets the former id back.
        insert into owners
        select had.label, had.entity_id, ids.minted_number
        from had
        inner join {ids} as ids on had.entity_id = ids.{entity}
        where ids.merged_into is not null
            and had.label not in (select label from owners)
            and had.entity_id not in (select entity_id from owners)
        qualify row_number() over (partition by had.entity_id order by had.first_account) = 1
            and row_number() over (partition by had.label order by ids.minted_number) = 1;

        update {ids} as known set merged_into = null
        from owners where known.{entity} = owners.entity_id and known.merged_into is not null
        """
    )


def _mint(
    db: duckdb.DuckDBPyConnection, subject: Subject, as_of: datetime, ids: Iterator[str]
) -> int:
    new = db.execute(
        "select distinct label from clusters where label not in (select label from owners) "
        "order by label"
    ).fetchall()
    last = db.execute(
        f"select coalesce(max(minted_number), 0) from {subject.table('ids')}"
    ).fetchall()[0][0]
    minted = {
        "label": pa.array([label for (label,) in new], pa.string()),
        "entity_id": pa.array([next(ids) for _ in new], pa.string()),
        "minted_number": pa.array(range(last + 1, last + 1 + len(new)), pa.int64()),
    }
    db.register("minted", pa.table(minted))
    db.execute(
        f"insert into {subject.table('ids')} select entity_id, minted_number, ?, null from minted",
        [as_of],
    )
    db.execute("insert into owners select * from minted")
    db.unregister("minted")
    return len(new)


def _merge(db: duckdb.DuckDBPyConnection, subject: Subject) -> int:
    """The oldest of a cluster's ids lives, the others point to it."""
    db.execute(
        """
        create or replace temp table chosen as
        select label, entity_id from owners
        qualify row_number() over (partition by label order by minted_number) = 1
        """
    )
    merged = db.execute(
        f"""
        update {subject.table("ids")} as old set merged_into = chosen.entity_id
        from owners inner join chosen using (label)
        where old.{subject.id} = owners.entity_id and owners.entity_id <> chosen.entity_id
        """
    ).fetchall()
    return int(merged[0][0])


def _rebind(db: duckdb.DuckDBPyConnection, subject: Subject, as_of: datetime) -> int:
    """Close bindings that no longer hold and open the new ones; return accounts that moved."""
    bindings, entity = subject.table("bindings"), subject.id
    db.execute(
        f"""
        create or replace temp table desired as
        select clusters.account_id, chosen.entity_id as {entity}, clusters.evidence
        from clusters inner join chosen using (label);

        create or replace temp view held as
        select account_id, {entity}, evidence, valid_from from bound where valid_to is null;

        create or replace temp view rebound as
        select * from desired anti join held using (account_id, {entity})
        """
    )
    moved = db.execute(
        f"""
        update {bindings} set valid_to = ?
        where valid_to is null and account_id in (
            select account_id from held anti join desired using (account_id, {entity})
        )
        """,
        [as_of],
    ).fetchall()
    db.execute(
        f"""
        update {bindings} as old set evidence = proven.evidence
        from (
            select desired.account_id, desired.evidence
            from desired inner join held using (account_id, {entity})
            where desired.evidence <> held.evidence
        ) as proven
        where old.account_id = proven.account_id and old.valid_to is null;

        insert into {bindings}
        select account_id, {entity}, evidence, $1, null from rebound order by account_id
        """,
        [as_of],
    )
    return int(moved[0][0])
