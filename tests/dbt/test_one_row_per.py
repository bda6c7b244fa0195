"""The check of a grain finds each key that is there twice, and no other."""

import re

import duckdb
import jinja2
import pytest

from benchmarks.house_sql import PROJECT

COLUMNS = ["audience", "period", "segment"]


def _found(rows: str) -> list[tuple[str | None, ...]]:
    text = (PROJECT / "macros" / "tests" / "one_row_per.sql").read_text(encoding="utf-8")
    body = re.fullmatch(
        r".*{% test one_row_per\(model, columns\) %}(.*){% endtest %}\s*", text, re.S
    )
    assert body, "the macro is not written as it was"
    query = jinja2.Template(body[1]).render(model="cells", columns=COLUMNS)
    with duckdb.connect() as db:
        db.execute(f"create table cells as select * from (values {rows}) t({', '.join(COLUMNS)})")
        return db.execute(query).fetchall()


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("('a', 1, 'all'), ('a', 1, 'x'), ('a', 2, 'all'), ('b', 1, 'all')", []),
        ("('a', 1, 'all'), ('b', 1, 'all'), ('a', 1, 'all')", [("a", 1, "all", 2)]),
        ("('a', 1, null), ('b', 1, null), ('a', 1, null), ('a', 1, null)", [("a", 1, None, 3)]),
        ("('a', null, 'b'), ('a', null, 'c'), (null, null, 'b')", []),
    ],
)
def test_what_is_there_twice_is_found(rows: str, found: list[tuple[object, ...]]) -> None:
    assert _found(rows) == found
