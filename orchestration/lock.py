"""One run at a time in a data folder, also when a run was killed: the system frees the lock."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import AnotherRun


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock of a data folder; raise `AnotherRun` when somebody else does."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherRun(file, holder(file) or "unknown") from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def holder(file: Path) -> str | None:
    """Return the process that holds a lock file; None when nobody does."""
    if not file.exists():
        return None
    with file.open("r+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return handle.read().strip() or "unknown"
    return None
