"""Citizens' proposals: one intake for every channel, triage, owner, clock, answer, follow-up.

Owns proposals with the references to proposers and supporters, which never leave this service; coordination meetings; the knowledge base.
Owns town projects, with the references to residents, counsellors and reviewers, which do not leave it either.
Publishes `madang.proposals.facts.v1`.
Listens to `madang.agenda.facts.v1`: what became of a proposal on the consolidated agenda.
Called by officers, by partners (SubmitProposal for an accepted event), by workshops (GetProposal, to adopt one as a discovery source).
Calls the agenda (ListItems, for open proposals that ask for much the same).
"""
