"""Honorary vice-mayors: mandates for twelve groups, what is done in them, and the voices heard there.

Owns mandates, with the reference to the person, activities and voices. A person never leaves this service, and neither do the words of
a voice that was not relayed, or that is sensitive.
Publishes `madang.voices.facts.v1`.
Listens to `madang.agenda.facts.v1`: what became of a voice on the consolidated agenda.
Called by aides, and by partners (CaptureVoice for an accepted event).
Calls nobody.
"""
