"""The programme before and after: classes, moves, costs, an effect that is there, a control that fell wrongly."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from segmentation.programmes import ALL, Programme, programme

BEFORE, AFTER = date(2025, 6, 30), date(2025, 9, 30)
PEOPLE = 2_000


def people(*, effect: float = 0.0, control: float = 0.05) -> pd.DataFrame:
    """Customers in turn A to D; those whom campaigns may write to gain `effect` yuan more than the kept-out."""
    random = np.random.default_rng(7)
    at = np.arange(PEOPLE)
    before = random.lognormal(10, 1, PEOPLE)
    kept_out = (random.permutation(PEOPLE) < control * PEOPLE).astype(float)
    letters = np.array(list("ABCD"))[at % 4]
    after = before + random.normal(500, 800, PEOPLE) + effect * (kept_out == 0)
    return pd.DataFrame(
        {
            "letter_before": letters,
            "letter_after": np.where(at % 40 == 3, "C", letters),
            "assets_before": before,
            "assets_after": np.where(at % 50 == 0, np.nan, after),
            "online_before": 0.4,
            "online_after": 0.4 + 0.1 * (at % 2),
            "cost": 0.1,
            "control": kept_out,
        }
    )


def report(found: pd.DataFrame) -> Programme:
    return programme(found, BEFORE, AFTER, 0.05)


def test_classes_are_those_of_the_earlier_day_and_add_up() -> None:
    found = report(people())
    *letters, everybody = found.classes
    assert [each.letter for each in found.classes] == ["A", "B", "C", "D", ALL]
    assert sum(each.customers_before for each in letters) == everybody.customers_before == PEOPLE
    assert sum(each.assets_before for each in letters) == pytest.approx(everybody.assets_before)
    assert sum(each.cost for each in letters) == pytest.approx(everybody.cost) == pytest.approx(PEOPLE / 10)
    d = letters[3]
    assert d.moved == {"C": 50, "D": 450}
    assert d.customers_after == 450
    a = letters[0]
    assert a.growth is not None
    assert a.growth_interval is not None
    assert a.growth_interval.low < a.growth < a.growth_interval.high
    assert everybody.online_before == pytest.approx(0.40)
    assert everybody.online_after == pytest.approx(0.45)


def test_an_effect_on_assets_is_found_beside_those_kept_out_and_none_is_invented() -> None:
    for effect, is_sure in ((6_000.0, True), (0.0, False)):
        everybody = report(people(effect=effect)).classes[-1]
        assets = next(each for each in everybody.beside if each.measure == "assets")
        assert (assets.treated, assets.control) == (1900, 100)
        assert assets.interval is not None
        assert assets.interval.excludes_zero() is is_sure
        assert assets.interval.low < effect < assets.interval.high


def test_a_control_that_fell_otherwise_than_planned_blocks_every_difference() -> None:
    found = report(people(effect=600, control=0.10))
    assert found.is_blocked
    assert all(each.beside == () for each in found.classes)
    assert found.as_json()["blocked"] is True


def test_without_a_control_only_changes_are_told() -> None:
    alone = people()
    alone["control"] = np.nan
    found = report(alone)
    assert (found.treated, found.control, found.balance_p) == (0, 0, None)
    assert {each.difference for each in found.classes[-1].beside} == {None}
    assert found.classes[-1].growth is not None


def test_a_class_that_everybody_left_or_nobody_was_in_is_told_like_the_others() -> None:
    found = people()
    found = found[found["letter_before"] != "C"]
    found.loc[found["letter_before"] == "B", ["letter_after", "assets_after"]] = [None, np.nan]
    classes = {each.letter: each for each in report(found).classes}
    assert (classes["C"].customers_before, classes["C"].growth) == (0, None)
    assert classes["B"].moved == {"": 500}
    rose = {each.measure: each for each in classes["B"].beside}["moved_up"]
    assert (rose.treated + rose.control, rose.difference) == (500, 0.0)
