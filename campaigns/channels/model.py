"""Channels: the ways on which a message of the bank reaches a customer."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to a customer; the value is what is stored."""

    PRIVATE = "private"  # a message in the private chat with the bot
    GROUP = "group"  # a post in a group
    TASK = "task"  # a manager's call or visit
    SMS = "sms"
    EMAIL = "email"
    STAFF_GROUP = "staff_group"  # a word to the group of the staff
    CODE = "code"  # a printed sheet with a code
    POPUP = "popup"  # simulated: a pop-up of the bank's app
    ACCOUNT = "account"  # simulated: an official account
