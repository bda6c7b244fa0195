"""Labels of what was written: what a text gets, and that only what changed is read again."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from labelling import languages, sentiment, texts, topics
from labelling.label import Labeller, shipped
from tests.unit.labelling.conftest import EXPECTED, label

RULES = topics.compile_rules(
    [
        {"language": "en", "topic": "delivery", "priority": "2", "words": "parcel*|late"},
        {"language": "en", "topic": "billing", "priority": "1", "words": "refund"},
        {"language": "de", "topic": "billing", "priority": "1", "words": "rückzahlung*"},
    ]
)
LABELS = "select turn_id, label_kind, label, language from labels.turn_labels order by all"


def counting(read: list[str], name: str = "count", version: str = "1") -> Labeller:
    """A labeller that remembers what it was given; its label is how long the text is."""

    def by_length(bodies, language):
        read.extend(bodies)
        return [("short" if len(body) < 20 else "long", 1.0) for body in bodies]

    return Labeller(name, version, "topic", frozenset({"en"}), by_length)


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("The parcel never came and nobody answers.", "en"),
        ("Das Paket ist nie angekommen.", "de"),
        ("Доставката дойде по-рано.", "bg"),
        ("Me atendieron rápido y con amabilidad.", "es"),
        ("Danke! But everything else was fine and the people at the desk were kind", "en"),
        ("", None),
        ("😀😀", None),
        ("12 / 2026 --", None),
        ("Çok iyi bir hizmet, teşekkürler.", "tr"),
        ("Dit is een Nederlandse zin over de levering", "nl"),
    ],
)
def test_a_language_is_told_by_the_text(body: str, language: str | None) -> None:
    assert languages.identify(body, EXPECTED) == language


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("PT-BR", "pt"), ("en_GB", "en"), ("mul", None), ("", None), (None, None)],
)
def test_what_a_source_says_of_a_language_is_two_letters_or_nothing(code, language) -> None:
    assert languages.declared(code) == language


def test_nul_control_characters_and_a_text_without_end_are_read_as_text() -> None:
    assert texts.clean("\x00bad\x07  service\r\n") == "bad service"
    assert texts.clean("e\u0301t\u00e9") == "\u00e9t\u00e9"
    assert len(texts.clean("word " * 1_000_000)) <= texts.LONGEST


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, thank you!", "positive"),
        ("Not good, not good at all.", "negative"),
        ("The gate is on the left.", "neutral"),
        ("😀", "positive"),
        ("", "neutral"),
    ],
)
def test_english_sounds_as_its_words_do(text: str, label: str) -> None:
    found, score = sentiment.sentiment(text)
    assert found == label
    assert 0 <= score <= 1


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("Where is my PARCEL service", "en", "delivery"),
        ("parcels are late, I want a refund", "en", "billing"),
        ("refunds", "en", None),
        ("later", "en", None),
        ("wo bleibt die Rückzahlung", "de", "billing"),
        ("", "en", None),
    ],
)
def test_the_rule_with_the_lowest_priority_that_matches_whole_words_gives_the_topic(
    text: str, language: str, topic: str | None
) -> None:
    assert topics.topic(text, RULES[language]) == topic


def test_other_rules_are_another_version() -> None:
    rows = [{"language": "en", "topic": "billing", "priority": "1", "words": "refund"}]
    assert topics.version(rows) != topics.version([{**rows[0], "words": "refunds"}])
    assert topics.version([*rows, rows[0]]) != topics.version(rows)


def test_a_text_gets_the_labels_of_its_language_alone(warehouse, said, rows) -> None:
    said(
        en="I love it, the delivery was quick",
        de="Ich liebe es, das Paket war schnell da",
        emoji="😀😀",
        empty=" ",
        nothing=None,
        long="This is terrible. " * 10_000,
        nul="\x00terrible\x00 service, really terrible",
    )
    figures = label(warehouse, EXPECTED)
    assert rows(LABELS) == [
        ("de", "topic", "delivery", "de"),
        ("en", "sentiment", "positive", "en"),
        ("en", "topic", "delivery", "en"),
        ("long", "sentiment", "negative", "en"),
        ("nul", "sentiment", "negative", "en"),
    ]
    assert (figures["texts"], figures["unknown_language"], figures["labels"]) == (5, 1, 5)


def test_what_a_source_says_of_the_language_counts_where_the_text_does_not(
    warehouse, said, rows
) -> None:
    said(emoji="😀")
    label(warehouse, EXPECTED)
    assert rows(LABELS) == []
    rows("update contracts.feedback_turns set language = 'en-GB'")
    label(warehouse, EXPECTED)
    assert rows(LABELS) == [("emoji", "sentiment", "positive", "en")]


def test_only_what_is_new_or_changed_is_read_again(warehouse, said) -> None:
    read: list[str] = []
    said(a="The first of them", b="The second one of them, which is long")
    label(warehouse, EXPECTED, [counting(read)])
    assert len(read) == 2
    label(warehouse, EXPECTED, [counting(read)])
    assert len(read) == 2
    said(b="The second one is another", c="The third of them")
    label(warehouse, EXPECTED, [counting(read)])
    assert sorted(read[2:]) == ["The second one is another", "The third of them"]


def test_another_version_reads_everything_and_takes_the_place_of_the_one_before(
    warehouse, said, rows
) -> None:
    read: list[str] = []
    other: list[str] = []
    said(a="The first of them", b="The second one of them, which is long")
    label(warehouse, EXPECTED, [counting(read), counting(other, "other")])
    label(warehouse, EXPECTED, [counting(read, version="2"), counting(other, "other")])
    assert (len(read), len(other)) == (4, 2)
    found = rows("select distinct labeller, labeller_version from labels.turn_labels order by all")
    assert found == [("count", "2"), ("other", "1")]


def test_labels_of_a_turn_that_is_gone_are_gone(warehouse, said, rows) -> None:
    said(a="I love it so much", b="I hate it so much")
    label(warehouse, EXPECTED)
    rows("delete from contracts.feedback_turns where turn_id = 'a'")
    label(warehouse, EXPECTED)
    assert {row[0] for row in rows(LABELS)} == {"b"}
    for table in ("turn_languages", "labelled"):
        assert rows(f"select distinct turn_id from labels.{table}") == [("b",)]


def test_labelling_never_touches_a_turn_and_keeps_no_text(warehouse, said, rows) -> None:
    said(a="I love the secret word xyzzy")
    before = rows("from contracts.feedback_turns")
    label(warehouse, EXPECTED)
    assert rows("from contracts.feedback_turns") == before
    for (table,) in rows("select table_name from duckdb_tables() where schema_name = 'labels'"):
        assert "xyzzy" not in repr(rows(f"from labels.{table}"))


def test_more_texts_than_one_batch_are_all_read(warehouse, said, rows, monkeypatch) -> None:
    monkeypatch.setattr("labelling.label.BATCH", 3)
    said(**{f"t{n}": f"I love number {n} of them" for n in range(10)})
    assert label(warehouse, EXPECTED, shipped()[:1])["labelled"] == 10
    assert rows("select count(*), count(distinct turn_id) from labels.turn_labels") == [(10, 10)]


def test_a_run_that_breaks_leaves_the_labels_of_the_one_before(warehouse, said, rows) -> None:
    said(a="I love it so much")
    label(warehouse, EXPECTED)
    before = rows(LABELS)

    def breaks(bodies, language):
        raise RuntimeError("broken")

    said(a="I hate it so much")
    with pytest.raises(RuntimeError):
        label(warehouse, EXPECTED, [*shipped(), replace(counting([]), label=breaks)])
    assert rows(LABELS) == before


@pytest.mark.parametrize(
    "seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(3, 8))]
)
def test_bit_by_bit_is_the_same_as_all_at_once(
    tmp_path: Path, warehouse, said, rows, seed: int
) -> None:
    """New, changed and deleted texts, other expectations and labellers, in any order."""
    draw = random.Random(seed)
    bodies = [
        "I love it", "I hate it, where is my refund?", "Das Paket war schnell da", "😀", " ",
        "Très déçu, personne ne m'a rappelé.", "The gate is on the left", "\x00terrible\x00",
    ]  # fmt: skip
    expected, labellers = EXPECTED, shipped()
    for _ in range(12):
        said(**{f"t{draw.randrange(8)}": draw.choice(bodies) for _ in range(3)})
        rows(f"delete from contracts.feedback_turns where turn_id = 't{draw.randrange(8)}'")
        rows(
            f"update contracts.feedback_turns set language = '{draw.choice(['en', 'de', 'x'])}' "
            f"where turn_id = 't{draw.randrange(8)}'"
        )
        expected = draw.choice([EXPECTED, ("en", "de"), ()])
        labellers = draw.choice([shipped(), shipped()[:1], [replace(shipped()[0], version="0")]])
        label(warehouse, expected, labellers)
    tables = ("turn_languages", "labelled", "turn_labels")
    step_by_step = [rows(f"from labels.{table} order by all") for table in tables]
    rows("drop schema labels cascade")
    label(warehouse, expected, labellers)
    assert [rows(f"from labels.{table} order by all") for table in tables] == step_by_step
