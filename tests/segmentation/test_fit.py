"""Fit to the study: a sentence is met, not met, or not judged where nobody delivers what it speaks of."""

import pandas as pd
import pytest

from segmentation.findings import StudyFit
from segmentation.fit import SENTENCES, fit_to_study
from tests.segmentation.people import frame

STUDY = {
    "A": {"assets": 1e6, "transfers": 20, "logins": 9, "age": 30, "counter_share": 0.1},
    "B": {"assets": 9e7, "transfers": 18, "logins": 8, "age": 45, "counter_share": 0.2},
    "C": {"assets": 3e7, "transfers": 2, "logins": 0, "age": 60, "counter_share": 0.7},
    "D": {"assets": 1e5, "transfers": 1, "logins": 0, "age": 58, "counter_share": 0.6},
}
LETTERS = "AAABBCCDD"


def judged(
    without: tuple[str, ...] = (), letters: str = LETTERS, other: dict[str, dict[str, float]] | None = None
) -> StudyFit:
    described = {letter: {**row, **(other or {}).get(letter, {})} for letter, row in STUDY.items()}
    rows = [{k: v for k, v in described[letter].items() if k not in without} for letter in letters]
    return fit_to_study(frame(rows), pd.Series(list(letters)))


def met(found: StudyFit) -> dict[str, bool | None]:
    return {sentence.code: sentence.met for sentence in found.sentences}


def test_customers_as_the_study_describes_them_meet_every_sentence() -> None:
    assert set(met(judged()).values()) == {True}


@pytest.mark.parametrize(
    ("letter", "change", "codes"),
    [
        ("B", {"assets": 2e7}, {"b_has_highest_assets", "c_is_second_in_assets"}),
        ("A", {"age": 70}, {"a_is_youngest", "b_is_mature", "c_is_older", "d_is_older"}),
        ("D", {"assets": 4e7}, {"d_has_least_assets"}),
        ("C", {"counter_share": 0.0}, {"c_prefers_the_counter"}),
        ("C", {"transfers": 40}, {"c_is_quiet", "a_is_active", "b_is_active"}),
    ],
)
def test_what_is_not_as_described_is_said(letter: str, change: dict[str, float], codes: set[str]) -> None:
    found = met(judged(other={letter: change}))
    assert codes <= {code for code, is_met in found.items() if is_met is False}


def test_a_sentence_about_what_nobody_delivers_is_not_judged() -> None:
    found = met(judged(without=("age", "counter_share")))
    assert {code for code, is_met in found.items() if is_met is None} == {
        sentence.code for sentence in SENTENCES if sentence.measure in ("age_median", "counter_share_mean")
    }


def test_a_class_without_customers_is_compared_with_nobody() -> None:
    found = judged(letters="AABBDD")
    assert {met(found)[code] for code in ("a_is_largest", "b_has_highest_assets")} == {None}
    assert (found.profiles[2].customers, found.profiles[2].assets_median_fen) == (0, None)


def test_profiles_add_up() -> None:
    found = judged().profiles
    assert [profile.customers for profile in found] == [3, 2, 2, 2]
    assert sum(profile.share for profile in found) == pytest.approx(1, abs=1e-3)
    assert (found[1].assets_fen, found[1].assets_median_fen) == (18 * 10**7, 9 * 10**7)
