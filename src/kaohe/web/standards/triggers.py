"""The database itself refuses to change or remove a standard that was used: this stops bugs, not whoever owns the database.

The statements stand apart from the migration because the tests, which must empty tables, take them away and put them
back.
"""

TABLE = "standards_standardversion"
_WORDS = "a standard that was used is never changed"
_TWIN = "(o.id = NEW.id OR (o.authority_id = NEW.authority_id AND o.name = NEW.name AND o.version = NEW.version))"

CREATE = {
    "sqlite": [
        f"CREATE TRIGGER standard_frozen_{verb.lower()} BEFORE {verb} ON {TABLE} WHEN OLD.frozen_at IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    + [
        # INSERT OR REPLACE deletes unseen
        f"CREATE TRIGGER standard_frozen_replace BEFORE INSERT ON {TABLE} "
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} o WHERE o.frozen_at IS NOT NULL AND {_TWIN}) "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION standard_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'TRUNCATE' AND NOT EXISTS (SELECT 1 FROM {TABLE} WHERE frozen_at IS NOT NULL) THEN RETURN NULL; "
        f"END IF; RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER standard_frozen_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW "
        "WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION standard_frozen()",
        f"CREATE TRIGGER standard_frozen_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT "
        "EXECUTE FUNCTION standard_frozen()",
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS standard_frozen_{verb}" for verb in ("update", "delete", "replace")],
    "postgresql": [f"DROP TRIGGER IF EXISTS standard_frozen_{verb} ON {TABLE}" for verb in ("change", "truncate")],
}
