"""Journeys and imported events on the terminal: a version's path, what changed, where everybody stands."""

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from campaigns.catalogue.model import Change
from campaigns.events.model import ImportReport
from campaigns.journeys.files import plain
from campaigns.journeys.model import Edition, Overview
from campaigns.members.model import Language
from handlers.terminal import say
from handlers.terminal.editions import made, made_words
from handlers.wording.journey_files import bad_line
from handlers.wording.journeys import overview, picture


def loaded_json(found: Edition, changes: Sequence[Change]) -> str:
    """The version that waits for its release, and what it changes."""
    told = {"journey": found.plan.name, "version": found.version, "is_new": bool(changes)}
    return json.dumps({**told, "changes": [vars(each) for each in changes]}, ensure_ascii=False)


def print_loaded(found: Edition, changes: Sequence[Change], console: Console) -> None:
    """The same as sentences."""
    if not changes:
        say(f"Nothing changed: version {found.version} of {found.plan.name} says the same.", console)
        return
    say(f"Version {found.version} of {found.plan.name} is kept and waits for a second person's release.", console)
    say(f"{len(changes)} places differ from the version before.", console)


def edition_json(found: Edition, history: Sequence[Edition]) -> str:
    """A version and the history as one JSON object."""
    versions = [made(each) for each in history]
    return json.dumps({**made(found), **plain(found.plan), "history": versions}, ensure_ascii=False)


def print_edition(found: Edition, history: Sequence[Edition], console: Console) -> None:
    """The path as text, then who made which version."""
    say(picture(found, Language.EN), console)
    for past in history:
        say(made_words(past), console)


def overviews_json(found: Sequence[Overview]) -> str:
    """Every journey with its figures as JSON."""
    return json.dumps([_overview(each) for each in found], ensure_ascii=False)


def print_overviews(found: Sequence[Overview], console: Console) -> None:
    """The same as staff read it in the chat."""
    for each in found:
        say(overview(each, Language.EN, may_steer=False).text, console)


def report_json(found: ImportReport) -> str:
    """What became of a file of events as one JSON object."""
    bad = [{"line": each.line, "fault": each.fault, "found": each.found} for each in found.bad]
    return json.dumps({"new": found.new, "known": found.known, "bad": bad}, ensure_ascii=False)


def print_report(found: ImportReport, console: Console) -> None:
    """The same as sentences, a line for each that was not taken."""
    say(f"{found.new} new events, {found.known} known already, {len(found.bad)} lines not taken.", console)
    for each in found.bad:
        say(bad_line(each, Language.EN), console)


def _overview(each: Overview) -> dict[str, Any]:
    figures = each.figures
    return {
        "journey": each.journey.name,
        "state": each.journey.state,
        "version": each.journey.version,
        "newest": each.journey.newest,
        "entered": figures.entered,
        "held_out": figures.held_out,
        "standing": dict(figures.standing),
        "ended": dict(figures.ended),
    }
