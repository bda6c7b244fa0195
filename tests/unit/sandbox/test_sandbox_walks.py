"""Visits and trainings of the sandbox: what their files say, and that nothing is planted in them."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ingestion.sandbox.state import START as AS_OF
from ingestion.sandbox.workforce import CARE_TEAMS, DEPARTMENTS
from ingestion.sandbox.world import World, make_world

STAGES = Path(__file__).parents[3] / "dbt_project" / "seeds" / "journey_stages.csv"


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(people=1000)


@pytest.fixture(scope="module")
def now(world: World) -> dict[str, pd.DataFrame]:
    return world.at(AS_OF)


def test_visits_are_of_stages_that_the_registry_knows(now: dict[str, pd.DataFrame]) -> None:
    walks = now["walks"]
    with STAGES.open(encoding="utf-8") as lines:
        known = {(row["journey"], row["stage"]) for row in csv.DictReader(lines)}
    assert set(zip(walks["journey"], walks["stage"], strict=True)) <= known
    assert walks["score"].between(1, walks["scale_max"]).all()
    assert not walks.duplicated(["visit_id", "criterion"]).any()


def test_leaders_walk_three_journeys_and_gave_up_one(now: dict[str, pd.DataFrame]) -> None:
    led = now["walks"].query("visit_kind == 'walk_through'")
    last = led.groupby("journey")["visited_at"].max()
    is_recent = last > pd.Timestamp(AS_OF) - pd.Timedelta(days=365)
    assert set(last.index[is_recent]) == {"customer", "fan", "employee"}
    assert set(last.index[~is_recent]) == {"donor"}


def test_scores_of_visits_do_not_move(now: dict[str, pd.DataFrame]) -> None:
    walks = now["walks"]
    year = walks.groupby(walks["visited_at"].dt.year)["score"]
    error = np.sqrt(year.var() / year.size())
    assert ((year.mean() - walks["score"].mean()).abs() < 3 * error).all()


def test_a_training_is_completed_by_who_works_here_and_whom_it_is_for(world: World) -> None:
    done, jobs = world.at(AS_OF)["trainings"], world.at(AS_OF)["employees"]
    done = done.merge(jobs[~jobs["deleted"]], on="employee_number", suffixes=("", "_hr"))
    day = done["completed_at"].dt.strftime("%Y-%m-%d")
    assert set(done["training"]) == {"hard_conversations", "experience_basics"}
    assert (day >= done["hire_date"]).all()
    assert (done["termination_date"].isna() | (day <= done["termination_date"])).all()
    care = {DEPARTMENTS[number].name for number in CARE_TEAMS}
    is_care = done["department"].isin(care)[done["training"] == "hard_conversations"]
    assert is_care.mean() > 0.9, "but for those who moved since, and where HR is wrong"
    assert not done.duplicated(["employee_number", "training"]).any()


def test_who_is_erased_leaves_the_learning_system(world: World) -> None:
    erased = set(world.at(AS_OF)["erasures"]["person_uid"])
    ever = set(world.tables["trainings"]["person_uid"])
    assert not erased & set(world.at(AS_OF)["trainings"]["person_uid"])
    assert world.tables["trainings"]["is_gone"].any() == bool(erased & ever)
