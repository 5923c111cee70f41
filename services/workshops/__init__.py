"""Innovation agendas: discovery, phases with their gates, owner by rule, advice, indicators, workshops, diffusion.

Owns innovation agendas, advice notes, indicators, workshops with their quarterly series, diffusion cases, and the versions of the routing
rule. People are counted by sector and never named.
Publishes `madang.workshops.facts.v1`.
Listens to `madang.agenda.facts.v1`: what became of an innovation agenda on the consolidated agenda.
Called by officers and innovation officers.
Calls proposals (GetProposal), council (GetAgendaItem, ListResolutions) and agenda (GetItem): whether there is what an innovation agenda
is said to be adopted from.
"""
