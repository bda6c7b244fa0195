"""From accounts to persons and organisations: compare, link, cluster, keep the ids already given.

Reads `contracts`; writes schema `identity`, which dbt reads as a source. Only what changed is
worked out again: the accounts that changed, whoever shares a value with them, and the groups that
these reach.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from identity import bindings, groups, identifiers, journal, links, memory, outputs, rounds, rules
from identity.groups import Pairs, Strong
from identity.subjects import ORGANISATION, PERSON, Subject
from storage import Cluster, Warehouse, opened


def random_ids() -> Iterator[str]:
    """Yield ids that say nothing about the person."""
    while True:
        yield uuid.uuid4().hex


def resolve(
    warehouse: Warehouse,
    as_of: datetime,
    ids: Iterator[str] | None = None,
    cluster: Cluster | None = None,
) -> dict[str, int | float]:
    """Bind every account to a person and every company to an organisation; return the figures.

    Figures of persons as `outputs.figures` has them, those of organisations with their name before.
    Where there is a Spark cluster, it finds the groups of more accounts than one machine should.

    Raises:
        journal.Contradiction: two operator decisions can not both hold.
    """
    moment, source = as_of.replace(tzinfo=None), ids or random_ids()
    with opened(warehouse) as db:
        db.begin()  # a run that is killed leaves the ids and bindings of the one before
        # Companies first: that two accounts are of one company is evidence on persons.
        others = resolve_in(db, ORGANISATION, moment, source, cluster)
        changes = resolve_in(db, PERSON, moment, source, cluster)
        outputs.write(db, moment, changes)
        figures = outputs.figures(db, PERSON) | changes
        companies = outputs.figures(db, ORGANISATION) | others
        db.commit()
        return {**figures, **{f"organisation_{name}": n for name, n in companies.items()}}


def resolve_in(
    db: duckdb.DuckDBPyConnection,
    subject: Subject,
    as_of: datetime,
    ids: Iterator[str],
    cluster: Cluster | None = None,
) -> dict[str, int]:
    """Resolve one subject through an open connection.

    Returns the figures of `bindings.bind`, and `reached`: the accounts that were worked out again.
    """
    memory.prepare(db, subject)
    together, apart = journal.pairs(db, subject)
    identifiers.refresh(db, subject)
    links.relink(db, subject)
    _reach(db, subject)
    _group(db, subject, (together, apart), cluster)
    changes = bindings.bind(db, subject, as_of, ids)
    reached = db.execute("select count(*) from affected").fetchall()[0][0]
    return {**changes, "reached": reached}


def _reach(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Leave in `affected` every account of a group in which something may have changed."""
    standing = subject.table("components")
    db.execute(
        f"""
        insert into reached
        select unnest([account_id, other_account_id]) from identity.decisions
        where subject = '{subject.name}' and account_id is not null;

        create or replace temp table affected as
        select account_id from {standing} where component in (
            select component from {standing} semi join reached using (account_id)
        )
        union
        select account_id from reached
        """
    )


def _group(
    db: duckdb.DuckDBPyConnection,
    subject: Subject,
    decided: tuple[list[journal.Decision], list[journal.Decision]],
    cluster: Cluster | None,
) -> None:
    """Leave in `clusters` who belongs together among the affected, with the best evidence."""
    standing, (together, apart) = subject.table("components"), decided
    db.execute(
        f"""
        create or replace temp table numbered as
        select account_id, row_number() over (order by account_id) - 1 as number
        from affected semi join {subject.table("accounts")} using (account_id)
        """
    )
    accounts = db.execute("select account_id from numbered order by number").to_arrow_table()
    size = accounts.num_rows
    group = rounds.on(cluster) if cluster and size >= rounds.WORTH else groups.grouped
    label, component, best = group(
        size, _links(db, subject, together), _strong(db), _numbers(db, apart), rules.LARGEST
    )
    kinds = [rules.DECISION, *(kind.kind for kind in rules.identifiers(subject.name)), rules.ALONE]
    columns = {
        "account_id": accounts["account_id"],
        "label": accounts["account_id"].take(pa.array(label)),
        "component": accounts["account_id"].take(pa.array(component)),
        "evidence": pa.array(kinds, pa.string()).take(pa.array(np.minimum(best, len(kinds) - 1))),
    }
    db.register("found", pa.table(columns))
    db.execute(
        f"""
        create or replace temp table clusters as select account_id, label, evidence from found;
        delete from {standing} where account_id in (select account_id from affected);
        insert into {standing} select account_id, component from found
        """
    )
    db.unregister("found")


def _links(
    db: duckdb.DuckDBPyConnection, subject: Subject, together: list[journal.Decision]
) -> Pairs:
    found = _columns(
        db,
        f"""
        select l.number as one, r.number as other, min(kinds.position) as position
        from {subject.table("links")} as links
        inner join numbered as l on links.account_id = l.account_id
        inner join numbered as r on links.other_account_id = r.account_id
        inner join kinds on links.kind = kinds.kind
        group by l.number, r.number
        """,
    )
    one, other = _numbers(db, together)
    return Pairs(
        np.concatenate([found["one"], one]),
        np.concatenate([found["other"], other]),
        np.concatenate([found["position"], np.zeros(len(one), np.int64)]),
    )


def _strong(db: duckdb.DuckDBPyConnection) -> Strong:
    found = _columns(
        db,
        """
        select number as account, dense_rank() over (order by kind) as kind,
            dense_rank() over (order by value) as value
        from strong inner join numbered using (account_id)
        """,
    )
    return Strong(found["account"], found["kind"], found["value"])


def _numbers(
    db: duckdb.DuckDBPyConnection, decisions: list[journal.Decision]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the two accounts of each decision whose accounts still exist."""
    decided = {
        "one": pa.array([decision.one for decision in decisions], pa.string()),
        "other": pa.array([decision.other for decision in decisions], pa.string()),
    }
    db.register("decided", pa.table(decided))
    found = _columns(
        db,
        """
        select l.number as one, r.number as other from decided
        inner join numbered as l on decided.one = l.account_id
        inner join numbered as r on decided.other = r.account_id
        order by one, other
        """,
    )
    db.unregister("decided")
    return found["one"], found["other"]


def _columns(db: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    return {
        name: values.astype(np.int64) for name, values in db.execute(query).fetchnumpy().items()
    }
