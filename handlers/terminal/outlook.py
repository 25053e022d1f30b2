"""Training and scoring on the terminal: the model card, how scores came about, and the file of scores."""

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.model import ClassReason
from campaigns.customers.outlook import Scored, Trained
from campaigns.members.model import Language
from handlers.wording.segments import reason_words
from segmentation.intake.cleaning import FileQuality
from segmentation.outlook.comparison import Comparison, TenureBand
from segmentation.outlook.evaluation import Estimate, Quality
from segmentation.outlook.indicators import BY_NAME
from segmentation.outlook.training import HELD_OUT

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
DIGITS = 6
LEGEND = (
    "AUC: the chance that a customer of an outcome stands above one of another; macro: mean over the three outcomes, "
    "each against the rest; lift: how many times as many fell in the first tenth as in a tenth drawn blindly; "
    "calibration: mean gap between what was said and what happened; in brackets the 95 % interval over customers"
)
CONCORDANCE = (
    "concordance: of two customers with different outcomes, the chance that the better outcome is ranked higher; "
    "in brackets the 95 % interval over customers; assets and tenure in the better of their two directions"
)
RIVALS = {"heuristic": "documented heuristic", "assets": "assets alone", "tenure": "tenure alone"}
NEEDS = {
    "activity": "the activity department said nothing",
    "deposits": "there is no current statement of the deposits",
    "since": "there is no earlier statement of the deposits",
    "months": "the monthly statements of the deposits are not there",
}


def card_json(trained: Trained) -> str:
    """The model card as one JSON object."""
    return json.dumps(trained.as_json(), ensure_ascii=False)


def print_card(trained: Trained, model: Path, console: Console) -> None:
    """The model card for a person."""
    training = trained.training
    shares = ", ".join(
        f"{name} {share:.1%}" for name, share in zip(("fell", "same", "rose"), training.model.shares, strict=True)
    )
    console.print(f"{training.customers:,} customers as of {training.model.as_of}: {shares}.")
    table = Table(title="What the outlook is worth", caption=LEGEND, box=SIMPLE, padding=(0, 1, 0, 0))
    for at, name in enumerate(("from", "n", "macro AUC", "AUC fell", "lift fell", "calibration")):
        table.add_column(name, justify="left" if at == 0 else "right")
    for name, quality in training.parts.items():
        count = len(training.model.parts[name].indicators)
        table.add_row(BY_NAME[name].title, str(count), *quality_cells(quality))
    table.add_row(f"logistic regression ({training.logistic_on})", "", *quality_cells(training.logistic), style="dim")
    for column in training.columns:
        figures = (f"{column.macro_auc:.3f}", f"{column.auc_fell:.3f}", f"{column.lift_fell:.2f}")
        table.add_row(f"{column.name} alone", "1", *figures, "–", style="dim")
    console.print(table)
    console.print(f"Held out {HELD_OUT}.")
    print_comparison(training.comparison, console)
    print_tenure(training.tenure, console)
    _print_files(trained.qualities, console)
    if trained.unknown or trained.untold:
        console.print(
            f"{trained.unknown:,} outcomes have no customer here, {trained.untold:,} customers have no outcome."
        )
    for note in trained.notes:
        console.print(note)
    console.print(f"The model is in {model}.")
    if trained.kept:
        console.print(
            f"The deposits of that day are kept in {trained.kept}, for the growth until the next score: "
            "customers' data, readable by its owner alone. Without it, scores come from the delivery alone."
        )


def scores_json(scored: Scored) -> str:
    """How the scores came about as one JSON object."""
    return json.dumps(scored.as_json(), ensure_ascii=False)


def print_scores(scored: Scored, out: Path, console: Console) -> None:
    """How the scores came about, for a person."""
    outlook = scored.outlook
    console.print(f"{len(scored.table):,} customers as of {scored.as_of} are scored in {out}.")
    console.print(f"Scored from: {_chain(outlook.used)}.")
    if scored.remembered:
        console.print(f"Growth is counted from the deposits of {scored.remembered}, kept at the training.")
    for need in outlook.missing:
        console.print(f"Less sure: {NEEDS[need]}.")
    means = scored.table[["p_fall", "p_same", "p_rise"]].mean()
    console.print(f"On average: fall {means['p_fall']:.1%}, same {means['p_same']:.1%}, rise {means['p_rise']:.1%}.")
    _print_files(scored.qualities, console)
    for note in scored.notes:
        console.print(note)


def write_scores(file: Path, table: pd.DataFrame) -> None:
    """Write one row per customer, as Parquet by the ending or else as CSV, whole or not at all."""
    frame = table.rename_axis("customer").reset_index()
    if "reasons" in frame:
        frame["reasons"] = [reasons_words(reasons) for reasons in frame["reasons"]]
    numbers = frame.select_dtypes("number").columns
    frame[numbers] = frame[numbers].round(DIGITS)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.part")
    if file.suffix == ".parquet":
        frame.to_parquet(draft, index=False)
    else:
        frame["customer"] = [_inert(number) for number in frame["customer"]]
        frame.to_csv(draft, index=False, lineterminator="\n", compression="gzip" if file.suffix == ".gz" else None)
    os.replace(draft, file)


def quality_cells(quality: Quality) -> tuple[str, ...]:
    """Macro AUC, AUC and lift of the fallen, calibration error."""
    figures = (with_interval(quality.macro_auc, 3), with_interval(quality.auc_fell, 3))
    return (*figures, with_interval(quality.lift_fell, 2), f"{quality.calibration_error:.4f}")


def with_interval(found: Estimate, digits: int, *, signed: bool = False) -> str:
    """A figure with its interval: "0.832 (0.829–0.835)"."""
    form = f"{'+' if signed else ''}.{digits}f"
    return f"{found.value:{form}} ({found.low:{form}}–{found.high:{form}})"


def print_comparison(found: Comparison, console: Console) -> None:
    """The potential score beside plainer ones, and the verdict."""
    table = Table(title="Does the potential rank what followed", caption=CONCORDANCE, box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("score")
    table.add_column("concordance", justify="right")
    table.add_column("the outlook leads by", justify="right")
    table.add_row("potential from the outlook", with_interval(found.concordance["outlook"], 3), "")
    for name, lead in found.lead.items():
        table.add_row(RIVALS[name], with_interval(found.concordance[name], 3), with_interval(lead, 3, signed=True))
    console.print(table)
    console.print(f"It {'beats' if found.beats_heuristic else 'does not surely beat'} the documented heuristic here.")


def _chain(name: str) -> str:
    """The whole set in words: a title that begins with … goes on from the one before."""
    names = list(BY_NAME)
    title = BY_NAME[name].title
    return title if not title.startswith("…") else _chain(names[names.index(name) - 1]) + title.removeprefix("…")


def print_tenure(bands: tuple[TenureBand, ...], console: Console) -> None:
    """What the outlook is worth among newcomers and among the others."""
    if not bands:
        console.print("By tenure: it is not known of enough customers, so tenure cannot be told from the outlook.")
    for found in bands:
        figures = f"macro AUC {with_interval(found.macro_auc, 3)}, AUC fell {with_interval(found.auc_fell, 3)}"
        console.print(f"By tenure, {found.band}: {found.customers:,} customers, {figures}.")


def _print_files(qualities: tuple[FileQuality, ...], console: Console) -> None:
    for quality in qualities:
        if quality.rejected:
            first: Any = quality.rejections[0]
            console.print(f"{quality.file}: {quality.rejected:,} of {quality.read:,} rows rejected, first: {first}")


def reasons_words(reasons: str) -> str:
    """Reasons out of their JSON as words in both languages."""
    found = [ClassReason.from_json(reason) for reason in json.loads(reasons)]
    return "; ".join(f"{reason_words(reason, Language.ZH)} {reason_words(reason, Language.EN)}" for reason in found)


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
