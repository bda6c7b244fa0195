"""What a database refuses is one sentence with table and remedy and no secret; the rest goes on."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from estate import ORDERS, TABLE, Estate, Postgres, order

from benchmarks.postgres_server import IN_URL, PASSWORD
from ingestion.connectors.sql.database import read_databases
from ingestion.connectors.sql.session import Trouble, connect
from ingestion.connectors.sql.trouble import trouble

URLS = {
    "wrong password": ("{user}:wrong@127.0.0.1:{port}/{name}", "refuses the credential; renew user"),
    "unknown user": ("nobody:wrong@127.0.0.1:{port}/{name}", "refuses the credential; renew user"),
    "unknown database": ("{user}@127.0.0.1:{port}/nowhere", "is no database of this server; correct"),
    "nobody listens": ("{user}@127.0.0.1:9/{name}", "can not be reached; check host, port"),
    "unknown host": ("{user}@host.invalid/{name}", "is at a host that nobody knows; correct the host"),
    "broken": ("{user}@host:port/{name}", "has a URL that nobody can read; write it like"),
}  # fmt: skip


@pytest.mark.parametrize(("url", "sentence"), URLS.values(), ids=URLS.keys())
def test_what_can_not_be_connected_to_is_a_sentence_without_a_secret(
    postgres: Postgres, url: str, sentence: str
) -> None:
    known = {"port": postgres.server.port, "name": postgres.name}
    user = "ax" if ":wrong" in url else f"ax:{IN_URL}"

    with pytest.raises(Trouble) as met:
        connect("postgresql://" + url.format(user=user, **known))

    assert str(met.value).startswith(sentence)
    said = repr(met.value) + str(met.value.__cause__)
    assert not any(word in said for word in (PASSWORD, IN_URL, "wrong"))


def test_other_databases_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text(
        "nothing of the kind, and long enough to be a header " * 9
    )
    with pytest.raises(Trouble, match="is no file; correct the path of its URL"):
        connect(f"sqlite:///{tmp_path}/absent.sqlite")
    with pytest.raises(Trouble, match="is no whole database"):
        list(
            connect(f"sqlite:///{tmp_path}/text.sqlite").pages(
                sa.select(sa.column("a")).select_from(sa.table("t"))
            )
        )
    with pytest.raises(Trouble, match=r"needs its driver \(No module named 'pymysql'\); install"):
        connect("mysql+pymysql://user:geheim@host/name")
    assert list(tmp_path.iterdir()) == [tmp_path / "text.sqlite"], "nothing was made"


def test_words_of_a_driver_that_nobody_knows_leave_without_the_secret() -> None:
    said = str(trouble(RuntimeError("odd: oracle://anna:geheim@host password=geheim and more")))

    assert "geheim" not in said
    assert said.startswith("can not be read (RuntimeError: odd: oracle://anna:***@host")


def test_tables_that_can_not_be_read_stop_no_other(estate: Estate, postgres: Postgres) -> None:
    made = TABLE.format(table="sales.orders")
    postgres.run(made, f"insert into sales.orders values {order(1)}")
    postgres.run(
        made.replace("orders", "secret"),
        f"create role {postgres.name} login password 'reader'",
        f"grant usage on schema sales to {postgres.name}",
        f"grant select (order_id, buyer, bought_at, amount, updated_at) on sales.orders to {postgres.name}",
    )
    table = ORDERS.split("tables:\n")[1]
    tables = {
        "absent": table.format(table="sales.ordres"),
        "barred": table.format(table="sales.secret"),
        "torn": table.format(table="sales.orders").replace("buyer", "buyers"),
        "unfit": table.format(table="sales.orders").replace("2 hours", "7"),
        "good": table.format(table="sales.orders"),
    }
    text = "time_zone: UTC\ntables:\n" + "".join(
        said.replace("tickets_sold", name) for name, said in tables.items()
    )
    url = postgres.server.url(user=postgres.name, password="reader", database=postgres.name)
    estate.declare("box_office", text, url)
    estate.declare("donors", text.replace("  good:", "  gifts:").split("  absent:")[0] + "  gifts:"
                   + table.format(table="x").split("tickets_sold:")[1])  # fmt: skip
    estate.declare("students", "tables: {}\n")

    loaded = estate.load()

    assert estate.query("select order_id, mapping from raw_sql.orders") == [("good:1", "good")]
    rows = estate.query("select mapping, problem from raw_sql.tables where problem is not null")
    said = {name: str(problem) for name, problem in rows}
    assert said["absent"].startswith("box_office.sales.ordres is not there (relation")
    assert said["absent"].endswith("correct `table` in its YAML, then run `ax load sql`")
    assert said["barred"].startswith("box_office.sales.secret may not be read by this role; grant")
    assert "has not every column that is declared (column orders.buyers" in said["torn"]
    assert "cursor updated_at holds no numbers and `late` is one; say a time" in said["unfit"]
    assert said["gifts"].startswith("donors has no URL; set SOURCES__SQL__DONORS__URL")
    told = dict(estate.query("select source_table, reason from raw_sql.quarantine"))
    assert told["students.yml"].startswith("students.yml, tables: ")
    assert str(loaded.problem).startswith("sql: students.yml")
    assert not any("reader" in str(text) for text in [loaded.problem, *said.values()])


def test_a_table_that_is_mended_takes_its_problem_off_the_list(estate: Estate, kind) -> None:
    text = ORDERS.format(table=kind.table)
    estate.declare("box_office", text.replace("buyer", "buyers"), kind.url)
    assert "no such column: orders.buyers" in str(estate.load().problem)
    estate.declare("box_office", text)

    assert estate.load().problem is None
    assert estate.query("select problem from raw_sql.tables") == [(None,)]


def test_nothing_declared_is_a_sentence(estate: Estate) -> None:
    problem = str(estate.load().problem)

    assert problem.startswith("sql: ")
    assert "declares no database; write a YAML of yours into it" in problem


WRONG = {
    "late: 2 hours": ("late: soon", "'soon' is no lateness; write it like 2 hours"),
    ", late: 2 hours": ("", "cursor.late: is missing"),
    "record_id: order_id": ("record_id: row_number", "record_id: a table has a key; name its col"),
    "table: orders": ("table: a.b.c", "table: 'a.b.c' is no table; write it like"),
    "contract: orders": ("contract: ordres", "contract: 'ordres' is none that a mapping fills"),
    "time_zone: Europe/Berlin": ("time_zone: Berlin", "'Berlin' is no IANA time zone"),
    "time_zone: Europe/Berlin\n": ("", "time_zone: is missing; say in which zone"),
    "account_id: buyer": ("account_id: iban", "'iban' looks like pay or an identity number"),
    "tables:\n": ("tabels:\n", "tables: is missing"),
}


@pytest.mark.parametrize(("right", "wrong", "sentence"), [(r, *w) for r, w in WRONG.items()])
def test_a_wrong_yaml_names_file_key_and_remedy(
    tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    text = ORDERS.format(table="orders").replace(right, wrong)
    (tmp_path / "box_office.yml").write_text(text)

    problem = read_databases(tmp_path)[1]["box_office.yml"]

    assert problem.startswith("box_office.yml, ")
    assert sentence in problem
    assert problem.endswith("(see docs/connect-a-database.md)")


def test_one_name_for_two_tables_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text(ORDERS.format(table="orders"))

    found, problems = read_databases(tmp_path)

    assert [database.name for database in found] == ["a"]
    assert "tables.tickets_sold: a.yml has one of that name; rename it" in problems["b.yml"]


def test_the_examples_are_right() -> None:
    found, problems = read_databases(Path(__file__).parents[3] / "docs" / "examples" / "sql")

    assert problems == {}
    assert [database.name for database in found] == ["box_office", "donors", "student_system"]
