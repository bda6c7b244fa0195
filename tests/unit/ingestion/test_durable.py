"""Files that are whole or not there."""

import os
import stat

import pytest

from ingestion.durable import write_for_owner, write_whole


@pytest.mark.parametrize("write", [write_whole, write_for_owner])
def test_a_file_whose_writing_is_broken_off_is_what_it_was(write, tmp_path) -> None:
    file = tmp_path / "kept.json"
    write(file, "whole")

    with pytest.raises(UnicodeEncodeError):
        write(file, "half \ud800")  # as a full disk would, after it has begun
    assert file.read_text() == "whole"

    write(file, "anew")
    assert file.read_text() == "anew"


def test_what_is_its_owners_is_read_by_nobody_else(tmp_path) -> None:
    file = tmp_path / "new" / "key"
    write_for_owner(file, "secret")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_a_killed_writer_left_of_its_owners_file_does_not_stay(tmp_path, monkeypatch) -> None:
    file = tmp_path / "intent"
    with monkeypatch.context() as another:
        another.setattr(os, "getpid", lambda: 0)
        with pytest.raises(UnicodeEncodeError):
            write_for_owner(file, "somebody \ud800")
    assert len([*tmp_path.iterdir()]) == 1

    write_for_owner(file, "whole")
    assert [*tmp_path.iterdir()] == [file]
