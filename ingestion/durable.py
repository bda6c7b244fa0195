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
    """Write a text that only its owner may read; the file gets its name once it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(file, text, OWNER_ONLY)


def write_whole(file: Path, text: str, mode: int = 0o666) -> None:
    """Write a file that gets its name once it is whole and on disk; who reads, reads all of it."""
    new = file.with_name(f".{file.name}.{os.getpid()}.part")
    new.unlink(missing_ok=True)
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8"
    ) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
    flush(file.parent)
