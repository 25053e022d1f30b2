"""What somebody hears who asks for the own data: events too, settled ones, linked or not, and who deletes it."""

from sqlalchemy import text

from tests.chat import points_bank as bank
from tests.chat import rally_desk as desk
from tests.driver import Stage

SETTLED = text("UPDATE rallies SET state = 'settled'")


async def test_own_data_tell_what_events_stored_and_unlinking_says_that_it_stays(stage: Stage) -> None:
    chief = await stage.staff("李敏")
    rally = await desk.begins(stage, chief)
    wang, li = await stage.person("王芳"), await stage.person("李明")
    await bank.opens(stage, wang)
    await bank.opens(stage, li, bound=False)
    assert "集章活动" not in await stage.asks(li, "我的资料", stage.bot)
    await desk.stamps(stage, rally, wang, "B1")
    await desk.stamps(stage, rally, li, "B1", "B2")
    async with stage.app.database.unit_of_work() as uow:
        await uow.session.execute(SETTLED)
    said = await stage.asks(li, "我的资料", stage.bot)
    assert "2 枚印章，2 枚勋章" in said
    assert "删除，请联系A银行：95500" in said
    assert "请先发 /bind" in said
    own = await stage.asks(wang, "/my_data", stage.bot)
    assert own.index("您可以告诉银行") < own.index("1 枚印章，1 枚勋章")
    left = await stage.asks(wang, "/unbind", stage.bot)
    assert left == "已解绑，号码已删除。\n集章和礼品记录另外保存，发「我的资料」可看。"
