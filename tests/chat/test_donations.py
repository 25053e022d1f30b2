"""The chat says what the bank gives for new accounts: total and count, nobody's name, whoever asks."""

from campaigns.donations.files import EXAMPLE, read_pledge
from tests.driver import Stage


async def test_everybody_reads_total_and_count_in_private_and_in_a_group(stage: Stage) -> None:
    manager, wang = await stage.staff("李敏"), await stage.person("王芳")
    await wang.starts(stage.bot)
    await wang.sees("/help", stage.bot)
    assert "没有公益捐赠" in await stage.asks(wang, "/donations", stage.bot)
    pledge = read_pledge(EXAMPLE.read_text("utf-8"))
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).donations.load(pledge, "李敏")
    await stage.rows(
        """WITH who AS (INSERT INTO customers (id, number, first_as_of)
            VALUES (gen_random_uuid(), 'C1', :day) RETURNING id)
        INSERT INTO account_events SELECT id, 'opened', :day, :now FROM who RETURNING event""",
        day=pledge.first, now=stage.app.clock.now(),
    )  # fmt: skip
    async with stage.app.database.unit_of_work() as uow:
        await stage.app.services(uow).donations.count()
    told = await stage.asks(wang, "公益", stage.bot)
    assert "已开户 1 户，累计捐赠 1 元，已拨付 0 元" in told
    assert "/donations/one-yuan" in told
    group = await stage.group(manager)
    await manager.says("捐赠", group)
    await manager.sees("累计捐赠 1 元", group)
