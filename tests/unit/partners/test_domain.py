"""What partners, events and receipts are."""

from uuid import uuid4

from services.kit.ids import agenda_id_of
from services.partners.domain.partner import partner_id_of, partner_of
from services.partners.domain.received import Result, cause_id_of, request_id_of, wait_s


def test_the_topic_says_whose_inbox_it_is() -> None:
    assert partner_of("madang.partners.dasan.inbox.v1") == "dasan"
    assert partner_of("madang.partners.seoul-120.inbox.v1") == "seoul-120"


def test_a_source_is_found_on_the_agenda_and_a_meeting_is_none() -> None:
    identity = uuid4()
    assert Result("voices", "voice", identity).agenda_id == agenda_id_of("voices", identity)
    assert Result("council", "meeting", identity).agenda_id is None


def test_a_key_belongs_to_one_event_of_one_partner() -> None:
    keys = {request_id_of("a", "1"), request_id_of("a", "2"), request_id_of("b", "1")}
    assert len(keys) == 3
    assert request_id_of("a", "1") in keys
    assert cause_id_of("a", "1") != cause_id_of("b", "1")
    assert partner_id_of("a") != partner_id_of("b")


def test_an_event_waits_longer_after_each_try_and_never_longer_than_allowed() -> None:
    waits = [wait_s(tries, 10) for tries in range(1, 300)]
    assert waits[:3] == [0.2, 0.4, 0.8]
    assert waits == sorted(waits)
    assert max(waits) == 10
