"""How an English text sounds, by VADER (MIT; its lexicon is in the wheel)."""

import importlib.metadata
from functools import cache
from typing import Any

NAME, LANGUAGE = "vader", "en"
# The thresholds that VADER's authors give; nothing here was tuned.
POSITIVE, NEGATIVE = 0.05, -0.05


def version() -> str:
    """Return the version of the labeller, which is that of the library."""
    return importlib.metadata.version("vaderSentiment")


def compound(text: str) -> float:
    """Return VADER's weighted sum between -1 and 1."""
    return float(_analyzer().polarity_scores(text)["compound"])


def sentiment(text: str) -> tuple[str, float]:
    """Return negative, neutral or positive, and how far from neutral, 0 to 1."""
    score = compound(text)
    if score >= POSITIVE:
        return "positive", score
    return ("negative", -score) if score <= NEGATIVE else ("neutral", abs(score))


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
