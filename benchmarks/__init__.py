"""What the platform costs above the parts it is made of, and against others that do the same: `make bench`.

Every figure is a ratio in one run on one machine: both sides take turns, in the opposite order each round, on a real Kafka and a real
PostgreSQL. A result is checked before its speed counts. One module a group of rows: `commands`, `reads`, `projector`, `search`,
`size`, `freshness`; `generator` makes the log, `words` the texts, `filled` a store. `python -m benchmarks GROUP` measures one group,
`--tiny` only tries them; `python -m benchmarks size --items 1000000 > benchmarks/results-million.md` is the agenda with a million items.
"""

import os

# Read once, when grpc is imported; it would otherwise complain of every process that is started.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
