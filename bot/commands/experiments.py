"""What came of it: an experiment read out of a file, or a model judged on a later window."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse

commands = typer.Typer()

OF_AN_EXPERIMENT = "Name the column of the variants and at least one outcome: --variant COLUMN --outcome COLUMN."
OF_A_MODEL = "To judge a model give --model, --profile, --as-of and one --outcome FILE; for an experiment, no --model."


@commands.command()
def evaluate(
    place: Annotated[Path, typer.Argument(metavar="FILE", help="assignments and outcomes: CSV, Parquet or XLSX")],
    variant: Annotated[str | None, typer.Option(help="the column of the variants")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="a column of yes and no or of amounts, or a ratio a/b; the first decides")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="the column of the units; else every row is one")] = None,
    control: Annotated[str | None, typer.Option(help="the variant to compare with, where no name says it")] = None,
    shares: Annotated[str | None, typer.Option(metavar="A=0.5,B=0.5", help="the planned shares, else equal")] = None,
    pre: Annotated[
        list[str] | None, typer.Option(metavar="[OUTCOME=]COLUMN", help="known before: takes variance off (CUPED)")
    ] = None,
    uplift: Annotated[str | None, typer.Option(metavar="COLUMN,…", help="features: whom does it change?")] = None,
    looks: Annotated[int, typer.Option(help="read the file in its order as so many looks")] = 0,
    planned: Annotated[int | None, typer.Option(help="units of the whole experiment, while it runs")] = None,
    repeated: Annotated[str, typer.Option(help="rows of one unit: auto, sum, mean, max, min")] = "auto",
    as_table: Annotated[bool, typer.Option("--table", help="tables for people instead of JSON")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object (experiments print it anyhow)")] = False,
    model: Annotated[Path | None, typer.Option(help="judge this model of `train` instead; FILE is a delivery")] = None,
    profile: Annotated[str | None, typer.Option(help="with --model: how the bank's departments deliver")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="with --model: the day")] = None,
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="with --model: share of bad rows")] = 0.03,
) -> None:
    """Judge an experiment out of a file of assignments and outcomes; or, with --model, a model on a later window."""
    if model or profile or as_of:
        from bot.commands.outlook import evaluate_model

        if not (model and profile and as_of and outcome and len(outcome) == 1) or variant or unit:
            refuse(OF_A_MODEL)
        evaluate_model(place, profile, Path(outcome[0]), as_of, model, max_rejected=max_rejected, as_json=as_json)
        return
    if variant is None or not outcome:
        refuse(OF_AN_EXPERIMENT)
    from handlers.terminal import page
    from handlers.terminal.experiments import experiment_json, print_experiment
    from segmentation.experiments.evaluation import evaluate as evaluate_experiment
    from segmentation.experiments.model import Question

    with clear_errors():
        found = evaluate_experiment(
            Question(
                place,
                variant,
                tuple(outcome),
                unit=unit,
                control=control,
                shares=read_shares(shares),
                pre=read_pairs(pre or (), outcome),
                features=tuple(dict.fromkeys(filter(None, map(str.strip, (uplift or "").split(","))))),
                repeated=repeated,
                looks=looks,
                planned=planned,
            )
        )
    print_experiment(found, page()) if as_table and not as_json else typer.echo(experiment_json(found))


def read_shares(given: str | None) -> dict[str, float]:
    """Planned shares out of "a=0.5,b=0.5" (or 50,50 or 1:1: only their proportion counts)."""
    found: dict[str, float] = {}
    for part in (given or "").split(",") if given else ():
        name, equals, share = part.rpartition("=")
        try:
            value = float(share.strip().rstrip("%"))
        except ValueError:
            equals = ""
            value = 0.0
        if not equals or not name.strip() or name.strip() in found:
            refuse(f'--shares cannot be read at "{part.strip()}": write each variant once, such as a=0.5,b=0.5.')
        found[name.strip()] = value
    return found


def read_pairs(given: Sequence[str], outcomes: Sequence[str]) -> dict[str, str]:
    """From each outcome to the column known before it: "outcome=column", or one column alone for all plain outcomes."""
    found: dict[str, str] = {}
    for pair in given:
        outcome, equals, column = pair.partition("=")
        if equals and outcome in outcomes:
            found[outcome] = column
        else:
            found |= {each: pair for each in outcomes if "/" not in each and each not in found}
    return found
