"""From accounts to persons: normalise, link, cluster, keep the ids already given.

Reads `contracts.person_observations`; writes schema `identity`, which dbt reads as a source.
`identity.bindings` and `identity.person_ids` are the memory that survives any rebuild.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from identity import normalise
from identity.rules import EXTERNAL_SOURCES, IDENTIFIERS

MEMORY = """
create schema if not exists identity;
create table if not exists identity.bindings (
    account_id varchar, person_id varchar, evidence varchar,
    valid_from timestamp, valid_to timestamp
);
create table if not exists identity.person_ids (
    person_id varchar, minted_number bigint, minted_at timestamp, merged_into varchar
);
"""


def random_ids() -> Iterator[str]:
    """Yield person ids that say nothing about the person."""
    while True:
        yield uuid.uuid4().hex


def resolve(
    warehouse: Path, as_of: datetime, ids: Iterator[str] | None = None
) -> dict[str, int | float]:
    """Bind every account to a person and return the figures of the run.

    Figures: accounts, persons, minted, merged, moved (accounts whose person changed),
    contested_values, largest_person (accounts), accounts_per_person.
    """
    with duckdb.connect(str(warehouse)) as db:
        db.execute("set TimeZone = 'UTC'")
        db.begin()  # a run that is killed leaves the ids and bindings of the one before
        db.execute(MEMORY)
        db.register("identifiers", _identifiers(db))
        _link(db)
        _cluster(db)
        figures = _bind(db, as_of.replace(tzinfo=None), ids or random_ids())
        _publish(db)
        db.commit()
        return figures


def _identifiers(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return account_id, kind, value of every usable identifier."""
    parts = [
        _values(db, "employee_number", normalise.code),
        _values(db, "member_number", normalise.code),
    ]
    parts.append(_values(db, "email", normalise.email))
    parts.append(_phones(db))
    parts.append(_pointers(db))
    found = pd.concat(parts, ignore_index=True).drop_duplicates()
    # Typed, for a house without one identifier: an empty frame says nothing about its columns.
    schema = pa.schema([(name, pa.string()) for name in ("account_id", "kind", "value")])
    return pa.Table.from_pandas(found, schema=schema, preserve_index=False)


def _values(
    db: duckdb.DuckDBPyConnection, kind: str, clean: Callable[[str], str | None]
) -> pd.DataFrame:
    rows = db.execute(
        f"select account_id, {kind} as typed from contracts.person_observations "
        f"where {kind} is not null"
    ).df()
    known = {typed: clean(typed) for typed in rows.typed.unique()}
    return _labelled(rows, kind, rows.typed.map(known))


def _phones(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    rows = db.execute(
        "select account_id, phone as typed, country from contracts.person_observations "
        "where phone is not null"
    ).df()
    pairs = rows[["typed", "country"]].drop_duplicates()
    known = {
        (typed, country): normalise.phone(typed, None if pd.isna(country) else country)
        for typed, country in pairs.itertuples(index=False)
    }
    values = [known[pair] for pair in zip(rows.typed, rows.country, strict=True)]
    return _labelled(rows, "phone", pd.Series(values, index=rows.index, dtype=object))


def _pointers(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Accounts that name another account: merged into it, or holding its key.

    Both ends carry the target's account id as the value, so that they meet in it.
    """
    holders = " union all ".join(
        f"select account_id, '{source}:' || external_id as target, 'external_id' as kind, "
        f"{position} as position "
        "from contracts.person_observations where external_id is not null"
        for position, source in enumerate(EXTERNAL_SOURCES)
    )
    return db.execute(
        f"""
        with pointers as (
            select account_id, merged_into_account_id as target, 'merged_into' as kind,
                0 as position
            from contracts.person_observations where merged_into_account_id is not null
            union all ({holders})
        ),
        real as (
            select pointers.* from pointers
            inner join contracts.person_observations as observed
                on pointers.target = observed.account_id and pointers.account_id <> pointers.target
            -- The same number may exist in two systems: the likelier one is meant.
            qualify row_number() over (
                partition by pointers.account_id, pointers.kind order by pointers.position
            ) = 1
        )
        select account_id, kind, target as value from real
        union
        select target, kind, target from real
        """
    ).df()


def _labelled(rows: pd.DataFrame, kind: str, values: pd.Series) -> pd.DataFrame:
    found = pd.DataFrame({"account_id": rows.account_id, "kind": kind, "value": values})
    return found.dropna(subset=["value"])


def _link(db: duckdb.DuckDBPyConnection) -> None:
    """Split values into those that link and those that are contested."""
    caps = pd.DataFrame(IDENTIFIERS)  # noqa: F841 - DuckDB reads it by name
    db.execute(
        """
        create or replace temp table values_seen as
        select
            identifiers.kind, identifiers.value,
            count(distinct identifiers.account_id) as accounts,
            any_value(caps.most_accounts) as most_accounts,
            count(distinct strong.value) as strong_values
        from identifiers
        inner join caps on identifiers.kind = caps.kind
        left join identifiers as strong
            on identifiers.account_id = strong.account_id
            and strong.kind in (select caps.kind from caps where caps.is_strong)
        group by all;

        create or replace table identity.contested_values as
        select
            kind, accounts,
            case when strong_values > 1 then 'contradicting strong ids' else 'too many accounts' end
                as reason,
            sha256(kind || ':' || value) as value_id
        from values_seen where accounts > most_accounts or strong_values > 1;

        create or replace temp table links as
        select identifiers.account_id, identifiers.kind || ':' || identifiers.value as node,
            identifiers.kind
        from identifiers
        inner join values_seen using (kind, value)
        where values_seen.accounts between 2 and values_seen.most_accounts
            and values_seen.strong_values <= 1
        """
    )


def _cluster(db: duckdb.DuckDBPyConnection) -> None:
    """Label every account with the smallest account id that it reaches."""
    db.execute(
        """
        create or replace temp table clusters as
        with recursive pairs as (
            select distinct one.account_id, other.account_id as other_id
            from links as one inner join links as other using (node)
            where one.account_id <> other.account_id
        ),
        labels(account_id, label) using key (account_id) as (
            select account_id, account_id from contracts.person_observations
            union
            select pairs.account_id, min(labels.label)
            from pairs
            inner join labels on pairs.other_id = labels.account_id
            inner join recurring.labels as own on pairs.account_id = own.account_id
            where labels.label < own.label
            group by pairs.account_id
        )
        select account_id, label from labels
        """
    )


def _bind(
    db: duckdb.DuckDBPyConnection, as_of: datetime, ids: Iterator[str]
) -> dict[str, int | float]:
    """Give each cluster its oldest id, mint for the new, and write the bindings that changed."""
    db.execute(
        """
        create or replace temp table claims as
        select clusters.label, person_ids.person_id, person_ids.minted_number,
            min(clusters.account_id) as first_account
        from clusters
        inner join identity.bindings as bindings
            on clusters.account_id = bindings.account_id and bindings.valid_to is null
        inner join identity.person_ids as person_ids on bindings.person_id = person_ids.person_id
        group by all;

        -- A person who was split keeps the id where the smallest account went.
        create or replace temp table owners as
        select label, person_id, minted_number from claims
        qualify row_number() over (partition by person_id order by first_account) = 1;
        """
    )
    minted = _mint(db, as_of, ids)
    db.execute(
        """
        create or replace temp table chosen as
        select label, person_id from owners
        qualify row_number() over (partition by label order by minted_number) = 1;

        create or replace temp table desired as
        select clusters.account_id, chosen.person_id,
            coalesce(
                (select kind from links inner join evidence_order using (kind)
                    where links.account_id = clusters.account_id order by position limit 1),
                'alone'
            ) as evidence
        from clusters inner join chosen using (label)
        """
    )
    merged = db.execute(
        """
        update identity.person_ids as old set merged_into = chosen.person_id
        from owners inner join chosen using (label)
        where old.person_id = owners.person_id and owners.person_id <> chosen.person_id
        """
    ).fetchall()[0][0]
    moved = _rebind(db, as_of)
    return {**_figures(db), "minted": minted, "merged": merged, "moved": moved}


def _mint(db: duckdb.DuckDBPyConnection, as_of: datetime, ids: Iterator[str]) -> int:
    order = pd.DataFrame(
        [(rule.kind, n) for n, rule in enumerate(IDENTIFIERS)], columns=["kind", "position"]
    )
    db.register("evidence_order", order)
    labels = db.execute(
        "select distinct label from clusters where label not in (select label from owners) "
        "order by label"
    ).fetchall()
    start = db.execute(
        "select coalesce(max(minted_number), 0) from identity.person_ids"
    ).fetchall()[0][0]
    minted = pd.DataFrame(
        [(label, next(ids), start + n) for n, (label,) in enumerate(labels, start=1)],
        columns=["label", "person_id", "minted_number"],
    ).astype({"label": object, "person_id": object, "minted_number": "int64"})
    db.register("minted", minted)
    db.execute(
        "insert into identity.person_ids select person_id, minted_number, ?, null from minted",
        [as_of],
    )
    db.execute("insert into owners select label, person_id, minted_number from minted")
    return len(labels)


def _rebind(db: duckdb.DuckDBPyConnection, as_of: datetime) -> int:
    """Close bindings that no longer hold and open the new ones; return accounts that moved."""
    moved = db.execute(
        """
        update identity.bindings as old set valid_to = ?
        where old.valid_to is null and not exists (
            select 1 from desired
            where desired.account_id = old.account_id and desired.person_id = old.person_id
        )
        """,
        [as_of],
    ).fetchall()[0][0]
    db.execute(
        """
        insert into identity.bindings
        select desired.account_id, desired.person_id, desired.evidence, ?, null
        from desired
        left join identity.bindings as bound
            on desired.account_id = bound.account_id and bound.valid_to is null
        where bound.account_id is null
        order by desired.account_id
        """,
        [as_of],
    )
    return int(moved)


def _figures(db: duckdb.DuckDBPyConnection) -> dict[str, int | float]:
    accounts, persons, largest = db.execute(
        "select coalesce(sum(size), 0), count(*), coalesce(max(size), 0) from "
        "(select count(*) as size from desired group by person_id)"
    ).fetchall()[0]
    contested = db.execute("select count(*) from identity.contested_values").fetchall()[0][0]
    return {
        "accounts": int(accounts),
        "persons": persons,
        "accounts_per_person": round(int(accounts) / persons, 3) if persons else 0.0,
        "largest_person": largest,
        "contested_values": contested,
    }


def _publish(db: duckdb.DuckDBPyConnection) -> None:
    """Write the tables that dbt reads: who each account is, and one row a person."""
    db.execute(
        """
        create or replace table identity.account_persons as
        select account_id, person_id, evidence, valid_from as bound_at
        from identity.bindings where valid_to is null order by account_id;

        -- The attributes come from the account that changed last among those that state them; an
        -- account without a date stands behind the dated ones.
        create or replace table identity.persons as
        select
            bound.person_id,
            first(
                seen.country
                order by coalesce(seen.updated_at, seen.created_at) desc nulls last, account_id
            ) filter (where seen.country is not null) as country,
            first(
                seen.language
                order by coalesce(seen.updated_at, seen.created_at) desc nulls last, account_id
            ) filter (where seen.language is not null) as language,
            max(seen.birth_date) as birth_date,
            count(*) as accounts,
            count(distinct seen.source) as sources,
            bool_and(coalesce(seen.is_deleted, false)) as is_deleted,
            bool_and(coalesce(seen.is_test, false)) as is_test,
            min(seen.created_at) as first_seen_at
        from identity.account_persons as bound
        inner join contracts.person_observations as seen using (account_id)
        group by bound.person_id
        order by bound.person_id;
        """
    )
