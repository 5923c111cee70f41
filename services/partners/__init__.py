"""Partners: outside systems that send events, what became of each event, and the receipts that say so.

Owns the registry of partners with their designations and keys, and every record of their inboxes, down to the one that nobody can read.
Publishes no facts: a receipt for each record, on `madang.partners.<partner>.receipts.v1`.
Listens to `madang.partners.<partner>.inbox.v1` of every partner; the topic is the partner's identity.
Called by operators, and by whoever waits for the inboxes (DrainInboxes).
Calls the owner of each accepted event: proposals (SubmitProposal), voices (CaptureVoice), council (ScheduleMeeting).
"""
