"""What people read about indicators: name, meaning and unit of each, its sentence in a reason, names of categories."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from segmentation.catalogue import Definition, load_catalogue

FILE = Path(__file__).parent / "indicators.yaml"


@dataclass(frozen=True)
class Words:
    """One indicator's name and meaning; `{days}` stands for the window. `sentence` is how a reason says it."""

    name: Phrase
    meaning: Phrase
    sentence: Phrase | None = None


def _read_words() -> tuple[dict[str, Words], dict[str, dict[str, Phrase]]]:
    """Words of indicators and of categories, by code."""
    found = yaml.safe_load(FILE.read_text("utf-8"))
    indicators = {
        code: Words(**{part: Phrase(*said) for part, said in words.items()})
        for code, words in found["indicators"].items()
    }
    categories = {
        code: {name: Phrase(*said) for name, said in names.items()} for code, names in found["categories"].items()
    }
    return indicators, categories


WORDS, CATEGORIES = _read_words()
OF_DIMENSION = {
    found.dimension: code for code, found in load_catalogue().definitions.items() if found.dimension is not None
}
UNITS = {
    "fen": Phrase("元", "yuan"),
    "count": Phrase("", ""),
    "days": Phrase("天", "days"),
    "years": Phrase("岁", "years"),
    "share": Phrase("", ""),
    "ratio": Phrase("倍", "times"),
    "month_day": Phrase("号", "of the month"),
    "months": Phrase("个月", "months"),
    "category": Phrase("", ""),
}
SIGNED = frozenset({"deposit_growth", "deposit_change", "net_outflow_share", "trend_in", "trend_out"})
NEVER = {"idle_days": Phrase("没有转账记录", "no transfer on record")}
UNKNOWN = Phrase("{name}未知", "{name} unknown")
MOBILE = Phrase("手机银行", "mobile bank")
CHANNELS = ("mobile", "counter", "atm", "transfer", "online")
PLAIN = Phrase("{name} {value}{unit}", "{name}: {value} {unit}")
POINT_IN_TIME = Phrase("时点", "at the day")
DAYS = Phrase("{days}天", "{days} days")
QUARTER = Phrase("季度（约90天）", "the quarter (about 90 days)")


def definition_of(code: str) -> Definition | None:
    """The catalogue's entry of an indicator, or of the one that measures a class dimension; None for no indicator."""
    return load_catalogue().definitions.get(OF_DIMENSION.get(code, code))


def words_of(found: Definition) -> Words:
    """Its words; indicators of one kind with several windows share them."""
    return WORDS.get(found.code) or WORDS[found.code.removesuffix(f"_{found.window}")]


def name_of(found: Definition, language: Language) -> str:
    """The indicator by name."""
    return words_of(found).name.say(language, days=found.window)


def meaning_of(found: Definition, language: Language) -> str:
    """What it means, in one clause."""
    return words_of(found).meaning.say(language, days=found.window)


def window_of(found: Definition, language: Language, *, by_quarter: bool = False) -> str:
    """Its window; `by_quarter` where departments count the quarter instead of the last 90 days."""
    if not found.window:
        return POINT_IN_TIME.say(language)
    return (QUARTER if by_quarter and found.window == 90 else DAYS).say(language, days=found.window)


def unit_of(found: Definition, language: Language) -> str:
    """The word of its unit; empty for counts, shares and categories."""
    return UNITS[found.unit].say(language)


def channel_name(channel: str, language: Language) -> str:
    """A channel by name; the mobile bank is one whose log-ins are counted."""
    names = CATEGORIES["channel_preference"]
    return names.get(channel, MOBILE).say(language)


def value_words(found: Definition, value: float | None, language: Language, *, is_known: bool = True) -> str:
    """An indicator with its value: "资产 213,328.07 元"; a known value of None never happened."""
    if value is None:
        silent = NEVER.get(found.code) if is_known else None
        return silent.say(language) if silent else UNKNOWN.say(language, name=name_of(found, language))
    sentence, amount = words_of(found).sentence, amount_of(found, value, language)
    if sentence is not None:
        return sentence.say(language, value=amount)
    unit = unit_of(found, language)
    return PLAIN.say(language, name=name_of(found, language), value=amount, unit=unit).rstrip()


def amount_of(found: Definition, value: float, language: Language) -> str:
    """The value without its unit.

    Yuan without empty decimals, shares in per cent, a change with its sign, counts as whole numbers, categories by
    name.
    """
    if found.unit == "category":
        return CATEGORIES[found.code][found.categories[int(value)]].say(language)
    sign = "+" if found.code in SIGNED else ""
    if found.unit == "share":
        return f"{value:{sign},.0%}"
    number = value / 100 if found.unit == "fen" else value
    return f"{number:{sign},.0f}" if number == int(number) else f"{number:{sign},.2f}"
