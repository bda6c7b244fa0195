"""The small parts: lock, keys, generated macro, what starts a run and who hears of a failure."""

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from orchestration import keys, project, triggers
from orchestration.commands import publications, sandbox
from orchestration.commands.run import problems
from orchestration.errors import AnotherRun
from orchestration.house import House
from orchestration.lock import holder, locked
from orchestration.settings import PURPOSES

HOLD = (
    "import sys, time; from pathlib import Path; from orchestration.lock import locked\n"
    "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


def test_a_second_run_is_refused_by_the_process_number_of_the_first(tmp_path) -> None:
    lock = tmp_path / "run.lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        first.stdout.readline()
        with pytest.raises(AnotherRun, match=f"process {first.pid}"), locked(lock):
            pass
        assert holder(lock) == str(first.pid)
    finally:
        first.kill()
        first.wait()
    assert holder(lock) is None
    with locked(lock):
        pass


@pytest.fixture
def held(current) -> Iterator[str]:
    """Let another process hold the data folder; return its number."""
    command = [sys.executable, "-c", HOLD, str(current.data / "run.lock")]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    other.stdout.readline()
    yield str(other.pid)
    other.kill()
    other.wait()


def test_a_run_beside_another_says_so_in_one_sentence_and_does_nothing(current, held) -> None:
    done = []

    @dg.op(required_resource_keys={"house"})
    def work() -> None:
        done.append("anything")

    @dg.job(resource_defs={"house": House(lock_file=str(current.data / "run.lock"))})
    def main() -> None:
        work()

    [said] = problems(main.execute_in_process(raise_on_error=False))
    assert said.startswith("another run holds")
    assert f"(process {held})" in said
    assert "\n" not in said
    assert done == []


def test_rollback_and_reset_wait_for_no_run_and_change_nothing(current, held, monkeypatch) -> None:
    (current.data / "sandbox").mkdir()
    monkeypatch.setattr(publications, "settings", lambda: current)
    monkeypatch.setattr(sandbox, "_sandbox", lambda: current)
    for command in (lambda: publications.rollback(None), lambda: sandbox.reset(yes=True)):
        with pytest.raises(AnotherRun, match=f"process {held}"):
            command()
    assert (current.data / "sandbox").exists()


def test_each_purpose_has_a_key_that_only_its_owner_reads_and_nobody_replaces(tmp_path) -> None:
    folder = tmp_path / "keys"
    keys.ensure(folder)
    made = {purpose: keys.key_file(folder, purpose).read_text() for purpose in PURPOSES}
    assert len(set(made.values())) == len(PURPOSES)
    assert all(len(bytes.fromhex(key)) == 32 for key in made.values())
    assert all(
        stat.S_IMODE(keys.key_file(folder, purpose).stat().st_mode) == 0o600 for purpose in PURPOSES
    )
    keys.ensure(folder)
    assert made == {p: keys.key_file(folder, p).read_text() for p in PURPOSES}
    keys.key_file(folder, "cx").chmod(0o644)
    assert keys.open_to_others(folder) == [keys.key_file(folder, "cx")]


def test_the_generated_macro_names_who_fills_each_contract(tmp_path) -> None:
    for vendor, model in [("b", "b__orders"), ("a", "a__orders"), ("a", "stg_a__things")]:
        file = tmp_path / "models" / "connectors" / vendor / f"{model}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / project.SLICES).parent.mkdir(parents=True)
    assert project.slices(tmp_path) == {"orders": ["a", "b"]}
    assert project.generate(tmp_path)
    assert "'orders': ['a', 'b']" in (tmp_path / project.SLICES).read_text()
    assert not project.generate(tmp_path)


def test_the_committed_macro_is_what_the_folders_give(current) -> None:
    assert project.is_generated(current.project), "run `ax generate`"


def test_the_manifest_is_stale_once_a_file_or_the_switchboard_changes(current) -> None:
    import dataclasses

    other = dataclasses.replace(current, sources=("files", "hubspot"))
    assert project.project_hash(current) != project.project_hash(other)
    assert project.is_stale(current)


def drop(current, name: str, seconds_ago: float) -> None:
    current.inbox.mkdir(parents=True, exist_ok=True)
    file = current.inbox / name
    file.write_text("a,b\n1,2\n")
    changed = (datetime.now(UTC) - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(file, (changed, changed))


def evaluate(current, cursor: str | None):
    sensor = triggers.build_inbox_sensor(current, "main")
    with dg.instance_for_test() as instance:
        return sensor(dg.build_sensor_context(instance=instance, cursor=cursor))


def test_a_file_that_lands_starts_one_run(current) -> None:
    assert isinstance(evaluate(current, None), dg.SkipReason)
    drop(current, "orders.csv", seconds_ago=60)
    drop(current, ".orders.csv.part", seconds_ago=0)
    started = evaluate(current, None)
    assert [request.tags["ax/files"] for request in started.run_requests] == ["orders.csv"]
    assert isinstance(evaluate(current, started.cursor), dg.SkipReason)
    drop(current, "orders.csv", seconds_ago=30)
    assert len(evaluate(current, started.cursor).run_requests) == 1


def test_a_file_that_is_still_being_written_is_waited_for(current) -> None:
    drop(current, "orders.csv", seconds_ago=0)
    assert "still being written" in evaluate(current, None).skip_message


def test_a_failed_run_is_told_in_the_log_and_to_the_webhook(current) -> None:
    import dataclasses

    heard = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/hook"
        told = {"run": "r1", "problems": ["zendesk: rejected the credential (401)"]}
        triggers.tell(dataclasses.replace(current, webhook=address), told)
    finally:
        server.shutdown()
    assert heard == [told]
    assert json.loads((current.logs / "failures.log").read_text()) == told


def test_the_daily_run_begins_in_the_organisations_morning(current) -> None:
    schedule = triggers.build_schedule(current, "main")
    assert schedule.cron_schedule == "0 5 * * *"
    assert schedule.execution_timezone == current.time_zone
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
