"""Identifier values in one spelling, or None where they identify nobody."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from identity.rules import EMPTY_VALUES, ROLE_MAILBOXES

LONGEST = 320  # the longest e-mail address there is; whatever is longer is no identifier
FEWEST_DIGITS = 6  # shorter numbers are extensions and short codes, shared by a whole house


def email(value: str) -> str | None:
    """Return the address in lower case and NFC, or None when malformed or a role mailbox."""
    if _is_empty(value):
        return None
    try:
        checked = validate_email(value.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    address = checked.normalized.lower()
    return None if address.split("@")[0] in ROLE_MAILBOXES else address


def phone(value: str, country: str | None) -> str | None:
    """Return the number in E.164, read as dialled in `country` (ISO 3166-1), or None."""
    if _is_empty(value):
        return None
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.national_number < 10 ** (
        FEWEST_DIGITS - 1
    ):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def code(value: str) -> str | None:
    """Return an issued number or key without surrounding space, or None when it is a filler."""
    return None if _is_empty(value) else value.strip()


def _is_empty(value: str) -> bool:
    return len(value) > LONGEST or value.strip().lower() in EMPTY_VALUES
