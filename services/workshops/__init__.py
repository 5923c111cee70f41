"""Innovation agendas: discovery, four phases with their gates, owner by rule, advice, indicators, quarterly workshops.

Owns innovation agendas, advice notes, indicators and workshops; people are counted by sector and never named. The routing rule is a
table in `routing`.
Publishes `madang.workshops.facts.v1`.
Listens to `madang.agenda.facts.v1`: what became of an innovation agenda on the consolidated agenda.
Called by officers and innovation officers.
Calls proposals (GetProposal) and agenda (GetItem): whether there is what an innovation agenda is said to be adopted from.
"""
