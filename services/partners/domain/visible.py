"""Which facts leave the platform, and for whom: the one place where that is decided. Pure.

Every one carries a state that its owner shows to everybody (GetProposal, GetVoice, GetMeeting, GetMinutes); of the agenda's, which it does
not, what the history of a source shows, and the answer. What is not named here stays.
"""


def _kinds(*names: str) -> tuple[str, ...]:
    return tuple(f"kr.go.seoul.madang.{name}.v1" for name in names)


# For every partner: minutes, once they are published.
PUBLIC = _kinds("minutes.published", "minutes.corrected")
# For whoever sent the thing itself: what becomes of it.
OWN = _kinds(
    "proposal.received", "proposal.triaged", "proposal.routed", "proposal.started", "proposal.interim-replied",
    "proposal.deadline-extended", "proposal.deadline-missed", "proposal.answered", "proposal.follow-up-received", "proposal.closed",
    "proposal.transferred", "proposal.withdrawn", "proposal.merged", "proposal.joined", "proposal.answer-obliged",
    "voice.relayed", "voice.withdrawn", "voice.marked-duplicate", "voice.linked", "voice.answered", "voice.closed",
    "meeting.scheduled", "meeting.invited", "meeting.held", "meeting.postponed", "meeting.rescheduled",
    "meeting.closed", "meeting.cancelled",
)  # fmt: skip
# For whoever sent a source: that it is part of an item of the agenda, and from then on what is decided about that item.
LINKS = _kinds("agenda-link.linked", "agenda-link.unlinked")
DECISIONS = _kinds("agenda-item.status-changed", "agenda-item.answered")
SHOWN_OF_DECISIONS = frozenset({"agenda_id", "status", "owner", "opened_at", "answer"})
VISIBLE = frozenset(PUBLIC + OWN + LINKS + DECISIONS)


def sent_as(origin: str) -> tuple[str, str]:
    """The partner and its event's id in the origin that owners keep (`wire.owner.to_owner`); its inbox says whether that is true."""
    partner, _, event_id = origin.partition(":")
    return partner, event_id
