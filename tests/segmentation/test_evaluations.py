"""Evaluation on a later window: out of time, beside plainer scores; reasons by ablation; the potential's scale."""

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from campaigns.customers.evaluations import Evaluation, evaluate_outlook
from campaigns.customers.outlook import read_scored, score_outlook
from segmentation.features import build_features
from segmentation.intake.faults import DeliveryRefusedError
from segmentation.intake.profiles import load_profile
from segmentation.outlook.boosting import BLOCK, SMALL_SETTINGS, grow
from segmentation.outlook.comparison import OUTLOOK, compare, potential
from segmentation.outlook.indicators import BY_NAME, build
from segmentation.outlook.model import fitting_part
from segmentation.outlook.modelfile import load_model
from segmentation.outlook.potential import foretell
from segmentation.outlook.respects import KNOWN, RESPECTS
from segmentation.outlook.snapshot import plain_scores, snapshot
from tests.segmentation.quarters import AS_OF, NEXT_AS_OF, OUTCOME, quarters_with_model

PROFILE = load_profile("cn-bank")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter, the next one with its outcome, and a model of the first."""
    return quarters_with_model(tmp_path_factory.getbasetemp())


def evaluate(place: Path, quarter: str, as_of: object) -> Evaluation:
    outcome = next((place / quarter).glob(f"{OUTCOME}*"))
    found, _ = evaluate_outlook(place / quarter, "cn-bank", outcome, as_of, place / "model", max_rejected=0.0)  # type: ignore[arg-type]
    return found


def test_an_evaluation_is_of_a_later_window_and_beside_plainer_scores(place: Path) -> None:
    found = evaluate(place, "q4", NEXT_AS_OF)
    assert found.quality.auc_fell.low > 0.7
    assert found.comparison.lead["assets"].low > 0
    assert set(found.comparison.lead) >= {"heuristic", "assets"}
    assert found.held_out.startswith("a later window: learnt as of 2019-09-30, scored as of 2019-12-31")


def test_the_training_day_is_no_later_window(place: Path) -> None:
    with pytest.raises(DeliveryRefusedError, match="evaluate it on a later delivery"):
        evaluate(place, "q3", AS_OF)


def test_strangers_gaps_and_columns_that_nobody_knows_are_scored(place: Path, tmp_path: Path) -> None:
    """Customers new to the model, some without a word of the electronic bank, in files with more columns."""
    for file in (place / "q4").iterdir():
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
        kept = rows[50:] if file.name.startswith("behavior") else rows
        strangers = [[f"0xff{at:06x}", *row[1:]] for at, row in enumerate(rows[:40])]
        with gzip.open(tmp_path / file.name, "wt", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([[*header, "remark"], *([*row, "?"] for row in [*kept, *strangers])])
    table = score_outlook(tmp_path, "cn-bank", NEXT_AS_OF, place / "model", max_rejected=0.0).table
    assert (len(table), table.index.is_unique) == (340, True)
    assert table[["p_fall", "p_same", "p_rise"]].notna().all(axis=None)
    assert np.allclose(table[["p_fall", "p_same", "p_rise"]].sum(axis=1), 1)


def test_every_indicator_belongs_to_one_respect(place: Path) -> None:
    delivered, _ = read_scored(place / "q3", PROFILE, AS_OF, place / "model", 0.0)
    assert set(build(delivered, BY_NAME["months"]).columns) == KNOWN
    assert sum(map(len, RESPECTS.values())) == len(KNOWN)


def test_shorter_windows_show_growth_since_later_statements(place: Path) -> None:
    delivered, _ = read_scored(place / "q3", PROFILE, AS_OF, place / "model", 0.0)
    shorter = delivered.with_shorter_windows()
    assert [found.since.true_at.month for found in shorter if found.since] == [8]
    longest = build(delivered, BY_NAME["since"])["growth"].abs().mean()
    assert build(shorter[0], BY_NAME["since"])["growth"].abs().mean() < longest


def test_the_potential_keeps_the_scale_and_its_reasons_are_exact(place: Path) -> None:
    delivered, _ = read_scored(place / "q4", PROFILE, NEXT_AS_OF, place / "model", 0.0)
    model, features = load_model(place / "model"), build_features(snapshot(delivered))
    heuristic = plain_scores(delivered)["heuristic"]
    told = foretell(model, delivered, features, heuristic)
    assert sorted(told.potential) == pytest.approx(sorted(heuristic), abs=0.011)
    plain = foretell(model, delivered, features, pd.Series(50.0, index=heuristic.index))
    assert np.allclose(plain.reasons.points, 0)
    assert np.abs(told.reasons.points[:, 0]).mean() > 1


def test_a_reason_is_what_the_first_ensemble_would_take_back(place: Path) -> None:
    """Said again by hand: everybody with the middle customer's growth, on the scale of that day."""
    delivered, _ = read_scored(place / "q4", PROFILE, NEXT_AS_OF, place / "model", 0.0)
    model, features = load_model(place / "model"), build_features(snapshot(delivered))
    heuristic = plain_scores(delivered)["heuristic"]
    reasons = foretell(model, delivered, features, heuristic).reasons
    chosen, part = fitting_part(model, delivered)
    values = build(delivered, chosen)
    middle = {name: at for name, at in zip(part.indicators, part.reference, strict=True) if name in RESPECTS["assets"]}
    first = replace(part, folds=part.folds[:1])
    scale = np.sort(potential(part.probabilities(values))), np.sort(heuristic)
    here, there = (
        np.interp(potential(first.probabilities(each)), *scale) for each in (values, values.assign(**middle))
    )
    row, place_of = np.nonzero(reasons.picked == reasons.codes.index("assets"))
    assert len(row) > 50
    assert reasons.points[row, place_of] == pytest.approx((here - there)[row], abs=0.001)


def test_trees_walk_every_block_of_customers() -> None:
    draw = np.random.default_rng(1)
    values = draw.normal(size=(BLOCK + 500, 4))
    trees = grow(values[:300], draw.integers(0, 3, 300), 1, {**SMALL_SETTINGS, "max_iter": 3, "min_samples_leaf": 20})
    alone = np.concatenate([trees.log_odds(values[at : at + 1]) for at in range(BLOCK - 2, BLOCK + 2)])
    assert np.array_equal(trees.log_odds(values)[BLOCK - 2 : BLOCK + 2], alone)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from([0, 2])), min_size=4, max_size=50))
@settings(max_examples=25, deadline=None)
def test_concordance_of_two_outcomes_is_the_area_under_the_curve(rows: list[tuple[int, int]]) -> None:
    # Many of each, so that no draw of customers is without one of the outcomes.
    scores, outcomes = (np.tile(column, 20) for column in zip(*rows, strict=True))
    if len(set(outcomes)) < 2:
        return
    found = compare({OUTLOOK: scores.astype(float), "heuristic": -scores.astype(float)}, outcomes)
    expected = roc_auc_score(outcomes == 2, scores)
    assert found.concordance[OUTLOOK].value == pytest.approx(expected)
    assert found.lead["heuristic"].value == pytest.approx(2 * expected - 1)
