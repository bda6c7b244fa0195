"""How good and how fast labels are: sentiment, topics, and telling languages apart, beside peers.

`python -m benchmarks.labels` writes `benchmarks/results/labels.json`. Sets: the three UCI files of
labelled sentences and banking77 (CC BY 4.0; a folder that holds them is named by `--data` or
AX_TEXT_DATA, they are no part of this project; without it the parts that need them say so), and the
phrases of the sandbox in eight languages. Peers are measured where they are installed. Times are of
the processor, so that what else the machine does is not in them. Nothing here
chooses by a test set: VADER's thresholds are its authors', the topic labeller was chosen by
cross-validation on banking77's training part, which is measured again here.
"""

import argparse
import csv
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from benchmarks.contract_world import contracts, create
from labelling import languages, sentiment, trained
from labelling.label import label, shipped
from labelling.texts import clean
from orchestration.redaction import READS
from privacy.redaction import redact

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "labels.json"
PHRASES = ROOT / "ingestion" / "sandbox" / "phrases.yml"
UCI = ("amazon_cells", "imdb", "yelp")
TURNS = 100_000
LIBRARIES = ("py3langid", "vaderSentiment", "scikit-learn", "numpy", "duckdb")
PEERS = {
    "lingua, any": "lingua", "lingua, expected": "lingua", "langdetect": "langdetect", "eld": "eld",
}  # fmt: skip
DISTRIBUTIONS = {"lingua": "lingua-language-detector"}

Identify = Callable[[str], str | None]


def phrases() -> dict[str, list[tuple[str, str]]]:
    """Return (language, text) of whole comments, tickets, and parts of both."""
    book = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    found: dict[str, list[tuple[str, str]]] = {"comments": [], "tickets": [], "parts": []}
    for language, tones in book["comments"].items():
        for tone in tones.values():
            found["comments"] += [
                (language, f"{opening} {detail}")
                for opening in tone["openings"]
                for detail in tone["details"]
            ]
            found["parts"] += [(language, text) for texts in tone.values() for text in texts]
    for language, topics in book["tickets"].items():
        for subject, description in topics.values():
            found["tickets"].append((language, description))
            found["parts"] += [(language, subject), (language, description)]
    return found


def identifiers() -> dict[str, Callable[[], Identify]]:
    """Return, by name, how each way of telling languages is made."""
    expected = sorted({language for language, _ in phrases()["comments"]})

    def by_lingua(among: Sequence[str]) -> Identify:
        from lingua import IsoCode639_1, LanguageDetectorBuilder

        codes = [getattr(IsoCode639_1, code.upper()) for code in among]
        build = LanguageDetectorBuilder
        made = build.from_iso_codes_639_1(*codes) if codes else build.from_all_languages()
        detector = made.build()

        def identify(text: str) -> str | None:
            found = detector.detect_language_of(text)
            return found.iso_code_639_1.name.lower() if found else None

        return identify

    def by_langdetect() -> Identify:
        from langdetect import DetectorFactory, detect

        DetectorFactory.seed = 0
        return lambda text: str(detect(text))

    def by_eld() -> Identify:
        from eld import LanguageDetector

        detector = LanguageDetector()
        return lambda text: str(detector.detect(text).language)

    def as_used_here(text: str) -> str | None:
        languages._identified.cache_clear()  # what one text takes is compared, not what is kept
        return languages.identify(text, expected)

    return {
        "as used here": lambda: as_used_here,
        "py3langid, any": lambda: lambda text: str(languages._model(()).classify(text)[0]),
        "lingua, any": lambda: by_lingua(()),
        "lingua, expected": lambda: by_lingua(expected),
        "langdetect": by_langdetect,
        "eld": by_eld,
    }


def judge_identifier(name: str) -> dict[str, Any]:
    """Return accuracy, errors that make English of something else, time and memory of one way."""
    identify = identifiers()[name]()
    sets = phrases()
    for _, text in sets["parts"][:40]:  # models are read when they are first asked
        identify(text)
    start = time.process_time()
    found = {kind: [(language, identify(text)) for language, text in rows]
             for kind, rows in sets.items()}  # fmt: skip
    seconds = time.process_time() - start
    everything = [pair for pairs in found.values() for pair in pairs]
    return {
        "accuracy": {
            kind: round(sum(a == b for a, b in pairs) / len(pairs), 4)
            for kind, pairs in found.items()
        },
        "not_said": sum(told is None for _, told in everything),
        "taken_for_english": sum(real != "en" and told == "en" for real, told in everything),
        "n": len(everything),
        "cpu_microseconds_a_text": round(seconds / len(everything) * 1e6),
        "memory_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    """Return the most memory that this process held; its parent's is not counted."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def language_identification() -> dict[str, Any]:
    """Judge every way in a process of its own, since memory is part of it."""
    judged: dict[str, Any] = {}
    for name in identifiers():
        needs = PEERS.get(name)
        if needs and importlib.util.find_spec(needs) is None:
            judged[name] = f"not measured: {needs} is not installed"
            continue
        command = [sys.executable, "-m", "benchmarks.labels", "--identifier", name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        judged[name] = json.loads(done.stdout)
        if needs:
            package = DISTRIBUTIONS.get(needs, needs)
            judged[name]["version"] = importlib.metadata.version(package)
    return judged


def sentences(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """Return texts and labels (0 negative, 1 positive) of one UCI file."""
    lines = (folder / f"uci_{name}_labelled.txt").read_text(encoding="utf-8").split("\n")
    pairs = [line.rsplit("\t", 1) for line in lines if line]
    return [text for text, _ in pairs], [mark.strip() for _, mark in pairs]


def sentiments(folder: Path) -> dict[str, Any]:
    """Return VADER's macro-F1 on the three files; two ways to count what it calls neutral."""
    from sklearn.metrics import f1_score

    truth: list[str] = []
    two: list[str] = []
    three: list[str] = []
    by_file = {}
    for name in UCI:
        texts, marks = sentences(folder, name)
        said = [sentiment.sentiment(clean(text))[0] for text in texts]
        is_positive = ["1" if word == "positive" else "0" for word in said]
        by_file[name] = _macro_f1(marks, is_positive)
        truth += marks
        two += is_positive
        three += [{"positive": "1", "negative": "0"}.get(word, "neutral") for word in said]
    as_three = f1_score(truth, three, labels=["0", "1"], average="macro")
    return {
        "labeller": f"{sentiment.NAME} {sentiment.version()}",
        "n": len(truth),
        "macro_f1_positive_or_not": _macro_f1(truth, two),
        "macro_f1_by_file": by_file,
        "macro_f1_neutral_is_wrong": round(float(as_three), 4),
        "share_neutral": round(three.count("neutral") / len(three), 4),
    }


def _macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    [found] = trained.macro_f1_by(["en"] * len(truth), truth, said)
    return round(found.macro_f1, 4)


def questions(folder: Path, part: str) -> tuple[list[str], list[str]]:
    """Return texts and topics of one part of banking77, as shipped."""
    with (folder / f"banking77_{part}.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [clean(row["text"]) for row in rows], [row["category"] for row in rows]


def topics(folder: Path) -> dict[str, Any]:
    """Return the macro-F1 of the trained labeller, kept in a file and read from there."""
    texts, labels = questions(folder, "train")
    start = time.process_time()
    model, [crossed] = trained.train("bank", "1", "topic", texts, labels, ["en"] * len(texts))
    seconds = time.process_time() - start
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "bank-1.npz"
        trained.save(model, file)
        size, again = file.stat().st_size, trained.load(file)
        unseen, truth = questions(folder, "test")
        again.predict(unseen[:1])
        start = time.process_time()
        said = again.predict(unseen)
        reading = time.process_time() - start
    return {
        "macro_f1_test": _macro_f1(truth, said),
        "macro_f1_cross_validated_on_train": round(crossed.macro_f1, 4),
        "n_train": len(texts),
        "n_test": len(truth),
        "topics": len(set(labels)),
        "cpu_seconds_to_train_and_cross_validate": round(seconds, 1),
        "model_mb": round(size / 1e6, 1),
        "cpu_microseconds_a_text": round(reading / len(truth) * 1e6),
    }


def speed(folder: Path) -> dict[str, Any]:
    """Return processor seconds to label short turns at first, unchanged, and 1 % changed."""
    file = folder / "warehouse.duckdb"
    rows = [row for texts in phrases().values() for row in texts]
    with duckdb.connect(str(file)) as db:
        db.execute("create schema contracts; create schema identity")
        for contract in READS:
            create(db, contract, contracts()[contract])
        db.execute("create table identity.account_persons (account_id varchar, person_id varchar)")
        db.execute("create table said (number bigint, body varchar)")
        db.executemany("insert into said values (?, ?)", [(n, t) for n, (_, t) in enumerate(rows)])
        db.execute(
            "insert into contracts.feedback_turns by name "
            "select 't' || t.number as turn_id, 'bench' as source, t.number as source_record_id, "
            "body || ' ' || t.number as body "
            f"from range({TURNS}) as t(number) "
            f"inner join said on said.number = t.number % {len(rows)}"
        )
    seconds = {"first": _timed(file)}
    seconds["unchanged"] = _timed(file)
    with duckdb.connect(str(file)) as db:
        db.execute(
            "update contracts.feedback_turns set body = body || ' again' "
            "where cast(source_record_id as bigint) % 100 = 0"
        )
    seconds["one_percent_changed"] = _timed(file)
    return {"turns": TURNS, "cpu_seconds": seconds}


def _timed(file: Path) -> float:
    expected = sorted({language for language, _ in phrases()["comments"]})
    redact(file, expected)
    start = time.process_time()
    label(file, shipped())
    return round(time.process_time() - start, 1)


def main() -> None:
    """Measure all of it and write the results."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, default=os.environ.get("AX_TEXT_DATA"))
    words.add_argument("--identifier", help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.identifier:
        print(json.dumps(judge_identifier(asked.identifier)))
        return
    absent = "not measured: name the folder of the labelled texts by --data or AX_TEXT_DATA"
    data = Path(asked.data) if asked.data and Path(asked.data).is_dir() else None
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    with tempfile.TemporaryDirectory() as folder:
        result = {
            "commit": commit.stdout.strip(),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
            "load_average": round(os.getloadavg()[0], 1),
            "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
            "sentiment": sentiments(data) if data else absent,
            "topics": topics(data) if data else absent,
            "languages": language_identification(),
            "labelling": speed(Path(folder)),
        }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
