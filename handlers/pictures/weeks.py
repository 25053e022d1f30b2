"""A manager's week: contacts by day and way, and what became of the follow-ups."""

from datetime import timedelta
from typing import Any

from campaigns.briefs.model import Day, Week
from handlers.pictures import colours
from handlers.pictures.drawing import draw
from handlers.pictures.raster import png_of
from handlers.wording.pictures import WEEK, WEEKDAYS, both

BOTTOM, HIGH, DAYS = 258.0, 150.0, 7
WAYS = (("messages", colours.CLASSES["A"]), ("calls", colours.CLASSES["B"]), ("visits", colours.CLASSES["C"]))
TILES = (("opened", colours.INK), ("done", colours.INK), ("refused", colours.INK), ("dropped", colours.INK))


def week_png(found: Week) -> bytes:
    """The week as PNG, 1,080 pixels wide."""
    return png_of(week_svg(found))


def week_svg(found: Week) -> str:
    """Stacked bars from Monday to Sunday, and the follow-ups' figures below."""
    days = {day.day: day for day in found.days}
    shown = [days.get(found.first + timedelta(at), Day(found.first + timedelta(at), 0, 0, 0)) for at in range(DAYS)]
    top = scale(max(sum(day[1:]) for day in shown))
    ways = [
        {"zh": WEEK[name].zh, "en": WEEK[name].en, "colour": colour, "total": sum(getattr(day, name) for day in shown)}
        for name, colour in WAYS
    ]
    return draw(
        "week",
        words=WEEK,
        span=f"{found.first} – {found.first + timedelta(DAYS - 1)}",
        ways=ways,
        top=top,
        marks=[0, top // 2, top],
        days=[_bars(day, at, top) for at, day in enumerate(shown)],
        tiles=[*(_tile(found, name, colour) for name, colour in TILES), _late(found)],
        reached=WEEK["reached"].zh.format(proposed=found.proposed, reached=found.reached, skipped=found.skipped),
    )


def scale(most: int) -> int:
    """The axis' end: an even number that holds the highest day, at least 4."""
    return max(most + most % 2, 4)


def _bars(day: Day, at: int, top: int) -> dict[str, Any]:
    bars, y = [], BOTTOM
    for name, colour in WAYS:
        height = HIGH * getattr(day, name) / top
        y -= height
        bars.append({"y": y, "height": height, "colour": colour})
    zh, en = both(WEEKDAYS[at])
    return {"bars": bars, "total": sum(day[1:]), "label": y - 4, "zh": zh, "en": en}


def _tile(found: Week, name: str, colour: str) -> dict[str, Any]:
    zh, en = both(WEEK[name])
    return {"number": getattr(found, name), "zh": zh, "en": en, "colour": colour}


def _late(found: Week) -> dict[str, Any]:
    return _tile(found, "late", colours.ALARM if found.late else colours.INK)
