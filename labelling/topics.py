"""What a text is about, by words that a reader can argue with (seed topic_rules.csv)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NAME = "topic_rules"


@dataclass(frozen=True, slots=True)
class Rule:
    """Words of one language that speak of a topic; of several that match, the lowest wins."""

    language: str
    topic: str
    priority: int
    words: re.Pattern[str]


def compile_rules(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Rule]]:
    """Return the rules of each language in the order in which they are asked.

    Words are joined by |; one that ends with * is the beginning of a word.
    """
    found: dict[str, list[Rule]] = {}
    for row in rows:
        rule = Rule(
            row["language"], row["topic"], int(row["priority"]), _pattern(row["words"].split("|"))
        )
        found.setdefault(rule.language, []).append(rule)
    return {
        language: sorted(rules, key=lambda rule: (rule.priority, rule.topic))
        for language, rules in found.items()
    }


def topic(text: str, rules: Iterable[Rule]) -> str | None:
    """Return the topic of the first rule that matches, None where none does."""
    folded = text.casefold()
    return next((rule.topic for rule in rules if rule.words.search(folded)), None)


def version(rows: Iterable[Mapping[str, str]]) -> str:
    """Return a version that changes with the rules."""
    text = "\n".join(sorted("\t".join(row.values()) for row in rows))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    parts = [
        re.escape(word.removesuffix("*").casefold()) + ("" if word.endswith("*") else r"(?!\w)")
        for word in map(str.strip, words)
        if word
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})")
