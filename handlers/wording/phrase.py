"""A sentence in both languages."""

from dataclasses import dataclass

from campaigns.members.model import Language


@dataclass(frozen=True)
class Phrase:
    """Chinese first, English complete; `{name}` marks what is filled in."""

    zh: str
    en: str

    def say(self, language: Language, **facts: object) -> str:
        """The sentence in one language with its facts filled in."""
        text = self.zh if language is Language.ZH else self.en
        return text.format(**facts) if facts else text
