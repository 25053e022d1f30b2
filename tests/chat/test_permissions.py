"""Who may do what, command by command, as each role meets it in the chat."""

import pytest

from campaigns.staff.model import Role
from tests.driver import Stage

REFUSED = "这个功能不对您开放"
MANAGERS = {Role.WEALTH_MANAGER, Role.TEAM_LEAD}
LEADS = {Role.TEAM_LEAD, Role.BRANCH}
COMMANDS: dict[str, tuple[str, set[Role]]] = {
    "/bind": ("bind_phone", set(Role)),
    "/subscribe": ("chat", set(Role)),
    "/help": ("chat", set(Role)),
    "/register": ("register_group", MANAGERS),
    "建群": ("register_group", MANAGERS),
    "/chain": ("open_chain", MANAGERS),
    "/groupbuy": ("open_chain", MANAGERS),
    "/groupbuys": ("join_chain", set(Role)),
    "/chains": ("see_chain_names", MANAGERS),
    "/applications": ("follow_applications", MANAGERS),
    "/loans": ("follow_loans", MANAGERS),
    "/absent": ("take_days_off", MANAGERS),
    "/slots": ("follow_applications", MANAGERS),
    "上门路线": ("follow_applications", MANAGERS),
    "/disagreements": ("follow_applications", MANAGERS),
    "/questions": ("answer_questions", MANAGERS),
    "/write": ("write_letters", MANAGERS),
    "/offer": ("send_offers", MANAGERS),
    "福利结果": ("send_offers", MANAGERS),
    "/catalogue": ("see_catalogue", MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR}),
    "/matrix": ("set_catalogue", {Role.TEAM_LEAD, Role.COMPLIANCE}),
    "/client_vouchers": ("work_vouchers", MANAGERS),
    "/redeem 1": ("redeem", MANAGERS | {Role.BRANCH, Role.PARTNER}),
    "/budget": ("see_budget", MANAGERS),
    "/settlement 1": ("see_budget", MANAGERS),
    "/partner": ("invite_partner", {Role.TEAM_LEAD, Role.ADMINISTRATOR}),
    "/segments": ("see_segments", MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR}),
    "/journeys": ("see_journeys", MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR}),
    "我的客户": ("see_customers", MANAGERS | {Role.COMPLIANCE}),
    "/customer 12345": ("see_customers", MANAGERS | {Role.COMPLIANCE}),
    "为什么是B类 12345": ("see_customers", MANAGERS | {Role.COMPLIANCE}),
    "/why": ("see_customers", MANAGERS | {Role.COMPLIANCE}),
    "/my": ("see_customers", MANAGERS | {Role.COMPLIANCE}),
    "/brief": ("work_customers", MANAGERS),
    "/groups": ("broadcast", MANAGERS),
    "/handover": ("work_customers", MANAGERS),
    "/lookups": ("see_lookups", {Role.COMPLIANCE}),
    "/unknown": ("resolve_unknown", LEADS | {Role.ADMINISTRATOR}),
    "/release": ("release_held", {Role.ADMINISTRATOR}),
    "/invite": ("invite_staff", {Role.ADMINISTRATOR}),
}


@pytest.mark.parametrize("role", Role)
async def test_each_role_may_do_its_part_and_a_refusal_is_polite_and_recorded(stage: Stage, role: Role) -> None:
    if role is Role.CUSTOMER:
        phone = await stage.person("周周")
        await phone.starts(stage.bot)
        await phone.sees("您好")
    else:
        phone = await stage.staff("周周", role)
    answers = {command: await stage.asks(phone, command) for command in COMMANDS}
    allowed = {command for command, answer in answers.items() if REFUSED not in answer}
    assert allowed == {command for command, (_, roles) in COMMANDS.items() if role in roles}
    trail = "SELECT subject FROM audit_events WHERE actor = :id AND action = 'refused' ORDER BY id"
    refused = [(action,) for action, roles in COMMANDS.values() if role not in roles]
    assert await stage.rows(trail, id=phone.id) == refused
    assert await stage.parked() == 0
