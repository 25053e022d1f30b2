"""Channels: who is active where, where departments count it."""

import numpy as np
import pandas as pd

from segmentation.channels import channel_activity
from segmentation.features import build_features
from tests.reference_figures import CUSTOMERS_2020, ONLINE_CUSTOMERS_2020, ONLINE_SHARE_2020
from tests.segmentation.snapshots import NOTHING, stored


def test_activity_is_the_share_of_customers_and_of_dealings() -> None:
    members = build_features(
        stored(3, logins=[0.0, 4.0, 9.0], counter_dealings=[3.0, 0.0, 0.0], counter_share=[0.75, 0.0, NOTHING],
               atm_uses=[1.0, 0.0, 0.0], transfer_uses=[0.0, 0.0, 0.0], online_uses=[0.0, 5.0, 0.0])
    )  # fmt: skip
    found = channel_activity(members)
    assert {channel: each["active"] for channel, each in found.items()} == {
        "mobile": 0.6667, "counter": 0.3333, "atm": 0.3333, "transfer": 0.0, "online": 0.3333,
    }  # fmt: skip
    assert (found["counter"]["dealings"], found["online"]["dealings"]) == (0.375, 0.5)


def test_the_banks_own_figures_of_2020_come_out_as_the_study_tells_them() -> None:
    online = np.arange(CUSTOMERS_2020) < ONLINE_CUSTOMERS_2020
    members = pd.DataFrame(
        {
            "logins": np.where(online, 5.0, 0.0),
            "counter_dealings": np.where(online, 0.0, 4.0),
            "counter_share": np.where(online, 0.0, 1.0),
            "online_share": np.where(online, 1.0, 0.0),
        }
    )
    found = channel_activity(members)
    assert found["online"] == {
        "known": CUSTOMERS_2020,
        "active": ONLINE_SHARE_2020,
        "dealings": ONLINE_SHARE_2020,
    }
    assert (found["mobile"]["known"], found["mobile"]["active"]) == (CUSTOMERS_2020, ONLINE_SHARE_2020)
    assert found["counter"]["active"] == round(1 - ONLINE_SHARE_2020, 4)
    assert ONLINE_CUSTOMERS_2020 == 17_040


def test_a_channel_that_no_department_counts_is_absent() -> None:
    assert set(channel_activity(build_features(stored(2)))) == {"mobile"}
    assert channel_activity(build_features(stored(2, has_activity=False))) == {}
