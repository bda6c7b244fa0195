"""In which language a text is written, by py3langid (BSD-3-Clause; its model is in the wheel).

Measured in benchmarks/results/labels.json beside its peers. A short text is in one of the languages
in which people write to this organisation, unless it is plainly in another one.
"""

import importlib.metadata
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from labelling.texts import has_letters

# Asked openly, an answer this sure is taken whatever the organisation expects ...
SURE = 0.8
# ... else the likeliest of the expected languages, if it is likelier than not.
LIKELY = 0.5
# What tells a language; the same line again and again tells the library less and less.
ENOUGH = 500
_DECLARED = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)


def identifier() -> str:
    """Return name and version of what tells languages apart."""
    return f"py3langid-{importlib.metadata.version('py3langid')}"


def identify(text: str, expected: Sequence[str] = ()) -> str | None:
    """Return the ISO 639-1 code of a clean text's language, None where it is not clear."""
    text = text[:ENOUGH]
    return _identified(text, tuple(sorted(expected))) if has_letters(text) else None


def declared(code: str | None) -> str | None:
    """Return what a source says of a language as ISO 639-1: 'pt' of 'pt-BR', None of 'mul'."""
    found = _DECLARED.fullmatch((code or "").strip())
    return found[1].lower() if found else None


# What is answered with one line, or from a stock of them, is written a thousand times.
@lru_cache(maxsize=100_000)
def _identified(text: str, expected: tuple[str, ...]) -> str | None:
    language, probability = _model(()).classify(text)
    if probability < SURE and expected:
        language, probability = _model(expected).classify(text)
    return str(language) if probability >= LIKELY else None


@cache
def _model(among: tuple[str, ...]) -> Any:
    from py3langid import langid

    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    if among:
        model.set_languages(among)
    return model
