"""What the environment says: every `LOTTO_*` variable, its meaning and its default."""

import os
import re
import socket
import stat
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError


class BadSetting(ValueError):
    """A variable cannot be used; the message is a sentence that names it."""


def _home() -> Path:
    """`.lotto` here; for root in a private folder /var/lib/lotto, since the engines run as nobody, who must get in."""
    here = Path.cwd()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and any(not folder.stat().st_mode & stat.S_IXOTH for folder in (here, *here.parents)):
        return Path("/var/lib/lotto")
    return here / ".lotto"


class Settings(BaseSettings):
    """Read once, by `house` and `cli` alone; everyone else is handed plain values."""

    model_config = SettingsConfigDict(env_prefix="LOTTO_", frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str | None = Field(None, description="PostgreSQL 18 or later; without it one is started here")
    redis_url: str | None = Field(None, description="Redis 7 or Valkey; without it one is started here")
    store_url: str | None = Field(None, description="where cards and pages are kept; without it a folder here")
    store_public_url: str | None = Field(None, description="where the world reads the store's cards, if not here")
    data_dir: Path = Field(default_factory=_home, description="what this machine keeps when nothing is external")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8400, ge=0, le=65535, description="port to listen on")
    public_url: str | None = Field(None, description="the address the world knows this site by")
    api_url: str | None = Field(None, description="where `lotto run web` finds the API")
    api_key: SecretStr | None = Field(
        None, description="key with which `lotto run web` asks an API on another machine: lotto_…"
    )
    read_limit: int = Field(600, ge=0, description="reads of the API a minute without a key; 0: as many as one likes")
    check_limit: int = Field(60, ge=0, description="lines checked a minute without a key; 0: as many as one likes")
    proxies: tuple[IPvAnyNetwork, ...] = Field(
        (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")),
        description="networks of proxies whose X-Forwarded-For is believed, as a JSON list",
    )
    catalogue_dir: Path | None = Field(None, description="lotteries and collections of your own")
    allow: tuple[str, ...] = Field((), description="private hosts and networks that may be reached, as a JSON list")
    alerts: tuple[str, ...] = Field(
        (), repr=False, description="whom to tell what needs a person: https://… and mailto:…, as a JSON list"
    )
    alerts_secret: SecretStr | None = Field(None, description="what alerts to webhooks are signed with: whsec_…")
    alerts_from: str | None = Field(None, description="from whom mail of alerts is; without it the user of the server")
    smtp_url: SecretStr | None = Field(None, description="mail server that takes alerts: smtps://user:password@host")
    card_langs: tuple[str, ...] = Field(("en",), description="languages cards are drawn in, as a JSON list")
    card_look: str = Field("gradient", description="the look of cards: gradient, night, paper, plain or your own")
    card_looks_dir: Path | None = Field(None, description="looks of your own, a folder each, beside or over ours")
    card_fonts_dir: Path | None = Field(None, description="fonts of your own, for scripts that ours do not hold whole")
    site_name: str = Field("Lotto", min_length=1, max_length=40, description="what cards call this site")
    site_logo: Path | None = Field(None, description="PNG, JPEG or WebP that cards show beside the name")
    site_hue: int = Field(262, ge=0, lt=360, description="hue of cards of no one lottery, in degrees of OKLCH")
    site_chroma: float = Field(0.15, ge=0, le=0.4, description="chroma of the same")
    accounts_file: Path | None = Field(
        None, description="accounts to post for; without it accounts.toml in the data directory, or paper"
    )
    post_templates_dir: Path | None = Field(
        None, description="templates of your own for posts; without it templates in the data directory"
    )
    secret_key_file: Path | None = Field(
        None, description="key that credentials are sealed with; without it secret.key in the data directory"
    )
    push_key_file: Path | None = Field(
        None, description="key by which push services know us; without it push.key in the data directory"
    )
    signing_key_file: Path | None = Field(
        None, description="key that checkpoints are signed with; without it signing.key in the data directory"
    )
    worker: str = Field(default_factory=socket.gethostname, description="this process's name among its like")
    log: Literal["plain", "json"] = Field("plain", description="how log lines are written")
    reconcile_seconds: float = Field(
        30.0, gt=0, le=86_400, description="how often the relay looks for what the queue has lost"
    )
    practice_url: str | None = Field(
        None, description="address of a practice world to live in, instead of the internet"
    )
    practice_clock: Path | None = Field(None, description="file in which that world keeps its time")

    @field_validator("data_dir", mode="after")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("store_public_url", mode="after")
    @classmethod
    def _web(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "https://unset")
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
            raise ValueError("write it like https://cards.example/prefix")
        return value

    @property
    def store(self) -> str:
        """Where cards and pages are kept, as a URL."""
        return self.store_url or (self.data_dir / "store").as_uri()

    @property
    def accounts(self) -> Path | None:
        """The accounts file; None where none is named and none is in its usual place."""
        usual = self.data_dir / "accounts.toml"
        return self.accounts_file or (usual if usual.exists() else None)

    @property
    def post_templates(self) -> Path:
        """The folder of templates for posts."""
        return self.post_templates_dir or self.data_dir / "templates"

    @property
    def secret_key(self) -> Path:
        """The file of the key that credentials are sealed with."""
        return self.secret_key_file or self.data_dir / "secret.key"

    @property
    def push_key(self) -> Path:
        """The file of the key by which push services know us."""
        return self.push_key_file or self.data_dir / "push.key"

    @property
    def signing_key(self) -> Path:
        """The file of the key that checkpoints are signed with."""
        return self.signing_key_file or self.data_dir / "signing.key"

    @property
    def cards_at(self) -> str:
        """The address below which the world finds `cards/…`: the store's own, or this site's, empty if it has none."""
        return self.store_public_url or self.public_url or ""

    @property
    def address(self) -> str:
        """The address of this site, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def external(self, name: Literal["database_url", "redis_url"]) -> str:
        """That URL, which a service on its own cannot do without."""
        value: str | None = getattr(self, name)
        if value is None:
            raise BadSetting(
                f"LOTTO_{name.upper()} is not set: a service on its own needs it. `lotto up` starts everything here."
            )
        return value


def read() -> Settings:
    """The settings of this process; raises BadSetting."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "LOTTO_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        raise BadSetting(f"{name} cannot be used: {first['msg']}.") from None
    except SettingsError as error:
        found = re.search(r'"(\w+)"', str(error))
        name = f"LOTTO_{found[1].upper()}" if found else "A setting"
        raise BadSetting(f'{name} cannot be used: it is not JSON; a list is written like ["a", "b"].') from None
