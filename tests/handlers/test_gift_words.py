"""The news of a medal says what its gift asks for, before somebody walks to the desk."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from campaigns.gifts.model import Gift, HandOut
from campaigns.members.model import Language, Member
from campaigns.rallies.model import Rally
from handlers.wording.gifts import GiftWords
from tests.rally_day import rally

NOW = datetime(2026, 12, 5, 2, tzinfo=UTC)


def test_who_is_not_linked_is_told_so_with_the_medal_where_the_rules_ask_for_it() -> None:
    day = rally(NOW)
    asking = replace(day, plan=replace(day.plan, needs_real_name=True))
    wang = Member(1, "王芳", Language.ZH)
    linked = replace(wang, customer_id=uuid4())

    def labels(event: Rally, member: Member) -> list[str]:
        gift = Gift(event, event.targets[0], HandOut(1, 1, "T1", 1, NOW), None)
        return [button.label for row in GiftWords("A银行").earned(member, gift).buttons for button in row]

    assert labels(asking, wang) == ["绑定手机号", "出示领奖码"]
    assert labels(asking, linked) == labels(day, wang) == ["出示领奖码"]
