"""The world is as hard as docs/sandbox.md says, measured from what the vendors show."""

import json
from pathlib import Path

import pandas as pd
import pytest

from ingestion.sandbox import hardness
from ingestion.sandbox.state import START as AS_OF
from ingestion.sandbox.world import World

Tables = dict[str, pd.DataFrame]
DAY = pd.Timedelta(days=1)


@pytest.mark.parametrize("size", ["small", "whole"])
@pytest.mark.parametrize("level", hardness.LEVELS, ids=lambda level: level.name)
def test_the_level_is_reached(
    size: str, level: hardness.Level, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(size)
    tables: Tables = request.getfixturevalue(f"{size}_now")

    assert level.measure(tables, world.truth) >= level.at_least


def test_every_account_belongs_to_one_known_person(whole: World) -> None:
    owned = whole.truth["account_person"]

    assert not owned.duplicated(["system", "account_key"]).any()
    assert set(owned["system"]) == {"crm", "survey", "hr", "support", "files"}
    assert set(owned["person_uid"]) <= set(whole.truth["people"]["person_uid"])


def test_contacts_are_merged_archived_and_erased(whole: World, whole_now: Tables) -> None:
    contacts = whole_now["contacts"].set_index("contact_id")
    losers = contacts.dropna(subset="merged_into")
    winners = contacts.loc[losers["merged_into"].astype("int64"), "merged_ids"]

    assert len(losers) > 100
    assert (winners.to_numpy() == losers.index.astype(str).to_numpy()).all()
    assert (contacts["archive_reason"] == "archived").sum() > 100
    erased = whole.tables["contacts"].query("archive_reason == 'erased' and not is_gone")
    assert len(erased) > 20
    assert (erased["first_name"] == "SCRUBBED").all()
    assert erased[["email", "phone", "birth_date"]].isna().all(axis=None)
    gone = whole.tables["contacts"].query("is_gone")["contact_id"]
    assert len(gone) > 20
    assert not gone.isin(contacts.index).any()


def test_help_desk_users_are_merged_and_their_requests_move(
    whole: World, whole_now: Tables
) -> None:
    users = whole_now["support_users"].set_index("user_id")
    losers = users[users["merged"]]

    assert len(losers) > 50
    assert not losers["active"].any()
    requests = whole.tables["tickets"]
    moved = requests[requests["requester_id"].isin(losers.index)]
    assert len(moved) > 10, "losers had asked before they were merged"
    assert not whole_now["tickets"]["requester_id"].isin(losers.index).any()


def test_tickets_are_deleted_scrubbed_merged_and_tested(whole_now: Tables) -> None:
    tickets = whole_now["tickets"]

    assert (tickets["status"] == "deleted").sum() > 30
    assert (tickets["description"] == "SCRUBBED").sum() > 10
    assert tickets["tags"].str.contains("closed_by_merge").sum() > 30
    assert tickets["is_test"].sum() > 30


def test_some_records_come_days_late(whole: World) -> None:
    late = {
        "tickets": ("created_at", 40),
        "survey_responses": ("ended_at", 40),
        "orders": ("ordered_at", 80),
        "crm_feedback": ("submitted_at", 5),
    }
    for name, (happened, at_least) in late.items():
        first = whole.tables[name].drop_duplicates(whole.tables[name].columns[0])
        delay = first["visible_from"] - first[happened]
        assert (delay >= 2 * DAY).sum() > at_least, name
        assert (delay < DAY).mean() > 0.9, name


def test_job_rows_are_corrected_under_the_same_date_and_some_lie_ahead(whole: World) -> None:
    jobs = whole.tables["employee_jobs"]
    corrected = jobs.drop_duplicates("row_id").duplicated(["employee_id", "date"], keep=False)
    recorded = jobs["recorded_at"].dt.strftime("%Y-%m-%d")

    assert corrected.sum() >= 20
    assert jobs.duplicated("row_id").sum() >= 3, "some are typed over in place"
    assert (jobs["date"] > recorded).sum() > 50
    assert (jobs["date"] < recorded).sum() > 10


def test_people_live_in_many_zones_and_write_in_many_languages(whole_now: Tables) -> None:
    zones = whole_now["support_users"]["time_zone"].value_counts()
    names = whole_now["contacts"]["last_name"]
    responses = whole_now["survey_responses"]
    spoken = responses[responses["answers"].str.contains("QID2_TEXT")]["language"].value_counts()

    assert (zones > 20).sum() >= 8
    assert (~names.str.isascii()).mean() > 0.15
    assert names.str.contains("[а-я]", regex=True).sum() > 100
    assert (spoken > 50).sum() >= 5


def test_surveys_hold_what_must_not_be_counted(whole: World, whole_now: Tables) -> None:
    responses = whole_now["survey_responses"]
    answered_twice = responses[responses["status"] == 0].duplicated(
        ["distribution_id", "contact_id"], keep=False
    ) & responses["contact_id"].notna().reindex(responses.index)

    assert (responses["status"].value_counts()[[1, 2, 8]] > 20).all()
    assert answered_twice.sum() > 60
    assert (whole_now["survey_invitations"]["status"] == "Bounced").sum() > 200
    assert (responses["finished"] == 0).sum() > 100
    assert whole.tables["survey_responses"]["is_gone"].sum() > 10
    assert responses["answers"].str.contains("removed on request").sum() > 5
    open_link = responses[responses["survey_id"] == "SV_candidate_csat"]
    assert open_link["contact_id"].isna().all()


def test_files_hold_answers_out_of_scale(whole_now: Tables) -> None:
    ratings = whole_now["orders"]["delivery_rating"].dropna()

    assert (ratings == 9).sum() > 10, "9 says 'no answer'"
    assert (~ratings.isin([1, 2, 3, 4, 5, 9])).sum() > 5
    assert ratings.between(1, 5).mean() > 0.9


def test_answers_lie_on_the_scale_that_the_survey_declares(whole_now: Tables) -> None:
    scales = {
        (row.survey_id, row.question_id): {int(value) for value in json.loads(row.choices)}
        for row in whole_now["survey_questions"].itertuples()
        if row.role != "comment"
    }
    for row in whole_now["survey_responses"].itertuples():
        for question, value in json.loads(row.answers).items():
            if not question.endswith("_TEXT"):
                assert value in scales[row.survey_id, question]


def test_an_erased_person_is_gone_from_every_system(whole: World) -> None:
    contacts = whole.tables["contacts"]
    erased = set(contacts.query("archive_reason == 'erased'")["person_uid"])
    later = whole.at(AS_OF)
    long_ago = contacts.query("is_gone")["person_uid"]

    assert not later["contacts"]["person_uid"].isin(long_ago).any()
    assert not later["survey_contacts"]["person_uid"].isin(erased).any()
    users = later["support_users"]
    theirs = users[users["person_uid"].isin(erased)]
    assert (theirs["name"] == "SCRUBBED").all()
    assert theirs[["email", "phone", "external_id"]].isna().all(axis=None)


def test_the_page_says_what_was_measured(whole: World, whole_now: Tables) -> None:
    page = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for row in hardness.measure(whole_now, whole.truth).itertuples():
        assert f"| {row.level} | {row.target} | {row.measured:.3f} |" in page
    for effect in whole.truth["effects"].itertuples():
        assert f"| {effect.name} |" in page
        assert f"| {effect.since} |" in page
