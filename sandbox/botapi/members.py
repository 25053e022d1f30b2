"""Methods that remove and restrict members."""

from dataclasses import replace

from sandbox import membership
from sandbox.botapi.registry import Call, method
from sandbox.botapi.targets import group_of, member_of, need_right
from sandbox.errors import bad_request
from sandbox.model import Chat, Member

NO_RIGHT = "not enough rights to restrict/unrestrict chat member"
SHORTEST, LONGEST = 30, 366 * 86_400


def _ordinary(call: Call, chat: Chat) -> Member:
    member = member_of(call, chat)
    need_right(call, chat, "can_restrict_members", NO_RIGHT)
    if member.user_id == call.bot.id:
        raise bad_request("can't restrict self")
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.administers:
        raise bad_request("user is an administrator of the chat")
    return member


def _until(call: Call) -> int:
    until = int(call.get("until_date") or 0)
    span = until - call.world.clock.timestamp()
    return until if SHORTEST <= span <= LONGEST else 0


@method("banChatMember")
def ban(call: Call) -> bool:
    """Throw a member out and keep them out."""
    chat = group_of(call)
    member = _ordinary(call, chat)
    membership.remove(call.world, chat, member.user_id, call.bot.id, _until(call))
    return True


@method("unbanChatMember")
def unban(call: Call) -> bool:
    """Let a banned user come back; without only_if_banned a member is thrown out, as in Telegram."""
    chat = group_of(call)
    member = _ordinary(call, chat)
    if member.status == "kicked":
        membership.set_member(call.world, chat, Member(member.user_id, "left"), call.bot.id)
    elif member.inside and not call.get("only_if_banned"):
        membership.remove(call.world, chat, member.user_id, call.bot.id)
        membership.set_member(call.world, chat, Member(member.user_id, "left"), call.bot.id)
    return True


@method("restrictChatMember")
def restrict(call: Call) -> bool:
    """Limit what a member of a supergroup may send."""
    chat = group_of(call)
    if chat.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    member = _ordinary(call, chat)
    if not member.inside:
        raise bad_request("user not found")
    permissions = {name: bool(allowed) for name, allowed in call.params["permissions"].items()}
    free = all(permissions.get(name, False) for name, allowed in chat.permissions.items() if allowed)
    new = (
        Member(member.user_id, "member")
        if free
        else replace(member, status="restricted", permissions=permissions, until=_until(call))
    )
    membership.set_member(call.world, chat, new, call.bot.id)
    return True
