"""What both sides of a referral are told: each stage once, through the ledger."""

from campaigns.members.rules import masked
from campaigns.referrals.model import Programme, Referral, Side
from campaigns.referrals.ports import Ties
from campaigns.referrals.rules import day_of


class News:
    """Tells people inside one unit of work."""

    def __init__(self, ties: Ties) -> None:
        self._store = ties.store
        self._people = ties.people
        self._outbox = ties.outbox
        self._wording = ties.wording
        self._now = ties.now
        self._zone = ties.zone

    async def tell(self, programme: Programme, referral: Referral) -> None:
        """Both sides, of the stage that the referral has reached."""
        ids = {Side.REFERRER: referral.referrer_id, Side.NEWCOMER: referral.newcomer_id}
        people = await self._people.many(list(ids.values()))
        for side, other in ((Side.REFERRER, Side.NEWCOMER), (Side.NEWCOMER, Side.REFERRER)):
            reader, them = people.get(ids[side]), people.get(ids[other])
            if reader is None:
                continue
            name = masked(them.name) if them else "*"
            words = self._wording.told(reader, side, referral, programme, name)
            if words is not None:
                step = f"{referral.stage}:{referral.doubt or ''}:{side}"
                await self._outbox.tell(f"referral:{referral.id}", step, reader.id, words)

    async def held_at_start(self, referral: Referral) -> None:
        """The referrer once a day, however many came at once; the newcomer has the answer to the link."""
        people = await self._people.many([referral.referrer_id])
        if reader := people.get(referral.referrer_id):
            step = f"held:{day_of(self._now(), self._zone)}"
            await self._outbox.tell("referrals", step, reader.id, self._wording.held_together(reader))

    async def remind_deciders(self) -> None:
        """Everybody who may decide, once a day while something waits."""
        heads, _ = await self._store.held(0)
        if not heads:
            return
        people = await self._people.many(await self._store.deciders())
        step = f"waiting:{day_of(self._now(), self._zone)}"
        for reader in people.values():
            await self._outbox.tell("referrals", step, reader.id, self._wording.waiting(reader, heads))
