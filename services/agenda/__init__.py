"""The consolidated agenda: what the four services brought together, and what officers decided about it.

Owns items, links, themes, plans, indexes with their reviews, and views (schema `agenda`), the store (schema `store`), a projection of
every facts topic that can be rebuilt, and the counts of words that themes rise from (schema `themes`), a projection too.
Publishes `madang.agenda.facts.v1`.
Listens to the facts of voices, council, workshops, proposals and its own.
Called by officers and by the gateway, by council (candidates for the next meeting) and by workshops (to adopt an item).
Calls every service's log: to repair a gap in versions, and to compare.
Four processes: `server` (commands and questions), `projector` (the log into the store), `search` (the search rows behind it), `themes`
(the log into counts of words, and what rises in them).
"""
