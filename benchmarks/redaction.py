"""How much of what tells who somebody is redaction finds, by language and kind, and how fast.

`--development` tries it on the sentences that it may be mended by; without, it is measured once on
those that were held out, with other people. Writes results/redaction.json.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.redaction_people import COUNTRIES, Writer
from labelling import languages
from privacy.redaction_spans import Span, composed
from privacy.redaction_text import Known, find, known, redact_text

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "redaction.json"
SENTENCES = yaml.safe_load(
    (ROOT / "benchmarks" / "redaction_templates.yml").read_text(encoding="utf-8")
)
SEEDS = {"development": 1, "held_out": 20261126}
TEXTS = 2_000
SLOT = re.compile(r"\{(\w+)\}")
LIBRARIES = ("anyascii", "faker", "idnumbers", "morfeusz2", "phonenumbers")


@dataclass
class Written:
    """A text, what is known of its thread, and where in it somebody is told."""

    text: str
    of: Known
    told: list[Span] = field(default_factory=list)


def written(language: str, part: str, texts: int = TEXTS) -> Iterator[Written]:
    """Yield texts of one language, each with other people in it."""
    writer = Writer(language, SEEDS[part])
    sentences = SENTENCES[language][part]
    for number in range(texts):
        me, agent, other = writer.person(), writer.person(), writer.person()
        country = COUNTRIES[language]
        made = Written("", known([me.row(country), agent.row(country)]))
        pieces = SLOT.split(sentences[number % len(sentences)])
        for place, piece in enumerate(pieces):
            is_slot = place % 2 == 1
            value, kind = writer.value(piece, me, agent, other) if is_slot else (piece, None)
            value = composed(value)
            if kind:
                start = len(made.text)
                made.told.append(Span(start, start + len(value), kind))
            made.text += value
        yield made


def is_covered(text: str, told: Span, found: list[Span]) -> bool:
    """Say whether every letter and digit of a stretch is in what was found."""
    places = {at for at in range(told.start, told.end) if text[at].isalnum()}
    return not places - {at for span in found for at in range(span.start, span.end)}


def measure(language: str, part: str, misses: list[str]) -> dict[str, Any]:
    """Return recall and precision of one language, by kind and over all kinds."""
    told, hit, found, right = (Counter[str]() for _ in range(4))
    for one in written(language, part):
        spans = find(one.text, language, one.of)
        for span in one.told:
            told[span.kind] += 1
            covered = is_covered(one.text, span, spans)
            hit[span.kind] += covered
            if not covered and span.kind != "stranger":
                misses.append(f"missed {span.kind}: {one.text[span.start : span.end]} | {one.text}")
        for span in spans:
            found[span.kind] += 1
            is_right = any(span.start < t.end and t.start < span.end for t in one.told)
            right[span.kind] += is_right
            if not is_right:
                misses.append(f"wrong {span.kind}: {one.text[span.start : span.end]} | {one.text}")
    strangers = told.pop("stranger"), hit.pop("stranger")
    kinds = {
        kind: {"seeded": told[kind], "recall": _share(hit[kind], told[kind]),
               "redacted": found[kind], "precision": _share(right[kind], found[kind])}
        for kind in sorted(set(told) | set(found))
    }  # fmt: skip
    return {
        "seeded": sum(told.values()),
        "recall": _share(sum(hit.values()), sum(told.values())),
        "precision": _share(sum(right.values()), sum(found.values())),
        "kinds": kinds,
        "names_in_no_record": {
            "seeded": strangers[0],
            "recall": _share(strangers[1], strangers[0]),
        },
    }


def speed(texts: int = 20_000) -> dict[str, Any]:
    """Return processor seconds of 100,000 texts, one in five of which tells somebody."""
    kept: list[tuple[str, str, Known]] = []
    for language in SENTENCES:
        some = list(written(language, "development", texts // 25))
        plain = re.compile(r"\S*\d\S*")
        for one in some:
            kept.append((one.text, language, one.of))
            quiet = plain.sub("", one.text)
            kept += [(f"{quiet} {n}", language, one.of) for n in range(4)]
    start = time.process_time()
    for text, language, of in kept:
        redact_text(text, language, of)
    redacting = time.process_time() - start
    expected = tuple(sorted(SENTENCES))
    languages.identify("12 a", expected)  # reads the models, once a run
    start = time.process_time()
    for text, _, _ in kept[::10]:
        languages.identify(text, expected)
    telling = 10 * (time.process_time() - start)
    scale = 100_000 / len(kept)
    return {
        "texts": len(kept),
        "cpu_seconds_a_100000": {
            "redacting": round(redacting * scale, 1),
            "telling_the_language": round(telling * scale, 1),
        },
        "texts_a_cpu_second": round(len(kept) / redacting),
    }  # fmt: skip


def main() -> None:
    """Measure, and write the results unless it is about development."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--development", action="store_true")
    part = "development" if words.parse_args().development else "held_out"
    misses: list[str] = []
    found = {language: measure(language, part, misses) for language in SENTENCES}
    if part == "development":
        print("\n".join(misses))
        print(json.dumps(found, indent=1))
        return
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    result = {
        "commit": commit.stdout.strip(),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "texts_a_language": TEXTS,
        "languages": found,
        "speed": speed(),
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


if __name__ == "__main__":
    main()
