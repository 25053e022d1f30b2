"""Groups: made, renamed, joined and left by people, who also add bots."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from sandbox import membership, messages
from sandbox.api.bodies import AddedBot, BotStanding, GroupChange, Joining, NewGroup
from sandbox.api.replies import TheBox, answer
from sandbox.errors import PersonRefused
from sandbox.model import RIGHTS, Chat, ChatKind, JsonObject, Member, Person
from sandbox.world import World

router = APIRouter(prefix="/api/groups", tags=["groups"])
FACES = 9


def group_summary(world: World, chat: Chat) -> JsonObject:
    """Return the group with its count of members and the first of them, as many as its picture shows."""
    inside = chat.inside()
    faces = [world.user(member.user_id) for member in inside[:FACES]]
    links = [link.chat_invite_link(world.user(link.creator_id)) for link in chat.links.values()]
    about = {"invite_links": links, "description": chat.description}
    return world.chat_object(chat) | {"members_count": len(inside), "faces": faces} | about


def group_view(world: World, chat: Chat) -> JsonObject:
    """Return the group with all its members."""
    members = [member.chat_member(world.user(member.user_id)) for member in chat.inside()]
    return group_summary(world, chat) | {"members": members}


@router.post("")
async def new_group(body: NewGroup, box: TheBox) -> Response:
    """Create a group with its owner and first members."""
    members = [box.world.person(person_id) for person_id in body.member_ids]
    owner = box.world.person(body.owner_id)
    chat = found_group(box.world, body.title, owner, members, body.kind, is_forum=body.is_forum)
    return answer(box.world.chat_object(chat))


def found_group(
    world: World,
    title: str,
    owner: Person,
    members: Sequence[Person] = (),
    kind: ChatKind = "supergroup",
    *,
    is_forum: bool = False,
) -> Chat:
    """Create a group, put its first members into it and say so in it."""
    chat = world.add_group(title, kind, owner, is_forum=is_forum)
    for person in members:
        if person is not owner:
            chat.members[person.id] = Member(person.id, "member")
    created = "supergroup_chat_created" if kind == "supergroup" else "group_chat_created"
    messages.post(world, chat, owner.id, {created: True})
    world.tell(chat, "chat")
    return chat


@router.get("/{chat}")
async def group(chat: int, box: TheBox) -> Response:
    """Return a group with its members and invite links."""
    return answer(group_view(box.world, box.world.group(chat)))


@router.patch("/{chat}")
async def change_group(chat: int, body: GroupChange, box: TheBox) -> Response:
    """Rename a group, as a person who may."""
    found = box.world.group(chat)
    person = box.world.person(body.person_id)
    if not found.member(person.id).may("can_change_info"):
        raise PersonRefused(f"{person.first_name} may not change this group.", 403)
    if body.title and body.title != found.title:
        found.title = body.title
        messages.post(box.world, found, person.id, {"new_chat_title": body.title})
    return answer(box.world.chat_object(found))


@router.post("/{chat}/members")
async def join(chat: int, body: Joining, box: TheBox) -> Response:
    """Let a person join."""
    membership.join(box.world, box.world.group(chat), box.world.person(body.person_id), url=body.invite_link)
    return answer({"joined": True})


@router.delete("/{chat}/members/{person_id}")
async def leave(chat: int, person_id: int, box: TheBox) -> Response:
    """Let a person leave."""
    membership.leave(box.world, box.world.group(chat), box.world.person(person_id).id)
    return answer({"left": True})


def _known_rights(rights: dict[str, bool] | None) -> dict[str, bool] | None:
    if unknown := (rights or {}).keys() - set(RIGHTS):
        raise PersonRefused(f"Unknown right {', '.join(sorted(unknown))}; there are {', '.join(RIGHTS)}.", 422)
    return rights


@router.post("/{chat}/bots")
async def add_bot(chat: int, body: AddedBot, box: TheBox) -> Response:
    """Add a bot as t.me/<bot>?startgroup=<parameter>&admin=<rights> does."""
    world = box.world
    found, bot = world.group(chat), world.bot(body.bot)
    rights = _known_rights(body.rights)
    membership.add_bot(world, found, world.person(body.person_id), bot, body.start_parameter, rights)
    return answer(found.member(bot.id).chat_member(bot.user()))


@router.patch("/{chat}/bots/{bot}")
async def change_bot(chat: int, bot: str, body: BotStanding, box: TheBox) -> Response:
    """Promote, demote or remove a bot."""
    world = box.world
    found, known, person = world.group(chat), world.bot(bot), world.person(body.person_id)
    if not body.remove:
        membership.promote_bot(world, found, person, known, _known_rights(body.rights))
    elif found.member(person.id).may("can_restrict_members"):
        membership.remove(world, found, known.id, person.id)
    else:
        raise PersonRefused(f"{person.first_name} may not remove members of this group.", 403)
    return answer(found.member(known.id).chat_member(known.user()))


@router.post("/{chat}/migrate")
async def migrate(chat: int, box: TheBox) -> Response:
    """Turn a group into a supergroup."""
    return answer(box.world.chat_object(membership.migrate(box.world, box.world.group(chat))))
