"""What people inside say of the organisation has the sizes that were written down before."""

import json

import numpy as np
import pandas as pd
import pytest

from ingestion.sandbox import effects
from ingestion.sandbox.state import START as AS_OF
from ingestion.sandbox.world import World


@pytest.fixture(scope="module")
def answers(whole: World) -> pd.DataFrame:
    """A row a finished answer of the culture survey: its codes, and the department of today."""
    now = whole.at(AS_OF)
    rows = now["survey_responses"].query(
        "survey_id == 'SV_culture' and status == 0 and finished == 1"
    )
    rows = rows.drop_duplicates(["distribution_id", "contact_id"]).reset_index(drop=True)
    number = now["survey_contacts"].set_index("contact_id")["external_reference"]
    staff = now["employees"].query("not deleted").set_index("employee_number")
    codes = pd.DataFrame([json.loads(text) for text in rows["answers"]])
    division = rows["contact_id"].map(number).map(staff["division"])
    return codes.assign(is_commercial=division == "Commercial")


def size_of(name: str) -> float:
    return float(effects.planted_effects().set_index("name").loc[name, "size"])


def agreement(one: pd.Series, other: pd.Series, codes: int) -> float:
    shares = [np.bincount(side, minlength=codes + 1) / len(side) for side in (one, other)]
    return float(100 * shares[0] @ shares[1])


def test_departments_differ_in_one_answer_and_not_in_the_other(answers: pd.DataFrame) -> None:
    own, other = answers[answers["is_commercial"]], answers[~answers["is_commercial"]]
    for question, codes, name in (("QID1", 5, "experience"), ("QID2", 4, "value")):
        apart = agreement(own[question], other[question], codes)
        alike = agreement(other[question], other[question], codes)
        # Some have changed sides since, so a little of the distance is lost.
        assert abs(apart - alike - size_of(f"alignment_on_{name}")) < 4, question


def test_employees_believe_better_of_help_and_right_of_the_rest(
    answers: pd.DataFrame, whole: World
) -> None:
    usual = effects.answered_odds(effects.CSAT, effects.CSAT_LEVEL)[3:].sum()
    assert abs(100 * ((answers["QID3"] >= 4).mean() - usual) - size_of("believed_help")) < 4
    statements = answers[["QID5", "QID6", "QID7", "QID8"]].to_numpy()
    assert abs(statements.mean() - size_of("culture_score")) < 0.06
    choices = whole.truth["choices"]
    assert choices.groupby(["question_id", "department"])["share"].sum().round(9).eq(1).all()


def test_managers_alone_are_asked_how_grown_up_we_are(whole: World) -> None:
    now = whole.at(AS_OF)
    asked = now["survey_invitations"][
        now["survey_invitations"]["distribution_id"].str.startswith("EMD_8")
    ]
    number = now["survey_contacts"].set_index("contact_id")["external_reference"]
    titles = now["employees"].query("not deleted").set_index("employee_number")["job_title"]
    theirs = asked["contact_id"].map(number).map(titles)
    assert len(asked) > 20
    assert theirs.str.contains("Head|Chief").mean() > 0.95
