"""A visitor's stamp card as PNG: booths as fields, red seals where they were stamped, medals and how far they are.

What an event's cards have in common is drawn once and kept; a card pastes its seals and draws its own few words.
"""

import io
import random
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from campaigns.members.model import Language
from campaigns.members.rules import masked
from campaigns.rallies.model import Rally
from campaigns.stamp_cards.model import StampCard
from campaigns.stamp_cards.rules import goals
from handlers.pictures.fonts import SIMPLIFIED_CHINESE
from handlers.pictures.posters import wrapped
from handlers.wording import stamp_cards as words

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, MARGIN = 720, 32  # Two dots for each of a phone's 360.
OWNER, FIELD, MEDAL, FOOT = 128, 228, 96, 60
RING, SEAL, TURN, SPECKS = 112, 128, 10, 40
RED, DEEP, INK, QUIET = "#C2241C", "#A01C15", "#2B1D16", "#6E6054"
PAPER, CELL, DASH, GOLD, PALE, WHITE = "#FFF7EA", "#FFFFFF", "#C9B9A6", "#D69A12", "#EADFCE", "#FFFFFF"
TITLE_SIZES, NAME, SMALL = (46, 40, 34, 30), 27, 25
COLOURS, KEPT = 128, 8


@dataclass(frozen=True)
class Field:
    """A booth on the card: its code, its name, and what its seal says."""

    code: str
    name: str
    seal: str


@dataclass(frozen=True)
class Face:
    """The words that all cards of an event in one language share."""

    title: str
    moment: str
    foot: str
    fields: tuple[Field, ...]
    medals: tuple[str, ...]

    @property
    def columns(self) -> int:
        """Three booths in a row while they are few, so that names stay large."""
        return 3 if len(self.fields) <= 12 else 4 if len(self.fields) <= 20 else 5

    @property
    def head(self) -> int:
        """Height of the red head."""
        lines, size = self.title_lines
        return 24 + round(1.25 * size) * len(lines) + 68

    @property
    def title_lines(self) -> tuple[list[str], int]:
        """The title in at most two lines, as large as it fits."""
        largest, *smaller = ((wrapped(self.title, (WIDTH - 2 * MARGIN) / size), size) for size in TITLE_SIZES)
        if len(largest[0]) == 1:
            return largest
        lines, size = next((each for each in smaller if len(each[0]) <= 2), smaller[-1])
        return (lines if len(lines) <= 2 else [lines[0], f"{lines[1][:-1]}…"]), size

    @property
    def medals_top(self) -> int:
        """Where the medals begin."""
        return self.head + OWNER + FIELD * ceil(len(self.fields) / self.columns) + 8

    @property
    def height(self) -> int:
        """The picture's height."""
        return self.medals_top + MEDAL * len(self.medals) + FOOT

    def box(self, at: int) -> tuple[int, int, int, int]:
        """Where the booth of this place stands."""
        wide = (WIDTH - 2 * MARGIN) // self.columns
        left, top = MARGIN + wide * (at % self.columns), self.head + OWNER + FIELD * (at // self.columns)
        return left, top, left + wide, top + FIELD


@dataclass(frozen=True)
class Sheet:
    """An event's card with no stamp and with all of them, in one palette."""

    empty: "Image"
    stamped: "Image"


def stamp_card_png(card: StampCard, zone: ZoneInfo) -> bytes:
    """The card as PNG, 720 pixels wide; its holder's name is masked."""
    from PIL.Image import Dither

    face = face_of(card.rally, card.holder.language, zone)
    sheet = _sheet(face)
    drawn = sheet.empty.copy()
    for at, field in enumerate(face.fields):
        if field.code in card.stamps:
            drawn.paste(sheet.stamped.crop(face.box(at)), face.box(at))
    for part, top in ((_owner(card), face.head), (_medals(card), face.medals_top)):
        drawn.paste(part.quantize(palette=sheet.empty, dither=Dither.NONE), (0, top))
    written = io.BytesIO()
    drawn.save(written, "PNG", compress_level=3)
    return written.getvalue()


def face_of(rally: Rally, language: Language, zone: ZoneInfo) -> Face:
    """What all cards of a rally in one language show."""
    return Face(
        words.title_of(rally, language),
        words.moment_words(rally, zone, language),
        words.foot(rally, language),
        tuple(Field(booth.code, words.name_of(booth, language), words.seal_of(booth)) for booth in rally.booths),
        tuple(words.medal_of(target, language) for target in rally.targets),
    )


@lru_cache(KEPT)
def _sheet(face: Face) -> Sheet:
    """Drawn in full colour once; the palette holds paper, ink, seals and medals."""
    from PIL import Image

    empty, stamped = _blank(face, is_stamped=False), _blank(face, is_stamped=True)
    both = Image.new("RGB", (2 * WIDTH, face.height), PAPER)
    both.paste(empty, (0, 0))
    both.paste(stamped, (WIDTH, 0))
    both.paste(_sample(), (WIDTH, face.head))
    palette = both.quantize(COLOURS, dither=Image.Dither.NONE)
    return Sheet(*(each.quantize(palette=palette, dither=Image.Dither.NONE) for each in (empty, stamped)))


def _sample() -> "Image":
    """The colours of the parts that every card draws for itself."""
    part, pen = _part(2 * MEDAL)
    for at, is_won in enumerate((True, False)):
        _medal(pen, at * MEDAL, "勋章", "medal", is_won=is_won)
    return part


def _blank(face: Face, *, is_stamped: bool) -> "Image":
    """Head, fields and foot, with every field stamped or with none."""
    drawn, pen = _part(face.height)
    pen.rectangle((0, 0, WIDTH, face.head), RED)
    pen.rectangle((0, face.head - 8, WIDTH, face.head), DEEP)
    lines, size = face.title_lines
    for at, line in enumerate(lines):
        pen.text((MARGIN, 20 + round(1.25 * size) * at), line, WHITE, _font(size), stroke_width=1, stroke_fill=WHITE)
    pen.text((MARGIN, face.head - 60), _shortened(face.moment, WIDTH - 2 * MARGIN, SMALL), "#FFE9DC", _font(SMALL))
    for at, field in enumerate(face.fields):
        _draw_field(drawn, pen, field, face.box(at), is_stamped=is_stamped)
    pen.text((WIDTH / 2, face.height - 30), face.foot, QUIET, _font(SMALL), anchor="mm")
    return drawn


def _draw_field(
    drawn: "Image", pen: "ImageDraw", field: Field, box: tuple[int, int, int, int], *, is_stamped: bool
) -> None:
    left, top, right, bottom = box
    middle, height = (left + right) // 2, top + 14 + SEAL // 2
    pen.rounded_rectangle((left + 6, top + 4, right - 6, bottom - 8), 16, CELL, PALE, 2)
    if is_stamped:
        seal = _seal(field.seal, field.code)
        drawn.paste(RED, (middle - seal.width // 2, height - seal.height // 2), seal)
    else:
        _ring(pen, middle, height)
        pen.text((middle, height), field.code, DASH, _font(36), anchor="mm")
    name = f"{field.code} {field.name}" if is_stamped else field.name
    for at, line in enumerate(_two_lines(name, right - left - 28)):
        pen.text((middle, top + 166 + 32 * at), line, INK if is_stamped else QUIET, _font(NAME), anchor="mm")


def _ring(pen: "ImageDraw", x: int, y: int) -> None:
    """A dashed circle: here a stamp is missing."""
    box = (x - RING // 2, y - RING // 2, x + RING // 2, y + RING // 2)
    for start in range(0, 360, 18):
        pen.arc(box, start, start + 11, DASH, 3)


@lru_cache(KEPT * 32)
def _seal(text: str, code: str) -> "Image":
    """A seal as its ink's mask: a worn red square with characters left white, turned a little; the same every time."""
    from PIL import Image, ImageDraw

    chance = random.Random(f"{code}{text}")  # noqa: S311 - the wear of a picture, no secret.
    mask = Image.new("L", (2 * SEAL, 2 * SEAL), 0)
    pen = ImageDraw.Draw(mask)
    pen.rounded_rectangle((16, 16, 2 * SEAL - 16, 2 * SEAL - 16), 30, 255)
    pen.rounded_rectangle((27, 27, 2 * SEAL - 27, 2 * SEAL - 27), 22, 255, 0, 5)
    for character, x, y, size in _cut(text):
        pen.text((x, y), character, 0, _font(size), anchor="mm", stroke_width=3, stroke_fill=0)
    for _ in range(SPECKS):
        across, down, wide = (chance.uniform(*each) for each in ((16, 240), (16, 240), (1, 4)))
        pen.ellipse((across - wide, down - wide, across + wide, down + wide), 70)
    turned = mask.rotate(chance.uniform(-TURN, TURN), Image.Resampling.BICUBIC)
    return turned.resize((SEAL, SEAL), Image.Resampling.LANCZOS)


def _cut(text: str) -> list[tuple[str, int, int, int]]:
    """Where a seal's characters stand, at twice its size: columns from the right, as seals are read."""
    middle = SEAL
    if not words.CHINESE.match(text):
        return [(text, middle, middle, 92)]
    if len(text) == 1:
        return [(text, middle, middle, 150)]
    if len(text) == 2:
        return [(each, middle, middle + side * 46, 92) for each, side in zip(text, (-1, 1), strict=True)]
    places = [(1, -1), (1, 1), (-1, -1), (-1, 1)] if len(text) == 4 else [(1, -1), (1, 1), (-1, 0)]
    return [(each, middle + x * 46, middle + y * 46, 84) for each, (x, y) in zip(text, places, strict=True)]


def _owner(card: StampCard) -> "Image":
    """Whose card it is, how many stamps it has, and a bar of them."""
    drawn, pen = _part(OWNER)
    language = card.holder.language
    count = words.COUNT.say(language, stamped=card.stamped, booths=len(card.rally.booths))
    room = WIDTH - 2 * MARGIN - _font(40).getlength(count) - 24
    name = _shortened(words.OWNER.say(language, name=masked(card.holder.name)), room, 30)
    pen.text((MARGIN, 50), name, INK, _font(30), anchor="lm")
    pen.text((WIDTH - MARGIN, 48), count, RED, _font(40), anchor="rm", stroke_width=1, stroke_fill=RED)
    pen.rounded_rectangle((MARGIN, 88, WIDTH - MARGIN, 104), 8, PALE)
    if card.stamped:
        share = card.stamped / max(len(card.rally.booths), 1)
        pen.rounded_rectangle((MARGIN, 88, MARGIN + 16 + (WIDTH - 2 * MARGIN - 16) * share, 104), 8, RED)
    return drawn


def _medals(card: StampCard) -> "Image":
    """Every target as a medal, golden once it is won, with its progress in words."""
    drawn, pen = _part(MEDAL * max(len(card.rally.targets), 1))
    language = card.holder.language
    for at, goal in enumerate(goals(card)):
        title, far = words.medal_of(goal.target, language), words.goal_words(card.rally, goal, language)
        _medal(pen, at * MEDAL, title, far, is_won=goal.is_reached)
    return drawn


def _medal(pen: "ImageDraw", top: int, title: str, far: str, *, is_won: bool) -> None:
    x, y = MARGIN + 44, top + 54
    pen.polygon((x - 22, y - 46, x - 4, y - 46, x + 8, y - 12, x - 8, y - 12), RED if is_won else PALE)
    pen.polygon((x + 22, y - 46, x + 4, y - 46, x - 8, y - 12, x + 8, y - 12), DEEP if is_won else PALE)
    pen.ellipse((x - 28, y - 24, x + 28, y + 32), GOLD if is_won else CELL, "#A87400" if is_won else DASH, 4)
    pen.regular_polygon((x, y + 4, 13), 5, fill=WHITE if is_won else PALE)
    room = WIDTH - MARGIN - 120 - _font(28).getlength(far) - 20
    pen.text((120, y), _shortened(title, room, 30), INK if is_won else QUIET, _font(30), anchor="lm")
    pen.text((WIDTH - MARGIN, y), far, RED if is_won else INK, _font(28), anchor="rm")


def _part(height: int) -> "tuple[Image, ImageDraw]":
    from PIL import Image, ImageDraw

    part = Image.new("RGB", (WIDTH, height), PAPER)
    return part, ImageDraw.Draw(part)


def _two_lines(text: str, room: float) -> list[str]:
    """A name in at most two lines; the rest of a longer one is left out."""
    lines = wrapped(text, room / NAME)
    return [lines[0], _shortened(" ".join(lines[1:]), room, NAME)] if len(lines) > 2 else lines


def _shortened(text: str, room: float, size: int) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    font, shown = _font(size), text
    while len(shown) > 1 and font.getlength(shown) > room:
        shown = f"{shown.removesuffix('…')[:-1]}…"
    return shown


@cache
def _font(size: int) -> "FreeTypeFont":
    from noto_cjk_sans_otc import FONT_PATH
    from PIL import ImageFont

    return ImageFont.truetype(FONT_PATH, size, SIMPLIFIED_CHINESE, layout_engine=ImageFont.Layout.BASIC)
