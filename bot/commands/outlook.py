"""How customers go on: training on one quarter's files, scoring another's."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors

commands = typer.Typer()


@commands.command()
def train(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a delivery")],
    profile: Annotated[str, typer.Option(help="how this bank's departments deliver")],
    outcome: Annotated[Path, typer.Option(help="what became of each customer: −1 fell, 0 same, 1 rose or held")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day the delivery is true at")],
    model: Annotated[Path, typer.Option(help="the model's new file")],
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="share of a file's rows that may be bad")] = 0.03,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Learn from one quarter's files and what followed how customers go on; no database."""
    from campaigns.customers.outlook import train_outlook
    from handlers.terminal import page
    from handlers.terminal.outlook import card_json, print_card
    from handlers.terminal.progress import watched

    with clear_errors():
        with watched(quiet=as_json) as watcher:
            found = train_outlook(
                place, profile, outcome, as_of.date(), model, max_rejected=max_rejected, tell=watcher.begin
            )
        typer.echo(card_json(found)) if as_json else print_card(found, model, page())


@commands.command()
def score(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a delivery")],
    profile: Annotated[str, typer.Option(help="how this bank's departments deliver")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day the delivery is true at")],
    model: Annotated[Path, typer.Option(help="what `train` wrote")],
    out: Annotated[Path, typer.Option(help="a row per customer, as Parquet by its ending, or else as CSV")],
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="share of a file's rows that may be bad")] = 0.03,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of sentences")] = False,
) -> None:
    """Say of every customer in a quarter's files how likely business falls, stays or rises; no database."""
    from campaigns.customers.outlook import score_outlook
    from handlers.terminal import page
    from handlers.terminal.outlook import print_scores, scores_json, write_scores

    with clear_errors():
        found = score_outlook(place, profile, as_of.date(), model, max_rejected=max_rejected)
        write_scores(out, found.table)
        typer.echo(scores_json(found)) if as_json else print_scores(found, out, page())


def evaluate_model(
    place: Path, profile: str, outcome: Path, as_of: datetime, model: Path, *, max_rejected: float, as_json: bool
) -> None:
    """Judge a model on a later window whose outcome is known, beside the documented heuristic; no database."""
    from campaigns.customers.evaluations import evaluate_outlook
    from handlers.terminal import page
    from handlers.terminal.evaluations import evaluation_json, print_evaluation

    with clear_errors():
        found, _ = evaluate_outlook(place, profile, outcome, as_of.date(), model, max_rejected=max_rejected)
    typer.echo(evaluation_json(found)) if as_json else print_evaluation(found, page())
