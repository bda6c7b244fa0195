"""Who gets the secret and the token, and what an org's refusals are said to mean."""

from types import SimpleNamespace

import pytest
import salesforce_world as org
from faulty import Faulty, Rewritten
from small_worlds import AS_OF
from starlette.responses import RedirectResponse, Response

from ingestion.connectors.salesforce import bulk
from ingestion.connectors.salesforce.emulator import ERROR_BODIES, Org, app


@pytest.fixture
def emulated():
    world = org.tables()
    return app(lambda: world, None)


class Listener:
    """Another host, which writes down what it is sent."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    async def __call__(self, scope, receive, send) -> None:
        self.requests.append(scope["path"])
        await Response("{}")(scope, receive, send)


@pytest.fixture
def forgetful(monkeypatch):
    """Serve an org that forgets its tokens before some requests; `tokens` are those asked for."""
    orgs: list[Org] = []
    made = Org.__init__

    def remember(self, *args, **named) -> None:
        made(self, *args, **named)
        orgs.append(self)

    monkeypatch.setattr(Org, "__init__", remember)
    world = org.tables()

    def forget(before: set[int], fails: int = 0) -> tuple[Faulty, list[str]]:
        tokens: list[str] = []

        def hits(number: int, path: str) -> bool:
            if path.endswith("/token"):
                tokens.append(path)
            if number in before:
                orgs[0].tokens.clear()
            return number == fails

        return Faulty(app(lambda: world, None), 500, hits), tokens

    return forget


@pytest.mark.usefixtures("people_only")
def test_an_expired_token_is_renewed_once_and_the_load_goes_on(
    serve, load_from, counts, forgetful
) -> None:
    emulator, tokens = forgetful({5, 12})

    assert counts(load_from("salesforce", serve(emulator)))["contacts"] == (4, 0, 0)
    assert len(tokens) == 3


@pytest.mark.usefixtures("people_only")
def test_a_fault_after_a_renewal_is_retried_with_the_new_token(
    serve, load_from, counts, forgetful
) -> None:
    # The fifth request is refused, the sixth buys a token, the seventh repeats the fifth and fails.
    emulator, tokens = forgetful({5}, fails=7)

    assert counts(load_from("salesforce", serve(emulator)))["contacts"] == (4, 0, 0)
    assert len(tokens) == 2


def test_a_token_that_is_refused_again_ends_the_load(serve, load_from, emulated) -> None:
    refusing = Faulty(
        emulated, 401, hits=lambda _, path: "/services/data" in path, error_bodies=ERROR_BODIES
    )
    loaded = load_from("salesforce", serve(refusing))

    assert "rejected the credential (401) at /services/data" in loaded.problem
    assert refusing.requests == 4  # a token, a refusal, another token, another refusal


def test_a_wrong_secret_is_said_to_be_wrong(serve, load_from, emulated) -> None:
    loaded = load_from("salesforce", serve(emulated), client_secret="guess")

    assert "refused the credential (invalid_client)" in loaded.problem
    assert "guess" not in loaded.problem


def test_an_org_that_lives_at_another_host_is_not_followed(serve, load_from, emulated) -> None:
    elsewhere = Listener()
    address = serve(elsewhere)

    def move(body):
        moved = {"instance_url": address} if "instance_url" in body else {}
        return body | moved

    loaded = load_from("salesforce", serve(Rewritten(emulated, move)))

    assert f"keeps this org at {address}, which is not base_url" in loaded.problem
    assert elsewhere.requests == []


@pytest.mark.parametrize("at", ["/services/oauth2/token", "/services/data"])
@pytest.mark.usefixtures("people_only")
def test_a_redirect_takes_neither_secret_nor_token_along(at, serve, load_from, emulated) -> None:
    elsewhere = Listener()
    address = serve(elsewhere)

    async def redirecting(scope, receive, send) -> None:
        answer = RedirectResponse(address + "/stolen") if scope["path"].startswith(at) else emulated
        await answer(scope, receive, send)

    loaded = load_from("salesforce", serve(redirecting))

    assert f"sends us elsewhere from {at}" in loaded.problem
    assert elsewhere.requests == []


def test_the_address_of_a_next_page_on_another_host_is_never_followed(
    serve, load_from, counts, emulated, monkeypatch
) -> None:
    monkeypatch.setattr("ingestion.connectors.salesforce.emulator.BATCH", 2)
    elsewhere = Listener()
    address = serve(elsewhere)

    def lure(body):
        if isinstance(body, dict) and "nextRecordsUrl" in body:
            return body | {"nextRecordsUrl": address + body["nextRecordsUrl"]}
        return body

    # Histories go by REST, page for page.
    async def luring(scope, receive, send) -> None:
        is_query = "/query" in scope["path"] and "/jobs" not in scope["path"]
        await (Rewritten(emulated, lure) if is_query else emulated)(scope, receive, send)

    loaded = counts(load_from("salesforce", serve(luring)))

    assert loaded["opportunity_history"] == (6, 0, 0)
    assert elsewhere.requests == []


def test_the_end_of_the_day_s_requests_is_no_missing_permission(serve, load_from) -> None:
    world = org.tables()
    loaded = load_from("salesforce", serve(app(lambda: world, SimpleNamespace(quota=7))))

    assert "no API requests left for today (403 REQUEST_LIMIT_EXCEEDED)" in loaded.problem
    assert "wait until older requests are a day old" in loaded.problem
    assert "scopes" not in loaded.problem


def test_a_field_or_an_object_that_is_hidden_is_named(
    serve, load_from, counts, emulated, request
) -> None:
    def hide(*names):
        def rewrite(body):
            if isinstance(body, dict) and "fields" in body:
                kept = [field for field in body["fields"] if field["name"] not in names]
                body = body | {"fields": kept}
            return body

        return rewrite

    async def hiding(scope, receive, send, names=("Email", "Phone")) -> None:
        is_about = scope["path"].endswith("Contact/describe")
        await (Rewritten(emulated, hide(*names)) if is_about else emulated)(scope, receive, send)

    async def without_cases(scope, receive, send) -> None:
        hidden = Faulty(emulated, 404, error_bodies=ERROR_BODIES)
        is_about = scope["path"].endswith("Case/describe")
        await (hidden if is_about else emulated)(scope, receive, send)

    async def without_optional(scope, receive, send) -> None:
        await hiding(scope, receive, send, ("Language__c", "Birthdate"))

    case = load_from("salesforce", serve(without_cases))
    request.getfixturevalue("people_only")
    field = load_from("salesforce", serve(hiding))

    assert "does not show Email, Phone of Contact" in field.problem
    assert "field-level security" in field.problem
    assert "does not show Case to the user of the connected app (404)" in case.problem
    # What an org need not have is left out of the query.
    assert counts(load_from("salesforce", serve(without_optional)))["contacts"] == (4, 0, 0)


class Results:
    """Serve `app`, its pages of bulk results changed on their way."""

    def __init__(self, app, headers=(), cut=0, state=None) -> None:
        self.app, self.headers, self.cut, self.state = app, dict(headers), cut, state

    async def __call__(self, scope, receive, send) -> None:
        is_results = scope["path"].endswith("/results")
        if self.state and "/jobs/query/" in scope["path"]:
            body = {"state": self.state, "errorMessage": "too\nlarge"}
            await Rewritten(self.app, lambda job: job | body)(scope, receive, send)
            return

        async def changed(message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message["headers"] if k.decode() not in self.headers
                        and k != b"content-length"]  # fmt: skip
                given = [(k.encode(), v.encode()) for k, v in self.headers.items() if v]
                message = message | {"headers": kept + given}
            else:
                message = message | {"body": message["body"][: -self.cut or None]}
            await send(message)

        await self.app(scope, receive, changed if is_results else send)


@pytest.mark.parametrize(("fault", "said"), [
    ({"state": "Failed"}, "ended a bulk query as Failed (too large)"),
    ({"state": "Aborted"}, "ended a bulk query as Aborted"),
    ({"state": "InProgress"}, "did not finish a bulk query in 0.001 minutes"),
    ({"headers": {"sforce-locator": ""}}, "something that is not a page of bulk results"),
    ({"headers": {"sforce-numberofrecords": "7"}}, "sent 1 of the 7 rows of a page"),
    ({"cut": 40}, "sent"),
])  # fmt: skip
def test_a_bulk_query_that_goes_wrong_ends_the_load(
    fault, said, serve, load_from, query, emulated, monkeypatch
) -> None:
    monkeypatch.setattr(bulk, "LONGEST_PAUSE_SECONDS", 0.02)
    url = serve(Results(emulated, **fault))
    loaded = load_from("salesforce", url, as_of=AS_OF, bulk_minutes="0.001")

    assert loaded.problem.startswith("salesforce: ")
    assert said in loaded.problem
    assert query("select count(*) from duckdb_tables() where table_name = 'accounts'") == [(0,)]
