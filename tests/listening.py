"""What a process and its children listen on, as the kernel tells it (/proc/<pid>/net/tcp)."""

import ipaddress
import os
import re
from collections.abc import Iterator
from pathlib import Path

LISTEN = "0A"


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from family(int(child))


def listening(pid: int) -> set[tuple[str, int]]:
    """Return address and port of each TCP socket that the family of a process listens on."""
    inodes = {inode for member in family(pid) for inode in _sockets(member)}
    return {
        (address, port)
        for table in ("tcp", "tcp6")
        for address, port, inode in _table(Path(f"/proc/{pid}/net/{table}"))
        if inode in inodes
    }


def _sockets(pid: int) -> Iterator[str]:
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(handle))
        except FileNotFoundError:  # closed while we looked
            continue
        if found:
            yield found[1]


def _table(file: Path) -> Iterator[tuple[str, int, str]]:
    for line in file.read_text().splitlines()[1:]:
        _, local, _, state, *rest = line.split()
        if state == LISTEN:
            address, port = local.split(":")
            yield _address(address), int(port, 16), rest[5]


def _address(text: str) -> str:
    # The kernel writes words of 32 bits in the order of the machine.
    words = [bytes.fromhex(text[start : start + 8])[::-1] for start in range(0, len(text), 8)]
    return str(ipaddress.ip_address(b"".join(words)))
