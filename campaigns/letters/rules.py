"""Pure rules on letters: the gate for free words, and what fills a reviewed text."""

import re
import unicodedata
from collections.abc import Mapping

from campaigns.answers.model import AnswerEntry, Variable
from campaigns.answers.rules import fill
from campaigns.compliance.verdicts import Context, Hit, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.letters.model import Objection, ObjectionCode
from campaigns.members.model import Language

LONGEST = 800
NOTICE = "Notice 316 (2019) of the central bank on protecting consumers"
_CODES = {"inducing": ObjectionCode.INDUCING_WORD, "risk_notice": ObjectionCode.NO_RISK_NOTICE}
_SECRET = re.compile(r"密码|验证码|校验码|CVV|\bpassword\b|\bverification code\b|\bpin\b", re.IGNORECASE)
_ASKS = re.compile(r"发给我|告诉我|提供|报给我|发来|发我|输入|\bsend\b|\btell\b|\bgive\b|\benter\b", re.IGNORECASE)
_NEVER = re.compile(r"不要|请勿|切勿|不会|别|\bnever\b|\bnot\b|n't", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){11,}")
_ADDRESS = re.compile(r"https?://|www\.|t\.me/|微信号|加微信|加我微信|\bweixin\b|\bwechat\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？!?\n；;]")


def objections(text: str) -> tuple[Objection, ...]:
    """Why words may not be written to a customer; none when they may.

    Sources: Advertising Law art. 9, 25; the measures for online marketing of financial products; staff send no
    secrets, no account numbers and no addresses outside the bank's own.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return (Objection(ObjectionCode.EMPTY),)
    found = [Objection(ObjectionCode.TOO_LONG)] if len(plain) > LONGEST else []
    found += [_objection(hit) for hit in check(plain, Context(venue=Venue.PRIVATE)).hits if _counts(hit)]
    found += [Objection(ObjectionCode.ASKS_SECRET, word, NOTICE) for word in _secrets_asked(plain)]
    for code, pattern in ((ObjectionCode.LONG_NUMBER, _LONG_NUMBER), (ObjectionCode.ADDRESS, _ADDRESS)):
        found += [Objection(code, each[0]) for each in [pattern.search(plain)] if each]
    return tuple(found)


def write(entry: AnswerEntry, values: Mapping[str, str], language: Language) -> str | None:
    """A reviewed text in the reader's language with its variables filled in; None while one is missing."""
    if any(not values.get(name, "").strip() for name in entry.variables):
        return None
    text = entry.text_zh if language is Language.ZH else entry.text_en
    return fill(text, {name: value.strip() for name, value in values.items()})


def next_to_fill(entry: AnswerEntry, values: Mapping[str, str]) -> Variable | None:
    """What a person has to fill in next."""
    return next((name for name in entry.to_fill if not values.get(name)), None)


def _counts(hit: Hit) -> bool:
    """Whether a hit keeps a letter back; secrets that are asked for have an objection of their own."""
    return hit.verdict is Outcome.BLOCK and hit.rule != "personal_data"


def _objection(hit: Hit) -> Objection:
    return Objection(_CODES.get(hit.rule, ObjectionCode.FORBIDDEN_WORD), hit.span, hit.basis.en, hit)


def _secrets_asked(text: str) -> list[str]:
    """Secrets that a sentence asks for; one that warns of giving them away asks for none."""
    return [
        word
        for sentence in _SENTENCE.split(text)
        if _ASKS.search(sentence) and not _NEVER.search(sentence)
        for word in dict.fromkeys(_SECRET.findall(sentence))
    ]
