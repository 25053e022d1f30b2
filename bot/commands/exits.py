"""How commands leave: one sentence for a person, an exit code for a script."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

REFUSED = 2

# By name, since importing these classes here would import half of the product.
MENDABLE = {
    "BackupError",
    "ChannelUrlError",
    "DeliveryRefusedError",
    "ModelNotFoundError",
    "EngineFileError",
    "ExperimentError",
    "LateError",
    "OperationRefusedError",
    "OperationalError",
    "OutFileError",
    "PageFileError",
    "PlatformError",
    "PolicyError",
    "PortBusyError",
    "PrivatePostgresError",
    "RunError",
    "ServingError",
    "SettlementFileError",
    "SparkMissingError",
    "ToolError",
    "VaultError",
}
PASSING = {"LeadershipLostError"}  # Start again: a supervisor does.


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
        refuse(
            f"{error.filename or 'A file'}: {error.strerror or error}. Check that the disk has room and can be written."
        )
    except Exception as error:
        sentence = str(getattr(error, "orig", None) or error).strip()
        if type(error).__name__ in MENDABLE:
            refuse(sentence)
        if type(error).__name__ in PASSING:
            typer.echo(sentence, err=True)
            raise typer.Exit(1) from error
        raise
