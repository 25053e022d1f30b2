"""Applications in the chat: from the entry to the manager's one tap, the customer's own progress, days off."""

from tests.chat.points_bank import opens
from tests.driver import Stage

STAGES = "SELECT stage, reason FROM application_moves ORDER BY version"


async def test_an_entry_is_carried_on_by_one_tap_and_its_customer_follows_in_kind_words(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await stage.chain(manager, group)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    assert "您还没有办卡申请" in await stage.asks(wang, "我的进度", stage.bot)
    await wang.taps_and_sees("我要接龙", "已报名", group)
    own = await stage.asks(wang, "我的进度", stage.bot)
    assert "「联名信用卡」已报名" in own
    assert "您的理财经理会联系您" in own
    assert "没有进行中的办卡申请" in await stage.asks(other, "/applications", stage.bot)
    assert "王小芳 · 联名信用卡 · 已报名" in await stage.asks(manager, "办卡列表", stage.bot)
    await manager.taps("→ 已联系", stage.bot)
    await manager.sees("王小芳 · 联名信用卡 · 已联系", stage.bot)
    # Old, forged and another's buttons.
    assert "这个按钮已过期" in await stage.forges(manager, "app:1:0:contacted:1:", stage.bot)
    assert "不能直接跳到这一步" in await stage.forges(manager, "app:1:1:first_use:1:", stage.bot)
    assert "请从列表里选一个原因" in await stage.forges(manager, "app:1:1:lost:0:", stage.bot)
    for data in ("app:1:1:consented:0:", "app_why:1:1:lost", "app_back:1:1::", "app_open:1", "app_hand:1:1:1"):
        assert "由另一位经理负责" in await stage.forges(other, data, stage.bot)
        assert "不对您开放" in await stage.forges(wang, data, stage.bot)
    assert "没有找到这个申请" in await stage.forges(other, "progress:withdraw:1:1", stage.bot)
    assert "没有找到这个申请" in await stage.forges(manager, "app:9:0:contacted:0:", stage.bot)
    # A correction with its reason, an end with its reason.
    await manager.taps("王小芳", stage.bot)
    await manager.sees("👤 李敏", stage.bot)
    await manager.taps("更正…", stage.bot)
    await manager.taps("已报名", stage.bot)
    await manager.taps("点错了", stage.bot)
    await manager.sees("已报名（点错了）", stage.bot)
    await manager.taps("已流失…", stage.bot)
    await manager.taps("联系不上", stage.bot)
    await manager.sees("已流失（联系不上）", stage.bot)
    expected = [("signed", None), ("contacted", None), ("signed", "mistake"), ("lost", "no_answer")]
    await stage.comes_to(STAGES, *expected)
    assert "联系您的理财经理" in await stage.asks(wang, "/progress", stage.bot)


async def test_a_customer_withdraws_a_manager_hands_over_and_takes_days_off(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    wang, zhao = await stage.members(group, "王小芳", "赵强")
    await stage.chain(manager, group)
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    for phone in (wang, zhao):
        await phone.taps_and_sees("我要接龙", "已报名", group)
    await stage.asks(wang, "/progress", stage.bot)
    await wang.taps("不办了", stage.bot)
    await wang.taps("确定，不办了", stage.bot)
    await wang.sees("已为您撤回申请", stage.bot)
    await manager.sees("王*芳 撤回了「联名信用卡」的申请", stage.bot)
    await stage.asks(manager, "/applications", stage.bot)
    await manager.taps("赵强", stage.bot)
    await manager.taps("转交…", stage.bot)
    await manager.taps_and_sees("陈晨", "已转交给 陈晨", stage.bot)
    await other.sees("1 个办卡申请转交给你", stage.bot)
    assert "赵强" in await stage.asks(other, "/applications", stage.bot)
    # Away from today on: the first one who was handed nothing acts for her colleague.
    assert "请这样发：/absent" in await stage.asks(other, "/absent", stage.bot)
    today = stage.app.clock.now().astimezone(stage.app.zone).date()
    assert "谁来代班" in await stage.asks(other, f"请假 {today}", stage.bot)
    await other.taps("李敏", stage.bot)
    await other.sees("由 李敏 代班", stage.bot)
    assert "赵强" in await stage.asks(manager, "/applications", stage.bot)
    forged = f"absent:{today.toordinal()}:{today.toordinal()}:{manager.id}"
    assert "已经登记过" in await stage.forges(other, forged, stage.bot)
    assert "不对您开放" in await stage.forges(wang, forged, stage.bot)
    # Who leaves hands everything over at once.
    await stage.forges(other, f"handover:{manager.id}:1", stage.bot)
    await manager.sees("1 个办卡申请转交给你", stage.bot)
    owners = "SELECT owner_id, reason FROM application_owners WHERE application_id = 2 ORDER BY id"
    handed = [(other.id, "handed_over"), (manager.id, "handed_over")]
    await stage.comes_to(owners, (manager.id, "load"), *handed)
    assert await stage.parked() == 0


async def test_a_customer_lets_the_manager_see_the_number_and_takes_it_back(stage: Stage) -> None:
    manager, other = await stage.staff("李敏"), await stage.staff("陈晨")
    group = await stage.group(manager)
    [wang] = await stage.members(group, "王小芳")
    await stage.chain(manager, group)
    await wang.starts(stage.bot)
    await wang.sees("您好，我是", stage.bot)
    await wang.taps_and_sees("我要接龙", "已报名", group)
    assert "没有同意给出号码" in await stage.forges(manager, "app_number:1", stage.bot)
    assert "请先发 /bind" in await stage.forges(wang, "contact_yes:1:1", stage.bot)
    await opens(stage, wang)
    await stage.asks(wang, "我的进度", stage.bot)
    await wang.taps("📞 让经理联系我：联名信用卡", stage.bot)
    await wang.sees("只为办理「联名信用卡」", stage.bot)
    await wang.taps("同意", stage.bot)
    await wang.sees("已告诉理财经理", stage.bot)
    told = await manager.sees("王*芳（「联名信用卡」）同意您打电话或加好友", stage.bot)
    assert "138" not in told["text"]
    await manager.taps("看号码", stage.bot)
    await manager.sees(f"王小芳\n+86138{wang.id % 10**8:08}", stage.bot)
    assert "由另一位经理负责" in await stage.forges(other, "app_number:1", stage.bot)
    assert "不对您开放" in await stage.forges(wang, "app_number:1", stage.bot)
    for data in ("contact_let:1", "contact_yes:1:1", "contact_yes:9:1"):
        assert "没有找到这个申请" in await stage.forges(other, data, stage.bot), data
    assert "已收回" in await stage.asks(wang, "不要联系", stage.bot)
    assert "或者已经收回" in await stage.forges(manager, "app_number:1", stage.bot)
    assert await stage.rows("SELECT 1 FROM deliveries WHERE strpos(payload::text, '+86138') > 0") == []
    await stage.comes_to("SELECT count(*) FROM audit_events WHERE action = 'read_number'", (1,))
