"""Names of the people of a thread, as they are written in a sentence.

Declined (Polish, Bulgarian, German, Filipino), in another script, without diacritics, as initials.
A name that nobody has a record of is not found here: that would take a model of a language.
"""

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

from privacy.redaction_spans import Span
from privacy.redaction_words import ALSO_WORDS, ENDINGS, PARTICLES

LETTERS = re.compile(r"[^\W\d_]+")
SHORTEST, SHORTEST_LOWER, SHORTEST_DECLINED_LOWER = 2, 3, 4
# Bulgarian law on transliteration, where anyascii follows Russian use.
_BULGARIAN = str.maketrans({"щ": "sht", "ъ": "a", "ь": "y"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_BY_LAST = {
    last: tuple(pair for pair in ENDINGS if pair[0][-1] == last)
    for last in {said[-1] for said, _ in ENDINGS}
}
_BETWEEN = re.compile(r"[\s.,'’\-]{1,3}")
_INITIAL_AFTER = re.compile(r"[\s.]{1,2}([^\W\d_])(?:\.|(?![\w]))")
_INITIAL_BEFORE = re.compile(r"(?<!\w)([^\W\d_])\.?\s?$")
_TWO_INITIALS = re.compile(r"(?<!\w)([^\W\d_])\.\s?([^\W\d_])(?:\.|(?!\w))")


@lru_cache(maxsize=300_000)
def fold(word: str) -> str:
    """Return a word in Latin lower case, y and j as i, so that spellings of a name meet."""
    low = word.casefold()
    if not low.isascii():
        low = anyascii(low.translate(_BULGARIAN)).lower()
    low = low.replace("y", "i").replace("j", "i").replace("kh", "h").replace("'", "")
    return low.replace("ii", "i")


@lru_cache(maxsize=300_000)
def nominatives(word: str) -> tuple[str, ...]:
    """Return what a folded word may be a form of, itself not among them."""
    found = {
        word[: -len(said)] + known
        for said, known in _BY_LAST.get(word[-1:], ())
        if word.endswith(said) and len(word) - len(said) + len(known) >= 3
    }
    return tuple(sorted(found - {word}))


def spellings(name: str) -> Iterator[str]:
    """Yield the folded parts of a name, umlauts both as one letter and as two."""
    for part in LETTERS.findall(name):
        folded = fold(part)
        yield folded
        if len(folded) < SHORTEST or folded in PARTICLES:
            continue
        if not part.isascii():
            yield fold(part.casefold().translate(_UMLAUTS))
        for pair, single in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ts", "c")):
            if pair in folded:
                yield folded.replace(pair, single)


def find_names(
    text: str, tokens: frozenset[str], initials: frozenset[tuple[str, str]]
) -> Iterator[Span]:
    """Yield where one of the names (folded `tokens`) stands, with initials beside it.

    `initials` are first letters of given and family name, folded, of each person.
    """
    if not tokens:
        return
    found: list[Span] = []
    unsure: list[Span] = []
    for word in LETTERS.finditer(text):
        is_sure = _is_name(word[0], tokens)
        if is_sure is not None:
            (found if is_sure else unsure).append(Span(word.start(), word.end(), "name"))
    found = _with_neighbours(text, found, unsure)
    letters = {token[0] for token in tokens}
    for span in found:
        yield _with_initials(text, span, letters)
    for pair in _TWO_INITIALS.finditer(text):
        if pair[1].isupper() and (fold(pair[1])[:1], fold(pair[2])[:1]) in initials:
            yield Span(pair.start(), pair.end(), "name")


def _is_name(word: str, tokens: frozenset[str]) -> bool | None:
    """Say whether a word is a name: False where it is one only beside another, None where not."""
    folded = fold(word)
    if folded in tokens:
        if len(folded) < SHORTEST or folded in PARTICLES:
            return False
        if word[0].isupper():
            return True
        return len(folded) >= SHORTEST_LOWER and folded not in ALSO_WORDS
    forms = nominatives(folded)
    if tokens.isdisjoint(forms):  # nearly every word
        return None
    if word[0].isupper():
        return True
    bases = [base for base in forms if base in tokens]
    is_word = folded in ALSO_WORDS or any(base in ALSO_WORDS for base in bases)
    return not is_word and max(map(len, bases)) >= SHORTEST_DECLINED_LOWER


def _with_neighbours(text: str, sure: list[Span], unsure: list[Span]) -> list[Span]:
    """Return the sure ones with those unsure ones that stand in one row with them."""
    chain = sorted([*sure, *unsure])
    taken = set(sure)
    for row in (chain, chain[::-1]):
        for one, following in pairwise(row):
            if one in taken and _beside(text, one, following):
                taken.add(following)
    return sorted(taken)


def _beside(text: str, one: Span, other: Span) -> bool:
    first, second = sorted((one, other))
    return bool(_BETWEEN.fullmatch(text, first.end, second.start))


def _with_initials(text: str, span: Span, letters: Container[str]) -> Span:
    start, end = span.start, span.end
    if (after := _INITIAL_AFTER.match(text, end)) and _is_initial(after[1], letters):
        end = after.end()
    before = _INITIAL_BEFORE.search(text, max(0, start - 4), start)
    if before and _is_initial(before[1], letters):
        start = before.start()
    return Span(start, end, span.kind)


def _is_initial(letter: str, letters: Container[str]) -> bool:
    return letter.isupper() and fold(letter)[:1] in letters
