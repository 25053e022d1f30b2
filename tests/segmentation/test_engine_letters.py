"""Letters for many customers: whichever way they are assigned, they are those of the rule of classes."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.classes import BLOCK, NOBODY, Assignment, assign, build_space
from segmentation.dimensions import DIMENSIONS, LETTERS
from segmentation.engine.letters import letters, letters_statement
from segmentation.engine.session import open_engine
from segmentation.policy import SegmentationPolicy
from segmentation.reasons import REASONS
from segmentation.scaler import Scaler
from segmentation.standing import is_new
from tests.segmentation.people import frames

# The middle and spread of a Chinese bank's third quarter of 2019; age, counter and cards as a bank like it might have.
SCALER = Scaler(
    "2019-09-30",
    69_126,
    {"assets": 3.895, "activity": 1.864, "age": 45.0, "digital": 0.402, "counter": 0.4, "cards": 1.0},
    {"assets": 2.4325, "activity": 1.534, "age": 14.0, "digital": 1.0566, "counter": 0.3, "cards": 0.8},
)
POLICY = SegmentationPolicy(scaler=SCALER, known_share=0.0)
WITHOUT_AGE = replace(POLICY, weights={**POLICY.weights, "age": 0, "cards": 0})
policies = st.sampled_from([POLICY, WITHOUT_AGE, replace(POLICY, margin=2.5), replace(POLICY, known_share=0.5)])
earlier = st.lists(st.sampled_from([NOBODY, 0, 1, 2, 3]), min_size=8, max_size=8)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_engine(tmp_path_factory.mktemp("spill"), memory_mb=128) as found:
        yield found


def stated(
    engine: duckdb.DuckDBPyConnection, features: pd.DataFrame, policy: SegmentationPolicy, previous: list[int] | None
) -> pd.DataFrame:
    """What the statement says, in the order of the features."""
    table = relation(features, previous)
    engine.register("people", table)
    statement = letters_statement("people", build_space(features, policy), policy)
    found: pd.DataFrame = engine.sql(f"{statement} ORDER BY customer").to_arrow_table().to_pandas()
    return found


def relation(features: pd.DataFrame, previous: list[int] | None) -> pa.Table:
    """Features as a relation: unknown is null, earlier letters are text."""
    named = [None if place == NOBODY else LETTERS[place] for place in previous or [NOBODY] * len(features)]
    columns = {name: pa.array(features[name], from_pandas=True) for name in features.columns}
    return pa.table({"customer": np.arange(len(features)), "previous": pa.array(named, pa.string()), **columns})


def assert_says_the_same(found: pd.DataFrame, told: Assignment, features: pd.DataFrame) -> None:
    assert list(found["letter"]) == list(told.names())
    assert list(found["runner_up"]) == [LETTERS[place] for place in told.runners_up]
    assert np.allclose(found["gap"], told.gap, atol=1e-9)
    assert_same_reasons(found, told, features)


def assert_same_reasons(found: pd.DataFrame, told: Assignment, features: pd.DataFrame) -> None:
    """The same codes; where two dimensions say the same to six digits, either may stand first."""
    picked = told.reasons(features).picked
    weights = np.abs(told.terms())
    for row, codes in enumerate(found[[f"reason_{at + 1}" for at in range(REASONS)]].to_numpy()):
        theirs = [told.space.codes.index(code) for code in codes if isinstance(code, str)]
        assert len(set(theirs)) == len(theirs) == picked.shape[1]
        assert np.allclose(weights[row, theirs], weights[row, picked[row]], atol=2e-6)


@given(frames, policies, st.one_of(st.none(), earlier))
@settings(max_examples=60, deadline=None)
def test_blocks_give_the_letters_of_the_rule(
    features: pd.DataFrame, policy: SegmentationPolicy, previous: list[int] | None
) -> None:
    held = None if previous is None else np.array(previous[: len(features)], dtype=np.intp)
    assert letters(features, policy, held).tolist() == assign(features, policy, held).letters.tolist()


@given(frames, policies, st.one_of(st.none(), earlier))
@settings(max_examples=25, deadline=None)
def test_the_statement_gives_letters_and_reasons_of_the_rule(
    engine: duckdb.DuckDBPyConnection, features: pd.DataFrame, policy: SegmentationPolicy, previous: list[int] | None
) -> None:
    held = None if previous is None else np.array(previous[: len(features)], dtype=np.intp)
    found = stated(engine, features, policy, None if previous is None else previous[: len(features)])
    assert_says_the_same(found, assign(features, policy, held), features)
    assert found["provisional"].tolist() == is_new(features, policy).tolist()


def test_a_bank_of_several_blocks_is_lettered_as_a_whole(engine: duckdb.DuckDBPyConnection) -> None:
    draw, count = np.random.default_rng(1), 2 * BLOCK + 17
    ranges = {"assets": 1e9, "transfers": 80, "age": 90, "logins": 40, "counter_share": 1, "cards": 4}
    features = pd.DataFrame({name: draw.random(count) * most for name, most in ranges.items()})
    assert set(features.columns) == {dimension.feature for dimension in DIMENSIONS.values()}
    features = features.mask(draw.random(features.shape) < 0.1).fillna({"assets": 0})
    features["tenure_days"] = draw.integers(0, 400, count).astype(float)
    previous = draw.integers(NOBODY, len(LETTERS), count)
    told = assign(features, POLICY, previous)
    assert np.array_equal(letters(features, POLICY, previous), told.letters)
    found = stated(engine, features, POLICY, previous.tolist())
    assert np.array_equal(found["letter"], told.names())
    assert set(told.names()) == set(LETTERS)
