"""What is promised of redaction is what was measured, and what was measured is what runs."""

import csv
import json

import pytest

from benchmarks.redaction import RESULTS, SENTENCES, measure
from privacy.redaction import MEASURED, PROMISED, measured


def kept() -> dict[str, dict]:
    return json.loads(RESULTS.read_text(encoding="utf-8"))["languages"]


def test_the_registry_says_what_was_measured() -> None:
    with MEASURED.open(encoding="utf-8", newline="") as lines:
        rows = {row["language"]: (float(row["recall"]), float(row["precision"]), int(row["n"]))
                for row in csv.DictReader(lines)}  # fmt: skip
    found = {name: (f["recall"], f["precision"], f["seeded"]) for name, f in kept().items()}
    assert rows == found


def test_every_language_of_the_promise_holds_it_in_every_kind() -> None:
    assert measured() == {"en", "pl", "bg", "tl", "de"} == set(SENTENCES)
    for figures in kept().values():
        assert figures["recall"] >= PROMISED
        assert {k: f["recall"] for k, f in figures["kinds"].items() if f["recall"] < PROMISED} == {}


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_the_code_finds_what_it_found_when_it_was_measured(language: str, monkeypatch) -> None:
    """On the sentences of development, of which there may be fewer."""
    monkeypatch.setattr("benchmarks.redaction.written.__defaults__", (200,))
    assert measure(language, "development", [])["recall"] >= PROMISED
