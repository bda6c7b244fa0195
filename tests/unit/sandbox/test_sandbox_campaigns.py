"""Campaign mail goes to people who exist and want it, and its reports are as late as in life."""

import pandas as pd

from ingestion.sandbox.world import World


def test_nobody_gets_mail_who_did_not_want_it_then(small: World) -> None:
    told = small.tables["campaign_activity"].merge(small.tables["campaigns"], on="campaign_id")
    states = small.tables["subscribers"].sort_values("updated_at", kind="stable")
    at_the_time = pd.merge_asof(
        told.sort_values("sent_at"), states, by="subscriber_id", left_on="sent_at",
        right_on="updated_at", suffixes=("", "_then"),
    )  # fmt: skip

    assert set(at_the_time["status"]) == {"subscribed", "cleaned"}
    assert set(at_the_time.loc[at_the_time["action"] != "bounce", "status"]) == {"subscribed"}
    assert (at_the_time["list_id"] == at_the_time["list_id_then"]).all()
    assert (at_the_time["email"] == at_the_time["email_then"]).all()
    assert (at_the_time["occurred_at"] > at_the_time["sent_at"]).all()


def test_subscribers_are_people_whose_address_is_once_on_a_list_and_some_vanish(
    whole: World,
) -> None:
    versions = whole.tables["subscribers"]
    last = versions.drop_duplicates("subscriber_id", keep="last")
    living = last[~last["is_gone"]]
    late = whole.tables["campaign_activity"]

    assert set(versions["person_uid"]) <= set(whole.truth["people"]["person_uid"])
    assert (
        not living.assign(email=living["email"].str.lower()).duplicated(["list_id", "email"]).any()
    )
    assert living["person_uid"].duplicated().any()
    assert {"pending", "subscribed", "unsubscribed", "cleaned", "archived"} == set(
        versions["status"]
    )
    assert 10 < last["is_gone"].sum() < len(last) / 10
    assert versions.groupby("subscriber_id")["email"].nunique().max() == 2
    assert 0 < (late["visible_from"] > late["occurred_at"]).mean() < 0.05
