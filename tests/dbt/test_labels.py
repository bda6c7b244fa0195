"""Labels from the contract and from this house: whose are counted, and how sure they are."""

from typing import Any


def test_labels_of_whoever_was_not_measured_count_nowhere(
    built: Any, published: list[dict[str, Any]]
) -> None:
    labellers = {
        part
        for row in published
        for part in row["segment"].split(";")
        if part.startswith("labeller=")
    }
    assert labellers == {"labeller=vader-3.3.2", "labeller=golden_emotions-1"}
    languages = {row["segment"].rpartition("language=")[2] for row in published} - {""}
    assert {name for name in languages if len(name) == 2} == {"en"}
    kept = built.rows(
        "select distinct labeller, is_measured from warehouse.intermediate.int_feedback_labels "
        "where labeller like 'golden%' order by all"
    )
    assert [(row["labeller"], row["is_measured"]) for row in kept] == [
        ("golden_emotions", False),  # another version, another language
        ("golden_emotions", True),
        ("golden_guess", False),
    ]


def test_a_figure_of_labels_names_its_feedback_its_labeller_and_its_language(
    published: list[dict[str, Any]],
) -> None:
    """Nothing is pooled: 'all' only says that there is nothing at all."""
    metrics = {
        "sentiment_negative_share", "sentiment_mean", "intended_emotion_match",
        "emotion_unmapped_share",
    }  # fmt: skip
    segments = {
        (row["segment"], row["status"] in ("not_measured", "stale"), row["n"] is None)
        for row in published
        if row["metric"] in metrics
    }
    assert {segment for segment, *_ in segments if segment != "all"} == {
        f"feedback={kind};labeller={labeller};language=en"
        for kind in ("triggered", "unsolicited")
        for labeller in ("vader-3.3.2", "golden_emotions-1")
    }
    assert {(absent, empty) for segment, absent, empty in segments if segment == "all"} == {
        (True, True)
    }


def test_who_reads_which_language_is_published_with_how_well(built: Any) -> None:
    found = {
        row.pop("label_quality_id"): row
        for row in built.rows("from publication.pub_label_quality where label_kind = 'sentiment'")
    }
    vader = found["sentiment:en:vader:3.3.2"]
    assert (vader["status"], vader["macro_f1"], vader["measured_n"]) == ("ok", 0.819, 3000)
    guess = found["sentiment:de:golden_guess:1"]
    assert (guess["status"], guess["macro_f1"]) == ("not_measured", None)
    assert (guess["texts"], guess["labelled_texts"]) == (12, 12)
    assert set(found) == {"sentiment:en:vader:3.3.2", "sentiment:de:golden_guess:1"}


def test_a_language_in_which_nobody_was_measured_is_not_measured(built: Any) -> None:
    rows = built.rows(
        "select status, texts, labelled_texts from publication.pub_label_quality "
        "where label_kind = 'emotion' and language = 'de'"
    )
    assert rows == [{"status": "not_measured", "texts": 12, "labelled_texts": None}]


def test_a_label_of_a_turn_that_is_not_there_is_left_out(built: Any) -> None:
    assert not built.rows(
        "from warehouse.intermediate.int_feedback_labels where turn_id = 'st-gone'"
    )


def test_no_text_stands_in_a_mart_or_leaves(built: Any) -> None:
    columns = built.rows(
        "select table_name, column_name from information_schema.columns "
        "where column_name = 'body' and table_schema not in ('contracts', 'redacted')"
    )
    assert columns == []


def test_every_turn_is_redacted_withheld_or_empty(built: Any) -> None:
    found = built.rows(
        "select turns.turn_id from warehouse.contracts.feedback_turns as turns "
        "full join warehouse.redacted.turns as kept using (turn_id) "
        "where kept.status is distinct from case when trim(turns.body) <> '' then "
        "case when kept.status = 'withheld' then 'withheld' else 'redacted' end else 'empty' end"
    )
    assert found == []
    lengths = built.rows(
        "select count(*) as n from warehouse.marts.fct_feedback_turns as facts "
        "inner join warehouse.contracts.feedback_turns as turns using (turn_id) "
        "where facts.characters is distinct from case when trim(turns.body) <> '' "
        "then length(turns.body) end"
    )
    assert lengths == [{"n": 0}]


def test_a_text_as_a_label_stops_the_build(broken: Any) -> None:
    assert broken(
        "int_feedback_labels_rows_hold",
        "update warehouse.intermediate.int_feedback_labels set label = repeat('what I said ', 9)",
    )


def test_a_measured_sentiment_outside_its_three_words_stops_the_build(broken: Any) -> None:
    assert broken(
        "int_feedback_labels_rows_hold",
        "update warehouse.intermediate.int_feedback_labels set label = 'meh' "
        "where labeller = 'vader'",
    )
