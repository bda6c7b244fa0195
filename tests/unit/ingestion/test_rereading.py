"""What is read again must come again; how far back it was read is told by living rows."""

from typing import Any

import dlt
import pytest

from ingestion.connector import Connector
from ingestion.pipeline import Landing, load
from tests.unit.ingestion.test_pipeline import THINGS, Row, landing, let_pass, thing  # noqa: F401


def put(landing: Landing, *rows: Row) -> tuple[int, int]:  # noqa: F811
    @dlt.source(name="toy")
    def source() -> Any:
        return dlt.resource([list(rows)], name="things")

    done = load(Connector("toy", "Toy", (THINGS,), source), landing, let_pass)
    assert done.problem is None
    return done.tables[0].held, done.tables[0].missing


def on(day: int, **more: object) -> Row:
    return thing(day, at=f"2026-01-{day:02}T00:00:00Z") | more


ARCHIVED = {"_deleted_reason": "archived"}


@pytest.mark.parametrize(
    ("rows", "held", "missing"),
    [
        ((on(7), on(8), on(9), on(10)), 3, 0),
        ((on(7), on(9), on(10)), 3, 1),
        ((on(9), on(10), on(2, **ARCHIVED)), 1, 0),
    ],
    ids=["all of it", "one is left out", "an old row that is archived is no stretch of time"],
)
def test_of_the_time_that_was_read_again_all_must_come(
    landing: Landing,  # noqa: F811
    rows: tuple[Row, ...],
    held: int,
    missing: int,
) -> None:
    put(landing, *(on(day) for day in range(1, 10)))
    assert put(landing, *rows) == (held, missing)
