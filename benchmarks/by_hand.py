"""The script that a good engineer would write instead, alone in its process.

`python -m benchmarks.by_hand <warehouse>`
"""

import re
import sys
from pathlib import Path

import duckdb

SCRIPT = Path(__file__).parent / "yardsticks" / "full_build.sql"
MEMORY = "6GB"  # as dbt may have


# Who is who as this house has it, to tell what differs by it from what is counted otherwise.
OURS = "create temp table accounts as select account_id, person_id from identity.account_persons;"
ACCOUNTS = re.compile(r"create temp table accounts as.*?;", re.DOTALL)


def run(db: duckdb.DuckDBPyConnection, script: str | None = None) -> None:
    """Run the script on a warehouse that is loaded; its results are temporary tables."""
    db.execute(
        f"set TimeZone = 'UTC'; set threads = 2; set memory_limit = '{MEMORY}';"
        f"set variable as_of = (select max(as_of) from ops.clock)"
    )
    db.execute(script or SCRIPT.read_text(encoding="utf-8"))


def of_our_persons() -> str:
    """Return the script over the persons that identity recognised, and not by its own guess."""
    text, n = ACCOUNTS.subn(OURS, SCRIPT.read_text(encoding="utf-8"))
    assert n == 1, "the script makes no table of accounts any more"
    return text


if __name__ == "__main__":
    with duckdb.connect(sys.argv[1]) as db:
        run(db)
