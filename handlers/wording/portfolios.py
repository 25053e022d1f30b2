"""What staff read of a bundle as a portfolio: shares and amounts, what is held now, and every risk in words."""

from collections.abc import Iterator

from campaigns.catalogue.model import Holdings, Product, Profile
from campaigns.catalogue.portfolios import WHOLE, Portfolio, Position
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.segments import yuan

GRADES = {
    1: Phrase("R1 低风险", "R1, the lowest of five"),
    2: Phrase("R2 中低风险", "R2, the second of five"),
    3: Phrase("R3 中风险", "R3, the middle of five"),
    4: Phrase("R4 中高风险", "R4, the fourth of five"),
    5: Phrase("R5 高风险", "R5, the highest of five"),
}
HEAD = Phrase(
    "📊 组合配置（讨论用，以客户意愿为准，不承诺收益）", "📊 As a portfolio (to talk about; no return is promised)"
)
POSITION = Phrase("· {name} {percent}%{amount}{risk}", "· {name} {percent} %{amount}{risk}")
AMOUNT = Phrase("，约 {yuan} 元", ", about {yuan} yuan")
GRADE = Phrase("，{grade}", ", {grade}")
REST = Phrase("· 其余 {percent}% 先不动", "· the other {percent} % stays as it is")
WHOLE_RISK = Phrase("组合按其中最高的算：{grade}", "By the highest among them: {grade}")
HELD = Phrase("现有 {total} 元：{parts}", "Held now, {total} yuan: {parts}")
PART = Phrase("{name} {percent}%（{yuan} 元）", "{name} {percent} % ({yuan} yuan)")
DEPOSITS, WEALTH, FUNDS = Phrase("存款", "deposits"), Phrase("理财", "wealth products"), Phrase("基金", "funds")


def portfolio_lines(found: Portfolio | None, profile: Profile, language: Language) -> list[str]:
    """The portfolio line by line, and what is held; only the latter where the bundle is no portfolio."""
    held = [held_line(profile.holdings, language)] if profile.holdings and profile.holdings.total else []
    if found is None:
        return held
    lines = [HEAD.say(language), *(_position(each, language) for each in found.positions)]
    if found.rest:
        lines.append(REST.say(language, percent=found.rest))
    if found.grade is not None:
        lines.append(WHOLE_RISK.say(language, grade=grade_words(found.grade, language)))
    return [*lines, *held]


def held_line(held: Holdings, language: Language) -> str:
    """What is held now, by shares and amounts."""
    joint = "、" if language is Language.ZH else ", "
    return HELD.say(language, total=yuan(held.total), parts=joint.join(_parts(held, language)))


def grade_words(grade: int, language: Language) -> str:
    """A product's risk level in words: "R2 中低风险"."""
    return GRADES[grade].say(language)


def risk_words(product: Product, language: Language) -> str:
    """The same of a product; empty for one without a level."""
    return GRADE.say(language, grade=grade_words(product.grade, language)) if product.grade else ""


def _position(found: Position, language: Language) -> str:
    amount = AMOUNT.say(language, yuan=yuan(found.amount)) if found.amount is not None else ""
    facts = {"name": found.product.name.read_in(language), "percent": found.percent, "amount": amount}
    return POSITION.say(language, **facts, risk=risk_words(found.product, language))


def _parts(held: Holdings, language: Language) -> Iterator[str]:
    for name, amount in ((DEPOSITS, held.deposits), (WEALTH, held.wealth), (FUNDS, held.funds)):
        if amount:
            percent = round(amount * WHOLE / held.total)
            yield PART.say(language, name=name.say(language), percent=percent, yuan=yuan(amount))
