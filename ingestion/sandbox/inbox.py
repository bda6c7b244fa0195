"""The sandbox's own file drops: the member register as Parquet, everything else as CSV."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

UTC = "%Y-%m-%d %H:%M:%S"
MEMBER_COLUMNS = ["member_number", "email", "name", "kind", "valid_from", "valid_to"]
CALL_COLUMNS = ["call_id", "email", "kind", "called_at", "ended_at"]
TRAINING_COLUMNS = ["employee_number", "email", "training", "hours", "completed_at"]
WALK_COLUMNS = [
    "visit_id", "visit_kind", "journey", "stage", "criterion", "score", "scale_max", "visited_at",
]  # fmt: skip
SHARE_COLUMNS = ["share_id", "email", "kind", "shared_at"]
ORDER_COLUMNS = [
    "order_id", "kind", "email", "name", "ordered_at", "time_zone", "amount", "currency",
    "status", "refunded_amount", "cost", "location", "delivery_rating",
]  # fmt: skip


def write_inbox(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Put the whole exports into an inbox, each by one rename; leave alone what did not change."""
    folder.mkdir(parents=True, exist_ok=True)
    exports: dict[str, Callable[[Path], None]] = {
        "orders.csv": lambda path: orders(tables["orders"]).to_csv(path, index=False),
        "calls.csv": lambda path: calls(tables["calls"]).to_csv(path, index=False),
        "trainings.csv": lambda path: trainings(tables["trainings"]).to_csv(path, index=False),
        "walks.csv": lambda path: walks(tables["walks"]).to_csv(path, index=False),
        "shares.csv": lambda path: shares(tables["shares"]).to_csv(path, index=False),
        "memberships.parquet": lambda path: pq.write_table(
            pa.Table.from_pandas(members(tables["memberships_file"]), preserve_index=False), path
        ),
    }
    return [folder / name for name, write in exports.items() if _drop(folder / name, write)]


def orders(table: pd.DataFrame) -> pd.DataFrame:
    """Return orders as a shop exports them: local times, the zone in a column of its own."""
    local = [
        moment.tz_convert(zone).strftime("%Y-%m-%d %H:%M:%S")
        for moment, zone in zip(table.ordered_at, table.time_zone, strict=True)
    ]
    return table.assign(ordered_at=local)[ORDER_COLUMNS]


def calls(table: pd.DataFrame) -> pd.DataFrame:
    """Return the log of calls as the telephone exports it, in UTC; one nobody took has no end."""
    times = {name: table[name].dt.strftime(UTC) for name in ("called_at", "ended_at")}
    return table.assign(kind="call", **times)[CALL_COLUMNS]


def trainings(table: pd.DataFrame) -> pd.DataFrame:
    """Return who completed which training, as the learning system exports it, in UTC."""
    return table.assign(completed_at=table.completed_at.dt.strftime(UTC))[TRAINING_COLUMNS]


def walks(table: pd.DataFrame) -> pd.DataFrame:
    """Return what visitors scored, criterion by criterion, in UTC."""
    return table.assign(visited_at=table.visited_at.dt.strftime(UTC))[WALK_COLUMNS]


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the log of recommendations as the page where they are made exports it, in UTC."""
    return table.assign(shared_at=table.shared_at.dt.strftime(UTC))[SHARE_COLUMNS]


def members(table: pd.DataFrame) -> pd.DataFrame:
    """Return the member register as its keeper exports it."""
    return table[MEMBER_COLUMNS]


def _drop(target: Path, write: Callable[[Path], None]) -> bool:
    new = target.with_name(f".{target.name}.part")
    write(new)
    if target.exists() and target.read_bytes() == new.read_bytes():
        new.unlink()
        return False
    os.replace(new, target)
    return True
