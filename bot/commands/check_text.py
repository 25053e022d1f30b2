"""The gate of words over a file of texts: what may not be said, on what legal basis, and how to say it lawfully."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.exits import REFUSED, clear_errors, refuse

if TYPE_CHECKING:
    from campaigns.compliance.matching import Matcher

commands = typer.Typer()


@commands.command("check-text")
def check_text(
    file: Annotated[Path, typer.Argument(help="JSON lines with id, text and what is known beside it; - reads stdin")],
    lexicon: Annotated[Path | None, typer.Option(help="try another word list than the one that comes along")] = None,
    english: Annotated[bool, typer.Option("--english", help="legal basis and advice in English")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="say at the end how many of each, on stderr")] = False,
) -> None:
    """Judge every line: block, warn or pass, with rule, words, legal basis and advice; exit 2 if a line is unreadable.

    Context of a line: kind, risk_level R1-R5, venue group|private|page, prize_value_yuan, customer_risk C1-C5.
    """
    from campaigns.compliance.batches import Refused, judged
    from handlers.terminal.check_text import line_json

    with clear_errors():
        text = _text(file)
    gate, counts = _gate(lexicon), Counter[str]()
    for each in judged(text, gate):
        if isinstance(each, Refused):
            counts["unreadable"] += 1
            typer.echo(f"Line {each.line}: {each.says}.", err=True)
        else:
            counts[each.verdict.outcome] += 1
            typer.echo(line_json(each, english=english))
    if not counts:
        refuse(f"{file} holds no line to check: write one JSON object per line.")
    if summary:
        names = ("block", "warn", "pass", "unreadable")
        typer.echo(", ".join(f"{counts[name]} {name}" for name in names), err=True)
    if counts["unreadable"]:
        raise typer.Exit(REFUSED)


def _text(file: Path) -> str:
    import sys

    from campaigns.compliance.batches import decoded

    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        text, encoding = decoded(data)
    except UnicodeDecodeError:
        refuse(f"{file} is no text in UTF-8, UTF-16 or GB18030: save it as UTF-8.")
    if encoding != "UTF-8":
        typer.echo(f"{file} is read as {encoding}.", err=True)
    return text


def _gate(lexicon: Path | None) -> "Matcher":
    from campaigns.compliance.lexicon import LexiconError, read_lexicon
    from campaigns.compliance.matching import Matcher, matcher

    try:
        return Matcher(read_lexicon(lexicon)) if lexicon else matcher()
    except LexiconError as error:
        refuse(str(error))
