"""Use cases of points: open and fund a campaign, pay members, set aside for a redemption, expire, close, settle."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.points.model import (
    Account,
    AccountKind,
    Balance,
    CampaignState,
    CloseRefusal,
    Ending,
    Grant,
    GrantCode,
    Movement,
    MovementReason,
    PointsCampaign,
    Settlement,
    Share,
    Statement,
)
from campaigns.points.ports import PointsStore
from campaigns.points.rules import (
    back_to,
    check_campaign,
    keys_of,
    may_close,
    returned,
    settle,
    share_out,
    spendable,
    take,
)

LINES = 10
CAMPAIGNS = 10
REMINDED_BEFORE = timedelta(days=3)
REMINDED_AT_ONCE = 100
LAPSED_AT_ONCE = 500


class PointsService:
    """The points ledger inside one unit of work; `zone` is where a day ends."""

    def __init__(self, store: PointsStore, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._store = store
        self._now = now
        self._zone = zone

    def today(self) -> date:
        """The bank's day."""
        return self._now().astimezone(self._zone).date()

    def midnight_after(self, time: timedelta) -> datetime:
        """The first midnight of the bank's that is at least so far off."""
        soonest = (self._now() + time).astimezone(self._zone)
        return datetime.combine(soonest.date() + timedelta(days=1), datetime.min.time(), self._zone)

    def day_of(self, moment: datetime) -> date:
        """The bank's day of a moment."""
        return moment.astimezone(self._zone).date()

    async def open(
        self,
        title: str,
        price: int,
        valid_days: int,
        shares: Sequence[Share],
        budget: int,
        ends_at: datetime,
        group_id: int | None = None,
    ) -> PointsCampaign:
        """Open a campaign and fund its budget.

        Raises:
            CampaignError: it cannot be.
        """
        check_campaign(price, valid_days, shares, budget)
        made = await self._store.create(title, price, valid_days, shares, ends_at, group_id)
        issue, purse = Account(AccountKind.ISSUE, made.id), Account(AccountKind.BUDGET, made.id)
        await self._post([Movement(f"{made.id}:fund", issue, purse, budget, MovementReason.FUND, price)])
        return made

    async def grant(self, campaign_id: int, grants: Sequence[Grant], purse: int = 0) -> list[GrantCode]:
        """Pay members who arrive together, in their order: each once per occasion, and while the budget lasts.

        With a `purse`, out of what was set aside for that draw.
        """
        found = await self._store.lock_budget(campaign_id, purse)
        if found is None:
            return [GrantCode.CLOSED for _ in grants]
        campaign, budget = found
        keys = {key for grant in grants for key in keys_of(campaign_id, grant) if key}
        used = await self._store.used(keys)
        codes, movements = share_out(campaign, budget, grants, used, self._now(), self.today())
        await self._post(movements)
        return codes

    async def affords(self, campaign_id: int, points: int) -> bool:
        """Whether an open campaign's budget holds as much; it is locked, so that this stays true."""
        found = await self._store.lock_budget(campaign_id)
        return found is not None and found[0].state is CampaignState.OPEN and found[1].points >= points

    async def budget_left(self, campaign_id: int) -> int:
        """What a campaign's own budget holds, apart from what draws have set aside; 0 where there is none."""
        found = await self._store.lock_budget(campaign_id)
        return found[1].points if found else 0

    async def was_paid(self, campaign_id: int, grant: Grant) -> bool:
        """Whether somebody, or the bank's customer behind them, was paid for this occasion before."""
        return bool(await self._store.used({key for key in keys_of(campaign_id, grant) if key}))

    async def reserve(self, campaign_id: int, purse: int, points: int) -> None:
        """Set a part of the budget aside for a draw; more than it holds is a fault."""
        found = await self._store.lock_budget(campaign_id)
        assert found is not None
        campaign, budget = found
        aside = Account(AccountKind.BUDGET, campaign_id, purse)
        reason = MovementReason.RESERVE
        await self._post([Movement(f"reserve:{purse}", budget.account, aside, points, reason, campaign.price)])

    async def release(self, campaign_id: int, purse: int) -> int:
        """Give back what a draw did not pay out; returns how many points."""
        own = await self._store.lock_budget(campaign_id)
        found = await self._store.lock_budget(campaign_id, purse)
        if own is None or found is None or not found[1].points:
            return 0
        aside, reason = found[1], MovementReason.RELEASE
        await self._post(
            [Movement(f"release:{purse}", aside.account, own[1].account, aside.points, reason, own[0].price)]
        )
        return aside.points

    async def hold(self, member_id: int, redemption_id: int, points: int) -> int | None:
        """Set points aside for a redemption, what ends first before the rest; None, or the points that are missing."""
        lots = await self._store.lock_lots(member_id)
        taken = take(lots, points, self.today())
        if taken is None:
            return points - sum(lot.points for lot in spendable(lots, self.today()))
        await self._post([await self._set_aside(lot, redemption_id) for lot in taken])
        return None

    async def claim(self, redemption_id: int, partner: int, turn: int = 0) -> None:
        """What was set aside goes to the partner who handed the goods out; `turn` counts claims taken back before."""
        held = await self._store.taken_for(redemption_id)
        await self._post(
            [
                Movement(
                    _at_desk("claim", redemption_id, turn, at),
                    movement.target,
                    Account(AccountKind.CLAIMED, movement.target.campaign_id, partner),
                    movement.points,
                    MovementReason.CLAIM,
                    movement.price,
                )
                for at, movement in enumerate(held)
            ]
        )

    async def take_back(self, redemption_id: int, partner: int, turn: int) -> bool:
        """A claim that was a mistake: set aside again, to be claimed or given back; False once a campaign is closed."""
        held = await self._store.taken_for(redemption_id)
        for campaign_id in sorted({movement.target.campaign_id for movement in held}):
            found = await self._store.lock_budget(campaign_id)
            if found is None or found[0].state is CampaignState.CLOSED:
                return False
        await self._post(
            [
                Movement(
                    _at_desk("retract", redemption_id, turn, at),
                    Account(AccountKind.CLAIMED, movement.target.campaign_id, partner),
                    movement.target,
                    movement.points,
                    MovementReason.RETRACT,
                    movement.price,
                )
                for at, movement in enumerate(held)
            ]
        )
        return True

    async def give_back(self, redemption_id: int) -> int:
        """What was set aside returns to its lots; returns how many points."""
        held, today = await self._store.taken_for(redemption_id), self.today()
        await self._post(
            [
                Movement(
                    f"cancel:{redemption_id}:{at}",
                    movement.target,
                    back_to(movement.source, today),
                    movement.points,
                    MovementReason.CANCEL,
                    movement.price,
                )
                for at, movement in enumerate(held)
            ]
        )
        return sum(movement.points for movement in held)

    async def claw_back(self, campaign_id: int, member_id: int, points: int, occasion: str) -> int:
        """Take points of one campaign from a member again, as far as they are there; returns how many were."""
        key = f"{campaign_id}:claw_back:{occasion}:member:{member_id}"
        campaign = await self._store.campaign(campaign_id)
        lots = [lot for lot in await self._store.lock_lots(member_id) if lot.account.campaign_id == campaign_id]
        if campaign is None or not lots or await self._store.used({f"{key}:0"}):
            return 0
        there = min(points, sum(lot.points for lot in lots))
        taken = take(lots, there, date.min) or []
        void = Account(AccountKind.VOID, campaign_id)
        reason = MovementReason.CLAW_BACK
        await self._post(
            [
                Movement(f"{key}:{at}", lot.account, void, lot.points, reason, campaign.price)
                for at, lot in enumerate(taken)
            ]
        )
        return there

    async def expire(self) -> int:
        """Let lots end whose last day is over; returns how many did, to be called again while there are any."""
        lapsed = await self._store.lapsed(self.today(), LAPSED_AT_ONCE)
        await self._post(
            [
                Movement(
                    f"expire:{lot.account.campaign_id}:{lot.account.owner}:{lot.account.expires_on}:{self.today()}",
                    lot.account,
                    Account(AccountKind.EXPIRED, lot.account.campaign_id),
                    lot.points,
                    MovementReason.EXPIRE,
                    price,
                )
                for lot, price in lapsed
            ]
        )
        return len(lapsed)

    async def statement(self, member_id: int) -> Statement:
        """A member's balance and latest movements."""
        lots = spendable(await self._store.lots(member_id), self.today())
        first = min((lot.account.expires_on for lot in lots), default=None)
        return Statement(
            spendable=sum(lot.points for lot in lots),
            held=await self._store.held_of(member_id),
            ending=sum(lot.points for lot in lots if lot.account.expires_on == first),
            ends_on=first,
            lines=tuple(await self._store.lines(member_id, LINES)),
        )

    async def ending(self) -> list[Ending]:
        """Members to remind of points that end in three days or sooner, each once per member and day."""
        today = self.today()
        return await self._store.take_ending(today, today + REMINDED_BEFORE, REMINDED_AT_ONCE)

    async def campaigns(self, manager_id: int | None = None) -> list[PointsCampaign]:
        """The newest campaigns: of a manager's groups, or all there are."""
        return await self._store.campaigns(manager_id, CAMPAIGNS)

    async def is_run_by(self, campaign_id: int, manager_id: int | None) -> bool:
        """Whether a campaign is one of this manager's groups; None, who may see all, runs every one."""
        return manager_id is None or await self._store.manager_of(campaign_id) == manager_id

    async def settlement(self, campaign_id: int) -> Settlement | None:
        """The settlement sheet as of now, for a running campaign too."""
        campaign = await self._store.campaign(campaign_id)
        if campaign is None:
            return None
        return settle(campaign, await self._store.totals(campaign_id), await self._store.partners())

    async def closing(self, campaign_id: int) -> tuple[PointsCampaign, Balance] | CloseRefusal:
        """A campaign that can be closed now with what would go back, or why it cannot; nothing is changed."""
        found = await self._store.lock_budget(campaign_id)
        if found is None:
            return CloseRefusal.NO_CAMPAIGN
        campaign, budget = found
        totals = await self._store.totals(campaign_id)
        return may_close(campaign, totals, budget.points, self._now()) or (campaign, budget)

    async def close(self, campaign_id: int) -> Settlement | CloseRefusal:
        """Close a campaign whose every point has come to its end, and give the rest of its budget back."""
        found = await self.closing(campaign_id)
        if isinstance(found, CloseRefusal):
            return found
        campaign, budget = found
        await self._post(returned(campaign, budget.points))
        await self._store.mark_closed(campaign, self._now())
        settlement = await self.settlement(campaign_id)
        assert settlement is not None
        return settlement

    async def _set_aside(self, lot: Balance, redemption_id: int) -> Movement:
        campaign = await self._store.campaign(lot.account.campaign_id)
        assert campaign is not None
        held = Account(AccountKind.HELD, lot.account.campaign_id, redemption_id)
        key = f"hold:{redemption_id}:{lot.account.campaign_id}:{lot.account.expires_on}"
        return Movement(key, lot.account, held, lot.points, MovementReason.HOLD, campaign.price)

    async def _post(self, movements: Sequence[Movement]) -> None:
        if movements:
            await self._store.post(movements, self._now())


def _at_desk(what: str, redemption_id: int, turn: int, at: int) -> str:
    """The key of a claim or of its taking back; the first turn has the short form."""
    return f"{what}:{redemption_id}:{at}" if turn == 0 else f"{what}:{redemption_id}:{at}:turn:{turn}"
