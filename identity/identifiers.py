"""Which accounts changed, and the identifiers that they carry now.

Leaves temp tables: `stale` (account_id) of accounts that are new, changed or gone, `touched`
(kind, value): the values that an account gained, lost or keeps under another name, `differing`
(account_id, kind, value): those of them that hang on other accounts.
"""

from collections.abc import Callable

import duckdb
import pyarrow as pa

from identity import normalise
from identity.subjects import Subject, Value

TEXT, NAMES = pa.string(), pa.list_(pa.string())
POINTERS = ("merged_into", "external_id")  # each hangs on whether the other account exists


def refresh(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Bring the subject's accounts and identifiers up to date with the contracts."""
    _compare(db, subject)
    _remember_names(db, subject)
    db.execute(
        "create or replace temp table fresh (account_id varchar, kind varchar, value varchar)"
    )
    for value in subject.values:
        _add_typed(db, value)
    for kind, expression in subject.combinations.items():
        _add_combined(db, kind, expression)
    _replace(db, subject)
    _add_pointers(db, subject)
    for kind, query in subject.compared.items():
        db.execute(
            f"insert into compared select distinct account_id, '{kind}', value from ({query})"
        )
    _replace_compared(db, subject)


def _compare(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Tell the accounts that are new, changed or gone since the last run.

    `changed` holds what the former typed, so that a few are not looked for among all again.
    """
    typed = ", ".join(subject.typed)
    db.execute(
        f"""
        create or replace temp table news as
        select coalesce(seen.account_id, known.account_id) as account_id, seen.content, {typed}
        from (
            select {subject.key} as account_id, {typed}, hash({", ".join(subject.reads)}) as content
            from {subject.accounts}
        ) as seen
        full join (select account_id, content from {subject.table("accounts")}) as known
            using (account_id)
        where known.content is distinct from seen.content;

        create or replace temp view changed as from news where content is not null;

        -- Whose identifiers are worked out again; pointers are compared as a whole.
        create or replace temp view stale as select account_id from news
        """
    )


def _remember_names(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Write down the changed accounts, with the names and birth date that shared values ask for."""
    state = subject.table("accounts")
    folded, joined = "null, null, null", ""
    if subject.has_names:
        same = _spell(db, ("first_name", "last_name", "full_name"), normalise.names, NAMES)
        folded = "spelt.clean[1], spelt.clean[2], cast(a.birth_date as varchar)"
        joined = f"inner join spelt on {same}"
    db.execute(
        f"""
        create or replace temp table remembered as from {state} limit 0;
        insert into remembered select a.account_id, a.content, {folded} from changed as a {joined};
        delete from {state} where account_id in (select account_id from stale);
        insert into {state} from remembered
        """
    )


def _add_typed(db: duckdb.DuckDBPyConnection, value: Value) -> None:
    def clean(first: str | None, *others: str | None) -> str | None:
        return None if first is None else value.clean(first, *others)

    same = _spell(db, value.typed, clean)
    db.execute(
        f"""
        insert into fresh
        select a.account_id, ?, spelt.clean from changed as a inner join spelt on {same}
        where spelt.clean is not null
        """,
        [value.kind],
    )


def _spell(
    db: duckdb.DuckDBPyConnection,
    columns: tuple[str, ...],
    clean: Callable[..., object],
    kind: pa.DataType = TEXT,
) -> str:
    """Leave in `spelt` what the changed accounts typed and what `clean` makes of each, once.

    Returns the condition on which an account `a` typed it.
    """
    typed = db.execute(f"select distinct {', '.join(columns)} from changed").to_arrow_table()
    cleaned = [clean(*row) for row in zip(*(c.to_pylist() for c in typed.columns), strict=True)]
    db.register("spelt", typed.append_column("clean", pa.array(cleaned, kind)))
    return " and ".join(f"a.{c} is not distinct from spelt.{c}" for c in columns)


def _add_combined(db: duckdb.DuckDBPyConnection, kind: str, expression: str) -> None:
    db.execute(
        f"insert into fresh select a.account_id, ?, {expression} from remembered as a "
        f"where {expression} is not null",
        [kind],
    )


def _add_pointers(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Add accounts that name another account: merged into it, or holding its key.

    Both ends carry the target's account id as the value, so that they meet in it. A key may exist
    in several systems: the one is meant in which most of the holder's source's keys are found.
    """
    db.execute(
        f"""
        -- Few may be, and those are looked up among all.
        create or replace temp table pointing as
        select {subject.key} as account_id, source, {subject.merged_into} as merged_into,
            {subject.external_id} as external_id
        from {subject.accounts}
        where {subject.merged_into} is not null or {subject.external_id} is not null;

        create or replace temp table compared as
        -- Read anew by each of its readers, who want few columns and fewer rows of it.
        with accounts as not materialized (
            select {subject.key} as account_id, source,
                substr({subject.key}, length(source) + 2) as own_key
            from {subject.accounts}
        ),
        keys as (
            select held.account_id, held.source, meant.account_id as target,
                meant.source as target_source
            from pointing as held
            inner join accounts as meant
                on held.external_id = meant.own_key and held.source <> meant.source
        ),
        habits as (
            select source, target_source, count(*) as found from keys group by all
        ),
        real as (
            select a.account_id, 'merged_into' as kind, b.account_id as target
            from pointing as a
            inner join accounts as b on a.merged_into = b.account_id
            where a.account_id <> b.account_id
            union all
            (
                select keys.account_id, 'external_id', keys.target
                from keys inner join habits using (source, target_source)
                qualify row_number() over (
                    partition by keys.account_id
                    order by habits.found desc, keys.target_source
                ) = 1
            )
        )
        select account_id, kind, target as value from real
        union
        select target, kind, target from real
        """
    )


def _replace(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Write the fresh identifiers and leave in `touched` every value that is concerned."""
    held = subject.table("identifiers")
    db.execute(
        f"""
        create or replace temp table touched as
        select kind, value from fresh
        union
        select kind, value from {held} semi join stale using (account_id);

        delete from {held}
        where account_id in (select account_id from stale) and kind not in {_whole(subject)};
        insert into {held} select distinct * from fresh
        """
    )


def _replace_compared(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Do the same with what is compared as a whole: only what differs is touched."""
    held = subject.table("identifiers")
    whole = f"select account_id, kind, value from {held} where kind in {_whole(subject)}"
    db.execute(
        f"""
        create or replace temp table differing as
        (select * from compared except ({whole}))
        union all
        (({whole}) except select * from compared);

        insert into touched
        select kind, value from (
            select kind, value from differing
            union
            select kind, value from compared semi join stale using (account_id)
        ) anti join touched using (kind, value);

        delete from {held} as known using differing
        where known.account_id = differing.account_id and known.kind = differing.kind
            and known.value = differing.value;
        insert into {held}
        select differing.* from differing semi join compared using (account_id, kind, value)
        """
    )


def _whole(subject: Subject) -> tuple[str, ...]:
    return (*POINTERS, *subject.compared)
