"""The order in which a publication reaches the disk, and what readers see meanwhile."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration import publish
from tests.readers import watched
from tests.unit.orchestration.test_publish_broken_off import PUBLISHER

CALLS = (
    "write", "pwrite64", "writev", "sendfile", "copy_file_range", "ftruncate", "fsync", "fdatasync",
    "rename", "renameat", "renameat2", "symlink", "symlinkat",
)  # fmt: skip
LINE = re.compile(r"^\d+ +(?P<name>\w+)\((?P<rest>.*)")
WRITES = {"write", "pwrite64", "writev", "sendfile", "copy_file_range", "ftruncate"}


@dataclass(frozen=True)
class Call:
    """A system call on a path: of its open file, or the two names of a rename."""

    name: str
    paths: tuple[str, ...]


def calls(trace: str) -> list[Call]:
    """Read what strace recorded with the paths of open files (`-y`)."""
    found = []
    for line in trace.splitlines():
        if match := LINE.match(line):
            # An open file reads 5</path>, a name "path"; the text of a write is no path.
            is_open_file = match["name"] in WRITES | {"fsync", "fdatasync"}
            pattern = r"^\d+<([^>]*)>" if is_open_file else r'"([^"]*)"'
            found.append(Call(match["name"], tuple(re.findall(pattern, match["rest"]))))
    return found


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_written_synced_renamed_and_the_folder_synced_in_this_order(
    current, built, tmp_path
) -> None:
    built(*range(5000))
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-y", "-s", "0", "-e", f"trace={','.join(CALLS)}", "-o", str(trace)]
    publisher = [sys.executable, str(PUBLISHER), str(current.data), "watch", "0"]
    environment = {"PYTHONPATH": str(current.root), "PATH": "/usr/bin:/bin"}
    subprocess.run([*command, *publisher], env=environment, check=True, capture_output=True)
    recorded = calls(trace.read_text())
    [kept] = publish.publications(current)
    former, making = kept.folder.parent, kept.folder.parent / ".making"

    def when(name: str, *paths: Path) -> int:
        return recorded.index(Call(name, tuple(map(str, paths))))

    kept_at = when("rename", making, kept.folder)
    former_synced = recorded.index(Call("fsync", (str(former),)), kept_at)
    link = current.published / "current"
    served_at = when("rename", link.with_name(".current.new"), link)
    served_synced = recorded.index(Call("fsync", (str(current.published),)), served_at)
    assert kept_at < former_synced < served_at < served_synced

    written = ["marts.duckdb", "manifest.json", "parquet/pub_numbers.parquet"]
    for file in written:
        path = (str(making / file),)
        writes = [
            n for n, call in enumerate(recorded) if call.name in WRITES and call.paths == path
        ]
        synced = max(n for n, call in enumerate(recorded) if call == Call("fsync", path))
        assert writes, file
        assert max(writes) < synced < kept_at, file
    for folder in (making, making / "parquet"):
        assert when("fsync", folder) < kept_at


def test_readers_see_no_error_and_after_the_rename_the_new(current, built, monkeypatch) -> None:
    found = watched(current, built, readers=2, publications=6, patch=monkeypatch)
    assert found["queries"] >= 2 * 2
