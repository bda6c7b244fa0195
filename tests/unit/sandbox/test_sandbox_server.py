"""The server: loopback only, one line when ready, every emulator mounted, gone when told to."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pandas as pd
import pytest
from starlette.applications import Starlette

from ingestion.sandbox import server, snapshot, state
from ingestion.sandbox.faults import Faults, Planned
from ingestion.sandbox.inbox import write_inbox
from ingestion.sandbox.snapshot import Current, world_of
from ingestion.sandbox.world import World
from tests.listening import listening

pytestmark = pytest.mark.slow

MODULE = [sys.executable, "-m", "ingestion.sandbox.server"]

OWNERS = "/hubspot/crm/v3/owners"


def statuses(app: Starlette, path: str, times: int) -> list[int]:
    """Return the statuses of a signed-in caller's requests."""

    async def ask() -> list[int]:
        transport = httpx.ASGITransport(app=app)
        signed_in = {"Authorization": "Bearer sandbox"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://sandbox", headers=signed_in
        ) as caller:
            return [(await caller.get(path)).status_code for _ in range(times)]

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small world in it."""
    folder = tmp_path_factory.mktemp("data")
    state.write(folder, state.State(people=300))
    Current(folder)()
    return folder


@pytest.fixture
def served(data: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [*MODULE, "--data-dir", str(data), "--port", "0", "--with-parent"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process, json.loads(process.stdout.readline())["port"]
    process.kill()
    process.wait()


def test_it_answers_at_once_on_loopback_and_ends_on_sigterm(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served

    refused = httpx.get(f"http://127.0.0.1:{port}{OWNERS}", timeout=20)
    nowhere = httpx.get(f"http://127.0.0.1:{port}/nobody", timeout=20)
    process.send_signal(signal.SIGTERM)

    assert refused.status_code == 401
    assert nowhere.status_code == 404
    assert process.wait(timeout=20) in (0, -signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.read() == "", "one line, and no more"


def test_the_kernel_has_it_listen_on_loopback_alone(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served

    assert listening(process.pid) == {("127.0.0.1", port)}


def test_it_ends_when_its_parent_closes_standard_input(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, _ = served
    assert process.stdin is not None
    process.stdin.close()

    assert process.wait(timeout=20) == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])
def test_it_refuses_any_other_address_in_one_sentence(host: str, data: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        server.main(["--data-dir", str(data), "--host", host])

    assert str(refused.value).startswith("The sandbox has no locks on its doors")
    assert str(refused.value).count(". ") == 0


def test_it_refuses_to_turn_one_sandbox_into_another(data: Path) -> None:
    with pytest.raises(SystemExit, match="holds the sandbox of 300 people"):
        server.main(["--data-dir", str(data), "--people", "400"])


def test_a_broken_state_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "state.json").write_text('{"people": 300')

    with pytest.raises(SystemExit, match="is not the sandbox's state; delete it"):
        server.main(["--data-dir", str(tmp_path)])


def test_without_connectors_every_address_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.connectors.__path__", [])
    app = server.build(dict)

    assert statuses(app, OWNERS, times=1) == [404]


def test_faults_lie_around_every_emulator(small_now: dict[str, pd.DataFrame]) -> None:
    app = server.build(lambda: small_now, Faults(planned=(Planned(2, "/hubspot", status=502),)))

    assert statuses(app, OWNERS, times=3) == [200, 502, 200]


def test_the_clock_starts_where_it_should_and_only_moves_forward(tmp_path: Path) -> None:
    assert state.read(tmp_path) == state.State(5_000, 20_260_630, datetime(2026, 6, 30, tzinfo=UTC))
    assert state.advance(tmp_path, 3).as_of == datetime(2026, 7, 3, tzinfo=UTC)
    for days in (0, -1):
        with pytest.raises(ValueError, match="only moves forward"):
            state.advance(tmp_path, days)
    assert state.read(tmp_path).as_of == datetime(2026, 7, 3, tzinfo=UTC)
    with pytest.raises(state.UnusableState, match="needs 100 people or more"):
        state.State(people=7)


def test_the_tables_follow_the_clock_and_stay_the_same_object_until_it_moves(
    tmp_path: Path,
) -> None:
    state.write(tmp_path, state.State(people=300))
    current = Current(tmp_path)
    first = current()
    assert current() is first

    state.advance(tmp_path, 40)
    later = current()

    assert later is not first
    newest = later["tickets"]["created_at"].max()
    assert newest > pd.Timestamp("2026-08-01", tz="UTC")
    assert len(list((tmp_path / "sandbox").glob("world-*"))) == 1, "the old world is put away"


def test_a_kept_world_is_used_again_and_a_foreign_or_broken_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = state.State(people=300)
    made: list[int] = []
    make = snapshot.make_world

    def counted(people: int, seed: int, until: date, shuffled: bool) -> World:
        made.append(people)
        return make(people, seed, until, shuffled)

    monkeypatch.setattr(snapshot, "make_world", counted)
    world_of(tmp_path, now)
    world_of(tmp_path, now)
    assert made == [300]

    (kept,) = (tmp_path / "sandbox").glob("world-*")
    kept.write_bytes(kept.read_bytes()[:1000])
    world_of(tmp_path, now)
    assert made == [300, 300]

    monkeypatch.setattr(snapshot, "_sources", lambda: iter([Path(__file__)]))
    world_of(tmp_path, now)
    assert made == [300, 300, 300], "other code makes another world"

    state.write(tmp_path, state.State(people=300, shuffled=True))
    world_of(tmp_path, state.read(tmp_path))
    assert made == [300, 300, 300, 300], "the shuffled twin is another world"


def test_the_inbox_gets_the_same_bytes_and_is_left_alone_when_nothing_changed(
    small: World, small_now: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    written = write_inbox(small_now, tmp_path / "inbox")
    bytes_then = {path.name: path.read_bytes() for path in written}

    assert set(bytes_then) == {
        "orders.csv", "calls.csv", "shares.csv", "trainings.csv", "walks.csv", "memberships.parquet",
    }  # fmt: skip
    assert write_inbox(small_now, tmp_path / "inbox") == []
    again = write_inbox(small.at(state.START), tmp_path / "other")
    assert {path.name: path.read_bytes() for path in again} == bytes_then
    earlier = small.at(datetime(2026, 1, 1, tzinfo=UTC))
    assert len(write_inbox(earlier, tmp_path / "inbox")) == 6
    assert sorted(path.name for path in (tmp_path / "inbox").iterdir()) == sorted(bytes_then)
