"""Many data folders may load into one lake; the lake knows whose it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.errors import WrongKind
from orchestration.settings import claim, read
from storage import Lake, opened
from storage.cleaning import empty

pytestmark = pytest.mark.slow


def test_a_run_of_the_other_kind_is_refused_whatever_folder_it_comes_from(
    lake: Lake, tmp_path: Path
) -> None:
    first = replace(read({"AX_DATA_DIR": str(tmp_path / "one")}), lake=lake)
    claim(first)
    claim(first)
    claim(replace(first, data=tmp_path / "two"))
    with pytest.raises(
        WrongKind, match=r"the lake of .* belongs to the sandbox .* AX_LAKE_CATALOG"
    ):
        claim(replace(first, data=tmp_path / "three", kind="organisation"))


def test_an_emptied_lake_is_anybodys(lake: Lake, tmp_path: Path) -> None:
    claim(replace(read({"AX_DATA_DIR": str(tmp_path / "one")}), lake=lake))
    empty(lake)
    assert not lake.exists()
    with opened(lake) as db:
        assert len(db.execute("from ducklake_snapshots('warehouse')").fetchall()) == 1
    claim(replace(read({"AX_DATA_DIR": str(tmp_path / "two")}), lake=lake, kind="organisation"))
