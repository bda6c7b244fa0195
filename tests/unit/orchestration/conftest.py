import dataclasses

import duckdb
import pytest

from orchestration.settings import Settings, read


@pytest.fixture
def current(tmp_path) -> Settings:
    """Settings of a folder of its own."""
    return read({"AX_DATA_DIR": str(tmp_path / "data"), "AX_SOURCES": "files"})


@pytest.fixture
def built(current):
    """Build a publication file whose one relation holds the given numbers."""

    def build(*numbers: int, name: str = "pub_numbers") -> None:
        current.publication.parent.mkdir(parents=True, exist_ok=True)
        current.publication.unlink(missing_ok=True)
        with duckdb.connect(str(current.publication)) as db:
            db.execute(f"create table {name} as select unnest(?::bigint[]) as number", [numbers])

    return build


@pytest.fixture
def keeping(current):
    """Return the same settings with another number of kept publications."""
    return lambda n: dataclasses.replace(current, kept_publications=n)
