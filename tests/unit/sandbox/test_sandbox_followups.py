"""The log of calls: what it plants is what was written down, and nothing else of the world moves."""

import json

import pandas as pd
import pytest

from ingestion.sandbox import effects, followups
from ingestion.sandbox.state import START as AS_OF
from ingestion.sandbox.world import World, make_world

PEOPLE = 2000


@pytest.fixture(scope="module")
def called() -> World:
    return make_world(people=PEOPLE)


@pytest.fixture(scope="module")
def in_vain() -> World:
    """The same world, in which a call does nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(followups, "RECOVERED_POINTS", 0)
        return make_world(people=PEOPLE)


def scores(world: World) -> pd.Series:
    rows = world.at(AS_OF)["survey_responses"].set_index("response_id")
    return rows["answers"].map(lambda text: json.loads(text)["QID1"])


def test_only_the_next_answers_of_who_was_spoken_to_differ(called: World, in_vain: World) -> None:
    """And whom they recommend us to then, which goes by what they answer."""
    for name, table in called.tables.items():
        if name not in ("survey_responses", "calls", "shares"):
            pd.testing.assert_frame_equal(table, in_vain.tables[name])
    answers, others = (w.tables["survey_responses"] for w in (called, in_vain))
    pd.testing.assert_frame_equal(answers.drop(columns="answers"), others.drop(columns="answers"))
    moved = answers[answers["answers"] != others["answers"]]
    assert set(moved["survey_id"]) == {"SV_fan_nps"}
    more = (scores(called) - scores(in_vain))[lambda by: by != 0]
    assert len(more) >= 10
    assert set(more) <= {1, 2, effects.RECOVERED_POINTS}
    assert (more == effects.RECOVERED_POINTS).mean() > 0.4


def test_about_as_many_are_called_and_spoken_to_as_was_written_down(called: World) -> None:
    calls = called.at(AS_OF)["calls"]
    minors = called.truth["people"].query("is_minor")["person_uid"]
    assert len(calls) > 25
    assert calls["ended_at"].notna().mean() == pytest.approx(effects.SPOKEN_TO, abs=0.2)
    assert not calls["person_uid"].isin(minors).any()


def test_a_person_who_is_erased_leaves_the_log(called: World) -> None:
    erased = called.at(AS_OF)["erasures"]["person_uid"]
    assert not called.at(AS_OF)["calls"]["person_uid"].isin(erased).any()
