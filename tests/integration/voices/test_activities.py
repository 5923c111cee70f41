"""Activities of a mandate, from the wire to the outbox."""

from madang.voices.v1 import activity_pb2
from madang.voices.v1 import voices_pb2 as pb
from tests.integration.voices.conftest import Stub, capture, planned, published
from tests.serving import Served


async def test_an_activity_is_planned_reported_and_found(served: Served, stub: Stub) -> None:
    mandate_id, activity_id = await planned(served, stub)
    report = pb.ReportActivityRequest(activity_id=activity_id, attendee_count=31)
    await stub.ReportActivity(report, metadata=served.caller())
    listing = pb.ListActivitiesRequest(mandate_id=mandate_id, status=activity_pb2.ACTIVITY_STATUS_REPORTED)
    [activity] = (await stub.ListActivities(listing)).activities
    assert activity == (await stub.GetActivity(pb.GetActivityRequest(activity_id=activity_id))).activity
    assert activity.attendee_count == 31
    assert [row["type"].split(".")[-2] for row in await published(served, activity_id)] == ["planned", "reported"]
    cancel = pb.CancelActivityRequest(activity_id=activity_id, reason="태풍")
    assert (await served.refusal(stub.CancelActivity(cancel, metadata=served.caller()))).code == "TRANSITION_FORBIDDEN"


async def test_nothing_is_heard_in_a_cancelled_activity(served: Served, stub: Stub) -> None:
    _, activity_id = await planned(served, stub)
    await stub.CancelActivity(pb.CancelActivityRequest(activity_id=activity_id, reason="태풍"), metadata=served.caller())
    assert (await served.refusal(stub.CaptureVoice(capture(activity_id), metadata=served.caller()))).code == "ACTIVITY_CANCELLED"


async def test_more_than_a_hundred_thousand_people_are_not_counted(served: Served, stub: Stub) -> None:
    _, activity_id = await planned(served, stub)
    report = pb.ReportActivityRequest(activity_id=activity_id, attendee_count=100_001)
    assert (await served.refusal(stub.ReportActivity(report, metadata=served.caller()))).code == "LIST_TOO_LONG"
