"""Who was erased, as every load sees it."""

from collections.abc import Iterable
from pathlib import Path

from ingestion.connector import Connector
from ingestion.pipeline import connect
from orchestration.keys import key_file, secret
from orchestration.settings import Settings
from privacy import tombstones

KEY = "erasure"


def tombstones_file(current: Settings) -> Path:
    """Return where the keyed hashes of erased persons lie."""
    return current.data / "erasure" / "tombstones.txt"


def begin(current: Settings) -> tombstones.Tombstones:
    """Return the tombstones to which somebody is added; the first erasure makes their key."""
    file = tombstones_file(current)
    if known := tombstones.read(file, key_file(current.keys, KEY)):
        return known
    key = secret(current.keys, KEY).read_text().strip()
    return tombstones.Tombstones(file, bytes.fromhex(key))


def gate(current: Settings) -> tombstones.Gate | None:
    """Return what keeps erased persons out of a load; None while there are none."""
    known = tombstones.read(tombstones_file(current), key_file(current.keys, KEY))
    return tombstones.Gate(known) if known else None


def sweep(current: Settings, connectors: Iterable[Connector]) -> None:
    """Take out of raw what hangs on rows that the gate kept out after it had let them pass."""
    known = tombstones.read(tombstones_file(current), key_file(current.keys, KEY))
    if known is None:
        return
    with connect(current.warehouse) as db:
        for connector in connectors:
            tombstones.sweep(db, connector, known)
