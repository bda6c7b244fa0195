"""The keys behind the pseudonyms: one file a purpose, readable by its owner alone."""

import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path

from ingestion.durable import write_for_owner
from orchestration.settings import PURPOSES


def key_file(folder: Path, purpose: str) -> Path:
    """Return where the key of a purpose lies."""
    return folder / f"{purpose}.key"


def ensure(folder: Path) -> None:
    """Make the keys that are missing; one that is there is never touched."""
    for purpose in PURPOSES:
        secret(folder, purpose)


def secret(folder: Path, name: str) -> Path:
    """Return where a key lies; make it at its first use."""
    file = key_file(folder, name)
    if not file.exists():
        write_for_owner(file, secrets.token_hex(32) + "\n")
    return file


def pseudonyms(folder: Path, purpose: str, values: Iterable[str]) -> list[str]:
    """Return what the macro `pseudonym` of dbt makes of values for a purpose."""
    key = key_file(folder, purpose).read_text().strip().encode()
    return [hmac.digest(key, value.encode(), "sha256").hex() for value in values]


def open_to_others(folder: Path) -> list[Path]:
    """Return the keys that somebody but their owner may read."""
    files = sorted(folder.glob("*.key"))
    return [file for file in files if file.stat().st_mode & 0o077]
