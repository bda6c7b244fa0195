"""What people write: comments on a score and tickets, in the language they think in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import yaml

from ingestion.sandbox.draws import Draws

GOOD, MIXED, BAD = 0, 1, 2
TOPICS = ("billing", "delivery", "access", "product", "tickets", "other")

_TONES = ("good", "mixed", "bad")
_BOOK = yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))


def comments(
    languages: np.ndarray, tone: np.ndarray, draws: Draws, first: str, second: str
) -> np.ndarray:
    """Return a comment per row in the given language and tone (GOOD, MIXED or BAD)."""
    written = []
    for language, mood, a, b in zip(languages, tone, draws[first], draws[second], strict=True):
        kept = _BOOK["comments"][language][_TONES[mood]]
        openings, details = kept["openings"], kept["details"]
        written.append(f"{openings[int(a * len(openings))]} {details[int(b * len(details))]}")
    return np.array(written, dtype=object)


def tickets(languages: np.ndarray, topic: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return subject and description of a ticket per row; ``topic`` is a position in TOPICS."""
    by_language = _BOOK["tickets"]
    pairs = [by_language[lang][TOPICS[t]] for lang, t in zip(languages, topic, strict=True)]
    subjects, descriptions = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(subjects, dtype=object), np.array(descriptions, dtype=object)


def all_comments() -> Iterator[tuple[str, str, list[str]]]:
    """Yield language, tone and every comment that `comments` may make of them."""
    for language, tones in _BOOK["comments"].items():
        for tone, kept in tones.items():
            yield language, tone, [f"{a} {b}" for a in kept["openings"] for b in kept["details"]]


def descriptions() -> Iterator[tuple[str, str, str]]:
    """Yield language, topic and the description of a ticket on it."""
    for language, topics in _BOOK["tickets"].items():
        for topic, (_, description) in topics.items():
            yield language, topic, description
