"""From shared values to links between two accounts, and to the values that link nobody."""

import duckdb
import pyarrow as pa

from identity import rules
from identity.subjects import Subject

# Names agree where one is unknown, the same, a misspelling, an initial or the other's last name;
# birth dates where one is unknown or they differ by one keystroke. Misspelt given names of one
# family reach 0.88 (Winkler 1990) and those of brothers seldom do.
NAMES_AGREE = """(
    (
        l.given is null or r.given is null
        or l.given in (r.given, coalesce(r.family, '')) or r.given = coalesce(l.family, '')
        or jaro_winkler_similarity(l.given, r.given) >= 0.88
        or (length(l.given) = 1 and l.given = r.given[1])
        or (length(r.given) = 1 and r.given = l.given[1])
    )
    and coalesce(damerau_levenshtein(l.birth_date, r.birth_date) <= 1, true)
)"""


def relink(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Judge every touched value again and replace its links.

    Contested reasons: `excluded`, `too many accounts`, `contradicting strong ids`, and
    `names disagree`, where only accounts link whose names agree and nobody without a name.
    Leaves `kinds`: the subject's kinds of identifier, with `position` 1 the most trusted.
    """
    kinds = enumerate(rules.identifiers(subject.name), start=1)
    rows = [{**kind._asdict(), "position": position} for position, kind in kinds]
    db.register("kinds", pa.Table.from_pylist(rows))
    _touch_decided(db, subject)
    _gather(db, subject)
    _judge(db)
    _pair(db)
    _replace(db, subject)


def value_id(kind: str, value: str) -> str:
    """Return SQL for the name under which a value is spoken of without being told."""
    return f"sha256({kind} || ':' || {value})"


def _touch_decided(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Leave in `excluded` what was decided to identify nobody; judge decided values again."""
    db.execute(
        f"""
        create or replace temp table decided_values as
        select kind, value_id, arg_max(action, number) = 'exclude' as is_excluded
        from identity.decisions
        where subject = '{subject.name}' and value_id is not null
        group by kind, value_id;

        create or replace temp table excluded as
        select kind, value_id from decided_values where is_excluded
        """
    )
    if db.execute("select 1 from decided_values limit 1").fetchall():
        db.execute(
            f"""
            insert into touched
            select distinct held.kind, held.value
            from {subject.table("identifiers")} as held
            inner join decided_values on held.kind = decided_values.kind
                and {value_id("held.kind", "held.value")} = decided_values.value_id
            anti join touched on held.kind = touched.kind and held.value = touched.value
            """
        )


def _gather(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    db.execute(
        f"""
        create or replace temp table holders as
        select held.kind, held.value, held.account_id, known.given, known.family, known.birth_date
        from {subject.table("identifiers")} as held
        semi join touched using (kind, value)
        inner join {subject.table("accounts")} as known using (account_id);

        create or replace temp table strong as
        select held.account_id, held.kind, held.value
        from {subject.table("identifiers")} as held
        where held.kind in (select kinds.kind from kinds where is_strong)
        """
    )


def _judge(db: duckdb.DuckDBPyConnection) -> None:
    """Leave in `judged` the touched values that several accounts hold, and why one is contested."""
    db.execute(
        f"""
        create or replace temp table judged as
        with counted as (
            select kind, value, count(*) as accounts from holders
            group by kind, value having count(*) > 1
        ),
        contradicted as (
            select distinct kind, value from (
                select holders.kind, holders.value, strong.kind as strong_kind
                from holders
                inner join counted using (kind, value)
                inner join strong on holders.account_id = strong.account_id
                group by all
                having min(strong.value) <> max(strong.value)
            )
        )
        select counted.kind, counted.value, counted.accounts,
            case
                when excluded.value_id is not null then 'excluded'
                when counted.accounts > kinds.most_accounts then 'too many accounts'
                when contradicted.kind is not null then 'contradicting strong ids'
            end as reason,
            kinds.names_must_agree
        from counted
        inner join kinds on counted.kind = kinds.kind
        left join excluded on counted.kind = excluded.kind
            and {value_id("counted.kind", "counted.value")} = excluded.value_id
        left join contradicted
            on counted.kind = contradicted.kind and counted.value = contradicted.value
        """
    )


def _pair(db: duckdb.DuckDBPyConnection) -> None:
    """Leave in `pairs` who meets in a value, and in `disagreeing` the values where names differ."""
    db.execute(
        f"""
        create or replace temp table pairs as
        select l.account_id, r.account_id as other_account_id, l.kind, l.value,
            not judged.names_must_agree or {NAMES_AGREE} as agree,
            l.given is null or r.given is null as is_nameless
        from holders as l
        inner join judged
            on l.kind = judged.kind and l.value = judged.value and judged.reason is null
        inner join holders as r
            on l.kind = r.kind and l.value = r.value and l.account_id < r.account_id;

        create or replace temp table disagreeing as
        select distinct kind, value from pairs where not agree
        """
    )


def _replace(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    links, contested = subject.table("links"), subject.table("contested")
    db.execute(
        f"""
        -- Who held a touched value until now holds it still, changed, or lost what hangs on others.
        create or replace temp table reached as
        select account_id from holders
        union select account_id from differing
        union select account_id from stale;

        delete from {links} where (kind, value) in (select (kind, value) from touched);
        insert into {links}
        select account_id, other_account_id, pairs.kind, pairs.value
        from pairs
        left join disagreeing using (kind, value)
        where agree and not (disagreeing.kind is not null and is_nameless);

        delete from {contested} where (kind, value) in (select (kind, value) from touched);
        insert into {contested}
        select kind, value, accounts, reason from judged where reason is not null
        union all
        select kind, value, accounts, 'names disagree'
        from judged semi join disagreeing using (kind, value)
        """
    )
