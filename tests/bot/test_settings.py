"""Settings: safe defaults, and one clear word about what cannot be read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.settings import Settings


def read(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_nothing_needs_to_be_set() -> None:
    settings = read()
    assert (settings.host, settings.time_zone, settings.bank_name) == ("127.0.0.1", "Asia/Shanghai", "A银行")
    assert settings.database_url is None
    assert settings.bot_token is None


def test_the_banks_own_hosts_are_names_and_the_products_own_is_among_them() -> None:
    found = read(own_hosts="Bank.example, m.bank.example.".replace(" ", ""), public_url="https://Welfare.example/x")
    assert found.own_host_names == {"bank.example", "m.bank.example", "welfare.example"}
    assert read().own_host_names == {"127.0.0.1"}
    with pytest.raises(ValidationError, match="OWN_HOSTS takes names"):
        read(own_hosts="https://bank.example")


def test_everything_that_is_written_lives_under_var_dir(tmp_path: Path) -> None:
    settings = read(var_dir=tmp_path)
    places = [settings.postgres_dir, settings.keyring_file, settings.uploads_dir, settings.effective_clock_file]
    assert all(place.is_relative_to(tmp_path) for place in places)


def test_keys_and_uploads_are_not_inside_the_database_folder() -> None:
    settings = read()
    assert not settings.keyring_file.is_relative_to(settings.postgres_dir)
    assert not settings.keyring_file.is_relative_to(settings.uploads_dir)


def test_the_environment_is_read_and_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("BANK_NAME", "")
    monkeypatch.setenv("BOT_TOKEN", "")
    settings = read()
    assert (settings.port, settings.bank_name, settings.bot_token) == (9000, "A银行", None)


def test_a_clock_file_that_was_named_is_the_one_that_counts(tmp_path: Path) -> None:
    assert read(clock_file=tmp_path / "turned.json").effective_clock_file == tmp_path / "turned.json"


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = read(bot_token="42:very-secret", webhook_secret="also-secret")
    assert "secret" not in repr(settings).replace("webhook_secret", "")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("port", "eighty"),
        ("port", "70000"),
        ("inbox_lanes", "0"),
        ("pool_size", "1"),
        ("database_url", "mysql://localhost/bank"),
        ("database_url", "localhost"),
        ("public_url", "welfare.example"),
        ("public_url", "javascript://x"),
        ("time_zone", "Asia/Peking"),
        ("time_zone", "../../etc/passwd"),
        ("log_level", "LOUD"),
        ("webhook_secret", "with space"),
        ("webhook_secret", "密"),
        ("webhook_secret", "x" * 257),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable.upper(), value)
    with pytest.raises(ValidationError) as fault:
        read()
    assert [str(error["loc"][0]) for error in fault.value.errors()] == [variable]


@given(st.text("abcXYZ019_-", min_size=1, max_size=256))
def test_every_secret_that_telegram_takes_is_taken(secret: str) -> None:
    found = read(webhook_secret=secret).webhook_secret
    assert found is not None
    assert found.get_secret_value() == secret


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_taken(scheme: str) -> None:
    assert read(database_url=f"{scheme}://bank@db/welfare").database_url


def test_pages_are_found_at_the_public_address_or_on_this_machine() -> None:
    assert read(port=9000).public_address == "http://127.0.0.1:9000"
    assert read(public_url="https://welfare.example/").public_address == "https://welfare.example"


def test_the_mini_app_opens_by_https_or_in_a_sandbox_on_this_machine() -> None:
    assert read().mini_app_address is None
    assert read(public_url="http://welfare.example", bot_api_url="https://api.telegram.org").mini_app_address is None
    assert read(public_url="https://welfare.example/").mini_app_address == "https://welfare.example/app"
    assert read(bot_api_url="http://127.0.0.1:8081", port=9000).mini_app_address == "http://127.0.0.1:9000/app"
