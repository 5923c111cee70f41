"""Honorary vice-mayors: mandates for twelve groups, what is done in them, and the voices heard there.

Owns mandates, with the reference to the person, activities, voices, and the watch over groups that are silent. A person never leaves this
service, and neither do the words of a voice that was not relayed, or that is sensitive.
Publishes `madang.voices.facts.v1`.
Listens to `madang.agenda.facts.v1`: a voice goes with the items that it is linked to.
Called by aides, and by partners (CaptureVoice for an accepted event).
Calls nobody.
"""
