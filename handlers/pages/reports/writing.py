"""A page into its file: whole or not at all."""

import os
import tempfile
from pathlib import Path


class PageFileError(Exception):
    """A file that the page cannot be written to."""


def check_file(file: Path) -> None:
    """Refuse a file before the work rather than after it.

    Raises:
        PageFileError: it is a folder, or there is no folder that it could lie in.
    """
    if file.is_dir():
        raise PageFileError(f"{file} is a folder: name a file, such as {file / 'report.html'}.")
    if not file.absolute().parent.is_dir():
        raise PageFileError(f"{file}: there is no folder {file.parent} to write to.")


def write_page(file: Path, page: str) -> None:
    """Write beside the file first, so that a page that others have open is never half a page.

    Raises:
        PageFileError: the folder cannot be written to.
    """
    try:
        descriptor, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.absolute().parent)
    except OSError as error:
        raise PageFileError(f"{file} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as open_draft:
            open_draft.write(page)
        Path(draft).chmod(0o644)
        os.replace(draft, file)
    except OSError as error:
        raise PageFileError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        Path(draft).unlink(missing_ok=True)
