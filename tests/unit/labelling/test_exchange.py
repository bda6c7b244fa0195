"""A user's own labeller: what is handed out, what is taken, and what is refused in one sentence."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from labelling import exchange, registry
from labelling.errors import LabelError
from labelling.fingerprint import imported
from labelling.label import open_texts
from privacy.redaction import redact
from tests.unit.labelling.conftest import EXPECTED, label, write

ALLOWED: dict[str, frozenset[str] | None] = {
    "sentiment": frozenset({"negative", "neutral", "positive"}),
    "topic": None,
}
ONE = {"turn_id": "a", "label_kind": "topic", "label": "food"}


@pytest.fixture
def db(warehouse: Path, said):
    said(a="The soup was cold", b="Das Essen war kalt", c=" ")
    label(warehouse, EXPECTED)
    with duckdb.connect(str(warehouse)) as opened:
        open_texts(opened)
        yield opened


@pytest.fixture
def labels(tmp_path: Path):
    """Write rows as the Parquet file of a labeller."""

    def parquet(*rows: dict[str, Any], **columns: Any) -> Path:
        file = tmp_path / "labels.parquet"
        names = [*dict.fromkeys(name for row in rows for name in row)] or ["turn_id"]
        with duckdb.connect() as scratch:
            typed = ", ".join(f"{name} {columns.get(name, 'varchar')}" for name in names)
            scratch.execute(f"create table given ({typed})")
            for row in rows:
                marks = ", ".join("?" * len(names))
                scratch.execute(f"insert into given values ({marks})", [row.get(n) for n in names])
            scratch.execute(f"copy given to '{file}' (format parquet)")
        return file

    return parquet


def taken(db: duckdb.DuckDBPyConnection, labeller: str = "mine") -> list[tuple[Any, ...]]:
    return db.execute(
        "select turn_id, label_kind, label, score, labeller_version, language "
        "from labels.turn_labels where labeller = ? order by all",
        [labeller],
    ).fetchall()


def test_texts_go_out_with_their_language_and_without_anything_else(db, tmp_path) -> None:
    file = tmp_path / "texts.parquet"
    assert exchange.export(db, file, None) == 2
    found = duckdb.execute(f"from '{file}'")
    assert [column[0] for column in found.description] == ["turn_id", "language", "body"]
    assert found.fetchall() == [("a", "en", "The soup was cold"), ("b", "de", "Das Essen war kalt")]


def test_what_was_promised_to_stay_inside_is_not_handed_out(db, warehouse, tmp_path) -> None:
    write(
        db,
        {"turn_id": "d", "instrument": "employee_pulse", "body": "My boss never listens to me"},
        {"turn_id": "e", "instrument": "customer_nps", "body": "Their boss never listens to me"},
        {"turn_id": "f", "instrument": "unheard_of", "body": "Whose boss never listens to me"},
    )
    redact(warehouse, EXPECTED)
    file = tmp_path / "texts.parquet"
    exchange.export(db, file, registry.identified())
    handed_out = duckdb.execute(f"select turn_id from '{file}'").fetchall()
    assert handed_out == [("a",), ("b",), ("e",)]
    assert exchange.export(db, file, None) == 5


def test_what_goes_out_is_redacted_and_what_was_not_measured_stays(db, warehouse, tmp_path) -> None:
    write(
        db,
        {"turn_id": "r", "body": "Please write to anna@example.org or call me on +49 151 2345678"},
        {"turn_id": "w", "body": "Sono molto deluso, nessuno mi ha richiamato per la consegna"},
    )
    redact(warehouse, EXPECTED)
    file = tmp_path / "texts.parquet"
    exchange.export(db, file, None)
    found = dict(duckdb.execute(f"select turn_id, body from '{file}'").fetchall())
    assert found.keys() == {"a", "b", "r"}
    assert found["r"] == "Please write to [email] or call me on [phone]"


def test_labels_are_taken_and_survive_labelling_again_and_a_full_refresh(
    db, warehouse, labels
) -> None:
    file = labels(
        ONE | {"score": 0.9},
        {"turn_id": "a", "label_kind": "sentiment", "label": "negative"},
        {"turn_id": "b", "label_kind": "topic", "label": "food", "language": "de"},
    )
    done = exchange.take(db, file, "mine", "1", ALLOWED)
    assert done == {"labels": 3, "turns": 2, "unlabelled": 0}
    first = taken(db)
    assert first == [
        ("a", "sentiment", "negative", None, "1", "en"),
        ("a", "topic", "food", 0.9, "1", "en"),
        ("b", "topic", "food", None, "1", "de"),
    ]
    db.close()
    # A full refresh makes the contracts anew; schema `labels` is not dbt's.
    with duckdb.connect(str(warehouse)) as again:
        again.execute(
            "create table contracts.anew as from contracts.feedback_turns; "
            "drop table contracts.feedback_turns; "
            "alter table contracts.anew rename to feedback_turns"
        )
    label(warehouse, EXPECTED)
    with duckdb.connect(str(warehouse)) as opened:
        assert taken(opened) == first


def test_a_labeller_is_asked_only_what_it_has_not_read(
    db, warehouse, said, labels, tmp_path
) -> None:
    texts = tmp_path / "texts.parquet"
    exchange.export(db, texts, None, "mine", "1")
    assert exchange.take(db, labels(ONE), "mine", "1", ALLOWED, read=texts) == {
        "labels": 1, "turns": 1, "unlabelled": 1,
    }  # fmt: skip
    assert exchange.export(db, texts, None, "mine", "1") == 0
    assert exchange.export(db, texts, None, "mine", "2") == 2
    db.close()
    said(a="The soup was hot", d="A new one")
    label(warehouse, EXPECTED)
    with duckdb.connect(str(warehouse)) as opened:
        open_texts(opened)
        assert taken(opened) == []  # what was said of another text is forgotten
        assert exchange.export(opened, texts, None, "mine", "1") == 2


def test_labels_given_again_take_the_place_of_those_before(db, labels) -> None:
    exchange.take(db, labels(ONE), "mine", "1", ALLOWED)
    seen = imported(db)
    exchange.take(db, labels(ONE | {"label": "soup"}), "mine", "1", ALLOWED)
    assert [row[2] for row in taken(db)] == ["soup"]
    assert imported(db) != seen
    exchange.take(db, labels(ONE), "mine", "2", ALLOWED)
    assert [(row[2], row[4]) for row in taken(db)] == [("food", "2"), ("soup", "1")]
    assert exchange.drop(db, "mine", "1") == 1
    assert [row[4] for row in taken(db)] == ["2"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"turn_id": "a", "label": "x"}], "has no column label_kind"),
        ([{"turn_id": "a"}], "has no column label_kind and no label"),
        ([ONE, ONE | {"turn_id": "zz"}], "1 turns that the warehouse does not have (turn zz"),
        ([ONE, ONE | {"turn_id": "c"}], "turns that the warehouse does not have (turn c"),
        ([ONE | {"label_kind": "mood"}], "labels of kind mood"),
        ([ONE | {"label_kind": "sentiment", "label": "great"}], "that labellers.csv does not name"),
        ([ONE | {"label_kind": "sentiment", "label": "it's"}], "that labellers.csv does not name"),
        ([ONE | {"label": " "}], "rows without turn_id, label_kind or label"),
        ([ONE | {"label": None}], "rows without turn_id, label_kind or label"),
        ([ONE | {"label": "The soup was cold and so on, and so on, and so on, and so on, and on"}],
         "labels of more than 64 characters"),
        ([ONE | {"score": "1.5"}], "scores outside 0 to 1"),
        ([ONE | {"score": "nan"}], "scores outside 0 to 1"),
        ([ONE | {"score": "high"}], "a score that is no number"),
        ([ONE | {"language": "English"}], "languages that are no ISO 639-1 code"),
        ([ONE, ONE], "labels given twice"),
        (
            [ONE | {"label_kind": "sentiment", "label": "negative"},
             ONE | {"label_kind": "sentiment", "label": "positive"}],
            "turns with two sentiments",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_taken_is_refused_whole_in_one_sentence(db, labels, rows, sentence) -> None:
    exchange.take(db, labels(ONE), "mine", "1", ALLOWED)
    before = taken(db)
    file = labels(*rows)
    with pytest.raises(LabelError) as refused:
        exchange.take(db, file, "mine", "1", ALLOWED)
    assert sentence in str(refused.value)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert taken(db) == before
    assert file.exists()


def test_a_file_that_is_no_parquet_is_refused(db, tmp_path) -> None:
    for content in (b"", b"turn_id,label\na,b\n", b"PAR1 and then nothing"):
        file = tmp_path / "wrong.parquet"
        file.write_bytes(content)
        with pytest.raises(LabelError, match="can not be read as Parquet"):
            exchange.take(db, file, "mine", "1", ALLOWED)


def test_an_unknown_labeller_is_told_where_to_stand() -> None:
    known = registry.labellers()
    assert registry.allowed(known, "vader", "3.3.2") == {
        "sentiment": frozenset({"negative", "neutral", "positive"})
    }
    with pytest.raises(LabelError, match="knows no vader in version 9"):
        registry.allowed(known, "vader", "9")
