import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import duckdb
import pytest

from orchestration import publish
from orchestration.errors import NoPublication, NothingBuilt, NotPublishable

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


def is_whole(current) -> bool:
    serving = publish.served(current)
    return serving is not None and publish.sha256(current.serving) == serving.facts["sha256"]


def test_readers_get_file_exports_and_manifest(current, built) -> None:
    built(1, 2, 3)
    made = publish.publish(current, AS_OF, {"code": "abc"})
    assert read_serving(current) == read_parquet(current) == [1, 2, 3]
    assert made.facts["rows"] == {"pub_numbers": 3}
    assert made.facts["as_of"] == "2026-06-30T00:00:00+00:00"
    assert is_whole(current)


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
    assert is_whole(current)
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


PUBLISH = textwrap.dedent(
    """
    import os, resource, signal, sys
    from datetime import UTC, datetime
    from orchestration import publish
    from orchestration.errors import HouseError
    from orchestration.settings import read

    current = read({"AX_DATA_DIR": sys.argv[1], "AX_SOURCES": "files"})
    limit, kill_at = int(sys.argv[2]), int(sys.argv[3])
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    steps = 0

    def counted(step):
        def run(*arguments, **options):
            global steps
            steps += 1
            if steps == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*arguments, **options)
        return run

    for module, name in [(os, "rename"), (os, "replace"), (publish, "flush")]:
        setattr(module, name, counted(getattr(module, name)))
    try:
        publish.publish(current, datetime(2026, 6, 30, tzinfo=UTC), {})
    except HouseError as problem:
        print(problem)
        sys.exit(1)
    """
)


def publish_elsewhere(current, limit: int = 0, kill_at: int = 0) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", PUBLISH, str(current.data), str(limit), str(kill_at)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_full_disk_leaves_the_last_good_publication_and_says_so(current, built) -> None:
    built(1)
    publish.publish(current, AS_OF, {})
    built(2)
    done = publish_elsewhere(current, limit=4096)
    assert done.returncode == 1
    assert "can not be written" in done.stdout
    assert "Traceback" not in done.stderr
    assert read_serving(current) == read_parquet(current) == [1]
    assert is_whole(current)
    publish.publish(current, AS_OF, {})
    assert read_serving(current) == [2]


@pytest.mark.slow
def test_killed_at_any_step_readers_have_a_whole_publication_and_the_next_run_mends_it(
    current, built
) -> None:
    built(0)
    publish.publish(current, AS_OF, {})
    for kill_at in range(1, 100):
        before = read_serving(current)
        built(kill_at)
        done = publish_elsewhere(current, kill_at=kill_at)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        assert read_serving(current) in (before, [kill_at])
        assert len(read_parquet(current)) == 1
        publish.publish(current, AS_OF, {})
        assert read_serving(current) == read_parquet(current) == [kill_at]
        assert is_whole(current)
    assert kill_at > 5
