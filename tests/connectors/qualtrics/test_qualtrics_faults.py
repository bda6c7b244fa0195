import pytest
from faulty import Faulty, Rewritten
from qualtrics_world import DECLARED, Account, contact, survey

from ingestion.connectors.qualtrics.emulator import ERROR_BODIES, app


def polls(_: int, path: str) -> bool:
    return "/export-responses/ES_" in path


def downloads(_: int, path: str) -> bool:
    return path.endswith("/file")


FAILED = {"result": {"fileId": None, "percentComplete": 12.0, "status": "failed"}}


@pytest.mark.parametrize(
    ("fault", "hits", "bodies", "sentence"),
    [
        (503, polls, ERROR_BODIES, "answered 503 after every retry"),
        (200, polls, {200: FAILED}, "failed to export the responses of SV_customer_nps"),
        ("html", downloads, {}, "sent a broken file of responses for SV_customer_nps"),
        ("cut", downloads, {}, "broke off in mid-answer"),
    ],
)
def test_an_export_that_fails_loses_nothing(
    fault, hits, bodies, sentence, serve, load_from, query, counts
) -> None:
    faulty = Faulty(app(Account(), None), fault, hits, bodies)
    url = serve(faulty)

    failed = load_from("qualtrics", url, surveys=DECLARED)
    faulty.hits = lambda *_: False
    recovered = counts(load_from("qualtrics", url, surveys=DECLARED))

    assert sentence in failed.problem
    assert recovered["responses"] == (3, 0, 0)
    assert recovered["surveys"] == (4, 0, 0)


def test_an_export_that_never_completes_is_given_up(serve, load_from) -> None:
    running = {"result": {"fileId": None, "percentComplete": 100.0, "status": "inProgress"}}
    url = serve(Faulty(app(Account(), None), 200, polls, {200: running}))

    loaded = load_from("qualtrics", url, surveys=DECLARED, export_minutes="0.001")

    assert "did not finish the export of SV_customer_nps" in loaded.problem
    assert "SOURCES__QUALTRICS__EXPORT_MINUTES" in loaded.problem


@pytest.mark.parametrize(
    ("status", "sentence"), [(401, "rejected the credential (401)"), (429, "limits the rate")]
)
def test_an_error_in_the_envelope_of_an_http_200_is_an_error(
    status, sentence, serve, load_from
) -> None:
    faulty = Faulty(app(Account(), None), 200, error_bodies={200: ERROR_BODIES[status]})

    loaded = load_from("qualtrics", serve(faulty), surveys=DECLARED)

    assert sentence in loaded.problem
    assert faulty.requests == (2 if status == 429 else 1)


def test_the_next_page_is_never_asked_of_another_host(serve, load_from, counts) -> None:
    shown = Account()
    shown.tell("surveys", *(survey(f"SV_{number}") for number in range(150)))
    shown.tell("survey_contacts", *(contact(f"CID_{number}") for number in range(1_200)))
    elsewhere = Faulty(app(Account(), None), 200)
    other = serve(elsewhere)

    def divert(body):
        following = (body.get("result") or {}).get("nextPage")
        if following:
            body["result"]["nextPage"] = other + "/" + following.split("/", 3)[3]
        return body

    loaded = counts(load_from("qualtrics", serve(Rewritten(app(shown, None), divert))))

    assert elsewhere.requests == 0
    assert loaded["surveys"] == (154, 0, 0)
    assert loaded["contacts"][0] == 1_201


@pytest.mark.parametrize("spoilt", [{"name": "Survey without an id"}, "no survey"])
def test_a_survey_without_an_id_is_a_broken_answer_in_one_sentence(
    spoilt, serve, load_from
) -> None:
    def spoil(body):
        if any("isActive" in survey for survey in (body.get("result") or {}).get("elements", [])):
            body["result"]["elements"].append(spoilt)
        return body

    loaded = load_from("qualtrics", serve(Rewritten(app(Account(), None), spoil)), surveys=DECLARED)

    assert loaded.problem == (
        "qualtrics: listed a survey without an id; see the vendor's status page, "
        "then run `ax load qualtrics`"
    )
