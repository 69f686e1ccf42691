"""What can be set when an emulator is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

STANDARD_RETRIES_S: tuple[float, ...] = (
    5,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
)


@dataclass(frozen=True)
class TenantSpec:
    id: str
    name: str
    clients: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


DEMO_TENANT = TenantSpec("demo", "Demo Store", MappingProxyType({"demo-client": "demo-secret"}))


@dataclass(frozen=True)
class Options:
    """``public_url``: origin for links; None takes each request's own, and event ``href``s are then
    paths. ``media_url``: origin of download links, where it differs. Times in seconds, sizes in bytes.
    ``retry_schedule_s``: waits before the second, third, ... attempt of a webhook."""

    base_path: str = "/tradinggrid/v1"
    public_url: str | None = None
    media_url: str | None = None
    token_ttl_s: int = 3600
    retry_schedule_s: tuple[float, ...] = STANDARD_RETRIES_S
    webhook_timeout_s: float = 10.0
    max_file_bytes: int = 25 * 1024 * 1024
    max_body_bytes: int = 1024 * 1024
    tenants: tuple[TenantSpec, ...] = (DEMO_TENANT,)

    def __post_init__(self) -> None:
        if not self.base_path.startswith("/") or self.base_path.endswith("/"):
            raise ValueError("base_path must start with / and not end with it")
        for name in ("public_url", "media_url"):
            value = getattr(self, name)
            if value is not None and not value.startswith(("http://", "https://")):
                raise ValueError(f"{name} must be an http or https origin, not {value!r}")
        if self.token_ttl_s <= 0 or self.webhook_timeout_s <= 0:
            raise ValueError("token_ttl_s and webhook_timeout_s must be above 0")
        if any(wait < 0 for wait in self.retry_schedule_s):
            raise ValueError("retry_schedule_s must not have negative waits")
