"""The registries of labelling: who labels what and how well, and the rules for topics."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from labelling.errors import LabelError

SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
KINDS = ("sentiment", "topic", "emotion")


@dataclass(frozen=True, slots=True)
class Registered:
    """A labeller for one kind of label in one language; `labels` is empty where any will do."""

    labeller: str
    version: str
    kind: str
    language: str
    labels: frozenset[str]


def labellers(seeds: Path = SEEDS) -> list[Registered]:
    """Return the rows of the registry of labellers."""
    return [
        Registered(
            row["labeller"],
            row["version"],
            row["label_kind"],
            row["language"],
            frozenset(filter(None, row["labels"].split("|"))),
        )
        for row in _rows(seeds / "labellers.csv")
    ]


def allowed(
    known: Iterable[Registered], labeller: str, version: str
) -> dict[str, frozenset[str] | None]:
    """Return the labels that a labeller may give by kind, None where any will do.

    Raises:
        LabelError: the registry does not know it.
    """
    mine = [row for row in known if (row.labeller, row.version) == (labeller, version)]
    if not mine:
        raise LabelError(
            f"labellers.csv knows no {labeller} in version {version}; give it a row per kind and "
            "language in dbt_project/seeds/labellers.csv (macro_f1 stays empty until it is "
            "measured) and try again"
        )
    by_kind: dict[str, frozenset[str] | None] = {}
    for row in mine:
        before = by_kind.get(row.kind, frozenset())
        by_kind[row.kind] = before | row.labels if row.labels and before is not None else None
    return by_kind


def identified(seeds: Path = SEEDS) -> list[str]:
    """Return the instruments that promise no confidentiality."""
    rows = _rows(seeds / "instruments.csv")
    return [row["instrument"] for row in rows if row["confidentiality"] == "identified"]


def topic_rules(seeds: Path = SEEDS) -> list[dict[str, str]]:
    """Return the rules for topics as they stand in their seed."""
    return _rows(seeds / "topic_rules.csv")


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
