"""Channels: how many customers are active in each, and how much of their dealings goes there, over the quarter."""

from typing import Any

import numpy as np
import pandas as pd

from segmentation.qualities import CHANNELS

MOBILE = "mobile"


def channel_activity(members: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Activity of some customers by channel (S-125): `known` customers, and of them, 0–1, the `active` share.

    `dealings` is the mean share of the channel in the dealings of those who have any; the mobile bank counts log-ins,
    which are no dealings. A channel that no department counts is absent.
    """
    found: dict[str, dict[str, Any]] = {}
    logins = members["logins"].dropna()
    if len(logins):
        found[MOBILE] = {"known": len(logins), "active": round(float((logins > 0).mean()), 4), "dealings": None}
    counted = members[members["counter_dealings"].notna()]
    for channel in CHANNELS if len(counted) else ():
        share = counted.get(f"{channel}_share", pd.Series(np.nan, index=counted.index))
        mean = round(float(share.mean()), 4) if share.notna().any() else None
        found[channel] = {"known": len(counted), "active": round(float((share > 0).mean()), 4), "dealings": mean}
    return found
