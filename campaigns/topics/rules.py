"""Pure rules of topics: reading a link, what may be told, who may judge it, which changes keep the counts."""

import re
from datetime import date

from campaigns.compliance.verdicts import Context, Outcome, Venue
from campaigns.compliance.words import check
from campaigns.offers.model import Text
from campaigns.topics.model import GENERAL, Blocked, Contribution, ContributionState, Topic, TopicRefusal

SHORTEST, LONGEST, MOST_OF_ONE = 2, 200, 3
TOKEN = re.compile(r"([a-z][a-z0-9-]{1,23})(?:_([1-9]\d?))?")


def read_token(token: str) -> tuple[str, int] | None:
    """The code and the edition that a link names: `first-car_2`; None for what is no link of a topic."""
    found = TOKEN.fullmatch(token)
    return (found[1], int(found[2] or GENERAL)) if found else None


def is_over(topic: Topic, today: date) -> bool:
    """Whether nothing is taken any more."""
    return today > topic.last


def may_tell(words: str, own: int) -> TopicRefusal | Blocked | None:
    """Whether words may wait for staff, `own` being how many of the same person stand: length, count, gate of words.

    The gate is asked as for a group, since personal data have no place on a public page either.
    """
    if not SHORTEST <= len(words) <= LONGEST:
        return TopicRefusal.BAD_LENGTH
    if own >= MOST_OF_ONE:
        return TopicRefusal.TOO_MANY
    for hit in check(words, Context(venue=Venue.GROUP)).hits:
        if hit.verdict is Outcome.BLOCK:
            return Blocked(hit.span, Text(hit.advice.zh, hit.advice.en))
    return None


def may_judge(contribution: Contribution, by: int) -> TopicRefusal | None:
    """Whether somebody may approve or reject: what waits, and never their own."""
    if contribution.member_id == by:
        return TopicRefusal.OWN
    return None if contribution.state is ContributionState.PENDING else TopicRefusal.JUDGED_ALREADY


def keeps_counts(before: Topic, after: Topic) -> bool:
    """Whether every edition keeps its number and place: links in the world go on to mean the same; more may follow."""
    places = [each.place for each in before.editions]
    return places == [each.place for each in after.editions][: len(places)]
