"""The partner of the sample, which every local stack knows."""

from collections.abc import Mapping

PARTNER = "dasan"


async def register_sample_partner(addresses: Mapping[str, str], signing_key: bytes) -> None:
    """Register `dasan` through the partners service, as `up`'s last step; a second time has no effect."""
