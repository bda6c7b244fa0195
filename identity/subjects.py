"""What is resolved: persons and organisations, each with where its accounts and values are read."""

from collections.abc import Callable
from typing import NamedTuple

from identity import normalise
from identity.rules import LARGEST_ORGANISATION


class Value(NamedTuple):
    """An identifier that is typed into a column (or two), and what makes one spelling of it."""

    kind: str
    typed: tuple[str, ...]
    clean: Callable[..., str | None]


class Subject(NamedTuple):
    """A kind of thing that has accounts in several systems.

    `reads` are the columns that decide who is who or describe a person: an account in which one
    changed is looked at again. `combinations` are kinds whose value is put together from `given`,
    `family` and `birth_date` of an account `a`; `compared` are kinds that hang on other accounts
    too, each a query of account_id and value that is compared with what it gave before.
    `written_in_parts` are further tables of which a run writes only what changed.
    """

    name: str
    accounts: str
    key: str
    merged_into: str
    external_id: str
    values: tuple[Value, ...]
    combinations: dict[str, str]
    compared: dict[str, str]
    reads: tuple[str, ...]
    has_names: bool
    written_in_parts: tuple[str, ...]

    def table(self, what: str) -> str:
        """Return the name of one of the subject's tables in schema `identity`."""
        return f"identity.{self.name}_{what}"

    @property
    def id(self) -> str:
        """The column that holds the id that stays."""
        return f"{self.name}_id"

    @property
    def typed(self) -> list[str]:
        """The columns of an account that its identifiers are made of."""
        names = ("first_name", "last_name", "full_name", "birth_date") if self.has_names else ()
        return [*dict.fromkeys([*names, *(c for value in self.values for c in value.typed)])]


def _numbered(number: str, country: str | None) -> str | None:
    cleaned = normalise.code(number)
    return cleaned and f"{(country or '').upper()}:{normalise.name(cleaned)}"


def _named(name: str, country: str | None) -> str | None:
    cleaned = normalise.company(name)
    return cleaned and country and f"{cleaned}|{country.upper()}"


# The organisation that an account names, or whose domain its address has; in a small one the same
# full name is the same person, in a large one it need not be.
NAME_AT_ORGANISATION = f"""
with companies as (
    select account_id, organisation_id from identity.organisation_bindings where valid_to is null
),
domains as (
    select held.value as domain, any_value(companies.organisation_id) as organisation_id
    from identity.organisation_identifiers as held inner join companies using (account_id)
    where held.kind = 'domain'
    group by held.value having count(distinct companies.organisation_id) = 1
),
stated as (
    select seen.account_id, companies.organisation_id
    from contracts.person_observations as seen
    inner join companies on seen.organisation_id = companies.account_id
    union
    select held.account_id, domains.organisation_id
    from identity.person_identifiers as held
    inner join domains on split_part(held.value, '@', 2) = domains.domain
    where held.kind = 'email'
),
small as (
    select organisation_id from stated
    group by organisation_id having count(distinct account_id) <= {LARGEST_ORGANISATION}
)
select known.account_id,
    known.given || '|' || known.family || '|' || stated.organisation_id as value
from stated
semi join small using (organisation_id)
inner join identity.person_accounts as known using (account_id)
where known.given is not null and known.family is not null
"""

PERSON = Subject(
    name="person",
    accounts="contracts.person_observations",
    key="account_id",
    merged_into="merged_into_account_id",
    external_id="external_id",
    values=(
        Value("employee_number", ("employee_number",), normalise.code),
        Value("member_number", ("member_number",), normalise.code),
        Value("email", ("email",), normalise.email),
        Value("phone", ("phone", "country"), normalise.phone),
    ),
    combinations={
        "name_birth_date": "a.given || '|' || a.family || '|' || a.birth_date",
    },
    compared={"name_organisation": NAME_AT_ORGANISATION},
    reads=(
        "first_name", "last_name", "full_name", "email", "phone", "country", "employee_number",
        "member_number", "external_id", "birth_date", "merged_into_account_id",
        "language", "is_deleted", "is_test", "created_at", "updated_at",
    ),
    has_names=True,
    written_in_parts=(
        "identity.account_persons", "identity.contacts", "identity.persons",
        "identity.value_persons",
    ),
)  # fmt: skip

ORGANISATION = Subject(
    name="organisation",
    accounts="contracts.organisations",
    key="organisation_id",
    merged_into="merged_into_organisation_id",
    external_id="cast(null as varchar)",
    values=(
        Value("registration_number", ("registration_number", "country"), _numbered),
        Value("domain", ("domain",), normalise.domain),
        Value("name_country", ("name", "country"), _named),
    ),
    combinations={},
    compared={},
    reads=("name", "domain", "registration_number", "country", "merged_into_organisation_id"),
    has_names=False,
    written_in_parts=(),
)  # fmt: skip
