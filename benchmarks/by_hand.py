"""The script that a good engineer would write instead, alone in its process.

`python -m benchmarks.by_hand <warehouse>`
"""

import sys
from pathlib import Path

import duckdb

SCRIPT = Path(__file__).parent / "yardsticks" / "full_build.sql"
MEMORY = "6GB"  # as dbt may have


def run(db: duckdb.DuckDBPyConnection) -> None:
    """Run the script on a warehouse that is loaded; its results are temporary tables."""
    db.execute(
        f"set TimeZone = 'UTC'; set threads = 2; set memory_limit = '{MEMORY}';"
        f"set variable as_of = (select max(as_of) from ops.clock)"
    )
    db.execute(SCRIPT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    with duckdb.connect(sys.argv[1]) as db:
        run(db)
