"""Identifier values in one spelling, or None where they identify nobody."""

import re
from functools import cache

import phonenumbers
from anyascii import anyascii
from cleanco import basename
from email_validator import EmailNotValidError, validate_email

from identity.rules import blocked, providers

LONGEST = 320  # the longest e-mail address there is; whatever is longer is no identifier
FEWEST_DIGITS = 6  # shorter numbers are extensions and short codes, shared by a whole house

# What is plainly an address, and plainly a number with its country, needs no parser: a million of
# them would take the parsers a minute.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,}}"
)
_PLAIN_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_SEPARATORS = str.maketrans("", "", " -./\u00a0")


def email(value: str) -> str | None:
    """Return the address as its provider reads it, or None when malformed or nobody's own."""
    if _is_empty(value):
        return None
    address = _address(value.strip())
    if address is None:
        return None
    local, domain = address.rsplit("@", 1)
    if provider := providers().get(domain):
        domain = provider.stands_for
        local = local.split("+")[0] if provider.ignores_plus else local
        local = local.replace(".", "") if provider.ignores_dots else local
    address = f"{local}@{domain}"
    return None if local in blocked("mailbox") or address in blocked("email") else address


def phone(value: str, country: str | None) -> str | None:
    """Return the number in E.164, read as dialled in `country` (ISO 3166-1), or None.

    A leading 00 is read as + where no country says otherwise.
    """
    if _is_empty(value):
        return None
    number = value.translate(_SEPARATORS)
    number = f"+{number[2:]}" if number.startswith("00") else number
    is_plain = _PLAIN_NUMBER.fullmatch(number) and _stands_as_typed(number[1:6], len(number))
    dialled = number if is_plain else _parsed(number if number[:1] == "+" else value, country)
    return None if dialled in blocked("phone") else dialled


def code(value: str) -> str | None:
    """Return an issued number or key without surrounding space, or None when it is a filler."""
    return None if _is_empty(value) else value.strip()


def name(value: str) -> str | None:
    """Return a name in latin letters and digits only, lower case, or None where none is left."""
    if _is_empty(value):
        return None
    latin = value if value.isascii() else anyascii(value)
    return _NO_LETTER.sub("", latin.lower()) or None


def names(first: str | None, last: str | None, full: str | None) -> tuple[str | None, str | None]:
    """Return given and family name folded; a whole name is split at its comma or first space."""
    if full and not (first or last):
        last, comma, first = full.partition(",")
        if not comma:
            first, _, last = full.strip().partition(" ")
    return first and name(first), last and name(last)


def domain(value: str) -> str | None:
    """Return an organisation's own domain without scheme, path and www, or None."""
    if _is_empty(value):
        return None
    host = value.strip().lower().split("@")[-1].split("://")[-1].split("/")[0].split(":")[0]
    host = host.removeprefix("www.").strip(".")
    return None if "." not in host or host in blocked("domain") else host


def company(value: str) -> str | None:
    """Return a company's name in latin letters without its legal form, or None."""
    if _is_empty(value):
        return None
    return name(basename(value)) or name(value)


def _is_empty(value: str) -> bool:
    return len(value) > LONGEST or value.strip().lower() in blocked("any")


def _address(value: str) -> str | None:
    folded = value.lower()
    local = folded.find("@")
    if 0 < local <= 64 and len(folded) <= 254 and _PLAIN_ADDRESS.fullmatch(folded):
        return folded
    try:
        checked = validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


@cache
def _stands_as_typed(start: str, length: int) -> bool:
    """Tell whether numbers of this start and length are what the parser makes of them."""
    sample = f"+{start}{'5' * (length - 1 - len(start))}"
    return _parsed(sample, None) == sample


def _parsed(value: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return None
    is_short = (number.national_number or 0) < 10 ** (FEWEST_DIGITS - 1)
    if is_short or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
