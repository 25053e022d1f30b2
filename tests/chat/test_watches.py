"""The risk watch in the chat: a look that found more than a page holds is turned through, by compliance alone."""

from sqlalchemy import text

from campaigns.staff.model import Role
from tests.driver import Stage

FALLEN = (
    "INSERT INTO customers (id, number, first_as_of) SELECT md5(n::text)::uuid, 'K' || n, '2026-09-30' FROM {n}",
    """INSERT INTO customer_snapshots (as_of, customer_id, structured_deposit, time_deposit, demand_deposit,
            wealth_products, funds, asset_plans, large_certificates, loans, has_activity)
        SELECT day, md5(n::text)::uuid, 0, 0, CASE day WHEN '2026-09-30' THEN 20000000 + n ELSE 0 END, 0, 0, 0, 0, 0,
            false FROM {n}, unnest(ARRAY['2026-09-30', '2026-10-31']::date[]) day""",
)


async def test_every_outflow_of_a_look_is_found_page_by_page(stage: Stage) -> None:
    officer, lead = await stage.staff("合规王", Role.COMPLIANCE), await stage.staff("李敏")
    async with stage.app.database.unit_of_work() as uow:
        for statement in FALLEN:
            await uow.session.execute(text(statement.format(n="generate_series(1001, 1050) n")))
    async with stage.app.database.unit_of_work() as uow:
        assert len((await stage.app.services(uow).watches.look()).findings) == 50
    first = (await officer.sees("风险监测（共 50，第 1/3 页）", stage.bot))["text"]
    await officer.taps("▶", stage.bot)
    second = (await officer.sees("第 2/3 页", stage.bot))["text"]
    await officer.taps("▶", stage.bot)
    third = (await officer.sees("第 3/3 页", stage.bot))["text"]
    told = [line for page in (first, second, third) for line in page.splitlines() if "资产流出" in line]
    assert len(set(told)) == 50
    [(at,)] = await stage.rows("SELECT DISTINCT (extract(epoch FROM found_at) * 1000000)::bigint FROM watch_findings")
    assert "不对您开放" in await stage.forges(lead, f"watch_page:{at}:1", stage.bot)
    assert "不对您开放" not in await stage.forges(officer, f"watch_page:{at}:1", stage.bot)
