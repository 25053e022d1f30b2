"""The file of a topic: read whole with every fault in its place, its words asked of the gate, written back again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.parts import ask_gate, plain_text, read_both, read_code, read_day
from campaigns.compliance.verdicts import Venue
from campaigns.forms.faults import FaultError, whole_file
from campaigns.forms.reading import Form
from campaigns.topics.model import Edition, Topic

EXAMPLE = Path(__file__).with_name("example.yaml")
LONGEST_TITLE, LONGEST_PROMPT, LONGEST_NAME, MOST_EDITIONS = 40, 120, 40, 50


def read_topic(text: str) -> Topic:
    """Read a whole file.

    Raises:
        FileError: names what is wrong, where, and its line.
    """
    with whole_file(text, CatalogueFault.TOO_LONG) as (form, faults):
        found = faults.part(None, _checked, form)
    assert found is not None  # What could not be read has been refused.
    return found


def restored(told: Mapping[str, Any]) -> Topic:
    """The topic behind its stored form; its words were checked when it was kept."""
    return _topic(Form(told))


def plain(topic: Topic) -> dict[str, Any]:
    """The topic in the file's own form, in JSON's types."""
    found: dict[str, Any] = {
        "code": topic.code,
        "title": plain_text(topic.title),
        "prompt": plain_text(topic.prompt),
        "until": topic.last.isoformat(),
        "contact": topic.contact,
    }
    if topic.editions:
        found["editions"] = [{"place": each.place, "words": plain_text(each.words)} for each in topic.editions]
    return found


def _checked(form: Form) -> Topic:
    topic = _topic(form)
    ask_gate(form.place("title"), (topic.title, topic.prompt, *(each.words for each in topic.editions)), Venue.PAGE)
    return topic


def _topic(form: Form) -> Topic:
    topic = Topic(
        code=read_code(form),
        title=read_both(form, "title", LONGEST_TITLE),
        prompt=read_both(form, "prompt", LONGEST_PROMPT),
        last=read_day(form, "until"),
        contact=form.text("contact", LONGEST_NAME),
        editions=tuple(_edition(each) for each in _editions(form)),
    )
    form.finish()
    for at, each in enumerate(topic.editions, start=1):
        if each.place in {other.place for other in topic.editions[: at - 1]}:
            raise FaultError(CatalogueFault.TWICE, form.place(f"editions.{at}.place"), each.place)
    return topic


def _editions(form: Form) -> list[Form]:
    return form.forms("editions", MOST_EDITIONS) if form.has("editions") else []


def _edition(form: Form) -> Edition:
    found = Edition(form.text("place", LONGEST_NAME), read_both(form, "words", LONGEST_PROMPT))
    form.finish()
    return found
