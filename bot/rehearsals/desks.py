"""What people at an event do behind a table: a clerk's word at a booth, the gift desk's scan."""

from bot.rehearsals.world import World
from bot.services import Services
from campaigns.games.model import GameKind, GameRefusal, Move
from campaigns.gifts.model import GiftCode
from campaigns.plays.model import Played
from campaigns.redemptions.model import Clerk
from campaigns.rehearsals.model import Step

PICTURE = "rehearsal"


async def play(world: World, step: Step, *, right: bool) -> None:
    """Play a booth's game to its end; `right` is how a quiz is answered. Where a game gives no stamp, a clerk does."""
    async with world.turn() as services:
        found = await _moves(services, world, step, right=right)
    if not (isinstance(found, Played) and found.attempt.state is Move.PASSED):
        await confirm(world, step)


async def _moves(services: Services, world: World, step: Step, *, right: bool) -> Played | GameRefusal:
    """Every move of a visitor, and the clerk's word on a picture."""
    booth, member, plays = world.booth(step.booth), world.members[step.visitor], services.plays
    match booth.game.kind:
        case GameKind.QUIZ:
            wrong = booth.game.answer % len(booth.game.options) + 1
            found = await plays.answer(booth.id, member, booth.game.answer if right else wrong, 0)
            return found if is_over(found) else await plays.answer(booth.id, member, booth.game.answer, 1)
        case GameKind.SPIN:
            found = await plays.spin(booth.id, member, 0)
            for turn in range(1, booth.game.tries):
                found = found if is_over(found) else await plays.spin(booth.id, member, turn)
            return found
        case GameKind.PHOTO:
            await plays.hand_in(booth.id, member, PICTURE)
            return await plays.judge(booth.id, member.id, world.organiser, accepted=True)
        case _:
            return GameRefusal.NOT_BEGUN


def is_over(found: Played | GameRefusal) -> bool:
    """Whether no other move is left."""
    return isinstance(found, GameRefusal) or found.attempt.state is not Move.AGAIN


async def confirm(world: World, step: Step) -> None:
    """The visitor shows a member code, and the clerk gives the stamp."""
    async with world.turn() as services:
        code, _ = await services.stamps.member_code(world.members[step.visitor].id)
        rally = await services.rallies.find(world.rally.id)
        assert rally is not None
        await services.stamps.confirm(rally, world.booth(step.booth), code, None, world.organiser.id)


async def collect(world: World, step: Step) -> GiftCode:
    """The visitor shows a gift's code, and the desk hands out what there is."""
    member = world.members[step.visitor]
    async with world.turn() as services:
        shown = await services.gifts.show_code(world.rally.id, step.target, member.id)
        if shown.shown is None:
            return shown.code
        seen = await services.gift_desk.hand_out(shown.shown.token, Clerk(world.organiser.id))
        return seen.code
