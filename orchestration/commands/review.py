"""`ax identity review` and the decisions: what a person knows better than the rules."""

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import duckdb
import typer
from rich.table import Table

from identity import journal, review
from identity.subjects import PERSON
from orchestration.errors import NothingLoaded
from orchestration.lock import locked
from orchestration.settings import settings
from orchestration.standing import as_of
from orchestration.terminal import AS_JSON, console, say, show_json
from storage import has, opened, turn

WHY = Annotated[str, typer.Option("--why", help="The reason; it stays in the journal.")]
ACCOUNT = Annotated[
    str, typer.Argument(help="An account as source:id, as `ax identity review` shows it.")
]
NUMBER = Annotated[str, typer.Argument(help="Number of a case, as `ax identity review` shows it.")]
PROPOSED_FROM = 0.9
LINK = ("account_id", "other_account_id", "kind", "value")
BEFORE = ("person_id", "evidence", "valid_from", "valid_to")
KINDS = {
    "given": "given_name", "family": "family_name", "birth_date": "birth_date", "email": "email",
    "phone": "phone", "employee_number": "strong_id",
}  # fmt: skip
PEOPLE = """
create or replace temp view people as
select seen.account_id, known.given, known.family, seen.birth_date, seen.email, seen.phone,
    seen.employee_number, bound.person_id
from contracts.person_observations as seen
inner join identity.person_accounts as known using (account_id)
inner join identity.account_persons as bound using (account_id)
"""


def show_cases(
    most: Annotated[int, typer.Option("--most", help="How many to list.")] = 10,
    as_json: bool = AS_JSON,
) -> None:
    """List open cases with their evidence; nothing of it leaves this terminal."""
    with _warehouse() as db:
        found, total = review.cases(db, most)
        if as_json:
            cases = [case._asdict() | {"accounts": _known(db, case.accounts)} for case in found]
            show_json({"open": total, "cases": cases})
            return
        for case in found:
            chance = "" if case.probability is None else f", probability {case.probability:.3f}"
            value = f" {case.value}" if case.value else ""
            say(f"\n{case.number}  {case.about}{value}: {case.reason}{chance}")
            _show_accounts(review.accounts(db, case.accounts[:20]))
            if len(case.accounts) > 20:
                say(f"and {len(case.accounts) - 20:,} more accounts")
    say(
        f"\n{total:,} open cases; `ax identity confirm NUMBER` says that they are one person, "
        "`ax identity reject NUMBER` that they are not"
        if total
        else "no case is open"
    )


def show(account: ACCOUNT, as_json: bool = AS_JSON) -> None:
    """Show a person's accounts, what links them, and as whom the account was known before."""
    with _warehouse() as db:
        names = review.with_whom(db, account)
        links, history = review.why(db, names), review.history(db, account)
        if as_json:
            show_json(
                {
                    "accounts": _known(db, names),
                    "links": [dict(zip(LINK, link, strict=True)) for link in links],
                    "history": [dict(zip(BEFORE, former, strict=True)) for former in history],
                }
            )
            return
        _show_accounts(review.accounts(db, names))
        for one, other, kind, value in links:
            say(f"{one} and {other}: {kind} {value}")
        for person, evidence, since, until in history:
            say(f"{account} was {person} by {evidence} from {since} to {until or 'now'}")


def show_journal(as_json: bool = AS_JSON) -> None:
    """List every decision, the last one first."""
    table = Table(box=None, pad_edge=False)
    columns = ("number", "action", "on", "and", "by", "at", "why")
    for name in columns:
        table.add_column(name)
    with _warehouse() as db:
        rows = db.execute(
            "select number, action, coalesce(account_id, kind), "
            "coalesce(other_account_id, left(value_id, 8)), decided_by, decided_at, reason "
            "from identity.decisions order by number desc, account_id, other_account_id"
        ).fetchall()
    if as_json:
        show_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    for row in rows:
        table.add_row(*map(str, row))
    if rows:
        console().print(table)
    else:
        say("nothing was decided yet")


def merge(one: ACCOUNT, other: ACCOUNT, why: WHY) -> None:
    """Decide that two accounts, and whoever they are with, are one person."""
    _decide([("merge", one, other)], why)


def bind(account: ACCOUNT, other: ACCOUNT, why: WHY) -> None:
    """Move one account to another's person, away from whomever it is with now."""
    with _warehouse() as db:
        left = [name for name in review.with_whom(db, account) if name not in (account, other)]
    _decide([*(("detach", account, name) for name in left), ("bind", account, other)], why)


def detach(
    account: ACCOUNT,
    why: WHY,
    others: Annotated[
        list[str] | None, typer.Option("--from", help="Only from these; else from everybody.")
    ] = None,
) -> None:
    """Decide that an account is not the person of the accounts it is with."""
    with _warehouse() as db:
        left = others or [name for name in review.with_whom(db, account) if name != account]
    if not left:
        raise journal.IdentityError(f"{account} is with nobody; there is nothing to detach")
    _decide([("detach", account, name) for name in left], why)


def exclude(kind: str, value: str, why: WHY) -> None:
    """Decide that a value (email, phone, ...) identifies nobody, for example a switchboard."""
    _decide_value("exclude", kind, value, why)


def include(kind: str, value: str, why: WHY) -> None:
    """Let a value identify again."""
    _decide_value("include", kind, value, why)


def confirm(number: NUMBER, why: WHY) -> None:
    """Say that the accounts of a case are one person."""
    with _warehouse() as db:
        first, *others = review.case(db, number).accounts
    _decide([("confirm", first, other) for other in others], why)


def reject(number: NUMBER, why: WHY) -> None:
    """Say that the accounts of a case are not one person, or that its value identifies nobody."""
    with _warehouse() as db:
        case = review.case(db, number)
    if case.kind and case.value:
        _decide_value("exclude", case.kind, case.value, why)
    else:
        _decide([("reject", case.accounts[0], case.accounts[1])], why)


def undo(number: Annotated[int, typer.Argument(help="Number in the journal.")], why: WHY) -> None:
    """Take a decision back: the rules decide again, as if it had never been."""
    with _warehouse() as db:
        counter = journal.undo(db, number, getpass.getuser(), _moment(), why)
    _told(counter)


def propose(
    at_least: Annotated[
        float, typer.Option("--at-least", min=0.5, max=1.0, help="Lowest probability.")
    ] = PROPOSED_FROM,
) -> None:
    """Look for probable links between persons and put them into the review queue."""
    from identity.proposals import propose as find

    with _warehouse() as db:
        db.execute(PEOPLE)
        found = find(
            db, "people", KINDS, record="account_id", group="person_id", at_least=at_least,
            say=say,
        )  # fmt: skip
        db.execute(review.PROPOSALS)
        db.begin()
        db.execute("delete from identity.person_proposals")
        db.register("found", found)
        db.execute(
            "insert into identity.person_proposals "
            "select record_id_l, record_id_r, probability, agree from found"
        )
        db.commit()
    say(f"{found.num_rows:,} probable links stand in `ax identity review`; none was made")


COMMANDS: dict[str, Callable[..., None]] = {
    "review": show_cases, "show": show, "journal": show_journal, "merge": merge, "bind": bind,
    "detach": detach, "exclude": exclude, "include": include, "confirm": confirm,
    "reject": reject, "undo": undo, "propose": propose,
}  # fmt: skip


@contextmanager
def _warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse while no run does."""
    current = settings()
    if not current.warehouse.exists():
        raise NothingLoaded(current.warehouse)
    with (
        locked(current.data / "run.lock"),
        turn(current.warehouse),
        opened(current.warehouse) as db,
    ):
        if not has(db, "identity.account_persons"):
            raise NothingLoaded(current.warehouse)
        yield db


def _moment() -> datetime:
    return as_of(settings()).replace(tzinfo=None)


def _decide(pairs: list[tuple[str, str, str]], why: str) -> None:
    moment = _moment()
    with _warehouse() as db:
        number = journal.decide(db, PERSON, pairs, getpass.getuser(), moment, why)
    _told(number)


def _decide_value(action: str, kind: str, value: str, why: str) -> None:
    moment = _moment()
    with _warehouse() as db:
        number = journal.decide_value(
            db, PERSON, action, kind, value, getpass.getuser(), moment, why
        )
    _told(number)


def _told(number: int) -> None:
    say(f"decision {number} stands in the journal; the next `ax run` applies it")


def _known(db: duckdb.DuckDBPyConnection, names: list[str]) -> list[dict[str, Any]]:
    return [account._asdict() for account in review.accounts(db, names)]


def _show_accounts(found: Sequence[review.Account]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("account", "name", "e-mail", "phone", "born", "number", "person", "by"):
        table.add_column(name)
    for account in found:
        person = (account.person_id or "")[:8]
        table.add_row(*(str(fact or "") for fact in account._replace(person_id=person)))
    console().print(table)
