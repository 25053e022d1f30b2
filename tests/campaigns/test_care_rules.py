"""What care takes for spam and what it leaves alone; talk of shops, codes and staff is no spam."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.care.model import Suspicion, Words
from campaigns.care.rules import addresses, digest, folded, named_like_staff, suspect, veiled

BANK = "A银行"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("我是银行客服，您的账户异常，请联系我", Suspicion.IMPERSONATION),
        ("您好，我是A银行的客户经理小李", Suspicion.IMPERSONATION),
        ("这里是官方客服，点链接领奖", Suspicion.IMPERSONATION),
        ("我\u200b是\u200b银\u200b行\u200b客\u200b服", Suspicion.IMPERSONATION),
        ("把验证码发给我，马上帮您激活", Suspicion.SECRETS),
        ("请把钱转账到安全账户", Suspicion.SECRETS),
        ("报一下验证码给我", Suspicion.SECRETS),
        ("好东西都在 https://t.me/+AbCdEfGh12345678 快进", Suspicion.INVITE_LINK),
        ("进群 t.me/joinchat/AAAAAEabcdefgh", Suspicion.INVITE_LINK),
        ("兼职刷单，日结 300，详情 www.abc-job.top", Suspicion.BAIT_LINK),
        ("股票群带单，advice.vip/abc", Suspicion.BAIT_LINK),
        ("稳赚项目，加我微信 zhuan888888", Suspicion.SOLICITATION),
        ("高回报内幕，加V信：money_888", Suspicion.SOLICITATION),
        ("办理贷款联系我电话 13812345678", Suspicion.SOLICITATION),
        ("刷单返利，＋ｖｘ：ａｂｃ１２３４５", Suspicion.SOLICITATION),
        ("帮您处理退款，加我QQ 123456789", Suspicion.SOLICITATION),
    ],
)
def test_what_swindlers_write_is_found(text: str, why: Suspicion) -> None:
    assert suspect(Words(text, "路人"), BANK) is why


@pytest.mark.parametrize(
    "text",
    [
        "接龙",
        "+1",
        "我要两份，谢谢",
        "请问客服电话是多少？",
        "我是银行的老客户了",
        "我是幸福里的住户，不是银行客服",
        "有人说“我是银行客服”，是骗子，大家小心",
        "我是不是要找客户经理？",
        "收到短信验证码了，可是填不进去",
        "验证码怎么收不到？",
        "大家不要把验证码发给我以外的人，也别发给任何人",
        "银行不会让你把密码告诉我或者任何人",
        "手机银行密码忘了怎么办？",
        "老板电话 13812345678，可以送货上门",
        "我微信和电话同号，团长拉我一下",
        "加我一个，谢谢团长",
        "这家店的菜单：https://shop.example.com/menu",
        "https://www.abchina.com/ 这个利率是真的吗",
        "今天红包雨几点开始？",
        "群里福利真多，感谢A银行",
        "经理您好，我想办信用卡",
        "联系我就行，我在店里",
        "我是面馆经理，今天牛肉面八折",
        "积分换的券怎么用？",
        "贷款利率现在多少？",
        "谁能帮我办一下接龙，我不会弄",
        "转账到我的卡要手续费吗？",
        "视频：https://v.example.com/abc 大家看看",
        "周末去领奖，带身份证就行",
        "明天 8:00-12:00 停水，物业通知",
        "订单号 202611220001234，麻烦查一下",
    ],
)
def test_talk_is_left_alone(text: str) -> None:
    assert suspect(Words(text, "王芳"), BANK) is None


@pytest.mark.parametrize(
    ("name", "is_like_staff"),
    [
        ("A银行客服", True),
        ("A 银行·官方客服小李", True),
        ("А银行客服", True),
        ("农业银行王经理", True),
        ("Ａ银行", True),
        ("银行 service", True),
        ("王芳", False),
        ("面馆王经理", False),
        ("A银行老客户", False),
        ("银行家", False),
    ],
)
def test_names_that_pass_for_staff(name: str, is_like_staff: bool) -> None:
    assert named_like_staff(name, BANK) is is_like_staff


def test_an_impersonators_name_makes_every_word_suspicious() -> None:
    assert suspect(Words("大家好", "A银行客服"), BANK) is Suspicion.IMPERSONATION


def test_an_address_behind_other_words_counts() -> None:
    assert suspect(Words("点这里", "王芳", ("https://t.me/+AbCdEfGh12345678",)), BANK) is Suspicion.INVITE_LINK
    assert suspect(Words("免费领红包", "王芳", ("https://evil.example",)), BANK) is Suspicion.BAIT_LINK


def test_addresses_are_found_with_and_without_a_scheme_and_mail_is_none() -> None:
    text = "看HTTPS://x.example/a?b=1，或 www.y.com、z.top/1。邮箱 me@mail.com，价格 9.9 元，v1.2"
    assert addresses(text) == ["HTTPS://x.example/a?b=1", "www.y.com", "z.top/1"]


def test_the_banks_own_address_is_no_bait() -> None:
    text = "免费领红包 https://bank.example/gift"
    assert suspect(Words(text, "王芳"), BANK) is Suspicion.BAIT_LINK
    assert suspect(Words(text, "王芳"), BANK, frozenset({"bank.example"})) is None
    assert suspect(Words(text, "王芳"), BANK, frozenset({"example"})) is None
    assert suspect(Words(text, "王芳"), BANK, frozenset({"k.example"})) is Suspicion.BAIT_LINK
    for broken in ("http://[", "http://a\u2100b"):
        assert suspect(Words(text, "王芳", (broken,)), BANK, frozenset({"bank.example"})) is Suspicion.BAIT_LINK


@given(st.text(), st.text(), st.lists(st.text(), max_size=2))
def test_no_text_makes_the_rules_fail(text: str, sender: str, links: list[str]) -> None:
    suspect(Words(text, sender, tuple(links)), BANK)


@given(st.sampled_from("\u200b\u200e\u2060\ufeff"), st.integers(0, 6))
def test_an_invisible_character_hides_nothing(hidden: str, place: int) -> None:
    text = "我是银行客服"
    assert suspect(Words(text[:place] + hidden + text[place:], "路人"), BANK) is Suspicion.IMPERSONATION


@given(st.text("我要接龙一份谢谢团长明天见+1好的", max_size=30))
def test_words_without_any_sign_are_talk(text: str) -> None:
    assert suspect(Words(text, "王芳"), BANK) is None


@given(st.text())
def test_the_same_words_in_another_width_or_spacing_are_the_same(text: str) -> None:
    assert digest(text) == digest(f" {text} ")
    assert folded(folded(text)) == folded(folded(folded(text)))


def test_a_report_shows_no_whole_number_and_no_endless_text() -> None:
    assert veiled("电话 13812345678") == "电话 138******78"
    assert len(veiled("长" * 1000)) == 301
