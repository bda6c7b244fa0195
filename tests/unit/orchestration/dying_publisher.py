"""Publish once, and have one step fail: `python dying_publisher.py DATA {kill,full,watch} N`.

A step is a call by which Python changes or syncs a file system: the audit events of files, and fsync, which has
none. At the N-th the process is killed, or the disk is full; `watch` prints the steps.
"""

import errno
import os
import signal
import sys
from datetime import UTC, datetime

from orchestration import publish
from orchestration.errors import HouseError
from orchestration.settings import read

STEPS = {
    "os.rename", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.fsync",
    "shutil.copyfile", "shutil.rmtree", "duckdb.connect",
}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
data, how, fatal = sys.argv[1], sys.argv[2], int(sys.argv[3])
steps: list[str] = []


def step(event: str, arguments: tuple[object, ...]) -> None:
    is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING
    if not (is_write or event in STEPS):
        return
    steps.append(f"{event} {arguments[0]}")
    if len(steps) == fatal and how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if len(steps) == fatal and how == "full":
        raise OSError(errno.ENOSPC, "No space left on device")


def fsync(handle: int, sync=os.fsync) -> None:
    step("os.fsync", (os.readlink(f"/proc/self/fd/{handle}"),))
    sync(handle)


current = read({"AX_DATA_DIR": data, "AX_SOURCES": "files"})
os.fsync = fsync
sys.addaudithook(step)
try:
    publish.publish(current, datetime(2026, 6, 30, tzinfo=UTC), {})
except HouseError as problem:
    fatal = 0
    print(problem)
    sys.exit(1)
if how == "watch":
    print("\n".join(steps))
