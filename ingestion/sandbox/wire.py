"""From the world's frames to the wire: JSON values, and cursors that can not be forged."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]

# The same in every process: a cursor kept from an earlier run must still be good.
SEAL = b"sandbox"


class ForgedCursor(ValueError):
    """A cursor that this emulator never gave out."""


def rows(frame: pd.DataFrame, milliseconds: bool = False) -> list[dict[str, Any]]:
    """Return a frame as JSON rows: times as ISO 8601 in UTC, what is missing as None."""
    return Rows(frame, milliseconds)[:]


class Rows:
    """A frame's rows, converted once to be given out in pages."""

    def __init__(self, frame: pd.DataFrame, milliseconds: bool = False) -> None:
        self.names = list(frame.columns)
        values = (json_values(frame[name], milliseconds) for name in self.names)
        self.rows = list(zip(*values, strict=True))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, positions: Iterable[int] | slice) -> list[dict[str, Any]]:
        if isinstance(positions, slice):
            chosen = self.rows[positions]
        else:
            chosen = [self.rows[position] for position in positions]
        return [dict(zip(self.names, row, strict=True)) for row in chosen]


def json_values(column: "pd.Series[Any]", milliseconds: bool = False) -> list[Any]:
    """Return one column as values that JSON can hold."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        text = np.datetime_as_string(_utc(column), unit="ms" if milliseconds else "s")
        return [None if moment == "NaT" else moment + "Z" for moment in text.tolist()]
    return column.astype(object).where(column.notna(), None).tolist()


def seconds(column: "pd.Series[Any]") -> np.ndarray:
    """Return a column of times as whole seconds since 1970."""
    return _utc(column).astype("datetime64[s]").astype(np.int64)


def _utc(column: "pd.Series[Any]") -> np.ndarray:
    return np.asarray(column.dt.tz_convert("UTC").dt.tz_localize(None), dtype="datetime64[us]")


def seal(position: str) -> str:
    """Return an opaque cursor for a position."""
    return base64.urlsafe_b64encode(f"{position}|{_signature(position)}".encode()).decode()


def unseal(cursor: str) -> str:
    """Return the position of a cursor; raise `ForgedCursor` for one that was touched."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, UnicodeError, ValueError) as noise:
        raise ForgedCursor(cursor) from noise
    position, _, signature = text.rpartition("|")
    if signature != _signature(position):
        raise ForgedCursor(cursor)
    return position


def _signature(position: str) -> str:
    return hashlib.blake2b(position.encode(), key=SEAL, digest_size=6).hexdigest()


class Derived:
    """Something made of the world's tables, made again only when they have changed."""

    def __init__(self, tables: Callable[[], Tables], make: Callable[[Tables], Any]) -> None:
        self.tables = tables
        self.make = make
        self._seen: Tables | None = None
        self._made: Any = None

    def __call__(self) -> Any:
        current = self.tables()
        if current is not self._seen:
            self._seen, self._made = current, self.make(current)
        return self._made
