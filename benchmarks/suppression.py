"""What hiding costs: cells shown beside those that would be if only small ones were hidden.

`python -m benchmarks.suppression [data folder]` reads a finished house (the sandbox's) and writes
`benchmarks/results/suppression.json`, by metric kind and period. Nothing is timed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "suppression.json"
AIM = 0.85
CELLS = """
    select
        case when metrics.event in ('answer', 'stars', 'label', 'invitation') then 'answers'
            when metrics.kind = 'distinct' then 'standings' else 'operations' end as told_of,
        estimates.period_kind,
        count(*) filter (where not is_small) as alone,
        count(*) filter (where not suppression.is_suppressed) as shown
    from (
        select estimates.*, metrics.event <> 'public_count' and case
            when metrics.event = 'invitation' then persons_counted else persons
        end < greatest(
            coalesce(audiences.minimum_group, 5),
            case when audiences.is_minor or metrics.event = 'label' then 10 else 5 end
        ) as is_small
        from intermediate.int_metric_estimates as estimates
        inner join registry.metrics as metrics using (metric)
        left join registry.audiences as audiences using (audience)
    ) as estimates
    inner join registry.metrics as metrics using (metric)
    inner join intermediate.int_metric_suppression as suppression
        using (metric, audience, segment, period_kind, period_start)
    where not suppression.is_unlabelled and estimates.period_kind <> 'preceding_90'
    group by all order by all
"""


def price(warehouse: Path) -> dict[str, Any]:
    """Return cells shown and their share of those that are not small, in all and by kind."""
    with duckdb.connect(str(warehouse), read_only=True) as db:
        rows = db.execute(CELLS).fetchall()
    alone, shown = sum(row[2] for row in rows), sum(row[3] for row in rows)
    by_kind: dict[str, dict[str, Any]] = {}
    for told_of, kind, of_kind, seen in rows:
        share = round(seen / of_kind, 3) if of_kind else None
        by_kind.setdefault(told_of, {})[kind] = {"alone": of_kind, "shown": seen, "share": share}
    return {
        "cells_not_small": alone,
        "cells_shown": shown,
        "share": round(shown / alone, 3),
        "aim": AIM,
        "by_kind": by_kind,
    }


def main(data: Path) -> None:
    """Measure a data folder and write the result."""
    found = price(data / "warehouse" / "warehouse.duckdb")
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")
    print(f"{found['cells_shown']:,} of {found['cells_not_small']:,} cells: {found['share']:.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "data"))
