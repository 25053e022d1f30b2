"""Channels on the terminal: set up or not, costs, what left, what is in doubt."""

import json
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.channels.model import Channel, ChannelMessage, ChannelPolicy, Spent, Touch
from campaigns.deliveries.model import State
from campaigns.members.model import Language
from handlers.wording.channels import channel_name


def channels_json(
    policy: ChannelPolicy, configured: frozenset[Channel], spent: Sequence[Spent], unknown: Sequence[ChannelMessage]
) -> str:
    """The same as one JSON object."""
    left = {each.channel: each for each in spent}
    rows = {
        channel: {
            "configured": channel in configured,
            "contact_fen": _contact(policy, channel),
            "messages": dict(left[channel].by_state) if channel in left else {},
            "cost_fen": left[channel].cost_fen if channel in left else 0,
        }
        for channel in Channel
    }
    doubts = [{"id": each.id, "campaign": each.campaign, "channel": each.channel} for each in unknown]
    return json.dumps({"policy": policy.version, "channels": rows, "unknown": doubts}, ensure_ascii=False)


def print_channels(
    policy: ChannelPolicy,
    configured: frozenset[Channel],
    spent: Sequence[Spent],
    unknown: Sequence[ChannelMessage],
    console: Console,
) -> None:
    """One channel a line, then what a person must settle."""
    table = Table(title="渠道 Channels", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("channel", "名称", "set up", "a contact, fen"):
        table.add_column(name)
    for name in ("planned", "sent", "in doubt", "cost, fen"):
        table.add_column(name, justify="right")
    left = {each.channel: each for each in spent}
    for channel in Channel:
        states = left[channel].by_state if channel in left else {}
        counts = (sum(states.values()), states.get(State.SENT, 0), states.get(State.UNKNOWN, 0))
        cost = left[channel].cost_fen if channel in left else 0
        contact = _contact(policy, channel)
        fen = (
            str(contact)
            if isinstance(contact, int)
            else ", ".join(f"{key} {value:,}" for key, value in contact.items())
        )
        is_set_up = "yes" if channel in configured else "no"
        row = (channel, channel_name(channel, Language.ZH), is_set_up, fen, *(f"{count:,}" for count in counts))
        table.add_row(*row, f"{cost:,}")
    console.print(table)
    for each in unknown:
        console.print(
            f"In doubt: message {each.id} of {each.campaign} by {each.channel}; `channels resolve` settles it."
        )


def _contact(policy: ChannelPolicy, channel: Channel) -> int | dict[str, int]:
    if channel is Channel.TASK:
        return {touch: policy.costs[touch] for touch in Touch}
    return policy.costs[channel]
