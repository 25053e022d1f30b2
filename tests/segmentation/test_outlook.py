"""Training on one quarter and scoring a later one: late departments, no look ahead, one seed and one result."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from campaigns.customers.outlook import Scored, Trained, score_outlook, train_outlook
from segmentation.intake.faults import DeliveryRefusedError
from segmentation.outlook.amounts import roundness
from segmentation.outlook.boosting import SMALL_SETTINGS, BrokenTreesError, grow
from segmentation.outlook.calibration import fit_calibration, softmax
from segmentation.outlook.evaluation import Ranking
from segmentation.outlook.forest import LEAST, LEAST_IN_LEAF, TREES, TRIED, forest_of, least_in_leaf, plant
from segmentation.outlook.modelfile import statement_file
from segmentation.outlook.outcomes import read_outcomes
from tests.segmentation.quarters import AS_OF, NEXT_AS_OF, OUTCOME, quarters_with_model, write_quarter

CUSTOMERS = 300
OUTLOOK = ["p_fall", "p_same", "p_rise"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter, the next one, and a model of the first."""
    return quarters_with_model(tmp_path_factory.getbasetemp())


def train(folder: Path, model: Path) -> Trained:
    outcome = next(folder.glob(f"{OUTCOME}*"))
    return train_outlook(folder, "cn-bank", outcome, AS_OF, model, max_rejected=0.0, tell=lambda _: None)


def score(folder: Path, model: Path, as_of: object = NEXT_AS_OF, profile: str = "cn-bank") -> Scored:
    return score_outlook(folder, profile, as_of, model, max_rejected=0.0)  # type: ignore[arg-type]


def test_every_customer_gets_one_row_of_probabilities_that_add_up(place: Path) -> None:
    table = score(place / "q4", place / "model").table
    assert (len(table), table.index.is_unique) == (CUSTOMERS, True)
    assert table.index[0] == "0xb2d20000"
    assert np.allclose(table[OUTLOOK].sum(axis=1), 1)
    assert table[OUTLOOK].to_numpy().min() >= 0
    assert set(table["class"]) <= set("ABCD")


def test_the_outlook_tells_the_next_quarter(place: Path) -> None:
    table = score(place / "q4", place / "model").table
    what_followed = read_outcomes(place / "q4" / f"{OUTCOME}.csv.gz", "cust_no", table.index).values()
    assert roc_auc_score(what_followed == 0, table["p_fall"]) > 0.8


def test_late_departments_choose_another_part_and_say_so(place: Path, tmp_path: Path) -> None:
    month_late = score(place / "q4", place / "model")
    assert (month_late.outlook.used, month_late.outlook.missing) == ("since", ("months",))
    assert month_late.remembered == AS_OF
    for file in (place / "q4").glob("[ab]*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    no_deposits = score(tmp_path, place / "model")
    assert (no_deposits.outlook.used, no_deposits.outlook.missing) == ("activity", ("deposits", "since", "months"))
    (tmp_path / "behavior.csv.gz").unlink()
    assert score(tmp_path, place / "model").outlook.used == "balances"
    (tmp_path / "aum.csv.gz").rename(tmp_path / "behavior.csv.gz")
    with pytest.raises(DeliveryRefusedError):
        score(tmp_path, place / "model")


def test_without_the_kept_deposits_the_delivery_alone_is_scored(place: Path, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes((place / "model").read_bytes())
    found = score(place / "q4", tmp_path / "model")
    assert (found.outlook.used, found.remembered) == ("quarter", None)
    assert len(found.table) == CUSTOMERS


def test_kept_deposits_are_for_their_owner_and_never_in_the_model(place: Path) -> None:
    assert statement_file(place / "model").stat().st_mode & 0o077 == 0
    assert b"0xb2d2" not in (place / "model").read_bytes()


def test_damaged_kept_deposits_are_one_sentence(place: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.write_bytes((place / "model").read_bytes())
    statement_file(model).write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DeliveryRefusedError, match="holds no deposits of an earlier day"):
        score(place / "q4", model)


def test_the_same_seed_gives_the_same_model_and_an_outcome_in_the_input_is_not_read(
    place: Path, tmp_path: Path
) -> None:
    write_quarter(tmp_path / "q3", CUSTOMERS, planted=True)
    trained = train(tmp_path / "q3", tmp_path / "model")
    first, second = score(place / "q4", place / "model").table, score(place / "q4", tmp_path / "model").table
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert trained.training.parts["months"].macro_auc.value > 0.8


def test_a_delivery_of_the_training_day_or_earlier_is_no_forecast(place: Path) -> None:
    same_day = score(place / "q3", place / "model", AS_OF)
    assert same_day.outlook.used == "months"
    assert "no forecasts" in same_day.notes[0]


def test_a_statement_of_after_the_day_is_refused(place: Path) -> None:
    with pytest.raises(DeliveryRefusedError, match="lies after the as-of date"):
        score(place / "q4", place / "model", AS_OF)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("cust_no,outcome\n1,1\n", "line 1, column label: is missing"),
        ("cust_no,label\n0xb2d20000,2\n", '"2" is no outcome'),
        ("cust_no,label\n0xb2d20000,1\n0xb2d20000,1\n", "line 3, column cust_no: the same customer stands there twice"),
        ("cust_no,label\n0xb2d20000\n", "line 2: has 1 values"),
        ("\ufeffcust_no,label\n0xb2d20000,1\n", "holds 0 customers of the delivery with label -1"),
        ("", "the header is: empty"),
    ],
)
def test_a_bad_outcome_file_is_one_sentence(data: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text(data, "utf-8")
    with pytest.raises(DeliveryRefusedError, match=sentence):
        read_outcomes(tmp_path / "later.csv", "cust_no", pd.Index(["0xb2d20000"]))


def test_customers_without_outcome_and_outcomes_without_customer_are_counted(tmp_path: Path) -> None:
    rows = [f"c{at},{at % 3 - 1}" for at in range(120)]
    (tmp_path / "later.csv").write_text("\n".join(["cust_no,label", *rows, ""]))
    found = read_outcomes(tmp_path / "later.csv", "cust_no", pd.Index([f"c{at}" for at in range(10, 140)]))
    assert (len(found.classes), found.unknown, found.untold) == (110, 10, 20)


def test_our_trees_say_what_scikit_learn_says() -> None:
    draw = np.random.default_rng(3)
    values = draw.normal(size=(900, 4))
    values[draw.random(values.shape) < 0.1] = np.nan
    outcomes = np.digitize(np.nan_to_num(values[:, 0]) + draw.normal(0, 0.3, 900), [-0.5, 0.5])
    model = HistGradientBoostingClassifier(**SMALL_SETTINGS, random_state=5).fit(values, outcomes)
    trees = grow(values, outcomes, 5, SMALL_SETTINGS)
    assert np.allclose(softmax(trees.log_odds(values)), model.predict_proba(values))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1_000))
def test_our_forest_says_what_scikit_learn_says(seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(400, 5)).astype(np.float32).astype(np.float64)
    values[draw.random(values.shape) < 0.1] = np.nan
    values[:, 4] = np.nan
    outcomes = np.digitize(np.nan_to_num(values[:, 0]) + draw.normal(0, 0.3, 400), [-0.5, 0.5])
    model = ExtraTreesClassifier(TREES, min_samples_leaf=LEAST_IN_LEAF, max_features=TRIED, random_state=seed)
    said = model.fit(values.astype(np.float32), outcomes).predict_proba(values.astype(np.float32))
    assert np.allclose(np.exp(plant(values, outcomes, seed).log_odds(values)), np.clip(said, LEAST, 1), atol=1e-5)


def test_a_forest_learns_from_numbers_beyond_four_bytes() -> None:
    draw = np.random.default_rng(5)
    values = draw.normal(size=(300, 2))
    values[:3, 0] = np.inf, -np.inf, 1e300
    assert np.isfinite(plant(values, draw.integers(0, 3, 300), 1).log_odds(values)).all()


@given(st.integers(1, 10**9))
def test_the_nodes_of_a_tree_fit_into_two_bytes(customers: int) -> None:
    assert 2 * (customers // least_in_leaf(customers)) < 2**16


def test_a_forest_comes_back_from_its_arrays_and_a_changed_one_is_refused() -> None:
    draw = np.random.default_rng(4)
    values = draw.normal(size=(300, 3))
    forest = plant(values, draw.integers(0, 3, 300), 1)
    arrays = forest.arrays()
    assert np.array_equal(forest_of(arrays, 3).log_odds(values), forest.log_odds(values))
    circle = {**arrays, "left": np.zeros_like(arrays["left"])}
    shares = {**arrays, "fell": np.full_like(arrays["fell"], 2)}
    short = {**arrays, "rose": arrays["rose"][1:]}
    for broken in (circle, shares, short, {**arrays, "value": arrays["fell"]}):
        with pytest.raises(BrokenTreesError):
            forest_of(broken, 3)


def test_calibration_mends_overconfidence() -> None:
    draw = np.random.default_rng(4)
    log_odds = draw.normal(size=(4000, 3))
    chances = softmax(log_odds)
    outcomes = (draw.random((4000, 1)) > chances.cumsum(axis=1)).sum(axis=1)
    mended = fit_calibration(log_odds * 4, outcomes).probabilities(log_odds * 4)
    assert np.abs(mended - chances).mean() < 0.02


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(1, 3)), min_size=2, max_size=60))
@settings(max_examples=60, deadline=None)
def test_areas_are_those_of_scikit_learn_with_equal_scores_and_weights(rows: list[tuple[int, bool, int]]) -> None:
    scores, hits, weights = (np.array(column) for column in zip(*rows, strict=True))
    if hits.all() or not hits.any():
        return
    expected = roc_auc_score(hits, scores, sample_weight=weights)
    assert np.isclose(Ranking(scores.astype(float), hits).auc(weights.astype(float)), expected)


def test_lift_counts_the_first_tenth() -> None:
    scores = np.arange(100, dtype=float)
    assert Ranking(scores, scores >= 90).lift() == pytest.approx(10)
    assert Ranking(scores, scores < 50).lift() == pytest.approx(0)


def test_round_amounts_are_told_from_odd_ones() -> None:
    amounts = pd.Series([0.0, 0.01, 7.0, 300.0, 5_000.0, 40_000.0, 200_000.0, np.nan])
    assert roundness(amounts).tolist()[:-1] == [0, 1, 2, 3, 5, 6, 8]
