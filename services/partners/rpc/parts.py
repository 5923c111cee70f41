"""What the methods of the service call."""

from dataclasses import dataclass

from services.kit.clock import Clock
from services.partners.intake import Intake
from services.partners.queries import Inboxes, PartnerQueries
from services.partners.service.key import KeyRing
from services.partners.service.partner import Partners
from services.partners.service.received import Resends
from services.partners.service.replay import Replays
from services.partners.service.webhook import Webhooks


@dataclass(frozen=True, slots=True)
class Parts:
    """Use cases, questions, and the ear on the inboxes."""

    partners: Partners
    keys: KeyRing
    webhooks: Webhooks
    resends: Resends
    replays: Replays
    queries: PartnerQueries
    inboxes: Inboxes
    intake: Intake
    clock: Clock


class Methods:
    """A part of the service's methods."""

    _parts: Parts
