"""How each booth's queue goes over a rehearsed day."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from campaigns.rehearsals.model import Course, Queue, Visit


def queues(course: Course, booths: Sequence[str]) -> tuple[Queue, ...]:
    """Every booth's day, in the order of the file."""
    return tuple(_queue(code, course) for code in booths)


def _queue(code: str, course: Course) -> Queue:
    visits = [visit for visit in course.visits if visit.booth == code]
    given_up = course.given_up.get(code, 0)
    if not visits:
        return Queue(code, 0, 0, 0, 0, 0, None, given_up)
    minutes = sorted(visit.waited.total_seconds() / 60 for visit in visits)
    heads, heads_at = max(_lengths(visits), key=lambda each: each[0])
    p95 = minutes[min(len(minutes) - 1, int(len(minutes) * 0.95))]
    return Queue(code, len(visits), sum(minutes) / len(minutes), p95, minutes[-1], heads, heads_at, given_up)


def _lengths(visits: Sequence[Visit]) -> Iterator[tuple[int, datetime]]:
    """How many wait, whenever that changes; who leaves in the same moment is gone before the next comes."""
    changes = [(visit.came_at, 1) for visit in visits] + [(visit.begun_at, -1) for visit in visits]
    heads = 0
    for at, change in sorted(changes):
        heads += change
        yield max(heads, 0), at
