"""The cap has room for whole donations alone, and a charity file is read whole or refused with its places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.donations.files import EXAMPLE, plain, read_pledge, restored
from campaigns.donations.rules import room
from campaigns.forms.faults import FileError

TEXT = EXAMPLE.read_text("utf-8")


@given(st.integers(1, 10_000), st.integers(0, 10_000))
def test_what_has_room_never_goes_over_the_cap_and_one_more_would(cap: int, accrued: int) -> None:
    pledge = restored(plain(read_pledge(TEXT)) | {"yuan_per_account": 3, "cap_yuan": 3 * cap})
    places = room(pledge, min(accrued, cap) * 100)
    assert min(accrued, cap) * 100 + places * 300 <= pledge.cap_fen
    assert min(accrued, cap) * 100 + (places + 1) * 300 > pledge.cap_fen


def test_a_charity_file_survives_its_stored_form() -> None:
    pledge = read_pledge(TEXT)
    assert (pledge.fen_each, pledge.cap_fen, pledge.withdrawn_within) == (100, 10_000_000, 30)
    assert restored(plain(pledge)) == pledge


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("agreement: 示例-2026-018", "", "agreement"),
        ("cap_yuan: 100000", "cap_yuan: 0", "cap_yuan"),
        ("until: 2027-01-31", "until: 2026-10-31", "until"),
        ("开户即捐1元 |", "全网最佳公益 |", "name"),
        ("contact:", "contakt:", "contact"),
    ],
)
def test_a_charity_file_that_cannot_be_is_refused_with_the_place(old: str, new: str, place: str) -> None:
    with pytest.raises(FileError) as refused:
        read_pledge(TEXT.replace(old, new))
    assert [fault.place for fault in refused.value.faults] == [place]
