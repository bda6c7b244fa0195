"""An app's tokens: bought once, renewed once, and what rotates is safe before it is used."""

import json
import stat
from base64 import b64encode
from itertools import count
from urllib.parse import parse_qs

import pytest
from small_worlds import emulator, small_world
from starlette.requests import Request
from starlette.responses import JSONResponse

SECRETS = ("first", "second", "rotated", "hush")


class Grants:
    """Jira's emulator behind Atlassian's door: each refresh token is good once."""

    def __init__(self, token_lives: int = 1000) -> None:
        world = small_world("jira")
        self.site = emulator("jira").app(lambda: world, None)
        self.valid, self.token_lives = {"first"}, token_lives
        self.lives: dict[str, int] = {}
        self.bought = 0
        self.names = (f"rotated{number}" for number in count(1))

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        if scope["path"] == "/oauth/token":
            asked = parse_qs((await request.body()).decode())
            await self.grant(asked)(scope, receive, send)
            return
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.lives[token] = self.lives.get(token, 0) - 1
        if self.lives[token] < 0:
            await JSONResponse({"code": 401}, 401)(scope, receive, send)
            return
        basic = b64encode(b"agent@sandbox.example:sandbox")
        headers = [(k, v) for k, v in scope["headers"] if k != b"authorization"]
        scope = scope | {"headers": [*headers, (b"authorization", b"Basic " + basic)]}
        await self.site(scope, receive, send)

    def grant(self, asked) -> JSONResponse:
        (token,) = asked["refresh_token"]
        if token not in self.valid or asked["client_secret"] != ["hush"]:
            return JSONResponse({"error": "invalid_grant"}, 403)
        self.bought += 1
        self.valid = {next(self.names)}
        self.lives[f"access{self.bought}"] = self.token_lives
        return JSONResponse(
            {"access_token": f"access{self.bought}", "refresh_token": next(iter(self.valid))}
        )


@pytest.fixture
def load_as_app(serve, load_from, tmp_path):
    """Load Jira as an app that was authorised with a refresh token."""

    def load(vendor, refresh_token="first"):
        url = serve(vendor)
        app = {
            "email": None, "api_token": None, "client_id": "app", "client_secret": "hush",
            "refresh_token": refresh_token, "token_url": f"{url}/oauth/token",
            "keys_dir": str(tmp_path / "keys"),
        }  # fmt: skip
        return load_from("jira", url, **app)

    return load


def test_a_token_that_rotates_is_kept_and_the_next_run_goes_on(
    load_as_app, counts, tmp_path
) -> None:
    vendor = Grants(token_lives=2)
    first = counts(load_as_app(vendor))
    kept = tmp_path / "keys" / "jira.refresh_token"

    assert first["issues"][0] > 0
    assert vendor.bought > 2  # each token is good for two requests
    assert json.loads(kept.read_text())["refresh_token"] in vendor.valid
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert load_as_app(vendor).problem is None


def test_a_run_that_dies_after_the_exchange_leaves_the_new_token(load_as_app) -> None:
    vendor = Grants(token_lives=0)  # no request is ever served

    died = load_as_app(vendor)
    vendor.token_lives = 1000

    assert "rejected the credential (401)" in died.problem
    assert vendor.bought == 2  # one token, and another one after the refusal; not a third
    assert load_as_app(vendor).problem is None


def test_a_token_that_is_spent_is_one_sentence_and_one_that_is_set_anew_wins(load_as_app) -> None:
    vendor = Grants()
    assert load_as_app(vendor).problem is None
    vendor.valid = {"second"}  # somebody authorised the app anew

    spent = load_as_app(vendor)

    assert "jira: takes the refresh token no more (403)" in spent.problem
    assert "authorise the app anew and set SOURCES__JIRA__REFRESH_TOKEN" in spent.problem
    assert not any(secret in spent.problem for secret in SECRETS)
    assert load_as_app(vendor, refresh_token="second").problem is None


def test_an_app_without_its_secret_says_which_setting_is_missing(load_from, tmp_path) -> None:
    loaded = load_from(
        "jira", "http://127.0.0.1:9", email=None, client_id="app", refresh_token="first",
        keys_dir=str(tmp_path),
    )  # fmt: skip

    assert "set SOURCES__JIRA__CLIENT_SECRET" in loaded.problem
