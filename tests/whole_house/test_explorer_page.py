"""`ax explore` as its reader meets it: started by hand, looked at in a browser, ended by Ctrl-C."""

import ipaddress
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from playwright.sync_api import Page

from dashboards.figures import figure, interval
from tests.browser import HOSTILE, NEEDS_CHROMIUM, chromium
from tests.listening import listening
from tests.published_file import audience, insert, measured
from tests.whole_house.conftest import House
from tests.whole_house.test_site import AXE, RULES, busy

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]
WAIT = 60


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", str, Path]]:
    """Start the explorer of the busy house; give its process, its address and its file."""
    house = House(tmp_path / "data")
    marts = house.data / "published" / "marts.duckdb"
    marts.parent.mkdir(parents=True)
    with duckdb.connect(str(busy(marts))) as db:
        insert(db, "pub_audiences", [audience("evil", 90, label=HOSTILE["markup"])])
        insert(db, "pub_metric_values", [measured("evil", "nps", None, status="suppressed")])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration", "explore", "--port", str(port)],
        cwd=house.root,
        env=house.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + WAIT
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{address}/_stcore/health")
            break
        except httpx.TransportError:
            time.sleep(0.2)
    yield process, address, marts
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def greeted(address: str, name: str) -> str:
    """Ask for the page's numbers as a browser does that knows this machine by some name."""
    host, port = address.removeprefix("http://").split(":")
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {name}:{port}\r\nOrigin: http://{name}:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=WAIT) as door:
        door.sendall(asked.encode())
        return door.recv(100).split()[1].decode()


def pick(page: Page, label: str, name: str) -> None:
    page.get_by_label(label, exact=False).first.click()
    page.get_by_role("option", name=name, exact=True).click()


def faults(page: Page) -> list[Any]:
    """Return what axe finds, ours or Streamlit's."""
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def test_it_is_looked_at_and_ended(started: tuple["subprocess.Popen[str]", str, Path]) -> None:
    process, address, marts = started
    assert {ipaddress.ip_address(at).is_loopback for at, _ in listening(process.pid)} == {True}
    # Another site's page that has its own name lead here is not let in.
    assert [greeted(address, name) for name in ("127.0.0.1", "elsewhere.example")] == ["101", "403"]
    elsewhere, complaints = [], []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda asked: elsewhere.append(asked.url))
        page.on("websocket", lambda opened: elsewhere.append(opened.url))
        page.goto(address)
        page.wait_for_selector("table", timeout=WAIT * 1000)
        pick(page, "Metric", "Net Promoter Score")
        page.wait_for_selector("svg.marks", timeout=WAIT * 1000)
        with duckdb.connect(str(marts), read_only=True) as db:
            published = db.execute("""
                select value, low, high from pub_metric_values
                where metric = 'nps' and audience = 'customer' and segment = 'all'
                order by period_start desc
            """).fetchall()
        cells = page.locator("table tbody tr").evaluate_all(
            "lines => lines.map(line => line.cells[2].innerText)"
        )
        said = [
            f"{figure(value, 'score')} {interval(low, high, 'score')}"
            for value, low, high in published
        ]
        assert [cell.removesuffix(" (few answers)") for cell in cells] == said
        assert len(said) == 8
        assert page.locator("svg.marks .mark-symbol path").count() == 2 * len(said)
        assert faults(page) == []
        # A folder `pages` beside the script, which has the site's, is not taken for pages of this one.
        assert page.get_by_text("workforce", exact=True).count() == 0

        pick(page, "Audience", " ".join(HOSTILE["markup"].split()))
        page.get_by_text("hidden: too few people").first.wait_for(timeout=WAIT * 1000)
        assert HOSTILE["markup"] in page.locator("h3").first.inner_text()
        assert not re.search(r"\d", page.locator("table tbody td").nth(2).inner_text())
        assert page.locator("svg.marks").count() == 0
        assert faults(page) == []
        page.close()

    ours = address.removeprefix("http")
    assert [
        url for url in elsewhere if not re.match(rf"(http|ws){re.escape(ours)}|data:|blob:", url)
    ] == []
    assert complaints == []
    process.send_signal(signal.SIGINT)
    told, complained = process.communicate(timeout=WAIT)
    assert process.returncode == 0
    assert f"URL: {address}" in told
    assert "Traceback" not in complained
