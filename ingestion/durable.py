"""Files that survive a power cut, and those that only their owner may read."""

import os
from pathlib import Path

OWNER_ONLY = 0o600


def flush(path: Path) -> None:
    """Make a file's bytes or a folder's names survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def append_for_owner(file: Path, text: str) -> None:
    """Add a text to the end of a file that only its owner may read, and see it on disk."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(handle)


def write_for_owner(file: Path, text: str) -> None:
    """Write a text that only its owner may read; the file gets its name once it is whole.

    What a writer that was killed left of it, the next one takes away.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(file, file.with_name(f".{file.name}.new"), text, OWNER_ONLY)


def write_whole(file: Path, text: str) -> None:
    """Write a file that gets its name once it is whole and on disk; several may do so at once."""
    _write(file, file.with_name(f".{file.name}.{os.getpid()}.part"), text, 0o666)


def _write(file: Path, new: Path, text: str, mode: int) -> None:
    new.unlink(missing_ok=True)
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8"
    ) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
    flush(file.parent)
