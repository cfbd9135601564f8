"""The database itself refuses to change or remove an entry: this stops bugs, not whoever owns the database.

The statements stand apart from the migration because the tests, which must empty tables, take them away and put
them back.
"""

TABLE = "journal_logentry"
CREATE = {
    "sqlite": [
        f"CREATE TRIGGER {TABLE}_{verb.lower()} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {TABLE}_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
        f"CREATE TRIGGER {TABLE}_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {TABLE}_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS {TABLE}_change ON {TABLE}", f"DROP TRIGGER IF EXISTS {TABLE}_truncate ON {TABLE}",
        "DROP FUNCTION IF EXISTS journal_refuse()",
    ],
}  # fmt: skip
