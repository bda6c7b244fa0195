"""Numbers that tell who somebody is: cards, accounts, national numbers, phones.

What is a number of a person is decided by its checksum or by the plan that its country dials by,
and where neither decides, by the word before it.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from privacy.redaction_spans import Span
from privacy.redaction_words import NATIONAL_WORDS, PHONE_WORDS, REFERENCE_WORDS

LONGEST_GAP = 40  # characters between a word and the number that it speaks of
REGIONS = {
    "en": ("US", "GB"), "pl": ("PL",), "bg": ("BG",), "tl": ("PH",), "de": ("DE", "AT", "CH"),
    "fr": ("FR",), "es": ("ES",), "it": ("IT",), "pt": ("PT",),
}  # fmt: skip
_DIGIT = re.compile(r"\d")
_CARD = re.compile(r"(?<![\w])[0-6](?:[ \-.]?\d){11,18}(?![\w])")
_IBAN = re.compile(
    r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]{4}){2,7}(?:[ \-]?[A-Za-z0-9]{1,3})?"
)
_ACCOUNT = re.compile(r"(?<!\w)\d{2}(?:[ \-]?\d{4}){6}(?!\w)")
_PHONE = re.compile(
    r"(?<![\w])(?:\+|00)?\(?\d[\d ./()\-\u00a0\u2011\u2013]{4,26}\d"
    r"(?:\s?(?:x|ext\.?|wew\.?|вътр\.?|доб\.?|Durchwahl)\s?\d{1,6})?(?!\w)",
    re.IGNORECASE,
)
_CUED = re.compile(
    rf"(?<!\w)(?:{NATIONAL_WORDS})(?!\w)[^\n\w]{{0,4}}(?:\w+[ :]{{1,2}}){{0,3}}?"
    r"([A-Z]{0,3}[ ]?\d[\d \-./]{5,16}\d)",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(rf"(?<!\w)(?:{PHONE_WORDS})(?!\w)", re.IGNORECASE)
_REFERENCE_WORD = re.compile(rf"(?<!\w)(?:{REFERENCE_WORDS})(?!\w)|[#№]", re.IGNORECASE)
# What is no number of anybody, so that it does not run into one: dates, hours, amounts.
_NOBODYS = re.compile(
    r"(?<![\d+(/.-])(?:"
    r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|[12]\d|3[01])[./-](?:19|20)\d\d"
    r"|(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|[12]\d|3[01])[./]\d\d"
    r"|(?:19|20)\d\d[./-](?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|[12]\d|3[01])"
    r"|\d{1,2}[:.]\d{2}\s?[-–]\s?\d{1,2}[:.]\d{2}"
    r"|(?:19|20)\d\d\s?[-–/]\s?(?:19|20)?\d\d"
    r"|\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,3}(?: \d{3})+[.,]\d{2}"
    r")(?![\d/-]|[.,]\d)"
)
_AMOUNT_AFTER = re.compile(r"\s?(?:[€$£%₱]|eur|usd|pln|z[łl]|bgn|лв|php|piso|pesos?|gbp|chf)", re.I)


def find_numbers(
    text: str, language: str | None, countries: frozenset[str], phones: frozenset[str]
) -> Iterator[Span]:
    """Yield cards, accounts, national numbers and phones of a text.

    Phones are read as dialled in `countries` and where `language` is spoken; `phones` are the
    digits of known ones.
    """
    digits = len(_DIGIT.findall(text))
    if digits < 6:
        return
    text = _NOBODYS.sub(lambda found: "·" * len(found[0]), text)
    yield from _cards(text)
    yield from _accounts(text)
    yield from _national(text, digits)
    regions = (*sorted(countries), *REGIONS.get(language or "", ("US", "PL", "BG", "DE", "PH")))
    for found in _PHONE.finditer(text):
        if _is_phone(text, found, regions, phones):
            yield Span(found.start(), found.end(), "phone")


def luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def mod97(account: str) -> bool:
    """Say whether an IBAN without spaces holds its own check (ISO 13616)."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _cards(text: str) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        if luhn(_digits(found[0])) and _spoken_of(text, found.start()) != "reference":
            yield Span(found.start(), found.end(), "card")


def _accounts(text: str) -> Iterator[Span]:
    for found in _IBAN.finditer(text):
        said = found[0]
        # A word that follows the account may look like its last group.
        while len(said) >= 15:
            if mod97(re.sub(r"[ \-]", "", said)):
                yield Span(found.start(), found.start() + len(said), "iban")
                break
            said = said[: max(said.rfind(" "), said.rfind("-"), 0)]
    for found in _ACCOUNT.finditer(text):
        if mod97("PL" + _digits(found[0])):
            yield Span(found.start(), found.end(), "iban")


@cache
def _checks() -> tuple[tuple[int, re.Pattern[str], Callable[[str], bool]], ...]:
    """Return how many digits a national number has at least, its shape, and what says if it is."""
    from idnumbers.nationalid import BGR, DEU, PHL, POL, USA

    def digits_of(check: Any) -> Callable[[str], bool]:
        return lambda said: bool(check.validate(_digits(said)))

    def always(said: str) -> bool:
        return True

    shapes: list[tuple[int, str, Callable[[str], bool]]] = [
        (11, r"\d{11}|\d{6}[ -]\d{5}", digits_of(POL.NationalID)),
        (10, r"\d{10}|\d{6}[ -]\d{4}", digits_of(BGR.UniformCivilNumber)),
        (11, r"\d{2}[ /]?\d{3}[ /]?\d{3}[ /]?\d{3}", digits_of(DEU.TaxID)),
        (9, r"\d{3}-\d{2}-\d{4}", lambda said: bool(USA.NationalID.validate(said))),
        (12, r"\d{4}-\d{7}-\d", lambda said: bool(PHL.NationalID.validate(said))),
        # Without a check digit that is published: the shape alone.
        (
            11,
            r"\d{2}[ ]?(?:0[1-9]|[12]\d|3[01]|[5-9]\d)[01]\d{3}[ ]?[A-Z][ ]?\d{3}",
            always,
        ),  # RVNR
        (6, r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", always),  # NINO
        (10, r"\d{2}-\d{7}-\d", always),  # SSS
        (12, r"\d{2}-\d{9}-\d", always),  # PhilHealth
        (12, r"\d{4}-\d{4}-\d{4}(?:-\d{4})?", always),  # Pag-IBIG, PhilSys card
        (12, r"\d{3}-\d{3}-\d{3}-\d{3,5}", always),  # TIN with its branch
    ]
    return tuple(
        (fewest, re.compile(rf"(?<![\w-])(?:{shape})(?![\w-])"), check)
        for fewest, shape, check in shapes
    )


def _national(text: str, digits: int) -> Iterator[Span]:
    for fewest, shape, check in _checks():
        if digits < fewest:  # most texts that hold a number hold a short one
            continue
        for found in shape.finditer(text):
            if check(found[0]) and _spoken_of(text, found.start()) != "reference":
                yield Span(found.start(), found.end(), "national_id")
    for found in _CUED.finditer(text):
        yield Span(found.start(1), found.end(1), "national_id")


def _is_phone(
    text: str, found: re.Match[str], regions: tuple[str, ...], phones: frozenset[str]
) -> bool:
    said = found[0]
    digits = _digits(said)
    if any(digits.endswith(known) for known in phones):
        return True
    if _AMOUNT_AFTER.match(text, found.end()):
        return False
    spoken_of = _spoken_of(text, found.start())
    if spoken_of == "reference":
        return False
    is_international = said[0] == "+" or said.startswith("00")
    if spoken_of == "phone" or (is_international and len(digits) >= 9):
        return len(digits) <= 22
    return any(_is_dialled(said, region) for region in dict.fromkeys(regions))


def _spoken_of(text: str, start: int) -> str | None:
    """Say whether the nearest word before a number speaks of a phone or of a reference."""
    before = text[max(0, start - LONGEST_GAP) : start]
    ends = {
        kind: max((found.end() for found in words.finditer(before)), default=-1)
        for kind, words in (("phone", _PHONE_WORD), ("reference", _REFERENCE_WORD))
    }
    nearest = max(ends, key=lambda kind: ends[kind])
    return nearest if ends[nearest] >= 0 else None


def _is_dialled(said: str, region: str) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(said, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number_for_region(number, region))


def _digits(said: str) -> str:
    return "".join(letter for letter in said if "0" <= letter <= "9")
