"""The only reader of the environment: what a deployment may set, with its defaults."""

import ipaddress
import logging
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Deployment settings; numbers that are policy live in the database instead.

    Raises:
        pydantic.ValidationError: a variable cannot be read as its type.
    """

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    var_dir: Path = Path("var")
    database_url: str | None = None
    bot_token: SecretStr | None = None
    bot_api_url: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = None
    sandbox_port: int = Field(8081, ge=0, le=65535)
    clock_file: Path | None = None
    bank_name: str = "A银行"
    own_hosts: str | None = Field(None, description="the bank's own hosts, with a comma between them")
    time_zone: str = "Asia/Shanghai"
    sms_url: SecretStr | None = None
    email_url: SecretStr | None = None
    staff_group_url: SecretStr | None = None
    log_json: bool = True
    log_level: str = "INFO"
    inbox_lanes: int = Field(256, ge=1, description="updates worked on at the same moment")
    messages_per_second: int = Field(30, ge=1, le=1000, description="calls of one bot that the platform takes a second")
    pool_size: int = Field(12, ge=2, description="database connections of one process")

    @field_validator("webhook_secret")
    @classmethod
    def _secret_fits_telegram(cls, secret: SecretStr | None) -> SecretStr | None:
        """Telegram takes 1–256 characters of A-Za-z0-9_- and nothing else."""
        text = secret.get_secret_value() if secret else ""
        if not all(c.isascii() and (c.isalnum() or c in "_-") for c in text) or len(text) > 256:
            raise ValueError("WEBHOOK_SECRET takes at most 256 characters of A-Z, a-z, 0-9, _ and -")
        return secret

    @field_validator("database_url")
    @classmethod
    def _database_is_postgresql(cls, url: str | None) -> str | None:
        """PostgreSQL is the only engine."""
        if url is not None and urlsplit(url).scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
            raise ValueError("DATABASE_URL starts with postgresql://")
        return url

    @field_validator("public_url")
    @classmethod
    def _address_is_of_the_web(cls, url: str | None) -> str | None:
        """Links of rule pages begin with it."""
        if url is not None and (urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).netloc):
            raise ValueError("PUBLIC_URL starts with https:// (or http:// on one machine)")
        return url

    @field_validator("sms_url", "email_url")
    @classmethod
    def _outside_address_has_a_place(cls, url: SecretStr | None) -> SecretStr | None:
        """Each message goes to one customer."""
        if url is not None and url.get_secret_value() and "{to}" not in url.get_secret_value():
            raise ValueError("it needs {to} where the customer's number or address goes")
        return url

    @field_validator("own_hosts")
    @classmethod
    def _hosts_are_names(cls, hosts: str | None) -> str | None:
        """Names alone, such as bank.example: an address would never match one."""
        if any(character in (hosts or "") for character in "/:@ "):
            raise ValueError("OWN_HOSTS takes names of hosts with a comma between them, such as bank.example")
        return hosts

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        """A name of the IANA zone data."""
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{zone} is no time zone, such as Asia/Shanghai") from error
        return zone

    @field_validator("log_level")
    @classmethod
    def _level_is_known(cls, level: str) -> str:
        """A level of the logging module, in any case."""
        if level.upper() not in logging.getLevelNamesMapping():
            raise ValueError(f"{level} is no log level, such as INFO or WARNING")
        return level

    @property
    def public_address(self) -> str:
        """Where people's browsers find this product's pages, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_sandboxed(self) -> bool:
        """Whether the Bot API server is a sandbox on this machine."""
        return is_loopback(urlsplit(self.bot_api_url or "").hostname or "")

    @property
    def mini_app_address(self) -> str | None:
        """Where the Mini App opens; None where Telegram would not open it: it takes https, a sandbox plain http too."""
        is_open = self.public_address.startswith("https://") or self.is_sandboxed
        return f"{self.public_address}/app" if is_open else None

    @property
    def own_host_names(self) -> frozenset[str]:
        """The bank's own hosts, this product's among them, in lower case: links there are no spam."""
        named = {host.strip().lower().strip(".") for host in (self.own_hosts or "").split(",")}
        return frozenset({*named, urlsplit(self.public_address).hostname or ""} - {""})

    @property
    def outside_urls(self) -> dict[str, str]:
        """The addresses of outside channels by name, `{to}` where the customer's own goes; those that are set."""
        urls = {"sms": self.sms_url, "email": self.email_url, "staff_group": self.staff_group_url}
        return {name: url.get_secret_value() for name, url in urls.items() if url and url.get_secret_value()}

    @property
    def channels_dir(self) -> Path:
        """Where simulated channels lay down what a customer would see."""
        return self.var_dir / "channels"

    @property
    def postgres_dir(self) -> Path:
        """Where the private PostgreSQL keeps its data."""
        return self.var_dir / "postgres"

    @property
    def keyring_file(self) -> Path:
        """The keys, apart from the data: a backup of one is useless without the other."""
        return self.var_dir / "keys" / "keyring.json"

    @property
    def uploads_dir(self) -> Path:
        """Where files that people sent are kept."""
        return self.var_dir / "uploads"

    @property
    def effective_clock_file(self) -> Path:
        """The clock file that this process follows."""
        return self.clock_file or self.var_dir / "clock.json"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, as far as its name tells."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
