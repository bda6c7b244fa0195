"""Which rows of the warehouse are a person's: in raw by what connectors declare, elsewhere by name.

Works on a temp table `doomed` (relation, row), so that the same rows are counted, shown, held back
under the law or deleted. Same thing, same name, everywhere: outside raw a column that is called
`ticket_id` holds ids of tickets, and a row with an id of a person's ticket is theirs.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

import duckdb

from ingestion.connector import Connector
from ingestion.landing import QUARANTINE
from privacy.search import rows_with, tables
from privacy.subject import LONG_KEY, Subject
from privacy.values import CODES, Value, Values
from storage.sql import named, quoted

# The contracts' own keys; whoever a row's account is owns what carries its key.
KEYS = {
    "tickets": ("ticket_id",),
    "ticket_events": ("ticket_event_id",),
    "survey_answers": ("answer_id", "response_id"),
    "survey_invitations": ("invitation_id", "response_id"),
    "feedback_turns": ("turn_id",),
    "touchpoints": ("touchpoint_id",),
    "orders": ("order_id",),
    "consents": ("consent_id",),
    "membership_evidence": ("evidence_id",),
    "person_relations": ("relation_id",),
    "stage_events": ("stage_event_id",),
    "employments": ("employment_id",),
    "work_events": ("work_event_id",),
    "activities": ("activity_id",),
}
OWNS = {"account_id", "related_account_id"}
# Columns of ids that are never a person's.
OTHERS = {"organisation_id", "parent_organisation_id", "source_record_id", "external_id"}
# What an event of a ticket changed: also who it is assigned to.
CHANGED = ("value", "previous_value")
RAW = "raw_"


def mark(
    db: duckdb.DuckDBPyConnection, connectors: Mapping[str, Connector], subject: Subject
) -> None:
    """Leave in `doomed` every row that is the person's own."""
    begin(db)
    db.execute("create or replace temp table ids (kind varchar, id varchar)")
    _add(db, "person_id", subject.persons)
    _add(db, "account_id", subject.accounts)
    there = set(tables(db))
    for connector in connectors.values():
        _mark_raw(db, connector, there, subject.values)
        _mark_set_aside(db, connector, subject, there)
    for contract, keys in KEYS.items():
        if ("contracts", contract) in there:
            _mark_contract(db, contract, keys)
    for schema, table in sorted(there):
        if not schema.startswith((RAW, "ops", "registry")):
            _mark_by_name(db, schema, table)


def _add(db: duckdb.DuckDBPyConnection, kind: str, ids: Sequence[str]) -> None:
    db.execute("insert into ids select ?, unnest(?)", [kind, [*ids]])


def _mark_raw(
    db: duckdb.DuckDBPyConnection,
    connector: Connector,
    there: set[tuple[str, str]],
    values: Iterable[Value],
) -> None:
    schema = f"{RAW}{connector.name}"
    db.execute(
        "create or replace temp table own_keys as select substr(id, length(?) + 2) as key "
        "from ids where kind = 'account_id' and starts_with(id, ? || ':')",
        [connector.name, connector.name],
    )
    present = {name: w for name, w in connector.whose.items() if (schema, name) in there}
    for table, whose in present.items():
        if whose.own:
            own = f"cast(({whose.own}) as varchar) in (select key from own_keys)"
            doom(db, schema, table, f"{own} or {_named_in(connector, table, values)}")
    grown = -1
    while grown != (size := _size(db)):  # what hangs on what hangs on a row
        grown = size
        for table, whose in present.items():
            for column, parent in whose.part_of.items():
                doom(db, schema, table, hangs(schema, column, parent))


def _named_in(connector: Connector, table: str, values: Iterable[Value]) -> str:
    """Return the condition under which a cell of a row is an address, number or code of theirs."""
    told: dict[str, list[str]] = {}
    for value in values:
        told.setdefault(value.kind, []).append(quoted(value.text.lower()))
    wanted = [
        (column, told.get("code" if column in CODES else kind, []))
        for column, declared in connector.table(table).columns.items()
        if declared.type == "string"
        for kind in ("email", "phone")
    ]
    cells = [f"lower(trim({named(c)})) in ({', '.join(texts)})" for c, texts in wanted if texts]
    return " or ".join(cells) or "false"


def hangs(schema: str, column: str, parent: str) -> str:
    """Return the condition under which a row hangs on one that is in `doomed`."""
    table, key = parent.split(".")
    return (
        f"cast({named(column)} as varchar) in (select cast({named(key)} as varchar) "
        f"from {marked(f'{schema}.{table}')})"
    )


def begin(db: duckdb.DuckDBPyConnection) -> None:
    """Leave `doomed` empty."""
    db.execute("create or replace temp table doomed (relation varchar, row bigint)")


def doom(db: duckdb.DuckDBPyConnection, schema: str, table: str, condition: str) -> None:
    """Add the rows of a table to `doomed` for which a condition holds."""
    relation = f"{schema}.{table}"
    db.execute(
        f"insert into doomed select ?, rowid from {named(schema, table)} where ({condition}) "
        "and rowid not in (select row from doomed where relation = ?)",
        [relation, relation],
    )


def _size(db: duckdb.DuckDBPyConnection) -> int:
    return int(db.execute("select count(*) from doomed").fetchall()[0][0])


def _mark_set_aside(
    db: duckdb.DuckDBPyConnection,
    connector: Connector,
    subject: Subject,
    there: set[tuple[str, str]],
) -> None:
    """A row that was set aside is not typed: it is the person's where it names them."""
    schema, table = f"{RAW}{connector.name}", QUARANTINE.name
    if (schema, table) not in there:
        return
    relation = f"{schema}.{table}"
    for row in rows_with(db, named(schema, table), subject.everything):
        db.execute("insert into doomed values (?, ?)", [relation, row])
    for name, whose in connector.whose.items():
        if connector.table(name).key == (whose.own,):
            of_account = (
                f"source_table = {quoted(name)} and record_key in (select key from own_keys)"
            )
            doom(db, schema, table, of_account)


def _mark_contract(db: duckdb.DuckDBPyConnection, contract: str, keys: Sequence[str]) -> None:
    columns = _columns(db, "contracts", contract)
    account = next((name for name in ("account_id", "subject_account_id") if name in columns), None)
    owned = f"{account} in (select id from ids where kind = 'account_id')" if account else "false"
    if contract == "ticket_events":
        owned = "ticket_id in (select id from ids where kind = 'ticket_id')"
    for key in keys:
        db.execute(
            f"insert into ids select distinct {quoted(key)}, {named(key)} "
            f"from contracts.{named(contract)} where {named(key)} is not null and {owned}"
        )


def _mark_by_name(db: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    conditions = [
        condition
        for column, kind in _columns(db, schema, table).items()
        if kind == "VARCHAR" and (condition := _owned_by(schema, column))
    ]
    if conditions:
        doom(db, schema, table, " or ".join(conditions))


def _owned_by(schema: str, column: str) -> str | None:
    """Return the condition under which a column says that a row is the person's, if it can."""
    own_keys = {key for keys in KEYS.values() for key in keys}
    if column in own_keys:
        return f"{column} in (select id from ids where kind = {quoted(column)})"
    is_mention = schema != "identity" and _mentions(column)
    if is_mention or column in OTHERS or not (column.endswith("_id") or column in OWNS):
        return None
    return f"{named(column)} in (select id from ids where kind in ('person_id', 'account_id'))"


def _mentions(column: str) -> bool:
    """Say whether a column can name an account in a row that is another's."""
    return column in CHANGED or (column.endswith("_account_id") and column not in OWNS)


def _columns(db: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, str]:
    return {n: k for n, k, *_ in db.execute(f"describe {named(schema, table)}").fetchall()}


def counts(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many rows of each relation are in `doomed`."""
    rows = db.execute("select relation, count(distinct row) from doomed group by all order by all")
    return dict(rows.fetchall())


def marked(relation: str) -> str:
    """Return, for `from` in SQL, a relation with the condition that a row is in `doomed`."""
    return (
        f"{named(*relation.split('.', 1))} "
        f"where rowid in (select row from doomed where relation = {quoted(relation)})"
    )


def contents(db: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, object]]]:
    """Return the marked rows of each relation, without the columns of the loader."""
    found = {}
    for relation in counts(db):
        rows = db.execute(
            f"select columns(c -> not starts_with(c, '_')) from {marked(relation)}"
        ).to_arrow_table()
        found[relation] = rows.to_pylist()
    return found


def record_keys(
    db: duckdb.DuckDBPyConnection, connectors: Mapping[str, Connector]
) -> Iterable[tuple[str, str, object]]:
    """Yield (source, table.column, key) of the marked raw rows that others hang on."""
    there = counts(db)
    for connector in connectors.values():
        for parent in sorted(connector.parents):
            table, column = parent.split(".")
            relation = f"{RAW}{connector.name}.{table}"
            if relation in there:
                keys = db.execute(f"select {named(column)} from {marked(relation)}").fetchall()
                yield from ((connector.name, parent, key) for (key,) in keys)


def delete(db: duckdb.DuckDBPyConnection) -> None:
    """Delete the marked rows."""
    for relation in counts(db):
        db.execute(f"delete from {marked(relation)}")


def empty_mentions(
    db: duckdb.DuckDBPyConnection, connectors: Mapping[str, Connector], subject: Subject
) -> dict[str, int]:
    """Empty the person's keys where rows of others name them; return rows by relation.

    A raw row keeps its content hash, so that it is known when it is read again.
    """
    changed: dict[str, int] = {}
    _empty_raw_mentions(db, connectors, subject, changed)
    for schema, table in tables(db):
        if schema not in ("identity", "registry", "ops") and not schema.startswith(RAW):
            for column, kind in _columns(db, schema, table).items():
                if kind == "VARCHAR" and _mentions(column):
                    rows = _empty(db, (schema, table), column, subject.accounts)
                    _tally(changed, f"{schema}.{table}", rows)
    return changed


def _empty_raw_mentions(
    db: duckdb.DuckDBPyConnection,
    connectors: Mapping[str, Connector],
    subject: Subject,
    changed: dict[str, int],
) -> None:
    there = set(tables(db))
    for connector in connectors.values():
        keys = [a.split(":", 1)[1] for a in subject.accounts if a.startswith(f"{connector.name}:")]
        for table, whose in connector.whose.items():
            if keys and (f"{RAW}{connector.name}", table) in there:
                kinds = {name: connector.table(table).columns[name].type for name in whose.mentions}
                relation = (f"{RAW}{connector.name}", table)
                for column, kind in kinds.items():
                    how = _empty_in_json if kind == "json" else _empty
                    _tally(changed, ".".join(relation), how(db, relation, column, keys))


def _tally(changed: dict[str, int], relation: str, rows: int) -> None:
    if rows:
        changed[relation] = changed.get(relation, 0) + rows


def _empty(
    db: duckdb.DuckDBPyConnection, relation: tuple[str, str], column: str, keys: Sequence[str]
) -> int:
    done = db.execute(
        f"update {named(*relation)} set {named(column)} = null "
        f"where list_contains(?, cast({named(column)} as varchar))",
        [[*keys]],
    ).fetchall()
    return int(done[0][0])


def _empty_in_json(
    db: duckdb.DuckDBPyConnection, relation: tuple[str, str], column: str, keys: Sequence[str]
) -> int:
    """A key in JSON is a whole value; one too short to be told from a number is left."""
    long = [re.escape(json.dumps(key)[1:-1]) for key in keys if len(key) >= LONG_KEY]
    if not long:
        return 0
    values = "|".join(long)
    value = rf'([:\[,]\s*)(?:"(?:{values})"|(?:{values}))(\s*[,\]}}])'
    done = db.execute(
        f"update {named(*relation)} set {named(column)} = "
        rf"regexp_replace({named(column)}, $1, '\1null\2', 'g') "
        f"where regexp_matches({named(column)}, $1)",
        [value],
    ).fetchall()
    return int(done[0][0])


def redact(db: duckdb.DuckDBPyConnection, values: Values) -> dict[str, int]:
    """Put `ERASED` where a text of somebody else names the person; return rows by relation."""
    changed = {}
    for schema, table in tables(db):
        found = rows_with(db, named(schema, table), values)
        kinds = _columns(db, schema, table) if found else {}
        for row, cells in found.items():
            for column, text in cells.items():
                db.execute(
                    f"update {named(schema, table)} set {named(column)} = "
                    f"try_cast(? as {kinds[column]}) where rowid = ?",
                    [values.redact(text), row],
                )
        if found:
            changed[f"{schema}.{table}"] = len(found)
    return changed


def settle_identity(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Name groups after a member that is left, and let values that others share be judged anew."""
    there = set(tables(db))
    if ("identity", "person_components") not in there:
        return
    accounts = [[*subject.accounts]]
    db.execute(
        """
        update identity.person_components as standing set component = left_over.name
        from (
            select component, min(account_id) as name from identity.person_components
            where list_contains($1, component) and not list_contains($1, account_id)
            group by component
        ) as left_over
        where standing.component = left_over.component
        """,
        accounts,
    )
    db.execute(
        """
        update identity.person_accounts set content = 0
        where account_id in (
            select others.account_id from identity.person_identifiers as others
            where (kind, value) in (
                select (kind, value) from identity.person_identifiers
                where list_contains(?, account_id)
            )
        )
        """,
        accounts,
    )
