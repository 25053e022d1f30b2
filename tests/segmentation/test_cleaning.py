"""Bad rows and bad files: each is named by file, line and column, and no good row is lost."""

import gzip
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.intake.cleaning import CleanFile, FileQuality, refuse_beyond
from segmentation.intake.faults import DeliveryRefusedError

Clean = Callable[..., CleanFile]
HEADER = "cust_no,C1,C2\n"
MOMENTS = "cust_no,B1,B2,B3,B4,B5,B6,B7\n"
CONTACTS = "cust_no,name,phone\n"


def refusal(clean: Clean, data: bytes | str, name: str = "deposits_2019m09.csv") -> str:
    with pytest.raises(DeliveryRefusedError) as caught:
        refuse_beyond(clean(data, name).quality, 0.0)
    return str(caught.value)


def test_a_customer_number_that_looks_like_a_number_stays_text(clean: Clean) -> None:
    found = clean(f"{HEADER}0xb2d1b6d1,1.00,1\n0012,2.00,1\n1e5,3.00,1\n")
    assert found.table["number"].to_pylist() == ["0xb2d1b6d1", "0012", "1e5"]


def test_yuan_become_whole_fen(clean: Clean) -> None:
    found = clean(f"{HEADER}a,0.29,1\nb,1234567890123.5,1\nc,7,2.0\nd,19.900000,1\n")
    assert found.table["balance"].to_pylist() == [29, 123456789012350, 700, 1990]
    assert found.table["products"].to_pylist() == [1, 1, 2, 1]


@given(fen=st.integers(0, 10**15 - 1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_every_amount_keeps_every_fen(clean: Clean, fen: int) -> None:
    found = clean(f"{HEADER}a,{fen // 100}.{fen % 100:02d},1\n")
    assert found.table["balance"].to_pylist() == [fen]


@pytest.mark.parametrize(
    ("value", "column", "row"),
    [
        ("-5", "C1", "a,-5,1"),
        ("1e5", "C1", "a,1e5,1"),
        ("12.345", "C1", "a,12.345,1"),
        ("many", "C2", "a,1.00,many"),
        ("1.5", "C2", "a,1.00,1.5"),
        ("the value is empty", "C1", "a,,1"),
        ("the value is empty", "cust_no", ",1.00,1"),
        ("two words", "cust_no", "two words,1.00,1"),
    ],
)
def test_a_bad_value_is_named_by_file_line_and_column(clean: Clean, value: str, column: str, row: str) -> None:
    sentence = refusal(clean, f"{HEADER}good,1.00,1\n{row}\n")
    assert sentence.startswith(f"deposits_2019m09.csv, line 3, column {column}: ")
    assert value in sentence


@pytest.mark.parametrize("moment", ["2019-02-30 10:00:00", "30.09.2019", "2019-9-1 10:00:00", "2019-09-31 00:00:00"])
def test_a_date_that_is_none_is_refused(clean: Clean, moment: str) -> None:
    sentence = refusal(clean, f"{MOMENTS}a,0,0,0,0,0,{moment},0\n", "behavior.csv")
    assert sentence.startswith(f'behavior.csv, line 2, column B6: "{moment}" is no date and time')


def test_a_transfer_after_the_as_of_date_is_refused(clean: Clean) -> None:
    sentence = refusal(clean, f"{MOMENTS}a,0,0,0,0,0,2019-10-01 00:00:00,0\n", "behavior.csv")
    assert "lies after the as-of date 2019-09-30" in sentence


def test_a_customer_who_never_transferred_is_good(clean: Clean) -> None:
    found = clean(f"{MOMENTS}a,0,0,0,0,0,,0\nb,0,0,0,0,0,2019-09-30 23:59:59,0\n", "behavior.csv")
    assert [bool(moment) for moment in found.table["last_transfer_at"].to_pylist()] == [False, True]


def test_a_missing_column_is_named(clean: Clean) -> None:
    sentence = refusal(clean, "cust_no,C1\na,1.00\n")
    assert sentence == "deposits_2019m09.csv, line 1, column C2: is missing; the header is: cust_no, C1."


def test_a_row_with_too_few_values_is_named(clean: Clean) -> None:
    assert refusal(clean, f"{HEADER}a,1.00,1\nb,1.00\n").startswith("deposits_2019m09.csv, line 3: has 2 values")


def test_lines_are_counted_right_behind_a_broken_row(clean: Clean) -> None:
    found = clean(f"{HEADER}a,1.00\nb,1.00,1\nc,bad,1\n")
    assert [(fault.line, fault.column) for fault in found.quality.rejections] == [(2, None), (4, "C1")]
    assert found.table["number"].to_pylist() == ["b"]


def test_a_quotation_mark_left_open_refuses_the_file(clean: Clean) -> None:
    assert refusal(clean, f'{HEADER}a,"1.00,1\nb,1.00,1\nc,1.00,1\n').startswith("deposits_2019m09.csv, line 2: ")
    assert refusal(clean, f'{HEADER}a,1.00,1\n"b\nc",1.00,1\n').startswith("deposits_2019m09.csv, line 3: ")


def test_a_file_cut_in_the_middle_of_a_number_is_truncated(clean: Clean) -> None:
    sentence = refusal(clean, f"{HEADER}a,1.00,1\nb,213000.00,1"[:-3])
    assert sentence.startswith("deposits_2019m09.csv, line 3: the file breaks off here")


def test_a_cut_gzip_file_is_truncated(clean: Clean) -> None:
    whole = gzip.compress((HEADER + "a,1.00,1\n" * 5000).encode())
    assert "breaks off here" in refusal(clean, whole[:-9], "deposits_2019m09.csv.gz")
    assert "no sound gzip file" in refusal(clean, b"PK" + whole, "deposits_2019m09.csv.gz")


def test_another_encoding_is_named_by_line_and_column(clean: Clean) -> None:
    data = CONTACTS.encode() + "a,王芳,13800000000\n".encode() + "b,李雷,13800000001\n".encode("gb18030")
    sentence = refusal(clean, data, "contacts.csv")
    assert sentence.startswith("contacts.csv, line 3, column name: byte 0xc0 is not UTF-8")


def test_a_byte_order_mark_is_skipped_and_noted(clean: Clean) -> None:
    found = clean(f"{HEADER}a,1.00,1\n".encode("utf-8-sig"))
    assert found.table["number"].to_pylist() == ["a"]
    assert "byte-order mark" in found.quality.notes[0]


@pytest.mark.parametrize("data", ["", "\n", HEADER])
def test_an_empty_file_is_refused(clean: Clean, data: str) -> None:
    assert refusal(clean, data).startswith("deposits_2019m09.csv, line ")


def test_identical_repeats_are_dropped_and_counted(clean: Clean) -> None:
    found = clean(f"{HEADER}a,1.00,1\nb,2.00,1\na,1.00,1\na,1.00,1\n")
    assert found.table["number"].to_pylist() == ["a", "b"]
    assert (found.quality.duplicates, found.quality.rejected) == (2, 0)


def test_repeats_that_differ_are_all_rejected(clean: Clean) -> None:
    found = clean(f"{HEADER}a,1.00,1\nb,2.00,1\na,9.00,1\n")
    assert found.table["number"].to_pylist() == ["b"]
    assert [fault.line for fault in found.quality.rejections] == [2, 4]
    assert "stands on line 4 with other figures" in str(found.quality.rejections[0])


def test_names_and_phones_are_never_repeated_in_a_report(clean: Clean) -> None:
    sentence = refusal(clean, f"{CONTACTS}a,王芳,not-a-phone-1380000\n", "contacts.csv")
    assert "1380000" not in sentence
    assert sentence.startswith("contacts.csv, line 2, column phone: ")


def test_a_share_of_bad_rows_may_be_allowed(clean: Clean) -> None:
    quality = clean(HEADER + "".join(f"c{at},1.00,1\n" for at in range(9)) + "x,bad,1\n").quality
    refuse_beyond(quality, 0.1)
    with pytest.raises(DeliveryRefusedError):
        refuse_beyond(quality, 0.09)


def test_quality_survives_its_json(clean: Clean) -> None:
    quality = clean(f"{HEADER}a,1.00,1\nb,bad,1\n").quality
    assert FileQuality.from_json(quality.as_json()) == quality
