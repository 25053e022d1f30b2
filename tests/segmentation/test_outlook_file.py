"""The model's file comes from elsewhere: nothing in it runs, and what is not sound is refused in one sentence."""

import json
import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from segmentation.intake.faults import DeliveryRefusedError
from segmentation.outlook.boosting import SMALL_SETTINGS, grow
from segmentation.outlook.calibration import Calibration
from segmentation.outlook.forest import plant
from segmentation.outlook.model import OutlookModel, Part
from segmentation.outlook.modelfile import load_model, save_model

Arrays = dict[str, npt.NDArray[np.generic]]
DRAW = np.random.default_rng(6)
VALUES = DRAW.normal(size=(400, 3))
OUTCOMES = np.digitize(VALUES[:, 0], [-0.5, 0.5])
FOREST = plant(VALUES, OUTCOMES, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small sound model."""
    trees = grow(VALUES, OUTCOMES, 1, {**SMALL_SETTINGS, "max_iter": 5, "min_samples_leaf": 20})
    even = Calibration(np.eye(3), np.zeros(3))
    part = Part(("assets", "loans", "kinds"), (1.0, 0.0, 2.0), (trees, FOREST), even, {"macro_auc": 0.9})
    save_model(OutlookModel("cn-bank", date(2019, 9, 30), 1, (0.2, 0.3, 0.5), {"balances": part}), tmp_path / "model")
    return tmp_path / "model"


def changed(file: Path, change: Callable[[Arrays], object]) -> None:
    with np.load(file) as found:
        arrays = {name: found[name].copy() for name in found.files}
    change(arrays)
    with file.open("wb") as stream:
        np.savez(stream, **arrays)


def refused(file: Path) -> None:
    with pytest.raises(DeliveryRefusedError, match="is no model of this product, or was cut or changed") as caught:
        load_model(file)
    assert "\n" not in str(caught.value)


def test_a_model_comes_back_as_it_was(file: Path) -> None:
    found = load_model(file)
    assert (found.profile, found.as_of, found.shares) == ("cn-bank", date(2019, 9, 30), (0.2, 0.3, 0.5))
    part = found.parts["balances"]
    fresh = grow(VALUES, OUTCOMES, 1, {**SMALL_SETTINGS, "max_iter": 5, "min_samples_leaf": 20})
    assert (part.folds[0].log_odds(VALUES) == fresh.log_odds(VALUES)).all()
    assert (part.folds[1].log_odds(VALUES) == FOREST.log_odds(VALUES)).all()


def test_a_file_that_is_not_there_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefusedError, match="make one with the command train"):
        load_model(tmp_path / "none")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_file_is_refused(file: Path, share: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    refused(file)


def test_a_byte_changed_anywhere_never_ends_in_anything_but_a_refusal_or_a_model(file: Path) -> None:
    data = file.read_bytes()
    for at in range(0, len(data), max(len(data) // 60, 1)):
        file.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        try:
            load_model(file)
        except DeliveryRefusedError:
            continue


class Bomb:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return (exec, ("raise SystemExit('it ran')",))


def test_a_pickle_does_not_run(file: Path) -> None:
    file.write_bytes(pickle.dumps(Bomb()))
    refused(file)


def test_a_pickle_inside_an_array_does_not_run(file: Path) -> None:
    changed(file, lambda arrays: arrays.update(header=np.array([Bomb()], dtype=object)))
    refused(file)


@pytest.mark.parametrize(
    ("name", "value"),
    [("left", 60_000), ("left", 0), ("right", 0), ("feature_idx", 3), ("feature_idx", -1), ("num_threshold", np.nan)],
)
def test_a_walk_that_would_leave_its_tree_or_never_end_is_refused(file: Path, name: str, value: float) -> None:
    def change(arrays: Arrays) -> None:
        arrays[f"balances/0/{name}"][0] = value

    changed(file, change)
    refused(file)


def test_numbers_that_are_none_are_refused(file: Path) -> None:
    changed(file, lambda arrays: arrays["balances/0/value"].fill(np.inf))
    refused(file)


@pytest.mark.parametrize(
    "missing", ["header", "balances/0/starts", "balances/0/value", "balances/1/fell", "balances/1/rose"]
)
def test_a_missing_piece_is_refused(file: Path, missing: str) -> None:
    changed(file, lambda arrays: arrays.pop(missing))
    refused(file)


@pytest.mark.parametrize(
    "lie",
    [
        {"format": "outlook-9"},
        {"as_of": "yesterday"},
        {"parts": {}},
        {"parts": {"magic": {}}},
        {"profile": None, "parts": 7},
        {"shares": "many"},
        {"policy": [1]},
        {"policy": {"scaler": {"centre": 3}}},
        {"policy": {"prototypes": {"A": 1}}},
    ],
)
def test_a_header_that_lies_is_refused(file: Path, lie: dict[str, object]) -> None:
    retitled(file, lie)
    refused(file)


def test_a_model_of_the_format_before_is_read(file: Path) -> None:
    retitled(file, {"format": "outlook-2"})
    assert load_model(file).parts["balances"].folds


def retitled(file: Path, other: dict[str, object]) -> None:
    def change(arrays: Arrays) -> None:
        header = {**json.loads(arrays["header"].tobytes()), **other}
        arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)

    changed(file, change)


def test_a_swollen_file_is_refused_before_it_is_unpacked(file: Path) -> None:
    with file.open("wb") as stream:
        np.savez_compressed(stream, header=np.zeros(600 * 1024 * 1024, dtype=np.uint8))
    refused(file)
