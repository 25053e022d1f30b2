"""What the bot may do in a chat; asked of the platform, since rights change without our asking."""

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner, ChatMemberUnion

from campaigns.groups.model import BotRights


async def rights_of(bot: Bot, chat_id: int) -> BotRights:
    """The bot's rights; none in a chat that it is not in."""
    try:
        return rights_in(await bot.get_chat_member(chat_id, bot.id))
    except TelegramAPIError:
        return BotRights()


def rights_in(standing: ChatMemberUnion) -> BotRights:
    """The rights of a standing in a chat."""
    match standing:
        case ChatMemberOwner():
            return BotRights(pin=True, change_info=True, delete=True, restrict=True, invite=True)
        case ChatMemberAdministrator():
            return BotRights(
                pin=bool(standing.can_pin_messages),
                change_info=standing.can_change_info,
                delete=standing.can_delete_messages,
                restrict=standing.can_restrict_members,
                invite=standing.can_invite_users,
            )
        case _:
            return BotRights()
