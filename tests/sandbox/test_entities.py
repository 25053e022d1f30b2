"""Markup becomes plain text with entities, and broken markup is refused."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.entities import detected, parse, trimmed, units
from sandbox.errors import BotApiError


@pytest.mark.parametrize(
    ("markup", "text", "kinds"),
    [
        ("<b>满</b>10万", "满10万", ["bold"]),
        ("<strong><i>x</i></strong>", "x", ["bold", "italic"]),
        ("<u>a</u><s>b</s><tg-spoiler>c</tg-spoiler>", "abc", ["underline", "strikethrough", "spoiler"]),
        ('<span class="tg-spoiler">密</span>', "密", ["spoiler"]),
        ('<a href="https://t.me/x?a=1&amp;b=2">看</a>', "看", ["text_link"]),
        ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", ["pre"]),
        ("<blockquote expandable>引</blockquote>", "引", ["expandable_blockquote"]),
        ("1 &lt; 2 &amp; 3 &nbsp;", "1 < 2 & 3 &nbsp;", []),
        ("<b></b>x", "x", []),
    ],
)
def test_html(markup: str, text: str, kinds: list[str]) -> None:
    plain, entities = parse(markup, "HTML")
    assert plain == text
    assert [entity["type"] for entity in entities] == kinds


@pytest.mark.parametrize(
    ("markup", "text", "kinds"),
    [
        ("*满*10万", "满10万", ["bold"]),
        ("_a_ __b__ ~c~ ||d||", "a b c d", ["italic", "underline", "strikethrough", "spoiler"]),
        (r"1\.5 \* 2", "1.5 * 2", []),
        ("`a*b`", "a*b", ["code"]),
        ("```python\nx = 1```", "x = 1", ["pre"]),
        ("[看](https://t.me/x)", "看", ["text_link"]),
        (">引\n>言\n完", "引\n言\n完", ["blockquote"]),
    ],
)
def test_markdown(markup: str, text: str, kinds: list[str]) -> None:
    plain, entities = parse(markup, "MarkdownV2")
    assert plain == text
    assert [entity["type"] for entity in entities] == kinds


@pytest.mark.parametrize(
    ("markup", "mode", "reason"),
    [
        ("<b>x", "HTML", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "HTML", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", "HTML", 'expected "</b>", found "</i>"'),
        ("<p>x</p>", "HTML", 'Unsupported start tag "p" at byte offset 0'),
        ("长<1", "HTML", 'Unsupported start tag "1" at byte offset 3'),
        ("*x", "MarkdownV2", "Can't find end of Bold entity"),
        ("1.5", "MarkdownV2", "Character '.' is reserved"),
        ("`x", "MarkdownV2", "Can't find end of Code entity"),
        ("x]", "MarkdownV2", "Character ']' is reserved"),
    ],
)
def test_broken_markup_is_refused(markup: str, mode: str, reason: str) -> None:
    with pytest.raises(BotApiError) as refusal:
        parse(markup, mode)
    assert refusal.value.code == 400
    assert reason in refusal.value.description


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse(html.escape(text), "HTML") == (text.replace("'", "&#x27;").replace("&#x27;", "'"), [])


@given(st.text(alphabet="ab 文😀", min_size=1), st.text(alphabet="cd 字"))
def test_entities_count_in_utf16(before: str, bold: str) -> None:
    text, entities = parse(f"{before}<b>{bold}</b>", "HTML")
    assert text == before + bold
    expected = [{"type": "bold", "offset": units(before), "length": units(bold)}] if bold else []
    assert entities == expected


@given(st.text(alphabet=" \n文a"), st.text(alphabet=" \n文a"))
def test_trimming_keeps_entities_on_their_words(lead: str, bold: str) -> None:
    text, entities = trimmed(*parse(f"{lead}<b>{bold}</b> ", "HTML"))
    assert text == (lead + bold).strip()
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(text)


def test_commands_mentions_links_and_hashtags_are_found() -> None:
    text = "/join@welfare_bot 请 @manager 看 https://bank.example/a #接龙 a@b.cn"
    kinds = [entity["type"] for entity in detected(text, [])]
    assert kinds == ["bot_command", "mention", "url", "hashtag", "email"]


def test_nothing_is_found_inside_code() -> None:
    text, entities = parse("<code>/join</code> /leave", "HTML")
    assert [entity["offset"] for entity in detected(text, entities)] == [6]
