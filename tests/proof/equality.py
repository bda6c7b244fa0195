"""When two warehouses are equal: the same rows, whoever came first and whatever ids were minted.

Leaves out load-time columns and pseudonyms, and replaces the id of a person or an organisation by
its smallest account. Identity history and the ledgers depend on the order of arrival and are left out.
"""

import hashlib
from pathlib import Path

import duckdb

from storage import Lake, opened

LOAD_TIME = {"bound_at", "last_loaded_as_of", "last_tried_as_of", "extracted_rows", "touched_rows"}
MINTED = {"person_id", "organisation_id", "parent_organisation_id"}
PSEUDONYMS = {"person_key", "touchpoint_id", "membership_id"}
# Made of the minted id of whoever walks; person, journey, stage, kind and moment stay.
OF_MINTED = {"fct_frictions": {"friction_id", "record_id"}}
# The ledger of loads; the history of who was taken for whom, which has invariants of its own
# (`is_history`, `history_ends_with_who_an_account_is_now`, `int_person_ids`), and of the registry.
ORDER_OF_ARRIVAL = {
    "fct_source_health",
    "fct_table_health",
    "pub_source_health",
    "pub_sources",
    "bridge_person_identifier",
    "dim_audience_history",
}
# What the last run did to the ids says how the accounts arrived; how good the result is does not.
OF_THE_LAST_RUN = "'ids_minted', 'ids_merged', 'accounts_moved', 'id_churn'"


def contents(
    data: Path, published: str = "published/marts.duckdb", lake: Lake | None = None
) -> dict[str, tuple[int, str]]:
    """Return, per mart and published relation, its rows and a hash of them."""
    with opened(lake or data / "warehouse" / "warehouse.duckdb") as db:
        db.execute(f"attach '{data / published}' as published (read_only)")
        db.execute(
            """
            create temp table smallest as
            select person_id as id, min(account_id) as account_id
            from identity.account_persons group by all
            union all
            select organisation_id, min(account_id)
            from identity.account_organisations group by all
            """
        )
        relations = db.execute(
            """
            select database_name, schema_name, table_name, table_name like 'pub_%' as leaves
            from duckdb_tables()
            where schema_name = 'marts' or database_name = 'published'
            order by table_name
            """
        ).fetchall()
        return {
            name: _content(
                db, f'"{database}"."{schema}"."{name}"', leaves, OF_MINTED.get(name, set())
            )
            for database, schema, name, leaves in relations
            if name not in ORDER_OF_ARRIVAL
        }


def _content(
    db: duckdb.DuckDBPyConnection, relation: str, leaves: bool, of_minted: set[str]
) -> tuple[int, str]:
    columns = [name for name, *_ in db.execute(f"describe {relation}").fetchall()]
    left_out = LOAD_TIME | of_minted | (PSEUDONYMS if leaves else {"membership_id"})
    kept = [f'"{name}"' for name in columns if name not in {*left_out, *MINTED}]
    kept += [
        f"(select account_id from smallest where smallest.id = it.{name})"
        for name in columns
        if name in MINTED
    ]
    where = f"where figure not in ({OF_THE_LAST_RUN})" if "figure" in columns else ""
    rows = db.execute(f"select {', '.join(kept)} from {relation} as it {where}")
    # Sorted once rounded: a last digit must not change who comes first.
    found = sorted(map(repr, _rounded(rows.fetchall())))
    text = "\n".join(found)
    return len(found), hashlib.sha256(text.encode()).hexdigest()[:16]


def _rounded(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Sums of doubles differ in the last digits with the order in which rows are read."""
    return [
        tuple(float(f"{value:.9g}") if isinstance(value, float) else value for value in row)
        for row in rows
    ]
