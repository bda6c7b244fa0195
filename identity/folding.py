"""Values in the one spelling in which records are compared."""

from collections.abc import Callable, Mapping, Sequence

import duckdb
import pyarrow as pa

from identity import normalise
from identity.comparisons import KINDS

LONGEST = 320  # characters; whatever is longer is no name, address or number
LONGEST_FILLER = 10
DATES = """[
    '%Y-%m-%d', '%Y%m%d', '%d/%m/%Y', '%d.%m.%Y', '%d-%m-%Y', '%Y/%m/%d', '%m/%d/%Y',
    '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%d %B %Y', '%d %b %Y', '%B %d, %Y', '%b %d, %Y'
]"""
# {v} is the value. A date becomes eight digits, and so does what only nearly is one, so that
# 1971-13-24 stays two edits from 1971-11-24.
FOLDS = {
    "letters": "regexp_replace(lower({v}), '[^a-z0-9]', '', 'g')",
    "words": "trim(regexp_replace(lower({v}), '[^a-z0-9]+', ' ', 'g'))",
    "mailbox": "lower({v})",
    "phone": "{v}",
    "date": f"coalesce(strftime(try_strptime({{v}}, {DATES}), '%Y%m%d'), "
    "regexp_replace(lower({v}), '[^a-z0-9]', '', 'g'))",
}
E164 = r"^\+[0-9]{7,15}$"


def fold(
    db: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Sequence[str]], keep: str,
    country: str | None = None,
) -> dict[str, int]:  # fmt: skip
    """Create table `records` from `table`, a row for a row, with one folded column per kind.

    `columns` names the columns of each kind, `keep` is SQL for the other columns to take over.
    Names and addresses are compared in lower-case Latin letters and digits, whatever their script.
    Returns how many values of which column were set aside as too long.
    """
    too_long: dict[str, int] = {}
    folded: list[str] = []
    for kind, of_kind in columns.items():
        for column in of_kind:
            count = _count_long(db, table, column)
            too_long |= {column: count} if count else {}
            _spellings(db, table, column, kind, country)
        folded += _expressions(kind, of_kind)
    joins = " ".join(
        f'left join "spell_{column}" on source."{column}" = "spell_{column}".typed'
        for of_kind in columns.values()
        for column in of_kind
    )
    db.execute(
        f"create or replace table records as select {', '.join([keep, *folded])} "
        f"from {table} as source {joins} order by place"
    )
    for column in (column for of_kind in columns.values() for column in of_kind):
        db.execute(f'drop table "spell_{column}"')
    return too_long


def _count_long(db: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    sql = f'select count(*) from {table} where length("{column}") > {LONGEST}'
    return int(db.execute(sql).fetchall()[0][0])


def _expressions(kind: str, of_kind: Sequence[str]) -> list[str]:
    values = [f'"spell_{column}".folded' for column in of_kind]
    if len(values) == 1:
        return [f"{values[0]} as {kind}"]
    if KINDS[kind].several == "join":
        between = "' '" if KINDS[kind].fold == "words" else "''"
        return [f"nullif(concat_ws({between}, {', '.join(values)}), '') as {kind}"]
    return [
        f"coalesce({', '.join(values)}) as {kind}",
        f"list_distinct([value for value in [{', '.join(values)}] if value is not null]) "
        f"as {kind}_all",
    ]


def _spellings(
    db: duckdb.DuckDBPyConnection, table: str, column: str, kind: str, country: str | None
) -> None:
    """Create a table that holds each value as typed and folded, fillers left out."""
    how = KINDS[kind].fold
    db.execute(
        f"""
        create or replace table spelling as
        select distinct "{column}" as typed, trim("{column}") as plain from {table}
        where "{column}" is not null and length("{column}") <= {LONGEST}
        """
    )
    if how == "phone":
        _replace(db, f"not regexp_full_match(plain, '{E164}')", lambda v: _phone(v, country))
    else:
        _replace(db, f"length(plain) <= {LONGEST_FILLER}", normalise.code)
    if how in ("letters", "words"):
        from anyascii import anyascii

        _replace(db, "not regexp_full_match(plain, '[\\x00-\\x7f]*')", anyascii)
    expression = FOLDS[how].format(v="plain")
    db.execute(
        f'create or replace table "spell_{column}" as '
        f"select typed, nullif({expression}, '') as folded from spelling where plain is not null"
    )


def _replace(db: duckdb.DuckDBPyConnection, where: str, mend: Callable[[str], str | None]) -> None:
    """Rewrite the chosen spellings by a function, of which each value is asked once."""
    rows = db.execute(f"select distinct plain from spelling where {where} order by 1").fetchall()
    mended = [(plain, new) for (plain,) in rows if (new := mend(plain)) != plain]
    if not mended:
        return
    db.register(
        "mended",
        pa.table(
            {
                "plain": [old for old, _ in mended],
                "new": pa.array([n for _, n in mended], pa.string()),
            }
        ),
    )
    db.execute(
        "update spelling set plain = mended.new from mended where spelling.plain = mended.plain"
    )
    db.unregister("mended")


def _phone(value: str, country: str | None) -> str | None:
    """Return E.164, or the bare digits where the country is not known; None for a filler."""
    if (number := normalise.phone(value, country)) or normalise.code(value) is None:
        return number
    digits = "".join(letter for letter in value if letter.isdigit())
    return digits if len(digits) >= normalise.FEWEST_DIGITS else None
