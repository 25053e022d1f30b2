"""Reading a bank's file of events: whatever stands in a line, the line is named and the others are read."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from campaigns.events.model import BadLine, EventLine, LineFault
from campaigns.events.reading import SHIPPED, EventFileError, read_events, read_profile

NOW, BANK = datetime(2026, 11, 22, 8, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
PROFILE = read_profile(SHIPPED.read_text("utf-8"))
GOOD = '{"customer": "K1", "kind": "paid", "at": "2026-11-20"}'


def read(text: str, name: str) -> list[EventLine | BadLine]:
    return list(read_events(text.encode(), name, PROFILE, NOW, BANK))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (GOOD[:-1] + ', "amount": "1e999999"}', LineFault.BAD_AMOUNT),
        (GOOD[:-1] + ', "amount": ' + "1" * 5_000 + "}", LineFault.BAD_JSON),
        ("[" * 100_000, LineFault.BAD_JSON),
        (GOOD[:-1] + ', "key": "a\\u0000b"}', LineFault.BAD_CHARACTER),
        (GOOD[:-1] + ', "key": "a\\ud800b"}', LineFault.BAD_CHARACTER),
    ],
    ids=["overflow", "digits", "nested", "zero", "surrogate"],
)
def test_a_line_that_nobody_can_keep_is_named_and_the_next_is_read(line: str, fault: LineFault) -> None:
    bad, good = read(f"{line}\n{GOOD}\n", "events.jsonl")
    assert (bad.line, bad.fault) == (1, fault) if isinstance(bad, BadLine) else False
    assert isinstance(good, EventLine)
    assert json.loads(GOOD)["customer"] == good.number


def test_a_quote_that_is_never_closed_is_one_clear_sentence() -> None:
    rows = "K1,paid,2026-11-20\n" * 8_000
    with pytest.raises(EventFileError, match="look for a quote without its end"):
        read(f'customer,kind,at\n"K1,paid,2026-11-20\n{rows}', "events.csv")
