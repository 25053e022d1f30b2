"""Invite links of groups."""

from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import group_of, need_right
from sandbox.errors import bad_request
from sandbox.model import Chat, InviteLink, JsonObject

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
NO_RIGHT = "not enough rights to manage chat invite link"


def _group(call: Call) -> Chat:
    chat = group_of(call)
    need_right(call, chat, "can_invite_users", NO_RIGHT)
    return chat


def _new(call: Call, chat: Chat) -> InviteLink:
    url = "https://t.me/+" + "".join(call.world.random.choices(ALPHABET, k=16))
    chat.links[url] = InviteLink(url, call.bot.id)
    return chat.links[url]


def _shape(call: Call, link: InviteLink) -> JsonObject:
    if call.get("creates_join_request") and call.get("member_limit"):
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    link.name = call.get("name")
    link.expire_date = call.get("expire_date")
    link.member_limit = call.get("member_limit")
    link.creates_join_request = bool(call.get("creates_join_request"))
    return link.chat_invite_link(call.bot.user())


def _known(call: Call, chat: Chat) -> InviteLink:
    link = chat.links.get(call.params["invite_link"])
    if link is None or link.creator_id != call.bot.id:
        raise bad_request("INVITE_HASH_EXPIRED")
    return link


@method("createChatInviteLink")
def create(call: Call) -> JsonObject:
    """Create another invite link."""
    chat = _group(call)
    return _shape(call, _new(call, chat))


@method("exportChatInviteLink")
def export(call: Call) -> str:
    """Create a new primary link and revoke the former."""
    chat = _group(call)
    for link in chat.links.values():
        link.is_revoked = link.is_revoked or (link.is_primary and link.creator_id == call.bot.id)
    link = _new(call, chat)
    link.is_primary = True
    return link.url


@method("editChatInviteLink")
def edit(call: Call) -> JsonObject:
    """Change name, end or limit of the bot's own link."""
    return _shape(call, _known(call, _group(call)))


@method("revokeChatInviteLink")
def revoke(call: Call) -> JsonObject:
    """Make a link useless."""
    link = _known(call, _group(call))
    link.is_revoked = True
    return link.chat_invite_link(call.bot.user())
