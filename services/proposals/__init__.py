"""Citizens' proposals: one intake for every channel, triage, owner, clock, answer, follow-up.

Owns proposals, with the reference to the proposer, which never leaves this service.
Owns town projects, with the references to residents, counsellors and reviewers, which do not leave it either.
Publishes `madang.proposals.facts.v1`.
Listens to `madang.agenda.facts.v1`: what became of a proposal on the consolidated agenda.
Called by officers, by partners (SubmitProposal for an accepted event), by workshops (GetProposal, to adopt one as a discovery source).
Calls nobody.
"""
