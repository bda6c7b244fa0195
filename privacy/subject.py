"""Who a person is to this house: every id, every account, and the values that are theirs alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from identity import normalise
from privacy.errors import NobodyFound, SeveralFound
from privacy.values import SHORTEST, Value, Values, values_of

TYPED = {
    "email": "email",
    "phone": "phone",
    "employee_number": "code",
    "member_number": "code",
    "full_name": "name",
}
LONG_KEY = 9  # of a vendor's id, from where on it is told from any other number


@dataclass(frozen=True, slots=True)
class Subject:
    """A person: ids ever given, accounts as `source:key`, and their values.

    `values` are theirs alone: what somebody else holds too, a family's mailbox or a common name, is
    also somebody else's and stays. `others` holds such values, and what others have that resembles.
    """

    persons: tuple[str, ...]
    accounts: tuple[str, ...]
    values: frozenset[Value]
    others: frozenset[str] = frozenset()

    @property
    def texts(self) -> Values:
        """What is looked for in texts."""
        return Values(self.values, self.others)

    @property
    def everything(self) -> Values:
        """What must be found nowhere afterwards: the values, our ids, and vendors' long keys."""
        keys = {account.split(":", 1)[1] for account in self.accounts}
        ids = {*self.persons, *(key for key in keys if len(key) >= LONG_KEY)}
        return Values(self.values | values_of("id", ids), self.others)


def find(
    db: duckdb.DuckDBPyConnection,
    person: str | None = None,
    email: str | None = None,
    account: str | None = None,
) -> Subject:
    """Return the one person who is known by an id, an e-mail or an account.

    Raises:
        NobodyFound, SeveralFound: it is not exactly one.
    """
    persons = _persons(db, person, email, account)
    if len(persons) > 1:
        raise SeveralFound(sorted(persons))
    if not persons:
        if email and "@" in email:  # known to no account; a text or a row set aside may name it
            return Subject((), (), frozenset(values_of("email", [email])))
        raise NobodyFound()
    ids, accounts = _whole(db, persons)
    values, others = _values(db, accounts)
    return Subject(ids, accounts, frozenset(values), frozenset(others))


def _persons(
    db: duckdb.DuckDBPyConnection, person: str | None, email: str | None, account: str | None
) -> set[str]:
    """Return the ids that are current, of whoever is meant."""
    if person:
        asked = "select person_id from identity.person_ids where person_id = ?"
        given = [person]
    elif account:
        asked = "select person_id from identity.account_persons where account_id = ?"
        given = [account]
    else:
        typed = (email or "").strip()
        given = [typed.lower(), normalise.email(typed) or typed.lower()]
        asked = """
            select person_id from identity.account_persons
            where account_id in (
                select account_id from contracts.person_observations
                where lower(trim(email)) = $1
                union
                select account_id from identity.person_identifiers
                where kind = 'email' and value = $2
            )
        """
    rows = db.execute(
        f"""
        with recursive followed as (
            select person_id from ({asked})
            union
            select ids.merged_into from followed
            inner join identity.person_ids as ids using (person_id)
            where ids.merged_into is not null
        )
        select person_id from followed inner join identity.person_ids as ids using (person_id)
        where ids.merged_into is null
        """,
        given,
    )
    return {found for (found,) in rows.fetchall()}


def _whole(
    db: duckdb.DuckDBPyConnection, persons: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return every id that leads to these persons, and the accounts bound to them now."""
    ids = db.execute(
        """
        with recursive led as (
            select unnest(?) as person_id
            union
            select ids.person_id from led
            inner join identity.person_ids as ids on ids.merged_into = led.person_id
        )
        select person_id from led order by person_id
        """,
        [[*persons]],
    ).fetchall()
    accounts = db.execute(
        "select account_id from identity.account_persons where list_contains(?, person_id) "
        "order by account_id",
        [[*persons]],
    ).fetchall()
    return tuple(i for (i,) in ids), tuple(a for (a,) in accounts)


def _values(db: duckdb.DuckDBPyConnection, accounts: Sequence[str]) -> tuple[set[Value], set[str]]:
    """Return the values that are these accounts' alone, and those that others have."""
    db.execute("create or replace temp table mine as select unnest(?) as account_id", [[*accounts]])
    db.execute(
        """
        create or replace temp view known as
        select account_id, email, phone, employee_number, member_number,
            coalesce(
                nullif(trim(concat_ws(' ', first_name, last_name)), ''), trim(full_name)
            ) as full_name
        from contracts.person_observations
        """
    )
    values: set[Value] = set()
    others: set[str] = set()
    for column, kind in TYPED.items():
        typed = _column(db, column, "semi")
        theirs = {text.lower() for text in _column(db, column, "anti")}
        whole = {text for text in typed if kind != "name" or " " in text}
        values |= values_of(kind, (t for t in whole if t.strip().lower() not in theirs))
        others |= {o for o in theirs if any(t.strip().lower() in o for t in whole)}
    values |= _normalised(db)
    shared = {value for value in values if value.text.lower() in others}
    return {v for v in values - shared if len(v.text) >= SHORTEST}, others


def _column(db: duckdb.DuckDBPyConnection, column: str, join: str) -> set[str]:
    rows = db.execute(
        f"select distinct {column} from known {join} join mine using (account_id) "
        f"where trim({column}) <> ''"
    )
    return {text for (text,) in rows.fetchall()}


def _normalised(db: duckdb.DuckDBPyConnection) -> set[Value]:
    """Return the values as identity spells them, of those that nobody else holds."""
    rows = db.execute(
        """
        select case when kind in ('email', 'phone') then kind else 'code' end, value
        from identity.person_identifiers
        where kind in ('email', 'phone', 'employee_number', 'member_number')
        group by all
        having bool_and(account_id in (from mine))
        """
    )
    return {Value(kind, text) for kind, text in rows.fetchall()}
