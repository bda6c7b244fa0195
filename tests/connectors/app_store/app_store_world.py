"""Reviews enough for a page and one more."""

from functools import partial
from typing import Any

import pandas as pd
import review_world

MANY = 201  # the last page holds one
review = partial(review_world.review, channel="WEB")


def tables(reviews: list[dict[str, Any]] | None = None) -> dict[str, pd.DataFrame]:
    """Return the vendor's tables."""
    given = [review(n) for n in range(1, MANY + 1)] if reviews is None else reviews
    return review_world.frames(given)
