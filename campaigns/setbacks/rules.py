"""When something that could not go on is tried again."""

from datetime import timedelta

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)


def rest_after(times: int) -> timedelta:
    """How long it rests after so many failures: a minute, then twice as long each time, at most an hour."""
    return min(FIRST * int(2 ** min(times - 1, 10)), LONGEST)
