"""The same rows in every form that departments deliver: delimiters, encodings, workbooks, Parquet."""

import gzip
import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pyarrow import parquet

from segmentation.intake.cleaning import CleanFile
from segmentation.intake.encodings import to_utf8
from segmentation.intake.faults import DeliveryRefusedError

Clean = Callable[..., CleanFile]
ROWS = (("cust_no", "C1", "C2"), ("0xb2d1b6d1", "12.34", "1"), ("0012", "5.00", "2"))
CONTACTS = "cust_no,name,phone\na,王芳,13800000000\nb,李雷,13800000001\n"
STEM = "deposits_2019m09"


def text(delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in ROWS)


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def parquet_bytes(columns: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def says_the_same(found: CleanFile) -> bool:
    table = found.table
    return (table["number"].to_pylist(), table["balance"].to_pylist(), table["products"].to_pylist()) == (
        ["0xb2d1b6d1", "0012"],
        [1234, 500],
        [1, 2],
    )


@pytest.mark.parametrize(("delimiter", "word"), [(",", ""), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_the_delimiter_is_found_out_and_named(clean: Clean, delimiter: str, word: str) -> None:
    found = clean(text(delimiter))
    assert says_the_same(found)
    assert found.quality.notes == ((f"is separated by {word}",) if word else ())


def test_a_comma_inside_quotes_does_not_divide(clean: Clean) -> None:
    found = clean('"cust_no";"note";"C1";"C2"\n"a";"x, y; z";1.00;1\n')
    assert found.table["balance"].to_pylist() == [100]


def test_lines_may_end_as_windows_ends_them(clean: Clean) -> None:
    assert says_the_same(clean(text(";", "\r\n")))


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt", ".asc"])
@pytest.mark.parametrize("packed", [True, False])
def test_every_ending_of_text_is_read(clean: Clean, ending: str, packed: bool) -> None:
    data = gzip.compress(text("\t").encode()) if packed else text("\t").encode()
    assert says_the_same(clean(data, STEM + ending + (".gz" if packed else "")))


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "byte-order mark of UTF-8"),
        ("gb18030", "GB18030"),
        ("utf-16", "byte-order mark of UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_the_encoding_is_found_out_and_named(clean: Clean, encoding: str, note: str) -> None:
    found = clean(CONTACTS.encode(encoding), "contacts.csv")
    assert found.table["name"].to_pylist() == ["王芳", "李雷"]
    assert note in " ".join(found.quality.notes)


@given(st.text(st.characters(codec="gb18030", exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_utf_8_is_never_taken_for_another_encoding(word: str) -> None:
    data = f"cust_no,name\n{word},{word}\n".encode()
    assert to_utf8(data, "x.csv", None).data == data


def test_chinese_of_two_encodings_in_one_file_is_refused_and_not_guessed() -> None:
    data = "a,王芳\n".encode() * 5 + "b,李雷\n".encode("gb18030")
    with pytest.raises(DeliveryRefusedError, match=r"line 6.*is not UTF-8"):
        to_utf8(data, "x.csv", None)


def test_a_declared_encoding_is_believed() -> None:
    with pytest.raises(DeliveryRefusedError, match="is not UTF-8"):
        to_utf8("姓名\n王芳\n".encode("gb18030"), "x.csv", "utf-8")


def test_a_workbook_says_the_same_as_text(clean: Clean) -> None:
    found = clean(workbook([ROWS[0], ("0xb2d1b6d1", 12.34, 1), ("0012", 5, 2.0)]), f"{STEM}.xlsx")
    assert says_the_same(found)


def test_a_workbook_that_keeps_numbers_of_customers_as_numbers_is_noted(clean: Clean) -> None:
    found = clean(workbook([ROWS[0], (12, "1.00", 1)]), f"{STEM}.xlsx")
    assert found.table["number"].to_pylist() == ["12"]
    assert "leading zeros" in found.quality.notes[0]


def test_a_workbook_that_lost_digits_of_a_customer_number_is_refused(clean: Clean) -> None:
    with pytest.raises(DeliveryRefusedError, match=r"line 2, column cust_no: .* digits are lost"):
        clean(workbook([ROWS[0], (6222021234567890000, "1.00", 1)]), f"{STEM}.xlsx")


def test_dates_in_a_workbook_are_dates(clean: Clean) -> None:
    rows = [("cust_no", "birth_date", "sex", "open_date", "cards"), ("a", date(1980, 2, 3), "女", "2011/05/06", None)]
    found = clean(workbook(rows), "traits.xlsx")
    row = found.table.to_pylist()[0]
    assert (row["birth_date"], row["sex"], row["customer_since"]) == (date(1980, 2, 3), "f", date(2011, 5, 6))
    assert row["cards"] is None


@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(12, 2), pa.string()])
def test_parquet_says_the_same_as_text(clean: Clean, kind: pa.DataType) -> None:
    amounts = pa.array([Decimal("12.34"), Decimal("5.00")], pa.decimal128(12, 2)).cast(kind)
    columns = {"cust_no": ["0xb2d1b6d1", "0012"], "C1": amounts, "C2": [1, 2]}
    assert says_the_same(clean(parquet_bytes(columns), f"{STEM}.parquet"))


def test_parquet_with_fractions_for_customers_is_refused(clean: Clean) -> None:
    columns = {"cust_no": [1.0, 2.0], "C1": ["1", "2"], "C2": [1, 2]}
    with pytest.raises(DeliveryRefusedError, match="as fractions"):
        clean(parquet_bytes(columns), f"{STEM}.parquet")


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
def test_a_workbook_or_parquet_that_was_cut_is_refused(clean: Clean, ending: str) -> None:
    whole = workbook(ROWS) if ending == ".xlsx" else parquet_bytes({"cust_no": ["a"], "C1": ["1"], "C2": ["1"]})
    with pytest.raises(DeliveryRefusedError, match="cut short"):
        clean(whole[: len(whole) // 2], STEM + ending)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".csv.gz"])
def test_an_empty_file_of_any_form_is_refused(clean: Clean, ending: str) -> None:
    with pytest.raises(DeliveryRefusedError, match="is empty"):
        clean(b"", STEM + ending)


def test_a_workbook_with_a_header_alone_is_refused(clean: Clean) -> None:
    with pytest.raises(DeliveryRefusedError, match="no rows"):
        clean(workbook(ROWS[:1]), f"{STEM}.xlsx")


def test_a_renamed_column_is_guessed_at(clean: Clean) -> None:
    with pytest.raises(DeliveryRefusedError, match=r'column C1: is missing.*If "C1_new" is its new name'):
        clean("cust_no,C1_new,C2\na,1.00,1\n")
