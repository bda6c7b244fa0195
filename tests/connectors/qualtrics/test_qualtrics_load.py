import json
from datetime import UTC, datetime, timedelta

from faulty import Faulty
from qualtrics_world import DECLARED, SURVEYS, Account, response

from ingestion.connectors.qualtrics.emulator import app

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)


def load_declared(load_from, url: str, **settings):
    return load_from("qualtrics", url, **{"surveys": DECLARED, **settings})


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, query, counts
) -> None:
    shown = Account()
    url = serve(app(shown, None))

    first, second = (counts(load_declared(load_from, url)) for _ in range(2))

    assert first == {
        "surveys": (4, 0, 0),
        "survey_questions": (6, 0, 0),
        "contacts": (3, 0, 0),
        "distributions": (3, 0, 0),
        "invitations": (5, 0, 0),
        "responses": (3, 0, 0),
    }
    # R_1 is older than the lookback and not read again.
    assert second == {
        name: (0, 0, new - (name == "responses")) for name, (new, *_) in first.items()
    }
    assert query("select count(*) from raw_qualtrics.responses") == [(3,)]


def test_raw_equals_what_the_account_holds_row_for_row(serve, load_from, query) -> None:
    shown = Account()
    identified = json.dumps(dict.fromkeys(SURVEYS, "identified"))
    load_declared(load_from, serve(app(shown, None)), surveys=identified)

    truth = shown.frames["survey_responses"]
    truth = truth[truth.survey_id != "SV_undeclared"].sort_values("response_id")
    loaded = query(
        "select response_id, survey_id, contact_id, distribution_id, ticket_id, status, finished,"
        ' duration_seconds, language, recorded_at, "values"::json from raw_qualtrics.responses'
        " order by response_id"
    )
    for row, true in zip(loaded, truth.itertuples(), strict=True):
        *facts, language, recorded_at, values = row
        assert facts == [
            true.response_id, true.survey_id, true.contact_id, true.distribution_id,
            "4711" if true.response_id == "R_1" else None,
            true.status, true.finished, true.duration,
        ]  # fmt: skip
        assert (language, recorded_at, json.loads(values)) == (
            true.language.upper(), true.recorded_at, json.loads(true.answers)
        )  # fmt: skip
    invited = query(
        "select distribution_id, contact_id, response_id, started_at, completed_at"
        " from raw_qualtrics.invitations order by all"
    )
    assert [row[:3] for row in invited] == sorted(
        (record["distribution_id"], record["contact_id"], record.get("response_id"))
        for record in shown.told["survey_invitations"]
    )
    assert query(
        "select contact_id, mailing_list_id, last_name, email from raw_qualtrics.contacts"
        " order by 1"
    ) == sorted(
        (record["contact_id"], record["mailing_list_id"], record["last_name"], record["email"])
        for record in shown.told["survey_contacts"]
    )
    # The place of a choice is not the code that an answer carries.
    assert query(
        "select distinct choices ->> '$.\"1\".Display', recode_values ->> '$.\"1\"'"
        " from raw_qualtrics.survey_questions where question_id = 'QID1'"
    ) == [("0", "0")]


def test_what_comes_late_in_the_last_tick_or_edited_arrives_and_what_is_too_new_waits(
    serve, load_from, query, counts
) -> None:
    shown = Account()
    shown.tell("survey_responses", response("R_new", "SV_customer_nps", "2026-07-01T00:00:00Z"))
    url = serve(app(shown, None))
    first = counts(load_declared(load_from, url))
    shown.tell(
        "survey_responses",
        response("R_tick", "SV_customer_nps", AS_OF.isoformat()),
        response("R_late", "SV_customer_nps", "2026-06-28T12:00:00Z"),
        response("R_2", "SV_employee_pulse", "2026-06-29T10:00:00Z", answers={"QID1": 3}),
        key="response_id",
    )

    second = counts(load_declared(load_from, url, as_of=AS_OF + timedelta(days=1)))

    assert first["responses"] == (3, 0, 0)
    assert second["responses"] == (3, 1, 1)
    assert query("""select "values" from raw_qualtrics.responses where response_id = 'R_2'""") == [
        ('{"QID1": 3}',)
    ]


def test_an_older_edit_and_a_deletion_arrive_when_everything_is_read_again(
    serve, load_from, query, counts
) -> None:
    shown = Account()
    url = serve(app(shown, None))
    load_declared(load_from, url)
    scrubbed = response("R_1", "SV_customer_nps", "2026-06-02T09:02:00.204Z", answers={"QID1": 9})
    shown.tell("survey_responses", scrubbed, key="response_id")
    shown.forget("survey_responses", "response_id", "R_2")

    later = counts(load_declared(load_from, url, as_of=AS_OF + timedelta(days=28)))

    assert later["responses"] == (0, 2, 1)
    assert query(
        'select response_id, "values", _deleted_reason from raw_qualtrics.responses'
        " where response_id in ('R_1', 'R_2') order by response_id"
    ) == [("R_1", '{"QID1": 9}', None), ("R_2", None, "vanished")]


def test_a_contact_who_is_on_no_list_any_more_leaves_nothing_but_a_key(
    serve, load_from, query, counts
) -> None:
    shown = Account()
    url = serve(app(shown, None))
    load_declared(load_from, url)
    shown.forget("survey_contacts", "contact_id", "CID_4")

    again = counts(load_declared(load_from, url))

    assert again["contacts"] == (0, 1, 2)
    assert query(
        "select mailing_list_id, last_name, email, _deleted_reason from raw_qualtrics.contacts"
        " where contact_id = 'CID_4'"
    ) == [("CG_customers", None, None, "vanished")]


def test_only_surveys_that_are_declared_and_visible_are_exported(serve, load_from, query) -> None:
    paths: list[str] = []
    watched = Faulty(app(Account(), None), 0, hits=lambda _, path: paths.append(path) or False)

    declared = json.dumps({**SURVEYS, "SV_not_visible": "identified"})
    loaded = load_declared(load_from, serve(watched), surveys=declared)

    assert loaded.problem is None
    assert ("SV_undeclared",) in query("select survey_id from raw_qualtrics.surveys")
    assert not [path for path in paths if "SV_undeclared" in path or "SV_not_visible" in path]
    assert "R_4" not in str(query("select response_id from raw_qualtrics.responses"))


def test_the_history_of_a_mailing_that_has_long_expired_is_not_asked_for_again(
    serve, load_from
) -> None:
    asked: list[str] = []
    watched = Faulty(app(Account(), None), 0, hits=lambda _, path: asked.append(path) or False)
    url = serve(watched)
    load_declared(load_from, url, as_of=AS_OF + timedelta(days=60))
    asked.clear()

    load_declared(load_from, url, as_of=AS_OF + timedelta(days=61))

    assert not [path for path in asked if path.endswith("/history")]


def test_lines_that_are_no_responses_are_quarantined_without_their_content(
    serve, load_from, query, monkeypatch
) -> None:
    strange = ["{not json: secret", '["secret"]', '{"responseId": "R_9", "values": "secret"}', "{}"]
    monkeypatch.setattr(
        "ingestion.connectors.qualtrics.emulator._untidy",
        lambda lines: "\n".join([*lines, "", *strange] if "R_1" in str(lines) else lines),
    )

    loaded = load_declared(load_from, serve(app(Account(), None)))

    (found,) = (table for table in loaded.tables if table.table == "responses")
    assert (found.extracted, found.new, found.quarantined) == (6, 3, 3)
    assert query("select distinct source_table, record from raw_qualtrics.quarantine") == [
        ("responses", "{}")
    ]
