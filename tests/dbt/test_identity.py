"""What the marts tell of who is who: history, companies, quality and who may read what."""

from datetime import datetime
from typing import Any

import pytest

FIRST_RUN, LAST_RUN = datetime(2026, 3, 1, 6), datetime(2026, 4, 10, 6)


def test_the_history_tells_who_an_account_was_taken_for(built: Any) -> None:
    rows = built.rows(
        "select source, person_id, current_person_id, evidence, is_current, valid_from, valid_to "
        "from warehouse.marts.bridge_person_identifier where account_id = 'qualtrics:de1' "
        "order by valid_from"
    )
    survivor = rows[0]["current_person_id"]
    assert [tuple(row.values()) for row in rows] == [
        ("qualtrics", rows[0]["person_id"], survivor, "alone", False, FIRST_RUN, LAST_RUN),
        ("qualtrics", survivor, survivor, "email", True, LAST_RUN, None),
    ]
    assert rows[0]["person_id"] != survivor


def test_an_id_of_the_past_still_finds_its_person(built: Any) -> None:
    lost = built.rows(
        "select person_id from warehouse.marts.bridge_person_identifier as history "
        "where current_person_id not in (select person_id from warehouse.marts.dim_persons)"
    )
    assert lost == []


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        (
            "bridge_person_identifier_is_history",
            "update warehouse.marts.bridge_person_identifier set valid_to = '2026-04-11' "
            "where not is_current",
        ),
        (
            "history_ends_with_who_an_account_is_now",
            "update warehouse.marts.bridge_person_identifier set person_id = 'somebody else' "
            "where account_id = 'qualtrics:de1' and is_current",
        ),
        (
            "history_ends_with_who_an_account_is_now",
            "delete from warehouse.marts.bridge_person_identifier where is_current "
            "and account_id = 'qualtrics:de1'",
        ),
        (
            "int_person_bindings_one_current_row_per_account",
            "update warehouse.identity.person_bindings set valid_to = null",
        ),
        (
            "int_person_ids_rows_hold",
            "update warehouse.identity.person_ids set merged_into = 'nobody' "
            "where merged_into is not null",
        ),
    ],
)
def test_a_damaged_history_is_noticed(broken: Any, check: str, damage: str) -> None:
    assert broken(check, "select 1") == []
    assert broken(check, damage) != []


def test_a_company_of_several_systems_is_one(built: Any) -> None:
    companies = built.rows(
        "select company.name, country, organisation_kind, accounts, sources, "
        "list_sort(list(organisation_account_id)) as known_as "
        "from warehouse.marts.dim_organisations as company "
        "inner join warehouse.marts.bridge_organisation_account using (organisation_id) "
        "group by all order by 1"
    )
    assert [tuple(row.values()) for row in companies] == [
        ("Acme", "DE", "customer", 2, 2, ["hubspot:acme", "zendesk:acme"]),
        ("Acme Holding AG", "DE", None, 1, 1, ["hubspot:holding"]),
        ("Other", None, None, 1, 1, ["zendesk:other"]),
    ]


def test_a_fact_finds_the_company_and_the_one_above_by_the_map(built: Any) -> None:
    rows = built.rows(
        "select company.name, above.name as above from warehouse.marts.fct_tickets "
        "inner join warehouse.marts.bridge_organisation_account using (organisation_account_id) "
        "inner join warehouse.marts.dim_organisations as company using (organisation_id) "
        "inner join warehouse.marts.dim_organisations as above "
        "on company.parent_organisation_id = above.organisation_id"
    )
    assert rows == [{"name": "Acme", "above": "Acme Holding AG"}]


def test_how_well_accounts_were_joined_is_published_but_for_handfuls(built: Any) -> None:
    figures, told = (
        {
            (row["figure"], row["identifier_kind"] or row["contested_reason"]): row["value"]
            for row in built.rows(f"from {relation}")
        }
        for relation in (
            "warehouse.intermediate.int_identity_quality", "publication.pub_identity_quality",
        )
    )  # fmt: skip
    assert told.keys() == figures.keys()
    hidden = {key[0] for key, value in figures.items() if told[key] != value}
    assert hidden == {
        "ids_merged", "accounts_moved", "id_churn", "contested_values", "contested_rate",
        "open_reviews",
    }  # fmt: skip
    assert {told[key] for key in figures if key[0] in hidden} == {None}
    accounts, persons = built.rows(
        "select count(*) as accounts, count(distinct person_id) as persons "
        "from warehouse.identity.account_persons"
    )[0].values()
    assert figures["accounts", None] == accounts
    assert figures["accounts_per_person", None] == pytest.approx(accounts / persons)
    assert (figures["ids_merged", None], figures["accounts_moved", None]) == (1, 1)
    assert figures["id_churn", None] == pytest.approx(1 / accounts)
    assert figures["persons_per_identifier_max", "email"] == 2
    assert figures["contested_values", "contradicting strong ids"] == 1
    assert figures["organisations", None] == 3


def test_no_value_of_an_identifier_leaves_with_the_figures(built: Any) -> None:
    """Only numbers and the words of the registries stand in what is counted for dbt."""
    told = built.rows("select distinct kind from warehouse.identity.identifier_quality")
    known = built.rows("select kind from warehouse.registry.identity_identifiers")
    assert {row["kind"] for row in told} <= {row["kind"] for row in known}


BOTH = (
    "select distinct person_id from warehouse.marts.bridge_person_identifier "
    "where account_id in ('hubspot:both', 'bamboohr:both') and is_current"
)


def test_who_is_employee_and_customer_is_one_person_counted_in_both(built: Any) -> None:
    assert len(built.rows(BOTH)) == 1
    audiences = built.rows(
        f"select audience from warehouse.marts.bridge_person_audiences "
        f"where is_current and person_id in ({BOTH}) order by audience"
    )
    assert [row["audience"] for row in audiences] == ["customer", "employee"]
    counted = built.rows(
        "select audience, persons, members from warehouse.marts.dim_audiences inner join ("
        "select audience, count(distinct person_id) as members "
        "from warehouse.marts.bridge_person_audiences where is_current group by audience"
        ") using (audience) where audience in ('customer', 'employee')"
    )
    assert [row["persons"] == row["members"] for row in counted] == [True, True]


def test_what_an_employee_lives_as_a_customer_leaves_for_nobody(built: Any) -> None:
    private = built.rows(
        "select touchpoint_type, family, person_is_workforce, is_publishable "
        f"from warehouse.marts.fct_touchpoints where person_id in ({BOTH}) order by 1"
    )
    assert [tuple(row.values()) for row in private] == [
        ("order", "customer", True, True),
        ("support_ticket", "customer", True, True),
    ]
    left = built.rows(
        "select touchpoint_type from publication.pub_touchpoints "
        "where occurred_at = '2026-04-05 10:00:00'"
    )
    assert left == []


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        (
            "hr_reads_nothing_private",
            "update warehouse.registry.purpose_policy set may_read = true where purpose = 'ex'",
        ),
        (
            "purpose_policy_rows_hold",
            "update warehouse.registry.purpose_policy set may_read = true "
            "where purpose = 'ex' and fact_family = 'customer' and person_is_workforce",
        ),
        (
            "policy_answers_every_question",
            "delete from warehouse.registry.purpose_policy "
            "where purpose = 'fan' and fact_family = 'public' and person_is_workforce",
        ),
        (
            "pub_touchpoints_purpose_holds",
            "update warehouse.registry.purpose_policy set may_read = false "
            "where purpose = 'cx' and fact_family = 'customer'",
        ),
        (
            "pub_touchpoints_purpose_holds",
            "update warehouse.marts.dim_persons set is_workforce = true",
        ),
        ("pub_touchpoints_purpose_holds", "update warehouse.marts.dim_persons set is_minor = true"),
        (
            "pub_touchpoints_purpose_holds",
            "update publication.pub_touchpoints set family = 'workforce'",
        ),
    ],
)
def test_a_row_too_many_is_noticed(broken: Any, check: str, damage: str) -> None:
    assert broken(check, "select 1") == []
    assert broken(check, damage) != []
