"""A labeller learned from texts that somebody labelled: words and their parts, linearly weighed.

Chosen by cross-validation on the training part of banking77 (benchmarks/labels.py). A model is kept
as plain numbers and words: reading one runs no code.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from labelling.errors import LabelError

FOLDS = 5
WORDS = {"ngram_range": (1, 2), "sublinear_tf": True, "dtype": np.float32}
PARTS = {
    "analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True, "min_df": 2,
    "dtype": np.float32,
}  # fmt: skip
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learned: what it is called, for which languages, and how it weighs."""

    name: str
    version: str
    kind: str
    languages: tuple[str, ...]
    model: Any

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the likeliest label of each text."""
        return [str(label) for label in self.model.predict(texts)] if texts else []


@dataclass(frozen=True, slots=True)
class Measured:
    """How well it does in one language on texts it has not seen."""

    language: str
    macro_f1: float
    n: int


def train(
    name: str, version: str, kind: str, texts: Sequence[str], labels: Sequence[str],
    languages: Sequence[str],
) -> tuple[Trained, list[Measured]]:  # fmt: skip
    """Learn from labelled texts; measure by cross-validation, each text unseen when it is judged.

    Raises:
        LabelError: there is too little to learn from.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    _check(labels)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    guessed = cross_val_predict(_pipeline(), list(texts), list(labels), cv=folds)
    model = _pipeline().fit(list(texts), list(labels))
    measured = macro_f1_by(languages, labels, guessed)
    return Trained(name, version, kind, tuple(sorted(set(languages))), model), measured


def macro_f1_by(
    languages: Sequence[str], truth: Sequence[str], guessed: Sequence[str]
) -> list[Measured]:
    """Return the macro-F1 of each language."""
    from sklearn.metrics import f1_score

    found = []
    for language in sorted(set(languages)):
        mine = [place for place, at in enumerate(languages) if at == language]
        right, said = [truth[i] for i in mine], [guessed[i] for i in mine]
        score = float(f1_score(right, said, average="macro", zero_division=0))
        found.append(Measured(language, score, len(mine)))
    return found


def save(trained: Trained, file: Path) -> None:
    """Write a model, whole or not at all."""
    linear = trained.model.named_steps["linear"]
    vectorizers = [part for _, part in trained.model.named_steps["features"].transformer_list]
    about = {
        "format": FORMAT, "name": trained.name, "version": trained.version, "kind": trained.kind,
        "languages": trained.languages, "labels": [str(label) for label in linear.classes_],
        "vocabularies": [
            {word: int(place) for word, place in part.vocabulary_.items()} for part in vectorizers
        ],
    }  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    half_made = file.with_suffix(".part")
    with half_made.open("wb") as out:
        np.savez_compressed(
            out,
            about=np.frombuffer(json.dumps(about).encode(), np.uint8),
            coefficients=linear.coef_.astype(np.float32),
            intercepts=linear.intercept_.astype(np.float32),
            **{f"idf_{number}": part.idf_ for number, part in enumerate(vectorizers)},
        )
    half_made.replace(file)


def load(file: Path) -> Trained:
    """Read a model; its weights are read when it is first asked.

    Raises:
        LabelError: the file is none.
    """
    about = _read(file, lambda kept: json.loads(kept["about"].tobytes()))
    if about.get("format") != FORMAT:
        raise NoModel(file)
    model = Later(lambda: _read(file, lambda kept: _filled(about, kept)))
    languages = tuple(about["languages"])
    return Trained(about["name"], about["version"], about["kind"], languages, model)


class NoModel(LabelError):
    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} is no model of this version; train it again with `ax label train`, or take "
            "the file away"
        )


@dataclass(slots=True)
class Later:
    """A model that is made when it is first asked: a run without new texts does not wait for it."""

    make: Callable[[], Any]
    made: Any = None

    def predict(self, texts: Sequence[str]) -> Any:
        """Return the likeliest label of each text."""
        self.made = self.made or self.make()
        return self.made.predict(texts)


def _read(file: Path, part: Callable[[Any], Any]) -> Any:
    try:
        with np.load(file, allow_pickle=False) as kept:
            return part(kept)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, AttributeError, TypeError):
        raise NoModel(file) from None


def _pipeline() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion, Pipeline
    from sklearn.svm import LinearSVC

    features = FeatureUnion(
        [("words", TfidfVectorizer(**WORDS)), ("parts", TfidfVectorizer(**PARTS))]
    )
    return Pipeline([("features", features), ("linear", LinearSVC(random_state=0))])


def _filled(about: dict[str, Any], kept: Any) -> Any:
    """Return the pipeline as it was when it had learned."""
    model = _pipeline()
    parts = [part for _, part in model.named_steps["features"].transformer_list]
    for number, (part, words) in enumerate(zip(parts, about["vocabularies"], strict=True)):
        part.vocabulary = words
        part._validate_vocabulary()
        part.idf_ = kept[f"idf_{number}"]
    linear = model.named_steps["linear"]
    linear.classes_ = np.array(about["labels"])
    linear.coef_, linear.intercept_ = kept["coefficients"], kept["intercepts"]
    return model


def _check(labels: Sequence[str]) -> None:
    counts = {label: labels.count(label) for label in set(labels)}
    if len(counts) < 2:
        raise LabelError("there is one label only, so nothing to tell apart; give texts of two")
    rare = sorted(label for label, count in counts.items() if count < FOLDS)
    if rare:
        raise LabelError(
            f"{len(rare)} labels have fewer than {FOLDS} texts ({', '.join(rare[:3])}); add texts "
            "or leave these labels out"
        )
