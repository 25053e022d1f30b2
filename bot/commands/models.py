"""The register of models: accept one on a later window, look at them, retire one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.exits import clear_errors, refuse, settings

if TYPE_CHECKING:
    from campaigns.customers.champions import ChampionService
    from segmentation.policy import SegmentationPolicy

commands = typer.Typer(
    help="Models of the potential value: judged on a later window, used only while they win.", no_args_is_help=True
)


@commands.command("accept")
def accept_model(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="what `train` wrote, its kept deposits beside it")],
    delivery: Annotated[Path, typer.Option(help="the folder of a delivery later than the training")],
    profile: Annotated[str, typer.Option(help="how this bank's departments deliver")],
    outcome: Annotated[Path, typer.Option(help="what followed that delivery: −1 fell, 0 same, 1 rose or held")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day the delivery is true at")],
    by: Annotated[str, typer.Option(help="who accepts it; kept in the register")],
    max_rejected: Annotated[float, typer.Option(min=0, max=1, help="share of a file's rows that may be bad")] = 0.03,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Judge a model on a later window and register it; done again on the next window, it may lose its place."""
    from campaigns.customers.evaluations import evaluate_outlook
    from handlers.terminal import page
    from handlers.terminal.evaluations import print_evaluation
    from handlers.terminal.models import STANDINGS, models_json

    if not by.strip():
        refuse("Say who accepts the model: --by NAME.")
    with registered() as (service, policy):
        found, candidate = evaluate_outlook(
            delivery, profile, outcome, as_of.date(), model, max_rejected=max_rejected, policy=policy
        )
        kept = service.keep(candidate, by.strip())
    if as_json:
        typer.echo(models_json([kept]))
        return
    print_evaluation(found, page())
    typer.echo(f"Model {kept.digest[:12]}: {STANDINGS[kept.standing()]}.")


@commands.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False) -> None:
    """Show every model with its latest judgement, and which may say the potential."""
    from handlers.terminal import page
    from handlers.terminal.models import models_json, print_models

    with registered() as (service, _):
        found = service.models()
    typer.echo(models_json(found)) if as_json else print_models(found, page())


@commands.command("retire")
def retire_model(
    digest: Annotated[str, typer.Argument(help="how its digest begins, as `model list` shows it")],
    by: Annotated[str, typer.Option(help="who retires it; kept in the register")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Take a model out of use; it stays known, and the heuristic or another model takes its place."""
    from handlers.terminal.models import models_json

    if not by.strip():
        refuse("Say who retires the model: --by NAME.")
    with registered() as (service, _):
        found = service.retire(digest, by.strip())
    typer.echo(models_json([found]) if as_json else f"Model {found.digest[:12]} is retired.")


@contextmanager
def registered() -> Iterator[tuple["ChampionService", "SegmentationPolicy | None"]]:
    """The register's use cases on one transaction, and the policy whose heuristic a model must beat."""
    from bot.backing import migrated_database
    from bot.clock import Clock
    from campaigns.customers.champions import ChampionService
    from storage.segments import open_segments

    found = settings()
    with clear_errors(), migrated_database(found) as url, open_segments(url, found.time_zone) as store:
        made = store.current_policy()
        yield ChampionService(store.champions, Clock(found.effective_clock_file).now()), made.policy if made else None
