"""Frames typed like the world's, made by hand."""

from typing import Any

import pandas as pd


def frame(kinds: dict[str, str], records: list[dict[str, Any]]) -> pd.DataFrame:
    """Return records as a frame typed like the world's: int, Int, str, time, bool or float."""
    columns = {}
    for name, kind in kinds.items():
        values = [record.get(name) for record in records]
        if kind == "time":
            columns[name] = pd.Series(pd.to_datetime(values, utc=True), dtype="datetime64[us, UTC]")
        elif kind == "str":
            columns[name] = pd.Series(values, dtype=object)
        else:
            dtype = {"int": "int64", "Int": "Int64", "bool": "bool", "float": "float64"}[kind]
            columns[name] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(columns)
