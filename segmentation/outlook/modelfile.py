"""The model's file: plain numbers and one JSON header in a zip of arrays; nothing in it can run."""

import io
import json
import os
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from segmentation.intake.faults import DeliveryRefusedError, refuse
from segmentation.outlook.boosting import CLASSES, BrokenTreesError, Trees, trees_of
from segmentation.outlook.calibration import Calibration
from segmentation.outlook.delivered import Statement
from segmentation.outlook.forest import SHARES, Forest, forest_of
from segmentation.outlook.indicators import BY_NAME
from segmentation.outlook.model import OutlookModel, Part
from segmentation.policy import SegmentationPolicy

FORMAT = "outlook-3"
READABLE = frozenset({FORMAT, "outlook-2"})  # the older one holds boosted trees alone
HEADER = "header"
LARGEST = 512 * 1024 * 1024  # bytes unpacked; an honest model has a tenth of it


def save_model(model: OutlookModel, file: Path) -> None:
    """Write the model whole or not at all."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, part in model.parts.items():
        for at, trees in enumerate(part.folds):
            arrays |= {f"{name}/{at}/{column}": values for column, values in trees.arrays().items()}
    arrays[HEADER] = np.frombuffer(json.dumps(_header(model)).encode(), dtype=np.uint8)
    draft = file.with_name(f"{file.name}.part")
    with draft.open("wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    os.replace(draft, file)


def load_model(file: Path) -> OutlookModel:
    """Read a model, whoever wrote it.

    Raises:
        DeliveryRefusedError: no model of ours, cut, or not sound.
    """
    return read_model(model_bytes(file), file.name)


def model_bytes(file: Path) -> bytes:
    """The file as it lies there.

    Raises:
        DeliveryRefusedError: there is none, or it is larger than any model.
    """
    if not file.is_file():
        raise refuse("no_model", f"There is no model file {file}: make one with the command train.")
    if file.stat().st_size > LARGEST:
        raise _broken(file.name)
    return file.read_bytes()


def read_model(body: bytes, name: str) -> OutlookModel:
    """Read a model from a file's bytes; `name` is what a person knows the file by.

    Raises:
        DeliveryRefusedError: no model of ours, cut, or not sound.
    """
    try:
        return _model(_arrays(body))
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, MemoryError) as error:
        raise _broken(name) from error
    except (BrokenTreesError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError) as error:
        raise _broken(name) from error


def _broken(name: str) -> DeliveryRefusedError:
    problem = "is no model of this product, or was cut or changed; train it again or copy it again."
    return refuse("bad_model", problem, file=name)


def _header(model: OutlookModel) -> dict[str, Any]:
    parts = {
        name: {
            "indicators": part.indicators,
            "reference": part.reference,
            "folds": len(part.folds),
            "weights": part.calibration.weights.tolist(),
            "offsets": part.calibration.offsets.tolist(),
            "quality": part.quality,
        }
        for name, part in model.parts.items()
    }
    return {
        "format": FORMAT,
        "profile": model.profile,
        "as_of": model.as_of.isoformat(),
        "seed": model.seed,
        "shares": model.shares,
        "policy": model.policy.as_json() if model.policy else None,
        "parts": parts,
    }


def _arrays(body: bytes) -> dict[str, npt.NDArray[np.generic]]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        if sum(member.file_size for member in packed.infolist()) > LARGEST:
            raise ValueError
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def _model(arrays: dict[str, npt.NDArray[np.generic]]) -> OutlookModel:
    header = json.loads(arrays.pop(HEADER).tobytes())
    if header["format"] not in READABLE or not set(header["parts"]) <= set(BY_NAME) or not header["parts"]:
        raise ValueError
    return OutlookModel(
        profile=str(header["profile"]),
        as_of=date.fromisoformat(header["as_of"]),
        seed=int(header["seed"]),
        shares=tuple(float(share) for share in header["shares"]),
        parts={name: _part(name, header["parts"][name], arrays) for name in BY_NAME if name in header["parts"]},
        policy=SegmentationPolicy.from_json(header["policy"]) if header["policy"] else None,
    )


def _part(name: str, found: dict[str, Any], arrays: dict[str, npt.NDArray[np.generic]]) -> Part:
    indicators = tuple(str(indicator) for indicator in found["indicators"])
    weights, offsets = (np.array(found[key], dtype=np.float64) for key in ("weights", "offsets"))
    if weights.shape != (CLASSES, CLASSES) or offsets.shape != (CLASSES,) or not 1 <= found["folds"] <= 100:
        raise ValueError
    reference = tuple(float(value) for value in found["reference"])
    if len(reference) != len(indicators) or not all(np.isfinite(each).all() for each in (weights, offsets, reference)):
        raise ValueError
    folds: list[Trees | Forest] = []
    for at in range(found["folds"]):
        prefix = f"{name}/{at}/"
        own = {key.removeprefix(prefix): values for key, values in arrays.items() if key.startswith(prefix)}
        folds.append((forest_of if SHARES[0] in own else trees_of)(own, len(indicators)))
    return Part(indicators, reference, tuple(folds), Calibration(weights, offsets), found["quality"])


def statement_file(model: Path) -> Path:
    """Where the deposits of the training day lie: beside the model and never in it, since they are customers' data."""
    return model.with_name(f"{model.name}.deposits.parquet")


def save_statement(statement: Statement, file: Path) -> None:
    """Keep a day's deposits for the next quarter's growth; only the owner may read them."""
    frame = statement.deposits[["balance", "products"]].rename_axis("number").reset_index()
    frame.attrs["true_at"] = statement.true_at.isoformat()
    draft = file.with_name(f"{file.name}.part")
    draft.touch(mode=0o600)
    frame.to_parquet(draft, index=False)
    os.replace(draft, file)


def load_statement(file: Path) -> Statement | None:
    """The deposits kept beside a model; None where there are none.

    Raises:
        DeliveryRefusedError: the file is damaged.
    """
    if not file.is_file():
        return None
    try:
        return _statement(pd.read_parquet(file))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError) as error:
        problem = "holds no deposits of an earlier day; delete it to score without growth, or train again."
        raise refuse("bad_statement", problem, file=file.name) from error


def _statement(frame: pd.DataFrame) -> Statement:
    kinds = {"number": str, "balance": float, "products": float}
    deposits = frame[list(kinds)].astype(kinds).set_index("number")
    if not deposits.index.is_unique:
        raise ValueError
    return Statement(date.fromisoformat(frame.attrs["true_at"]), deposits)
