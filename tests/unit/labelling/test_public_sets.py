"""The F1 that a labeller is published with is the one that public sets give today."""

import csv
import json

import pytest

from benchmarks import labels
from tests import real_files

ROOT = labels.ROOT
TEXTS = real_files.FOLDER / "text"
KEPT = json.loads(labels.RESULTS.read_text(encoding="utf-8"))


def test_what_the_seed_and_the_page_say_was_measured() -> None:
    kept = KEPT["sentiment"]
    with (ROOT / "dbt_project" / "seeds" / "labellers.csv").open(encoding="utf-8") as lines:
        shipped = {f"{row['labeller']} {row['version']}": row for row in csv.DictReader(lines)}
    row = shipped[kept["labeller"]]
    page = (ROOT / "docs" / "labels.md").read_text(encoding="utf-8")

    assert float(row["macro_f1"]) == round(kept["macro_f1_positive_or_not"], 3)
    assert int(row["n"]) == kept["n"]
    assert f"{kept['macro_f1_neutral_is_wrong']:.3f}" in row["measured_on"]
    assert f"| {row['macro_f1']} |" in page
    assert f"macro-F1 is {KEPT['topics']['macro_f1_test']:.3f}" in page


@real_files.needs_them
def test_sentiment_does_as_well_as_is_said() -> None:
    assert labels.sentiments(TEXTS) == KEPT["sentiment"]


@real_files.needs_them
@pytest.mark.proof
def test_a_topic_labeller_does_as_well_as_is_said() -> None:
    found = labels.topics(TEXTS)

    assert found["macro_f1_test"] == pytest.approx(KEPT["topics"]["macro_f1_test"], abs=5e-4)
    assert found["macro_f1_test"] >= 0.89
