"""A text as a labeller reads it: without what is no text, and not without end."""

import re
import unicodedata

# What a person reads of a long letter, and what keeps a pasted log from taking minutes.
LONGEST = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return the beginning of a text in composed form, control characters as spaces."""
    composed = unicodedata.normalize("NFC", text[: 2 * LONGEST])
    return _SPACES.sub(" ", _CONTROL.sub(" ", composed)).strip()[:LONGEST]


def has_letters(text: str) -> bool:
    """Say whether there is a word in it; emoji, numbers and dashes are in no language."""
    return any(character.isalpha() for character in text)
