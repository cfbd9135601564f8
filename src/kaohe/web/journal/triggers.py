"""The database itself refuses to change or remove what was recorded: this stops bugs, not whoever owns the database.

Guarded are the entries, the checkpoints, and the tiles (the hashes by which proofs are made quickly). The statements
stand apart from the migrations because the tests, which must empty tables, take them away and put them back.
"""

from collections.abc import Mapping, Sequence

GUARDED: Mapping[str, str] = {"journal_logentry": "seq", "journal_checkpoint": "id", "journal_logtile": "n"}
"""Each guarded table with its key."""


def creating(vendor: str, tables: Sequence[str]) -> list[str]:
    """Return the statements that guard tables."""
    return [statement for table in tables for statement in _CREATING[vendor](table, GUARDED[table])]


def dropping(vendor: str, tables: Sequence[str]) -> list[str]:
    """Return the statements that take the guard of tables away."""
    return [statement for table in tables for statement in _DROPPING[vendor](table)]


def _on_sqlite(table: str, key: str) -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END"
    there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # INSERT OR REPLACE deletes unseen
    return [
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} {there} {refuse}",
    ]


def _on_postgresql(table: str, key: str) -> list[str]:
    call = "EXECUTE FUNCTION journal_refuse()"
    return [
        "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "'the journal is never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    ]


_CREATING = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
_DROPPING = {
    "sqlite": lambda table: [f"DROP TRIGGER IF EXISTS {table}_{verb}" for verb in ("update", "delete", "replace")],
    "postgresql": lambda table: [f"DROP TRIGGER IF EXISTS {table}_{verb} ON {table}" for verb in ("change", "truncate")],
}  # fmt: skip

CREATE = {vendor: creating(vendor, tuple(GUARDED)) for vendor in _CREATING}
DROP = {vendor: dropping(vendor, tuple(GUARDED)) for vendor in _CREATING}
