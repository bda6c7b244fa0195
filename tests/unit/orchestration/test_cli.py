import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
import pytest

from dashboards import site
from orchestration import keys, publish
from orchestration.commands import doctor, publications
from orchestration.commands.run import problems
from orchestration.settings import ROOT, claim
from storage import Cluster
from tests import published_file
from tests.published_file import audience

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def ax(current):
    """Run `ax` in the data folder of this test, as a person does."""

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess:
        environment = {
            "PATH": "/usr/bin:/bin",
            "AX_DATA_DIR": str(current.data),
            "AX_SOURCES": "files",
            **variables,
        }
        command = [sys.executable, "-m", "orchestration", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    return run


def test_an_error_is_one_sentence_on_stderr_and_an_exit_code(ax) -> None:
    done = ax("rollback")
    assert done.returncode == 1
    assert done.stderr.startswith("ax: no publication came before")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_wrong_word_is_one_sentence_too(ax) -> None:
    done = ax("rollback", "--nonsense")
    assert done.returncode == 2
    assert "No such option" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_crash_keeps_its_traceback_out_of_the_terminal(ax, current) -> None:
    current.data.mkdir(parents=True)
    (current.data / "kind.json").write_text("this is no JSON")
    done = ax("run")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    [log] = current.logs.glob("crash-*.log")
    assert "Traceback" in log.read_text()
    assert str(log) in done.stderr


def test_publications_and_rollback(ax, current) -> None:
    current.publication.parent.mkdir(parents=True)
    for label in ("Fans of old", "Fans of today"):
        current.publication.unlink(missing_ok=True)
        published_file.publish(current.publication, audiences=[audience("fan", 1, label=label)])
        publish.publish(current, AS_OF, {"checks": {"passed": 3}})
    first, second = [kept.id for kept in publish.publications(current)]
    assert ax("rollback").stdout.startswith(f"readers now have {first}")
    listed = ax("publications").stdout
    assert first in listed
    assert second in listed
    assert [line.rstrip().endswith("yes") for line in listed.splitlines()[1:]] == [True, False]
    assert "Fans of old" in current.page.read_text()


def test_what_is_listed_is_listed_for_programs_too(ax, current) -> None:
    current.publication.parent.mkdir(parents=True)
    published_file.publish(current.publication, audiences=[audience("fan", 1)])
    publish.publish(current, AS_OF, {"checks": {"passed": 3}})

    [kept] = json.loads(ax("publications", "--json").stdout)
    assert kept["is_served"]
    assert kept["checks"] == {"passed": 3}
    found = json.loads(ax("doctor", "--json").stdout)
    assert found["sources"] == ["files"]
    assert json.loads(ax("status", "--json").stdout)["publications"][0]["id"] == kept["id"]


def test_the_site_is_opened_or_it_is_said_what_writes_it(ax, current) -> None:
    assert "`ax run` writes it" in ax("open").stderr
    current.publication.parent.mkdir(parents=True)
    published_file.publish(current.publication, audiences=[audience("fan", 1)])
    publish.publish(current, AS_OF, {})
    site.write(current.serving, current.published)
    # A browser of our own, which writes down where it was sent.
    seen = current.data / "seen"
    browser = current.data / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(0o755)
    (current.data / "xdg-open").symlink_to(browser)
    opened = ax("open", PATH=f"{current.data}:/usr/bin:/bin")

    assert opened.stdout.strip() == str(current.site)
    until = time.monotonic() + 10  # the browser is started, not waited for
    while not seen.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert seen.read_text().strip().removeprefix("file://") == str(current.site)


def test_env_gives_what_native_commands_need(ax, current) -> None:
    said = ax("env").stdout
    assert f"export AX_DATA_DIR={current.data}" in said
    assert f"export DAGSTER_HOME={ROOT}" in said
    assert f"export AX_STATE_DIR={current.data}/dagster" in said


def test_generate_says_whether_the_committed_macro_is_up_to_date(ax) -> None:
    assert ax("generate", "--check").returncode == 0


def test_an_unknown_source_is_named(ax) -> None:
    done = ax("load", "nonsense")
    assert done.returncode == 1
    assert "nonsense" in done.stderr


@pytest.mark.proof
def test_without_names_every_source_that_is_on_is_loaded(ax, current) -> None:
    current.inbox.mkdir(parents=True)
    done = ax("load", AX_SOURCES="files")
    assert done.returncode == 0, done.stderr
    assert "files: 0 rows read" in done.stdout


def test_what_is_accepted_is_named(ax, current) -> None:
    done = ax("load", "--accept", AX_SOURCES="files")
    assert done.returncode == 1
    assert "name them, as in `ax load NAME --accept`" in done.stderr
    assert not current.warehouse.exists()


def test_a_run_of_the_other_kind_is_refused_before_anything_is_read(ax, current) -> None:
    claim(current)
    done = ax("run", AX_SOURCES="hubspot")
    assert done.returncode == 1
    assert "belongs to the organisation and this is a run of the sandbox" in done.stderr
    assert not current.warehouse.exists()


def test_the_sandbox_is_kept_out_of_an_organisations_folder(ax, current) -> None:
    claim(current)
    for words in (["advance", "--days", "1"], ["reset", "--yes"], ["serve"]):
        done = ax("sandbox", *words, AX_SOURCES="hubspot")
        assert done.returncode == 1
        assert "belongs to the organisation" in done.stderr


def test_status_before_the_first_run_says_so_in_json(ax) -> None:
    told = json.loads(ax("status", "--json").stdout)
    assert told["kind"] == "organisation"
    assert [(s["source"], s["rows"], s["problem"]) for s in told["sources"]] == [
        ("files", 0, "never loaded; run `ax run`")
    ]
    assert told["checks"] == told["publications"] == []
    assert told["metric_values"] == {"published": None, "at_most": 1_000_000}


def test_metric_values_are_counted_beside_their_bound(current, built) -> None:
    built(*range(1200), name="pub_metric_values")
    assert publications.values_said(publications.metric_values(current)) == ""
    publish.publish(current, AS_OF, {})
    found = publications.metric_values(current)
    assert publications.values_said(found) == "1,200 metric values, at most 1,000,000"


def test_the_doctor_finds_what_is_wrong_and_says_what_to_do(current, built, monkeypatch) -> None:
    built(1)
    publish.publish(current, AS_OF, {})
    keys.ensure(current.keys)
    assert [list(check(current)) for check in (doctor.pseudonyms, doctor.publication)] == [[], []]

    keys.key_file(current.keys, "cx").chmod(0o644)
    current.serving.write_bytes(b"not what was published")
    [open_key], [wrong_file] = doctor.pseudonyms(current), doctor.publication(current)
    assert "chmod 600" in open_key
    assert "is not the file its manifest names" in wrong_file


def test_the_doctor_names_the_process_that_holds_the_warehouse(current) -> None:
    current.warehouse.parent.mkdir(parents=True)
    code = (
        "import duckdb, sys, time; db = duckdb.connect(sys.argv[1]); print('open', flush=True); "
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(current.warehouse)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        holder.stdout.readline()
        [sentence] = doctor.warehouse(current)
        assert f"is held by process {holder.pid}" in sentence
    finally:
        holder.kill()
        holder.wait()
    assert list(doctor.warehouse(current)) == []


def test_the_doctor_finds_missing_credentials_by_the_name_of_their_variable(ax) -> None:
    url = {"SOURCES__HUBSPOT__BASE_URL": "https://api.example"}
    done = ax("doctor", AX_SOURCES="hubspot,zendesk", **url)
    assert done.returncode == 1
    assert "SOURCES__ZENDESK__" in done.stdout


def test_help_waits_for_no_tool_of_a_run() -> None:
    asked = "import sys, orchestration.cli; print({'dlt', 'dagster', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_the_doctor_calls_the_cluster(current, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("storage.cluster.find_spec", lambda name: name)
    assert [*doctor.cluster(current)] == []
    nobody = replace(current, cluster=Cluster("sc://127.0.0.1:1/;user_id=ax", tmp_path))
    [said] = doctor.cluster(nobody)
    assert said.startswith("no Spark Connect server answers at 127.0.0.1:1 (Conn")


def test_a_sentence_of_the_house_stands_before_what_caused_it(monkeypatch) -> None:
    monkeypatch.setattr("storage.cluster.find_spec", lambda name: name)

    @dg.op
    def calls() -> None:
        Cluster("sc://127.0.0.1:1", ROOT).answers()

    @dg.op
    def breaks() -> None:
        raise ValueError("no sentence") from OSError("a refusal")

    said = {
        op: problems(
            dg.GraphDefinition("one", node_defs=[op]).execute_in_process(raise_on_error=False)
        )
        for op in (calls, breaks)
    }
    assert said[calls][0].startswith("no Spark Connect server answers at 127.0.0.1:1 (Conn")
    assert said[breaks] == [
        "breaks: OSError: a refusal; the rest is on the run's page (`make dev`)"
    ]
