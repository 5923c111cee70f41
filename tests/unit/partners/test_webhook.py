"""What is true of webhooks and of what is sent to them, without any I/O."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf import json_format
from pydantic import ValidationError
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from madang.agenda.v1 import item_pb2
from madang.events.agenda.v1 import agenda_pb2
from services.kit.envelope import Envelope
from services.kit.errors import Kind, Refused
from services.kit.topics import read_registry
from services.kit.write import Change
from services.partners.domain.visible import VISIBLE, sent_as
from services.partners.domain.webhook import (
    BACK_OFF,
    TRANSITIONS,
    Delivery,
    DeliveryStatus,
    Webhook,
    WebhookStatus,
    checked_types,
    checked_url,
    is_public,
    next_try,
)
from services.partners.feed import CONSUMER, TOPICS, TYPES
from services.partners.sender import headers_of
from services.partners.settings import PartnerSettings
from services.partners.wire import webhook as wire

NOW = datetime.now(UTC)
DAYS = timedelta(days=1)
SECRETS = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
HOOK = Webhook(UUID(int=7), "dasan", "https://dasan.example/facts", (), SECRETS[0], NOW)

COMMANDS: dict[tuple[WebhookStatus, WebhookStatus], Callable[[Webhook], Change[Webhook] | None]] = {
    (WebhookStatus.ACTIVE, WebhookStatus.FAILING): lambda hook: hook.failed("it answered 500", at=NOW, patience=5 * DAYS),
    (WebhookStatus.ACTIVE, WebhookStatus.PAUSED): lambda hook: hook.pause("점검"),
    (WebhookStatus.FAILING, WebhookStatus.ACTIVE): Webhook.heard,
    (WebhookStatus.FAILING, WebhookStatus.PAUSED): Webhook.give_up,
    (WebhookStatus.PAUSED, WebhookStatus.ACTIVE): Webhook.resume,
}


@pytest.mark.parametrize(("state", "wanted"), [(state, wanted) for state, nexts in TRANSITIONS for wanted in nexts])
def test_every_transition_of_the_table_can_be_made(state: WebhookStatus, wanted: WebhookStatus) -> None:
    change = COMMANDS[state, wanted](replace(HOOK, status=state))
    assert change
    assert change.state.status is wanted


@pytest.mark.parametrize(
    ("state", "command"), [(WebhookStatus.ACTIVE, Webhook.resume), (WebhookStatus.PAUSED, lambda hook: hook.pause("again"))]
)
def test_every_other_command_is_refused_with_the_state(state: WebhookStatus, command: Callable[[Webhook], Change[Webhook]]) -> None:
    with pytest.raises(Refused) as caught:
        command(replace(HOOK, status=state))
    assert (caught.value.kind, caught.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")


@pytest.mark.parametrize(
    ("state", "reaction"),
    [
        (WebhookStatus.ACTIVE, Webhook.heard),
        (WebhookStatus.ACTIVE, Webhook.give_up),
        (WebhookStatus.FAILING, lambda hook: hook.failed("x", at=NOW, patience=DAYS)),
        (WebhookStatus.PAUSED, lambda hook: hook.failed("x", at=NOW, patience=DAYS)),
        (WebhookStatus.PAUSED, Webhook.heard),
        (WebhookStatus.PAUSED, Webhook.give_up),
        (WebhookStatus.PAUSED, Webhook.gone),
    ],
)
def test_what_comes_of_a_try_changes_nothing_where_nothing_follows(
    state: WebhookStatus, reaction: Callable[[Webhook], Change[Webhook] | None]
) -> None:
    assert reaction(replace(HOOK, status=state)) is None


def test_patience_runs_from_the_first_failure_and_ends_with_whatever_arrives() -> None:
    failing = HOOK.failed("it answered 500", at=NOW, patience=5 * DAYS)
    assert failing
    assert failing.state.clocks() == {"webhook_gives_up": NOW + 5 * DAYS}
    assert failing.state.failed("it answered 502", at=NOW + DAYS, patience=5 * DAYS) is None
    heard, paused = failing.state.heard(), failing.state.give_up()
    assert heard
    assert (heard.state.reason, heard.state.clocks()) == ("", {})
    assert paused
    assert (paused.state.reason, paused.state.clocks()) == ("nothing arrived for days: it answered 500", {})


@pytest.mark.parametrize("state", [WebhookStatus.ACTIVE, WebhookStatus.FAILING])
def test_who_is_gone_is_left_alone_at_once(state: WebhookStatus) -> None:
    gone = replace(HOOK, status=state).gone()
    assert gone
    assert (gone.state.status, "410" in gone.state.reason) == (WebhookStatus.PAUSED, True)


def test_two_secrets_sign_until_the_old_one_ends() -> None:
    both = HOOK.rotate(SECRETS[1], NOW + DAYS, now=NOW).state
    assert both.secrets(NOW) == (SECRETS[1], SECRETS[0])
    assert both.secrets(NOW + DAYS) == (SECRETS[1],)
    assert both.clocks() == {"secret_ends": NOW + DAYS}
    after = both.forget_old_secret().state
    assert (after.secrets(NOW), after.old_secret, after.clocks()) == ((SECRETS[1],), "", {})
    with pytest.raises(Refused) as caught:
        HOOK.rotate(SECRETS[1], NOW, now=NOW)
    assert (caught.value.code, caught.value.violations[0].field) == ("ENDS_AT_PAST", "ends_at")


def test_a_signature_is_checked_by_the_library_with_either_secret_and_with_no_other() -> None:
    body, now = '{"가": "각"}'.encode(), datetime.now(UTC)  # the library refuses what is older than five minutes
    headers = headers_of(HOOK.rotate(SECRETS[1], NOW + DAYS, now=NOW).state, UUID(int=9), body, now)
    assert headers["webhook-id"] == str(UUID(int=9))
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in SECRETS:
        assert Verifier(secret).verify(body, headers) == {"가": "각"}
    with pytest.raises(WebhookVerificationError):
        Verifier("whsec_AAAA").verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRETS[0]).verify(body + b" ", headers)
    assert len(headers_of(HOOK, UUID(int=9), body, NOW)["webhook-signature"].split(" ")) == 1


def test_waits_are_those_of_the_standard_with_a_fifth_of_jitter_and_end() -> None:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert (timedelta(seconds=5), 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour) == BACK_OFF
    for tries, wait in enumerate(BACK_OFF, 1):
        assert next_try(tries, NOW, 0) == NOW + wait
        assert next_try(tries, NOW, 1) == NOW + wait * 1.2
    assert next_try(len(BACK_OFF) + 1, NOW, 0) is None


def test_a_webhook_hears_what_it_asked_for_from_when_it_was_added() -> None:
    assert HOOK.wants("a", NOW)
    assert not HOOK.wants("a", NOW - timedelta(seconds=1))
    assert not replace(HOOK, status=WebhookStatus.PAUSED).wants("a", NOW)
    assert replace(HOOK, status=WebhookStatus.FAILING, event_types=("a",)).wants("a", NOW)
    assert not replace(HOOK, event_types=("b",)).wants("a", NOW)


PUBLIC = [
    "https://dasan.example",
    "https://dasan.example:8443/facts?x=1",
    "https://93.184.216.34/",
    "https://[2606:2800:220:1::1]/",
    "https://다산.kr/",
]


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_address_may_be_given(url: str) -> None:
    assert checked_url(url, private=False) == url


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/facts", "http://[::1]/", "https://localhost", "http://10.0.0.1"])
def test_a_private_one_may_be_given_where_the_settings_allow_it(url: str) -> None:
    assert checked_url(url, private=True) == url
    if not url.endswith("localhost"):  # a name, which is looked up at every try
        with pytest.raises(Refused):
            checked_url(url, private=False)


@pytest.mark.parametrize(
    "url",
    [
        "", "dasan.example", "http://dasan.example", "ftp://dasan.example", "file:///etc/passwd", "https://", "https:///facts",
        "https://user@dasan.example", "https://user:word@dasan.example", "https://:@dasan.example", "https://dasan.example#part",
        "https://dasan.example#", "https://dasan.example\\@10.0.0.1", "https://dasan.example/a b", "https://dasan.example/\n",
        "https://dasan.example/\u202e", "https://dasan.example:99999", "https://dasan.example:port", "https://[::1", "https://[zz]/",
        "https://127.0.0.1", "https://10.0.0.1", "https://172.16.0.1", "https://192.168.0.1", "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1", "https://0.0.0.0", "https://255.255.255.255", "https://224.0.0.1",
        "https://2130706433", "https://0x7f000001", "https://0177.0.0.1", "https://0x7f.1", "https://127.1", "https://127.0.0.1.",
        "https://017700000001", "https://dasan.0x1", "https://dasan.1",
        "https://[::1]", "https://[::]", "https://[fe80::1]", "https://[fe80::1%25eth0]", "https://[fc00::1]", "https://[fec0::1]",
        "https://[ff02::1]", "https://[::ffff:127.0.0.1]", "https://[::ffff:a00:1]", "https://[::7f00:1]", "https://[64:ff9b::7f00:1]",
        "https://[64:ff9b:1::7f00:1]", "https://[2002:7f00:1::]", "https://[2001:0:7f00:1::]", "https://[2001:db8::1]",
    ],
)  # fmt: skip
def test_an_address_that_may_lead_inside_is_refused_with_its_field(url: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_url(url, private=False)
    assert (caught.value.kind, caught.value.code, caught.value.violations[0].field) == (Kind.INVALID, "URL_INVALID", "url")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("8.8.8.8", True), ("2606:2800:220:1::1", True), ("::ffff:8.8.8.8", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.31.255.255", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("192.0.0.192", False), ("198.18.0.1", False),
        ("192.0.2.1", False), ("240.0.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("2606:2800:220:1::1%eth0", False), ("fc00::1", False),
        ("fec0::1", False), ("ff0e::1", False), ("::ffff:10.0.0.1", False), ("::8.8.8.8", False), ("64:ff9b::808:808", False),
        ("2002:808:808::1", False), ("2001:0:808:808::1", False), ("2001:db8::1", False),
    ],
)  # fmt: skip
def test_an_address_is_public_only_as_it_is_routed(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_types_are_those_that_partners_see() -> None:
    assert checked_types([], VISIBLE) == ()
    seen = "kr.go.seoul.madang.minutes.published.v1"
    assert checked_types([seen], VISIBLE) == (seen,)
    with pytest.raises(Refused) as caught:
        checked_types([seen, "kr.go.seoul.madang.minutes.approved.v1"], VISIBLE)
    assert (caught.value.code, caught.value.violations[0].field) == ("EVENT_TYPE_NOT_ALLOWED", "event_types")


def test_whatever_is_visible_can_be_read_and_says_whose_it_is() -> None:
    assert set(TYPES) >= VISIBLE
    for name in VISIBLE:
        after = TYPES[name].DESCRIPTOR.fields_by_name["after"].message_type
        assert after
        assert {field.name for field in after.fields} & {"origin", "source_id", "agenda_id", "minutes_id"}, name
    assert sent_as("dasan:a:b") == ("dasan", "a:b")
    assert sent_as("") == ("", "")


def test_the_registry_names_partners_as_a_reader_of_the_topics_that_the_feed_reads() -> None:
    assert {topic.name for topic in read_registry() if ".facts." in topic.name and "partners" in topic.consumers} == set(TOPICS)
    assert CONSUMER == "partners-facts"


def test_a_body_is_a_structured_event_whose_data_reads_back() -> None:
    example = json.loads(
        (Path(__file__).parents[3] / "protos/examples/madang.proposals.facts.v1/kr.go.seoul.madang.proposal.received.v1.json").read_text()
    )
    message = json_format.ParseDict(example["data"], TYPES[example["type"]]())
    envelope = Envelope(uuid4(), "urn:madang:proposals", example["type"], NOW, uuid4(), 3, uuid4(), uuid4())
    event = json.loads(wire.body_of(envelope, message))
    assert {name: event[name] for name in ("specversion", "id", "source", "type", "subject", "sequence", "datacontenttype")} == {
        "specversion": "1.0", "id": str(envelope.id), "source": "urn:madang:proposals", "type": example["type"],
        "subject": str(envelope.subject), "sequence": "3", "datacontenttype": "application/json",
    }  # fmt: skip
    assert datetime.fromisoformat(event["time"]) == NOW
    assert json_format.ParseDict(event["data"], TYPES[example["type"]]()) == message


def test_of_the_agenda_the_officers_own_words_stay() -> None:
    answer = item_pb2.ItemAnswer(department="heat")
    after = item_pb2.AgendaDecision(
        agenda_id="a", title="내부", summary="내부", owner="heat", themes=["내부"], due_on="2026-12-01", answer=answer
    )
    decided = agenda_pb2.AgendaStatusChanged(after=after, reason="내부")
    decided.occurred_at.FromDatetime(NOW)
    shown = wire.shown_of_agenda(decided)
    assert "내부" not in str(shown)
    assert shown == agenda_pb2.AgendaStatusChanged(
        after=item_pb2.AgendaDecision(agenda_id="a", owner="heat", answer=answer), occurred_at=decided.occurred_at
    )
    link = item_pb2.SourceLink(link_id="l", agenda_id="a", source_id="s", removed=True)
    unlinked = agenda_pb2.AgendaUnlinked(after=link, reason="내부", occurred_at=decided.occurred_at)
    assert wire.shown_of_agenda(unlinked) == agenda_pb2.AgendaUnlinked(after=link, occurred_at=decided.occurred_at)


@pytest.mark.parametrize("status", WebhookStatus)
def test_a_webhook_is_shown_without_its_secrets(status: WebhookStatus) -> None:
    shown = wire.webhook_to_wire(replace(HOOK, status=status, old_secret=SECRETS[1], old_secret_ends_at=NOW, event_types=("a",)))
    assert wire.STATUSES.from_wire(shown.status, "status") is status
    assert (shown.webhook_id, shown.partner, shown.url, list(shown.event_types)) == (str(HOOK.id), "dasan", HOOK.url, ["a"])
    assert not [secret for secret in SECRETS if secret in str(shown)]
    assert SECRETS[0] not in repr(HOOK)


@pytest.mark.parametrize("status", DeliveryStatus)
def test_a_delivery_is_shown_without_its_body(status: DeliveryStatus) -> None:
    delivery = Delivery(uuid4(), HOOK.id, "dasan", uuid4(), "a", uuid4(), status, 3, 500, "it answered 500", NOW, NOW, None)
    shown = wire.delivery_to_wire(delivery)
    assert wire.DELIVERY_STATUSES.from_wire(shown.status, "status") is status
    assert (shown.subject, shown.tries, shown.status_code, shown.error) == (str(delivery.subject), 3, 500, "it answered 500")
    assert shown.HasField("next_try_at")
    assert not shown.HasField("delivered_at")
    assert "body" not in shown.DESCRIPTOR.fields_by_name


def test_production_leads_to_public_networks_alone() -> None:
    common: dict[str, Any] = {
        "database_url": "x",
        "kafka_bootstrap_servers": "x",
        "metrics_listen": "x",
        "jwks_file": "x",
        "signing_key_file": "x",
    }
    assert PartnerSettings(**common, partners_webhook_private=True).partners_webhook_private
    assert not PartnerSettings(**common, profile="production").partners_webhook_private
    with pytest.raises(ValidationError, match="public networks"):
        PartnerSettings(**common, profile="production", partners_webhook_private=True)
