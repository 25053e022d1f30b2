"""Fit to the study: each class in figures, and whether every sentence that describes it is met."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from segmentation.averages import finite, mean_of, median_of
from segmentation.dimensions import LETTERS
from segmentation.findings import FitSentence, LetterProfile, StudyFit

Figures = Mapping[str, float]
Rule = Callable[[Figures], bool]
LEAST_KNOWN = 0.2  # The share of customers about whom a sentence must know something to be judged.


@dataclass(frozen=True)
class Sentence:
    """A sentence of the study (S-2 to S-5): the class, what is measured, and what must hold between the classes."""

    code: str
    letter: str
    measure: str
    rule: Rule


def _above(*others: str) -> Callable[[str], Rule]:
    return lambda letter: lambda figures: all(figures[letter] > figures[other] for other in others)


def _below(*others: str) -> Callable[[str], Rule]:
    return lambda letter: lambda figures: all(figures[letter] < figures[other] for other in others)


def _between(under: str, over: str) -> Callable[[str], Rule]:
    return lambda letter: lambda figures: figures[under] < figures[letter] < figures[over]


SENTENCES = tuple(
    Sentence(code, code[0].upper(), measure, rule(code[0].upper()))
    for code, measure, rule in (
        ("a_is_largest", "customers", _above("B", "C", "D")),
        ("a_has_low_assets", "assets_median_fen", _below("B", "C")),
        ("a_is_youngest", "age_median", _below("B", "C", "D")),
        ("a_is_active", "transfers_mean", _above("C", "D")),
        ("a_is_digital", "log_in_share", _above("C", "D")),
        ("b_has_highest_assets", "assets_median_fen", _above("A", "C", "D")),
        ("b_holds_most", "assets_fen", _above("A", "C", "D")),
        ("b_is_active", "transfers_mean", _above("C", "D")),
        ("b_is_mature", "age_median", _between("A", "C")),
        ("c_is_second_in_assets", "assets_median_fen", _between("A", "B")),
        ("c_is_older", "age_median", _above("A", "B")),
        ("c_is_quiet", "transfers_mean", _below("A", "B")),
        ("c_prefers_the_counter", "counter_share_mean", _above("A", "B")),
        ("d_has_least_assets", "assets_median_fen", _below("A", "B", "C")),
        ("d_is_older", "age_median", _above("A", "B")),
        ("d_is_quiet", "transfers_mean", _below("A", "B")),
        ("d_prefers_the_counter", "counter_share_mean", _above("A", "B")),
    )
)


def fit_to_study(features: pd.DataFrame, letters: pd.Series) -> StudyFit:
    """Judge every sentence by the customers' features and their letters, on the same index."""
    profiles = tuple(profile(letter, features[letters == letter], len(features)) for letter in LETTERS)
    return StudyFit(profiles, tuple(judge(sentence, profiles) for sentence in SENTENCES))


def judge(sentence: Sentence, profiles: tuple[LetterProfile, ...]) -> FitSentence:
    """Met, not met, or None: a class without customers, or a department that says nothing."""
    figures = {found.letter: getattr(found, sentence.measure) for found in profiles}
    known = {letter: float(value) for letter, value in figures.items() if value is not None}
    judged = len(known) == len(LETTERS) and all(_is_known(sentence.measure, found) for found in profiles)
    met = sentence.rule(known) if judged else None
    return FitSentence(sentence.code, sentence.letter, sentence.measure, met, figures)


def profile(letter: str, members: pd.DataFrame, customers: int) -> LetterProfile:
    """One class in figures."""
    nobody = members.empty
    return LetterProfile(
        letter=letter,
        customers=len(members),
        share=round(len(members) / customers, 4) if customers else 0.0,
        assets_fen=int(members["assets"].sum()),
        assets_median_fen=None if nobody else int(members["assets"].median()),
        assets_mean_fen=None if nobody else int(members["assets"].mean()),
        transfers_median=median_of(members["transfers"]),
        transfers_mean=mean_of(members["transfers"]),
        log_in_share=mean_of((members["logins"] > 0).where(members["logins"].notna()).astype(float)),
        age_known=_share_known(members["age"]),
        age_median=median_of(members["age"]),
        counter_known=_share_known(members["counter_share"]),
        counter_share_mean=mean_of(members["counter_share"]),
    )


def _is_known(measure: str, found: LetterProfile) -> bool:
    shares = {"age_median": found.age_known, "counter_share_mean": found.counter_known}
    return found.customers > 0 and shares.get(measure, 1.0) >= LEAST_KNOWN


def _share_known(values: pd.Series) -> float:
    return finite(float(values.notna().mean())) or 0.0
