import json

from qualtrics_world import DECLARED, SECRET, SURVEYS, Account, everything, response

from ingestion.connectors.qualtrics.emulator import app


def undeclared(loaded, table: str) -> dict[str, int]:
    assert loaded.problem is None
    (found,) = (count for count in loaded.tables if count.table == table)
    return dict(found.undeclared)


def told_to_a_candidate() -> Account:
    """Return an account whose anonymous survey knows all about a candidate."""
    shown = Account()
    spied = response(
        "R_spied",
        "SV_candidate_csat",
        "2026-06-20T10:00:00Z",
        contact_id=SECRET,
        distribution_id="EMD_3",
        ticket_id=42424242,
        answers={"QID1": 2, "QID9_BROWSER": "Firefox 151", "QID9_OS": "Plan 9"},
    )
    shown.tell("survey_responses", spied)
    return shown


def test_an_anonymous_answer_lands_without_any_key_of_the_person(
    serve, load_from, query, warehouse
) -> None:
    loaded = load_from("qualtrics", serve(app(told_to_a_candidate(), None)), surveys=DECLARED)

    raw = everything(query)
    for key in (SECRET, "CID_secret_too", "42424242", "203.0.113.7", "Plan 9", "Firefox"):
        assert key not in raw
    folder = warehouse.parent.parent
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert warehouse in written
    assert not [path for path in written if b"secret" in path.read_bytes()]
    assert query(
        'select contact_id, distribution_id, ticket_id, "values" from raw_qualtrics.responses'
        " where response_id = 'R_spied'"
    ) == [(None, None, None, '{"QID1": 2}')]
    # What became of the invitations stays; who they went to and what they led to does not.
    assert query(
        "select contact_id, status, response_id from raw_qualtrics.invitations"
        " where survey_id = 'SV_candidate_csat' order by contact_id"
    ) == [
        ("anonymous-000001", "SurveyFinished", None),
        ("anonymous-000002", "Success", None),
    ]
    assert undeclared(loaded, "responses")["dropped_for_anonymity"] == 2
    assert undeclared(loaded, "invitations")["dropped_for_anonymity"] == 2


def test_address_place_and_recipient_land_for_no_survey_and_are_counted(
    serve, load_from, query
) -> None:
    loaded = load_from("qualtrics", serve(app(Account(), None)), surveys=DECLARED)

    raw = everything(query, "contacts")
    assert "203.0.113.7" not in raw
    assert "52.5200" not in raw
    assert "example.org" not in raw
    dropped = undeclared(loaded, "responses")
    assert dropped["ipAddress"] == dropped["locationLatitude"] == 3
    assert dropped["recipientEmail"] == 2


def test_a_survey_that_becomes_anonymous_is_read_again_and_loses_its_keys(
    serve, load_from, query
) -> None:
    url = serve(app(Account(), None))
    load_from("qualtrics", url, surveys=json.dumps({**SURVEYS, "SV_candidate_csat": "identified"}))
    asked = "select contact_id from raw_qualtrics.responses where response_id = 'R_3'"
    assert query(asked) == [(SECRET,)]

    load_from("qualtrics", url, surveys=DECLARED)

    assert query(asked) == [(None,)]
