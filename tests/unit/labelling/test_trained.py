"""A labeller learned from a user's own texts: it reads as it learned, and runs no code of a file."""

import pickle
from pathlib import Path

import duckdb
import numpy as np
import pytest

from labelling import learning, trained
from labelling.errors import LabelError
from labelling.label import learned
from tests.unit.labelling.conftest import EXPECTED, label

FOOD = ["the soup was cold", "a warm soup", "bread and soup", "cold bread", "the bread was dry"]
SEATS = ["my seat was wet", "a hard seat", "the row is full", "seat in a row", "no seat in my row"]


def parquet(file: Path, *rows: tuple[str | None, str | None, str | None]) -> Path:
    with duckdb.connect() as db:
        db.execute("create table given (body varchar, label varchar, language varchar)")
        db.executemany("insert into given values (?, ?, ?)", rows)
        db.execute(f"copy given to '{file}' (format parquet)")
    return file


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows = [
        (text, topic, "en") for topic, texts in (("food", FOOD), ("seats", SEATS)) for text in texts
    ]
    return parquet(tmp_path / "mine.parquet", *rows, (" ", "food", "en"), ("x", None, "en"))


def test_what_was_learned_is_kept_and_reads_new_texts(
    labelled, tmp_path, warehouse, said, rows
) -> None:
    model, measured, labels = learning.learn(labelled, "mine", "1", "topic", EXPECTED)
    assert labels == ["food", "seats"]
    [english] = measured
    assert (english.language, english.n) == ("en", 10)
    assert 0.5 < english.macro_f1 <= 1
    trained.save(model, tmp_path / "models" / "mine-1.npz")
    again = trained.load(tmp_path / "models" / "mine-1.npz")
    assert again.predict([*FOOD, *SEATS]) == model.predict([*FOOD, *SEATS])
    assert again.predict([]) == []
    said(a="Where can I get a warm soup, please?", b="Wo gibt es eine warme Suppe?")
    label(warehouse, EXPECTED, learned(tmp_path / "models"))
    assert rows("select turn_id, label, labeller, language from labels.turn_labels") == [
        ("a", "food", "mine", "en")
    ]


def test_a_run_without_new_texts_does_not_read_the_weights(labelled, tmp_path, monkeypatch) -> None:
    model, *_ = learning.learn(labelled, "mine", "1", "topic", EXPECTED)
    trained.save(model, tmp_path / "mine-1.npz")
    monkeypatch.setattr(trained, "_filled", lambda *_: pytest.fail("the weights were read"))
    assert [labeller.name for labeller in learned(tmp_path)] == ["mine"]


def test_how_well_it_does_is_told_by_language() -> None:
    languages, truth = ["en"] * 4 + ["de"] * 2, ["a", "a", "b", "b", "a", "b"]
    found = trained.macro_f1_by(languages, truth, ["a", "b", "b", "b", "a", "b"])
    # English: a has precision 1 and recall 1/2, b 2/3 and 1: (2/3 + 4/5) / 2.
    assert [(row.language, row.n) for row in found] == [("de", 2), ("en", 4)]
    assert [row.macro_f1 for row in found] == [1.0, pytest.approx((2 / 3 + 4 / 5) / 2)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(text, "food", "en") for text in FOOD], "one label only"),
        ([(t, "food", "en") for t in FOOD] + [(t, "seats", "en") for t in SEATS[:4]], "fewer than 5"),
        ([("12 34", "food", None)], "no text whose language is known"),
    ],
)  # fmt: skip
def test_too_little_to_learn_from_is_said(tmp_path, rows, sentence) -> None:
    with pytest.raises(LabelError, match=sentence):
        learning.learn(parquet(tmp_path / "few.parquet", *rows), "mine", "1", "topic", EXPECTED)


@pytest.mark.parametrize(
    ("name", "version", "kind", "sentence"),
    [
        ("vader", "1", "topic", "can not be its name"),
        ("../up", "1", "topic", "can not be its name"),
        ("mine", "", "topic", "can not be its name"),
        ("mine", "1", "mood", "is no kind of label"),
    ],
)
def test_a_name_that_can_not_be_is_said(labelled, name, version, kind, sentence) -> None:
    with pytest.raises(LabelError, match=sentence):
        learning.learn(labelled, name, version, kind, EXPECTED)


def test_a_wrong_file_is_said(tmp_path) -> None:
    file = tmp_path / "wrong.parquet"
    file.write_text("body,label\n")
    with pytest.raises(LabelError, match="can not be read as Parquet"):
        learning.learn(file, "mine", "1", "topic", EXPECTED)
    duckdb.sql("select 'x' as text, 'y' as label").write_parquet(str(file))
    with pytest.raises(LabelError, match="has no column body"):
        learning.learn(file, "mine", "1", "topic", EXPECTED)


def test_a_damaged_model_and_one_that_would_run_code_are_refused(labelled, tmp_path) -> None:
    model, *_ = learning.learn(labelled, "mine", "1", "topic", EXPECTED)
    file = tmp_path / "mine-1.npz"
    trained.save(model, file)
    whole = file.read_bytes()
    about = np.array([{"format": 1}], dtype=object)
    for content in (b"", whole[: len(whole) // 2], pickle.dumps(about)):
        file.write_bytes(content)
        with pytest.raises(LabelError, match="is no model of this version"):
            trained.load(file)
    with file.open("wb") as out:
        np.savez(out, about=about)
    with pytest.raises(LabelError, match="is no model of this version"):
        trained.load(file)
