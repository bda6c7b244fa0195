"""What counts as evidence that two accounts are one person, as lists a reader can argue with."""

from typing import NamedTuple


class Identifier(NamedTuple):
    """A kind of identifier: accounts that share a value are linked.

    `most_accounts` caps one value: above it the value is contested and links nobody.
    `is_strong` marks kinds of which a person has only one: two values in one group contradict.
    """

    kind: str
    most_accounts: int
    is_strong: bool
    reason: str


# In order of trust: the first that links an account is the evidence that is kept for it.
IDENTIFIERS = [
    Identifier("merged_into", 50, False, "the source itself says that the two are one"),
    Identifier("external_id", 8, False, "one system holds the key of the other"),
    Identifier("employee_number", 8, True, "issued once per person by the employer"),
    Identifier("member_number", 8, False, "issued once per membership"),
    Identifier("email", 6, False, "seldom shared by more than a household's accounts"),
    Identifier("phone", 5, False, "shared by households and switchboards: the tightest cap"),
]

# Local parts that belong to a role, not to a person.
ROLE_MAILBOXES = {
    "abuse", "accounts", "admin", "billing", "booking", "contact", "customerservice", "enquiries",
    "events", "finance", "help", "hello", "hr", "info", "jobs", "kontakt", "mail", "marketing",
    "membership", "no-reply", "noreply", "office", "orders", "postmaster", "press", "reception",
    "sales", "service", "support", "team", "tickets", "webmaster",
}  # fmt: skip

# Values that people and systems type when they have none.
EMPTY_VALUES = {"", "-", "-1", "0", "n/a", "na", "none", "null", "nil", "unknown", "test", "x"}

# Where one source's key of another system points to, most likely first.
EXTERNAL_SOURCES = ["hubspot", "bamboohr", "zendesk", "qualtrics"]
