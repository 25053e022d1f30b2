"""A loan for a shop in the chat: four lines, choices, a consent apart; its manager moves it on, its writer follows."""

from campaigns.customers.model import Letter
from sandbox.client import Phone
from tests.chat.test_offers import bound
from tests.driver import Stage

REAL = "91350100M000100Y43"
LINES = f"店名：幸福里水果店\n统一社会信用代码：{REAL}\n金额：20万\n期限：12个月"


async def asks(stage: Stage, phone: Phone, enquiry: str = "暂不同意") -> None:
    """Everything up to the hand-in."""
    await phone.says("小微贷款申请", stage.bot)
    await phone.sees("贷款有风险，请量力而行", stage.bot)
    await phone.says(LINES, stage.bot)
    for label, question in (
        ("进货", "贷款用来做什么"),
        ("5–20 万", "每月营业额"),
        ("上午", "什么时候联系"),
        (enquiry, "是否同意银行为这次申请查询"),
    ):
        await phone.sees(question, stage.bot)
        await phone.taps(label, stage.bot)
    check = (await phone.sees("请核对：", stage.bot))["text"]
    assert "提交申请不等于审批通过" in check
    await phone.taps("提交申请", stage.bot)
    await phone.sees("已收到申请", stage.bot)


async def test_a_request_goes_from_four_lines_to_its_decision_and_its_data_are_deleted(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await wang.starts(stage.bot)
    await wang.sees("您好", stage.bot)
    assert "请先发 /bind" in await stage.asks(wang, "小微贷款申请", stage.bot)
    await bound(stage, wang, Letter.B)
    await wang.says("申请贷款", stage.bot)
    await wang.sees("请复制下面四行", stage.bot)
    assert "代码不对" in await stage.asks(wang, LINES.replace("Y43", "Y44"), stage.bot)
    assert "没有提交" in await stage.asks(wang, "取消", stage.bot)
    await asks(stage, wang)
    assert "不用重复提交" in await stage.asks(wang, "小微贷款申请", stage.bot)
    news = (await manager.sees("提交了小微贷款申请 DK", stage.bot))["text"]
    assert "王芳" not in news
    assert "水果店" not in news
    await manager.taps("打开 DK", stage.bot)
    assert REAL in (await manager.sees("幸福里水果店", stage.bot))["text"]
    other = await stage.staff("陈刚")
    assert "不由您负责" in await stage.forges(other, "loan_to:1:1:contacted:", stage.bot)
    assert "按顺序" in await stage.forges(manager, "loan_to:1:1:approved:", stage.bot)
    await manager.taps("已联系", stage.bot)
    await wang.sees("理财经理已和您联系", stage.bot)
    await manager.sees("收资料", stage.bot)
    await manager.taps("收资料", stage.bot)
    await wang.sees("正在收集和审核资料", stage.bot)
    await manager.sees("没办成…", stage.bot)
    await manager.taps("没办成…", stage.bot)
    await manager.sees("为什么没办成", stage.bot)
    await manager.taps("资料不齐", stage.bot)
    await wang.sees("这次没有办成：资料不齐", stage.bot)
    mine = await stage.asks(wang, "我的贷款申请", stage.bot)
    assert "这次没有办成（资料不齐）" in mine
    assert REAL in mine
    await stage.comes_to("SELECT count(*), count(closed_at) FROM followups WHERE source = 'loan'", (3, 3))
    assert "没有这个申请" in await stage.forges(other, "loan:1:4:erase", stage.bot)
    assert "贷款申请 1 件" in await stage.asks(wang, "我的资料", stage.bot)
    await wang.says("我的贷款申请", stage.bot)
    await wang.sees("导出", stage.bot)
    await wang.taps("删除 DK", stage.bot)
    await wang.sees("店名、代码已删除", stage.bot)
    await stage.comes_to("SELECT firm, registration, registration_index FROM loan_requests", (None, None, None))
    trail = "SELECT action FROM audit_events WHERE action LIKE '%loan%' ORDER BY id LIMIT 1"
    await stage.comes_to(trail, ("see_loan",))


async def test_a_request_is_taken_back_and_its_owner_hears_and_another_may_follow(stage: Stage) -> None:
    manager = await stage.staff("李敏")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王芳")
    await bound(stage, wang, Letter.B)
    await asks(stage, wang, "同意查询")
    await stage.comes_to("SELECT wording, withdrawn_at FROM loan_consents", ("loan-enquiry-1", None))
    await manager.sees("提交了小微贷款申请", stage.bot)
    assert "贷款申请 · 1 件待办" in await stage.asks(manager, "贷款申请", stage.bot)
    await wang.says("我的贷款申请", stage.bot)
    await wang.sees("已收到，等理财经理联系", stage.bot)
    await wang.taps("撤回 DK", stage.bot)
    await manager.sees("撤回了贷款申请", stage.bot)
    await stage.comes_to("SELECT state FROM followups WHERE source = 'loan'", ("dropped",))
    assert "没有待办" in await stage.asks(manager, "/loans", stage.bot)
    await asks(stage, wang)
    await stage.comes_to("SELECT state FROM loan_requests ORDER BY id", ("withdrawn",), ("asked",))
    clear = "SELECT count(*) FROM deliveries WHERE payload::text LIKE '%' || :code || '%'"
    assert await stage.rows(clear, code=REAL) == [(0,)]
