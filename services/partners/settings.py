"""Settings of the partners service."""

from services.kit.settings import Settings


class PartnerSettings(Settings):
    """The common settings, how partners' topics are made, how patient the service is, and what partners may."""

    partners_topic_partitions: int = 4
    partners_topic_replication: int = 1
    # 200 tries, at most 10 s apart, are about half an hour: longer than a restart, shorter than a partner's own patience.
    partners_tries: int = 200
    partners_longest_wait_s: float = 10.0
    # A partner's own quota stands with the partner. A nation's petition system takes 32,000 cases a day (domain.md, 8).
    partners_daily_events: int = 1_000_000
    partners_daily_bytes: int = 1 << 30
    # How long a replaced key goes on beside the new one unless somebody says otherwise.
    partners_key_overlap_days: int = 7
