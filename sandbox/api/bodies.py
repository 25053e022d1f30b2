"""The request bodies of the person's side, described for OpenAPI."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.faults import FaultRule


class Body(BaseModel):
    """A body that refuses names it does not know."""

    model_config = ConfigDict(extra="forbid")


class NewPerson(Body):
    """A person to create."""

    first_name: str = Field(min_length=1, max_length=64)
    last_name: str | None = Field(default=None, max_length=64)
    username: str | None = Field(default=None, pattern="^[A-Za-z][A-Za-z0-9_]{2,31}$")
    phone: str | None = Field(default=None, pattern=r"^\+?\d{5,15}$")
    language_code: str = "zh-hans"
    role: str | None = None
    colour: str | None = None


class NewPeople(Body):
    """Many people to create at once."""

    people: list[NewPerson] = Field(max_length=10_000)


class NewGroup(Body):
    """A group to create."""

    title: str = Field(min_length=1, max_length=128)
    owner_id: int
    kind: Literal["group", "supergroup"] = "supergroup"
    member_ids: list[int] = []
    is_forum: bool = False


class GroupChange(Body):
    """What a person changes in a group."""

    person_id: int
    title: str | None = Field(default=None, min_length=1, max_length=128)


class Joining(Body):
    """A person who joins, by an invite link or without."""

    person_id: int
    invite_link: str | None = None


class AddedBot(Body):
    """A bot added by a startgroup link."""

    person_id: int
    bot: str | int
    start_parameter: str | None = Field(default=None, pattern="^[A-Za-z0-9_-]{0,64}$")
    rights: dict[str, bool] | None = None


class BotStanding(Body):
    """New rights of a bot in a group, or its removal."""

    person_id: int
    rights: dict[str, bool] | None = None
    remove: bool = False


class BotChange(Body):
    """What the owner of a bot sets; an empty `main_web_app` takes it away."""

    privacy_mode: bool | None = None
    main_web_app: str | None = Field(default=None, max_length=2048)
    first_name: str | None = Field(default=None, min_length=1, max_length=64)


class NewBot(Body):
    """A bot to create or rename."""

    token: str
    username: str | None = None
    first_name: str | None = None


class Origin(Body):
    """The message a forwarded one comes from."""

    chat: str | int
    message_id: int


class SharedContact(Body):
    """A contact card typed in by hand."""

    phone_number: str
    first_name: str
    last_name: str | None = None
    user_id: int | None = None


class NewMessage(Body):
    """What a person sends: exactly one of the contents, or `edit_of` with a text."""

    person_id: int
    text: str | None = Field(default=None, min_length=1, max_length=4096)
    sticker: str | None = Field(default=None, description="an emoji")
    photo_base64: str | None = None
    caption: str | None = Field(default=None, max_length=1024)
    poll: dict[str, Any] | None = Field(
        default=None, description="question, options, is_anonymous, allows_multiple_answers"
    )
    contact: SharedContact | None = None
    forward_from: Origin | None = None
    reply_to_message_id: int | None = None
    edit_of: int | None = None


class Start(Body):
    """A deep link t.me/<bot>?start=<parameter>."""

    person_id: int
    parameter: str | None = Field(default=None, pattern="^[A-Za-z0-9_-]{1,64}$")


class ContactSharing(Body):
    """The share-contact button; `contact_of` forwards another person's contact instead."""

    person_id: int
    contact_of: int | None = None


class ChatSharing(Body):
    """The choose-a-chat button: a group of the person's, or the title of one to create for it."""

    person_id: int
    request_id: int
    chat: int | None = None
    title: str | None = Field(default=None, min_length=1, max_length=128)


class AppOpening(Body):
    """A Mini App to open: the address of a button, or without one the bot's main app."""

    bot: str | int
    url: str | None = Field(default=None, max_length=2048)
    start_parameter: str | None = Field(default=None, pattern="^[A-Za-z0-9_-]{0,512}$")


class AppData(Body):
    """What a keyboard button's Mini App hands to the bot; at most 4096 bytes."""

    person_id: int
    button_text: str
    data: str = Field(min_length=1, max_length=4096)


class NewTap(Body):
    """A press: by the button's text, by its place, or with literal (perhaps forged) data."""

    person_id: int
    text: str | None = None
    row: int | None = None
    column: int | None = None
    data: str | None = Field(default=None, max_length=64)
    wait: float = Field(default=0, ge=0, le=60)


class TapsTogether(Body):
    """The same button pressed by many people at the same moment."""

    person_ids: list[int] = Field(max_length=10_000)
    text: str
    wait: float = Field(default=0, ge=0, le=60)


class Reaction(Body):
    """An emoji a person puts on a message; null takes it off."""

    person_id: int
    emoji: str | None = None


class Vote(Body):
    """The options of a poll a person chooses, counted from 0; none takes the vote back."""

    person_id: int
    options: list[int] = Field(max_length=12)


class Blocking(Body):
    """The bot that a person blocks or unblocks."""

    bot: str | int


class ClockTurn(Body):
    """A turn of the clock: jump by a span (`3d4h` or seconds), to a moment, or another rate."""

    advance: str | float | None = None
    now: datetime | None = None
    rate: float | None = Field(default=None, ge=0, le=100_000)


class FaultSettings(Body):
    """The rules in force, and the published limits: on, off, or with other numbers."""

    rules: list[FaultRule] = []
    limits: bool | dict[str, float] | None = None
