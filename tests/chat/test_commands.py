"""Every command of staff against every role: what its handler asks for, what help and menu show, its word."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiogram.filters import Command

from bot.routers import router_tree
from campaigns.members.model import Language, Member
from campaigns.staff.model import Action, Role
from campaigns.staff.rules import PERMISSIONS, may
from handlers.chat.aliases import as_command
from handlers.wording.commands import STAFF_COMMANDS, commands_of, keyboard_words, menu_of
from handlers.wording.members import help_text

OF_MANAGERS = {Role.WEALTH_MANAGER, Role.TEAM_LEAD}
PUBLICISTS = OF_MANAGERS | {Role.BRANCH, Role.PARTNER, Role.PROPERTY}
MATRIX: dict[str, set[Role]] = {
    **dict.fromkeys(("register", "newgroup", "newgroups", "plans", "places", "groups", "broadcast"), OF_MANAGERS),
    **dict.fromkeys(("chain", "chains", "groupbuy", "newdraw", "todo", "todos", "task", "proofs"), OF_MANAGERS),
    "remind": OF_MANAGERS,
    **dict.fromkeys(("quiz", "quizzes", "result", "offer", "offers", "budget", "settlement"), OF_MANAGERS),
    **dict.fromkeys(("event", "publicity", "brief", "week", "handover", "questions", "write", "absent"), OF_MANAGERS),
    **dict.fromkeys(("rally", "doubts", "void_stamp"), OF_MANAGERS),
    **dict.fromkeys(("applications", "disagreements", "visits", "slots"), OF_MANAGERS),
    **dict.fromkeys(("my", "customer", "why", "audience"), OF_MANAGERS | {Role.COMPLIANCE}),
    **dict.fromkeys(("prospect", "prospects", "outings"), PUBLICISTS),
    "outing": OF_MANAGERS,
    "tasks": PUBLICISTS | {Role.COMPLIANCE},
    **dict.fromkeys(("redeem", "tastings"), OF_MANAGERS | {Role.BRANCH, Role.PARTNER}),
    "booth": PUBLICISTS,
    "loans": OF_MANAGERS,
    "catalogue": OF_MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    **{name: {Role.TEAM_LEAD, Role.COMPLIANCE} for name in ("matrix", "stop_all", "halt", "recall", "review")},
    "promotion": OF_MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    "partners": OF_MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    "contributions": {Role.TEAM_LEAD, Role.COMPLIANCE},
    "client_vouchers": OF_MANAGERS,
    "held": OF_MANAGERS | {Role.COMPLIANCE},
    "segments": OF_MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    "journeys": OF_MANAGERS | {Role.COMPLIANCE, Role.ADMINISTRATOR},
    "partner": {Role.TEAM_LEAD, Role.ADMINISTRATOR},
    "minigames": OF_MANAGERS | {Role.BRANCH},
    "lookups": {Role.COMPLIANCE},
    "unknown": {Role.TEAM_LEAD, Role.BRANCH, Role.ADMINISTRATOR},
    "release": {Role.ADMINISTRATOR},
    "invite": {Role.ADMINISTRATOR},
}


def asked() -> Iterator[tuple[str, Action]]:
    """Every command that the router tree knows for staff, with the action that it asks for."""
    for router in router_tree().sub_routers:
        for handler in router.message.handlers:
            action = handler.flags.get("action")
            for found in handler.filters or ():
                if type(found.callback) is Command and action and PERMISSIONS[action] != frozenset(Role):
                    yield from ((str(name), action) for name in found.callback.commands)


def member(*roles: Role) -> Member:
    return Member(1, "周周", Language.ZH, frozenset({Role.CUSTOMER, *roles}))


def test_the_table_has_every_command_of_staff_with_the_action_that_its_handler_asks_for() -> None:
    table = {(each.name, each.action) for each in STAFF_COMMANDS}
    tree = {(name, action) for name, action in asked() if name.isascii()}
    by_filter = {("tasks", Action.FOLLOW_UP), ("tasks", Action.PUBLICISE)}  # Customers have a /tasks of their own.
    assert {name for name, _ in table} == set(MATRIX)
    assert tree - table == set()
    assert table - tree - by_filter == set()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted({each.name for each in STAFF_COMMANDS}))
def test_a_command_is_in_the_help_and_the_menu_of_exactly_the_roles_of_the_matrix(name: str, role: Role) -> None:
    person = member(role)
    actions = {each.action for each in STAFF_COMMANDS if each.name == name}
    allowed = role in MATRIX[name]
    assert any(may(person.roles, action) for action in actions) is allowed
    assert (name in menu_of(person)) is allowed
    assert (f"/{name} 「" in help_text(person)) is allowed


def test_every_command_has_a_chinese_word_that_is_read_as_it_and_a_button_unless_it_needs_words() -> None:
    words = [each.word for each in STAFF_COMMANDS]
    assert len(set(words)) == len(words)
    assert all(not each.word.isascii() for each in STAFF_COMMANDS)
    for each in STAFF_COMMANDS:
        if each.word != "宣传任务":
            assert as_command(f"{each.word} 甲 12") == f"/{each.name} 甲 12"
    assert as_command("为什么是B类 12345") is None
    assert as_command("跟进。") == "/tasks"
    lead = member(Role.TEAM_LEAD)
    assert keyboard_words(lead) == [each.word for each in commands_of(lead) if each.has_button]
    english = keyboard_words(replace(lead, language=Language.EN))
    assert english == list(dict.fromkeys(f"/{each.name}" for each in commands_of(lead) if each.has_button))
    assert len(help_text(lead)) <= 4096
