"""The front door: every command of the product; each imports what it needs inside itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="The assistant bot of a bank's merchant welfare groups.", no_args_is_help=True, pretty_exceptions_enable=False
)

REFUSED = 2


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.backing import open_database
    from storage import schema

    with clear_errors(), open_database(settings()) as url:
        before = schema.upgrade(url)
        typer.echo(f"The schema is at revision {schema.head()} (it was at {before or 'nothing'}).")


def settings() -> "Settings":
    """The deployment's settings, or one sentence about the variable that cannot be read."""
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        refuse(f"The setting {name} cannot be read: {first['msg']}.")


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong and leave with the exit code for refused input."""
    typer.echo(sentence, err=True)
    raise typer.Exit(REFUSED)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn the faults that an operator can mend into one sentence each."""
    try:
        yield
    except OSError as error:
        refuse(f"{error.filename or 'A file'}: {error.strerror or error}. Check that the disk has room and can be written.")
    except Exception as error:
        name = type(error).__name__
        if name in {"OperationalError", "PrivatePostgresError", "VaultError", "PortBusyError"}:
            refuse(str(getattr(error, "orig", None) or error).strip())
        raise


if __name__ == "__main__":
    sys.exit(app())
