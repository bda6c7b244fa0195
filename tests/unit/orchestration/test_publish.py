import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration import publish
from orchestration.commands import doctor
from orchestration.errors import NoPublication, NotAManifest, NothingBuilt, NotPublishable, NotWhole
from orchestration.exports import relations

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)


def read_serving(current) -> list[int]:
    # A process of its own, as a reader is: DuckDB caches an open file by its path.
    code = "import duckdb, sys; print(*[r[0] for r in duckdb.connect(sys.argv[1], read_only=True)"
    code += ".execute('from pub_numbers order by all').fetchall()])"
    command = [sys.executable, "-c", code, str(current.serving)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(number) for number in done.stdout.split()]


def read_parquet(current) -> list[int]:
    with duckdb.connect() as db:
        file = current.published / "parquet" / "pub_numbers.parquet"
        return [row[0] for row in db.execute(f"from '{file}' order by all").fetchall()]


def test_readers_get_file_exports_and_manifest(current, built) -> None:
    built(1, 2, 3)
    made = publish.publish(current, AS_OF, {"code": "abc"})
    assert read_serving(current) == read_parquet(current) == [1, 2, 3]
    assert made.facts["rows"] == {"pub_numbers": 3}
    assert made.facts["as_of"] == "2026-06-30T00:00:00+00:00"
    assert publish.is_whole(current)


def test_a_reader_that_is_open_keeps_its_publication_and_a_new_one_sees_the_next(
    current, built
) -> None:
    built(1)
    publish.publish(current, AS_OF, {})
    with duckdb.connect(str(current.serving), read_only=True) as reader:
        built(1, 2)
        publish.publish(current, AS_OF, {})
        assert reader.execute("select count(*) from pub_numbers").fetchone() == (1,)
    assert read_serving(current) == [1, 2]


def test_only_the_last_few_are_kept(keeping, built) -> None:
    current = keeping(2)
    for number in range(4):
        built(number)
        publish.publish(current, AS_OF, {})
    assert len(publish.publications(current)) == 2
    assert read_serving(current) == [3]


def test_rollback_gives_readers_the_one_before_and_never_forgets_the_served_one(
    keeping, built
) -> None:
    current = keeping(2)
    for number in (1, 2):
        built(number)
        publish.publish(current, AS_OF, {})
    first, second = publish.publications(current)
    assert publish.rollback(current).id == first.id
    assert read_serving(current) == read_parquet(current) == [1]
    assert publish.is_whole(current)
    assert publish.rollback(current, to=second.id).id == second.id
    assert read_serving(current) == [2]


def test_rollback_beyond_the_first_says_what_there_is(current, built) -> None:
    with pytest.raises(NoPublication, match="run `ax run`"):
        publish.rollback(current)
    built(1)
    publish.publish(current, AS_OF, {})
    with pytest.raises(NoPublication):
        publish.rollback(current)
    with pytest.raises(NoPublication, match="has the id nonsense"):
        publish.rollback(current, to="nonsense")


def test_a_relation_without_the_prefix_is_never_published(current, built) -> None:
    built(1, name="dim_persons")
    with pytest.raises(NotPublishable, match="dim_persons"):
        publish.publish(current, AS_OF, {})
    assert not current.serving.exists()


def test_an_empty_build_is_never_published(current) -> None:
    current.publication.parent.mkdir(parents=True)
    duckdb.connect(str(current.publication)).close()
    with pytest.raises(NothingBuilt):
        publish.publish(current, AS_OF, {})


def test_the_manifest_holds_a_hash_of_every_file(current, built) -> None:
    built(1)
    made = publish.publish(current, AS_OF, {"code": "abc", "checks": {"passed": 3}})
    assert made.facts.keys() == {
        "id",
        "as_of",
        "sha256",
        "parquet",
        "rows",
        "contents",
        "code",
        "checks",
    }
    exports = {file.name for file in (current.published / "parquet").iterdir()}
    assert made.facts["parquet"].keys() == exports == {"pub_numbers.parquet"}
    assert list(publish.faults(made)) == []


def spoil(file) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)


SPOILT = {
    "a byte of the file": (
        lambda folder: spoil(folder / "marts.duckdb"),
        "marts.duckdb is not the file its manifest names",
    ),
    "a byte of an export": (
        lambda folder: spoil(folder / "parquet" / "pub_numbers.parquet"),
        "parquet/pub_numbers.parquet is not the file its manifest names",
    ),
    "a missing export": (
        lambda folder: (folder / "parquet" / "pub_numbers.parquet").unlink(),
        "parquet/pub_numbers.parquet is gone",
    ),
    "a foreign file": (
        lambda folder: (folder / "marts.duckdb.wal").write_text("left by a careless tool"),
        "marts.duckdb.wal is in no manifest",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_whatever_was_spoilt_the_doctor_says_in_one_sentence(what, current, built) -> None:
    for number in (1, 2):
        built(number)
        publish.publish(current, AS_OF, {})
    former, served = publish.publications(current)
    do, said = SPOILT[what]

    do(served.folder)
    [sentence] = doctor.publication(current)
    assert said in sentence
    assert "run `ax run`, which publishes anew" in sentence
    assert not publish.is_whole(current)

    publish.publish(current, AS_OF, {})
    do(former.folder)
    assert len(list(doctor.publication(current))) == 2
    with pytest.raises(NotWhole, match=said):
        publish.rollback(current, to=former.id)
    assert publish.is_whole(current)


def test_a_file_put_in_the_place_of_the_served_one_is_found_and_replaced(current, built) -> None:
    built(1)
    publish.publish(current, AS_OF, {})
    current.serving.unlink()
    current.serving.write_bytes(b"put here by hand")
    [sentence] = doctor.publication(current)
    assert "does not lead to the publication that is served" in sentence
    publish.publish(current, AS_OF, {})
    assert read_serving(current) == [1]
    assert list(doctor.publication(current)) == []


@pytest.mark.parametrize("text", ["this is no JSON", "[]", '{"id": "x"}'])
def test_what_is_no_manifest_is_said_with_its_file(text, current, built) -> None:
    built(1)
    made = publish.publish(current, AS_OF, {})
    (made.folder / "manifest.json").write_text(text)
    with pytest.raises(NotAManifest, match=made.id):
        publish.publications(current)
    [sentence] = doctor.publication(current)
    assert "is not a publication's manifest" in sentence


def test_one_rename_gives_readers_file_exports_and_manifest(current, built, monkeypatch) -> None:
    for number in (1, 2):
        built(number)
        publish.publish(current, AS_OF, {})
    swaps = []

    def watched(source, target, replace=os.replace):
        swaps.append(Path(target).name)
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    publish.rollback(current)
    assert swaps == ["current"]
    assert read_serving(current) == read_parquet(current) == [1]


def test_what_a_tool_wrote_into_one_publication_does_not_reach_the_next(current, built) -> None:
    """DuckDB leaves a log beside the file that a link leads to, and would play it into the next."""
    built(1)
    publish.publish(current, AS_OF, {})
    careless = "import duckdb, os, sys; db = duckdb.connect(sys.argv[1]); "
    careless += "db.execute('create table pub_strange (number bigint)'); os.kill(os.getpid(), 9)"
    publish.served(current).file.chmod(0o644)
    subprocess.run([sys.executable, "-c", careless, str(current.serving)])
    built(2)
    publish.publish(current, AS_OF, {})
    with duckdb.connect(str(current.serving), read_only=True) as db:
        assert relations(db) == ["pub_numbers"]
    assert publish.is_whole(current)


def test_what_is_served_is_closed_to_tools_that_open_for_writing(current, built) -> None:
    built(1)
    made = publish.publish(current, AS_OF, {})
    assert made.file.stat().st_mode & 0o222 == 0
    assert current.serving.samefile(made.file)
