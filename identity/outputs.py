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
        f"select coalesce(sum(size), 0), count(*), coalesce(max(size), 0) from (select count(*) as "
        f"size from {subject.table('bindings')} where valid_to is null group by {subject.id})"
    ).fetchall()[0]
    contested = db.execute(f"select count(*) from {subject.table('contested')}").fetchall()[0][0]
    return {
        "accounts": int(accounts),
        f"{name}s": entities,
        f"accounts_per_{name}": round(int(accounts) / entities, 3) if entities else 0.0,
        f"largest_{name}": largest,
        "contested_values": contested,
    }


def write(db: duckdb.DuckDBPyConnection, as_of: datetime, run: dict[str, int | float]) -> None:
    """Write the tables that dbt reads as source `identity`.

    Of persons only those are written anew that temp table `affected` reaches.
    """
    _write_account_persons(db)
    _write_persons(db)
    _write_contacts(db)
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
    _write_churn(db, as_of, run)


# Attributes come from the account that changed last among those that state them; an account without
# a date stands behind the dated ones.
def _latest(value: str) -> str:
    newest = "coalesce(seen.updated_at, seen.created_at) desc nulls last, bound.account_id"
    return f"first({value} order by {newest}) filter (where {value} is not null)"


def _write_account_persons(db: duckdb.DuckDBPyConnection) -> None:
    """Leave in `concerned` (person_id) who had or has an affected account."""
    bound = f"""
        select account_id, person_id, evidence, valid_from as bound_at
        from {PERSON.table("bindings")} semi join affected using (account_id)
        where valid_to is null
    """
    db.execute(
        f"""
        create table if not exists identity.account_persons as {bound} limit 0;

        create or replace temp table concerned as
        select person_id from identity.account_persons semi join affected using (account_id)
        union
        select person_id from ({bound});

        delete from identity.account_persons
        where account_id in (select account_id from affected);
        insert into identity.account_persons {bound}
        """
    )


def _write_persons(db: duckdb.DuckDBPyConnection) -> None:
    described = f"""
        select
            bound.person_id,
            {_latest("seen.country")} as country,
            {_latest("seen.language")} as language,
            max(seen.birth_date) as birth_date,
            count(*) as accounts,
            count(distinct seen.source) as sources,
            bool_and(coalesce(seen.is_deleted, false)) as is_deleted,
            bool_and(coalesce(seen.is_test, false)) as is_test,
            min(seen.created_at) as first_seen_at
        from identity.account_persons as bound
        semi join concerned using (person_id)
        inner join contracts.person_observations as seen using (account_id)
        group by bound.person_id
    """
    _write_concerned(db, "identity.persons", described)


def _write_contacts(db: duckdb.DuckDBPyConnection) -> None:
    """How a person is called and reached, if an account lives; only schema restricted reads it."""
    name = (
        "coalesce(nullif(trim(concat_ws(' ', seen.first_name, seen.last_name)), ''), "
        "seen.full_name)"
    )
    reached = f"""
        select bound.person_id, {_latest(name)} as display_name,
            {_latest("seen.email")} as email, {_latest("seen.phone")} as phone
        from identity.account_persons as bound
        semi join concerned using (person_id)
        inner join contracts.person_observations as seen using (account_id)
        where not coalesce(seen.is_deleted, false)
        group by bound.person_id
    """
    _write_concerned(db, "identity.contacts", reached)


def _write_concerned(db: duckdb.DuckDBPyConnection, table: str, rows: str) -> None:
    """Write the rows of those in `concerned` anew, and of nobody else."""
    db.execute(
        f"""
        create table if not exists {table} as {rows} limit 0;
        delete from {table} where person_id in (select person_id from concerned);
        insert into {table} {rows}
        """
    )


def _write_organisations(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        f"""
        create or replace table identity.organisations as
        select
            bound.organisation_id,
            {_latest("seen.name")} as name,
            {_latest("seen.domain")} as domain,
            {_latest("seen.organisation_kind")} as organisation_kind,
            {_latest("seen.country")} as country,
            count(*) as accounts,
            count(distinct seen.source) as sources,
            bool_and(coalesce(seen.is_deleted, false)) as is_deleted,
            min(seen.created_at) as first_seen_at
        from identity.account_organisations as bound
        inner join contracts.organisations as seen on bound.account_id = seen.organisation_id
        group by bound.organisation_id
        """
    )


def _write_identifier_quality(db: duckdb.DuckDBPyConnection) -> None:
    """Per kind of identifier how many persons one value reaches; counted here, so no value leaves.

    `shared_values` are those that at least two accounts hold.
    """
    db.execute(
        f"""
        create or replace table identity.identifier_quality as
        with reached as (
            -- Hashes are compared: half the time of the values themselves.
            select hash(known.kind, known.value) as value, any_value(known.kind) as kind,
                hash(bound.person_id) as person, count(*) as accounts
            from {PERSON.table("identifiers")} as known
            inner join identity.account_persons as bound using (account_id)
            group by all
        ),
        held as (
            select any_value(kind) as kind, sum(accounts) as accounts, count(*) as persons
            from reached group by value
        )
        select kind, count(*) as held_values, count(*) filter (where accounts > 1) as shared_values,
            avg(persons) as persons_per_value_mean, max(persons) as persons_per_value_max
        from held group by kind order by kind
        """
    )


def _write_open_reviews(db: duckdb.DuckDBPyConnection) -> None:
    """How many cases wait for a decision, by what they are about."""
    db.execute(review.PROPOSALS)
    db.execute(
        "create or replace table identity.open_reviews as "
        f"select about, count(*) as cases from ({review.CASES}) group by about order by about"
    )


def _write_churn(
    db: duckdb.DuckDBPyConnection, as_of: datetime, run: dict[str, int | float]
) -> None:
    """One row per run that changed anything: how many ids came, merged, and how many moved."""
    db.execute(
        "create table if not exists identity.churn (number bigint, resolved_at timestamp, "
        "accounts bigint, persons bigint, minted bigint, merged bigint, moved bigint)"
    )
    if run["minted"] or run["merged"] or run["moved"]:
        columns = ("accounts", "persons", "minted", "merged", "moved")
        db.execute(
            "insert into identity.churn "
            "select coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ? from identity.churn",
            [as_of, *(run[column] for column in columns)],
        )
