"""The benchmarks' log is the same for everybody, and as untidy as it says."""

from collections import Counter
from itertools import accumulate

from benchmarks.generator import Generator, Produced
from benchmarks.rounds import Row, Series
from madang.events.agenda.v1.agenda_pb2 import AgendaLinked
from madang.events.proposals.v1.proposals_pb2 import ProposalReceived
from services.agenda.projection.apply import MAX_VERSION
from services.kit.envelope import from_headers

LOG = Generator(seed=7).log(3_000)


def key_of(record: Produced) -> tuple[bytes, int]:
    return record.key, from_headers(record.headers).version


def test_the_same_seed_makes_the_same_log() -> None:
    assert Generator(seed=7).log(3_000) == LOG
    assert Generator(seed=8).log(3_000) != LOG


def test_records_come_twice_and_old_ones_again() -> None:
    again = sum(count - 1 for count in Counter(map(key_of, LOG)).values())
    assert again == round(len(LOG) * 0.15)


def test_every_service_publishes_and_every_version_has_its_predecessor() -> None:
    assert {record.topic for record in LOG} == {
        f"madang.{service}.facts.v1" for service in ("voices", "council", "workshops", "proposals", "agenda")
    }
    known = {key_of(record) for record in LOG}
    assert all(version == 1 or (key, version - 1) in known for key, version in known)
    assert max(version for _, version in known) < MAX_VERSION


def test_three_in_ten_write_english() -> None:
    proposals = [ProposalReceived.FromString(record.value).after for record in LOG if "proposals" in record.topic]
    assert 0.25 < sum(proposal.description.language == "en" for proposal in proposals) / len(proposals) < 0.35


def test_one_record_in_ten_comes_before_its_turn() -> None:
    times = [from_headers(record.headers).time for record in LOG]
    late = sum(time < newest for time, newest in zip(times, accumulate(times, max), strict=True))
    assert late / len(LOG) > 0.1


def test_an_agenda_has_as_many_items_as_it_was_asked_for_and_links_one_source_in_ten() -> None:
    generator = Generator(seed=7)
    kinds = Counter(from_headers(record.headers).type.split(".")[4] for record in generator.agenda(3_000))
    assert generator.listed >= 3_000
    linked = {AgendaLinked.FromString(record.value).after.source_id for record in LOG if b"agenda-link" in dict(record.headers)["ce_type"]}
    assert kinds["agenda-item"] > 0
    assert 0.05 < len(linked) / len({record.key for record in LOG if "agenda" not in record.topic}) < 0.15


def test_a_ratio_above_one_is_better_whatever_the_unit() -> None:
    fast, slow = Series([20.0, 30.0]), Series([10.0, 10.0])
    assert list(Row("rate", "1/s", fast, "", slow).ratios.values) == [2.0, 3.0]
    assert list(Row("time", "ms", slow, "", fast, less_is_better=True).ratios.values) == [2.0, 3.0]
