"""Pure rules of the checklist: its items, what is open, and when a promotion may be scheduled (S-182)."""

from campaigns.checklists.model import LONGEST_REASON, Checklist, ChecklistRefusal, Department, Item, Task

TASKS = (
    Task(Item.AUDIENCE_AGREED, Department.RETAIL),
    Task(Item.STAFF_TRAINED, Department.RETAIL),
    Task(Item.PRODUCT_OPEN, Department.CARDS),
    Task(Item.BENEFITS_STOCKED, Department.CARDS),
    Task(Item.LINKS_TRIED, Department.TECHNOLOGY),
    Task(Item.LOAD_AGREED, Department.TECHNOLOGY, is_required=False),
    Task(Item.HOTLINE_BRIEFED, Department.OPERATIONS),
    Task(Item.COMPLAINTS_STAFFED, Department.OPERATIONS, is_required=False),
)


def open_items(found: Checklist) -> tuple[Item, ...]:
    """The required items that nobody has marked, in the list's order."""
    done = {mark.item for mark in found.marks}
    return tuple(task.item for task in TASKS if task.is_required and task.item not in done)


def is_ready(found: Checklist) -> bool:
    """Whether the promotion may be scheduled: everything required is ready, or a lead took it upon themselves."""
    return found.override is not None or not open_items(found)


def override(found: Checklist, reason: str) -> str | ChecklistRefusal:
    """The reason with which a lead lets it start in spite of what is open, in one line."""
    if not open_items(found):
        return ChecklistRefusal.NOTHING_OPEN
    said = " ".join(reason.split())
    return said if 0 < len(said) <= LONGEST_REASON else ChecklistRefusal.NO_REASON
