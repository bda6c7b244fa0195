# Grain: one closed wave x instrument x question of role choice: how alike departments answer.
"""How alike departments answer: whether two people of different departments choose the same.

Rao's apportionment of diversity (Theoretical Population Biology 21, 1982) with the index of Gini
and Simpson, on its side of agreement: draw two departments, and a person of each (`agreement`), or
two persons of one department (`agreement_within`); all departments count alike, and nobody is
drawn twice, so both are unbiased. Their difference is none where all departments answer alike, as
is judged by shuffling people over departments. Intervals are drawn over the persons of each.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

DRAWS, SHUFFLES = 2_000, 999
# Of two departments one is told by the other.
LEAST_DEPARTMENTS = 3
# Fewer than these who all answered alike are as good as named.
LEAST_ALIKE = 10
LEVEL = 0.05
KEY = ["instrument", "question", "period_start", "period_end", "confidentiality"]
Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("instrument", pa.string()),
        ("question", pa.string()),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("confidentiality", pa.string()),
        ("departments", pa.int64()),
        ("people", pa.int64()),
        ("agreement", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("agreement_within", pa.float64()),
        ("difference", pa.float64()),
        ("difference_low", pa.float64()),
        ("difference_high", pa.float64()),
        ("p_value", pa.float64()),
        ("most_common", pa.string()),
        ("most_common_share", pa.float64()),
        ("verdict", pa.string()),
        ("status", pa.string()),
        ("reason", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return how alike departments answered every question of every closed wave."""
    dbt.config(materialized="table")
    cells = dbt.ref("int_alignment_cells").df()
    choices = dbt.ref("survey_choices").df()
    for column in ("period_start", "period_end"):
        cells[column] = pd.to_datetime(cells[column]).dt.date
    labels = {(row.question_key, row.code): row.label for row in choices.itertuples()}
    found = []
    for values, rows in cells.groupby(KEY):
        key = dict(zip(KEY, values, strict=True))
        words = {code: label for (question, code), label in labels.items()
                 if question == key["question"]}  # fmt: skip
        seed = "|".join(str(value) for value in values[:3])
        found.append({**key, **told(rows, words, seed)})
    return pa.Table.from_pylist(found, schema=SCHEMA)


def told(rows: pd.DataFrame, labels: Mapping[int, str], seed: str) -> Row:
    """Return what may be said of one question, or why there is nothing.

    `rows` has a row a department and code: department, is_left_out, code, people.
    """
    kept = rows[~rows["is_left_out"].astype(bool)]
    counts = kept.pivot_table("people", "department", "code", aggfunc="sum", fill_value=0)
    if len(counts) < LEAST_DEPARTMENTS:
        return {"status": "suppressed", "reason": "fewer than three departments of enough answers"}
    table = counts.to_numpy(dtype=np.int64)
    found = alignment(table, seed)
    is_of_one_mind = found["agreement_within"] > 1 - 1e-9
    if is_of_one_mind and table.sum(axis=1).min() < LEAST_ALIKE:
        return {"status": "suppressed", "reason": "every department is of one mind"}
    chosen = table.sum(axis=0)
    most = [int(code) for code in counts.columns[chosen == chosen.max()]]
    return {
        **found,
        "departments": len(table),
        "people": int(table.sum()),
        "most_common": ", ".join(labels.get(code, str(code)) for code in most),
        "most_common_share": float(chosen.max() / chosen.sum()),
        "verdict": "departments differ" if found["p_value"] <= LEVEL else "no clear difference",
        "status": "low_n" if table.sum() < 30 else "ok",
    }


def alignment(counts: np.ndarray, seed: str) -> Row:
    """Return agreement between and within departments, with intervals and a p-value.

    `counts` says how many of a department (rows, two people or more) chose each code (columns).
    """
    generator = np.random.default_rng(
        int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    )
    sizes = counts.sum(axis=1)
    shares = counts / sizes[:, None]
    between, within = agreements(shares, sizes)
    drawn = np.stack([
        generator.multinomial(size, share, size=DRAWS) / size
        for size, share in zip(sizes, shares, strict=True)
    ], axis=1)  # fmt: skip
    # Draws out of n scatter less than n people do, by (n - 1) / n: of five that is a fifth.
    drawn = shares + (drawn - shares) * np.sqrt(sizes / (sizes - 1))[:, None]
    drawn_between, drawn_within = agreements(drawn, sizes)
    low, high = np.quantile(drawn_between, [LEVEL / 2, 1 - LEVEL / 2])
    # Draws are of departments that differ as much as they seem to, so they lie higher: how they
    # scatter around their own mean is what counts.
    errors = drawn_within - drawn_between
    above, below = np.quantile(errors - errors.mean(), [1 - LEVEL / 2, LEVEL / 2])
    return {
        "agreement": float(between),
        "low": float(min(low, between)),
        "high": float(max(high, between)),
        "agreement_within": float(within),
        "difference": float(within - between),
        "difference_low": float(within - between - above),
        "difference_high": float(within - between - below),
        "p_value": shuffled(counts, generator),
    }


def agreements(shares: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how often two of different departments, and two of one, choose the same.

    The last two axes of `shares` are department and code; `sizes` are the people of a department.
    """
    departments = len(sizes)
    squares = (shares**2).sum(axis=-1)
    together = (shares.sum(axis=-2) ** 2).sum(axis=-1) - squares.sum(axis=-1)
    pairs = (sizes * squares - 1) / (sizes - 1)
    return together / (departments * (departments - 1)), pairs.mean(axis=-1)


def shuffled(counts: np.ndarray, generator: np.random.Generator) -> float:
    """Return how often as large a difference comes of shuffling people over departments."""
    sizes, codes = counts.sum(axis=1), counts.shape[1]
    department = np.repeat(np.arange(len(counts)), sizes)
    chosen = np.concatenate([np.repeat(np.arange(codes), line) for line in counts])

    def difference(table: np.ndarray) -> float:
        between, within = agreements(table / sizes[:, None], sizes)
        return float(within - between)

    found, as_large = difference(counts), 1
    for _ in range(SHUFFLES):
        cell = department * codes + generator.permutation(chosen)
        again = np.bincount(cell, minlength=counts.size).reshape(counts.shape)
        as_large += difference(again) >= found - 1e-12
    return as_large / (SHUFFLES + 1)
