"""Who is in a group and with which rights: joining, leaving, bots added by people, removal, migration."""

from dataclasses import replace

from sandbox import entities, messages
from sandbox.errors import PersonRefused
from sandbox.model import Bot, Chat, InviteLink, JsonObject, Member, Person, filled
from sandbox.world import World


def join(world: World, chat: Chat, person: Person, by: int | None = None, url: str | None = None) -> None:
    """Let the person into the group, by an invite link when its address is given."""
    standing = chat.member(person.id)
    if standing.inside:
        raise PersonRefused(f"{person.first_name} is in the group already.", 409)
    if standing.status == "kicked" and not _served(world, standing):
        raise PersonRefused(f"{person.first_name} is banned from the group.", 403)
    link = open_link(world, chat, url) if url else None
    set_member(world, chat, Member(person.id, "member"), by or person.id, link)
    if link is not None:
        link.joined.append(person.id)
    messages.post(world, chat, by or person.id, {"new_chat_members": [person.user()]})


def _served(world: World, member: Member) -> bool:
    return 0 < member.until <= world.clock.timestamp()


def open_link(world: World, chat: Chat, url: str) -> InviteLink:
    """Return the link of this address when people can still join by it."""
    link = chat.links.get(url)
    if link is None or link.is_revoked:
        raise PersonRefused("This invite link does not exist or was revoked.", 404)
    if link.expire_date and link.expire_date <= world.clock.timestamp():
        raise PersonRefused("This invite link has expired.", 410)
    if link.member_limit and len(link.joined) >= link.member_limit:
        raise PersonRefused("This invite link has been used up.", 410)
    return link


def leave(world: World, chat: Chat, user_id: int) -> None:
    """Let a person or a bot leave the group."""
    if not chat.member(user_id).inside:
        raise PersonRefused(f"User {user_id} is not in the group.", 409)
    set_member(world, chat, Member(user_id, "left"), user_id)
    messages.post(world, chat, user_id, {"left_chat_member": world.user(user_id)})


def remove(world: World, chat: Chat, user_id: int, by: int, until: int = 0) -> None:
    """Throw a person or a bot out and keep them out until the given unix time (0: for ever)."""
    was_inside = chat.member(user_id).inside
    set_member(world, chat, Member(user_id, "kicked", until=until), by)
    if was_inside:
        messages.post(world, chat, by, {"left_chat_member": world.user(user_id)})


def set_member(world: World, chat: Chat, member: Member, by: int, link: InviteLink | None = None) -> None:
    """Give a user a new standing and tell the bots that Telegram would tell."""
    old = chat.member(member.user_id)
    chat.members[member.user_id] = member
    user = world.user(member.user_id)
    change = {
        "chat": world.chat_object(chat),
        "from": world.user(by),
        "date": world.date(),
        "old_chat_member": old.chat_member(user),
        "new_chat_member": member.chat_member(user),
    } | filled(invite_link=link and link.chat_invite_link(world.user(link.creator_id)))
    if member.user_id in world.state.bots:
        world.updates.add(member.user_id, "my_chat_member", change, f"chat:{chat.id}")
    else:
        _tell_administrating_bots(world, chat, change)
    world.tell(chat, "member", member=member.chat_member(user))


def _tell_administrating_bots(world: World, chat: Chat, change: JsonObject) -> None:
    for bot in world.bots_in(chat):
        if chat.member(bot.id).administers:
            world.updates.add(bot.id, "chat_member", change, f"chat:{chat.id}")


def add_bot(
    world: World, chat: Chat, person: Person, bot: Bot, parameter: str | None, rights: dict[str, bool] | None
) -> None:
    """Add a bot as a person does by a startgroup link; rights make it an administrator."""
    adder = chat.member(person.id)
    if not adder.inside or (rights is not None and not adder.may("can_promote_members")):
        raise PersonRefused(f"{person.first_name} may not add the bot to this group that way.", 403)
    if not chat.member(bot.id).inside:
        set_member(world, chat, _bot_standing(bot, rights), person.id)
        messages.post(world, chat, person.id, {"new_chat_members": [bot.user()]})
    elif rights is not None:
        promote_bot(world, chat, person, bot, rights)
    if parameter is not None:
        say(world, chat, person, f"/start@{bot.username} {parameter}".strip())


def _bot_standing(bot: Bot, rights: dict[str, bool] | None) -> Member:
    return Member(bot.id, "member") if rights is None else Member(bot.id, "administrator", rights=rights)


def promote_bot(world: World, chat: Chat, person: Person, bot: Bot, rights: dict[str, bool] | None) -> None:
    """Give the bot these administrator rights, or none."""
    if not chat.member(person.id).may("can_promote_members"):
        raise PersonRefused(f"{person.first_name} may not change rights in this group.", 403)
    if not chat.member(bot.id).inside:
        raise PersonRefused(f"@{bot.username} is not in this group.", 409)
    set_member(world, chat, _bot_standing(bot, rights), person.id)


def say(world: World, chat: Chat, person: Person, text: str) -> None:
    """Let the person write a line, with the entities Telegram finds in it."""
    content: JsonObject = {"text": text} | filled(entities=entities.detected(text, []) or None)
    messages.post(world, chat, person.id, content)


def migrate(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup, as Telegram does; returns the supergroup."""
    if chat.kind != "group":
        raise PersonRefused("Only a plain group can become a supergroup.", 409)
    owner = next(member.user_id for member in chat.members.values() if member.status == "creator")
    bots = world.bots_in(chat)
    heir = world.successor(chat)
    chat.members = {bot.id: replace(heir.members[bot.id]) for bot in bots}
    messages.post(world, chat, owner, {"migrate_to_chat_id": heir.id})
    chat.members = {}
    messages.post(world, heir, owner, {"migrate_from_chat_id": chat.id})
    world.tell(heir, "chat", migrated_from=chat.id)
    return heir
