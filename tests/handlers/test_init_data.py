"""What Telegram tells a Mini App is believed only when it is whole, signed and fresh; garbage is no fault."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.members.model import Introduction, Language
from handlers.http.init_data import LONGEST, InitDataRefusal, Opening, read_init_data
from handlers.http.sessions import Sessions

TOKEN = f"4242:{'t' * 35}"
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
USER = {"id": 5_000_000_001, "first_name": "王", "last_name": "芳&=%", "language_code": "zh-hans"}
MALFORMED, FORGED, OLD, NOBODY = InitDataRefusal


def signed(token: str = TOKEN, at: datetime = NOW, *, user: object = USER, **more: str) -> str:
    """Init data as Telegram makes it, by the words of its documentation."""
    fields = {"auth_date": str(int(at.timestamp())), "signature": "c2ln", **more}
    if user is not None:
        fields["user"] = user if isinstance(user, str) else json.dumps(user, ensure_ascii=False, separators=(",", ":"))
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    return urlencode({**fields, "hash": hmac.digest(secret, lines.encode(), hashlib.sha256).hex()})


def read(init_data: str, now: datetime = NOW) -> Opening | InitDataRefusal:
    return read_init_data(init_data, TOKEN, now)


def test_who_opened_it_is_known_with_name_language_and_the_links_parameter() -> None:
    found = read(signed(query_id="AAH", start_param="chain_7"))
    assert found == Opening(Introduction(5_000_000_001, "王 芳&=%", Language.ZH, is_private=False), "chain_7")


@pytest.mark.parametrize(
    ("age", "is_read"),
    [
        (timedelta(0), True),
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(days=30), False),
        (-timedelta(minutes=1), True),
        (-timedelta(minutes=1, seconds=1), False),
        (-timedelta(days=30), False),
    ],
)
def test_it_may_be_five_minutes_old_and_a_minute_ahead(age: timedelta, is_read: bool) -> None:
    found = read(signed(at=NOW - age))
    assert isinstance(found, Opening) if is_read else found is OLD


def test_another_bots_signature_is_forged() -> None:
    assert read(signed(token=f"4243:{'t' * 35}")) is FORGED


@given(st.integers(0, 10**6), st.characters(codec="ascii"))
def test_no_character_can_be_changed(at: int, other: str) -> None:
    whole = signed()
    place = at % len(whole)
    changed = whole[:place] + other + whole[place + 1 :]
    found = read(changed)
    assert isinstance(found, InitDataRefusal) or found == read(whole)


@given(st.text(max_size=300))
def test_garbage_is_refused(text: str) -> None:
    assert isinstance(read(text), InitDataRefusal)


@given(st.dictionaries(st.sampled_from(["user", "auth_date", "hash", "signature", "chat"]), st.text(max_size=80)))
def test_a_query_string_of_garbage_is_refused(fields: dict[str, str]) -> None:
    assert isinstance(read(urlencode(fields, errors="replace")), InitDataRefusal)


@given(
    st.one_of(
        st.none(),
        st.text(max_size=40).filter(lambda text: "\n" not in text and "\r" not in text and text != ""),
        st.dictionaries(
            st.sampled_from(["id", "first_name", "is_bot"]), st.one_of(st.none(), st.integers(), st.text())
        ),
    )
)
def test_signed_data_without_a_person_is_refused(user: object) -> None:
    found = read(signed(user=user))
    if isinstance(found, Opening):
        assert isinstance(user, dict)
        assert 0 < found.who.id < 2**52
    else:
        assert found in {MALFORMED, NOBODY, FORGED}


@pytest.mark.parametrize(
    "init_data",
    [
        "",
        "hash",
        signed() + "&auth_date=1",
        signed() + "&user=%7B%22id%22%3A1%2C%22first_name%22%3A%22x%22%7D",
        signed().replace("hash=", "hash=%C3%A9"),
        signed().replace("hash=", "hesh="),
        signed() + "é",
        signed() + "\ud800",
        signed(more="x" * LONGEST),
        signed(auth_date="1e9"),
        signed(auth_date="-1"),
        signed(auth_date="٣٣"),
        signed(start_param="a\nb"),
        "&".join(f"a{at}={at}" for at in range(200)),
    ],
)
def test_what_has_not_its_form_is_refused(init_data: str) -> None:
    assert read(init_data) is MALFORMED


@pytest.mark.parametrize("user", [{**USER, "is_bot": True}, {**USER, "id": 0}, {**USER, "id": 2**52}, None])
def test_a_bot_or_nobody_gets_no_session(user: object) -> None:
    assert read(signed(user=user)) is NOBODY


@pytest.mark.parametrize("user", ["[" * 2000, "{}", '{"id":"x","first_name":1}', "{broken}", "null"])
def test_a_user_that_cannot_be_read_is_refused(user: str) -> None:
    assert isinstance(read(signed(user=user)), InitDataRefusal)


def test_a_start_parameter_of_another_form_is_left_out() -> None:
    found = read(signed(start_param="<script>"))
    assert isinstance(found, Opening)
    assert found.start == ""


def test_a_session_lasts_an_hour_and_ends_with_the_token() -> None:
    sessions = Sessions(TOKEN)
    given_out = sessions.issue(7, NOW)
    assert sessions.read(given_out, NOW + timedelta(minutes=59)) == 7
    assert sessions.read(given_out, NOW + timedelta(minutes=60)) is None
    assert Sessions(f"4242:{'u' * 35}").read(given_out, NOW) is None
    assert sessions.read("8" + given_out[1:], NOW) is None
    assert sessions.read(given_out.replace(".", ".9", 1), NOW) is None


@given(st.text(max_size=120))
def test_a_session_that_was_never_given_is_nobodys(text: str) -> None:
    assert Sessions(TOKEN).read(text, NOW) is None
