"""Promotions on the command line: check a file, keep it as a draft, look, compare, try it dry, archive it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.exits import clear_errors, refuse, settings
from bot.commands.offices import on_database

if TYPE_CHECKING:
    from bot.operations.promotions import PromotionOffice

commands = typer.Typer(help="Campaigns: a file, its checks, its dry run, its archive.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of tables")]
Code = Annotated[str, typer.Argument(help="the promotion's code")]
Number = Annotated[int | None, typer.Option(min=1, help="the newest, unless given")]
File = Annotated[Path, typer.Argument(help="a promotion's YAML file, such as campaigns/promotions/example.yaml")]
Found = TypeVar("Found")


@commands.command("check")
def check_promotion(file: File, as_json: Json = False) -> None:
    """Look a file over whole: form, words, audience, product, rule page, budget; nothing is kept."""
    from zoneinfo import ZoneInfo

    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.promotions import dry_run_json, print_dry_run

    with clear_errors():
        text = decoded(file.read_bytes())
        found = _in_office(lambda office: office.check(text))
    typer.echo(dry_run_json(found)) if as_json else print_dry_run(found, ZoneInfo(settings().time_zone), page())


@commands.command("load")
def load_promotion(
    file: File,
    author: Annotated[int, typer.Option("--by", help="the member id of who writes it, one of the staff")],
    as_json: Json = False,
) -> None:
    """Keep a file as a draft: the first version, or the next once the last one ended; say what it changed."""
    from campaigns.forms.reading import decoded
    from handlers.terminal import page
    from handlers.terminal.promotions import loaded_json, print_loaded

    with clear_errors():
        text = decoded(file.read_bytes())
        version, changes = _in_office(lambda office: office.load(text, author))
    typer.echo(loaded_json(version, changes)) if as_json else print_loaded(version, changes, page())


@commands.command("list")
def list_promotions(as_json: Json = False) -> None:
    """The newest version of every promotion and its state."""
    from handlers.terminal import page
    from handlers.terminal.promotions import print_versions, versions_json

    with clear_errors():
        found = _in_office(lambda office: office.listed())
    typer.echo(versions_json(found)) if as_json else print_versions(found, page())


@commands.command("show")
def show_promotion(code: Code, version: Number = None, as_json: Json = False) -> None:
    """All that a version says, its reviews, and its closing equation."""
    from handlers.terminal import page
    from handlers.terminal.promotions import print_version, version_json

    with clear_errors():
        found = _in_office(lambda office: office.shown(code, version))
    typer.echo(version_json(*found)) if as_json else print_version(*found, page())


@commands.command("diff")
def diff_promotion(
    code: Code,
    old: Annotated[int | None, typer.Argument(min=1, help="the version before, unless given")] = None,
    new: Annotated[int | None, typer.Argument(min=1, help="the newest, unless given")] = None,
    as_json: Json = False,
) -> None:
    """What changed from one version to another, place by place."""
    from handlers.terminal import page
    from handlers.terminal.promotions import changes_json, print_changes

    with clear_errors():
        changes = _in_office(lambda office: office.diff(code, old, new))
    typer.echo(changes_json(code, changes)) if as_json else print_changes(changes, page())


@commands.command("dry-run")
def dry_run_promotion(code: Code, as_json: Json = False) -> None:
    """How many, who, why not the others, what it costs, how long it takes, what runs out; nothing is kept or sent."""
    from zoneinfo import ZoneInfo

    from handlers.terminal import page
    from handlers.terminal.promotions import dry_run_json, print_dry_run

    with clear_errors():
        found = _in_office(lambda office: office.dry_run(code))
    typer.echo(dry_run_json(found)) if as_json else print_dry_run(found, ZoneInfo(settings().time_zone), page())


@commands.command("archive")
def archive_promotion(
    code: Code,
    out: Annotated[Path, typer.Option(help="the folder to write into; made if it is not there")],
    as_json: Json = False,
) -> None:
    """Write every version with copies, audience, model, rules, recipients, reviews and outcomes, with their hashes."""
    import json

    from bot.backing import migrated_database
    from bot.clock import Clock

    found = settings()
    with clear_errors(), migrated_database(found) as url:
        from bot.operations.promotion_archives import archive

        manifest = archive(found, url, Clock(found.effective_clock_file).now, code, out)
    if as_json:
        typer.echo(json.dumps(manifest, ensure_ascii=False))
    else:
        typer.echo(
            f"{len(manifest['files'])} files of {code} written to {out}; keep them until {manifest['keep_until']}."
        )


@commands.command("control")
def control_group(
    salt: Annotated[str, typer.Option(help="the period's own salt; another salt, another group")] = "",
    parts: Annotated[int | None, typer.Option(min=0, max=9_999, help="how many of 10,000 customers")] = None,
    by: Annotated[str, typer.Option(help="who changes it; kept")] = "",
    as_json: Json = False,
) -> None:
    """The one group that no promotion writes to: look at it, or set it for what starts from now on."""
    import json

    if (parts is not None or salt) and not (salt.strip() and by.strip() and parts is not None):
        refuse("Another control group needs all of --salt WORD --parts NUMBER --by NAME.")
    with clear_errors():
        if parts is not None:
            wanted = parts
            _in_office(lambda office: office.set_control(salt.strip(), wanted, by.strip()))
        found = _in_office(lambda office: office.control())
    if as_json:
        typer.echo(json.dumps({"salt": found.salt, "parts": found.parts}))
    else:
        typer.echo(f"{found.parts} of 10,000 customers hear of no promotion (salt {found.salt}).")


def _in_office(do: "Callable[[PromotionOffice], Awaitable[Found]]") -> Found:
    from bot.operations.promotions import in_office

    return on_database(in_office, do)
