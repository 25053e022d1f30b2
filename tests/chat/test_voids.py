"""Taking a stamp back in the chat: the medal stays, its gift waits or is gone, the card follows, others may not."""

from campaigns.rallies.model import Rally
from campaigns.redemptions.model import Clerk
from campaigns.slips.codes import spoken
from campaigns.staff.model import Role
from sandbox.client import Phone
from storage.rallies import SqlRallyStore
from tests.chat import points_bank as bank
from tests.chat import rally_desk as desk
from tests.driver import Stage


async def number_of(stage: Stage, rally: Rally, phone: Phone) -> str:
    """What stands under a visitor's own stamps."""
    async with stage.app.database.unit_of_work() as uow:
        found = await SqlRallyStore(uow, stage.app.world.vault).member(rally.id, phone.id)
    assert found is not None
    return spoken(found.number)


async def test_a_stamp_is_taken_back_with_a_reason_and_its_medal_becomes_a_case(stage: Stage) -> None:
    chief = (await stage.staff("李敏")).opens(stage.bot)
    rally = await desk.begins(stage, chief)
    wang = await stage.person("王芳")
    await bank.opens(stage, wang)
    await desk.stamps(stage, rally, wang, "B2")
    number = await number_of(stage, rally, wang)
    assert "例如：/void_stamp B3" in await stage.asks(chief, "/void_stamp B2", stage.bot)
    assert "没有编号" in await stage.asks(chief, f"/void_stamp B2 {int(number) + 1} 替人集章", stage.bot)
    said = await stage.asks(chief, f"/void_stamp b2 {number} 替人集章", stage.bot)
    assert "已作废 王* 在" in said
    assert "勋章「集章达人」保留，但章不够了：伴手礼先不发" in said
    await stage.comes_to("SELECT reason, actor_id FROM stamp_voids", ("替人集章", chief.id))
    await stage.comes_to("SELECT state, score FROM suspicions", ("held", 60))
    assert "没有 b2 的有效印章" in await stage.asks(chief, f"/void_stamp b2 {number} 替人集章", stage.bot)
    assert "印章作废后，1 枚勋章的章不够了" in await stage.asks(chief, "/doubts", stage.bot)
    await stage.comes_to("SELECT actor FROM audit_events WHERE action = 'void_stamp'", (chief.id,))


async def test_who_does_not_run_the_event_takes_no_stamp_back(stage: Stage) -> None:
    chief, other = await stage.staff("李敏"), await stage.staff("赵强", Role.WEALTH_MANAGER)
    await desk.begins(stage, chief)
    said = await stage.asks(other.opens(stage.bot), "/void_stamp B2 18 替人集章", stage.bot)
    assert said == "您没有可以作废印章的活动。"


async def test_what_remaining_stamps_reach_is_untouched_and_a_gift_that_is_gone_is_said_to_be(stage: Stage) -> None:
    chief = (await stage.staff("李敏")).opens(stage.bot)
    rally = await desk.begins(stage, chief)
    wang = await stage.person("王芳")
    await bank.opens(stage, wang)
    await desk.stamps(stage, rally, wang, "B1", "B2")
    async with stage.app.database.unit_of_work() as uow:
        services = stage.app.services(uow)
        shown = (await services.gifts.show_code(rally.id, "T1", wang.id)).shown
        assert shown is not None
        await services.gift_desk.hand_out(shown.token, Clerk(chief.id))
    number = await number_of(stage, rally, wang)
    first = await stage.asks(chief, f"/void_stamp {rally.code} B1 {number} 替人集章", stage.bot)
    assert "全场达人" in first
    assert "集章达人" not in first
    second = await stage.asks(chief, f"/void_stamp B2 {number} 替人集章", stage.bot)
    assert "勋章「集章达人」保留，伴手礼已经发出" in second
    await stage.comes_to("SELECT count(*) FROM medals", (2,))
