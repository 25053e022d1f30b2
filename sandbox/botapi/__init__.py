"""The Bot API: each module holds one family of methods."""

from sandbox.botapi import (  # noqa: F401 - importing a family registers its methods
    about,
    callbacks,
    chats,
    editing,
    ephemeral,
    links,
    members,
    pins,
    polls,
    receiving,
    sending,
)
from sandbox.botapi.registry import METHODS, Call

__all__ = ["METHODS", "Call"]
