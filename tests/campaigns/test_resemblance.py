"""The gate's second reader finds what no word finds, is not fooled by disguise, and excuses nothing grave."""

import math

from hypothesis import given
from hypothesis import strategies as st

from campaigns.compliance.readings import read
from campaigns.compliance.resemblance import FEWEST, RULE, Reader, reader, weighed
from campaigns.compliance.verdicts import NOTHING, Hit, Outcome, Pair
from campaigns.compliance.words import check, forbidden
from scripts.learn_resemblance import learn, written

UNHEARD_OF = "别家保险卖的时候把您捧上天，理赔的时候推三阻四，只有我们代理的这家才会真赔。"
SERVICE = "您好，您的信用卡本月账单已出，可在手机银行查看明细。"
PLAIN = Pair("", "")


def hit(rule: str, text: str) -> Hit:
    return Hit(rule, Outcome.BLOCK, text, 0, len(text), PLAIN, PLAIN, PLAIN)


def test_what_no_word_finds_is_stopped_at_the_sentence_that_says_it() -> None:
    found = check(f"各位邻居好！{UNHEARD_OF}")
    assert found.outcome is Outcome.BLOCK
    [only] = [each for each in found.hits if each.verdict is Outcome.BLOCK]
    assert (only.rule, only.span) == (RULE, UNHEARD_OF)
    assert all((only.advice.zh, only.advice.en, only.basis.zh, only.basis.en))


def test_a_plain_service_text_and_a_risk_notice_of_its_own_leave() -> None:
    for text in (SERVICE, "理财非存款，产品有风险，投资须谨慎", "周末不营业，周一早上八点半开门，办业务请带身份证。"):
        assert check(text).outcome is Outcome.PASS


def test_a_disguise_changes_nothing() -> None:
    disguised = "\u200b".join(UNHEARD_OF.replace("险", "險").replace("别", "別"))
    assert math.isclose(reader().chance(read(disguised).text), reader().chance(read(UNHEARD_OF).text), abs_tol=0.02)


def test_a_name_of_a_product_is_too_short_to_be_judged_and_drafts_are_asked_for_words_alone() -> None:
    always = Reader({}, 50)
    short = "联名卡礼包"
    assert len(short) < FEWEST
    assert weighed(short, read(short), (), always) == ()
    assert forbidden(UNHEARD_OF) == ()


def test_only_a_mild_finding_among_lawful_words_becomes_a_warning() -> None:
    never = Reader({}, -50)
    for rule, verdict in (("risk_notice", Outcome.WARN), ("guarantee", Outcome.BLOCK), ("deposit_gift", Outcome.BLOCK)):
        assert [each.verdict for each in weighed(SERVICE, read(SERVICE), (hit(rule, SERVICE),), never)] == [verdict]
    both = (hit("risk_notice", SERVICE), hit("guarantee", SERVICE))
    assert weighed(SERVICE, read(SERVICE), both, never) == both


def test_a_violation_behind_lawful_sentences_stays_one() -> None:
    hidden = f"{SERVICE}{SERVICE}他们银行的服务差得要命，钱放那边早晚出事。{SERVICE}"
    assert check(hidden).outcome is Outcome.BLOCK


@given(st.text(max_size=80))
def test_a_chance_is_one_whatever_is_read(text: str) -> None:
    assert 0 <= reader().chance(read(text).text) <= 1
    assert all(text[each.start : each.end] == each.span for each in check(text, NOTHING).hits)


def test_what_is_learnt_is_written_as_it_is_read() -> None:
    judged = [(f"存款送大米{at}", True) for at in range(4)] + [(f"周一开门{at}", False) for at in range(4)]
    learnt = learn(judged)
    assert learnt.chance("存款送大米") > 0.5 > learnt.chance("周一开门")
    first, *rows = written(learnt).splitlines()
    assert float(first.rpartition("\t")[2]) == learnt.bias
    assert {row.rpartition("\t")[0] for row in rows} == set(learnt.weights)
