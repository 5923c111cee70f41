"""Settings of the partners service."""

from pydantic import ValidationInfo, field_validator

from services.kit.settings import Settings


class PartnerSettings(Settings):
    """The common settings, how partners' topics are made, how patient the service is, what partners may, and where webhooks may lead."""

    partners_topic_partitions: int = 4
    partners_topic_replication: int = 1
    # 200 tries, at most 10 s apart, are about half an hour: longer than a restart, shorter than a partner's own patience.
    partners_tries: int = 200
    partners_longest_wait_s: float = 10.0
    # A partner's own quota stands with the partner. A nation's petition system takes 32,000 cases a day (domain.md, 8).
    partners_daily_events: int = 1_000_000
    partners_daily_bytes: int = 1 << 30
    # How long a replaced key, or a webhook's replaced secret, goes on beside the new one unless somebody says otherwise.
    partners_key_overlap_days: int = 7
    partners_secret_overlap_hours: int = 24
    # A webhook to which nothing arrived for so long is paused.
    partners_webhook_patience_days: int = 5
    # For one machine and for tests: webhooks may lead to loopback and private networks, and need no TLS.
    partners_webhook_private: bool = False

    @field_validator("partners_webhook_private")
    @classmethod
    def _public_in_production(cls, private: bool, info: ValidationInfo) -> bool:
        if private and info.data.get("profile") == "production":
            raise ValueError("in production webhooks lead to public networks, and over TLS")
        return private
