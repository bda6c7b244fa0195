"""How the tone of what was said by itself differs from that of what was asked, at the same stage."""

from collections.abc import Iterator
from datetime import date, datetime
from math import sqrt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
import reference_listening as reference

from benchmarks.house_sql import AS_OF, HouseSql, tables

STAMP = pa.timestamp("us")
GIVEN = {
    "int_feedback_turns__as_lived": {
        "turn_id": pa.string(), "person_id": pa.string(), "account_id": pa.string(),
        "instrument": pa.string(), "audience": pa.string(), "journey": pa.string(),
        "stage": pa.string(), "feedback_kind": pa.string(), "is_protected": pa.bool_(),
        "occurred_at": STAMP,
    },
    "int_feedback_labels": {
        "label_id": pa.string(), "turn_id": pa.string(), "label_kind": pa.string(),
        "label": pa.string(), "labeller": pa.string(), "labeller_version": pa.string(),
        "language": pa.string(), "is_measured": pa.bool_(),
    },
    "fct_metric_values": {
        "metric": pa.string(), "audience": pa.string(), "period_kind": pa.string(),
        "period_start": pa.date32(), "segment": pa.string(), "status": pa.string(),
    },
    "instruments": {"instrument": pa.string(), "journey": pa.string(), "stage": pa.string()},
    "audiences": {
        "audience": pa.string(), "minimum_group": pa.int64(), "is_minor": pa.bool_(),
    },
}  # fmt: skip
QUARTER, AT = date(2026, 1, 1), datetime(2026, 1, 10, 12)
HELP, RENEW = ("customer", "get_help"), ("customer", "renew")


class Said:
    """Texts with their tone, person by person, and the figures of the metric that they make."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.labels: list[dict[str, Any]] = []

    def add(
        self, kind: str, tones: Iterator[str] | list[str], first: int = 0,
        where: tuple[str | None, str | None] = HELP, audience: str = "customer",
        language: str = "en", labelled: bool = True, **more: Any,
    ) -> None:  # fmt: skip
        """Let a person write one text of each tone, the first of them person number `first`."""
        for number, tone in enumerate(tones):
            turn = f"t{len(self.turns)}"
            self.turns.append(
                {"turn_id": turn, "person_id": f"{audience}{first + number}", "audience": audience,
                 "journey": where[0], "stage": where[1], "feedback_kind": kind,
                 "is_protected": False, "occurred_at": AT} | more
            )  # fmt: skip
            self.labels.append(
                {"label_id": turn, "turn_id": turn, "label_kind": "sentiment", "label": tone,
                 "labeller": "lexicon", "labeller_version": "1", "language": language,
                 "is_measured": labelled}
            )  # fmt: skip

    def figures(self, **hidden: str) -> list[dict[str, Any]]:
        """Return a figure of the metric for each audience, language and kind; some are hidden."""
        return [
            {"metric": "sentiment_negative_share", "audience": audience, "period_kind": "quarter",
             "period_start": quarter,
             "segment": f"feedback={kind};labeller=lexicon-1;language={language}",
             "status": hidden.get(f"{audience}_{kind}", "ok")}
            for audience in {turn["audience"] for turn in self.turns}
            for kind in ("triggered", "always_on", "unsolicited")
            for language in ("en", "de")
            for quarter in (date(2025, 10, 1), QUARTER, date(2026, 4, 1))
        ]  # fmt: skip

    def tone(self, as_of: str = AS_OF, figures: Any = None) -> pd.DataFrame:
        given = {
            "int_feedback_turns__as_lived": self.turns,
            "int_feedback_labels": self.labels,
            "fct_metric_values": self.figures() if figures is None else figures,
            "instruments": [{"instrument": "nps", "journey": HELP[0], "stage": HELP[1]}],
            "audiences": [
                {"audience": "customer", "minimum_group": 5, "is_minor": False},
                {"audience": "junior_fan", "minimum_group": 12, "is_minor": True},
            ],
        }
        with HouseSql(tables(GIVEN, given), as_of) as house:
            rows = house.rows("fct_listening_tone")
        return rows.set_index(["audience", "stage", "language", "kind"])


def tones(negative: int, other: int) -> list[str]:
    return ["negative"] * negative + ["neutral"] * other


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    """Asked, 12 of 40 are negative; by themselves 30 of 40; through the open door 5 of 10.

    In German ten are asked and nobody is negative, so nobody differs from anybody.
    """
    said = Said()
    said.add("triggered", tones(12, 28))
    said.add("unsolicited", tones(30, 10), first=20)
    said.add("always_on", tones(5, 5))
    said.add("triggered", tones(0, 10), language="de")
    said.add("unsolicited", tones(4, 6), language="de")
    return said.tone()


@pytest.mark.parametrize(
    ("kind", "negative", "texts", "status"),
    [("triggered", 12, 40, "ok"), ("unsolicited", 30, 40, "ok"), ("always_on", 5, 10, "low_n")],
)
def test_the_share_of_negative_texts_by_hand(
    kind: str, negative: int, texts: int, status: str, by_hand: Any
) -> None:
    row = by_hand.loc[("customer", "get_help", "en", kind)]
    assert (row["texts"], row["people"], row["status"]) == (texts, texts, status)
    share = reference.Share(negative, texts)
    assert row["n_eff"] == pytest.approx(texts)
    assert (row["share"], row["share_low"], row["share_high"]) == pytest.approx(
        (share.value, share.bound(-1), share.bound(+1))
    )


def test_what_was_said_by_itself_is_held_against_what_was_asked(by_hand: Any) -> None:
    row = by_hand.loc[("customer", "get_help", "en", "unsolicited")]
    wanted = reference.newcombe(reference.Share(30, 40), reference.Share(12, 40))
    found = [row[name] for name in ("difference", "difference_low", "difference_high")]
    assert found == pytest.approx(wanted)
    assert row["difference"] == pytest.approx(0.45)
    assert row["finding"] == "worse than what was asked"
    assert by_hand.loc[("customer", "get_help", "en", "always_on"), "finding"] == "no clear difference"  # fmt: skip
    asked = by_hand.loc[("customer", "get_help", "en", "triggered")]
    assert pd.isna(asked["difference"])
    assert pd.isna(asked["finding"])


def test_languages_are_not_pooled(by_hand: Any) -> None:
    row = by_hand.loc[("customer", "get_help", "de", "unsolicited")]
    assert (row["texts"], row["difference"]) == (10, pytest.approx(0.4))


def test_who_writes_often_is_worth_one_person() -> None:
    """Ten people of whom each writes the same four times, half of them badly: worth ten texts."""
    said = Said()
    for _ in range(4):
        said.add("unsolicited", tones(5, 5))
    row = said.tone().loc[("customer", "get_help", "en", "unsolicited")]
    # Squares 10 x 4 (0.5 x 4)^2 ... / 40^2 x 10/9 against 0.5 x 0.5 / 39.
    deff = (10 * (4 * 0.5) ** 2) / 40**2 * 10 / 9 / (0.25 / 39)
    assert (row["texts"], row["people"]) == (40, 10)
    assert row["n_eff"] == pytest.approx(40 / deff)
    n = 40 / deff
    reach = 1.959964 * sqrt(0.25 / n + 1.959964**2 / (4 * n * n)) / (1 + 1.959964**2 / n)
    assert row["share_low"] == pytest.approx(0.5 - reach)


def test_a_better_tone_is_called_so_too() -> None:
    said = Said()
    said.add("triggered", tones(30, 10))
    said.add("unsolicited", tones(12, 28))
    row = said.tone().loc[("customer", "get_help", "en", "unsolicited")]
    assert row["finding"] == "better than what was asked"


def shown(said: Said, kind: str = "unsolicited", audience: str = "customer", **more: Any) -> str:
    row = said.tone(**more).loc[(audience, "get_help", "en", kind)]
    figures = row[["texts", "people", "n_eff", "share", "share_low", "difference", "finding"]]
    assert (row["status"] == "suppressed") == pd.isna(row["share"])
    assert row["status"] != "suppressed" or figures.isna().all()
    return str(row["status"])


@pytest.mark.parametrize(("people", "status"), [(9, "suppressed"), (10, "low_n"), (30, "ok")])
def test_ten_people_are_the_fewest_of_what_was_written(people: int, status: str) -> None:
    said = Said()
    said.add("unsolicited", tones(3, people - 3))
    assert shown(said) == status


@pytest.mark.parametrize(
    ("elsewhere", "status"), [(0, "low_n"), (1, "suppressed"), (9, "suppressed"), (10, "low_n")]
)
@pytest.mark.parametrize("where", [RENEW, (None, None)])
def test_a_stage_that_leaves_a_handful_to_the_others_is_hidden(
    elsewhere: int, status: str, where: tuple[str | None, str | None]
) -> None:
    """The metric counts all stages: less this one it would tell of who wrote elsewhere."""
    said = Said()
    said.add("unsolicited", tones(5, 15))
    said.add("unsolicited", tones(elsewhere, 0), first=50, where=where)
    assert shown(said) == status


def test_what_the_metric_hides_is_hidden_and_what_it_does_not_have_too() -> None:
    said = Said()
    said.add("unsolicited", tones(5, 15))
    said.add("triggered", tones(5, 15))
    of_asked = said.figures(customer_triggered="suppressed")
    assert shown(said, figures=of_asked, kind="triggered") == "suppressed"
    row = said.tone(figures=of_asked).loc[("customer", "get_help", "en", "unsolicited")]
    assert row["share"] == pytest.approx(0.25)
    assert pd.isna(row["difference"])
    assert shown(said, figures=[]) == "suppressed"


@pytest.mark.parametrize(("people", "status"), [(11, "suppressed"), (12, "low_n")])
def test_the_registry_may_ask_for_more(people: int, status: str) -> None:
    said = Said()
    said.add("unsolicited", tones(3, people - 3), audience="junior_fan")
    assert shown(said, audience="junior_fan") == status


def test_what_does_not_count_is_not_read() -> None:
    """Promised confidentiality (of minors too), unmeasured language, another label, the future."""
    said = Said()
    said.add("unsolicited", tones(5, 15))
    for more in ({"is_protected": True}, {"labelled": False}, {"feedback_kind": "observed"},
                 {"occurred_at": datetime(2026, 7, 1)}):  # fmt: skip
        said.add("unsolicited", tones(20, 0), first=50, **more)
    said.add("unsolicited", tones(20, 0), first=50)
    for label in said.labels[-20:]:
        label["label_kind"] = "emotion"
    rows = said.tone()
    assert set(rows.index.get_level_values("kind")) == {"unsolicited"}
    row = rows.loc[("customer", "get_help", "en", "unsolicited")]
    assert (row["texts"], row["share"]) == (20, 0.25)


def test_where_no_type_says_the_stage_the_instrument_does() -> None:
    said = Said()
    said.add("triggered", tones(5, 15), where=(None, None), instrument="nps")
    row = said.tone().loc[("customer", "get_help", "en", "triggered")]
    assert (row["journey"], row["status"]) == ("customer", "low_n")


@pytest.mark.parametrize(
    ("as_of", "rows"), [("2026-03-31T21:59:00", 0), ("2026-03-31T22:00:00", 1)]
)
def test_a_quarter_that_is_not_over_has_no_tone(as_of: str, rows: int) -> None:
    """The quarter ends at midnight in Berlin."""
    said = Said()
    said.add("unsolicited", tones(5, 15))
    assert len(said.tone(as_of)) == rows
