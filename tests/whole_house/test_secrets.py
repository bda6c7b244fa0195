"""Secrets stay where they were configured, also when everything fails that can."""

import gzip
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest
from dagster._utils.error import serializable_error_info_from_exc_info

from orchestration.settings import ROOT, read
from orchestration.triggers import tell
from tests.whole_house.conftest import House
from tests.whole_house.planted import command_lines, found, leaks

NOBODY = "http://127.0.0.1:9"  # the discard port, where nobody listens


def planted(name: str) -> str:
    return f"PL4NTED/{name}+5ecret=value"


SECRETS = {
    name: planted(name)
    for name in (
        "bearer", "basic", "apikey", "client", "refresh", "header", "address", "query", "newline",
        "database", "webhook",
    )
}  # fmt: skip


class Failing(BaseHTTPRequestHandler):
    """Fails as the path says, and says in its answer what it was sent."""

    def answer(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        said = json.dumps({"error": str(self.headers) + sent + self.path})
        status, body = {
            "401": (401, said), "500": (500, said), "400": (400, said), "cut": (200, said[:-9]),
        }[self.path.split("/")[1]]  # fmt: skip
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = answer

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def failing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def broken_accounts(failing: str) -> dict[str, dict[str, str]]:
    """Return the settings of sources that all fail, each in its own way and with its own secret."""
    told = SECRETS
    return {
        "hubspot": {"base_url": f"{failing}/401", "access_token": told["bearer"]},
        "zendesk": {"base_url": f"{failing}/500", "email": "a@b.example", "api_token": told["basic"]},
        "bamboohr": {"base_url": f"{failing}/cut", "api_key": told["apikey"]},
        "salesforce": {"base_url": f"{failing}/401", "client_id": "house", "client_secret": told["client"]},
        "jira": {
            "base_url": f"{failing}/401", "token_url": f"{failing}/400/token",
            "client_id": "house", "client_secret": told["client"], "refresh_token": told["refresh"],
        },
        "youtube": {"base_url": NOBODY, "api_key": told["header"], "channel_ids": "UC1"},
        "discourse": {
            "base_url": f"http://user:{told['address'].replace('/', '%2F')}@127.0.0.1:9/?token={told['query']}",
            "api_key": told["header"],
        },
        # A line end that came along when it was copied: the library's complaint quotes it all.
        "app_store": {"base_url": NOBODY, "access_token": told["newline"] + "\n", "apps": "1"},
        "greenhouse": {"base_url": NOBODY, "client_id": told["client"]},
    }  # fmt: skip


def test_no_secret_leaves_its_place_when_everything_fails(tmp_path: Path, failing: str) -> None:
    accounts = broken_accounts(failing)
    data = tmp_path / "data"
    (data / "databases").mkdir(parents=True)
    (data / "databases" / "gifts.yml").write_text(
        (ROOT / "docs/examples/sql/donors.yml").read_text()
    )
    house = House(data, sources=",".join([*accounts, "sql"]))
    environment = {
        **house.environment,
        **{
            f"SOURCES__{source.upper()}__{name.upper()}": value
            for source, given in accounts.items()
            for name, value in given.items()
        },
        "SOURCES__SQL__GIFTS__URL": f"postgresql://user:{SECRETS['database'].replace('/', '%2F')}@127.0.0.1:9/x",
        "AX_WEBHOOK_URL": f"{failing}/500/{SECRETS['webhook']}",
        "RUNTIME__REQUEST_MAX_ATTEMPTS": "2",
        "RUNTIME__REQUEST_BACKOFF_FACTOR": "0",
    }

    with command_lines() as running:
        done = subprocess.run(
            [sys.executable, "-m", "orchestration", "load", *accounts, "sql"],
            cwd=ROOT, env=environment, capture_output=True,
        )  # fmt: skip

    said = done.stdout + done.stderr
    assert done.returncode == 1
    for source in accounts:
        assert f"{source}:".encode() in said, f"{source} did not fail: {said.decode()}"
    assert found(SECRETS.values(), said) == set()
    assert found(SECRETS.values(), b"\n".join(running)) == set()
    assert leaks(SECRETS.values(), data) == {}


def test_the_address_that_hears_of_failures_is_in_no_message(tmp_path: Path, failing: str) -> None:
    for address in (f"{failing}/500/{SECRETS['webhook']}", f"{NOBODY}/{SECRETS['webhook']}"):
        current = read({"AX_DATA_DIR": str(tmp_path), "AX_WEBHOOK_URL": address})
        with pytest.raises(Exception, match="AX_WEBHOOK_URL") as raised:
            tell(current, {"run": "1"})
        kept = serializable_error_info_from_exc_info(raised._excinfo)
        assert found(SECRETS.values(), str(kept).encode()) == set()
    assert leaks(SECRETS.values(), tmp_path) == {}


def test_the_search_finds_a_secret_in_every_kind_of_store(tmp_path: Path) -> None:
    secret = SECRETS["basic"]
    (tmp_path / "a.gz").write_bytes(gzip.compress(secret.encode()))
    with sqlite3.connect(tmp_path / "b.db") as db:
        db.execute("create table t as select ? as x", ["-" * 5_000 + secret])
    with duckdb.connect(str(tmp_path / "c.duckdb")) as house:
        house.execute(
            "create table t as select ? || repeat(i::varchar, 9) as x from range(9000) r(i)",
            [secret],
        )
        house.execute(f"copy t to '{tmp_path / 'd.parquet'}'")
    import base64

    (tmp_path / "e.txt").write_bytes(base64.b64encode(f"me@x.example/token:{secret}".encode()))

    assert {Path(file).name for file in leaks([secret], tmp_path)} == {
        "a.gz", "b.db", "c.duckdb", "d.parquet", "e.txt",
    }  # fmt: skip
