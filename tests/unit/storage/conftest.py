from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.postgres_server import Server
from storage import Lake
from tests import lakes


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with lakes.server() as started:
        yield started


@pytest.fixture
def lake(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    lakes.let_in(monkeypatch)
    return lakes.empty_lake(server, tmp_path)
