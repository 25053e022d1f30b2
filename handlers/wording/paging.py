"""A long list page by page: what stands on one, and what its head says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

HEAD = Phrase("{head}（共 {total}，第 {page}/{pages} 页）", "{head} ({total}, page {page} of {pages})")

T = TypeVar("T")


@dataclass(frozen=True)
class Leaf(Generic[T]):
    """One page of a list: its items, the place of the first of them in the whole, and its number, both from 1."""

    items: Sequence[T]
    first: int
    number: int
    pages: int
    total: int

    def head(self, words: str, language: Language) -> str:
        """The head of the list; where there is more than one page it says which this is."""
        if self.pages == 1:
            return words
        return HEAD.say(language, head=words, total=self.total, page=self.number, pages=self.pages)


def leaf(found: Sequence[T], number: int, size: int) -> Leaf[T]:
    """The page of this number; the last one where the list has become shorter meanwhile."""
    pages = max(1, -(-len(found) // size))
    at = min(number, pages)
    first = (at - 1) * size
    return Leaf(found[first : first + size], first + 1, at, pages, len(found))
