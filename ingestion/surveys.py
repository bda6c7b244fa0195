"""What every source of surveys does alike: which surveys are read, and what of a response may land.

A dropped key stays in the row as a name without a value: landing counts it among the undeclared,
so that the ledger shows what was sent and not kept.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from ingestion.errors import VendorFault

ANONYMOUS = "anonymous"
# The name under which the ledger counts the rows of anonymous surveys that carried a person's key.
DROPPED_FOR_ANONYMITY = "dropped_for_anonymity"
# What a link to a survey may carry along of whom it was sent to, and about which ticket.
HANDED_OVER = ("contact_id", "employee_number", "email", "ticket_id")

# The key of whoever answered, as the macro `respondent_account` makes it.
RESPONDENT = (
    "case when trim(contact_id) <> '' then trim(contact_id) "
    "when trim(employee_number) <> '' then 'employee:' || trim(employee_number) "
    "when trim(email) <> '' then 'guest:' || md5(lower(trim(email))) end"
)

Row = dict[str, Any]

log = logging.getLogger(__name__)


def visible(source: str, declared: Mapping[str, str], listed: Iterable[Any]) -> dict[str, str]:
    """Return the declared surveys that the vendor lists, each with its confidentiality.

    Raises:
        VendorFault: the vendor lists a survey without an id, so nobody knows what it left out.
    """
    ids = {survey.get("id") if isinstance(survey, dict) else None for survey in listed}
    if None in ids:
        raise VendorFault(source, "listed a survey without an id", "see the vendor's status page")
    if unseen := declared.keys() - ids:
        log.warning("%s: declared, but not visible: %s", source, ", ".join(sorted(unseen)))
    return {survey: kind for survey, kind in declared.items() if survey in ids}


class Questions(NamedTuple):
    """The ids of a survey's questions as it stands, and of those that ask who somebody is."""

    known: list[Any]
    personal: list[Any]

    def may_land(self, question: str, confidentiality: str) -> bool:
        """Return whether answers may land; of a question that is gone nobody can tell any more."""
        is_known = confidentiality != ANONYMOUS or question in self.known
        return is_known and question not in self.personal


def minimised(
    told: Mapping[str, Any], wanted: Collection[str], keys: Collection[str], confidentiality: str
) -> Row:
    """Return of what a response tells only what is `wanted`, the rest as names without a value.

    `keys` lead back to a person and stay where the survey is not anonymous.
    """
    anonymous = confidentiality == ANONYMOUS
    kept = {k: v for k, v in told.items() if k in wanted or (k in keys and not anonymous)}
    dropped = told.keys() - kept.keys()
    row = dict.fromkeys(dropped) | kept
    if anonymous and any(told[key] for key in dropped):
        row[DROPPED_FOR_ANONYMITY] = None
    return row
