"""What identity remembers from run to run: bindings, ids, decisions, and where each account stood.

Bindings, ids and decisions survive every rebuild. Accounts, identifiers, links and contested values
are worked out again whenever the rules change.
"""

import duckdb

from identity import rules
from identity.subjects import Subject

DERIVED = ("accounts", "components", "identifiers", "links", "contested")


def prepare(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Make the tables of a subject; forget what was derived by other rules."""
    table = subject.table
    db.execute(
        f"""
        create schema if not exists identity;
        create table if not exists {table("bindings")} (
            account_id varchar, {subject.id} varchar, evidence varchar,
            valid_from timestamp, valid_to timestamp
        );
        create table if not exists {table("ids")} (
            {subject.id} varchar, minted_number bigint, minted_at timestamp, merged_into varchar
        );
        create table if not exists {table("accounts")} (
            account_id varchar, content ubigint,
            given varchar, family varchar, birth_date varchar
        );
        create table if not exists {table("components")} (
            account_id varchar, component varchar
        );
        create table if not exists {table("identifiers")} (
            account_id varchar, kind varchar, value varchar
        );
        create table if not exists {table("links")} (
            account_id varchar, other_account_id varchar, kind varchar, value varchar
        );
        create table if not exists {table("contested")} (
            kind varchar, value varchar, accounts bigint, reason varchar
        );
        create table if not exists identity.rules_applied (subject varchar, fingerprint varchar);
        create table if not exists identity.decisions (
            number bigint, action varchar, subject varchar, account_id varchar,
            other_account_id varchar, kind varchar, value_id varchar,
            decided_by varchar, decided_at timestamp, reason varchar
        );
        """
    )
    applied = db.execute(
        "select fingerprint from identity.rules_applied where subject = ?", [subject.name]
    ).fetchall()
    if applied != [(rules.fingerprint(),)]:
        for derived in DERIVED:
            db.execute(f"delete from {table(derived)}")
        for written in subject.written_in_parts:  # a new shape needs a new table
            db.execute(f"drop table if exists {written}")
        db.execute("delete from identity.rules_applied where subject = ?", [subject.name])
        db.execute(
            "insert into identity.rules_applied values (?, ?)",
            [subject.name, rules.fingerprint()],
        )
