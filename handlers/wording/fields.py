"""What people read about fields that age: names, values as bands, who said it and when, and what to ask again."""

from collections.abc import Iterator, Sequence

from campaigns.customers.fields import CustomerField
from campaigns.members.model import Language
from handlers.wording.phrase import Phrase

FIELDS = {
    "birth_date": Phrase("年龄段", "age"),
    "sex": Phrase("性别", "sex"),
    "customer_since": Phrase("开户年限", "with the bank for"),
    "cards": Phrase("持卡数", "cards"),
    "occupation": Phrase("职业", "occupation"),
    "income_band": Phrase("收入档", "income"),
    "district": Phrase("居住区域", "district"),
    "credit_grade": Phrase("信用等级", "credit grade"),
    "risk_appetite": Phrase("风险承受能力", "risk appetite"),
    "consumption": Phrase("外部年消费", "spending outside, a year"),
    "contact": Phrase("联系方式", "contact"),
    "liquidity_need": Phrase("用钱时间", "when you need the money"),
}
VALUES = {
    "f": Phrase("女", "female"),
    "m": Phrase("男", "male"),
    "employee": Phrase("受雇", "employee"),
    "public_servant": Phrase("公务员、事业单位", "public servant"),
    "self_employed": Phrase("个体、自雇", "self-employed"),
    "student": Phrase("学生", "student"),
    "retired": Phrase("退休", "retired"),
    "homemaker": Phrase("居家", "homemaker"),
    "other": Phrase("其他", "other"),
    "low": Phrase("较低", "low"),
    "middle": Phrase("中等", "middle"),
    "upper": Phrase("较高", "upper"),
    "high": Phrase("高", "high"),
    "poor": Phrase("较差", "poor"),
    "fair": Phrase("一般", "fair"),
    "good": Phrase("良好", "good"),
    "excellent": Phrase("优秀", "excellent"),
    "under_10k": Phrase("1 万元以下", "under 10,000 yuan"),
    "10k_50k": Phrase("1 万至 5 万元", "10,000 to 50,000 yuan"),
    "50k_200k": Phrase("5 万至 20 万元", "50,000 to 200,000 yuan"),
    "over_200k": Phrase("20 万元以上", "over 200,000 yuan"),
    "under_1_year": Phrase("不到 1 年", "less than a year"),
    "1_to_3_years": Phrase("1 至 3 年", "1 to 3 years"),
    "3_to_10_years": Phrase("3 至 10 年", "3 to 10 years"),
    "over_10_years": Phrase("10 年以上", "over 10 years"),
    "money_now": Phrase("随时要用", "at any time"),
    "money_3_months": Phrase("3 个月内不用", "not within 3 months"),
    "money_1_year": Phrase("1 年内不用", "not within a year"),
    "money_3_years": Phrase("3 年内不用", "not within 3 years"),
}
ON_FILE = Phrase("已登记", "on file")
SAID = Phrase(
    "{name}：{value}（{source}，{as_of}，可信度 {confidence:.0%}）",
    "{name}: {value} ({source}, {as_of}, confidence {confidence:.0%})",
)
STALE = Phrase("，已过期，请再问客户", "; out of date, please ask")
CONFLICT = Phrase("；另有说法：{others}", "; others say: {others}")
OTHER = Phrase("{value}（{source}，{days} 天前）", "{value} ({source}, {days} days ago)")
PLEASE_ASK = Phrase(
    "{name}（{source}，{days} 天前）",
    "{name} ({source}, {days} days ago)",
)


def field_name(name: str, language: Language) -> str:
    """A field by name."""
    return FIELDS[name].say(language) if name in FIELDS else name


def field_lines(fields: Sequence[CustomerField], language: Language) -> Iterator[str]:
    """One line per field: value, source, day and confidence, whether to ask again, who contradicts."""
    for field in fields:
        line = SAID.say(
            language,
            name=field_name(field.name, language),
            value=_value(field.value, language),
            source=field.source,
            as_of=field.as_of,
            confidence=field.confidence,
        )
        line += STALE.say(language) if field.stale else ""
        yield line + (CONFLICT.say(language, others=_others(field, language)) if field.is_in_conflict else "")


def ask_words(field: CustomerField, language: Language) -> str:
    """What to ask again: "职业（interviews，400 天前）"."""
    return PLEASE_ASK.say(language, name=field_name(field.name, language), source=field.source, days=field.age_days)


def _others(field: CustomerField, language: Language) -> str:
    said = (
        OTHER.say(language, value=_value(word.value, language), source=word.department, days=word.age_days)
        for word in field.others
    )
    return ("、" if language is Language.ZH else ", ").join(said)


def _value(value: str | None, language: Language) -> str:
    if value is None:
        return ON_FILE.say(language)
    return VALUES[value].say(language) if value in VALUES else value
