"""The catalogue of indicators, as the policy in force weighs and scores it."""

from typing import Annotated

import typer

from bot.commands.exits import clear_errors

commands = typer.Typer()


@commands.command("indicators")
def list_indicators(
    profile: Annotated[str | None, typer.Option(help="say what this bank's departments deliver")] = None,
    as_page: Annotated[bool, typer.Option("--page", help="docs/indicators.md, under the policy's defaults")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")] = False,
) -> None:
    """List every indicator: meaning, unit, window, source, weight and scoring line under the policy in force."""
    from bot.commands.policies import policy_service
    from campaigns.customers.indicators import uses
    from handlers.terminal import page
    from handlers.terminal.indicators import catalogue_json, catalogue_page, print_catalogue
    from segmentation.intake.profiles import load_profile
    from segmentation.policy import SegmentationPolicy

    with clear_errors():
        bank = load_profile(profile) if profile else None
        if as_page:
            typer.echo(catalogue_page(uses(SegmentationPolicy())), nl=False)
            return
        with policy_service() as service:
            made = service.show()
        found = uses(made.policy)
        if as_json:
            typer.echo(catalogue_json(found, made.version, bank))
        else:
            print_catalogue(found, made.version, bank, page())
