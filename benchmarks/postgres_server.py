"""A PostgreSQL server of its own: made, started and thrown away, never as root."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adbc_driver_postgresql import dbapi

PASSWORD = "corr:ct h@rse"  # with what has to be escaped in a URL
IN_URL = "corr%3Act%20h%40rse"


def binaries() -> Path | None:
    """Return the folder of the server's programs: Debian's newest, or that of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True)
class Server:
    """A server that runs, with a superuser `ax`."""

    port: int

    def url(self, user: str = "ax", password: str = IN_URL, database: str = "postgres") -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements, each in a transaction of its own; return the last one's rows."""
        rows: list[Any] = []
        with dbapi.connect(self.url(database=database), autocommit=True) as connection:
            for statement in statements:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    rows = cursor.fetchall() if cursor.description else []
        return rows


@contextmanager
def running() -> Iterator[Server]:
    """Start a server on a free port of the loopback, and stop it whatever happens inside."""
    programs = binaries()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="ax-postgres-"))
    # The server refuses to run as root; whoever is root lends it the user nobody.
    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        other = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, "nobody", "nogroup")
    secret, data = folder / "password", folder / "data"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    make = [programs / "initdb", "-D", data, "-U", "ax", "-A", "scram-sha-256", "--no-sync"]
    make += ["--pwfile", secret, "--encoding", "UTF8", "--locale", "C"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **other)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    try:
        subprocess.run([*control, "-o", said, "start"], check=True, cwd=folder,
                       stdout=subprocess.DEVNULL, **other)  # fmt: skip
        yield Server(port)
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True, cwd=folder, **other)
        shutil.rmtree(folder, ignore_errors=True)
