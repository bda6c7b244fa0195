"""The flaws of real life, planted while records are made: typos, spellings, formats."""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.draws import Draws
from ingestion.sandbox.names import folded

SHARE_OF_TYPOS = 0.09
SCRUBBED = "SCRUBBED"
_NEIGHBOURS = dict(zip("abcdefghijklmnopqrstuvwxyz", "svxsrdhjoklkmnbipwatyiceuxz", strict=False))


def mistyped(texts: np.ndarray, rows: np.ndarray, draws: Draws, name: str) -> np.ndarray:
    """Return the texts with one slip of the finger in the given rows (a mask).

    Only letters before an ``@`` slip, so a typo seldom turns one person's address into another's.
    """
    result = texts.copy()
    for row in np.flatnonzero(rows):
        if result[row] is not None:
            result[row] = slip(result[row], draws[name][row])
    return result


def slip(text: str, luck: float) -> str:
    """Return the text with two letters swapped, one lost, one doubled or one mistaken."""
    head = text.split("@")[0]
    spots = [i for i in range(1, len(head)) if head[i].isalpha()]
    if not spots:
        return text
    spot = spots[int(luck * 9_973) % len(spots)]
    kind = int(luck * 89_989) % 4
    letter, before = text[spot], text[spot - 1]
    if kind == 0 and before.isalpha() and before.lower() != letter.lower():
        return text[: spot - 1] + letter.lower() + before.lower() + text[spot + 1 :]
    if kind == 1 and len(spots) > 2:
        return text[:spot] + text[spot + 1 :]
    if kind == 2:
        return text[:spot] + letter * 2 + text[spot + 1 :]
    return text[:spot] + _NEIGHBOURS.get(letter.lower(), "e") + text[spot + 1 :]


def respelled(texts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the names without accents and in Latin letters in the given rows (a mask)."""
    result = texts.copy()
    for row in np.flatnonzero(rows):
        result[row] = folded(texts[row]).capitalize()
    return result


def phone_as_typed(phones: np.ndarray, draws: Draws, name: str) -> np.ndarray:
    """Return numbers as people type them: mostly E.164, some with spaces or 00 for the plus."""
    style = draws.index(name, 3, [6, 2, 2])
    typed = [
        phone if phone is None or kind == 0 else _styled(phone, kind)
        for phone, kind in zip(phones, style, strict=True)
    ]
    return np.array(typed, dtype=object)


def missing(texts: np.ndarray) -> np.ndarray:
    """Return where there is no text."""
    return np.array([text is None for text in texts], dtype=bool)


def without(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the values with None in the given rows (a mask)."""
    kept: np.ndarray = values.astype(object)
    kept[rows] = None
    return kept


def only(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the values with None outside the given rows (a mask)."""
    return without(values, ~rows)


def _styled(phone: str, kind: int) -> str:
    if kind == 1:
        return f"{phone[:-7]} {phone[-7:-4]} {phone[-4:]}"
    return "00" + phone[1:]
