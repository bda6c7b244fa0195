"""The review queue: what the rules left open, with the evidence on which a person can decide.

A case is a contested value or a probable link. It is open until a decision speaks of it.
"""

from typing import NamedTuple

import duckdb

from identity.journal import IdentityError, UnknownAccount
from identity.links import value_id
from identity.subjects import PERSON

PROPOSALS = """
create table if not exists identity.person_proposals (
    account_id varchar, other_account_id varchar, probability double, evidence varchar
)
"""
CASES = f"""
with contested as (
    select left({value_id("kind", "value")}, 8) as number, kind as about,
        reason, kind, value, null::double as probability,
        list(distinct held.account_id order by held.account_id) as accounts
    from identity.person_contested as contested
    inner join identity.person_identifiers as held using (kind, value)
    where reason <> 'excluded'
    group by all
),
unbound as (
    select proposed.* from identity.person_proposals as proposed
    inner join identity.account_persons as one on proposed.account_id = one.account_id
    inner join identity.account_persons as other
        on proposed.other_account_id = other.account_id and one.person_id <> other.person_id
    anti join identity.decisions as decided
        on least(decided.account_id, decided.other_account_id)
            = least(proposed.account_id, proposed.other_account_id)
        and greatest(decided.account_id, decided.other_account_id)
            = greatest(proposed.account_id, proposed.other_account_id)
),
proposed as (
    select left(sha256(account_id || '|' || other_account_id), 8) as number, 'probable' as about,
        evidence as reason, null::varchar as kind, null::varchar as value, probability,
        [account_id, other_account_id] as accounts
    from unbound
)
select number, about, reason, kind, value, probability, accounts from contested
union all
select number, about, reason, kind, value, probability, accounts from proposed
"""


class Case(NamedTuple):
    """Something to decide: accounts that a value or a probability brings together."""

    number: str
    about: str
    reason: str
    kind: str | None
    value: str | None
    probability: float | None
    accounts: list[str]


class Account(NamedTuple):
    """An account as a reviewer sees it, and the person it is bound to now."""

    account_id: str
    name: str | None
    email: str | None
    phone: str | None
    birth_date: str | None
    employee_number: str | None
    person_id: str | None
    evidence: str | None


def cases(db: duckdb.DuckDBPyConnection, most: int) -> tuple[list[Case], int]:
    """Return open cases, the most probable and then the smallest first, and how many there are."""
    db.execute(PROPOSALS)
    rows = db.execute(
        f"select *, count(*) over () from ({CASES}) "
        "order by probability desc nulls last, len(accounts), number limit ?",
        [most],
    ).fetchall()
    return [Case(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def case(db: duckdb.DuckDBPyConnection, number: str) -> Case:
    """Return an open case by its number; raise `IdentityError` when there is none."""
    db.execute(PROPOSALS)
    rows = db.execute(f"select * from ({CASES}) where number = ?", [number]).fetchall()
    if not rows:
        raise IdentityError(f"there is no open case {number}; `ax identity review` lists them")
    return Case(*rows[0])


def accounts(db: duckdb.DuckDBPyConnection, names: list[str]) -> list[Account]:
    """Return what is known of some accounts, in the order of their names."""
    rows = db.execute(
        """
        select seen.account_id,
            coalesce(seen.full_name, nullif(concat_ws(' ', seen.first_name, seen.last_name), '')),
            seen.email, seen.phone, cast(seen.birth_date as varchar), seen.employee_number,
            bound.person_id, bound.evidence
        from contracts.person_observations as seen
        left join identity.account_persons as bound using (account_id)
        where list_contains(?, seen.account_id)
        order by seen.account_id
        """,
        [names],
    ).fetchall()
    return [Account(*row) for row in rows]


def with_whom(db: duckdb.DuckDBPyConnection, account: str) -> list[str]:
    """Return the accounts of the person an account is bound to; raise when it is unknown."""
    rows = db.execute(
        """
        select account_id from identity.account_persons
        where person_id = (
            select person_id from identity.account_persons where account_id = ?
        )
        order by account_id
        """,
        [account],
    ).fetchall()
    if not rows:
        raise UnknownAccount(account)
    return [name for (name,) in rows]


def why(db: duckdb.DuckDBPyConnection, names: list[str]) -> list[tuple[str, str, str, str]]:
    """Return the links between some accounts: account, other account, kind and value."""
    return db.execute(
        f"""
        select account_id, other_account_id, kind, value from {PERSON.table("links")}
        where list_contains($1, account_id) and list_contains($1, other_account_id)
        order by all
        """,
        [names],
    ).fetchall()


def history(
    db: duckdb.DuckDBPyConnection, account: str
) -> list[tuple[str, str, object, object | None]]:
    """Return the persons an account was bound to: person, evidence, from, to."""
    return db.execute(
        f"""
        select person_id, evidence, valid_from, valid_to from {PERSON.table("bindings")}
        where account_id = ? order by valid_from
        """,
        [account],
    ).fetchall()
