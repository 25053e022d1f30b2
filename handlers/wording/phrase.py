"""A sentence in both languages."""

from dataclasses import dataclass

from campaigns.members.model import Language

APART = "\x1f"  # The unit separator, which nobody types.


@dataclass(frozen=True)
class Phrase:
    """Chinese first, English complete; `{name}` marks what is filled in."""

    zh: str
    en: str

    def say(self, language: Language, **facts: object) -> str:
        """The sentence in one language with its facts filled in."""
        text = self.zh if language is Language.ZH else self.en
        return text.format(**facts) if facts else text

    def both(self, **facts: object) -> str:
        """The sentence as it is kept where readers of both languages will meet it; `in_language` takes it apart."""
        return APART.join(self.say(language, **facts) for language in (Language.ZH, Language.EN))


def in_language(kept: str, language: Language) -> str:
    """What a reader sees of words that are kept: their own language where there are both, else the words."""
    zh, _, en = kept.partition(APART)
    return en if en and language is not Language.ZH else zh
