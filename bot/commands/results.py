"""Results on the command line: what a promotion brought, as a page, a picture and JSON; concluded once."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.exits import clear_errors, refuse
from bot.commands.offices import on_database

commands = typer.Typer()


@commands.command()
def results(
    code: Annotated[str, typer.Argument(help="the promotion's code")],
    version: Annotated[int | None, typer.Option(min=1, help="a version; the newest by default")] = None,
    out: Annotated[Path | None, typer.Option(help="a folder for the page, the picture and the JSON")] = None,
    conclude: Annotated[bool, typer.Option("--conclude", help="keep them for good: closed becomes evaluated")] = False,
    by: Annotated[str, typer.Option(help="with --conclude: who does it; kept")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of words")] = False,
) -> None:
    """Whether a promotion worked: participation, conversion, growth and cost beside the held-out, and what is next."""
    from handlers.terminal import page

    if conclude and (not by.strip() or version is not None):
        refuse("The newest version alone is concluded: say who does it with --by NAME, and leave --version out.")
    if out is not None and not out.is_dir():
        refuse(f"There is no folder {out} for the page.")
    with clear_errors():
        from bot.operations.results import in_office

        result = on_database(
            in_office, lambda office: office.conclude(code, by.strip()) if conclude else office.result(code, version)
        )
    told = json.dumps(result.as_json(), ensure_ascii=False, default=str)
    if out is not None:
        from handlers.pages.reports.writing import write_page
        from handlers.pages.results.page import result_page
        from handlers.pictures.results import results_png

        name = f"{result.code}-v{result.version}"
        with clear_errors():
            write_page(out / f"{name}.html", result_page(result))
            (out / f"{name}.png").write_bytes(results_png(result))
            (out / f"{name}.json").write_text(told + "\n", "utf-8")
    if as_json:
        typer.echo(told)
        return
    from handlers.terminal.results import print_result

    print_result(result, page())
