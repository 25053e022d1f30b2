"""What the world is made of: people, bots, chats, members, messages, files and taps."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
ChatKind: TypeAlias = Literal["private", "group", "supergroup"]
Status: TypeAlias = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
OPEN_PERMISSIONS = {name: not name.startswith(("can_change", "can_pin", "can_manage")) for name in PERMISSIONS}


def filled(**fields: Any) -> JsonObject:
    """Return these fields without the empty ones, as Telegram leaves them out."""
    return {name: value for name, value in fields.items() if value is not None}


@dataclass
class Person:
    """Somebody with a phone; `opened` and `blocked` hold the ids of bots."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    language_code: str = "zh-hans"
    role: str | None = None
    colour: str | None = None
    opened: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)

    def user(self) -> JsonObject:
        """Return Telegram's User."""
        return filled(
            id=self.id,
            is_bot=False,
            first_name=self.first_name,
            last_name=self.last_name,
            username=self.username,
            language_code=self.language_code,
        )

    def names(self) -> JsonObject:
        """Return the names as they stand in a private chat and in a contact."""
        return filled(first_name=self.first_name, last_name=self.last_name)


@dataclass
class Bot:
    """A bot; the texts are kept per language code, the commands per scope and language code."""

    id: int
    token: str
    username: str
    first_name: str
    privacy_mode: bool = True
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[JsonObject]] = field(default_factory=dict)
    menu_buttons: dict[str, JsonObject] = field(default_factory=dict)
    main_web_app: str | None = None

    def user(self) -> JsonObject:
        """Return Telegram's User."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def me(self) -> JsonObject:
        """Return the User that getMe answers."""
        return self.user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy_mode,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": self.main_web_app is not None,
        }


@dataclass
class Member:
    """The standing of a person or a bot in a group; `until` is unix seconds, 0 for ever."""

    user_id: int
    status: Status
    rights: dict[str, bool] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=dict)
    until: int = 0
    title: str | None = None

    @property
    def inside(self) -> bool:
        """Whether the member is in the group now."""
        if self.status == "restricted":
            return self.rights.get("is_member", True)
        return self.status not in {"left", "kicked"}

    @property
    def administers(self) -> bool:
        """Whether the member is an administrator or the owner."""
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        """Whether the member holds this administrator right."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, False))

    def chat_member(self, user: JsonObject) -> JsonObject:
        """Return Telegram's ChatMember of this status."""
        common = {"status": self.status, "user": user}
        if self.status == "creator":
            return common | filled(is_anonymous=False, custom_title=self.title)
        if self.status == "administrator":
            rights = {name: self.rights.get(name, name == "can_manage_chat") for name in RIGHTS}
            return common | {"can_be_edited": False} | rights | filled(custom_title=self.title)
        if self.status == "restricted":
            allowed = {name: self.permissions.get(name, False) for name in PERMISSIONS}
            return common | {"is_member": self.inside, "until_date": self.until} | allowed
        return common | ({"until_date": self.until} if self.status == "kicked" else {})


@dataclass
class InviteLink:
    """An invite link of a group; `joined` are the people who came by it."""

    url: str
    creator_id: int
    name: str | None = None
    expire_date: int | None = None
    member_limit: int | None = None
    creates_join_request: bool = False
    is_primary: bool = False
    is_revoked: bool = False
    joined: list[int] = field(default_factory=list)

    def chat_invite_link(self, creator: JsonObject) -> JsonObject:
        """Return Telegram's ChatInviteLink."""
        return filled(
            invite_link=self.url,
            creator=creator,
            creates_join_request=self.creates_join_request,
            is_primary=self.is_primary,
            is_revoked=self.is_revoked,
            name=self.name,
            expire_date=self.expire_date,
            member_limit=self.member_limit,
        )


@dataclass
class StoredMessage:
    """A message as the bot sees it, with what only the sandbox knows; `receiver` marks an ephemeral one.

    `born` and `seq` are the numbers of the events that made it and changed it last; `reactions` and `votes` go by user.
    """

    body: JsonObject
    author: int
    seq: int = 0
    born: int = 0
    deleted: bool = False
    edits: int = 0
    receiver: int | None = None
    replaces: int | None = None
    editable: bool = True
    reactions: dict[int, list[JsonObject]] = field(default_factory=dict)
    votes: dict[int, list[int]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The message's number in its chat (an ephemeral message has its own row of numbers)."""
        return int(self.body.get("ephemeral_message_id") or self.body["message_id"])


@dataclass
class Chat:
    """A chat; a private one belongs to one person and one bot, and its id is the person's as the bot sees it."""

    key: str
    id: int
    kind: ChatKind
    title: str | None = None
    username: str | None = None
    description: str | None = None
    is_forum: bool = False
    person_id: int | None = None
    bot_id: int | None = None
    members: dict[int, Member] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=lambda: dict(OPEN_PERMISSIONS))
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    ephemeral: dict[int, StoredMessage] = field(default_factory=dict)
    last_message_id: int = 0
    last_ephemeral_id: int = 0
    pinned: list[int] = field(default_factory=list)
    links: dict[str, InviteLink] = field(default_factory=dict)
    keyboards: dict[int, JsonObject] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    migrated_to: int | None = None
    last_bot: int | None = None
    seq: int = 0

    @property
    def is_private(self) -> bool:
        """Whether this is a chat of one person with one bot."""
        return self.kind == "private"

    @property
    def called(self) -> str:
        """How Telegram's errors call this kind of chat."""
        return "supergroup" if self.kind == "supergroup" else "group"

    def member(self, user_id: int) -> Member:
        """Return the standing of this user; a stranger has left."""
        return self.members.get(user_id) or Member(user_id, "left")

    def inside(self) -> list[Member]:
        """Return the members who are in the group now."""
        return [member for member in self.members.values() if member.inside]


@dataclass
class StoredFile:
    """A file that a bot or a person sent; the bytes are kept beside the world, not in it."""

    file_id: str
    unique_id: str
    path: str
    size: int
    mime_type: str
    name: str | None = None
    width: int = 0
    height: int = 0

    def photo_size(self) -> JsonObject:
        """Return Telegram's PhotoSize."""
        return self.reference() | {"width": self.width, "height": self.height}

    def document(self) -> JsonObject:
        """Return Telegram's Document."""
        return self.reference() | filled(file_name=self.name, mime_type=self.mime_type)

    def reference(self) -> JsonObject:
        """Return the three fields that every file object carries."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}


@dataclass
class Tap:
    """A press on an inline button; `at` counts in the clock's patience, `seconds` is how long its answer took."""

    id: str
    bot_id: int
    person_id: int
    chat_key: str
    message_id: int
    data: str
    at: float
    forged: bool = False
    answered: bool = False
    answer: JsonObject | None = None
    seconds: float | None = None

    def is_answered(self) -> bool:
        """Whether the bot has answered."""
        return self.answered
