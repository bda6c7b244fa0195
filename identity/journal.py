"""The operator's decisions: append-only, respected by every run, undone by a counter-decision.

`identity.decisions` holds a row per pair of accounts or per value. Of several decisions on the same
pair or value the last one counts.
"""

from datetime import datetime
from typing import NamedTuple

import duckdb

from identity.links import value_id
from identity.subjects import Subject
from storage import has

TOGETHER = ("bind", "merge", "confirm")
APART = ("detach", "reject")
WITHDRAWN = "withdraw"  # the rules decide again, as if nobody had


class IdentityError(Exception):
    """Something about identity that a sentence can put right."""


class Contradiction(IdentityError):
    """Two decisions that can not both hold."""

    def __init__(self, together: "Decision", apart: "Decision") -> None:
        self.together, self.apart = together, apart
        super().__init__(
            f"decision {together} contradicts decision {apart}: undo one of them first with "
            "`ax identity undo NUMBER`"
        )


class UnknownAccount(IdentityError):
    def __init__(self, account: str) -> None:
        super().__init__(
            f"there is no account {account}; accounts are named source:id, as `ax identity review` "
            "shows them"
        )


class Decision(NamedTuple):
    """A pair of accounts that were decided to be one, or not to be one."""

    number: int
    action: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.number} ({self.action} {self.one} and {self.other})"


def pairs(db: duckdb.DuckDBPyConnection, subject: Subject) -> tuple[list[Decision], list[Decision]]:
    """Return who was decided to be together and who apart; refuse a journal that contradicts."""
    rows = db.execute(
        f"""
        select number, action, account_id, other_account_id from identity.decisions
        where subject = ? and action in {(*TOGETHER, *APART, WITHDRAWN)}
        qualify row_number() over (
            partition by least(account_id, other_account_id), greatest(account_id, other_account_id)
            order by number desc
        ) = 1
        order by number
        """,
        [subject.name],
    ).fetchall()
    decided = [Decision(*row) for row in rows]
    together = [decision for decision in decided if decision.action in TOGETHER]
    apart = [decision for decision in decided if decision.action in APART]
    _refuse_contradictions(together, apart)
    return together, apart


def latest(db: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the last decision, 0 where nothing was ever decided."""
    return _next(db) - 1 if has(db, "identity.decisions") else 0


def decide(
    db: duckdb.DuckDBPyConnection,
    subject: Subject,
    pairs_decided: list[tuple[str, str, str]],
    by: str,
    at: datetime,
    reason: str,
) -> int:
    """Write one decision, of (action, account, other account), and return its number.

    Raises:
        IdentityError: an account is unknown, or the decision contradicts an earlier one;
            then nothing is written.
    """
    for account in {account for _, *pair in pairs_decided for account in pair}:
        if not db.execute(
            f"select 1 from {subject.accounts} where {subject.key} = ?", [account]
        ).fetchall():
            raise UnknownAccount(account)
    db.begin()
    number = _next(db)
    for action, one, other in pairs_decided:
        _write(db, number, action, subject, (one, other, None, None), by, at, reason)
    try:
        pairs(db, subject)
    except Contradiction:
        db.rollback()
        raise
    db.commit()
    return number


def decide_value(
    db: duckdb.DuckDBPyConnection,
    subject: Subject,
    action: str,
    kind: str,
    value: str,
    by: str,
    at: datetime,
    reason: str,
) -> int:
    """Exclude a value from linking, or include it again, and return the decision's number."""
    held = db.execute(
        f"select distinct {value_id('kind', 'value')} from {subject.table('identifiers')} "
        "where kind = ? and value = ?",
        [kind, value],
    ).fetchall()
    if not held:
        raise IdentityError(
            f"no account holds the {kind} {value}; give it as `ax identity review` shows it"
        )
    number = _next(db)
    _write(db, number, action, subject, (None, None, kind, held[0][0]), by, at, reason)
    return number


def undo(db: duckdb.DuckDBPyConnection, number: int, by: str, at: datetime, reason: str) -> int:
    """Write the counter-decision to each row of a decision; return its number."""
    rows = db.execute(
        "select action, subject, account_id, other_account_id, kind, value_id "
        "from identity.decisions where number = ?",
        [number],
    ).fetchall()
    if not rows:
        raise IdentityError(f"there is no decision {number}; `ax identity journal` lists them")
    db.begin()
    counter = _next(db)
    for action, subject, one, other, kind, value in rows:
        what = (one, other, kind, value)
        counter_action = "include" if action == "exclude" else WITHDRAWN
        _write(db, counter, counter_action, subject, what, by, at, reason)
    db.commit()
    return counter


def _write(
    db: duckdb.DuckDBPyConnection,
    number: int,
    action: str,
    subject: Subject | str,
    what: tuple[str | None, str | None, str | None, str | None],
    by: str,
    at: datetime,
    reason: str,
) -> None:
    name = subject if isinstance(subject, str) else subject.name
    db.execute(
        "insert into identity.decisions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, action, name, *what, by, at, reason],
    )


def _next(db: duckdb.DuckDBPyConnection) -> int:
    found = db.execute("select coalesce(max(number), 0) + 1 from identity.decisions").fetchall()
    return int(found[0][0])


def _refuse_contradictions(together: list[Decision], apart: list[Decision]) -> None:
    """Raise with the decision that joined two accounts and the one that keeps them apart."""
    group: dict[str, set[str]] = {}
    waiting = list(apart)
    for decision in together:
        joined = group.get(decision.one, {decision.one}) | group.get(
            decision.other, {decision.other}
        )
        for account in joined:
            group[account] = joined
        for other in waiting:
            if other.one in joined and other.other in joined:
                raise Contradiction(decision, other)
