"""The only reader of the environment (beside `temporalio.envconfig`, which reads Temporal's own variables).

Every variable starts with `GRIDCASE_`. A `.env` file is read where there is one.
"""

import base64
import hashlib
import os
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TASK_QUEUE = "gridcase"


class Settings(BaseSettings):
    """What differs between a laptop, a test and production."""

    model_config = SettingsConfigDict(env_prefix="GRIDCASE_", env_file=".env", extra="ignore")

    database_url: str = "sqlite+aiosqlite:///var/gridcase.db"
    """SQLite by default; `postgresql+asyncpg://user:password@host/name` when outgrown."""

    temporal_address: str = "127.0.0.1:7233"
    """Used where no Temporal profile is configured (`TEMPORAL_PROFILE`, `TEMPORAL_CONFIG_FILE`)."""
    temporal_namespace: str = "default"
    temporal_ui: str = "http://127.0.0.1:8233"
    """For links to a case in the Temporal UI, and the only origin `/codec` answers."""
    task_queue: str = TASK_QUEUE
    retention_days: int = Field(default=30, ge=1)
    """How long Temporal keeps closed cases; set on the namespace at start-up."""
    worker_deployment: str = ""
    """`name/build-id`: run as a Worker Deployment and make this version current. Empty: no versioning by deployment."""

    api_host: str = "127.0.0.1"
    api_port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    """Where Shopify and Trading Grid reach the API, for webhook subscriptions and links."""

    secret_keys: SecretStr = SecretStr("")
    """Key ring for secrets at rest: `id:base64,...` of 32 bytes each, the first one seals. Empty: a key is made and kept in
    `data_dir` (a laptop's way; in production give one)."""
    payload_keys: SecretStr = SecretStr("")
    """Key ring for Temporal payloads, same form. Empty: payloads are not encrypted."""
    api_key_pepper: SecretStr = SecretStr("")
    """Mixed into the hashes of API keys. Empty: derived from the first secret key."""

    data_dir: Path = Path("var")
    documents_url: str = ""
    """Where documents are stored: a folder by default (`data_dir/documents`), or `s3://bucket/prefix`."""
    max_document_bytes: int = 25_000_000
    max_webhook_bytes: int = 2_000_000

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = "gridcase@localhost"
    smtp_starttls: bool = True
    notification_webhook_secret: SecretStr = SecretStr("")
    """Signs outgoing notification webhooks (`whsec_...`, Standard Webhooks)."""

    allow_plain_http: bool = False
    """Let Trading Grid and webhook recipients be reached over plain http beyond this machine (compose, tests)."""

    sweep_seconds: int = Field(default=60, ge=5)
    reconcile_seconds: int = Field(default=900, ge=5)
    """How often each shop, and each tenant's feed of events, is compared with the inbox."""
    max_concurrent_workflow_tasks: int = Field(default=40, ge=2)
    max_concurrent_activities: int = Field(default=60, ge=1)
    log_json: bool = False
    log_level: str = "INFO"
    session_hours: int = Field(default=12, ge=1)
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Further origins that may call `/codec`; the Temporal UI's own is always one."""

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @cached_property
    def secret_key_ring(self) -> str:
        """The key ring's text; made and kept on first use where none is configured."""
        configured = self.secret_keys.get_secret_value()
        if configured:
            return configured
        path = self.data_dir / "secret.key"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            pass
        self.data_dir.mkdir(parents=True, exist_ok=True)
        ring = "local:" + base64.b64encode(os.urandom(32)).decode()
        try:
            # Exclusive: of the processes that start at once, one makes the key and all use it.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(ring)
        return ring

    @property
    def peppers(self) -> tuple[bytes, ...]:
        """What hashes of API keys are mixed with: the first for new keys; the others keep those made before a rotation."""
        given = self.api_key_pepper.get_secret_value()
        entries = [given] if given else self.secret_key_ring.split(",")
        return tuple(
            hashlib.sha256(b"gridcase api keys:" + entry.strip().encode()).digest()
            for entry in entries
        )

    @property
    def document_store_url(self) -> str:
        return self.documents_url or str((self.data_dir / "documents").resolve())
