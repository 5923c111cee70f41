"""Partners: outside systems that send events, what became of each event, the receipts that say so, and the webhooks that facts go to.

Owns the registry of partners with their designations and keys, every record of their inboxes, down to the one that nobody can read,
and webhooks with what was delivered to them.
Publishes no facts: a receipt for each record, on `madang.partners.<partner>.receipts.v1`.
Listens to `madang.partners.<partner>.inbox.v1` of every partner; the topic is the partner's identity. Listens to the facts of voices,
council, proposals and the agenda, of which it sends on what a partner may see (`domain/visible.py`).
Called by operators, and by whoever waits for the inboxes (DrainInboxes).
Calls the owner of each accepted event: proposals (SubmitProposal), voices (CaptureVoice), council (ScheduleMeeting).
"""
