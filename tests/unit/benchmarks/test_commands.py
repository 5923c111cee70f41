"""The peer of the command's benchmark: what a service said to its database, written down for pgbench."""

from uuid import UUID

from benchmarks.commands import KEY, script_of

ID = UUID("01936d3c-7000-7000-8000-000000000001")


def test_values_of_every_kind_become_literals_and_keys_and_ids_are_new_each_time() -> None:
    values = (ID, KEY, None, 7, [1, 2], ["a", "b"], b"\x07", "it's")
    script = script_of([("SELECT  $1, $2,\n $3, $4, $5, $6, $7, $8", values)])
    first, statement = script.splitlines()
    own, key = "('00000000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid", "'key-' || :n"
    assert first.startswith("\\set n random(")
    assert statement == f"SELECT {own}, {key}, NULL, 7, '{{1,2}}', '{{a,b}}', '\\x07'::bytea, 'it''s';"
