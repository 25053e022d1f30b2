"""Small deliveries on the disk, for tests of reading and checking."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from segmentation.intake.cleaning import CleanFile, clean_file
from segmentation.intake.deliveries import find_delivery
from segmentation.intake.profiles import Profile, load_profile

DEPOSITS = "deposits_2019m09"
HEADER = "cust_no,C1,C2\n"
Clean = Callable[[bytes | str], CleanFile]


@pytest.fixture
def profile() -> Profile:
    """The profile that ships."""
    return load_profile("cn-bank")


@pytest.fixture
def clean(tmp_path: Path, profile: Profile) -> Clean:
    """Clean one file of deposits with these bytes, as of 2019-09-30."""

    def cleaned(data: bytes | str, name: str = f"{DEPOSITS}.csv") -> CleanFile:
        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
        delivery = find_delivery(tmp_path / name, profile, date(2019, 9, 30))
        return clean_file(delivery.files[0], profile, delivery.as_of)

    return cleaned
