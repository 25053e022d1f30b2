"""Coupons in the chat: from the stamp to the merchant's clerk, taken back, reminded of, and ended."""

import re
from datetime import timedelta

from campaigns.staff.model import Role
from tests.chat import points_bank as bank
from tests.chat import rally_desk as desk
from tests.driver import Stage

CODE = re.compile(r"券码 (\w{3}) (\w{3})")
STATES = "SELECT code, state FROM coupons ORDER BY id"


async def test_from_the_stamp_to_the_clerk_and_back_and_to_the_end(stage: Stage) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    wang = (await stage.person("王芳")).opens(stage.bot)
    await bank.opens(stage, wang)
    assert "您还没有商户券" in await stage.asks(wang, "我的券")
    await desk.stamps(stage, rally, wang, "B1", "B2")
    told = (await wang.sees("🎟 您得到 2 张商户券：\n· 豆浆券（幸福里）"))["text"]
    assert "· 洗车券（幸福里）" in told
    listed = await stage.asks(wang, "/coupons")
    assert "豆浆券（幸福里）" in listed
    assert "周末可用" in listed
    await wang.taps("用券：豆浆券")
    caption = (await wang.sees("券码"))["caption"]
    found = CODE.search(caption)
    assert found is not None
    code = "".join(found.groups())
    clerk = (await desk.clerk(stage)).opens(stage.bot)
    bank_clerk = (await stage.staff("柜员", Role.BRANCH)).opens(stage.bot)
    assert "由该商户的店员核销" in await stage.asks(bank_clerk, f"/redeem {code}")
    assert "不对您开放" in await stage.forges(wang, f"coupon:redeem:{code}")
    assert "没有这个码" in await stage.forges(clerk, f"coupon:redeem:{'x' * 24}")
    await clerk.says(code)
    await clerk.sees("核销商户券 · 集章日\n会员：王*\n券：豆浆券（幸福里）\n条件：每单一张")
    await clerk.taps("确认核销")
    await clerk.sees("✅ 已核销。")
    await wang.sees("您的「豆浆券」在幸福里用掉了")
    await clerk.taps("撤回核销")
    await clerk.taps("扫错码")
    await clerk.sees("已撤回，券可以再用")
    await wang.sees("店员撤回了「豆浆券」的核销（扫错码）")
    await stage.comes_to(STATES, ("C1", "issued"), ("C2", "issued"))
    await clerk.says(code)
    await clerk.sees("条件：每单一张")
    await clerk.taps("确认核销")
    await stage.comes_to(STATES, ("C1", "redeemed"), ("C2", "issued"))
    await stage.passes(timedelta(days=1, hours=20))
    await wang.sees("⏰ 您的「洗车券」（幸福里）")
    await stage.passes(timedelta(days=1))
    await stage.comes_to(STATES, ("C1", "redeemed"), ("C2", "expired"))
    assert "洗车券（幸福里）已过期" in await stage.asks(wang, "优惠券")
    assert await stage.parked() == 0


async def test_a_void_coupon_is_told_and_forged_taps_open_nobody_elses(stage: Stage) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    wang, thief = [(await stage.person(name)).opens(stage.bot) for name in ("王芳", "陌生人")]
    for phone in (wang, thief):
        await bank.opens(stage, phone)
    await desk.stamps(stage, rally, wang, "B1")
    await wang.sees("🎟 您得到 1 张商户券")
    number = (await stage.rows("SELECT id FROM coupons"))[0][0]
    for data, answer in (
        (f"my_coupon:{number}", "没有这个码"),
        (f"my_coupon:{2**63}", "按钮已失效"),
        ("coupon:steal:ABC234", "按钮已失效"),
    ):
        assert answer in await stage.forges(thief, data), data
    async with stage.app.database.unit_of_work() as uow:
        assert await stage.app.services(uow).coupon_desk.void(rally, "C1", "店铺停业", chief.id) == 1
    await wang.sees("您的「豆浆券」已作废：店铺停业")
    assert "这张券已作废" in await stage.forges(wang, f"my_coupon:{number}")
    await stage.comes_to(STATES, ("C1", "void"))


async def test_who_stands_at_a_booth_counts_tastings_by_taps(stage: Stage) -> None:
    chief = (await stage.staff("李敏")).opens(stage.bot)
    await desk.begins(stage, chief)
    assert "试吃 · B1 桂花糕：还剩 3 份" in await stage.asks(chief, "试吃")
    await chief.taps("B1 发 1 份")
    await chief.sees("还剩 2 份")
    await chief.taps_and_sees("B1 发 5 份", "没有这么多了")
    await chief.taps("B1 撤回 1 份")
    await chief.sees("还剩 3 份")
    other = (await stage.staff("旁人", Role.BRANCH)).opens(stage.bot)
    assert "没有要计试吃的摊位" in await stage.asks(other, "/tastings")
    booth = (await stage.rows("SELECT id FROM booths WHERE code = 'B1'"))[0][0]
    for data, answer in ((f"tasting:{booth}:1", "没有被安排到这个摊位"), (f"tasting:{booth}:99", "按钮已失效")):
        assert answer in await stage.forges(other, data), data
    await stage.comes_to("SELECT tastings_left FROM booths WHERE code = 'B1'", (3,))
