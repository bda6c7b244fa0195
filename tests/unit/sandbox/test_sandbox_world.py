"""The world is the same for the same seed, grows without rewriting, and shows nothing too early."""

import hashlib
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from ingestion.sandbox.state import START as AS_OF
from ingestion.sandbox.versions import LONGEST_INDEX_LAG, TABLES
from ingestion.sandbox.world import BeyondTheHorizon, World, make_world

Tables = dict[str, pd.DataFrame]
# What may lie ahead: plans, not events.
AHEAD = {"closes_at"}


def digest(tables: Tables) -> str:
    """Return one hash over every table's columns, types and values."""
    total = hashlib.sha256()
    for name, frame in sorted(tables.items()):
        total.update(f"{name}{list(frame.columns)}{list(map(str, frame.dtypes))}".encode())
        rows = pd.util.hash_pandas_object(frame, index=False)
        total.update(rows.to_numpy().tobytes())
    return total.hexdigest()


def test_the_same_seed_and_instant_give_the_same_bytes(small: World, small_now: Tables) -> None:
    again = make_world(people=300, until=date(2026, 6, 30))

    assert digest(again.at(AS_OF)) == digest(small_now)
    assert digest(again.truth) == digest(small.truth)


def test_another_seed_gives_another_world(small_now: Tables) -> None:
    assert digest(make_world(people=300, seed=1).at(AS_OF)) != digest(small_now)


@pytest.mark.parametrize("until", [date(2026, 7, 1), date(2026, 10, 15), date(2027, 2, 1)])
def test_a_world_that_runs_longer_shows_the_same_past(small_now: Tables, until: date) -> None:
    longer = make_world(people=300, until=until)

    assert digest(longer.at(AS_OF)) == digest(small_now)


def test_a_world_that_ends_earlier_shows_the_same_past(small: World) -> None:
    moment = datetime(2024, 11, 3, 15, 30, tzinfo=UTC)
    shorter = make_world(people=300, until=moment.date())

    assert digest(shorter.at(moment)) == digest(small.at(moment))


def test_a_later_instant_changes_a_record_only_through_a_newer_version(small: World) -> None:
    instants = [AS_OF - timedelta(days=days) for days in (400, 90, 31, 30, 1, 0)]
    for (earlier, before), (_, after) in pairwise((each, small.at(each)) for each in instants):
        for name, table in TABLES.items():
            key = list(table.key)
            old, new = before[name].set_index(key), after[name].set_index(key)
            both = old.index.intersection(new.index)
            was, now = (side.loc[both].astype(object) for side in (old, new))
            changed = ((was != now) & ~(was.isna() & now.isna())).any(axis=1)
            shown = new.loc[both[changed.to_numpy()], "visible_from"]
            assert (shown > pd.Timestamp(earlier)).all(), name
            vanished = old.index.difference(new.index)
            versions = small.tables[name].set_index(key)
            gone = versions[versions["is_gone"]]
            assert vanished.isin(gone.index).all(), name


def test_versions_of_a_record_come_in_the_order_of_their_own_clock(whole: World) -> None:
    moving = {"contacts": "updated_at", "tickets": "generated_at", "deals": "updated_at"}
    for name, moved in moving.items():
        versions = whole.tables[name].sort_values("visible_from", kind="stable")
        steps = versions.groupby(list(TABLES[name].key))[moved].diff().dropna()
        assert (steps >= pd.Timedelta(0)).all(), name


@pytest.mark.parametrize("size", ["small", "whole"])
def test_nothing_comes_from_the_future(size: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(size)
    for moment in (AS_OF, datetime(2025, 2, 14, 9, 30, tzinfo=UTC)):
        for name, frame in world.at(moment).items():
            stamped = [
                column
                for column, kind in TABLES[name].columns.items()
                if kind == "time" and column not in AHEAD
            ]
            for column in [*stamped, "visible_from"]:
                latest = frame[column].max()
                assert pd.isna(latest) or latest <= pd.Timestamp(moment), f"{name}.{column}"


def test_nothing_shows_before_its_own_instant_nor_long_after_it(whole: World) -> None:
    for name in ("contacts", "deals", "crm_feedback", "organisations"):
        frame = whole.tables[name]
        lag = (frame["visible_from"] - frame["updated_at"]).dt.total_seconds()
        assert lag.between(0, LONGEST_INDEX_LAG).all(), name
    prompt = {
        "tickets": "generated_at",
        "survey_responses": "recorded_at",
        "orders": "updated_at",
        "employee_jobs": "recorded_at",
    }
    for name, column in prompt.items():
        frame = whole.tables[name]
        first = frame.drop_duplicates(list(TABLES[name].key))
        assert (first["visible_from"] == first[column]).all(), name


def test_an_instant_beyond_the_horizon_is_refused_in_a_sentence(small: World) -> None:
    with pytest.raises(BeyondTheHorizon, match="make it with a later until"):
        small.at(datetime(2026, 7, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="needs a time zone"):
        small.at(datetime(2026, 6, 1))
    with pytest.raises(ValueError, match="History starts on 2023-07-01"):
        make_world(people=300, until=date(2020, 1, 1))


@pytest.mark.parametrize("size", ["small_now", "whole_now"])
def test_every_table_has_its_columns_and_kinds(size: str, request: pytest.FixtureRequest) -> None:
    tables: Tables = request.getfixturevalue(size)
    dtypes = {"int": "int64", "Int": "Int64", "float": "float64", "bool": "bool", "str": "object",
              "time": "datetime64[us, UTC]"}  # fmt: skip
    assert set(tables) == set(TABLES)
    for name, frame in tables.items():
        table = TABLES[name]
        assert len(frame) > 0, name
        assert list(frame.columns) == [*table.columns, "visible_from"], name
        assert not frame.duplicated(list(table.key)).any(), name
        for column, kind in table.columns.items():
            assert str(frame[column].dtype) == dtypes[kind], f"{name}.{column}"
            if kind == "str":
                kinds = {type(value) for value in frame[column]}
                assert kinds <= {str, type(None)}, f"{name}.{column} holds {kinds}"


REFERENCES = [
    ("contacts", "organisation_id", "organisations", "organisation_id"),
    ("contacts", "owner_id", "crm_owners", "owner_id"),
    ("contacts", "merged_into", "contacts", "contact_id"),
    ("organisations", "owner_id", "crm_owners", "owner_id"),
    ("deals", "organisation_id", "organisations", "organisation_id"),
    ("survey_questions", "survey_id", "surveys", "survey_id"),
    ("distributions", "survey_id", "surveys", "survey_id"),
    ("survey_invitations", "distribution_id", "distributions", "distribution_id"),
    ("survey_responses", "survey_id", "surveys", "survey_id"),
    ("survey_responses", "ticket_id", "tickets", "ticket_id"),
    ("employees", "supervisor_id", "employees", "employee_id"),
    ("employee_jobs", "employee_id", "employees", "employee_id"),
    ("employee_jobs", "reports_to", "employees", "employee_id"),
    ("employee_statuses", "employee_id", "employees", "employee_id"),
    ("support_users", "organization_id", "support_organizations", "organization_id"),
    ("tickets", "requester_id", "support_users", "user_id"),
    ("tickets", "assignee_id", "support_users", "user_id"),
    ("tickets", "organization_id", "support_organizations", "organization_id"),
    ("ticket_events", "ticket_id", "tickets", "ticket_id"),
    ("ticket_events", "actor_id", "support_users", "user_id"),
    ("satisfaction_ratings", "ticket_id", "tickets", "ticket_id"),
    ("support_users", "employee_number", "employees", "employee_number"),
    ("applications", "candidate_id", "candidates", "candidate_id"),
    ("application_stages", "application_id", "applications", "application_id"),
    ("job_offers", "application_id", "applications", "application_id"),
]


@pytest.mark.parametrize(("table", "column", "other", "key"), REFERENCES)
def test_what_a_record_refers_to_is_there(
    whole_now: Tables, table: str, column: str, other: str, key: str
) -> None:
    lost = set(whole_now[table][column].dropna()) - set(whole_now[other][key])
    assert not lost, sorted(lost)[:5]


def test_volumes_are_those_of_an_organisation_of_this_size(whole_now: Tables) -> None:
    expected = {
        "contacts": (5_400, 6_500),
        "deals": (1_300, 1_700),
        "tickets": (5_500, 6_500),
        "survey_responses": (8_300, 9_800),
        "employees": (320, 380),
        "orders": (4_500, 5_500),
    }
    for name, (low, high) in expected.items():
        assert low <= len(whole_now[name]) <= high, f"{name}: {len(whole_now[name])}"


def test_people_carry_at_least_the_audiences_that_ship(small: World, whole: World) -> None:
    shipped = (
        "prospect lead customer lapsed_customer subscriber fan superfan member donor dealer media"
        " alumnus volunteer candidate employee manager new_hire former_employee"
        " season_ticket_holder junior_fan"
    )
    wanted = set(shipped.split())
    for world in (small, whole):
        truth = world.truth["memberships"]
        assert wanted <= set(truth["audience"])
        ended = truth.dropna(subset="valid_to")
        assert (ended["valid_from"] < ended["valid_to"]).all()
    several = whole.truth["memberships"].groupby("person_uid")["audience"].nunique()
    assert (several >= 2).mean() > 0.5


def test_waves_go_out_early_in_a_quarter_and_close_before_its_end(whole: World) -> None:
    waves = whole.tables["distributions"]
    waves = waves[~waves["survey_id"].isin(["SV_ticket_csat", "SV_candidate_csat"])]
    quarter = waves["sent_at"].dt.tz_localize(None).dt.to_period("Q")
    start, end = quarter.dt.start_time, quarter.dt.end_time
    sent, closes = (waves[c].dt.tz_localize(None) for c in ("sent_at", "closes_at"))

    assert ((sent - start).dt.days < 46).all()
    assert (closes < end).all()
    sent_out = waves.groupby("survey_id").size().to_dict()
    assert (sent_out.pop("SV_culture"), sent_out.pop("SV_maturity")) == (6, 3)
    assert set(sent_out.values()) == {12}


def test_a_small_organisation_has_pulse_groups_below_five(small: World, whole: World) -> None:
    for world in (small, whole):
        answers = world.tables["survey_responses"]
        pulse = answers[(answers["survey_id"] == "SV_employee_pulse") & (answers["status"] == 0)]
        contact = world.tables["survey_contacts"].drop_duplicates("contact_id", keep="last")
        people = pulse.merge(contact[["contact_id", "external_reference"]], on="contact_id")
        staff = (
            world.at(AS_OF)["employees"]
            .query("not deleted")
            .set_index("employee_number")["department"]
        )
        team = people["external_reference"].map(staff)
        sizes = people.groupby(["distribution_id", team])["contact_id"].nunique()
        assert (sizes < 5).any()
        assert (people.groupby("distribution_id")["contact_id"].nunique() >= 5).all()
    assert (sizes >= 5).any(), "whole teams can be published"


def test_ids_reach_beyond_thirty_two_bits(whole_now: Tables) -> None:
    assert whole_now["contacts"]["contact_id"].min() > 2**31
    requesters = whole_now["support_users"]["user_id"]
    assert np.isin(requesters.astype(str).str.len(), [14]).all()


def test_to_ask_for_the_sandboxs_state_costs_no_import_of_what_makes_a_world() -> None:
    code = "import sys, ingestion.sandbox.state; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
