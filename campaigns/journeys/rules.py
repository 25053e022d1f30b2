"""Pure rules of the desk: whether a journey may be paused, resumed or stopped, and who is a second person."""

from campaigns.experiments.model import Experiment, GlobalControl, Place
from campaigns.experiments.rules import assign
from campaigns.journeys.model import LEDGER, Change, JourneyRefusal, JourneyState, Plan


def may_change(state: JourneyState, change: Change) -> JourneyState | JourneyRefusal:
    """The state that a journey takes by a change, or why it cannot."""
    match change:
        case Change.PAUSE:
            return JourneyState.PAUSED if state is JourneyState.RUNNING else JourneyRefusal.NOT_RUNNING
        case Change.RESUME:
            return JourneyState.RUNNING if state is JourneyState.PAUSED else JourneyRefusal.NOT_PAUSED
        case Change.STOP if state is JourneyState.STOPPED:
            return JourneyRefusal.STOPPED_ALREADY
        case Change.STOP:
            return JourneyState.STOPPED
        case _:
            return JourneyRefusal.NOT_RUNNING


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, however they are written: 李敏 at the desk is 李敏 (1) in the chat."""
    (name, number), (other_name, other_number) = _name_of(one), _name_of(other)
    return number == other_number if number and other_number else name == other_name


def _name_of(said: str) -> tuple[str, str]:
    """A name without its spaces, and the member's number that the chat puts behind it."""
    name, _, number = "".join(said.split()).casefold().removesuffix(")").rpartition("(")
    return (name, number) if name and number.isdecimal() else ("".join(said.split()).casefold(), "")


def is_held_out(plan: Plan, unit: str, everywhere: GlobalControl) -> bool:
    """Whether somebody hears no offer of a journey, by its own hold-out or the global control.

    The same people in all of its versions.
    """
    experiment = Experiment(f"{LEDGER}{plan.name}", hold_out=plan.hold_out)
    return assign(experiment, unit, everywhere).place is not Place.ARM
