"""The planted effects are in the world, at the sizes that were written down before."""

import json

import numpy as np
import pandas as pd
import pytest

from ingestion.sandbox import effects
from ingestion.sandbox.state import START as AS_OF
from ingestion.sandbox.world import World, make_world

RELATIONSHIPS = {
    "SV_customer_nps": ("customer", "nps", True),
    "SV_dealer_nps": ("dealer", "nps", True),
    "SV_donor_nps": ("donor", "nps", True),
    "SV_fan_nps": ("fan", "nps", False),
    "SV_employee_pulse": ("employee", "enps", False),
}


@pytest.fixture(scope="module")
def answers(whole: World) -> pd.DataFrame:
    """One row per person and wave who answered: score, quarter, person, ticket."""
    rows = whole.at(AS_OF)["survey_responses"]
    rows = rows[(rows["status"] == 0) & (rows["finished"] == 1)]
    rows = rows.drop_duplicates(["distribution_id", "contact_id"])
    people = whole.truth["account_person"].query("system == 'survey'")
    owners = people.set_index("account_key")["person_uid"]
    return rows.assign(
        score=[json.loads(text)["QID1"] for text in rows["answers"]],
        quarter=rows["ended_at"].dt.tz_localize(None).dt.to_period("Q"),
        person_uid=rows["contact_id"].map(owners),
    )


@pytest.fixture(scope="module")
def department(whole: World) -> pd.Series:
    """The latest department of every employee number."""
    staff = whole.at(AS_OF)["employees"].query("not deleted")
    return staff.set_index("employee_number")["department"]


@pytest.fixture(scope="module")
def handled(whole: World, department: pd.Series) -> pd.DataFrame:
    """Every ticket with its team, quarter and minutes to the first reply of a human being."""
    now = whole.at(AS_OF)
    agents = now["support_users"].dropna(subset="employee_number")
    team = agents.set_index("user_id")["employee_number"].map(department)
    events = now["ticket_events"]
    replies = events.query("actor_role == 'agent' and event_type == 'comment' and is_public")
    first = replies.groupby("ticket_id")["created_at"].min()
    tickets = now["tickets"].query("not is_test").copy()
    tickets["team"] = tickets["assignee_id"].map(team)
    tickets["quarter"] = tickets["created_at"].dt.tz_localize(None).dt.to_period("Q")
    waited = tickets["ticket_id"].map(first) - tickets["created_at"]
    return tickets.assign(minutes=waited.dt.total_seconds() / 60).dropna(subset="minutes")


def size_of(name: str) -> float:
    return float(effects.planted_effects().set_index("name").loc[name, "size"])


def nps(scores: pd.Series) -> float:
    return float(100 * ((scores >= 9).mean() - (scores <= 6).mean()))


def error_of(scores: pd.Series) -> float:
    groups = np.where(scores >= 9, 1.0, np.where(scores <= 6, -1.0, 0.0))
    return float(100 * groups.std() / np.sqrt(len(groups)))


def test_care_north_loses_its_spirit_two_quarters_before_its_customers_notice(
    whole: World, answers: pd.DataFrame, handled: pd.DataFrame, department: pd.Series
) -> None:
    contacts = whole.tables["survey_contacts"].drop_duplicates("contact_id", keep="last")
    number = contacts.set_index("contact_id")["external_reference"]
    pulse = answers[answers["survey_id"] == "SV_employee_pulse"]
    north = pulse[pulse["contact_id"].map(number).map(department) == "Care North"]
    fallen, slow = north["quarter"] >= "2025Q2", handled["quarter"] >= "2025Q4"
    north_tickets = handled["team"] == "Care North"

    drop = nps(north["score"][fallen]) - nps(north["score"][~fallen])
    assert abs(drop - size_of("care_north_enps")) < 20

    def wait(rows: pd.Series) -> float:
        return float(handled.loc[rows, "minutes"].median())

    times = wait(north_tickets & slow) / wait(north_tickets & ~slow)
    assert 1.4 < times < 2.6
    lead = handled["quarter"].isin(pd.PeriodIndex(["2025Q2", "2025Q3"], freq="Q"))
    assert wait(north_tickets & lead) / wait(north_tickets & ~slow & ~lead) < 1.3
    assert 0.8 < wait(~north_tickets & slow) / wait(~north_tickets & ~slow) < 1.25

    after = answers[answers["survey_id"] == "SV_ticket_csat"]
    judged = after.merge(
        handled[["ticket_id", "team", "quarter"]], on="ticket_id", suffixes=("", "_t")
    )
    theirs = judged[judged["team"] == "Care North"]
    late = theirs["quarter_t"] >= "2025Q4"
    happy = theirs["score"] >= 4
    assert happy[late].mean() - happy[~late].mean() < -0.05


def test_satisfaction_falls_with_the_wait(answers: pd.DataFrame, handled: pd.DataFrame) -> None:
    after = answers[answers["survey_id"] == "SV_ticket_csat"]
    judged = after.merge(handled[["ticket_id", "minutes"]], on="ticket_id")
    doublings = np.log2(judged["minutes"].clip(lower=1))
    slope = np.polyfit(doublings, (judged["score"] >= 4).astype(float), 1)[0]

    assert abs(100 * slope - size_of("csat_by_first_response")) < 1.5


def test_dealers_fall_and_customers_stay(whole: World) -> None:
    values = whole.truth["true_values"].query("metric == 'nps' and is_deepest")
    after = values[values["period_start"] >= pd.Timestamp("2026-01-01").date()]
    before = values[values["period_start"] == pd.Timestamp("2025-10-01").date()]

    def level(frame: pd.DataFrame, audience: str) -> float:
        found = frame.loc[frame["audience"] == audience, "value"].unique()
        assert len(found) == 1
        return float(found[0])

    fall = level(after, "dealer") - level(before, "dealer")
    assert fall == pytest.approx(size_of("dealer_nps"))
    assert level(after, "customer") == level(before, "customer")


def test_one_quarter_of_dealers_just_detects_the_fall(whole: World) -> None:
    invited = whole.at(AS_OF)["survey_invitations"]
    waves = whole.at(AS_OF)["distributions"].query("survey_id == 'SV_dealer_nps'")
    last = waves.sort_values("sent_at")["distribution_id"].tail(3)
    reached = invited[invited["distribution_id"].isin(last) & (invited["status"] != "Bounced")]
    asked = reached.groupby("distribution_id").size()

    power = effects.power_of_difference(
        effects.DEALER_BEFORE, effects.DEALER_AFTER, effects.DEALERS_ASKED
    )
    assert power == pytest.approx(0.80, abs=0.01)
    assert asked.mean() == pytest.approx(effects.DEALERS_ASKED, rel=0.1)


def test_who_answers_depends_on_how_satisfied_they_are(whole: World) -> None:
    now = whole.at(AS_OF)
    people = whole.truth["account_person"].query("system == 'survey'")
    owner = people.set_index("account_key")["person_uid"]
    trait = whole.truth["people"].set_index("person_uid")["satisfaction_trait"]
    invited = now["survey_invitations"]
    invited = invited[invited["status"] != "Bounced"]
    satisfied = invited["contact_id"].map(owner).map(trait)
    answered = invited["response_id"].notna()

    assert satisfied[answered].mean() - satisfied[~answered].mean() > 0.08


def test_true_values_are_what_the_answers_scatter_around(
    whole: World, answers: pd.DataFrame
) -> None:
    values = whole.truth["true_values"].query("period_kind == 'quarter' and segment == 'all'")
    values = values.set_index(["audience", "metric", "is_deepest", "period_start"])["value"]
    distances = []
    for (survey, quarter), rows in answers.groupby(["survey_id", "quarter"]):
        if survey in RELATIONSHIPS and len(rows) >= 30:
            true = values[(*RELATIONSHIPS[survey], quarter.start_time.date())]
            distances.append((nps(rows["score"]) - true) / error_of(rows["score"]))
    distances = np.array(distances)

    assert len(distances) >= 50
    assert abs(distances.mean()) < 0.4
    assert (abs(distances) < 1.96).mean() >= 0.88
    assert 0.7 < distances.std() < 1.3


def test_answering_people_are_more_satisfied_than_everyone(whole: World) -> None:
    values = whole.truth["true_values"].query("metric in ('nps', 'enps', 'csat')")

    assert (values["value"] > values["value_everyone"]).all()


def test_repeat_customers_are_as_many_as_the_process_gives(whole: World) -> None:
    values = whole.truth["true_values"].query("metric == 'repeat_customer_rate'")
    orders = whole.at(AS_OF)["orders"].query("kind == 'order' and status != 'cancelled'")
    for row in values[values["period_end"] <= AS_OF.date()].itertuples():
        start, end = (pd.Timestamp(day, tz="UTC") for day in (row.period_start, row.period_end))
        bought = orders[orders["ordered_at"].between(start, end, inclusive="left")]
        times = bought["person_uid"].value_counts()
        error = np.sqrt(row.value * (1 - row.value) / len(times))
        assert abs((times >= 2).mean() - row.value) < 4 * error


def test_true_values_say_when_for_whom_and_for_how_many(small: World, whole: World) -> None:
    for world in (small, whole):
        values = world.truth["true_values"]
        key = ["audience", "metric", "period_kind", "period_start", "segment", "is_deepest"]
        assert not values.duplicated(key).any()
        assert (values["period_start"] < values["period_end"]).all()
        assert values[["value", "value_everyone"]].notna().all(axis=None)
    quarters = whole.truth["true_values"].query("metric == 'nps' and is_deepest")
    assert (quarters.groupby("audience").size() == 12).all()
    assert {"customer", "fan", "superfan", "dealer", "donor"} <= set(quarters["audience"])


def eased(world: World) -> pd.DataFrame:
    """Return one row per answer on ease: the answer, and whether its ticket was handed on."""
    rows = world.at(AS_OF)["survey_responses"].query("survey_id == 'SV_ticket_csat'")
    rows = rows[(rows["status"] == 0) & (rows["finished"] == 1)]
    events = world.at(AS_OF)["ticket_events"].query("event_type == 'assignment'")
    handed = events.groupby("ticket_id").size() > 1
    ces = [json.loads(text).get("QID3") for text in rows["answers"]]
    found = rows.assign(ces=ces, handed_on=rows["ticket_id"].map(handed).fillna(False))
    return found.dropna(subset="ces")


def test_who_is_handed_on_finds_it_less_easy(whole: World) -> None:
    found = eased(whole)
    easy = (found["ces"].astype(int) >= 5).groupby(found["handed_on"].astype(bool))
    shares, sizes = easy.mean(), easy.size()

    error = 100 * np.sqrt((shares * (1 - shares) / sizes).sum())
    assert sizes[True] > 100
    assert abs(100 * (shares[True] - shares[False]) - size_of("ces_when_handed_on")) < 3 * error


def test_nothing_but_ease_knows_of_a_handover(
    small: World, small_now: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "CES_PER_HANDOVER", 0.0)
    without = make_world(people=300, until=AS_OF.date()).at(AS_OF)

    def without_ease(answers: pd.Series) -> list[dict[str, object]]:
        return [{k: v for k, v in json.loads(text).items() if k != "QID3"} for text in answers]

    for name, there in small_now.items():
        if name == "survey_responses":
            assert without_ease(there["answers"]) == without_ease(without[name]["answers"])
            assert (there["answers"] != without[name]["answers"]).any()
            there, without[name] = (f.drop(columns="answers") for f in (there, without[name]))
        pd.testing.assert_frame_equal(there, without[name])
