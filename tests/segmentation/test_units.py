"""Units, date forms and codes as profiles write them; measures of a file and jumps between two."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.intake.checks import Checked, check_column
from segmentation.intake.cleaning import CleanFile
from segmentation.intake.faults import DeliveryRefusedError
from segmentation.intake.measures import Measure, find_jumps, refuse_another_unit
from segmentation.intake.profiles import Column, Profile, load_profile, parse_profile

Clean = Callable[..., CleanFile]
AS_OF = date(2019, 9, 30)
THREE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")


def checked(values: list[str], column: Column) -> Checked:
    return check_column(pa.array(values, pa.string()), column, AS_OF)


def bad(found: Checked) -> set[tuple[str, int]]:
    return {(reason, at) for reason, mask in found.bad.items() for at, wrong in enumerate(mask.to_pylist()) if wrong}


def test_fen_stay_fen_and_yuan_become_fen() -> None:
    assert checked(["1234", "5.0"], Column("C", "c", "fen")).values.to_pylist() == [1234, 5]
    assert bad(checked(["12.5"], Column("C", "c", "fen"))) == {("fen", 0)}


def test_a_debt_may_be_negative_where_the_profile_says_so() -> None:
    allowed = Column("C", "c", "yuan", may_be_negative=True)
    assert checked(["-12.34", "5"], allowed).values.to_pylist() == [-1234, 500]
    assert bad(checked(["--5", "-"], allowed)) == {("yuan", 0), ("yuan", 1)}


def test_dates_in_three_forms_are_one_day_and_are_counted() -> None:
    found = checked(["2019-09-01", "2019/09/01", "20190901"], Column("D", "d", "date", forms=THREE_FORMS))
    assert found.values.to_pylist() == [date(2019, 9, 1)] * 3
    assert found.notes == ("writes D in several forms: 1 as %Y-%m-%d, 1 as %Y/%m/%d, 1 as %Y%m%d",)


def test_a_date_that_two_forms_read_differently_is_nobodys_guess() -> None:
    either = Column("D", "d", "date", forms=("%d/%m/%Y", "%m/%d/%Y"))
    assert bad(checked(["03/04/2019", "25/04/2019", "04/04/2019"], either)) == {("ambiguous", 0)}


@given(st.dates(date(1900, 1, 1), AS_OF), st.sampled_from(THREE_FORMS))
def test_every_day_is_read_back_in_every_form(day: date, form: str) -> None:
    found = checked([day.strftime(form)], Column("D", "d", "date", forms=THREE_FORMS))
    assert found.values.to_pylist() == [day]


def test_a_day_after_the_as_of_date_is_late() -> None:
    assert bad(checked(["2019-10-01"], Column("D", "d", "date", forms=THREE_FORMS))) == {("late", 0)}


def test_codes_become_ours_and_unknown_ones_are_named() -> None:
    codes = Column("T", "t", "code", codes={"IN": "in", "": "none"})
    found = checked(["IN", "", "UP"], codes)
    assert found.values.to_pylist() == ["in", "none", None]
    assert bad(found) == {("code", 2)}


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.booleans())
def test_a_birth_number_says_birthday_and_sex(born: date, woman: bool) -> None:
    number = f"{born:%y}{born.month + 50 * woman:02d}{born:%d}"
    assert checked([number], Column("B", "b", "birth_number")).values.to_pylist() == [born]
    assert checked([number], Column("B", "b", "birth_number_sex")).values.to_pylist() == ["f" if woman else "m"]


@pytest.mark.parametrize("number", ["701313", "706332", "70621", "70x213"])
def test_a_birth_number_that_is_none_is_refused(number: str) -> None:
    assert bad(checked([number], Column("B", "b", "birth_number"))) == {("birth_number", 0)}


def test_one_amount_far_out_is_listed_and_kept(clean: Clean) -> None:
    rows = "".join(f"c{at},{100 + at}.00,1\n" for at in range(200))
    found = clean(f"cust_no,C1,C2\n{rows}rich,99999999.00,1\n")
    assert (found.quality.outliers, found.quality.far_out[0].line) == (1, 202)
    assert found.quality.rejected == 0


def measures(median: float, positive: int = 100) -> dict[str, Measure]:
    return {"C1": Measure(positive, positive, int(median * positive), median, 0.0)}


def test_a_hundredfold_median_is_another_unit(profile: Profile) -> None:
    deposits = next(d for d in profile.departments if d.subject == "deposits")
    with pytest.raises(DeliveryRefusedError, match=r"column C1: .*a hundredfold: it looks like fen instead of yuan"):
        refuse_another_unit(measures(5_000), measures(510_000), deposits, "d.csv")
    with pytest.raises(DeliveryRefusedError, match="yuan instead of fen"):
        refuse_another_unit(measures(510_000), measures(5_000), deposits, "d.csv")
    refuse_another_unit(measures(5_000), measures(50_000), deposits, "d.csv")
    refuse_another_unit(measures(5_000, 3), measures(500_000, 3), deposits, "d.csv")
    jumping = replace(deposits, columns=tuple(replace(c, may_jump=True) for c in deposits.columns))
    refuse_another_unit(measures(5_000), measures(500_000), jumping, "d.csv")


def test_rows_medians_and_empty_values_that_jump_are_told() -> None:
    now = {"C1": Measure(100, 100, 5_000_000, 50_000, 0.3)}
    found = find_jumps(measures(5_000), now, (100, 40))
    assert [(jump.column, jump.what) for jump in found] == [
        ("", "the number of rows"),
        ("C1", "the median"),
        ("C1", "the share of empty values"),
    ]
    assert find_jumps(measures(5_000), measures(6_000), (100, 120)) == ()


def test_quarters_and_months_of_any_year_are_known(profile: Profile) -> None:
    names = ("deposits_2019q4", "deposits_2019m10", "deposits_2031q1", "deposits_2031m12")
    assert all(any(d.pattern.fullmatch(name) for d in profile.departments) for name in names)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"columns": {"C1": {"field": "balance", "type": "count"}}}, "by name or by type: balance, products"),
        ({"columns": {"S": {"field": "sex", "type": "code"}}, "subject": "traits"}, "needs its list of codes"),
        ({"columns": {"S": {"field": "sex", "type": "code", "codes": {1: "x"}}}, "subject": "traits"}, "none of: f, m"),
        ({"subject": "weather"}, "subject weather"),
        ({"columns": {True: {"field": "balance", "type": "yuan"}}}, "must stand in quotes"),
        ({"key_is": "account"}, "need the customer's number"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused(change: dict[str, object], sentence: str) -> None:
    columns = {"C1": {"field": "balance", "type": "yuan"}, "C2": {"field": "products", "type": "count"}}
    entry = {"title": "t", "file": "d", "true_at": "as_of", "subject": "deposits", "sample": True, "columns": columns}
    found = {"name": "odd", "zone": "Asia/Shanghai", "customer": "no", "departments": {"d": {**entry, **change}}}
    with pytest.raises(DeliveryRefusedError, match=sentence):
        parse_profile(found, "digest")


def test_the_profile_of_registers_is_readable() -> None:
    assert [d.name for d in load_profile("berka").departments if d.sample] == ["accounts"]


def test_the_future_of_a_flat_file_is_refused_and_of_records_is_left() -> None:
    tomorrow = AS_OF + timedelta(days=1)
    found = checked([f"{tomorrow:%Y-%m-%d}"], Column("D", "d", "date", forms=THREE_FORMS))
    assert found.values.to_pylist() == [tomorrow]
