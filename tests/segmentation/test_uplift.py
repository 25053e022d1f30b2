"""Qini and uplift at k: against scikit-uplift, against a hand's computation, and where there is something to find."""

from pathlib import Path

import numpy as np
import pytest
from sklift.metrics import qini_auc_score, uplift_at_k

from segmentation.experiments.evaluation import evaluate
from segmentation.experiments.model import Evaluation, Question
from segmentation.experiments.qini import qini_coefficient, qini_curve, rank, uplift_at

# The oracle of 2022 still calls a function that scikit-learn 1.9 keeps for one version more.
allowed = pytest.mark.filterwarnings("ignore:.*stable_cumsum.*:FutureWarning")


@allowed
@pytest.mark.parametrize("decimals", [0, 1, 9])
def test_the_qini_coefficient_is_that_of_scikit_uplift(decimals: int) -> None:
    rng = np.random.default_rng(decimals)
    outcome, treated = (rng.random(499) < 0.3).astype(float), rng.random(499) < 0.35
    score = np.round(rng.normal(size=499), decimals)
    theirs = qini_auc_score(outcome, score, treated.astype(int))
    assert qini_coefficient(outcome, score, treated) == pytest.approx(theirs, abs=1e-12)
    exact = rng.permutation(499).astype(float)
    found = uplift_at(outcome, exact, treated, 0.3).uplift
    assert found == pytest.approx(uplift_at_k(outcome, exact, treated.astype(int), "overall", 0.3))


def test_a_curve_of_six_units_is_that_of_a_hand() -> None:
    outcome, treated = np.array([1.0, 0, 1, 0, 1, 0]), np.array([True, False, True, False, False, True])
    curve = qini_curve(outcome, np.array([6.0, 5, 4, 3, 2, 1]), treated)
    # Treated and yes 1, 1, 2, 2, 2, 2; control's yes 0, 0, 0, 0, 1, 1; N₁/N₀ at the end 3/3, before it 2/3.
    assert curve.gains.tolist() == pytest.approx([0, 1, 1, 2, 2, 2 - 2 / 3, 1])
    assert curve.area() == pytest.approx(0.5 + 1 + 1.5 + 2 + (2 + 4 / 3) / 2 + (4 / 3 + 1) / 2 - 3)


def test_a_score_that_knows_nothing_is_not_worth_using() -> None:
    rng = np.random.default_rng(3)
    useful = 0
    for _ in range(60):
        treated = rng.random(600) < 0.5
        outcome = (rng.random(600) < 0.2 + 0.1 * treated).astype(float)
        useful += rank(outcome, rng.normal(size=600), treated, binary=True).area_interval.low > 0
    assert useful <= 6


@pytest.fixture(scope="module")
def targeted(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """2,000 units of which only those in the city answer the treatment; a fifth of the regions is unknown."""
    rng = np.random.default_rng(5)
    city, treated, age = rng.random(2_000) < 0.5, rng.random(2_000) < 0.5, rng.integers(18, 80, 2_000)
    bought = rng.random(2_000) < 0.1 + 0.4 * city * treated
    region = np.where(rng.random(2_000) < 0.2, "", np.where(city, "city", "land"))
    lines = zip(range(2_000), np.where(treated, "new", "control"), bought, region, age, strict=True)
    file = tmp_path_factory.mktemp("uplift") / "u.csv"
    file.write_text("u,v,y,region,age\n" + "".join(",".join(map(str, line)) + "\n" for line in lines), "utf-8")
    return evaluate(Question(file, "v", ("y",), unit="u", features=("region", "age")))


def test_whom_a_treatment_changes_is_found_out_of_sample(targeted: Evaluation) -> None:
    found = targeted.uplift[0]
    assert (found.variant, found.outcome, found.units) == ("new", "y", 2_000)
    assert found.worth_using
    assert found.two_model.qini is not None
    assert found.two_model.qini > 0.1
    first, whole = found.two_model.at_k[2], found.two_model.at_k[-1]
    assert (first.k, whole.k) == (0.3, 1.0)
    assert first.uplift is not None
    assert whole.uplift == pytest.approx(targeted.outcomes[0].variants[1].difference)
    assert first.uplift > 0.3
    assert first.uplift > (whole.uplift or 0) + 0.1


def test_what_cannot_be_learnt_is_said(tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    file.write_text("v,y,x\n" + "a,1,2\nb,0,1\n" * 8, "utf-8")
    found = evaluate(Question(file, "v", ("y",), features=("x",)))
    assert found.uplift == ()
    assert any("too few units or too rare an answer" in caution for caution in found.cautions)
