"""What left, and when it was issued anew: a line a publication, kept when the publication is not.

It lies beside the warehouse and not in it, so a full refresh leaves it as it is. It holds hashes,
row counts and figures of how it was made, and nothing of anybody.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.durable import flush
from orchestration.settings import Settings


def ledger_file(current: Settings) -> Path:
    """Return where the ledger lies."""
    return current.data / "erasure" / "publications.jsonl"


def note(current: Settings, event: str, facts: Mapping[str, Any]) -> None:
    """Append a line: `published` with its manifest, or `reissued` with both hashes."""
    file = ledger_file(current)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("a") as out:
        out.write(json.dumps({"event": event, **facts}, default=str) + "\n")
    flush(file)


def entries(current: Settings) -> list[dict[str, Any]]:
    """Return all that was written down, oldest first."""
    file = ledger_file(current)
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
