"""What an event says about a row."""

import pytest

from madang.agenda.v1 import item_pb2
from madang.proposals.v1 import proposal_pb2
from services.agenda.projection.apply import fact_of
from services.agenda.projection.facts import SERVICES, TYPES, code_in
from services.agenda.projection.rows import NEVER, ItemRow, LinkRow
from services.kit.envelope import Unreadable
from services.kit.ids import agenda_id_of, derived_id
from tests.agenda_log import FactLog, LogRecord


def newest(log: FactLog, service: str) -> LogRecord:
    return next(records[-1] for (topic, _), records in log.records.items() if f".{service}." in topic and records)


def test_every_fact_carries_the_whole_state_and_its_time() -> None:
    for event_type in TYPES:
        assert {"after", "occurred_at"} <= set(TYPES[event_type].DESCRIPTOR.fields_by_name)


def test_every_service_publishes_facts_that_are_known_here() -> None:
    packages = {TYPES[event_type].DESCRIPTOR.full_name.split(".")[2] for event_type in TYPES}
    assert packages == set(SERVICES)


def test_a_source_s_row_has_every_text_of_it_and_a_derived_id() -> None:
    log = FactLog()
    source = log.proposal(title="제목", text="본문", themes=["주거", "안전"])
    row = fact_of(newest(log, "proposals")).row
    assert isinstance(row, ItemRow)
    assert (row.agenda_id, row.title, row.body) == (agenda_id_of("proposals", source), "제목", "본문")
    assert row.tags == ("language:ko", "source:proposals", "theme:안전", "theme:주거")
    assert row.due_on == NEVER


def test_a_long_voice_has_its_beginning_for_a_title() -> None:
    log = FactLog()
    log.voice(text="가나다 " * 100)
    row = fact_of(newest(log, "voices")).row
    assert isinstance(row, ItemRow)
    assert len(row.title) <= 80
    assert row.title.endswith("…")


def test_a_link_s_row_leads_to_its_source_s_row() -> None:
    log = FactLog()
    source, item = log.proposal(), log.item()
    link = log.link(item, source, removed=True)
    row = fact_of(newest(log, "agenda")).row if newest(log, "agenda").key == str(link).encode() else None
    row = row or next(fact_of(record).row for records in log.everything() for record in records if record.key == str(link).encode())
    assert isinstance(row, LinkRow)
    assert (row.link_id, row.agenda_id, row.source_item, row.removed) == (link, item, agenda_id_of("proposals", source), True)


def test_an_opened_item_with_a_derived_id_is_refused() -> None:
    log = FactLog()
    log.item(derived_id("agenda", "voices", "x"))
    with pytest.raises(Unreadable) as why:
        fact_of(newest(log, "agenda"))
    assert why.value.code == "PAYLOAD_INVALID"


@pytest.mark.parametrize("field", ["status", "relation"])
def test_a_decision_or_a_link_with_a_code_that_is_not_known_here_is_refused(field: str) -> None:
    log, unknown = FactLog(), item_pb2.AgendaStatus.ValueType(99)
    item = log.item(status=unknown if field == "status" else item_pb2.AGENDA_STATUS_OPEN)
    if field == "relation":
        source = log.proposal()
        log.records.clear()
        log.link(item, source, relation=99)
    with pytest.raises(Unreadable) as why:
        fact_of(newest(log, "agenda"))
    assert (why.value.code, why.value.field) == ("PAYLOAD_INVALID", f"after.{field}")


def test_a_withdrawn_proposal_is_gone_and_a_merged_or_transferred_one_is_not() -> None:
    gone = {}
    for name in ("RECEIVED", "WITHDRAWN", "MERGED", "TRANSFERRED"):
        log = FactLog()
        log.proposal(status=proposal_pb2.ProposalStatus.Value(f"PROPOSAL_STATUS_{name}"))
        row = fact_of(newest(log, "proposals")).row
        assert isinstance(row, ItemRow)
        gone[name] = row.gone
    assert gone == {"RECEIVED": False, "WITHDRAWN": True, "MERGED": False, "TRANSFERRED": False}


def test_a_code_that_is_not_known_here_is_left_out() -> None:
    log = FactLog()
    log.proposal()
    message = TYPES["kr.go.seoul.madang.proposal.received.v1"].FromString(newest(log, "proposals").value or b"")
    message.after.status = 99  # type: ignore[attr-defined]
    assert code_in(message.after, "status") == ""  # type: ignore[attr-defined]
