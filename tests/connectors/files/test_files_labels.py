"""Labels that came with an export: they name the turn they were put on, or are set aside."""

from typing import Any

import pytest
from drop_box import Box

from ingestion.connectors.files.catalogue import read_catalogue

HEADER = "id,said,day,mood,sure\n"
TEXTS = """
match: reviews_*.csv
contract: feedback_turns
record_id: id
columns: {body: said, occurred_at: day}
constants: {feedback_kind: unsolicited}
only_with: said
time_zone: UTC
"""
MOODS = """
match: reviews_*.csv
contract: feedback_labels
system: reviews
record_id: id
columns: {label: mood, score: sure}
constants: {label_kind: sentiment, labeller: desk, labeller_version: 2, language: en}
only_with: mood
"""
LISTED = """
match: labels.csv
contract: feedback_labels
system: reviews
record_id: [review, kind, label]
columns: {turn_id: review, label_kind: kind, label: label, score: score, labeller: who}
constants: {labeller_version: 2}
"""


@pytest.fixture
def reviews(box: Box) -> Box:
    """An inbox that reads a file of reviews as texts and as labels."""
    box.map("reviews.yml", TEXTS)
    box.map("review_moods.yml", MOODS)
    return box


def test_a_text_and_its_label_in_one_row_meet(reviews: Box) -> None:
    rows = [
        "1,lovely,2026-05-01,positive,0.9",
        "2,so so,2026-05-01,,",
        "a@b.example,bad,2026-05-02,negative,",
    ]
    reviews.drop("reviews_may.csv", HEADER + "\n".join(rows) + "\n")

    reviews.load()

    met = reviews.query(
        "select body, label_id, label, score, labeller_version "
        "from raw_files.feedback_turns left join raw_files.feedback_labels using (turn_id) "
        "order by body desc"
    )
    assert [(body, label, score) for body, _, label, score, _ in met] == [
        ("so so", None, None),
        ("lovely", "positive", 0.9),
        ("bad", "negative", None),
    ]
    assert met[1][1:] == ("review_moods:1", "positive", 0.9, "2")


def test_labels_in_a_file_of_their_own_name_the_turn_in_a_column(box: Box) -> None:
    box.map("labels.yml", LISTED)
    box.drop(
        "labels.csv", "review,kind,label,score,who\n1,topic,food,1,desk\n1,topic,seats,0,desk\n"
    )

    good, bad = box.read("feedback_labels")

    assert bad == []
    assert [(row["turn_id"], row["label_id"]) for row in good] == [
        ("reviews:1", "labels:1:topic:food"),
        ("reviews:1", "labels:1:topic:seats"),
    ]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1,topic,food,90,desk", "score is not between 0 and 1: '90'"),
        ("1,topic,food,-0.1,desk", "score is not between 0 and 1: '-0.1'"),
        ("1,mood,food,1,desk", "label_kind is none of sentiment, topic and emotion: 'mood'"),
        ("1,topic,,1,desk", "the record id (review, kind, label) is empty"),
        ("1,topic,food,1,", "labeller is required and empty"),
        (f"1,topic,{'a text ' * 10},1,desk", "label is longer than the 64 characters of a label"),
    ],
)
def test_what_is_no_label_is_set_aside_with_its_reason(box: Box, typed: str, reason: str) -> None:
    box.map("labels.yml", LISTED)
    rows = ["7,topic,food,1,desk", typed, "8,topic,food,,desk"]
    box.drop("labels.csv", "review,kind,label,score,who\n" + "\n".join(rows) + "\n")

    good, bad = box.read("feedback_labels")

    assert [row["turn_id"] for row in good] == ["reviews:7", "reviews:8"]
    assert [row["reason"].startswith(reason) for row in bad] == [True], bad


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("system: reviews\n", "", "system: is missing; say the kind of the mapping of the texts"),
        (
            "record_id: id",
            "record_id: row_number",
            "columns.turn_id: rows have no id, so they name",
        ),
        (", labeller_version: 2", "", "columns.labeller_version: feedback_labels needs it; map it"),
    ],
)
def test_a_mapping_whose_labels_say_too_little_is_a_sentence(
    box: Box, right: str, wrong: str, sentence: str
) -> None:
    assert right in MOODS
    box.map("moods.yml", MOODS.replace(right, wrong))

    assert sentence in read_catalogue(box.root / "mappings").problems["moods.yml"]


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("sentiment", "mood", "constants.label_kind: 'mood' is none of sentiment, topic and"),
        ("language: en", "score: 80", "constants.score: '80' is not between 0 and 1; correct it"),
        ("language: en", "score: high", "constants.score: 'high' is not a double; correct it"),
    ],
)
def test_a_declared_value_that_is_no_labels_refuses_the_file(
    reviews: Box, right: str, wrong: str, sentence: str
) -> None:
    reviews.map("review_moods.yml", MOODS.replace(", score: sure", "").replace(right, wrong))
    reviews.drop("reviews_1.csv", HEADER + "1,lovely,2026-05-01,positive,0.9\n")

    problems: dict[str, Any] = reviews.look().problems

    assert sentence in problems["reviews_1.csv"]
