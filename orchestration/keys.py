"""The keys behind the pseudonyms: one file a purpose, readable by its owner alone."""

import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from orchestration.settings import PURPOSES

OWNER_ONLY = 0o600


def key_file(folder: Path, purpose: str) -> Path:
    """Return where the key of a purpose lies."""
    return folder / f"{purpose}.key"


def ensure(folder: Path) -> None:
    """Make the keys that are missing; one that is there is never touched."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for purpose in PURPOSES:
        file = key_file(folder, purpose)
        if not file.exists():
            _write(file, secrets.token_hex(32))


def secret(folder: Path, name: str) -> Path:
    """Return where a key lies that is no purpose's; make it at its first use."""
    file = key_file(folder, name)
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(file, secrets.token_hex(32))
    return file


def _write(file: Path, key: str) -> None:
    # A half-written key would be a key: it gets its name once it is whole.
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w") as out:
        out.write(key + "\n")
    new.rename(file)


def pseudonyms(folder: Path, purpose: str, values: Iterable[str]) -> list[str]:
    """Return what the macro `pseudonym` of dbt makes of values for a purpose."""
    key = key_file(folder, purpose).read_text().strip().encode()
    return [hmac.digest(key, value.encode(), "sha256").hex() for value in values]


def open_to_others(folder: Path) -> list[Path]:
    """Return the keys that somebody but their owner may read."""
    files = sorted(folder.glob("*.key"))
    return [file for file in files if file.stat().st_mode & 0o077]
