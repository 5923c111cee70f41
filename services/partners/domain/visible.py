"""Which facts leave the platform, and for whom: the one place where that is decided. Pure."""

KIND = "kr.go.seoul.madang.{}.v1"
# Published for everybody: minutes, and how items of the agenda stand.
PUBLIC = tuple(
    KIND.format(name)
    for name in ("minutes.published", "minutes.corrected", "agenda-item.opened", "agenda-item.status-changed", "agenda-item.answered")
)
# What became of something that the partner sent itself. Sensitive voices have no words in their facts, withheld ones have no facts.
OWN = tuple(
    KIND.format(name)
    for name in (
        "proposal.received", "proposal.triaged", "proposal.routed", "proposal.started", "proposal.answered", "proposal.closed",
        "proposal.deadline-missed", "voice.relayed", "voice.withdrawn", "meeting.scheduled", "meeting.invited", "meeting.held",
        "meeting.closed", "meeting.cancelled",
    )
)  # fmt: skip
VISIBLE = PUBLIC + OWN


def sees(partner: str, event_type: str, sender: str | None) -> bool:
    """Whether a partner may see a fact: a public one always, one on the life of something only if it sent that itself."""
    return event_type in PUBLIC or (event_type in OWN and sender == partner)


def sent_as(origin: str) -> tuple[str, str]:
    """The partner and its event id in the origin that owners keep (`wire.to_owner`); the partner's inbox says whether it is true."""
    partner, _, event_id = origin.partition(":")
    return partner, event_id
