"""Who lives in the sandbox: people in order of arrival, their households, addresses and names.

The first cohort was there before history starts, then a cohort arrives each month. Shares that must
hold in small worlds too (twins, family mailboxes, employees, dealers) are quotas by position.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from ingestion.sandbox import names
from ingestion.sandbox.clock import DAY, HISTORY_START, NEVER, YEAR, month_start, seconds_of
from ingestion.sandbox.draws import Draws, person_draws, stream

MONTHS_OF_DEFAULT_HISTORY = 36
SHARE_BEFORE_HISTORY = 0.62
TWINS, SAME_NAMES, FAMILY_MAILBOXES = (7,), (37,), (12, 27, 57, 82)
SHARE_OF_HOUSEHOLDS = 0.12

_DRAWS = (
    "arrival place gender first last age host year_in_mail trait household alternative_host"
    " other_name phone_digits"
)

_SHOWN = (
    "person_uid",
    "first_name",
    "last_name",
    "other_last_name",
    "gender",
    "birth_date",
    "satisfaction_trait",
    "household_uid",
    "email",
    "alternative_email",
    "work_email",
    "work_email_after",
    "role_box",
    "phone",
    "is_minor",
)


@dataclass(frozen=True)
class Population:
    """Everyone who arrived before the horizon, one array position per person.

    Shuffled, what a planted effect of action goes by is dealt anew among people.
    """

    seed: int
    people: int
    months: int
    cohort_sizes: list[int]
    columns: dict[str, np.ndarray]
    since: dict[str, np.ndarray] = field(default_factory=dict)
    until: dict[str, np.ndarray] = field(default_factory=dict)
    is_shuffled: bool = False

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["person_uid"])

    def present(self, month: int) -> int:
        """Return how many people had arrived by the end of a month."""
        return int(sum(self.cohort_sizes[: month + 2]))

    def draws(self, part: str, wanted: str) -> Draws:
        """Return named draws per person for one part of the world."""
        return person_draws(self.seed, part, self.cohort_sizes, wanted)

    def linked(self, part: str, cause: np.ndarray) -> np.ndarray:
        """Return what an effect goes by; shuffled, the same values, each somebody else's.

        Only the usual world has the same past however far it is simulated.
        """
        if not self.is_shuffled:
            return cause
        return stream(self.seed, f"shuffled {part}").permutation(cause)

    def active(
        self, audience: str, who: np.ndarray | slice, moment: np.ndarray | int
    ) -> np.ndarray:
        """Return whether each person belongs to the audience at the moment."""
        return (self.since[audience][who] <= moment) & (moment < self.until[audience][who])

    @cached_property
    def place(self) -> dict[str, np.ndarray]:
        """Return the columns of each person's place."""
        rows = self.columns["place"]
        return {
            name: np.array([getattr(place, name) for place in names.PLACES], dtype=object)[rows]
            for name in ("city", "country", "language", "time_zone", "currency")
        }

    def frame(self) -> pd.DataFrame:
        """Return the truth about everyone, one row per person."""
        columns = {name: self.columns[name] for name in _SHOWN}
        # Without the dtype pandas would turn text into its own type and None into NaN.
        return pd.DataFrame(
            {
                name: pd.Series(values, dtype=values.dtype)
                for name, values in (columns | self.place).items()
            }
        )


def cohort_sizes(people: int, months: int) -> list[int]:
    """Return how many people were there before history and arrive in each month after it."""
    before = round(people * SHARE_BEFORE_HISTORY)
    arrivals = people - before
    steps = [round(arrivals * m / MONTHS_OF_DEFAULT_HISTORY) for m in range(months + 1)]
    return [before, *np.diff(steps).tolist()]


def make_people(seed: int, people: int, months: int, shuffled: bool = False) -> Population:
    """Return everyone who arrives within the first ``months`` months of history."""
    sizes = cohort_sizes(people, months)
    draws = person_draws(seed, "people", sizes, _DRAWS)
    number = np.arange(sum(sizes))
    pair = number // 2 % 100
    second = (number % 2 == 1) & (draws["household"] < SHARE_OF_HOUSEHOLDS)
    second |= (number % 2 == 1) & np.isin(pair, TWINS + SAME_NAMES + FAMILY_MAILBOXES)
    head = np.where(second, number - 1, number)
    twin, namesake = second & np.isin(pair, TWINS), second & np.isin(pair, SAME_NAMES)

    place = draws.index("place", len(names.PLACES), [p.weight for p in names.PLACES])[head]
    female = draws.chance("gender", 0.51)
    female = np.where(twin | namesake, female[head], female)
    columns = {
        "person_uid": np.array([f"P{n:06d}" for n in number], dtype=object),
        "number": number,
        "arrival": _arrivals(sizes, draws["arrival"]),
        "place": place,
        "is_female": female,
        "gender": np.where(female, "female", "male").astype(object),
        "satisfaction_trait": np.round(draws.normal("trait"), 4),
        "household_uid": np.array([f"H{n:06d}" for n in head], dtype=object),
        "is_second": second,
    }
    columns.update(_births(draws, head, twin))
    columns.update(_names(draws, head, place, female, namesake))
    columns.update(_addresses(draws, columns, second & np.isin(pair, FAMILY_MAILBOXES)))
    return Population(seed, people, months, sizes, columns, is_shuffled=shuffled)


def _arrivals(sizes: list[int], luck: np.ndarray) -> np.ndarray:
    start = seconds_of(HISTORY_START)
    first = np.repeat(month_start(np.arange(-1, len(sizes) - 1)), sizes)
    last = np.repeat(month_start(np.arange(0, len(sizes))), sizes)
    first = np.where(first < start, start - 3 * YEAR, first)
    return (first + luck * (last - first)).astype(np.int64)


def _births(draws: Draws, head: np.ndarray, twin: np.ndarray) -> dict[str, np.ndarray]:
    today = seconds_of(HISTORY_START)
    age = np.where(draws["age"] < 0.03, 10 + draws["age"] * 200, 18 + draws["age"] ** 1.4 * 62)
    age = np.where(twin, age[head], age)
    born = ((today - age * YEAR) // DAY * DAY).astype(np.int64)
    text = np.datetime_as_string(born.astype("datetime64[s]"), unit="D").astype(object)
    return {"birth_date": text, "is_minor": age < 17, "birth_year": 1970 + born // YEAR}


def _names(
    draws: Draws, head: np.ndarray, place: np.ndarray, female: np.ndarray, namesake: np.ndarray
) -> dict[str, np.ndarray]:
    languages = np.array([p.language for p in names.PLACES], dtype=object)[place]
    first = np.empty(len(head), dtype=object)
    last = np.empty(len(head), dtype=object)
    for language in names.LAST_NAMES:
        for is_female, pool in ((True, names.FEMALE_NAMES), (False, names.MALE_NAMES)):
            rows = (languages == language) & (female == is_female)
            first[rows] = draws.take(rows).choice("first", pool[language].split())
        rows = languages == language
        last[rows] = draws.take(rows).choice("last", names.LAST_NAMES[language].split())
    # Those of a household share the family name; a father and a son may share the first name too.
    first = np.where(namesake, first[head], first)
    last = last[head]
    spelled = {
        key: names.last_name_of(*key)
        for key in set(zip(last, languages, female.tolist(), strict=True))
    }
    last = np.array(
        [spelled[key] for key in zip(last, languages, female.tolist(), strict=True)], dtype=object
    )
    return {"first_name": first, "last_name": last}


def _addresses(
    draws: Draws, columns: dict[str, np.ndarray], family: np.ndarray
) -> dict[str, np.ndarray]:
    first, last = names.each_folded(columns["first_name"]), names.each_folded(columns["last_name"])
    year = (columns["birth_year"] % 100).astype(str).astype(object)
    local = np.where(draws.chance("year_in_mail", 0.5), first + "." + last, first + last + year)
    email = local + "@" + draws.choice("host", names.MAIL_HOSTS)
    email = _told_apart(email)
    other = first + "_" + last + "@" + draws.choice("alternative_host", names.MAIL_HOSTS)
    other = _told_apart(other)
    email = np.where(family, np.roll(email, 1), email)
    # A prime step walks all seven-digit numbers once, so no two people share a line by accident.
    line = 2_000_000 + (columns["number"] * 7_919 + 1_234_567) % 7_900_000
    prefix = np.array([p.phone_prefix for p in names.PLACES], dtype=object)[columns["place"]]
    return {
        "email": email,
        "alternative_email": other,
        "shares_mailbox": family,
        "phone": prefix + line.astype(str).astype(object),
    }


def _told_apart(addresses: np.ndarray) -> np.ndarray:
    """Number the later holders of an address, so that only planted mailboxes are shared."""
    seen = pd.Series(addresses).groupby(addresses, sort=False).cumcount().to_numpy()
    numbered = [
        address.replace("@", f"{n + 1}@") if n else address
        for address, n in zip(addresses, seen, strict=True)
    ]
    return np.array(numbered, dtype=object)


def never(population: Population) -> np.ndarray:
    """Return a moment that never comes, one per person."""
    return np.full(len(population), NEVER, dtype=np.int64)
