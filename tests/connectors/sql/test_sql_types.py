"""Every type of a real server: landed as it is, or set aside with a sentence."""

from datetime import UTC, date, datetime

import pytest
from estate import AS_OF, Estate, Postgres

from ingestion.connectors.sql.progress import UnfitCursor, mark_of, start_of

PEOPLE = """
time_zone: Europe/Berlin
tables:
  students:
    table: people
    contract: person_observations
    record_id: id
    columns:
      full_name: Name
      birth_date: born
      created_at: made
      updated_at: changed
      is_test: active
    attributes: {price: price, share: share, kind: kind, more: more, raw: raw, tags: tags, big: big}
"""
COLUMNS = (
    'id uuid, "Name" text, born date, made timestamp, changed timestamptz, active boolean, '
    "price numeric(38, 9), share double precision, kind mood, more jsonb, raw bytea, tags text[], "
    "big bigint"
)
ID = "00000000-0000-0000-0000-00000000000"
GOOD = (
    f"('{ID}1', '100 % Zoë : ''x''', '1970-02-03', '2026-03-29 12:00', '2026-03-29 12:00+02', true, "
    "12345678901234567890.123456789, 0.1, 'glad', '{\"a\": 1}', '\\xdeadbeef', '{a,b}', 9223372036854775807)"
)
# Each is true of PostgreSQL and of no contract: set aside with a sentence, never read as another.
MISFITS = {
    "born": ("'infinity'", "birth_date is not a date: 'infinity'"),
    "made": ("'2026-03-29 02:30'", "created_at is not a timestamp in Europe/Berlin: '2026-03-29 02:30"),
    "changed": ("'12026-01-01'", "updated_at is not a timestamp in Europe/Berlin: '12026-01-01"),
}  # fmt: skip


@pytest.fixture
def students(estate: Estate, postgres: Postgres) -> Estate:
    postgres.run("create type mood as enum ('glad')", f"create table people ({COLUMNS})")
    postgres.run(f"insert into people values {GOOD}")
    for number, (column, (value, _)) in enumerate(MISFITS.items(), 2):
        postgres.run(f"insert into people (id, {column}) values ('{ID}{number}', {value})")
    for number in range(5, 9):
        postgres.run(f"insert into people (id) values ('{ID}{number}')")
    # What a role has set for itself does not change what is read.
    postgres.run("alter role ax set timezone = 'Asia/Tokyo'", "alter role ax set datestyle = 'German'",
                 "alter role ax set bytea_output = 'escape'")  # fmt: skip
    estate.declare("university", PEOPLE, postgres.url)
    return estate


def test_every_type_lands_or_is_set_aside_with_a_sentence(students: Estate) -> None:
    assert students.load().problem is None

    row = students.query(
        "select account_id, full_name, birth_date, created_at, updated_at, is_test, "
        "attributes from raw_sql.person_observations where full_name is not null"
    )
    noon = datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert row[0][:2] == (f"university:{ID}1", "100 % Zoë : 'x'")
    assert row[0][2:6] == (date(1970, 2, 3), noon, noon, True)
    assert row[0][6] == (
        '{"big":"9223372036854775807","kind":"glad","more":"{\\"a\\": 1}",'
        '"price":"12345678901234567890.123456789","raw":"\\\\xdeadbeef","share":"0.1",'
        '"tags":"{a,b}"}'
    )
    said = [text for (text,) in students.query("select reason from raw_sql.quarantine order by 1")]
    assert len(said) == len(MISFITS)
    for (_, sentence), reason in zip(
        sorted(MISFITS.values(), key=lambda pair: pair[1]), said, strict=True
    ):
        assert reason.startswith(sentence)


@pytest.mark.parametrize(
    ("top", "zone", "mark"),
    [
        ("2026-05-01 10:00:00", "Europe/Berlin", "2026-05-01 10:00:00"),
        (
            "2026-06-30 01:59:00",
            "Europe/Berlin",
            "2026-06-30 01:59:00",
        ),  # midnight UTC is two there
        ("9999-12-31 00:00:00", "Europe/Berlin", "2026-06-30 02:00:00"),
        ("9999-12-31 00:00:00", None, "2026-06-29 12:00:00"),  # the zone stands in each row
        ("2026-07-01 00:00:00+00", None, "2026-06-30 00:00:00+00:00"),
        ("42", None, "42"),
    ],
)
def test_a_mark_is_what_was_found_or_the_clock(top: str, zone: str | None, mark: str) -> None:
    assert mark_of(top, AS_OF, zone) == mark


def test_a_run_begins_at_the_mark_less_the_lateness() -> None:
    from datetime import timedelta

    hours = timedelta(hours=2)
    assert start_of("2026-05-01 10:00:00.75+00", hours, None) == "2026-05-01 08:00:00+00:00"
    assert start_of("2026-05-01 10:00:00.75", hours, "UTC") == "2026-05-01 08:00:00"
    # A local clock goes back an hour in autumn.
    assert start_of("2026-05-01 10:00:00", hours, "Europe/Berlin") == "2026-05-01 07:00:00"
    assert start_of("2026-05-01", hours, "UTC") == "2026-04-30"
    assert start_of("20260501", 7, None) == "20260494"
    assert start_of("01HX", 0, None) == "01HX"
    for mark, span in (("42", hours), ("2026-05-01", 7), ("01HX", hours)):
        with pytest.raises(UnfitCursor):
            start_of(mark, span, "UTC")
