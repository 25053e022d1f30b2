"""A walk over the tokens of a line: what stands here, taking it, and names of several words."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from campaigns.audiences.fields import Field
from campaigns.audiences.lexer import Shape, Token
from campaigns.audiences.lexicon import KEYWORDS, Lexicon

LONGEST_NAME = 4  # words


class Walk:
    """Goes from token to token; the END is never passed."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._at = 0

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _peek(self, by: int) -> Token:
        return self._tokens[min(self._at + by, len(self._tokens) - 1)]

    def _is(self, shape: Shape) -> bool:
        return self._now.shape is shape

    def _takes(self, words: AbstractSet[str]) -> bool:
        """Take one of these words, of several parts too, where it stands here."""
        word, end = self._longest(words.__contains__)
        if word is None:
            return False
        self._at = end
        return True

    def _takes_field(self) -> Field | None:
        word, end = self._longest(lambda each: self._lexicon.field(each) is not None)
        if word is None:
            return None
        self._at = end
        return self._lexicon.field(word)

    def _longest(self, knows: Callable[[str], bool]) -> tuple[str | None, int]:
        """The longest name that begins here, of up to four English words, and where it ends."""
        if self._now.shape is not Shape.WORD:
            return None, self._at
        for length in range(LONGEST_NAME, 0, -1):
            words = self._tokens[self._at : self._at + length]
            is_name = len(words) == length and (length == 1 or all(_is_english(each) for each in words))
            if is_name and knows(name := "_".join(each.word for each in words)):
                return name, self._at + length
        return None, self._at

    def _phrase(self) -> str:
        """The English words that stand here together, for looking what was meant; a Chinese word alone."""
        words: list[str] = []
        for token in self._tokens[self._at : self._at + LONGEST_NAME]:
            if words and (not _is_english(token) or token.word in KEYWORDS):
                break
            words.append(token.word)
        return "_".join(words) if all(word.isascii() for word in words) else words[0]


def _is_english(token: Token) -> bool:
    return token.shape is Shape.WORD and token.word.isascii() and token.word[0].isalpha()
