"""From the world's frames to what goes over the wire: plain rows, quickly."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def rows(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a frame's rows as plain dicts; `columns` maps each name on the wire to a column."""
    values = [plain(frame[column]) for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def plain(column: pd.Series) -> list[Any]:
    """Return a column as Python values: times as ISO 8601 in UTC, gaps as None."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        moments = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        texts = np.datetime_as_string(moments.astype("datetime64[ms]"), timezone="UTC")
        return _without_gaps(texts.astype(object), column)
    return _without_gaps(column.to_numpy(dtype=object, copy=True), column)


def _without_gaps(values: np.ndarray, column: pd.Series) -> list[Any]:
    values[column.isna().to_numpy()] = None
    return values.tolist()


def grouped(items: Sequence[dict[str, Any]], key: str) -> dict[Any, list[dict[str, Any]]]:
    """Return the rows by the value of one key, which is taken out of them."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for item in items:
        groups.setdefault(item.pop(key), []).append(item)
    return groups
