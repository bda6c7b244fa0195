"""What any system that sells for the sandbox's organisation holds of its orders and buyers."""

from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd

from ingestion.sandbox.wire import seconds


def digests(keys: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return 14 hexadecimal digits for each key, to make a vendor's ids of."""
    texts = keys.fillna("").str.lower()
    return texts.map(lambda text: blake2b(text.encode(), digest_size=7).hexdigest())


def changed(frame: pd.DataFrame) -> np.ndarray:
    """Return the second since which each record is shown as it is."""
    return seconds(frame[["updated_at", "visible_from"]].max(axis=1))


def erased_at(frame: pd.DataFrame, erasures: pd.DataFrame) -> "pd.Series[Any]":
    """Return when the person of each record was erased; NaT for almost everybody."""
    by_person = erasures.set_index("person_uid")["erased_at"]
    return by_person.reindex(frame["person_uid"]).set_axis(frame.index)


def accounts(records: pd.DataFrame, key: str, erasures: pd.DataFrame) -> pd.DataFrame:
    """Return one account per `key`: as it was typed last, since when, and the second it was erased.

    `records` have `key`, `person_uid`, `email`, `name`, and the seconds `created` and `changed`.
    """
    known = records.dropna(subset=key).sort_values(["changed", "created"], kind="stable")
    grouped = known.groupby(key)
    frame = grouped.last()
    frame["created"] = grouped["created"].min()
    gone = erased_at(frame, erasures)
    erased = pd.Series(seconds(gone), index=frame.index, dtype="Int64")
    frame["erased"] = erased.where(gone.notna())
    return frame.reset_index()
