"""Large ledgers for measuring: attendance as Parquet with text ids, sorted by (activity, person)."""

from pathlib import Path

import duckdb

UNITS = 80


def make(folder: Path, records: int, people: int = 10_000) -> Path:
    """Write a city folder with so many attendance records; reuse it where it is already there.

    Every person has a row in every activity, as in a year of weekly half days, lectures, online study and
    some classes; about 1 in 50 rows is leave or absence, hours vary, one in ten is empty.
    """
    if (folder / "done").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = true")
        for table, sql in tables(records // people, people).items():
            target = folder / f"{table}.parquet"
            engine.execute(f"COPY ({sql}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    (folder / "done").touch()
    return folder


def tables(activities: int, people: int) -> dict[str, str]:
    """State each table as a query."""
    unit = "'U' || lpad(CAST({} AS VARCHAR), 3, '0')"
    day = "DATE '2010-01-01' + CAST(i % 360 AS INTEGER)"
    return {
        "units": f"""
            SELECT {unit.format("i")} AS code, '单位' || i AS name,
                   CASE WHEN i % 8 = 0 THEN 'county' ELSE 'department' END AS peer_group FROM range({UNITS}) t(i)""",
        "people": f"""
            SELECT 'P' || lpad(CAST(i AS VARCHAR), 8, '0') AS id, '人员' || i AS name, {unit.format(f"i % {UNITS}")} AS unit,
                   CAST(NULL AS DATE) AS joined, CAST(NULL AS DATE) AS departed FROM range({people}) t(i)""",
        "activities": f"""
            SELECT 'A' || lpad(CAST(i AS VARCHAR), 6, '0') AS id, CAST(NULL AS VARCHAR) AS unit,
                   CASE WHEN i % 20 = 0 THEN 'class' WHEN i % 4 = 0 THEN 'online' WHEN i % 4 = 1 THEN 'lecture'
                        ELSE 'half_day' END AS form,
                   '活动' || i AS title, {day} AS starts_on, {day} AS ends_on, CAST(3.5 AS DECIMAL(6,1)) AS hours
            FROM range({activities}) t(i)""",
        "supplies": f"""
            SELECT {unit.format("i")} AS unit, 'textbook' AS item, 100 AS planned, 79 AS received FROM range({UNITS}) t(i)""",
        "attendance": f"""
            SELECT 'A' || lpad(CAST(i // {people} AS VARCHAR), 6, '0') AS activity,
                   'P' || lpad(CAST(i % {people} AS VARCHAR), 8, '0') AS person,
                   CASE WHEN h % 100 = 0 THEN 'absent' WHEN h % 100 = 1 THEN 'leave' ELSE 'present' END AS status,
                   CASE WHEN h % 100 = 0 OR h % 10 = 5 THEN NULL
                        ELSE CAST((h % 36) / 10 AS DECIMAL(6,1)) END AS hours
            FROM (SELECT i, hash(i) % 1000003 AS h FROM range({activities * people}) t(i))""",
    }
