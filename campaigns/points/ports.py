"""What the points ledger needs of whoever keeps its rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from campaigns.points.model import Balance, Ending, Movement, PointsCampaign, Share, StatementLine, Totals


class PointsStore(Protocol):
    """What the ledger's use cases need; every lock lasts until the transaction ends."""

    async def create(
        self, title: str, price: int, valid_days: int, shares: Sequence[Share], ends_at: datetime, group_id: int | None
    ) -> PointsCampaign:
        """Store a new open campaign."""
        ...

    async def campaign(self, campaign_id: int) -> PointsCampaign | None:
        """One campaign."""
        ...

    async def lock_budget(self, campaign_id: int, purse: int = 0) -> tuple[PointsCampaign, Balance] | None:
        """A campaign with its budget, or the purse set aside for a draw, locked: whoever pays out of it next waits."""
        ...

    async def used(self, keys: Collection[str]) -> set[str]:
        """Which of these keys movements have taken."""
        ...

    async def post(self, movements: Sequence[Movement], now: datetime) -> None:
        """Write movements, and with them the balances; a key that was taken is a fault."""
        ...

    async def lock_lots(self, member_id: int) -> list[Balance]:
        """A member's lots that hold points, locked."""
        ...

    async def lots(self, member_id: int) -> list[Balance]:
        """The same as they are now, unlocked."""
        ...

    async def lapsed(self, today: date, limit: int) -> list[tuple[Balance, int]]:
        """Lots past their last day with their campaign's price, locked, those that others hold left out."""
        ...

    async def taken_for(self, redemption_id: int) -> list[Movement]:
        """The movements that set points aside for a redemption, in order; its account is locked."""
        ...

    async def held_of(self, member_id: int) -> int:
        """The points that are set aside for a member's open redemptions."""
        ...

    async def lines(self, member_id: int, limit: int) -> list[StatementLine]:
        """A member's latest movements, newest first."""
        ...

    async def totals(self, campaign_id: int) -> Totals:
        """Where a campaign's points lie, seen at one instant."""
        ...

    async def partners(self) -> Mapping[int, str]:
        """Every partner's name."""
        ...

    async def campaigns(self, manager_id: int | None, limit: int) -> list[PointsCampaign]:
        """The campaigns of a manager's groups, or all of them, the newest first."""
        ...

    async def manager_of(self, campaign_id: int) -> int | None:
        """The manager of a campaign's group."""
        ...

    async def take_ending(self, since: date, until: date, limit: int) -> list[Ending]:
        """Members' points that end within these days and of which nobody was reminded, marked as reminded."""
        ...

    async def mark_closed(self, campaign: PointsCampaign, now: datetime) -> None:
        """Mark a campaign closed."""
        ...
