"""The database holds the copied duty of a membership to that of its account, and an account to its duty."""

CREATE = {
    "sqlite": [
        f"CREATE TRIGGER membership_duty_{verb.lower()} BEFORE {verb} ON accounts_membership "
        "WHEN NEW.duty <> (SELECT duty FROM accounts_user WHERE id = NEW.user_id) "
        "BEGIN SELECT RAISE(ABORT, 'a membership has the duty of its account'); END"
        for verb in ("INSERT", "UPDATE")
    ]
    + [
        "CREATE TRIGGER user_duty_stays BEFORE UPDATE OF duty ON accounts_user WHEN NEW.duty <> OLD.duty "
        "BEGIN SELECT RAISE(ABORT, 'the duty of an account never changes'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION membership_duty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.duty <> (SELECT duty FROM accounts_user WHERE id = NEW.user_id) THEN "
        "RAISE EXCEPTION 'a membership has the duty of its account' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$",
        "CREATE TRIGGER membership_duty BEFORE INSERT OR UPDATE ON accounts_membership FOR EACH ROW EXECUTE FUNCTION membership_duty()",
        "CREATE FUNCTION user_duty_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.duty <> OLD.duty THEN "
        "RAISE EXCEPTION 'the duty of an account never changes' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$",
        "CREATE TRIGGER user_duty_stays BEFORE UPDATE ON accounts_user FOR EACH ROW EXECUTE FUNCTION user_duty_stays()",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER membership_duty_insert", "DROP TRIGGER membership_duty_update", "DROP TRIGGER user_duty_stays"],
    "postgresql": [
        "DROP TRIGGER membership_duty ON accounts_membership", "DROP FUNCTION membership_duty()",
        "DROP TRIGGER user_duty_stays ON accounts_user", "DROP FUNCTION user_duty_stays()",
    ],
}  # fmt: skip
