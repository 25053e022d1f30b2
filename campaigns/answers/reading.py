"""Reading the file of answers: YAML, one mapping per entry; faults are named by their place."""

from collections import Counter
from dataclasses import replace
from datetime import date

from campaigns.answers.model import BY_ITSELF, VARIABLE, AnswerEntry, EntryError, EntryKind, Variable
from campaigns.forms.model import FaultCode, FormError
from campaigns.forms.reading import LONGEST_FILE, Form, check_words, read_form

LONGEST_KEY, LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME, LONGEST_ASKED = 24, 40, 900, 40, 60
MOST_ENTRIES, MOST_ASKED = 200, 30


def read_entries(text: str, reviewer: str | None = None, today: date | None = None) -> list[AnswerEntry]:
    """The entries of a file; `reviewer` is the person who read those that name none, on `today`.

    Raises:
        FormError: names the place and what is wrong there.
        EntryError: a key stands twice, the file is too long, or somebody reviewed an own text.
    """
    if len(text) > LONGEST_FILE:
        raise EntryError(f"The file has more than {LONGEST_FILE:,} characters: split it and import each part.")
    form = read_form(text)
    author = form.text("author", LONGEST_NAME, "-")
    entries = [_entry(each, author, reviewer, today) for each in form.forms("entries", MOST_ENTRIES)]
    form.finish()
    twice = [key for key, count in Counter(entry.key for entry in entries).items() if count > 1]
    if twice:
        raise EntryError(f"The key {twice[0]} stands twice in the file: keep one of them.")
    return entries


def _entry(form: Form, author: str, reviewer: str | None, today: date | None) -> AnswerEntry:
    place = form.place("key")
    key = form.text("key", LONGEST_KEY)
    if not key.replace("-", "").isalnum() or not key.isascii():
        raise FormError(FaultCode.BAD_CHOICE, place, "a–z 0–9 -")
    entry = AnswerEntry(
        key=key,
        version=form.number("version", 1, 10_000),
        title_zh=form.text("title_zh", LONGEST_TITLE),
        title_en=form.text("title_en", LONGEST_TITLE),
        text_zh=form.text("text_zh", LONGEST_TEXT),
        text_en=form.text("text_en", LONGEST_TEXT),
        author=form.text("author", LONGEST_NAME, author),
        asked_zh=form.texts("asked_zh", 0, MOST_ASKED, LONGEST_ASKED),
        asked_en=form.texts("asked_en", 0, MOST_ASKED, LONGEST_ASKED),
        kind=form.choice("kind", EntryKind, EntryKind.SERVICE),
        retired=form.number("retired", 0, 1, 0) == 1,
    )
    entry = _reviewed(entry, form, reviewer, today)
    form.finish()
    _check(entry, place.removesuffix(".key"))
    return entry


def _reviewed(entry: AnswerEntry, form: Form, reviewer: str | None, today: date | None) -> AnswerEntry:
    if not form.has("reviewer"):
        return replace(entry, reviewer=reviewer, reviewed_on=today if reviewer else None)
    named, place = form.text("reviewer", LONGEST_NAME), form.place("reviewed_on")
    day = form.text("reviewed_on", LONGEST_NAME)
    try:
        return replace(entry, reviewer=named, reviewed_on=date.fromisoformat(day))
    except ValueError:
        raise FormError(FaultCode.BAD_TEXT, place, "YYYY-MM-DD") from None


def _check(entry: AnswerEntry, place: str) -> None:
    """What no single field can show: who reviewed, which variables stand where, and the words of the law."""
    if entry.author == "-":
        raise FormError(FaultCode.MISSING, f"{place}.author")
    if entry.reviewer is not None and entry.reviewer.casefold() == entry.author.casefold():
        raise EntryError(f"{entry.key}: {entry.author} wrote it and cannot review it: a second person must.")
    names = [set(VARIABLE.findall(text)) for text in (entry.text_zh, entry.text_en)]
    if names[0] != names[1] or not names[0] <= set(Variable):
        raise FormError(FaultCode.BAD_CHOICE, f"{place}.text_en", ", ".join(f"{{{name}}}" for name in Variable))
    if entry.asked and not names[0] <= {str(Variable.BANK)} & {str(name) for name in BY_ITSELF}:
        raise EntryError(f"{entry.key}: an answer can leave open {{bank}} only, since nobody is there to fill in more.")
    check_words(f"{place}.text_zh", entry.title_zh, entry.title_en, entry.text_zh, entry.text_en)
