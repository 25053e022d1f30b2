"""Pure rules on answers: what a sentence asks for, what may be said, and when a version is a new one."""

from collections.abc import Iterable, Mapping

from campaigns.answers.intents import intent_of
from campaigns.answers.matching import Matcher
from campaigns.answers.model import (
    VARIABLE,
    AnswerEntry,
    EntryError,
    ImportCode,
    Known,
    Near,
    Understood,
    Wanted,
)


def sayable(versions: Iterable[AnswerEntry]) -> list[AnswerEntry]:
    """The newest reviewed version of each entry that is not retired, by key."""
    newest: dict[str, AnswerEntry] = {}
    for entry in sorted(versions, key=lambda each: each.version):
        if entry.is_reviewed:
            newest[entry.key] = entry
    return [newest[key] for key in sorted(newest) if not newest[key].retired]


class Understanding:
    """What the bot understands of plain words: its own intents first, then the entries it may say."""

    def __init__(self, entries: Iterable[AnswerEntry]) -> None:
        self._entries = {entry.key: entry for entry in entries if entry.is_reviewed and entry.asked}
        self._matcher = Matcher([(key, entry.asked) for key, entry in self._entries.items()])

    def nearest(self, text: str) -> list[AnswerEntry]:
        """Entries that have anything to do with a text, the likeliest first: for a person to choose from."""
        return [self._entries[key] for key in self._matcher.nearest(text)]

    def of(self, text: str) -> Understood | None:
        """What is asked for; None when nothing is sure enough to be said."""
        intent = intent_of(text)
        if intent is not None:
            return Wanted(intent)
        found = [self._entries[key] for key in self._matcher.match(text)]
        if not found:
            return None
        return Known(found[0]) if len(found) == 1 else Near(tuple(found))


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables filled in; values are put in as they are, once.

    Raises:
        KeyError: a variable has no value.
    """
    return VARIABLE.sub(lambda found: values[found[1]], text)


def check_version(entry: AnswerEntry, known: AnswerEntry | None, newest: int) -> ImportCode:
    """Whether an entry of a file is new; a version that is known may gain a reviewer and nothing else.

    Raises:
        EntryError: the version is known with another content, or is older than the newest one.
    """
    if known is None and entry.version < newest:
        raise EntryError(f"{entry.key}: version {newest} is known, so the next one is {newest + 1}.")
    if known is None or (known.reviewer is None and entry.reviewer is not None and _content(known) == _content(entry)):
        return ImportCode.ADDED
    if _content(known) != _content(entry):
        raise EntryError(f"{entry.key}: version {entry.version} says something else already: raise its version.")
    return ImportCode.SAME


def _content(entry: AnswerEntry) -> tuple[object, ...]:
    return tuple(value for name, value in vars(entry).items() if name not in {"reviewer", "reviewed_on"})
