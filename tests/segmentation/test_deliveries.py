"""Which files of a folder are read, as which department's, true at which day."""

from datetime import date
from pathlib import Path

import pytest

from segmentation.intake.deliveries import find_delivery
from segmentation.intake.faults import DeliveryRefusedError
from segmentation.intake.profiles import Profile, load_profile, parse_profile

AS_OF = date(2019, 9, 30)


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text("x\n")
    return folder


def test_files_are_matched_to_departments_and_days(tmp_path: Path, profile: Profile) -> None:
    found = find_delivery(put(tmp_path, "deposits_2019q3.csv", "aum.csv", "deposits_2019m08.csv.gz"), profile, AS_OF)
    assert [(file.department.name, file.true_at) for file in found.files] == [
        ("aum", AS_OF),
        ("deposits_month", date(2019, 8, 31)),
        ("deposits_quarter", AS_OF),
    ]


def test_an_outcome_in_the_folder_is_left_out_and_named(tmp_path: Path, profile: Profile) -> None:
    found = find_delivery(put(tmp_path, "aum.csv", "next_quarter.csv.gz", "readme.txt"), profile, AS_OF)
    assert [file.name for file in found.files] == ["aum.csv"]
    assert [name for name, _ in found.left_out] == ["next_quarter.csv.gz", "readme.txt"]
    assert "outcome of later" in found.left_out[0][1]


@pytest.mark.parametrize("inside", [True, False])
def test_an_outcome_alone_is_refused(tmp_path: Path, profile: Profile, inside: bool) -> None:
    put(tmp_path, "next_quarter.csv.gz")
    with pytest.raises(DeliveryRefusedError, match=r"next_quarter\.csv\.gz: cannot be imported: an outcome of later"):
        find_delivery(tmp_path if inside else tmp_path / "next_quarter.csv.gz", profile, AS_OF)


def test_a_file_of_after_the_as_of_date_is_refused(tmp_path: Path, profile: Profile) -> None:
    with pytest.raises(DeliveryRefusedError, match=r"deposits_2019m10\.csv: is true at 2019-10-31, which lies after"):
        find_delivery(put(tmp_path, "aum.csv", "deposits_2019m10.csv"), profile, AS_OF)


def test_two_files_for_the_same_thing_are_refused(tmp_path: Path, profile: Profile) -> None:
    with pytest.raises(DeliveryRefusedError, match="deliver one of the two"):
        find_delivery(put(tmp_path, "aum.csv", "aum.csv.gz"), profile, AS_OF)


def test_a_month_that_is_none_is_refused(tmp_path: Path, profile: Profile) -> None:
    with pytest.raises(DeliveryRefusedError, match="there is no month 13"):
        find_delivery(put(tmp_path, "deposits_2019m13.csv"), profile, AS_OF)


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_nothing_to_read_is_refused(tmp_path: Path, profile: Profile, place: str) -> None:
    with pytest.raises(DeliveryRefusedError):
        find_delivery(tmp_path / place, profile, AS_OF)


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(DeliveryRefusedError, match=r'There is no profile "other"; known are: .*cn-bank'):
        load_profile("other")


def test_a_profile_that_is_no_yaml_or_lacks_a_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("name: odd\nzone: Asia/Shanghai\n")
    (tmp_path / "worse.yaml").write_text("a: [")
    for name in ("odd", "worse"):
        with pytest.raises(DeliveryRefusedError, match=f"{name}.yaml"):
            load_profile(name, tmp_path)


def test_a_profile_must_fill_every_field_of_its_subject() -> None:
    columns = {"C1": {"field": "balance", "type": "yuan"}}
    entry = {"title": "t", "file": "d", "true_at": "as_of", "subject": "deposits", "sample": True, "columns": columns}
    found = {"name": "half", "zone": "Asia/Shanghai", "customer": "no", "departments": {"d": entry}}
    with pytest.raises(DeliveryRefusedError, match="products"):
        parse_profile(found, "digest")
