"""Whether a found word is meant: negations, questions, and warnings against those who say it mean something else."""

import re
from collections.abc import Iterator, Sequence

from campaigns.compliance.lexicon import Lexicon
from campaigns.compliance.patterns import any_of

_LOOK_BACK = 40
_LONGEST = 300  # Characters before and after a finding that one sentence is read for.
_PART_OF_A_WORD = (
    r"(?<![特级性区告分差个类]别)(?<!除非)(?<!无非)(?<!岂不)(?<!是非)(?<!为什么)(?<!凭什么)(?<!有什么)(?<!没什么)"
    r"(?<!要不)(?<!何不)(?<!莫非)(?<!好不)(?<!淹没)(?!(?<=别)[的家处行])"
)
_QUOTED = "[“\"「『‘'][^“”\"「」『』‘']{1,10}[”\"」』’']"  # 不提供“免征信”“秒批”的贷款
_QUOTATION = re.compile('[“"「『‘]([^“”"「」『』‘’]{1,40})[”"」』’]')
_SENTENCE_END = re.compile(r"[。!?\n]|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[,;:]")
_ASKED_BEFORE = re.compile(
    r"(?:是否|是不是|会不会|能不能|有没有|能否|可否|有无|whether it is|is it|are they)[^,。]{0,6}$"
)
_ASKED_AFTER = re.compile(r"[^,。!;\n]{0,8}(?:吗|么|与否|\?)")
_ANSWERED_NO = re.compile(
    r"(?:不|非|未|没)(?:保|承诺|是|能|可|一定|会|属|存在|对|有|一样|等|赔|必|行|承担)"
    r"|有风险|存在风险|[答a]: ?[不没否错]|\bno\b|\bnot\b"
)
_STILL_A_PROMISE = "(?!.{0,3}(?:风险|亏|损|问题|套路|隐|任何))"
_URGES = "(?!不|错过|犹豫|迟疑|等|观望|担心|怀疑|外传|外泄|转发|声张|泄露|耽误|拖)"
_REACH = 60  # Characters after a quotation that are read for what is said of it.
_REFUSES = re.compile("(?:不|未|没|从不|绝不|勿|别|never|not|don't)$")

Span = tuple[int, int]


class Meaning:
    """Reads the surroundings of a found word as the lexicon's lists of negation and warning say."""

    def __init__(self, lexicon: Lexicon) -> None:
        negation, warning = lexicon.negation, lexicon.warning
        spaced = f"{_alternatives(negation['between'])}|{_QUOTED}"
        self._before = re.compile(f"(?:{_alternatives(negation['before'])}){_PART_OF_A_WORD}(?:{spaced})*$")
        self._again = re.compile(f"[{''.join(negation['again'])}](?:得|能|会|可能?|是)?$")
        self._after = re.compile(f"[^。!?;\n,:]{{0,8}}?(?:{_alternatives(negation['after'])}){_STILL_A_PROMISE}")
        self._forbids = re.compile(f"(?:{_alternatives(negation['forbids'])}){_URGES}[^,;:。!?\n]*$")
        self._mention = re.compile(f"[^。!?;\n,:]{{0,28}}?(?:{_alternatives(negation['mention'])})")
        self._whole: tuple[str, bool] = ("", False)
        self._rejects = re.compile(f"(?:{_alternatives(negation['rejects'])}){_URGES}")
        self._wishes = re.compile(f"(?:{_alternatives(negation['wishes'])})(?!贺)")
        self._inside = re.compile(f"(?<![舍恨巴])(?:{_alternatives(negation['inside'])})")
        between = _alternatives(negation["english_between"])
        self._english_before = re.compile(rf"{any_of(negation['english_before'])}(?: (?:{between}),?)* ?[\"'“(]?$")
        self._english_after = re.compile(rf"[^.!?\n]{{0,24}}?{any_of(negation['english_after'])}")
        self._markers, self._denied = warning["markers"].regex, warning["denied"].regex
        self._contrast, self._own = warning["contrast"].regex, warning["own"].regex
        self._speaks, self._promotion = warning["speaks"].regex, warning["promotion"].regex
        self._offers = warning["offers"].regex
        self._reports = warning["reports"].regex
        said = f"(?:{warning['tellers'].regex.pattern})[^。!?\n]{{0,16}}?{warning['telling'].regex.pattern}"
        self._told = re.compile(f"{said}|{warning['met'].regex.pattern}")
        self._reaction = warning["reactions"].regex

    def is_meant(self, text: str, span: Span) -> bool:
        """Whether a promise stands as one: unnegated, not asked about, and not quoted by a warning."""
        return not (
            self.is_negated(text, span)
            or self.is_rejected(text, span)
            or self.is_asked(text, span)
            or self.is_warned_of(text, span)
            or self.is_hearsay(text, span)
        )

    def is_asked(self, text: str, span: Span) -> bool:
        """Whether it is only asked about (是不是要您填密码), or asked and answered with no."""
        start, end = span
        if _ASKED_BEFORE.search(text[max(0, start - 16) : start]):
            return True
        asked = _ASKED_AFTER.match(text, end)
        return asked is not None and _ANSWERED_NO.search(text[asked.end() : asked.end() + 20]) is not None

    def is_rejected(self, text: str, span: Span) -> bool:
        """Whether it stands in quotation marks and what follows rejects it (“稳赚”的传单，看到就撕掉)."""
        quoted = _quotation(text, span)
        if quoted is None:
            return False
        rest = text[quoted[1] : quoted[1] + _REACH]
        rejected = self._rejects.search(rest)
        return rejected is not None and not self._contrast.search(rest, 0, rejected.start())

    def is_mentioned(self, text: str, span: Span) -> bool:
        """Whether it is quoted by a text that offers nothing and does not speak for the bank."""
        return _quotation(text, span) is not None and not any(
            words.search(text) for words in (self._offers, self._promotion, self._contrast, self._own)
        )

    def is_wished(self, text: str, span: Span) -> bool:
        """Whether its sentence only wishes it (祝各位生意翻番)."""
        start, _ = _around(text, span, _SENTENCE_END)
        return self._wishes.search(text, start, span[0]) is not None

    def is_hearsay(self, text: str, span: Span) -> bool:
        """Whether others are said to say it, and the reader is told how to take it (凡是说稳赚的，请报警)."""
        start, end = _around(text, span, _SENTENCE_END)
        told = self._told.search(text, start, span[1])
        reaction = self._reaction.search(text, span[1], min(len(text), end + _LOOK_BACK)) if told else None
        return reaction is not None and not self._contrast.search(text, span[1], reaction.start())

    def denies_inside(self, words: str) -> bool:
        """Whether the words between the parts of a finding deny it (存款不送礼品)."""
        return self._inside.search(words) is not None

    def is_warning(self, text: str) -> bool:
        """Whether a whole text warns and offers nothing; the last answer is kept, since every finding asks."""
        if self._whole[0] != text:
            warns = not self._promotes(text) and self._markers.search(self._undenied(text)) is not None
            self._whole = (text, warns)
        return self._whole[1]

    def is_negated(self, text: str, span: Span) -> bool:
        """Whether what stands here is denied just before or just after."""
        start, end = span
        ahead = text[max(0, start - _LOOK_BACK) : start]
        negation = self._before.search(ahead)
        if negation is not None and not self._again.search(ahead[: negation.start()]):
            return True
        return bool(
            self._english_before.search(ahead)
            or self._forbids.search(ahead)
            or self._after.match(text, end)
            or self._mention.match(text, end)
            or self._english_after.match(text, end)
        )

    def is_warned_of(self, text: str, span: Span) -> bool:
        """Whether the sentence warns of what it says, and nothing in between claims it for the bank itself."""
        sentence_start, sentence_end = _around(text, span, _SENTENCE_END)
        clauses = list(_clauses(text, sentence_start, sentence_end))
        own = next(at for at, (start, end) in enumerate(clauses) if start <= span[0] < end or at == len(clauses) - 1)
        marked = [at for at, clause in enumerate(clauses) if self._warns(text, clause)]
        if not marked:
            return self.is_warning(text) and not self._claims(text, clauses[own])
        if self._promotes(text[clauses[max(own, *marked)][1] : sentence_end]):
            return False  # 警方都说好，包赚，推荐大家买
        return any(
            not any(self._claims(text, clauses[at]) for at in range(min(own, mark), max(own, mark) + 1))
            for mark in marked
        )

    def _promotes(self, text: str) -> bool:
        """Whether a text asks to buy; who asks not to does not."""
        return any(
            not _REFUSES.search(text, max(0, found.start() - 3), found.start())
            for found in self._promotion.finditer(text)
        )

    def _warns(self, text: str, clause: Span) -> bool:
        return self._markers.search(self._undenied(text[slice(*clause)])) is not None

    def _undenied(self, text: str) -> str:
        return self._denied.sub(" ", text)

    def _claims(self, text: str, clause: Span) -> bool:
        """Whether a clause speaks for the bank's own offer; who only reminds claims nothing."""
        words = text[slice(*clause)]
        for found in self._contrast.finditer(words):
            if not _REFUSES.search(words[max(0, found.start() - 5) : found.start()].rstrip()):
                return not self._reports.search(words)
        return bool(self._own.search(words)) and not (self._speaks.search(words) or self._markers.search(words))


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _quotation(text: str, span: Span) -> Span | None:
    """The quotation that a finding begins in."""
    start, _ = _around(text, span, _SENTENCE_END)
    for quoted in _QUOTATION.finditer(text, start, min(len(text), span[1] + _LOOK_BACK)):
        if quoted.start() <= span[0] < quoted.end():
            return quoted.span()
    return None


def _around(text: str, span: Span, ends: re.Pattern[str]) -> Span:
    """The stretch between the marks before and after a finding."""
    first, last = max(0, span[0] - _LONGEST), min(len(text), span[1] + _LONGEST)
    start = max((found.end() for found in ends.finditer(text, first, span[0])), default=first)
    after = ends.search(text, span[1], last)
    return start, after.start() if after else last


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for found in _CLAUSE_END.finditer(text, start, end):
        yield at, found.start()
        at = found.end()
    yield at, end
