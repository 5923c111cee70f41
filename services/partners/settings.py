"""Settings of the partners service."""

from services.kit.settings import Settings


class PartnerSettings(Settings):
    """The common settings, how a partner's topics are made, and how patient the dispatcher is."""

    partners_topic_partitions: int = 4
    partners_topic_replication: int = 1
    # 200 tries, at most 10 s apart, are about half an hour: longer than a restart, shorter than a partner's own patience.
    partners_tries: int = 200
    partners_longest_wait_s: float = 10.0
