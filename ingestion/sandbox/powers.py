"""With which power the marts of action find what was planted, at the default world's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from ingestion.sandbox.action_effects import (
    BUYS_AGAIN,
    RECOMMENDS,
    RECOMMENDS_ANYWAY,
    WEB_FORM_SPARES,
)

# Solved requests a quarter by form and by mail, of customers, dealers, fans and lapsed customers;
# how many of them take one reply, and how many a second one only because somebody wrote again.
BY_FORM, BY_MAIL = (35, 13, 22, 27), (31, 13, 16, 21)
QUARTERS_BEFORE, QUARTERS_AFTER = 6, 4
ONE_TOUCH, WRITTEN_AGAIN = 0.55, 0.37
# Customers who answer in a quarter and say, or do not say, that they would recommend us.
SAID, UNSAID = 50, 50
# Customers whose last answer of 2024 was 9 or 10, or 6 and less.
PROMOTERS, DETRACTORS = 183, 81
# An order: mean and mean square in their currencies (median 62, log-normal of 0.6); orders a year.
ORDER, ORDER_SQUARE = 62 * np.exp(0.18), 62**2 * np.exp(0.72)
PROMOTERS_ORDER, DETRACTORS_ORDER = 0.50, 0.35
LEVEL = 0.05


def of_difference(distance: float) -> float:
    """Return the power of a two-sided normal test at so many standard errors of distance."""
    normal = NormalDist()
    edge = normal.inv_cdf(1 - LEVEL / 2)
    return normal.cdf(distance - edge) + normal.cdf(-distance - edge)


def of_web_form() -> float:
    """Return the power of Welch's test of the units' changes of the one-touch rate.

    With the fewest degrees of freedom that Welch may come to, so rather too little; and where by
    chance the two went apart before, nothing is claimed.
    """
    from scipy import stats  # 0.7 s, which every start of the server would wait for

    quarters = 1 / QUARTERS_BEFORE + 1 / QUARTERS_AFTER
    errors = [_mean_error(units, quarters) for units in (BY_FORM, BY_MAIL)]
    freedom = min(len(BY_FORM), len(BY_MAIL)) - 1
    distance = WEB_FORM_SPARES * WRITTEN_AGAIN / np.sqrt(sum(errors))
    edge = stats.t.ppf(1 - LEVEL / 2, freedom)
    return float(stats.nct.sf(edge, freedom, distance)) * (1 - LEVEL)


def _mean_error(units: Sequence[int], quarters: float) -> float:
    """Return the variance of the units' mean change of a share."""
    return sum(ONE_TOUCH * (1 - ONE_TOUCH) * quarters / n for n in units) / len(units) ** 2


def of_say_do() -> float:
    """Return the power to see the lift of one quarter of customers."""
    error = RECOMMENDS * (1 - RECOMMENDS) / SAID
    error += RECOMMENDS_ANYWAY * (1 - RECOMMENDS_ANYWAY) / UNSAID
    return of_difference((RECOMMENDS - RECOMMENDS_ANYWAY) / np.sqrt(error))


def of_experience_value() -> float:
    """Return the power to see the planted orders in what promoters of one year spend more."""
    more = (PROMOTERS_ORDER + BUYS_AGAIN) * ORDER_SQUARE - (BUYS_AGAIN * ORDER) ** 2
    error = more / PROMOTERS + DETRACTORS_ORDER * ORDER_SQUARE / DETRACTORS
    return of_difference(BUYS_AGAIN * ORDER / np.sqrt(error))
