"""Formatted text: HTML and MarkdownV2 into plain text with entities, and the entities Telegram finds by itself."""

import html
import re
from dataclasses import dataclass

from sandbox.errors import BotApiError, bad_request
from sandbox.model import JsonObject

HTML_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z-]*)(?P<rest>[^>]*)>")
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
PLAIN = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z][A-Za-z0-9_]{2,31})?(?![\w/]))"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<mention>(?<!\w)@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w))"
    r"|(?P<url>https?://[^\s<>\"]+|(?<![\w.])t\.me/[^\s<>\"]+)"
    r"|(?P<hashtag>(?<!\w)#[^\W\d_]\w*)",
)
RESERVED = set("_*[]()~`>#+-=|{}.!")
MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}


def units(text: str) -> int:
    """Return the length in UTF-16 code units, in which entities count."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    kind: str
    start: int
    extra: JsonObject
    order: int


class _Text:
    """Plain text and entities under construction."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.entities: list[tuple[int, JsonObject]] = []
        self.opened = 0
        self.open: list[_Open] = []

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += units(text)

    def start(self, tag: str, kind: str, extra: JsonObject) -> None:
        self.opened += 1
        self.open.append(_Open(tag, kind, self.length, extra, self.opened))

    def end(self) -> None:
        opened = self.open.pop()
        if opened.kind == "text_link" and not opened.extra:
            return
        if self.length > opened.start:
            entity = {"type": opened.kind, "offset": opened.start, "length": self.length - opened.start}
            self.entities.append((opened.order, entity | opened.extra))

    def finish(self) -> tuple[str, list[JsonObject]]:
        ordered = sorted(self.entities, key=lambda one: (one[1]["offset"], -one[1]["length"], one[0]))
        return "".join(self.parts), [entity for _, entity in ordered]


def parse(text: str, mode: str | None) -> tuple[str, list[JsonObject]]:
    """Return plain text and entities of a parse mode; Telegram's 400 for broken markup."""
    if not mode:
        return text, []
    if mode.lower() == "html":
        return _parse_html(text)
    if mode.lower() == "markdownv2":
        return _Markdown(text).parse()
    if mode.lower() == "markdown":
        raise BotApiError(501, "Not Implemented: parse_mode Markdown is not implemented by the sandbox; use HTML")
    raise bad_request("unsupported parse_mode")


def _cannot(reason: str) -> BotApiError:
    return bad_request(f"can't parse entities: {reason}")


def _parse_html(text: str) -> tuple[str, list[JsonObject]]:
    out = _Text()
    position = 0
    while (found := text.find("<", position)) >= 0:
        out.add(_unescape(text[position:found]))
        at = len(text[:found].encode())
        tag = TAG.match(text, found)
        if tag is None:
            raise _cannot(f"Unsupported start tag {_word(text[found + 1 :])} at byte offset {at}")
        _close_tag(out, tag, at) if tag["close"] else _open_tag(out, tag, at)
        position = tag.end()
    out.add(_unescape(text[position:]))
    if out.open:
        end = len(text.encode())
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{out.open[-1].tag}" at byte offset {end}')
    return out.finish()


def _word(text: str) -> str:
    return '"' + re.split(r"[\s>]", text, maxsplit=1)[0].lower() + '"'


def _unescape(text: str) -> str:
    return REFERENCE.sub(lambda found: html.unescape(found[0]), text)


def _open_tag(out: _Text, tag: re.Match[str], at: int) -> None:
    name = tag["name"].lower()
    attributes = {key.lower(): _unescape(a or b or c) for key, a, b, c in ATTRIBUTE.findall(tag["rest"])}
    if name not in HTML_TAGS or (name == "span" and attributes.get("class") != "tg-spoiler"):
        raise _cannot(f'Unsupported start tag "{name}" at byte offset {at}')
    kind, extra = HTML_TAGS[name], {}
    if name == "a" and attributes.get("href"):
        extra = {"url": attributes["href"]}
    elif name == "tg-emoji":
        extra = {"custom_emoji_id": attributes.get("emoji-id", "")}
    elif name == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    elif name == "code" and out.open and out.open[-1].kind == "pre":
        out.open[-1].extra = {"language": attributes.get("class", "").removeprefix("language-")}
        kind = "text_link"
    out.start(name, kind, extra)


def _close_tag(out: _Text, tag: re.Match[str], at: int) -> None:
    name = tag["name"].lower()
    if not out.open:
        raise _cannot(f"Unexpected end tag at byte offset {at}")
    if out.open[-1].tag != name:
        raise _cannot(f'Unmatched end tag at byte offset {at}, expected "</{out.open[-1].tag}>", found "</{name}>"')
    out.end()


class _Markdown:
    """A single walk over MarkdownV2."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out = _Text()

    def parse(self) -> tuple[str, list[JsonObject]]:
        while self.at < len(self.text):
            self._step()
        self._end_quote()
        if self.out.open:
            offset = len(self.text.encode())
            raise _cannot(f"Can't find end of {self.out.open[-1].kind.title()} entity at byte offset {offset}")
        return self.out.finish()

    def _step(self) -> None:
        text, at = self.text, self.at
        if text[at] == "\\" and at + 1 < len(text):
            self._plain(text[at + 1], 2)
        elif text[at] == "`":
            self._code()
        elif text[at] == ">" and (at == 0 or text[at - 1] == "\n"):
            self._quote()
        elif text[at] == "\n":
            self._newline()
        elif text[at] in "[!" and (text[at] == "[" or text.startswith("![", at)):
            self.out.start("[", "text_link", {})
            self.at += 2 if text[at] == "!" else 1
        elif text[at] == "]":
            self._link()
        elif mark := next((mark for mark in ("__", "||", "*", "_", "~") if text.startswith(mark, at)), None):
            self._mark(mark)
        elif text[at] in RESERVED:
            raise _cannot(f"Character '{text[at]}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._plain(text[at], 1)

    def _plain(self, character: str, width: int) -> None:
        self.out.add(character)
        self.at += width

    def _mark(self, mark: str) -> None:
        if self.out.open and self.out.open[-1].tag == mark:
            self.out.end()
        else:
            self.out.start(mark, MARKS[mark], {})
        self.at += len(mark)

    def _code(self) -> None:
        fence = "```" if self.text.startswith("```", self.at) else "`"
        start = self.at + len(fence)
        end = self.text.find(fence, start)
        if end < 0:
            raise _cannot(f"Can't find end of {'Pre' if fence == '```' else 'Code'} entity at byte offset {self.at}")
        body, extra = self.text[start:end], {}
        if fence == "```" and (language := re.match(r"([\w+-]*)\n", body)):
            body = body[language.end() :]
            extra = {"language": language[1]} if language[1] else {}
        self.out.start(fence, "pre" if fence == "```" else "code", extra)
        self.out.add(re.sub(r"\\([`\\])", r"\1", body))
        self.out.end()
        self.at = end + len(fence)

    def _quote(self) -> None:
        if not any(opened.kind == "blockquote" for opened in self.out.open):
            self.out.start(">", "blockquote", {})
        self.at += 1

    def _newline(self) -> None:
        if not self.text.startswith("\n>", self.at):
            self._end_quote()
        self._plain("\n", 1)

    def _end_quote(self) -> None:
        if self.out.open and self.out.open[-1].kind == "blockquote":
            self.out.end()

    def _link(self) -> None:
        target = re.compile(r"\]\(((?:\\.|[^)\\])*)\)").match(self.text, self.at)
        if not self.out.open or self.out.open[-1].tag != "[" or target is None:
            raise _cannot("Character ']' is reserved and must be escaped with the preceding '\\'")
        self.out.open[-1].extra = {"url": re.sub(r"\\(.)", r"\1", target[1])}
        self.out.end()
        self.at = target.end()


def detected(text: str, taken: list[JsonObject]) -> list[JsonObject]:
    """Return the entities Telegram finds by itself (commands, mentions, links, hashtags), outside code."""
    closed = [entity for entity in taken if entity["type"] in {"code", "pre", "text_link"}]
    found = []
    for match in PLAIN.finditer(text):
        start, length = units(text[: match.start()]), units(match[0])
        if not any(one["offset"] < start + length and start < one["offset"] + one["length"] for one in closed):
            found.append({"type": match.lastgroup, "offset": start, "length": length})
    return found


def trimmed(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    """Return text and entities without white space around them."""
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    size = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept
