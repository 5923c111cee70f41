"""Councils of residents: terms, meetings, agenda items, minutes, resolutions, action items.

Owns all of these, with the references to members and presenters, which never leave this service, and every draft of minutes.
Publishes `madang.council.facts.v1`.
Listens to `madang.agenda.facts.v1`: what became of an agenda item on the consolidated agenda.
Called by secretaries, by partners (ScheduleMeeting for an accepted event), by importers.
Calls the agenda (ListCandidates: what the next meeting could take up).
"""
