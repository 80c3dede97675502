"""Settings of the cloud's processes, from the environment (``CIRCLET_CLOUD_*``).

Each process reads the key files that are its own (docs/architecture.md, "Keys") and no others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from cloud.errors import SetupError


class Settings(BaseSettings):
    """What an operator sets; the defaults suit one machine and a demonstration."""

    model_config = SettingsConfigDict(env_prefix="CIRCLET_CLOUD_", populate_by_name=True)

    data: Path = Field(default=Path("circlet-cloud"), description="folder for database and cookies")
    database_url: str | None = Field(
        default=None, description="SQLAlchemy URL; else SQLite in data"
    )
    identity: Path | None = Field(default=None, description="folder of keys and certificates")
    vault: Path | None = Field(
        default=None, description="folder of patients' keys, else vault in the identity folder"
    )
    one_folder: bool = Field(
        default=False, description="let processes start over a folder with others' keys in it"
    )
    origin: str = Field(default="http://cloud.localhost:8080", description="the pages' origin")
    phones_host: str = Field(
        default="127.0.0.1:8400", description="host, and port, of the phones' address, for letters"
    )
    desk_origin: str | None = Field(
        default=None, description="the desk's origin, else the clinic's"
    )
    clock: str | None = Field(
        default=None,
        validation_alias=AliasChoices("CIRCLET_CLOUD_CLOCK", "CIRCLET_CLOCK"),
        description="HOST:PORT of a clock server",
    )
    session_idle_minutes: int = Field(default=60, ge=1, description="sign-in ends when unused")
    session_hours: int = Field(default=10, ge=1, description="sign-in ends at the latest")
    kept_days: int = Field(
        default=7,
        ge=1,
        description="sign-ins, challenges, invitations and codes stay so long after they ended",
    )
    time_zone: str = Field(default="UTC", description="in which pages say times, as Europe/Berlin")
    rate_limit: int = Field(
        default=20,
        ge=1,
        description="tries in 10 min of one passkey, invitation or code; a network has 10 times",
    )

    smtp_host: str | None = Field(default=None, description="server that mail is handed to")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls or none (on one machine only)"
    )
    smtp_user: str | None = Field(default=None, description="who signs in there, if anybody")
    smtp_password_file: Path | None = Field(default=None, description="file with the password")
    mail_from: str = Field(default="circlet@localhost", description="whom mails come from")
    webhook_private: bool = Field(
        default=False, description="let webhooks reach private addresses, and http"
    )

    @property
    def url(self) -> str:
        """The database's URL."""
        if self.database_url:
            return self.database_url
        return f"sqlite+pysqlite:///{self.data.resolve() / 'cloud.sqlite'}"

    @property
    def rp_id(self) -> str:
        """The relying party of sign-in: the pages' host."""
        return urlsplit(self.origin).hostname or "cloud.localhost"

    @property
    def https(self) -> bool:
        """Whether cookies are for encrypted connections only."""
        return self.origin.startswith("https:")

    @property
    def vault_folder(self) -> Path:
        """Where patients' keys are."""
        if self.vault is not None:
            return self.vault
        if self.identity is None:
            raise SetupError("neither CIRCLET_CLOUD_VAULT nor CIRCLET_CLOUD_IDENTITY is set")
        return self.identity / "vault"

    def key_file(self, name: str) -> Path:
        """Return the path of the key ``name`` in the identity folder."""
        if self.identity is None:
            raise SetupError("CIRCLET_CLOUD_IDENTITY names no folder of keys")
        return self.identity / "keys" / f"{name}.key"
