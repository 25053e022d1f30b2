"""Stamps in the chat: a code scanned by somebody new, what is refused, a printed slip, a clerk's word, the desk."""

import re
from datetime import timedelta

import pytest

from campaigns.rallies.model import Rally
from campaigns.slips.codes import mint as mint_slip
from campaigns.staff.model import Role
from campaigns.stamps.codes import mint
from campaigns.suspicions.model import Reason, Sign, Suspicion
from storage.rallies import SqlRallyStore
from storage.suspicions import SqlSuspicionStore
from tests.driver import Stage
from tests.rally_visits import ORGANISER, running_rally

NONCE = b"12345678"


@pytest.fixture
async def rally(stage: Stage) -> Rally:
    """A running event; the clock goes at its usual pace, since codes live half a minute."""
    await stage.sandbox.turn_clock(rate=1)
    return await running_rally(stage.app)


async def secret_of(stage: Stage, rally: Rally) -> bytes:
    async with stage.app.database.unit_of_work() as uow:
        return await SqlRallyStore(uow, stage.app.world.vault).secret(rally)


async def code(stage: Stage, rally: Rally, booth: str, age: timedelta = timedelta(0)) -> str:
    """What a booth's screen showed so long ago."""
    found = rally.booth(booth)
    assert found is not None
    return f"k_{mint(await secret_of(stage, rally), found.id, stage.app.clock.now() - age, NONCE)}"


async def test_somebody_who_never_met_the_bot_has_a_stamp_after_one_scan(stage: Stage, rally: Rally) -> None:
    wang = await stage.person("王芳")
    await wang.starts(stage.bot, await code(stage, rally, "B1"))
    said = (await wang.sees("盖章成功", stage.bot))["text"]
    assert "集章小助手" in said
    assert "已有 1/8 枚" in said
    await wang.starts(stage.bot, await code(stage, rally, "B1"))
    await wang.sees("的章您已经有了（1/8 枚）", stage.bot)
    await wang.starts(stage.bot, await code(stage, rally, "B2", timedelta(minutes=1)))
    await wang.sees("码过期了", stage.bot)
    await wang.starts(stage.bot, "k_" + "A" * 43)
    await wang.sees("这个码无效", stage.bot)
    await wang.starts(stage.bot, "k_nothing")
    await wang.sees("这不是摊位的码", stage.bot)
    await stage.comes_to(
        "SELECT outcome FROM stamp_uses ORDER BY id",
        ("stamped",),
        ("already",),
        ("expired",),
        ("forged",),
        ("malformed",),
    )


async def test_a_printed_slip_works_for_the_first_who_scans_it(stage: Stage, rally: Rally) -> None:
    booth = rally.booth("B3")
    assert booth is not None
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).slips.issue(rally, booth, None, 3, ORGANISER)
    slip = f"l_{mint_slip(await secret_of(stage, rally), booth.id, 2)}"
    wang, li = await stage.person("王芳"), await stage.person("李雷")
    await wang.starts(stage.bot, slip)
    await wang.sees("盖章成功", stage.bot)
    await li.starts(stage.bot, slip)
    await li.sees("这张纸条已被别人用过", stage.bot)


async def test_a_clerk_scans_a_visitors_code_and_gives_the_stamp_at_the_own_booth(stage: Stage, rally: Rally) -> None:
    wang, clerk = await stage.person("王芳"), await stage.staff("周周", Role.TEAM_LEAD)
    await wang.says("会员码", stage.bot)
    await stage.comes_to("SELECT count(*) FROM member_codes", (1,))
    shown = (await wang.sees("您的会员码", stage.bot))["caption"]
    typed = "".join(re.findall(r"：(\S{3}) (\S{3})", shown)[0])
    await clerk.starts(stage.bot, f"v_{typed}")
    await clerk.sees("给这位访客盖哪个摊位的章", stage.bot)
    await clerk.taps("B4", stage.bot)
    await clerk.sees("访客共 1/8 枚", stage.bot)
    forged = await stage.forges(wang, f"clerk_stamp:{rally.booths[0].id}:{typed}", stage.bot)
    assert forged == "这个功能不对您开放。需要帮助请发 /help。"
    await stage.comes_to("SELECT way, given_by FROM stamps", ("staff", clerk.id))
    told = await wang.sees("盖章成功！已有 1/8 枚", stage.bot)
    assert told["reply_markup"]["inline_keyboard"][0][0]["text"] == "我的集章"
    await wang.starts(stage.bot, f"v_{typed}")
    await wang.sees("这是会员码，请给摊位工作人员看", stage.bot)


async def test_a_booths_staff_pair_a_screen_see_it_and_stop_it(stage: Stage, rally: Rally) -> None:
    lead = await stage.staff("周周", Role.TEAM_LEAD)
    await lead.says("/booth", stage.bot)
    await lead.sees("请选摊位", stage.bot)
    await lead.taps("B2", stage.bot)
    await lead.sees("屏幕 0 台", stage.bot)
    await lead.taps("配对新屏幕", stage.bot)
    token = (await lead.sees("/booth#", stage.bot))["caption"].rpartition("#")[2]
    async with stage.app.database.unit_of_work() as uow:
        screens = stage.app.services(uow).screens
        paired = await screens.pair(token, "前台平板")
        assert paired is not None
        assert await screens.pair(token, "别人的手机") is None
    await lead.taps("B2", stage.bot)
    await lead.sees("前台平板", stage.bot)
    await lead.taps("停用「前台平板」", stage.bot)
    await stage.comes_to("SELECT count(*) FROM booth_devices WHERE revoked_at IS NOT NULL", (1,))
    async with stage.app.database.unit_of_work() as uow:
        assert await stage.app.services(uow).screens.known(paired[0]) is None


async def test_an_organiser_clears_a_visitor_whose_gift_is_held(stage: Stage, rally: Rally) -> None:
    wang, lead = await stage.person("王芳"), await stage.staff("周周", Role.TEAM_LEAD)
    await wang.starts(stage.bot, await code(stage, rally, "B1"))
    await wang.sees("盖章成功", stage.bot)
    async with stage.app.database.unit_of_work() as uow:
        doubt = Suspicion(wang.id, 75, (Reason(Sign.FORGED_CODES, 75, 3),))
        await SqlSuspicionStore(uow).keep(rally.id, [doubt], stage.app.clock.now())
    await lead.says("疑点", stage.bot)
    await lead.sees("3 次用伪造的码", stage.bot)
    await lead.taps("放行", stage.bot)
    await stage.comes_to("SELECT state, decided_by FROM suspicions", ("cleared", lead.id))
