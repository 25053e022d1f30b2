"""The board's page and the JSON it shows: figures in the reader's words, nobody's name but masked."""

from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.boards.model import GRACE, Board, BoothLine, GiftLine, Notice, NoticeKind, Preview
from campaigns.members.model import Language
from campaigns.rallies.model import BoothState, RallyState, Target
from handlers.wording import boards as words
from handlers.wording.pauses import PAUSE_REASONS, reason
from handlers.wording.rally_pages import of_both
from handlers.wording.suspicions import REASONS

ROOM = Path(__file__).parent / "templates"
LONG_WAIT = 15  # Minutes from which a queue is marked.
TURNED = {RallyState.ANNOUNCED, RallyState.RUNNING}  # The states in which booths pause and open again.


def board_json(board: Board, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """The whole board."""
    rally, is_zh = board.rally, language is Language.ZH
    totals = board.totals
    return {
        "title": rally.title_zh if is_zh else rally.title_en,
        "state": words.STATES[rally.state].say(language),
        "hours": f"{words.clock(rally.starts_at, zone)}–{words.clock(rally.ends_at, zone)}",
        "at": words.clock(board.at, zone),
        "totals": {
            "visitors": totals.visitors,
            "nearby": totals.nearby,
            "stamps": totals.stamps - totals.void,
            "medals": totals.medals,
            "gifts": totals.gifts,
            "refused": totals.refused_codes,
            "pending": totals.waiting_messages,
        },
        "minutes": [list(each) for each in ((minute.arrivals, minute.stamps) for minute in board.minutes)],
        "booths": [_booth(each, board, zone, language) for each in board.booths],
        "gifts": [_gift(each, board, zone, language) for each in board.gifts],
        "coupons": [
            {
                "title": each.title_zh if is_zh else each.title_en,
                "stock": each.stock,
                "issued": each.issued,
                "redeemed": each.redeemed,
            }
            for each in board.coupons
        ],
        "suspects": [
            {
                "name": each.name,
                "score": each.score,
                "state": each.state,
                "why": "；".join(REASONS[sign].say(language, n=times) for sign, times in each.signs),
            }
            for each in board.suspects
        ],
        "notices": [notice_json(each, board, zone, language) for each in board.notices],
        "tell": _choices(board, (NoticeKind.GIFTS_LOW, NoticeKind.ENDING), language),
    }


def notice_json(each: Notice, board: Board, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """A notice that was placed; `seconds` are left to take it back."""
    left = (each.leaves_at - board.at).total_seconds()
    label = words.NOTICE_LABELS[each.kind].say(language)
    return {
        "id": each.id,
        "label": f"{each.booth} · {label}" if each.booth else label,
        "at": words.clock(each.placed_at, zone),
        "heads": each.heads,
        "taken_back": each.cancelled_at is not None,
        "seconds": 0 if each.cancelled_at else max(0, min(int(left), int(GRACE.total_seconds()))),
    }


def preview_json(found: Preview) -> dict[str, Any]:
    """A notice before it is sent, in both languages."""
    return {"zh": found.zh, "en": found.en, "heads": found.heads, "spared": found.spared}


def labels_json(language: Language) -> dict[str, Any]:
    """Every word of the page, and the reasons that pause a booth with one tap."""
    reasons = [{"stored": each.zh, "label": each.say(language)} for each in PAUSE_REASONS]
    return {"labels": words.labels(language), "reasons": reasons}


def _booth(line: BoothLine, board: Board, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    booth = line.booth
    is_open = booth.opens_at <= board.at < booth.closes_at
    paused = booth.state is BoothState.PAUSED
    told = (each.kind for each in board.notices if each.booth == booth.code and each.cancelled_at is None)
    if paused:
        kind = NoticeKind.PAUSED
    else:
        kind = NoticeKind.RESUMED if next(told, None) is NoticeKind.PAUSED else NoticeKind.FREE
    tasting = None
    if booth.tastings_left is not None:
        ends = words.runs_out(line.tastings_end, booth.tastings_left, booth.closes_at, zone, language)
        tasting = {"left": booth.tastings_left, "ends": ends}
    return {
        "code": booth.code,
        "name": booth.name_zh if language is Language.ZH else booth.name_en,
        "zone": of_both(booth.zone, language),
        "paused": paused,
        "open": is_open,
        "reason": reason(booth.reason, language),
        "queue": words.queue(line.waiting, line.wait_minutes, language) if is_open and not paused else "",
        "busy": not paused and line.wait_minutes >= LONG_WAIT,
        "stamps": line.stamps,
        "recent": line.recent,
        "tastings": tasting,
        "turns": board.rally.state in TURNED,
        "tell": _choices(board, (kind,), language),
    }


def _gift(line: GiftLine, board: Board, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    plan = next(each for each in board.rally.plan.gifts if each.target == line.target)
    return {
        "title": line.title_zh if language is Language.ZH else line.title_en,
        "target": line.target,
        "medal": next(_name(each, language) for each in board.rally.targets if each.code == line.target),
        "medals": line.medals,
        "given": line.given,
        "left": line.left,
        "substitutes": line.substitutes_left if plan.substitute else None,
        "ends": words.runs_out(line.ends, line.left, board.rally.ends_at, zone, language),
        "soon": line.left <= 0 or (line.ends is not None and line.ends.middle < board.rally.ends_at),
    }


def _name(target: Target, language: Language) -> str:
    return target.title_zh if language is Language.ZH else target.title_en


def _choice(kind: NoticeKind, language: Language) -> dict[str, str]:
    return {"kind": kind, "label": words.NOTICE_LABELS[kind].say(language)}


@cache
def asset(name: str) -> str:
    """The page, its script or its style."""
    return (ROOM / name).read_text("utf-8")


def _choices(board: Board, kinds: tuple[NoticeKind, ...], language: Language) -> list[dict[str, Any]]:
    """Notices are for those who are there: none once it is over."""
    return [_choice(kind, language) for kind in kinds] if board.rally.state is RallyState.RUNNING else []
