"""What dbt reads: who each account is, one row a person and organisation, and how good it is."""

from datetime import datetime

import duckdb

from identity import review
from identity.links import value_id
from identity.subjects import ORGANISATION, PERSON, Subject


def figures(db: duckdb.DuckDBPyConnection, subject: Subject) -> dict[str, int | float]:
    """Return accounts, persons (or organisations), accounts_per_, largest_, contested_values."""
    name = subject.name
    accounts, entities, largest = db.execute(
        "select coalesce(sum(accounts), 0), count(*), coalesce(max(accounts), 0) "
        f"from identity.{name}s"
    ).fetchall()[0]
    contested = db.execute(f"select count(*) from {subject.table('contested')}").fetchall()[0][0]
    return {
        "accounts": int(accounts),
        f"{name}s": entities,
        f"accounts_per_{name}": round(int(accounts) / entities, 3) if entities else 0.0,
        f"largest_{name}": largest,
        "contested_values": contested,
    }


def write(db: duckdb.DuckDBPyConnection, as_of: datetime, changes: dict[str, int]) -> None:
    """Write the tables that dbt reads as source `identity`.

    Of persons only those are written anew of whom an account was looked at again, by what
    `bindings.bind` left of them; `changes` are what it counted.
    """
    _write_account_persons(db, as_of)
    _write_persons(db)
    db.execute(
        f"""
        create or replace table identity.account_organisations as
        select account_id, organisation_id, evidence, valid_from as bound_at
        from {ORGANISATION.table("bindings")} where valid_to is null;

        create or replace table identity.contested_values as
        select kind, accounts, reason, {value_id("kind", "value")} as value_id
        from {PERSON.table("contested")};
        """
    )
    _write_organisations(db)
    _write_identifier_quality(db)
    _write_open_reviews(db)
    _write_churn(db, as_of, changes)


# Attributes come from the account that changed last among those that state them; an account without
# a date stands behind the dated ones.
def _latest(value: str, among: str = "true") -> str:
    newest = "coalesce(updated_at, created_at) desc nulls last, account_id"
    return f"first({value} order by {newest}) filter (where {value} is not null and {among})"


def _write_account_persons(db: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    db.execute(
        """
        create table if not exists identity.account_persons (
            account_id varchar, person_id varchar, evidence varchar, bound_at timestamp
        );
        delete from identity.account_persons
        where account_id in (select account_id from affected);
        insert into identity.account_persons
        select desired.account_id, person_id, desired.evidence, coalesce(held.valid_from, ?)
        from desired left join held using (account_id, person_id);
        """,
        [as_of],
    )


def _write_persons(db: duckdb.DuckDBPyConnection) -> None:
    """Write everybody anew of whom an affected account is or ever was, and nobody else.

    How a person is called and reached stands apart, if an account lives; only schema restricted
    reads it.
    """
    lives = "is_deleted is not true"
    name = "coalesce(nullif(trim(concat_ws(' ', first_name, last_name)), ''), full_name)"
    db.execute(
        f"""
        create or replace temp table concerned as
        select person_id from bound union select person_id from desired;

        create or replace temp table described as
        select
            person_id,
            {_latest("country")} as country,
            {_latest("language")} as language,
            max(birth_date) as birth_date,
            count(*) as accounts,
            count(distinct source) as sources,
            not bool_or({lives}) as is_deleted,
            bool_and(coalesce(is_test, false)) as is_test,
            min(created_at) as first_seen_at,
            {_latest(name, lives)} as display_name,
            {_latest("email", lives)} as email,
            {_latest("phone", lives)} as phone
        from identity.account_persons
        semi join concerned using (person_id)
        inner join contracts.person_observations using (account_id)
        group by person_id
        """
    )
    contact = "display_name, email, phone"
    rows = {
        "identity.persons": f"select * exclude ({contact}) from described",
        "identity.contacts": f"select person_id, {contact} from described where not is_deleted",
    }
    for table, query in rows.items():
        db.execute(
            f"""
            create table if not exists {table} as {query} limit 0;
            delete from {table} where person_id in (select person_id from concerned);
            insert into {table} {query}
            """
        )


def _write_organisations(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        f"""
        create or replace table identity.organisations as
        select
            organisation_id,
            {_latest("name")} as name,
            {_latest("domain")} as domain,
            {_latest("organisation_kind")} as organisation_kind,
            {_latest("country")} as country,
            count(*) as accounts,
            count(distinct source) as sources,
            bool_and(coalesce(is_deleted, false)) as is_deleted,
            min(created_at) as first_seen_at
        from identity.account_organisations
        inner join (
            select * rename (organisation_id as account_id) from contracts.organisations
        ) using (account_id)
        group by organisation_id
        """
    )


def _write_identifier_quality(db: duckdb.DuckDBPyConnection) -> None:
    """Per kind of identifier how many persons one value reaches; counted here, so no value leaves.

    `shared_values` are those that at least two accounts hold. Counted again is a value that an
    account gained or lost, or whose holder is somebody else now.
    """
    held = PERSON.table("identifiers")
    db.execute(
        f"""
        create table if not exists identity.value_persons (
            value ubigint, kind varchar, accounts bigint, persons bigint
        );
        create or replace temp table recounted as
        select kind, value from touched
        union all
        select kind, value from {held} semi join rebound using (account_id);

        delete from identity.value_persons
        where value in (select hash(kind, value) from recounted);
        insert into identity.value_persons
        with reached as (
            -- Hashes are compared: half the time of the values themselves.
            select hash(kind, value) as value, any_value(kind) as kind,
                hash(bound.person_id) as person, count(*) as accounts
            from {held}
            semi join recounted using (kind, value)
            inner join identity.account_persons as bound using (account_id)
            group by all
        )
        select value, any_value(kind), sum(accounts), count(*) from reached group by value;

        create or replace table identity.identifier_quality as
        select kind, count(*) as held_values, count(*) filter (where accounts > 1) as shared_values,
            avg(persons) as persons_per_value_mean, max(persons) as persons_per_value_max
        from identity.value_persons group by kind order by kind
        """
    )


def _write_open_reviews(db: duckdb.DuckDBPyConnection) -> None:
    """How many cases wait for a decision, by what they are about."""
    db.execute(review.PROPOSALS)
    db.execute(
        "create or replace table identity.open_reviews as "
        f"select about, count(*) as cases from ({review.CASES}) group by about order by about"
    )


def _write_churn(db: duckdb.DuckDBPyConnection, as_of: datetime, changes: dict[str, int]) -> None:
    """One row per run that changed anything: how many ids came, merged, and how many moved."""
    db.execute(
        "create table if not exists identity.churn (number bigint, resolved_at timestamp, "
        "accounts bigint, persons bigint, minted bigint, merged bigint, moved bigint)"
    )
    if changes["minted"] or changes["merged"] or changes["moved"]:
        run = figures(db, PERSON) | changes
        columns = ("accounts", "persons", "minted", "merged", "moved")
        db.execute(
            "insert into identity.churn "
            "select coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ? from identity.churn",
            [as_of, *(run[column] for column in columns)],
        )
