"""What can be wrong with a journey's file beyond what any form can have wrong."""

from enum import StrEnum


class JourneyFault(StrEnum):
    """What is wrong at one place."""

    BAD_CODE = "bad_code"
    TWICE = "twice"
    NO_TRIGGER = "no_trigger"
    NOT_OF_AUDIENCE = "not_of_audience"
    BAD_AUDIENCE = "bad_audience"
    ONE_ACT = "one_act"
    ONE_QUESTION = "one_question"
    UNKNOWN_STEP = "unknown_step"
    NOT_LATER = "not_later"
    NEVER_REACHED = "never_reached"
    BAD_TIME = "bad_time"
    UNTIL_OR_AT = "until_or_at"
    NO_SUCH_TAG = "no_such_tag"
    BAD_PAYLOAD = "bad_payload"
    TOO_LONG = "too_long"
